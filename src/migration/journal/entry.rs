//! What stands in a journal.

use crate::{Pass, Problem, RowRef};
use dataverse::Row;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum JournalEntry {
    /// A request that does this is about to leave.
    Intents {
        /// Numbers grow; each stands here once.
        request: u32,
        /// In the order of the request.
        writes: Vec<Write>,
    },
    /// The request of that number was answered: one outcome for each of its writes.
    Outcomes {
        /// As in the intents.
        request: u32,
        /// In the order of the intents.
        outcomes: Vec<Outcome>,
    },
    /// The service made this row by itself, and the record of the package is it from now on.
    Adopted {
        /// The record.
        record: RowRef,
        /// The row's id in the target.
        id: Uuid,
    },
    /// Another run goes on here. A line before it that cannot be read broke off: its request had not left.
    Reopened,
    /// Everything was written and read back.
    Finished,
}

/// One thing that a request does to the target. Ids are the target's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Write {
    /// A row that is not there is created.
    Create {
        /// The record of the package.
        record: RowRef,
        /// The row's id.
        id: Uuid,
        /// The pass that does it.
        pass: Pass,
    },
    /// Columns of a row are changed.
    Update {
        /// The record of the package.
        record: RowRef,
        /// The row's id.
        id: Uuid,
        /// The pass that does it.
        pass: Pass,
        /// The values that are there now, by property of the row; empty where the run itself made the row.
        before: Row,
    },
    /// A file or an image is written.
    File {
        /// The record of the package.
        record: RowRef,
        /// The row's id.
        id: Uuid,
        /// The column.
        column: String,
        /// What is there now.
        before: OldFile,
    },
    /// Two rows are linked.
    Link(LinkEnds),
    /// Two rows are no longer linked.
    Unlink(LinkEnds),
    /// A row is removed.
    Delete {
        /// The row, by the target's id.
        row: RowRef,
        /// What people call it.
        name: String,
        /// All its values.
        before: Row,
    },
    /// A plug-in step is switched off, or on again.
    Step {
        /// The step.
        id: Uuid,
        /// What people call it.
        name: String,
        /// Whether it will run from now on.
        on: bool,
    },
    /// The list of blocked attachments is changed.
    BlockedAttachments {
        /// The list that is there now.
        before: String,
        /// The list that will be there.
        after: String,
    },
    /// A duplicate rule is taken from its work, or put to it again.
    DuplicateRule {
        /// The rule.
        id: Uuid,
        /// What people call it.
        name: String,
        /// Whether it is at work from now on.
        published: bool,
    },
}

/// A link in the target's ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct LinkEnds {
    /// The intersect table.
    pub(crate) relationship: String,
    /// The declaring table.
    pub(crate) table: String,
    /// The other table.
    pub(crate) target_table: String,
    /// The declaring table's row.
    pub(crate) source: Uuid,
    /// The other row.
    pub(crate) target: Uuid,
}

/// What was in a file column before it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OldFile {
    /// Nothing.
    None,
    /// This file: its name, and its content as base64.
    Kept {
        /// Its name.
        name: String,
        /// Its content as base64.
        content: String,
    },
    /// A file that was not kept.
    Lost {
        /// Its name.
        name: String,
        /// Why it was not kept.
        why: String,
    },
}

/// What the service answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// Done.
    Done,
    /// It was like that already.
    There,
    /// Refused for good.
    Refused(Problem),
    /// Refused, because the row or one that it points to is not as it was read: it is tried again.
    NotYet,
}
