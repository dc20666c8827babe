//! How many rows there are, and how surely.

use serde::{Deserialize, Serialize};

/// How many rows a table has for an export. The service counts up to 50,000 rows and refuses beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowCount {
    /// So many, at the moment of asking.
    Exact(u64),
    /// So many or more.
    AtLeast(u64),
    /// So many when the service counted all tables, up to 24 hours ago.
    Snapshot(u64),
    /// The service would not count.
    Unknown,
}

impl RowCount {
    /// The number, however sure.
    #[must_use]
    pub fn rows(self) -> u64 {
        match self {
            RowCount::Exact(rows) | RowCount::AtLeast(rows) | RowCount::Snapshot(rows) => rows,
            RowCount::Unknown => 0,
        }
    }

    /// The number where it is sure.
    #[must_use]
    pub fn exact(self) -> Option<u64> {
        if let RowCount::Exact(rows) = self { Some(rows) } else { None }
    }
}
