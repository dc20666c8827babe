//! What a run tells the outside while it goes on.

use crate::Counts;
use dataverse::Wait;
use serde::{Deserialize, Serialize};

/// One step of a run's progress. The sum of all events of a pass and table equals its total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The run will go through these passes; `totals` names every table and its number of rows or links.
    PassStarted {
        /// Which pass.
        pass: Pass,
        /// Table (or intersect table) and how many rows or links the pass will handle there.
        totals: Vec<(String, u64)>,
    },
    /// `done` more rows or links of a table are through this pass.
    Advanced {
        /// Which pass.
        pass: Pass,
        /// Table, or intersect table of links.
        table: String,
        /// Since the last event.
        done: u64,
        /// How many of them failed.
        failed: u64,
    },
    /// The pass is over.
    PassFinished {
        /// Which pass.
        pass: Pass,
    },
    /// Nothing is sent for a time; then the run goes on by itself.
    Waiting {
        /// Why.
        reason: WaitReason,
        /// Whole seconds.
        seconds: u64,
    },
    /// The counts of the whole run as they stand now.
    Counted {
        /// By fate.
        counts: Counts,
    },
}

/// Why a run waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WaitReason {
    /// The service asked for it.
    Asked,
    /// No answer came.
    NoAnswer,
    /// So much of the service's time was used that it would refuse more.
    Sparing,
}

impl From<Wait> for Event {
    fn from(wait: Wait) -> Event {
        let (reason, time) = match wait {
            Wait::Asked(time) => (WaitReason::Asked, time),
            Wait::Unanswered(time) => (WaitReason::NoAnswer, time),
            Wait::Sparing(time) => (WaitReason::Sparing, time),
        };
        let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
        Event::Waiting { reason, seconds }
    }
}

/// The passes, in the order they are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Pass {
    /// Export: rows are read. The totals are what was counted before, which may be less sure than in other passes.
    ReadRows,
    /// Export: links are read, side by side with the rows; told at once when all are there.
    ReadLinks,
    /// Export: what was read goes into the package, in the package's order.
    WritePackage,
    /// Import: the target's present rows are read and compared.
    Compare,
    /// Import: rows are created and updated with every lookup that resolves.
    Write,
    /// Import: lookups that had to wait for their target.
    DeferredLookups,
    /// Import: notes with their attachments.
    Notes,
    /// Import: the contents of file columns.
    Files,
    /// Import: state and status, when everything else is written.
    State,
    /// Import: many-to-many links.
    Links,
    /// Import: rows and links are removed, by the user's consent.
    Remove,
    /// Import: what was written is read back and compared.
    Verify,
}
