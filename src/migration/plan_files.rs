//! The plan as files for people and for other programs.

use crate::csv::Csv;
use crate::csv_line::{Line, joined, matched_by};
use crate::{
    Action, Change, Counts, LinkPlan, Plan, PlannedRemovals, Problem, Proposal, RecordPlan, RowRef, Switches,
    TablePlan, WriteMode,
};
use serde::Serialize;

/// What the JSON file holds, and in which order.
#[derive(Serialize)]
struct PlanFile<'a> {
    counts: Counts,
    notes: &'a [Problem],
    proposals: &'a [Proposal],
    switches: &'a Switches,
    removals: &'a PlannedRemovals,
    tables: Vec<TableFile<'a>>,
    links: &'a [LinkPlan],
}

#[derive(Serialize)]
struct TableFile<'a> {
    table: &'a str,
    display_name: &'a str,
    mode: WriteMode,
    same_names: u64,
    counts: Counts,
    records: &'a [RecordPlan],
}

impl Plan {
    /// What people decide by, as indented JSON: not all that a run needs.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the plan's types have text keys only and no serialiser of their own that could fail"
    )]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(&PlanFile {
            counts: self.counts(),
            notes: &self.notes,
            proposals: &self.proposals,
            switches: &self.switches,
            removals: &self.removals,
            tables: self.tables.iter().map(TableFile::of).collect(),
            links: &self.links,
        })
        .expect("a plan is JSON")
    }

    /// One line a note, one a row that stands for another, one a removal, one a record, and one a link that is to be
    /// made or cannot be made.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = Csv::new(Line::head("action", "changes"));
        for Problem { what, remedy, .. } in &self.notes {
            csv.line(
                Line { state: "note", what: what.clone(), remedy: remedy.clone(), ..Line::default() }.cells(),
            );
        }
        self.proposals.iter().for_each(|proposal| csv.line(Line::mapped(proposal).cells()));
        for (row, name) in &self.removals.first {
            csv.line(Line::removed(row, name, "remove first").cells());
        }
        for table in &self.tables {
            table.records.iter().for_each(|record| csv.line(Line::record(&table.table, record).cells()));
        }
        for links in &self.links {
            links.create.iter().for_each(|link| csv.line(Line::link(links, link, None).cells()));
            let mut blocked = links.blocked.iter();
            blocked
                .by_ref()
                .for_each(|(link, problem)| csv.line(Line::link(links, link, Some(problem)).cells()));
        }
        for link in &self.removals.links {
            let (id, target, table) =
                (link.source.to_string(), link.target.to_string(), link.relationship.clone());
            csv.line(Line { table, id, target, state: "unlink", ..Line::default() }.cells());
        }
        for (row, name) in &self.removals.rows {
            csv.line(Line::removed(row, name, "remove").cells());
        }
        csv.into_text()
    }
}

impl TablePlan {
    /// The table's records by what will happen to them.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.records.iter().map(|record| &record.action).collect()
    }
}

impl<'a> TableFile<'a> {
    fn of(plan: &'a TablePlan) -> TableFile<'a> {
        TableFile {
            table: &plan.table,
            display_name: &plan.display_name,
            mode: plan.mode,
            same_names: plan.same_names,
            counts: plan.counts(),
            records: &plan.records,
        }
    }
}

impl Line {
    fn mapped(proposal: &Proposal) -> Line {
        let Proposal { source, name, target, target_name, reason, .. } = proposal;
        Line {
            table: source.table.clone(),
            id: source.id.to_string(),
            target: target.map(|id| id.to_string()).unwrap_or_default(),
            name: name.clone(),
            state: "stands for",
            matched_by: format!("{reason:?}"),
            columns: target_name.clone(),
            ..Line::default()
        }
    }

    fn removed(row: &RowRef, name: &str, state: &'static str) -> Line {
        let (table, target) = (row.table.clone(), row.id.to_string());
        Line { table, target, name: name.to_owned(), state, ..Line::default() }
    }

    fn record(table: &str, record: &RecordPlan) -> Line {
        let (state, columns, problem) = match &record.action {
            Action::Create => ("create", String::new(), None),
            Action::Adopt => ("adopt", String::new(), None),
            Action::Update(changes) => ("update", changed(changes), None),
            Action::Unchanged => ("unchanged", String::new(), None),
            Action::Skip(problem) => ("skip", String::new(), Some(problem)),
            Action::Blocked(problem) => ("blocked", String::new(), Some(problem)),
        };
        let problems: Vec<&Problem> = problem.into_iter().chain(&record.warnings).collect();
        Line {
            table: table.to_owned(),
            id: record.id.to_string(),
            target: record.target_id.to_string(),
            name: record.name.clone(),
            state,
            matched_by: matched_by(&record.matched_by),
            columns,
            what: joined(&problems, |p| &p.what),
            remedy: joined(&problems, |p| &p.remedy),
        }
    }

    fn link(links: &LinkPlan, link: &cmt::Link, problem: Option<&Problem>) -> Line {
        Line {
            table: links.relationship.clone(),
            id: link.source.to_string(),
            target: link.target.to_string(),
            state: if problem.is_some() { "link blocked" } else { "link" },
            what: problem.map(|p| p.what.clone()).unwrap_or_default(),
            remedy: problem.map(|p| p.remedy.clone()).unwrap_or_default(),
            ..Line::default()
        }
    }
}

fn changed(changes: &[Change]) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_default();
    let change = |c: &Change| format!("{}: {} -> {}", c.column, value(&c.before), value(&c.after));
    changes.iter().map(change).collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use crate::{Action, Change, MatchRule, Plan, Problem, ProblemKind, RecordPlan, TablePlan, WriteMode};
    use uuid::Uuid;

    fn plan() -> Plan {
        let record = |name: &str, action, matched_by| RecordPlan {
            id: Uuid::nil(),
            target_id: Uuid::max(),
            name: name.into(),
            action,
            matched_by,
            warnings: Vec::new(),
        };
        let change = Change { column: "title".into(), before: None, after: Some("Home".into()) };
        let problem = Problem::new(ProblemKind::Ambiguous, "Two would do.", "Choose.");
        let records = vec![
            record("=1+1", Action::Update(vec![change]), MatchRule::Special(vec!["code".into()])),
            record("Two", Action::Blocked(problem), MatchRule::New),
        ];
        let mode = WriteMode::CreateAndUpdate;
        let table =
            TablePlan { table: "page".into(), display_name: "Page".into(), mode, same_names: 3, records };
        Plan { tables: vec![table], ..Plan::default() }
    }

    #[test]
    fn the_csv_tells_of_each_record_what_will_happen_and_by_which_rule() {
        let csv = plan().to_csv();
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 3);
        assert!(
            lines[1].ends_with(r#""'=1+1","update","rule: code","title:  -> Home","","""#),
            "{}",
            lines[1]
        );
        assert!(lines[2].ends_with(r#""Two","blocked","new","","Two would do.","Choose.""#), "{}", lines[2]);
    }

    #[test]
    fn the_json_counts_per_table() {
        let json: serde_json::Value = serde_json::from_str(&plan().to_json()).unwrap();
        let table = &json["tables"][0];
        assert_eq!((&table["counts"]["updated"], &table["counts"]["failed"]), (&1.into(), &1.into()));
        assert_eq!((&table["same_names"], &json["counts"]["updated"]), (&3.into(), &1.into()));
        assert_eq!(table["records"][0]["target_id"], Uuid::max().to_string());
    }
}
