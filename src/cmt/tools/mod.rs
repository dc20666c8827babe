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

/// Why a tool gave up.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// A package cannot be read.
    #[error(transparent)]
    Read(#[from] Error),
    /// The new package cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The packages do not say the same of a table or column.
    #[error("The packages cannot be merged: {0}.")]
    Unlike(String),
    /// A value that is to be set has no place in the package.
    #[error("The value cannot be set: {0}.")]
    NoSuchValue(String),
}

impl ToolError {
    /// What the user can do next.
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
