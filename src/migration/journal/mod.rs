//! What a run writes down so that another can go on where it ended, and take back what it did.
//!
//! Intents and old values are written before a request leaves, its outcomes after the answer. A journal is only ever
//! added to: one line of JSON an entry. Where it breaks off in the middle of a line, that line's request had not left.

mod entry;
mod replay;

use crate::{Problem, ProblemKind};
pub(crate) use entry::{JournalEntry, LinkEnds, OldFile, Outcome, Write};
pub(crate) use replay::Replay;

/// Where a journal is kept. When `append` returns, a tab that closes loses nothing of what was appended.
pub trait JournalStore {
    /// Adds these bytes to the end.
    ///
    /// # Errors
    /// Where they cannot be kept: the run ends before anything more is sent.
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
    /// What earlier runs of the same plan did.
    earlier: Replay,
    /// The number of the next request.
    next: u32,
}

impl<'a> Journal<'a> {
    /// A new one.
    pub fn begin(store: &'a mut dyn JournalStore) -> Journal<'a> {
        Journal { store, earlier: Replay::default(), next: 0 }
    }

    /// One that goes on after what is written in it already.
    ///
    /// # Errors
    /// Where that is no journal, or damaged; or the store refuses.
    pub fn reopen(earlier: &[u8], store: &'a mut dyn JournalStore) -> Result<Journal<'a>, Problem> {
        let earlier_entries = entries(earlier)?;
        if !earlier.is_empty() && !earlier.ends_with(b"\n") {
            store.append(b"\n")?;
        }
        let earlier = Replay::of(earlier_entries);
        let mut journal = Journal { store, next: earlier.next_request(), earlier };
        journal.write(&JournalEntry::Reopened)?;
        Ok(journal)
    }

    /// The same journal for a shorter time.
    pub(crate) fn lent(&mut self) -> Journal<'_> {
        Journal { earlier: std::mem::take(&mut self.earlier), store: &mut *self.store, next: self.next }
    }

    /// What earlier runs did: for the run that takes it up.
    pub(crate) fn take_earlier(&mut self) -> Replay {
        std::mem::take(&mut self.earlier)
    }

    /// Writes down what a request is about to do. Its number comes back; the outcomes need it.
    ///
    /// # Errors
    /// Where it cannot be kept: then the request must not leave.
    pub(crate) fn intend(&mut self, writes: Vec<Write>) -> Result<u32, Problem> {
        let request = self.next;
        self.next += 1;
        self.write(&JournalEntry::Intents { request, writes })?;
        Ok(request)
    }

    /// Writes down what the service answered to a request.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub(crate) fn answered(&mut self, request: u32, outcomes: Vec<Outcome>) -> Result<(), Problem> {
        self.write(&JournalEntry::Outcomes { request, outcomes })
    }

    /// Writes an entry down.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub(crate) fn write(&mut self, entry: &JournalEntry) -> Result<(), Problem> {
        let mut line = serde_json::to_vec(entry).map_err(|error| not_kept(&error.to_string()))?;
        line.push(b'\n');
        self.store.append(&line)
    }
}

/// The entries of a journal. Last lines that broke off are none, nor those where another run went on after them.
///
/// # Errors
/// Where another line cannot be read.
pub(crate) fn entries(journal: &[u8]) -> Result<Vec<JournalEntry>, Problem> {
    let lines: Vec<&[u8]> = journal.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let read: Vec<Option<JournalEntry>> =
        lines.iter().map(|line| serde_json::from_slice(line).ok()).collect();
    // Several in a row: a run that broke off before it had written that it went on.
    let broke_off =
        |number: usize| matches!(read[number..].iter().flatten().next(), None | Some(JournalEntry::Reopened));
    match (0..read.len()).find(|&number| read[number].is_none() && !broke_off(number)) {
        Some(number) => Err(damaged(number + 1)),
        None => Ok(read.into_iter().flatten().collect()),
    }
}

fn damaged(line: usize) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!("Line {line} of what this run wrote down cannot be read."),
        "Start a new import of the same package: what is already there is found and not written twice.",
    )
}

fn not_kept(why: &str) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        format!("What the run is about to do cannot be written down: {why}."),
        "Report this to the makers of this program. Nothing was sent after it.",
    )
}

#[cfg(test)]
mod tests {
    use super::{Journal, Outcome, Write, entries};
    use crate::{Pass, RowRef};
    use uuid::Uuid;

    fn create(id: u128) -> Write {
        let id = Uuid::from_u128(id);
        Write::Create { record: RowRef { table: "page".into(), id }, id, pass: Pass::Write }
    }

    #[test]
    fn what_broke_off_is_no_entry_and_another_run_goes_on_after_it() {
        let mut kept = Vec::new();
        let mut journal = Journal::begin(&mut kept);
        let request = journal.intend(vec![create(1)]).unwrap();
        journal.answered(request, vec![Outcome::Done]).unwrap();
        journal.intend(vec![create(2)]).unwrap();
        for cut in 1..kept.len() {
            let earlier = kept[..cut].to_vec();
            let whole = earlier.iter().filter(|byte| **byte == b'\n').count();
            let mut later = earlier.clone();
            let mut journal = Journal::reopen(&earlier, &mut later).unwrap();
            journal.intend(vec![create(3)]).unwrap();
            assert!(entries(&later).unwrap().len() >= whole + 2, "cut at {cut}");
        }
    }

    #[test]
    fn requests_of_a_later_run_have_numbers_of_their_own() {
        let mut kept = Vec::new();
        Journal::begin(&mut kept).intend(vec![create(1)]).unwrap();
        let earlier = kept.clone();
        let mut journal = Journal::reopen(&earlier, &mut kept).unwrap();
        assert_eq!(journal.intend(vec![create(2)]).unwrap(), 1);
        assert_eq!(journal.take_earlier().writes, [(create(1), None)]);
    }

    #[test]
    fn a_line_in_the_middle_that_cannot_be_read_is_told() {
        let mut kept = b"nonsense\n".to_vec();
        Journal::begin(&mut kept).intend(vec![create(1)]).unwrap();
        assert!(entries(&kept).unwrap_err().what.starts_with("Line 1 "));
    }
}
