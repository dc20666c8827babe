//! What became of every record and link.

use crate::RowCount;
use crate::{Counts, LinkRemoval, MatchRule, Problem, RowRef};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The report of an import. Every record of the package is in it exactly once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// In the order of the plan.
    pub tables: Vec<TableReport>,
    /// One entry an intersect table.
    pub links: Vec<LinkReport>,
    /// The plan's notes: what the environment may have done beyond the records and links.
    #[serde(default)]
    pub notes: Vec<Problem>,
    /// What was removed, by the user's consent.
    #[serde(default)]
    pub removals: RemovalReport,
    /// What ended the run before its end; `None`: it went through.
    pub stopped: Option<Problem>,
}

/// What became of removals.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovalReport {
    /// Rows that were removed, and looked for in vain.
    pub rows: u64,
    /// Links that were removed, and looked for in vain.
    pub links: u64,
    /// Rows and links that were not there any more.
    pub gone: u64,
    /// Rows that are not removed.
    pub failed: Vec<RemovedRow>,
    /// Links that are not removed, each with its reason.
    pub failed_links: Vec<(LinkRemoval, Problem)>,
}

/// A row that was to be removed and is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedRow {
    /// The row.
    pub row: RowRef,
    /// What people call it.
    pub name: String,
    /// Why.
    pub problem: Problem,
}

/// The report of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// Logical name.
    pub table: String,
    /// Label.
    pub display_name: String,
    /// Columns of the package that the environment does not let anyone write.
    pub not_writable: Vec<String>,
    /// One entry a record.
    pub records: Vec<RecordReport>,
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordReport {
    /// Id in the package.
    pub id: Uuid,
    /// Id in the target.
    pub target_id: Uuid,
    /// Value of the primary name column, else empty.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// By which rule it found its row.
    pub matched_by: MatchRule,
    /// What is not as in the package although the record was written, each with its reason.
    pub warnings: Vec<Problem>,
}

/// How a record ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// A row was created, and reading it back confirmed it.
    Created,
    /// These columns were changed, and reading them back confirmed it.
    Updated(Vec<String>),
    /// Nothing had to be written.
    Unchanged,
    /// Left out on purpose.
    Skipped(Problem),
    /// Not, or only in part, in the target.
    Failed(Problem),
    /// Written, but the run ended before it was read back: no success yet.
    Unconfirmed(Problem),
}

/// What became of the links of one intersect table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkReport {
    /// The intersect table.
    pub relationship: String,
    /// The declaring table.
    pub table: String,
    /// Links made.
    pub created: u64,
    /// Links that were there already.
    pub unchanged: u64,
    /// Links that could not be made: source, target, reason.
    pub failed: Vec<(Uuid, Uuid, Problem)>,
}

/// The report of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportReport {
    /// In schema order.
    pub tables: Vec<ExportedTable>,
    /// Links that are never moved: those to users and teams.
    pub links_left_out: Vec<LinksLeftOut>,
    /// Files of file columns that came along.
    pub files: u64,
    /// What could not be read; the package lacks it.
    pub problems: Vec<Problem>,
}

/// What was read of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedTable {
    /// Logical name.
    pub table: String,
    /// Label.
    pub display_name: String,
    /// Rows that were counted before.
    pub expected: RowCount,
    /// Rows that were counted afterwards, where others were written than had been expected.
    pub counted_again: Option<u64>,
    /// Rows that belong to no website although they should: left out.
    pub strays: u64,
    /// Rows that changed while the export ran, as far as it met them twice.
    pub changed: u64,
    /// Rows written to the package.
    pub records: u64,
    /// Links written to the package.
    pub links: u64,
}

/// Links that are not moved because of what they lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinksLeftOut {
    /// The intersect table.
    pub relationship: String,
    /// The declaring table.
    pub table: String,
    /// The table that they lead to.
    pub target_table: String,
    /// How many.
    pub links: u64,
}

impl ImportReport {
    /// All records by what became of them.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.tables.iter().flat_map(|t| &t.records).map(|r| &r.fate).collect()
    }
}

impl<'a> FromIterator<&'a Fate> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a Fate>>(fates: I) -> Counts {
        let mut counts = Counts::default();
        for fate in fates {
            *match fate {
                Fate::Created => &mut counts.created,
                Fate::Updated(_) => &mut counts.updated,
                Fate::Unchanged => &mut counts.unchanged,
                Fate::Skipped(_) => &mut counts.skipped,
                Fate::Failed(_) => &mut counts.failed,
                Fate::Unconfirmed(_) => &mut counts.unconfirmed,
            } += 1;
        }
        counts
    }
}
