//! What an import will do, record by record, before anything is written.

use crate::planning::PageSteps;
use crate::preparing::Terms;
use crate::target_ids::TargetIds;
use crate::{Problem, WriteMode};
use crate::{Proposal, RowRef};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

/// The plan of an import. The run does exactly this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The organization that it was made for: nowhere else it can be carried out.
    pub organization: Uuid,
    /// In the order in which they will be written.
    pub tables: Vec<TablePlan>,
    /// Many-to-many links, one entry an intersect table.
    pub links: Vec<LinkPlan>,
    /// What the user should know before anything is written and that concerns no single record.
    pub notes: Vec<Problem>,
    /// Users, teams, business units, currencies and websites of the source, and what stands for them in the target.
    pub proposals: Vec<Proposal>,
    /// What is removed from the target, by the user's consent.
    pub removals: PlannedRemovals,
    /// What is switched off while the import runs.
    pub switches: Switches,
    /// Where records and mapped rows have other ids in the target.
    pub(crate) ids: TargetIds,
    /// Plug-in steps that the run keeps from writing pages by themselves.
    pub(crate) page_steps: PageSteps,
    /// What the package was prepared by, before it was compared.
    pub(crate) terms: Terms,
    /// Rows that lookups or links point to, and that are neither in the environment nor will be.
    pub(crate) absent: HashSet<RowRef>,
}

/// The plan for one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TablePlan {
    /// Logical name.
    pub table: String,
    /// Label.
    pub display_name: String,
    /// What may be done to its rows.
    pub mode: WriteMode,
    /// New records of which the target has a row of the same name and another id: what matching by name would find.
    pub same_names: u64,
    /// One entry a record of the package, in the order in which they will be written.
    pub records: Vec<RecordPlan>,
}

/// The plan for one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordPlan {
    /// Id in the package.
    pub id: Uuid,
    /// Id in the target: that of the matched row, else the package's.
    pub target_id: Uuid,
    /// Value of the primary name column, else empty.
    pub name: String,
    /// What will happen.
    pub action: Action,
    /// Why it is this row.
    pub matched_by: MatchRule,
    /// What will not be as in the package although the record is written, e.g. a lookup whose target is nowhere.
    pub warnings: Vec<Problem>,
}

/// What will happen to a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A row is created with the package's id.
    Create,
    /// The service makes the row by itself when this run creates the row it hangs on: a content page with its root.
    /// The row is found then and gets the record's values.
    Adopt,
    /// These columns of the matched row are changed.
    Update(Vec<Change>),
    /// The matched row already has these values.
    Unchanged,
    /// Left out on purpose.
    Skip(Problem),
    /// Cannot be written.
    Blocked(Problem),
}

/// One column that will change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Logical name.
    pub column: String,
    /// The target's present value, as people read it; `None` = empty. Long text is cut.
    pub before: Option<String>,
    /// The package's value.
    pub after: Option<String>,
}

/// The rule by which a record found its row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MatchRule {
    /// The target has a row of the same id.
    Id,
    /// One row has the same values in these columns, which the schema calls unique.
    Keys(Vec<String>),
    /// One row has the same name, and the user asked for matching by name.
    Name,
    /// The rule for this table: these columns tell its rows apart, e.g. the code of a language.
    Special(Vec<String>),
    /// The user's mapping says so.
    Mapped,
    /// No row matched: it is new.
    New,
}

/// What is removed from the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRemovals {
    /// Rows that are removed before anything is written, with their names.
    pub first: Vec<(RowRef, String)>,
    /// Links that the package lacks: intersect table, declaring table, and the link in the target's ids.
    pub links: Vec<LinkRemoval>,
    /// Rows that the package lacks, with their names.
    pub rows: Vec<(RowRef, String)>,
}

/// A link that is removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRemoval {
    /// The intersect table.
    pub relationship: String,
    /// The declaring table.
    pub table: String,
    /// The table on the other side.
    pub target_table: String,
    /// The row of the declaring table, by the target's id.
    pub source: Uuid,
    /// The other row.
    pub target: Uuid,
}

/// What is switched off for everybody while an import runs, and on again after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switches {
    /// Plug-in steps, with their names.
    pub steps: Vec<(Uuid, String)>,
    /// Extensions that are taken out of the blocked attachments.
    pub attachments: Vec<String>,
    /// Published duplicate rules, with their names: they and their conditions change only while they are unpublished.
    #[serde(default)]
    pub rules: Vec<(Uuid, String)>,
}

impl Switches {
    /// Whether nothing is switched off.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.attachments.is_empty() && self.rules.is_empty()
    }
}

/// The plan for the links of one intersect table, as one of its two tables declares them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkPlan {
    /// The intersect table.
    pub relationship: String,
    /// The declaring table.
    pub table: String,
    /// The table on the other side.
    pub target_table: String,
    /// Links to be made.
    pub create: Vec<cmt::Link>,
    /// Links that are there already, and those that the package names a second time.
    pub unchanged: Vec<cmt::Link>,
    /// Links that cannot be made, each with its reason.
    pub blocked: Vec<(cmt::Link, Problem)>,
}

/// Records by what happens, or happened, to them. The sum is the package's number of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Will be, or was, created.
    pub created: u64,
    /// Will be, or was, updated.
    pub updated: u64,
    /// Already as in the package.
    pub unchanged: u64,
    /// Left out on purpose.
    pub skipped: u64,
    /// Blocked in the plan, or failed in the run.
    pub failed: u64,
    /// Written, but not read back before the run ended.
    #[serde(default)]
    pub unconfirmed: u64,
}

impl Counts {
    /// All records counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.skipped + self.failed + self.unconfirmed
    }

    /// Rows that will be, or were, written.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.created + self.updated
    }
}

impl Plan {
    /// All records by what will happen to them.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.tables.iter().flat_map(|t| &t.records).map(|r| &r.action).collect()
    }
}

impl<'a> FromIterator<&'a Action> for Counts {
    fn from_iter<I: IntoIterator<Item = &'a Action>>(actions: I) -> Counts {
        let mut counts = Counts::default();
        for action in actions {
            *match action {
                Action::Create | Action::Adopt => &mut counts.created,
                Action::Update(_) => &mut counts.updated,
                Action::Unchanged => &mut counts.unchanged,
                Action::Skip(_) => &mut counts.skipped,
                Action::Blocked(_) => &mut counts.failed,
            } += 1;
        }
        counts
    }
}
