//! The check of a schema against an environment, the same for export and import.

use super::{columns, tables};

pub(crate) const CHECKING: &str = "Comparing tables and columns with the environment’s …";
pub(crate) const FAILED: &str = "The check could not be made";
pub(crate) const NOT_MADE: &str = "The check has to be made again";
pub(crate) const NOT_MADE_TEXT: &str = "The environment or the file has changed since the last one.";
pub(crate) const AGAIN: &str = "Check again";
pub(crate) const NOW: &str = "Check now";
pub(crate) const PROBLEMS: &str = "What is missing, and what to do";
pub(crate) const TABLE: &str = "Table";
pub(crate) const COLUMNS: &str = "Columns";
pub(crate) const RECORDS: &str = "Records";
pub(crate) const STATE: &str = "In the environment";
pub(crate) const MISSING_COLUMNS: &str = "Missing columns";
pub(crate) const PRESENT: &str = "Found";
pub(crate) const MISSING: &str = "Missing";
pub(crate) const ALL_TABLES: &str = "All tables";

/// What the check found, in one sentence.
pub(crate) fn found(present: usize, missing: usize, missing_columns: usize) -> String {
    let mut parts = vec![format!("{} found", tables(present as u64))];
    if missing > 0 {
        parts.push(format!("{} missing", tables(missing as u64)));
    }
    if missing_columns > 0 {
        parts.push(format!("{} missing", columns(missing_columns as u64)));
    }
    format!("{}.", parts.join(", "))
}
