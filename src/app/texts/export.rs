//! The export's steps.

use super::{columns, links, number, records, tables};
use crate::route::ExportStep;
use browser::protocol::SchemaSummary;
use migration::{ExportedTable, LinksLeftOut, Place, Problem, ProblemKind, RowCount, SurveyedTable};

pub(crate) const SCHEMA_TITLE: &str = "Choose what to export";
pub(crate) const SCHEMA_LEAD: &str = "A schema names the tables, columns and relationships to read.";
pub(crate) const OWN: &str = "Your own";
pub(crate) const DROP: &str = "Choose a schema file or data package";
pub(crate) const DROP_HINT: &str =
    "A data_schema.xml, or a data package (.zip) whose schema is used. Or drop it here.";
pub(crate) const OPENING: &str = "Reading the schema …";
pub(crate) const OPEN_FAILED: &str = "This schema cannot be read";
pub(crate) const CHOSEN: &str = "Chosen schema";
pub(crate) const ITS_TABLES: &str = "Its tables";
pub(crate) const FINDINGS: &str = "Read with care";
pub(crate) const CHECK_TITLE: &str = "Does the source have what the schema names?";
pub(crate) const WEBSITE: &str = "Which website?";
pub(crate) const WEBSITE_HINT: &str = "Pages, files, settings and all other rows of other websites stay out of the package. Languages and what else \
     belongs to no website comes along.";
pub(crate) const ALL_WEBSITES: &str = "All websites";
pub(crate) const ALL_WEBSITES_HINT: &str = "Also rows that belong to none.";
pub(crate) const COUNTING: &str = "Counting rows …";
pub(crate) const COUNT_FAILED: &str = "The rows could not be counted";
pub(crate) const ROWS_TO_EXPORT: &str = "Rows to export";
pub(crate) const PER_TABLE_COUNTED: &str = "Rows per table";
pub(crate) const UNKNOWN_ROWS: &str = "not known";
pub(crate) const CANNOT_BE_READ: &str = "Some tables cannot be read";
pub(crate) const OF_NO_WEBSITE: &str = "belongs to no website: all rows";
pub(crate) const STRAYS: &str = "Rows without a website";
pub(crate) const PICK_PLACE: &str = "Choose first where the file goes";
pub(crate) const PICK_PLACE_HINT: &str = "The package grows there while it is read, however large it becomes. Otherwise the browser downloads it at the \
     end.";
pub(crate) const PACKAGE_FILE: &str = "Data package";
pub(crate) const SAVED_HINT: &str = "The file lies where you wanted it.";
pub(crate) const EXPECTED: &str = "Expected";
pub(crate) const NOTE: &str = "Note";
pub(crate) const TIME: &str = "Time";
pub(crate) const REQUESTS: &str = "Requests";
pub(crate) const FILES: &str = "Files";
pub(crate) const FITS: &str = "Everything the schema names is there";
pub(crate) const MISSES: &str = "Some of what the schema names is not there";
pub(crate) const LEFT_OUT: &str = "What is missing is left out of the package. The rest can be exported.";
pub(crate) const NOTHING_LEFT: &str = "None of the schema’s tables is in this environment, so there is nothing to export. Choose another schema or \
     another environment.";
pub(crate) const RUN_TITLE: &str = "Exporting";
pub(crate) const RUN_FAILED: &str = "The export did not finish";
pub(crate) const RUN_FAILED_TEXT: &str = "No package was made.";
pub(crate) const RUN_READY: &str = "Ready to export";
pub(crate) const RUN_AGAIN: &str = "Export again";
pub(crate) const TO_RESULT: &str = "See the package";
pub(crate) const RESULT_TITLE: &str = "Your data package";
pub(crate) const WHOLE: &str = "The package is complete";
pub(crate) const NOT_WHOLE: &str = "The package is not complete";
pub(crate) const EMPTY: &str = "The package is empty";
pub(crate) const EMPTY_TEXT: &str = "The environment has no rows in the schema’s tables.";
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const DOWNLOAD_HINT: &str = "The download has started by itself. If it did not, use the button.";
pub(crate) const IMPORT_IT: &str = "Import it now";
pub(crate) const RECORDS: &str = "Records";
pub(crate) const LINKS: &str = "Links";
pub(crate) const TABLES: &str = "Tables";
pub(crate) const SIZE: &str = "File size";
pub(crate) const PER_TABLE: &str = "Per table";
pub(crate) const EMPTY_TABLES: &str = "Tables without rows";
pub(crate) const NOT_READ: &str = "What could not be read, and what to do";

/// The step's name in the stepper.
pub(crate) fn step(step: ExportStep) -> &'static str {
    match step {
        ExportStep::Environment => "Environment",
        ExportStep::Schema => "Schema",
        ExportStep::Check => "Check",
        ExportStep::Run => "Run",
        ExportStep::Result => "Result",
    }
}

/// What a schema holds.
pub(crate) fn holds(schema: &SchemaSummary) -> String {
    let (t, c) = (tables(schema.tables.len() as u64), columns(schema.columns as u64));
    let many_to_many = match schema.relationships {
        0 => String::new(),
        1 => ", 1 many-to-many relationship".to_owned(),
        n => format!(", {} many-to-many relationships", number(n as u64)),
    };
    format!("{t}, {c}{many_to_many}")
}

/// The schema step's primary button.
pub(crate) fn check_against(environment: &str) -> String {
    format!("Check against {environment}")
}

/// The check step's primary button.
pub(crate) fn export(n: usize) -> String {
    format!("Export {}", tables(n as u64))
}

/// The result in one sentence.
pub(crate) fn result(n: u64, l: u64, t: usize) -> String {
    format!("{} and {} from {}.", records(n), links(l), tables(t as u64))
}

/// A package with gaps, in one sentence.
pub(crate) fn gaps(problems: usize, left_out: usize) -> String {
    let mut parts = Vec::new();
    if problems > 0 {
        parts.push(super::count(problems as u64, "thing could not be read", "things could not be read"));
    }
    if left_out > 0 {
        let missing = super::count(left_out as u64, "thing the schema names", "things the schema names");
        parts.push(format!("{missing} had been left out because the source lacks them"));
    }
    format!("{}.", parts.join("; "))
}

/// How many rows, and how surely.
pub(crate) fn row_count(rows: RowCount) -> String {
    match rows {
        RowCount::Exact(rows) => number(rows),
        RowCount::AtLeast(rows) => format!("at least {}", number(rows)),
        RowCount::Snapshot(rows) => format!("about {} (counted by the service within a day)", number(rows)),
        RowCount::Unknown => UNKNOWN_ROWS.to_owned(),
    }
}

/// All rows, and how surely.
pub(crate) fn all_rows(tables: &[SurveyedTable]) -> String {
    let sum = number(tables.iter().map(|table| table.rows.rows()).sum());
    let all = |is: fn(&RowCount) -> bool| tables.iter().all(|table| is(&table.rows));
    if all(|rows| matches!(rows, RowCount::Exact(_))) {
        sum
    } else if all(|rows| !matches!(rows, RowCount::AtLeast(_) | RowCount::Unknown)) {
        format!("about {sum}")
    } else {
        format!("{sum} or more")
    }
}

/// What is left out of a table, or is not.
pub(crate) fn survey_note(table: &SurveyedTable) -> String {
    match table.strays {
        _ if table.of_no_website => OF_NO_WEBSITE.to_owned(),
        Some(strays) if strays > 0 => {
            super::count(strays, "row without a website stays out", "rows without a website stay out")
        }
        _ => String::new(),
    }
}

/// Why other rows are in the package than were expected, and what else there is to say of a table.
pub(crate) fn exported_note(table: &ExportedTable) -> String {
    let mut notes = Vec::new();
    if table.counted_again == Some(table.records) {
        notes.push("Rows came or went meanwhile; a second count agrees.".to_owned());
    }
    if table.changed > 0 {
        notes.push(format!("{} changed meanwhile.", super::count(table.changed, "row", "rows")));
    }
    if table.strays > 0 {
        notes.push(format!("{} without a website stayed out.", super::count(table.strays, "row", "rows")));
    }
    notes.join(" ")
}

/// Links that are never moved.
pub(crate) fn links_left_out(left_out: &LinksLeftOut) -> String {
    format!(
        "{} of {} to {} stayed out: users and teams are others in another environment.",
        links(left_out.links),
        left_out.relationship,
        left_out.target_table
    )
}

/// The browser would not ask where the file goes.
pub(crate) fn no_place(error: &std::io::Error) -> Problem {
    Problem {
        kind: ProblemKind::File,
        place: Place::default(),
        what: format!("The browser does not let this page ask for a place: {error}."),
        remedy: format!(
            "Take the tick from “{PICK_PLACE}” and export again: the browser downloads the package then."
        ),
    }
}
