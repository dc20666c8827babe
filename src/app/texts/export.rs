//! The export's steps.

use super::{columns, links, number, records, tables};
use crate::route::ExportStep;
use browser::protocol::SchemaSummary;

pub(crate) const SCHEMA_TITLE: &str = "Choose what to export";
pub(crate) const SCHEMA_LEAD: &str = "A schema names the tables, columns and relationships to read.";
pub(crate) const BLANK: &str = "Blank portal";
pub(crate) const BLANK_TEXT: &str = "The tables of a Power Pages site in the standard data model: website, pages, templates, snippets, settings, \
     forms, lists, permissions, files.";
pub(crate) const BLANK_FILE: &str = "portal-blank.xml";
pub(crate) const USE: &str = "Use this schema";
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
