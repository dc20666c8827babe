//! Runs that are kept in this browser, so that they can be gone on with.

use super::Address;
use dataverse::Person;
use migration::Pass;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What tells a run from every other of this browser.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunId(pub String);

/// What is kept of a run beside its package, plan and journal: enough to list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunHead {
    /// When it began, in milliseconds since 1970.
    pub started: u64,
    /// When it wrote something last.
    pub last_written: u64,
    /// What people call the environment that is written to.
    pub environment: String,
    /// Where that is.
    pub address: Address,
    /// Its organization: only there the run can go on.
    pub organization: Uuid,
    /// Who began it.
    pub user: Person,
    /// The package's file name.
    pub package: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its records.
    pub records: u64,
    /// Whether the run switches something off for everybody.
    pub switches: bool,
    /// How far it came.
    pub far: Option<HowFar>,
    /// How it ended, if it did.
    pub ended: Option<Ended>,
}

/// The pass that a run was in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HowFar {
    /// Which.
    pub pass: Pass,
    /// Rows or links that were through.
    pub done: u64,
    /// Rows or links that it handles.
    pub total: u64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// It went through.
    Whole,
    /// Before its end: somebody stopped it, or something did.
    Early,
}

/// A run as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedRun {
    /// Which.
    pub run: RunId,
    /// `None`: its keeping broke off before anything was written to an environment.
    pub head: Option<RunHead>,
    /// It is going on, in this tab or in another one.
    pub running: bool,
    /// What it switched off in its environment and did not switch on again, in words.
    pub left_off: Vec<String>,
}

/// Where a run will be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Keeping {
    /// In the browser's storage for this site: whatever ends it, it can be gone on with.
    Stored,
    /// In this tab's memory: when the tab is closed it cannot be gone on with.
    InMemory {
        /// Why it cannot be stored.
        why: NotStored,
        /// Package and notes of a run may have so many bytes together.
        most: u64,
    },
}

/// Why a run cannot be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotStored {
    /// The browser keeps no files for this site: a private window, or a policy.
    NoStorage,
    /// There is too little room.
    NoRoom {
        /// What the run may need, in bytes.
        needed: u64,
        /// What there is.
        free: u64,
    },
}

/// What was deleted of what this app had kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Runs.
    pub runs: u64,
    /// Other files: the demo environments' state, packages that were being read.
    pub files: u64,
    /// What could not be deleted, as it is in use in another tab.
    pub in_use: u64,
}
