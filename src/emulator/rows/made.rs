//! Rows that are made while a request is answered and forgotten with the next one.

use super::Row;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More than this is not made for one request: enough for the rows of an aggregate and a page beside them.
const MOST: usize = 60_000;
/// Shelves double in size; so many hold more than [`MOST`].
const SHELVES: usize = 16;

/// A place for rows that only grows, so that what was put there can be lent out while more is added.
#[derive(Debug, Default)]
pub(super) struct Made {
    shelves: [OnceLock<Box<[OnceLock<Row>]>>; SHELVES],
    count: AtomicUsize,
}

impl Made {
    /// Keeps a row; `None` where there are too many.
    pub(super) fn add(&self, make: impl FnOnce() -> Row) -> Option<&Row> {
        let number = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        if number > MOST {
            return None;
        }
        let shelf = usize::try_from(number.ilog2()).ok()?;
        let size = 1_usize << shelf;
        let rows = self.shelves.get(shelf)?.get_or_init(|| (0..size).map(|_| OnceLock::new()).collect());
        Some(rows.get(number - size)?.get_or_init(make))
    }

    /// Whether more was wanted than is made: what was found is not all then.
    pub(super) fn fell_short(&self) -> bool {
        self.count.load(Ordering::Relaxed) > MOST
    }
}

/// What is made for one environment is not another's.
impl Clone for Made {
    fn clone(&self) -> Made {
        Made::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn rows_stay_where_they_are_until_there_are_too_many() {
        let made = Made::default();
        let row = |number: u128| Row { id: Uuid::from_u128(number), version: 1, cells: Vec::new() };
        let rows: Vec<&Row> = (0..MOST as u128).map(|number| made.add(|| row(number)).unwrap()).collect();
        assert!(rows.iter().zip(0..).all(|(row, number)| row.id.as_u128() == number));
        assert!(!made.fell_short());
        assert!(made.add(|| row(0)).is_none() && made.fell_short());
    }
}
