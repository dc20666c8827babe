//! What earlier runs did, read from their journal.

use super::{JournalEntry, Outcome, Write};
use crate::RowRef;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A journal, folded.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    /// Each write that left, or was about to, in order; `None`: its outcome is not known.
    pub(crate) writes: Vec<(Write, Option<Outcome>)>,
    /// Rows that the service made and that stand for records.
    pub(crate) adopted: Vec<(RowRef, Uuid)>,
    /// A run came to its end.
    pub(crate) finished: bool,
    next: u32,
}

impl Replay {
    pub(crate) fn of(entries: Vec<JournalEntry>) -> Replay {
        let mut replay = Replay::default();
        // Where the writes of a request stand that is not answered yet.
        let mut open: BTreeMap<u32, usize> = BTreeMap::new();
        for entry in entries {
            match entry {
                JournalEntry::Intents { request, writes } => {
                    open.insert(request, replay.writes.len());
                    replay.writes.extend(writes.into_iter().map(|write| (write, None)));
                    replay.next = replay.next.max(request + 1);
                }
                JournalEntry::Outcomes { request, outcomes } => {
                    let first = open.remove(&request).unwrap_or(replay.writes.len());
                    let asked = replay.writes.iter_mut().skip(first);
                    asked.zip(outcomes).for_each(|((_, known), outcome)| *known = Some(outcome));
                }
                JournalEntry::Adopted { record, id } => replay.adopted.push((record, id)),
                JournalEntry::Reopened => {}
                JournalEntry::Finished => replay.finished = true,
            }
        }
        replay
    }

    /// The number of the first request that has none yet.
    pub(crate) fn next_request(&self) -> u32 {
        self.next
    }
}
