//! Does the environment have what the schema names? Tables, columns, relationships, types; all misses at once.

use crate::Problem;
use serde::{Deserialize, Serialize};

/// What a schema finds in an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// One entry a table of the schema, in its order.
    pub tables: Vec<CheckedTable>,
    /// What is missing or different. Empty: everything fits.
    pub problems: Vec<Problem>,
}

/// A table of the schema and what the environment has of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedTable {
    /// Logical name.
    pub table: String,
    /// Label from the schema.
    pub display_name: String,
    /// Whether the environment has it.
    pub present: bool,
    /// Columns of the schema.
    pub columns: usize,
    /// Columns that are missing in the environment.
    pub missing_columns: Vec<String>,
    /// Columns that exist but cannot be written (audit columns and the like): read, never sent.
    pub not_writable: Vec<String>,
    /// Records of the package in this table; 0 for an export.
    pub records: usize,
}
