//! Puts rows into the format's order, however many they are: each page is sorted as it comes and laid down, and the
//! package is the merge of the pages. In memory is one page, and then at most 16 MB of all.

use cmt::{Spool, sql_server_order};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::io;
use std::ops::Range;
use uuid::Uuid;

/// So much of a page is read ahead; less where there are many.
const AHEAD: usize = 1 << 16;
/// So much of all of them.
const ALL_AHEAD: usize = 16 << 20;
/// An entry's id and the length of its text.
const HEAD: usize = 16 + 4;

/// Rows as they were laid down together, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SortedRun(Range<u64>);

/// Where rows are laid down. Nothing is taken back.
#[derive(Debug)]
pub(super) struct LaidDown<S> {
    spool: S,
    end: u64,
}

/// Texts of rows in no order.
#[derive(Debug, Default)]
pub(super) struct Loose {
    text: Vec<u8>,
    rows: Vec<(Uuid, Range<usize>)>,
}

impl Loose {
    pub(super) fn add(&mut self, id: Uuid, text: &[u8]) {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        self.rows.push((id, start..self.text.len()));
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn sorted(mut self) -> io::Result<Vec<u8>> {
        self.rows.sort_by(|(a, _), (b, _)| sql_server_order(a, b));
        let mut bytes = Vec::with_capacity(self.text.len() + self.rows.len() * HEAD);
        for (id, place) in self.rows {
            let length = u32::try_from(place.len()).map_err(io::Error::other)?;
            bytes.extend_from_slice(id.as_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(&self.text[place]);
        }
        Ok(bytes)
    }
}

impl<S: Spool> LaidDown<S> {
    pub(super) fn new(spool: S) -> LaidDown<S> {
        LaidDown { spool, end: 0 }
    }

    /// # Errors
    /// There is no more room.
    pub(super) fn rows(&mut self, rows: Loose) -> io::Result<SortedRun> {
        Ok(SortedRun(self.bytes(&rows.sorted()?)?))
    }

    /// Lays down anything; where it lies now.
    ///
    /// # Errors
    /// There is no more room.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<Range<u64>> {
        self.spool.append(bytes)?;
        let start = self.end;
        self.end += bytes.len() as u64;
        Ok(start..self.end)
    }

    /// What lies there.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub(super) fn read(&self, place: &Range<u64>) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(place.end - place.start).map_err(io::Error::other)?];
        self.spool.read_at(place.start, &mut bytes)?;
        Ok(bytes)
    }

    /// The rows of all these runs, in order, each id once.
    ///
    /// # Errors
    /// They cannot be read any more.
    pub(super) fn merged(&self, runs: &[SortedRun]) -> io::Result<Merge<'_, S>> {
        let ahead = (ALL_AHEAD / runs.len().max(1)).clamp(HEAD, AHEAD);
        let mut merge = Merge { spool: &self.spool, fronts: BinaryHeap::new(), ahead };
        for (number, run) in runs.iter().enumerate() {
            merge.push(Reading { number, left: run.0.clone(), ahead: Vec::new(), used: 0 })?;
        }
        Ok(merge)
    }
}

/// Takes the first of all runs again and again.
pub(super) struct Merge<'s, S> {
    spool: &'s S,
    fronts: BinaryHeap<Front>,
    /// So many bytes of a page are read ahead.
    ahead: usize,
}

/// A row in its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) id: Uuid,
    pub(super) text: Vec<u8>,
    /// It was read more than once, and not always as the same: the newest reading counts.
    pub(super) changed: bool,
}

impl<S: Spool> Merge<'_, S> {
    /// The next row.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub(super) fn next(&mut self) -> io::Result<Option<Placed>> {
        let Some(front) = self.fronts.pop() else { return Ok(None) };
        let mut row = Placed { id: front.id, text: self.take(front)?, changed: false };
        while self.fronts.peek().is_some_and(|front| front.id == row.id)
            && let Some(again) = self.fronts.pop()
        {
            row.changed |= self.take(again)? != row.text;
        }
        Ok(Some(row))
    }

    /// The text of a row; the next of its run steps in front.
    fn take(&mut self, front: Front) -> io::Result<Vec<u8>> {
        let mut run = front.run;
        let text = run.take(front.length, self.spool, self.ahead)?;
        self.push(run)?;
        Ok(text)
    }

    fn push(&mut self, mut run: Reading) -> io::Result<()> {
        if let Some((id, length)) = run.next(self.spool, self.ahead)? {
            self.fronts.push(Front { id, length, run });
        }
        Ok(())
    }
}

/// The first row of a run that is not taken. Its text is read when its turn comes: it may be long, and runs many.
struct Front {
    id: Uuid,
    length: usize,
    run: Reading,
}

/// The heap gives the greatest: that is the first id, and of one id the run that was read last.
impl Ord for Front {
    fn cmp(&self, other: &Self) -> Ordering {
        sql_server_order(&other.id, &self.id).then(self.run.number.cmp(&other.run.number))
    }
}

impl PartialOrd for Front {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Front {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Front {}

/// A run that is being read.
struct Reading {
    number: usize,
    /// What is still in the spool.
    left: Range<u64>,
    ahead: Vec<u8>,
    /// So much of `ahead` is taken.
    used: usize,
}

impl Reading {
    fn next(&mut self, spool: &impl Spool, ahead: usize) -> io::Result<Option<(Uuid, usize)>> {
        if self.used == self.ahead.len() && self.left.is_empty() {
            return Ok(None);
        }
        let head = self.take(HEAD, spool, ahead)?;
        let (id, length) = head.split_at(16);
        let id = Uuid::from_slice(id).map_err(io::Error::other)?;
        let length = u32::from_le_bytes(length.try_into().map_err(io::Error::other)?);
        Ok(Some((id, length as usize)))
    }

    fn take(&mut self, length: usize, spool: &impl Spool, ahead: usize) -> io::Result<Vec<u8>> {
        let known = self.ahead.len() - self.used;
        if known < length {
            let left = usize::try_from(self.left.end - self.left.start).map_err(io::Error::other)?;
            let mut bytes = self.ahead.split_off(self.used);
            bytes.resize(known + left.min(ahead.max(length - known)), 0);
            spool.read_at(self.left.start, &mut bytes[known..])?;
            self.left.start += (bytes.len() - known) as u64;
            (self.ahead, self.used) = (bytes, 0);
        }
        let end = self.used + length;
        let taken = self.ahead.get(self.used..end).ok_or(io::ErrorKind::UnexpectedEof)?.to_vec();
        self.used = end;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::{LaidDown, Loose, Placed};
    use cmt::sql_server_order;
    use std::io;
    use uuid::Uuid;

    fn loose(rows: &[(u128, &str)]) -> Loose {
        let mut loose = Loose::default();
        rows.iter().for_each(|(id, text)| loose.add(Uuid::from_u128(*id), text.as_bytes()));
        loose
    }

    fn merged(pages: &[&[(u128, &str)]]) -> Vec<(u128, String, bool)> {
        let mut laid_down = LaidDown::new(Vec::new());
        let runs: Vec<_> = pages.iter().map(|page| laid_down.rows(loose(page)).unwrap()).collect();
        let mut merge = laid_down.merged(&runs).unwrap();
        let text = |row: Placed| (row.id.as_u128(), String::from_utf8(row.text).unwrap(), row.changed);
        std::iter::from_fn(|| merge.next().unwrap()).map(text).collect()
    }

    #[test]
    fn pages_in_any_order_become_one_in_the_formats_order() {
        // The last bytes of an id come first.
        let (first, second, third) = (9 << 100, 1, 2);
        let rows = merged(&[&[(third, "c"), (second, "b")], &[], &[(first, "a")]]);
        let expected = [(first, "a"), (second, "b"), (third, "c")];
        assert_eq!(rows, expected.map(|(id, text)| (id, text.to_owned(), false)));
    }

    #[test]
    fn a_row_that_was_read_twice_is_there_once_and_the_newest_reading_counts() {
        let rows = merged(&[&[(1, "old"), (2, "same")], &[(1, "new"), (2, "same")]]);
        assert_eq!(rows, [(1, "new".to_owned(), true), (2, "same".to_owned(), false)]);
    }

    #[test]
    fn many_pages_with_rows_of_any_length_are_merged_whole() {
        let mut laid_down = LaidDown::new(Vec::new());
        let mut expected = Vec::new();
        let runs: Vec<_> = (0..7_u128)
            .map(|page| {
                let mut rows = Loose::default();
                for row in 0..60_u128 {
                    let id = Uuid::from_u128((row * 7 + page).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060));
                    let text = vec![b'x'; (row * row * 50) as usize];
                    rows.add(id, &text);
                    expected.push((id, text.len()));
                }
                laid_down.rows(rows).unwrap()
            })
            .collect();
        expected.sort_by(|(a, _), (b, _)| sql_server_order(a, b));
        let mut merge = laid_down.merged(&runs).unwrap();
        let found: Vec<_> =
            std::iter::from_fn(|| merge.next().unwrap()).map(|row| (row.id, row.text.len())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_was_laid_down_is_read_again_and_a_full_disk_is_told() {
        struct Full;
        impl cmt::Spool for Full {
            fn append(&mut self, _: &[u8]) -> io::Result<()> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<()> {
                Err(io::ErrorKind::NotFound.into())
            }
        }
        let mut laid_down = LaidDown::new(Vec::new());
        laid_down.bytes(b"one").unwrap();
        let place = laid_down.bytes(b"two").unwrap();
        assert_eq!(laid_down.read(&place).unwrap(), b"two");
        let error = LaidDown::new(Full).rows(loose(&[(1, "a")])).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}
