//! What a user is told when something is not as it should be: what, where, and what to do next.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One thing that is wrong. Holds no record values besides the record's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Which sort of problem: decides the remedy, and what tests ask for.
    pub kind: ProblemKind,
    /// Where.
    pub place: Place,
    /// What happened, in one or two sentences; the service's own words where it spoke.
    pub what: String,
    /// What to do next.
    pub remedy: String,
}

/// Where a problem stands; each part only where it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The table's logical name.
    pub table: Option<String>,
    /// The record's id in the package.
    pub record: Option<Uuid>,
    /// The record's name, for people.
    pub record_name: Option<String>,
    /// The column's logical name.
    pub column: Option<String>,
}

/// The sorts of problems. Each has one remedy, written where the problem is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ProblemKind {
    /// The chosen file cannot be read ([`cmt::Error`]).
    File,
    /// The environment's address is wrong or is not Dataverse.
    Address,
    /// The service does not accept the token (401), or there is none.
    SignIn,
    /// The user may not do this (403).
    Privilege,
    /// No answer came.
    Network,
    /// The service asked to wait and kept asking.
    Throttled,
    /// A table of the schema is not in the environment.
    TableMissing,
    /// A column of the schema is not in the table.
    ColumnMissing,
    /// A many-to-many relationship of the schema is not in the environment.
    RelationshipMissing,
    /// The column has another type than the schema says.
    TypeDiffers,
    /// A value does not fit its column.
    Value,
    /// The row a lookup or link points to is neither in the package nor in the environment.
    LookupTargetMissing,
    /// The same record stands twice in the package.
    Duplicate,
    /// The attachment's type or size is not allowed in the environment.
    Attachment,
    /// The service refused the write.
    Refused,
    /// Written, but reading it back shows something else.
    NotAsWritten,
    /// Not tried, because the run was stopped or something it needs failed.
    NotTried,
    /// An answer that cannot be understood.
    Answer,
    /// A mistake of this program, or a browser that lacks what it needs.
    Internal,
}
