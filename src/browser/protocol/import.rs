//! Plan and report of an import in numbers.

use migration::{Counts, Problem, Proposal, Switches, WriteMode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A plan in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// In the order of writing.
    pub tables: Vec<TableCounts>,
    /// All records.
    pub counts: Counts,
    /// All links.
    pub links: Vec<LinkCounts>,
    /// Records with warnings (they are counted in `counts` by their action).
    pub warnings: u64,
    /// What concerns no single record.
    pub notes: Vec<Problem>,
    /// Users, teams, business units, currencies and websites of the source, and what stands for them.
    pub proposals: Vec<Proposal>,
    /// What is switched off for everybody while the import runs.
    pub switches: Switches,
    /// What is removed.
    pub removals: RemovalCounts,
}

/// A report in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSummary {
    /// In the order of the plan.
    pub tables: Vec<TableCounts>,
    /// All records; the sum is `records_in_package`.
    pub counts: Counts,
    /// What the package holds.
    pub records_in_package: u64,
    /// All links.
    pub links: Vec<LinkCounts>,
    /// Records with warnings.
    pub warnings: u64,
    /// What concerns no single record.
    pub notes: Vec<Problem>,
    /// What ended the run before its end.
    pub stopped: Option<Problem>,
}

/// One table's records by action or fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableCounts {
    /// Logical name.
    pub table: String,
    /// Label.
    pub display_name: String,
    /// By action or fate.
    pub counts: Counts,
    /// What may be done to its rows.
    pub mode: WriteMode,
    /// New records of which the target has a row of the same name and another id.
    pub same_names: u64,
    /// Columns of the package that nobody may write there.
    pub not_writable: Vec<String>,
}

/// One relationship's links by action or fate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkCounts {
    /// The intersect table.
    pub relationship: String,
    /// To be made, or made.
    pub created: u64,
    /// There already.
    pub unchanged: u64,
    /// Cannot be made, or could not.
    pub failed: u64,
}

/// What is removed from the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovalCounts {
    /// Rows that go before anything is written.
    pub first: u64,
    /// The websites among them, with their names.
    pub websites: Vec<(Uuid, String)>,
    /// Links that the package lacks.
    pub links: u64,
    /// Rows that the package lacks.
    pub rows: u64,
}
