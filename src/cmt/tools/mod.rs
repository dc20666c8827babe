//! What people do with whole packages: sum up, compare, merge, take a part, split off what failed.
//!
//! Each is a function of packages alone: what it writes goes to the sink it is given. Memory stays flat: records are
//! read one by one from the spools.

mod canonical;
pub(crate) mod copy;
mod difference;
mod failed;
mod merge;
mod merged_schema;
mod rewrite;
mod set_value;
mod subset;
mod summary;

pub use canonical::canonical;
pub use difference::{Difference, RecordChange, TableDifference, difference};
pub use failed::{Failed, failed_records};
pub use merge::merge;
pub use rewrite::rewrite;
pub use set_value::SetValue;
pub use subset::subset;
pub use summary::{FindingCounts, Summary, TableSummary, summary};

use crate::{Error, WriteError};

/// Why a tool gave up. What was written to the sink by then is no whole zip and of no use.
///
/// [`ToolError::Unlike`] and [`ToolError::NoSuchValue`] carry the reason in words: the part of a sentence
/// that follows the colon, with the names of tables and columns and no value of a record.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// A package cannot be read, or its spool not be read again ([`Error::Spool`]).
    #[error(transparent)]
    Read(#[from] Error),
    /// The new package cannot be written: the sink refused, or the content of a file column cannot be
    /// inflated.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The packages do not say the same of a table or column, or move dates from different timestamps. Only
    /// [`merge`] gives it.
    #[error("The packages cannot be merged: {0}.")]
    Unlike(String),
    /// A value that is to be set has no place in the package, or does not fit its column. Only [`rewrite`]
    /// and the parsing of a [`SetValue`] give it.
    #[error("The value cannot be set: {0}.")]
    NoSuchValue(String),
}

impl ToolError {
    /// What the user can do next: one sentence or two.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            ToolError::Read(error) => error.remedy(),
            ToolError::Write(_) => "Make room where the package is written to, then try again.",
            ToolError::NoSuchValue(_) => "Name a table, a record and a column that the package holds.",
            ToolError::Unlike(_) => {
                "Import the packages one after the other, or export both with one schema."
            }
        }
    }
}
