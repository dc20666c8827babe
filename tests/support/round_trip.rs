//! The whole job on one package: into an empty environment, a second plan, out again, and both comparisons.

use crate::difference::{Difference, Excused};
use crate::emulated_target::Stubs;
use crate::engines::load;
use crate::job::Job;
use crate::package_facts::{Dangling, DanglingLookup, dangling, not_writable};
use crate::{exported_values, target_rows};
use dataverse_emulator::loader::Package;
use migration::{Counts, Fate, ImportReport, LinkReport, Plan, ProblemKind, RecordReport, TableReport};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use uuid::Uuid;

/// Tables whose records are never written: they belong to the environment.
const NEVER_WRITTEN: [&str; 3] = ["role", "systemuser", "organization"];

/// What a round trip showed.
#[derive(Debug)]
pub struct RoundTrip {
    /// The file's name.
    pub package: String,
    /// Records of the package, as the emulator's loader counts them.
    pub records: u64,
    /// Distinct linked pairs of the package.
    pub links: u64,
    /// The import's report.
    pub report: ImportReport,
    /// Columns nobody may write, by table.
    pub not_writable: BTreeMap<String, BTreeSet<String>>,
    /// Values the package holds in them.
    pub not_writable_values: usize,
    /// What leads nowhere.
    pub dangling: Dangling,
    /// Rows and links a second import would write.
    pub second_plan_writes: u64,
    /// Requests the environment answered.
    pub requests: u64,
    /// What the export could not bring; what that loses is found by comparing.
    pub export_problems: Vec<String>,
    /// Everything that is not as a round trip must be, in words. Empty: equal.
    pub faults: Vec<String>,
}

/// Takes the package at `path` through the engines.
///
/// # Errors
/// Where a step cannot be done at all; what it did wrongly stands in [`RoundTrip::faults`].
pub fn round_trip(path: &Path, stubs: Stubs) -> Result<RoundTrip, String> {
    let zip = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut job = Job::new(&zip, stubs)?;
    let dangling = dangling(&job.package, &job.way().environment());
    let (not_writable, not_writable_values) = not_writable(&job.package, &job.way().environment());
    let imported = job.import().map_err(|p| p.to_string())?;
    let second = job.engines.plan(&job.loaded, &imported.tables).map_err(|p| p.to_string())?;
    let (zip, export_report) = job.engines.export(&job.loaded.schema).map_err(|p| p.to_string())?;
    let exported = load(&zip).map_err(|p| format!("the exported package: {p}"))?;
    let excused = excused(&imported.report, &dangling, &not_writable);
    let mut faults = words(&exported_values::compare(&job.loaded, &exported, &excused));
    faults.extend(words(&target_rows::compare(&job.package, &job.way().environment(), &excused)));
    let mut trip = RoundTrip {
        package: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        records: job.package.data.tables.iter().map(|t| t.records.len() as u64).sum(),
        links: pairs(&job.package),
        second_plan_writes: writes(&second),
        report: imported.report,
        not_writable,
        not_writable_values,
        dangling,
        requests: job.way().environment().request_count(),
        export_problems: export_report.problems.iter().map(ToString::to_string).collect(),
        faults,
    };
    trip.faults.extend(trip.accounting_faults(&imported.plan));
    Ok(trip)
}

fn words(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(ToString::to_string).collect()
}

fn writes(plan: &Plan) -> u64 {
    plan.counts().writes() + plan.links.iter().map(|l| l.create.len() as u64).sum::<u64>()
}

/// Linked pairs, each once whichever side declares it how often.
fn pairs(package: &Package) -> u64 {
    let links = package.data.tables.iter().flat_map(|t| &t.links);
    let pairs =
        links.flat_map(|l| l.targets.iter().map(move |t| (&l.intersect, l.source.min(*t), l.source.max(*t))));
    pairs.collect::<BTreeSet<_>>().len() as u64
}

/// What the comparisons leave out: only what the report names or the metadata forbids.
fn excused(
    report: &ImportReport,
    dangling: &Dangling,
    not_writable: &BTreeMap<String, BTreeSet<String>>,
) -> Excused {
    let mut excused = Excused { not_writable: not_writable.clone(), ..Excused::default() };
    for table in &report.tables {
        for record in &table.records {
            if record.target_id != record.id {
                excused.moved.insert((table.table.clone(), record.id), record.target_id);
            }
            if matches!(record.fate, Fate::Skipped(_)) && NEVER_WRITTEN.contains(&table.table.as_str()) {
                excused.records.insert((table.table.clone(), record.id));
            }
        }
    }
    let named = named_lookups(report);
    let lookups = dangling.lookups.iter().map(|l| (l.table.clone(), l.record, l.column.clone()));
    excused.lookups = lookups.filter(|lookup| named.contains(lookup)).collect();
    excused.links = dangling.links.intersection(&named_links(report)).cloned().collect();
    excused
}

/// The lookups that the report warns of as leading nowhere: table, record, column.
fn named_lookups(report: &ImportReport) -> BTreeSet<(String, Uuid, String)> {
    let mut named = BTreeSet::new();
    for table in &report.tables {
        for record in &table.records {
            let missing = record.warnings.iter().filter(|w| w.kind == ProblemKind::LookupTargetMissing);
            let columns = missing.filter_map(|w| w.place.column.clone());
            named.extend(columns.map(|column| (table.table.clone(), record.id, column)));
        }
    }
    named
}

/// The links that the report says could not be made: intersect table, source, target.
fn named_links(report: &ImportReport) -> BTreeSet<(String, Uuid, Uuid)> {
    let failed = |link: &LinkReport| link.failed.iter().map(|(s, t, _)| (*s, *t)).collect::<Vec<_>>();
    let named = report.links.iter().map(|link| (link, failed(link)));
    named
        .flat_map(|(link, pairs)| pairs.into_iter().map(|(s, t)| (link.relationship.clone(), s, t)))
        .collect()
}

impl RoundTrip {
    /// Whether everything is as it should be.
    #[must_use]
    pub fn equal(&self) -> bool {
        self.faults.is_empty()
    }

    /// What does not add up, or is left out without an excuse.
    fn accounting_faults(&self, plan: &Plan) -> Vec<String> {
        let counts = self.report.counts();
        let mut faults = Vec::new();
        let mut demand = |holds: bool, what: String| {
            if !holds {
                faults.push(what);
            }
        };
        demand(
            counts.total() == self.records,
            format!("{} records have {} fates", self.records, counts.total()),
        );
        demand(counts.failed == 0, format!("{} records failed", counts.failed));
        demand(plan.counts() == counts, format!("planned {:?}, done {counts:?}", plan.counts()));
        demand(
            self.second_plan_writes == 0,
            format!("a second import would write {}", self.second_plan_writes),
        );
        if let Some(stopped) = &self.report.stopped {
            demand(false, format!("the import stopped: {stopped}"));
        }
        let links: u64 =
            self.report.links.iter().map(|l| l.created + l.unchanged + l.failed.len() as u64).sum();
        demand(links == self.links, format!("{} links have {links} fates", self.links));
        faults.extend(self.unexcused());
        faults
    }

    /// Skipped, failed or unlinked without a reason that a round trip accepts; or left out of the report.
    fn unexcused(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for table in &self.report.tables {
            faults.extend(table.records.iter().filter_map(|record| unexcused_fate(table, record)));
            let expected = self.not_writable.get(&table.table).cloned().unwrap_or_default();
            let told: BTreeSet<String> = table.not_writable.iter().cloned().collect();
            if !expected.is_subset(&told) {
                faults.push(format!(
                    "{}: not writable are {expected:?}, the report says {told:?}",
                    table.table
                ));
            }
        }
        let (lookups, links) = (named_lookups(&self.report), named_links(&self.report));
        let silent = |l: &&DanglingLookup| !lookups.contains(&(l.table.clone(), l.record, l.column.clone()));
        let silent = self.dangling.lookups.iter().filter(silent);
        faults.extend(silent.map(|l| format!("the report does not name the lookup {l}")));
        let unlinked = links.difference(&self.dangling.links);
        faults.extend(unlinked.map(|(name, s, t)| format!("{name} {s} -> {t} was not linked")));
        faults
    }

    /// Lines for people: per table, each skipped record, each lookup that leads nowhere, each fault.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for table in &self.report.tables {
            let counts = counts_of(table.records.iter().map(|r| &r.fate));
            lines.push(format!(
                "{}: {} created, {} updated, {} unchanged, {} skipped, {} failed",
                table.table, counts.created, counts.updated, counts.unchanged, counts.skipped, counts.failed
            ));
            if let Some(columns) = self.not_writable.get(&table.table) {
                let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                lines.push(format!("  notWritable: {}", columns.join(", ")));
            }
            for record in table.records.iter().filter(|r| matches!(r.fate, Fate::Skipped(_))) {
                lines.push(format!("  skipped: {} {}", record.id, record.name));
            }
        }
        for link in &self.report.links {
            let failed = link.failed.len();
            lines.push(format!(
                "{}: {} linked, {} unchanged, {failed} failed",
                link.relationship, link.created, link.unchanged
            ));
        }
        lines.extend(self.dangling.lookups.iter().map(|l| format!("lookup missing: {l}")));
        lines.extend(
            self.dangling.links.iter().map(|(name, s, t)| format!("link missing: {name} {s} -> {t}")),
        );
        lines.extend(self.export_problems.iter().map(|problem| format!("export: {problem}")));
        lines.extend(self.faults.iter().map(|fault| format!("NOT EQUAL: {fault}")));
        lines
    }

    /// The result in one line.
    #[must_use]
    pub fn json(&self) -> Value {
        let counts = self.report.counts();
        let columns: usize = self.not_writable.values().map(BTreeSet::len).sum();
        json!({
            "package": self.package,
            "records": self.records,
            "created": counts.created,
            "updated": counts.updated,
            "unchanged": counts.unchanged,
            "skipped": counts.skipped,
            "failed": counts.failed,
            "links": self.links,
            "notWritable": columns,
            "notWritableValues": self.not_writable_values,
            "lookupsMissing": self.dangling.lookups.len(),
            "linksMissing": self.dangling.links.len(),
            "secondPlanWrites": self.second_plan_writes,
            "requests": self.requests,
            "equal": self.equal(),
        })
    }
}

/// A fate that a round trip does not accept.
fn unexcused_fate(table: &TableReport, record: &RecordReport) -> Option<String> {
    match &record.fate {
        Fate::Skipped(_) if !NEVER_WRITTEN.contains(&table.table.as_str()) => {
            Some(format!("{} {} was skipped", table.table, record.id))
        }
        Fate::Failed(problem) => Some(format!("{} {} failed: {problem}", table.table, record.id)),
        _ => None,
    }
}

fn counts_of<'f>(fates: impl Iterator<Item = &'f Fate>) -> Counts {
    let mut counts = Counts::default();
    for fate in fates {
        match fate {
            Fate::Created => counts.created += 1,
            Fate::Updated(_) => counts.updated += 1,
            Fate::Unchanged => counts.unchanged += 1,
            Fate::Skipped(_) => counts.skipped += 1,
            Fate::Failed(_) => counts.failed += 1,
        }
    }
    counts
}
