//! The import report as files for people and for other programs.

use crate::csv::Csv;
use crate::{Fate, ImportReport, Problem, RecordReport};

/// The columns of the CSV file.
const HEADER: [&str; 8] = ["table", "id", "target id", "name", "result", "columns", "what", "remedy"];

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

    /// One line a note, one a record, and one a link that could not be made.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = Csv::new(HEADER);
        for Problem { what, remedy, .. } in &self.notes {
            let [table, id, target, name, columns] = [const { String::new() }; 5];
            csv.line([table, id, target, name, "note".into(), columns, what.clone(), remedy.clone()]);
        }
        for table in &self.tables {
            for record in &table.records {
                csv.line(record_cells(&table.table, record));
            }
        }
        for links in &self.links {
            for (source, target, problem) in &links.failed {
                let [id, target] = [source, target].map(ToString::to_string);
                let (what, remedy) = (problem.what.clone(), problem.remedy.clone());
                let relationship = links.relationship.clone();
                let (name, columns) = (String::new(), String::new());
                csv.line([relationship, id, target, name, "link failed".into(), columns, what, remedy]);
            }
        }
        csv.into_text()
    }
}

fn record_cells(table: &str, record: &RecordReport) -> [String; 8] {
    let (result, columns, problem) = match &record.fate {
        Fate::Created => ("created", String::new(), None),
        Fate::Updated(columns) => ("updated", columns.join(" "), None),
        Fate::Unchanged => ("unchanged", String::new(), None),
        Fate::Skipped(problem) => ("skipped", String::new(), Some(problem)),
        Fate::Failed(problem) => ("failed", String::new(), Some(problem)),
        Fate::Unconfirmed(problem) => ("not read back", String::new(), Some(problem)),
    };
    let problems: Vec<&Problem> = problem.into_iter().chain(&record.warnings).collect();
    let joined =
        |part: fn(&Problem) -> &str| problems.iter().map(|p| part(p)).collect::<Vec<_>>().join(" | ");
    [
        table.to_owned(),
        record.id.to_string(),
        record.target_id.to_string(),
        record.name.clone(),
        result.to_owned(),
        columns,
        joined(|p| &p.what),
        joined(|p| &p.remedy),
    ]
}

#[cfg(test)]
mod tests {
    use crate::{Fate, ImportReport, MatchRule, Problem, ProblemKind, RecordReport, TableReport};
    use uuid::Uuid;

    fn report() -> ImportReport {
        let problem = Problem::new(ProblemKind::Refused, "It said \"no\".", "Ask again.");
        let record = |name: &str, fate| RecordReport {
            id: Uuid::nil(),
            target_id: Uuid::nil(),
            name: name.into(),
            fate,
            matched_by: MatchRule::New,
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
        assert!(lines[1].ends_with("\"note\",\"\",\"Pages make pages.\",\"Count them.\""), "{}", lines[1]);
        assert!(lines[2].contains("\"'=1+1\",\"created\""), "{}", lines[2]);
        assert!(
            lines[3].ends_with("\"Seite, zwei\",\"failed\",\"\",\"It said \"\"no\"\".\",\"Ask again.\""),
            "{}",
            lines[3]
        );
    }

    #[test]
    fn the_json_reads_back_as_the_same_report() {
        let report = report();
        assert_eq!(serde_json::from_str::<ImportReport>(&report.to_json()).unwrap(), report);
    }
}
