//! What the user decides about an import before the plan is made.

use crate::{Mapping, RowRef};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use time::PrimitiveDateTime;

/// Decisions about an import. The default is the careful way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportOptions {
    /// By logical name. A table that is not in here goes by the schema and by the rule for it.
    pub tables: BTreeMap<String, TableOptions>,
    /// A record without a row of its id, and without uniqueness columns in the schema, is the row of its name.
    pub match_by_name: bool,
    /// A column of the schema without a value in the record is emptied in the target.
    pub clear_empty: bool,
    /// New rows keep the date on which they were created in the source.
    pub keep_created_on: bool,
    /// The time of the import (UTC), from which dates are moved as the schema's date mode says; `None`: as written.
    pub move_dates_to: Option<PrimitiveDateTime>,
    /// What becomes of owners.
    pub owners: Owners,
    /// Bring the histories of page addresses along.
    pub url_history: bool,
    /// What keeps the portal's plug-ins from making pages themselves.
    pub page_plug_ins: PagePlugIns,
    /// Take the file types that the package needs out of the blocked attachments while it runs.
    pub lift_attachment_blocks: bool,
    /// Records that are taken out of the plan.
    pub left_out: BTreeSet<RowRef>,
    /// Rows of the target that stand for rows of the source.
    pub mapping: Mapping,
    /// What is to be removed from the target.
    pub removals: Removals,
    /// The package is an undo package: each record is the row of its id, and no rule for a table changes what is
    /// written. Set by the plan itself.
    pub taking_back: bool,
}

impl ImportOptions {
    /// Whether records of this table that nothing else tells are the rows of their names.
    #[must_use]
    pub fn matches_by_name(&self, table: &str) -> bool {
        self.tables.get(table).and_then(|table| table.match_by_name).unwrap_or(self.match_by_name)
    }
}

/// Decisions about one table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableOptions {
    /// `None`: as the schema says, or the rule for the table.
    pub mode: Option<WriteMode>,
    /// `None`: as [`ImportOptions::match_by_name`].
    pub match_by_name: Option<bool>,
}

/// What may be done to the rows of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WriteMode {
    /// New rows are created, rows that are there are updated.
    #[default]
    CreateAndUpdate,
    /// Rows that are there keep their values.
    CreateOnly,
    /// Only rows that are there are written.
    UpdateOnly,
    /// Nothing is written.
    LeaveOut,
}

/// What becomes of owners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Owners {
    /// The user or team that the mapping names; without one, that of the same id, if it is there.
    #[default]
    Mapped,
    /// The user or team of the same id.
    Kept,
    /// New rows belong to whoever imports; rows that are there keep their owner.
    Left,
}

/// What keeps the portal's plug-ins from making content pages themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PagePlugIns {
    /// Each request asks to bypass them, where the user has the right to. Otherwise roots are created first, and the
    /// pages that the service made for them are taken for the package's.
    #[default]
    Bypassed,
    /// The steps are switched off for everybody while the import runs, and on again after it. Asked for explicitly.
    SwitchedOff,
    /// They run; the pages that the service made are taken for the package's.
    Running,
}

/// What is to be removed from the target: nothing, unless the user confirmed it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Removals {
    /// Relationships (intersect tables) whose links between rows of the package are removed where the package lacks
    /// them.
    pub links: BTreeSet<String>,
    /// Tables whose rows are removed where the package lacks them; of a portal those of the package's websites only.
    pub rows: BTreeSet<String>,
    /// Rows that are removed before anything is written, such as the default rows of a provisioned portal.
    pub first: BTreeSet<RowRef>,
}
