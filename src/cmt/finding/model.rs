//! What was unusual about a file and how it was read all the same.

use crate::Part;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Read differently, with the same meaning.
    Note,
    /// Something may not mean what its author thought.
    Warning,
    /// A value or record could not be read; the rest was.
    Error,
}

/// One leniency used while reading: data, never a silent repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Where it stands.
    pub part: Part,
    /// From 1; 0 where the finding has no place.
    pub line: u64,
    /// From 1; 0 where the finding has no place.
    pub column: u64,
    /// The table it concerns.
    pub table: Option<String>,
    /// The record it concerns.
    pub record: Option<Uuid>,
    /// What was found and what was read instead, without record values.
    pub text: String,
}
