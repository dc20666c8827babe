//! What an import did not bring, or not wholly: to be imported again when the cause is mended.

use crate::{Fate, ImportReport, LinkReport, ProblemKind, RecordReport};
use cmt::Link;
use cmt::tools::Failed;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

impl ImportReport {
    /// The records and links that a new package has to hold so that another import brings what this one did not:
    /// those that failed, and records whose lookups were left out because their row was missing.
    #[must_use]
    pub fn failed(&self) -> Failed {
        let mut failed = Failed::default();
        for table in &self.tables {
            let ids: HashSet<Uuid> = table.records.iter().filter(|r| is_wanting(r)).map(|r| r.id).collect();
            if !ids.is_empty() {
                failed.records.insert(table.table.clone(), ids);
            }
        }
        failed.links = failed_links(&self.links);
        failed
    }
}

fn is_wanting(record: &RecordReport) -> bool {
    let lacks_row = |kind| matches!(kind, ProblemKind::LookupTargetMissing);
    matches!(record.fate, Fate::Failed(_) | Fate::Unconfirmed(_))
        || record.warnings.iter().any(|warning| lacks_row(warning.kind))
}

fn failed_links(reports: &[LinkReport]) -> HashMap<String, HashSet<Link>> {
    let mut links: HashMap<String, HashSet<Link>> = HashMap::new();
    for report in reports {
        for (source, target, _) in &report.failed {
            let link = Link { relationship: report.relationship.clone(), source: *source, target: *target };
            links.entry(report.table.clone()).or_default().insert(link);
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use crate::{Fate, ImportReport, LinkReport, MatchRule, Problem, ProblemKind, RecordReport, TableReport};
    use uuid::Uuid;

    fn record(id: u128, fate: Fate, warnings: Vec<Problem>) -> RecordReport {
        let id = Uuid::from_u128(id);
        RecordReport { id, target_id: id, name: String::new(), fate, matched_by: MatchRule::New, warnings }
    }

    #[test]
    fn what_failed_and_what_lacks_a_lookup_is_to_be_imported_again() {
        let problem = |kind| Problem::new(kind, "What.", "Remedy.");
        let records = vec![
            record(1, Fate::Created, vec![]),
            record(2, Fate::Failed(problem(ProblemKind::Refused)), vec![]),
            record(3, Fate::Created, vec![problem(ProblemKind::LookupTargetMissing)]),
            record(4, Fate::Unchanged, vec![problem(ProblemKind::ColumnMissing)]),
        ];
        let tables = vec![TableReport {
            table: "page".into(),
            display_name: "Page".into(),
            not_writable: vec![],
            records,
        }];
        let link = (Uuid::from_u128(1), Uuid::from_u128(9), problem(ProblemKind::Refused));
        let links = vec![LinkReport {
            relationship: "page_role".into(),
            table: "page".into(),
            created: 1,
            unchanged: 0,
            failed: vec![link],
        }];
        let failed = ImportReport { tables, links, ..ImportReport::default() }.failed();
        assert_eq!(failed.records["page"], [2, 3].map(Uuid::from_u128).into());
        assert_eq!(failed.links["page"].len(), 1);
    }
}
