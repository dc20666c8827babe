//! Windows of rows, as a table on screen asks for them.

use migration::{Change, MatchRule, Problem};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which rows a table on screen wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsQuery {
    /// Of what.
    pub of: RowsOf,
    /// Only this table.
    pub table: Option<String>,
    /// Only these; empty: all.
    pub states: Vec<RowState>,
    /// Only records that found their row so.
    pub rule: Option<RuleFilter>,
    /// Only rows whose name or id contains this, case ignored.
    pub search: String,
    /// First row, from 0.
    pub start: u64,
    /// At most so many.
    pub count: u64,
}

/// What rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowsOf {
    /// The plan's records.
    Plan,
    /// The report's records.
    Report,
    /// Links of plan or report that cannot be made.
    FailedLinks,
    /// Rows and links that the plan removes.
    Removals,
}

/// How a record found its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RuleFilter {
    /// By its id.
    Id,
    /// By the columns that the schema calls unique.
    Keys,
    /// By its name.
    Name,
    /// By the rule for its table.
    Special,
    /// By the user's mapping.
    Mapped,
    /// It is new.
    New,
}

/// A record in the plan (future) or report (past).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RowState {
    /// Create / created.
    Create,
    /// The environment makes the row itself, and it gets the record's values.
    Adopt,
    /// Update / updated.
    Update,
    /// Unchanged.
    Unchanged,
    /// Skipped.
    Skip,
    /// Removed.
    Remove,
    /// Blocked / failed.
    Failed,
    /// Written, but the run ended before it was read back.
    Unconfirmed,
    /// Written, but something of it is not as in the package: a filter only, rows carry their action.
    Warning,
}

/// One row of a table on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Logical name of the table, or intersect table.
    pub table: String,
    /// Id in the package.
    pub id: Uuid,
    /// Name, or for a link what it joins.
    pub name: String,
    /// What happens or happened.
    pub state: RowState,
    /// How it found its row.
    pub matched_by: Option<MatchRule>,
    /// Changed columns.
    pub changes: Vec<Change>,
    /// Why it is skipped, blocked or failed; or its warnings.
    pub problems: Vec<Problem>,
}
