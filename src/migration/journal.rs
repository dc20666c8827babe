//! What a run writes down so that another can go on where it ended, and take back what it did.
//!
//! Intents and old values are written before a request leaves, its fate after the answer. A journal is only ever added
//! to; where it breaks off in the middle of an entry, that entry's request had not left.

use crate::Problem;

/// Where a journal is kept. When `append` returns, a tab that closes loses nothing of what was appended.
pub trait JournalStore {
    /// Adds these bytes to the end.
    ///
    /// # Errors
    /// Where they cannot be kept: the run ends before anything is sent.
    fn append(&mut self, bytes: &[u8]) -> Result<(), Problem>;
}

/// For runs that nobody is to go on with.
impl JournalStore for () {
    fn append(&mut self, _: &[u8]) -> Result<(), Problem> {
        Ok(())
    }
}

/// In memory: for tests, and for browsers that keep nothing.
impl JournalStore for Vec<u8> {
    fn append(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// The journal of a run.
pub struct Journal<'a> {
    store: &'a mut dyn JournalStore,
    /// What earlier runs of the same plan wrote.
    earlier: Vec<u8>,
}

impl<'a> Journal<'a> {
    /// A new one.
    pub fn begin(store: &'a mut dyn JournalStore) -> Journal<'a> {
        Journal { store, earlier: Vec::new() }
    }

    /// One that goes on after what is written in it already.
    pub fn reopen(earlier: Vec<u8>, store: &'a mut dyn JournalStore) -> Journal<'a> {
        Journal { store, earlier }
    }
}
