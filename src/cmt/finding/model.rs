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
    /// The member it stands in.
    pub part: Part,
    /// The line, from 1; 0 where the finding has no place.
    pub line: u64,
    /// In characters, from 1; 0 where the finding has no place.
    pub column: u64,
    /// Logical name of the table it concerns; `None` where it concerns the whole part.
    pub table: Option<String>,
    /// Id of the record it concerns; `None` where it concerns a whole table or part.
    pub record: Option<Uuid>,
    /// What was found and what was read instead, without record values.
    pub text: String,
}
