//! The import report as files for people and for other programs.

use crate::csv::Csv;
use crate::csv_line::{Line, joined, matched_by};
use crate::{Fate, ImportReport, LinkReport, Problem, RecordReport, RemovalReport};

impl ImportReport {
    /// The whole report as indented JSON.
    #[must_use]
    #[expect(
        clippy::expect_used,
        reason = "the report's types have text keys only and no serialiser of their own that could fail"
    )]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a report is JSON")
    }

    /// One line for what ended the run early, one a note, one a record, one a link that could not be made, and one a
    /// row or link that could not be removed.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = Csv::new(Line::head("result", "columns"));
        let told = |state| move |problem| Line { state, ..Line::default() }.because(problem);
        let stopped = self.stopped.iter().map(told("stopped"));
        let notes = self.notes.iter().map(told("note"));
        let records =
            self.tables.iter().flat_map(|table| table.records.iter().map(|r| record(&table.table, r)));
        let links = self.links.iter().flat_map(failed_links);
        let lines = stopped.chain(notes).chain(records).chain(links).chain(self.removals.lines());
        lines.for_each(|line| csv.line(line.cells()));
        csv.into_text()
    }
}

impl RemovalReport {
    fn lines(&self) -> impl Iterator<Item = Line> {
        let rows = self.failed.iter().map(|removed| {
            let (table, target) = (removed.row.table.clone(), removed.row.id.to_string());
            Line { table, target, name: removed.name.clone(), state: "not removed", ..Line::default() }
                .because(&removed.problem)
        });
        let links = self.failed_links.iter().map(|(link, problem)| {
            let (id, target) = (link.source.to_string(), link.target.to_string());
            Line {
                table: link.relationship.clone(),
                id,
                target,
                state: "link not removed",
                ..Line::default()
            }
            .because(problem)
        });
        rows.chain(links)
            .chain(self.counted("removed", self.rows))
            .chain(self.counted("links removed", self.links))
    }

    /// What was removed is counted, not listed.
    fn counted(&self, state: &'static str, number: u64) -> Option<Line> {
        (number > 0).then(|| Line { state, columns: number.to_string(), ..Line::default() })
    }
}

fn failed_links(links: &LinkReport) -> impl Iterator<Item = Line> {
    links.failed.iter().map(|(source, target, problem)| {
        let (id, target) = (source.to_string(), target.to_string());
        Line { table: links.relationship.clone(), id, target, state: "link failed", ..Line::default() }
            .because(problem)
    })
}

fn record(table: &str, record: &RecordReport) -> Line {
    let (state, columns, problem) = match &record.fate {
        Fate::Created => ("created", String::new(), None),
        Fate::Updated(columns) => ("updated", columns.join(" "), None),
        Fate::Unchanged => ("unchanged", String::new(), None),
        Fate::Skipped(problem) => ("skipped", String::new(), Some(problem)),
        Fate::Failed(problem) => ("failed", String::new(), Some(problem)),
        Fate::Unconfirmed(problem) => ("not read back", String::new(), Some(problem)),
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

#[cfg(test)]
mod tests {
    use crate::{
        Fate, ImportReport, MatchRule, Problem, ProblemKind, RecordReport, RemovalReport, RemovedRow, RowRef,
        TableReport,
    };
    use uuid::Uuid;

    fn report() -> ImportReport {
        let problem = Problem::new(ProblemKind::Refused, "It said \"no\".", "Ask again.");
        let record = |name: &str, fate| RecordReport {
            id: Uuid::nil(),
            target_id: Uuid::nil(),
            name: name.into(),
            fate,
            matched_by: MatchRule::Keys(vec!["adx_name".into()]),
            warnings: Vec::new(),
        };
        let records = vec![record("=1+1", Fate::Created), record("Seite, zwei", Fate::Failed(problem))];
        let table =
            TableReport { table: "page".into(), display_name: "Page".into(), not_writable: vec![], records };
        let notes = vec![Problem::new(ProblemKind::PlugIns, "Pages make pages.", "Count them.")];
        ImportReport { tables: vec![table], links: Vec::new(), notes, ..ImportReport::default() }
    }

    #[test]
    fn the_csv_has_a_line_a_note_and_a_record_that_no_spreadsheet_runs() {
        let csv = report().to_csv();
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 4);
        assert!(
            lines[1].ends_with("\"note\",\"\",\"\",\"Pages make pages.\",\"Count them.\""),
            "{}",
            lines[1]
        );
        assert!(lines[2].contains("\"'=1+1\",\"created\""), "{}", lines[2]);
        assert!(
            lines[3].ends_with(
                "\"Seite, zwei\",\"failed\",\"unique: adx_name\",\"\",\"It said \"\"no\"\".\",\"Ask again.\""
            ),
            "{}",
            lines[3]
        );
    }

    #[test]
    fn the_csv_says_what_ended_the_run_and_what_is_not_removed() {
        let row = RowRef { table: "page".into(), id: Uuid::nil() };
        let problem = Problem::new(ProblemKind::Refused, "It is needed.", "Leave it.");
        let removals = RemovalReport {
            rows: 2,
            failed: vec![RemovedRow { row, name: "Home".into(), problem }],
            ..RemovalReport::default()
        };
        let csv = ImportReport { removals, stopped: Some(Problem::stopped()), ..report() }.to_csv();
        assert!(csv.contains("\"stopped\",\"\",\"\",\"The run was stopped"), "{csv}");
        assert!(csv.contains("\"Home\",\"not removed\",\"\",\"\",\"It is needed.\",\"Leave it.\""), "{csv}");
        assert!(csv.contains("\"removed\",\"\",\"2\""), "{csv}");
    }

    #[test]
    fn the_json_reads_back_as_the_same_report() {
        let report = report();
        assert_eq!(serde_json::from_str::<ImportReport>(&report.to_json()).unwrap(), report);
    }
}
