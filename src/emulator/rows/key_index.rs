//! Which rows have which values in the columns of an alternate key.

use super::{Key, Row};
use crate::tables::{AlternateKey, Table};
use crate::values::Cell;
use std::collections::{BTreeSet, HashMap};

/// The rows of one table by their values of one alternate key.
#[derive(Clone, Debug)]
pub(super) struct KeyIndex {
    columns: Vec<usize>,
    rows: HashMap<Vec<String>, BTreeSet<Key>>,
}

impl KeyIndex {
    /// The index of a key whose columns the table has.
    pub(super) fn new(table: &Table, key: &AlternateKey) -> KeyIndex {
        let columns = key.columns.iter().filter_map(|column| table.position(column)).collect();
        KeyIndex { columns, rows: HashMap::new() }
    }

    pub(super) fn add(&mut self, row: &Row) {
        if let Some(values) = self.values(row) {
            self.rows.entry(values).or_default().insert(Key::of(row.id));
        }
    }

    pub(super) fn remove(&mut self, row: &Row) {
        let Some(values) = self.values(row) else { return };
        let Some(rows) = self.rows.get_mut(&values) else { return };
        rows.remove(&Key::of(row.id));
        if rows.is_empty() {
            self.rows.remove(&values);
        }
    }

    /// The rows with these values, which stand in the order of the key's columns.
    pub(super) fn find<'a>(&self, values: impl Iterator<Item = &'a Cell>) -> Vec<Key> {
        let values: Option<Vec<String>> = values.map(comparable).collect();
        let rows = values.and_then(|values| self.rows.get(&values));
        rows.map_or_else(Vec::new, |rows| rows.iter().copied().collect())
    }

    /// `None` where one is missing: Microsoft's page on alternate keys says that rows without a value in the key
    /// are not compared.
    fn values(&self, row: &Row) -> Option<Vec<String>> {
        self.columns.iter().map(|column| comparable(&row.cells[*column])).collect()
    }
}

/// The text that equal values share. Upper and lower case are equal, as a recorded refusal of `zzabc` beside
/// `ZZABC` shows.
fn comparable(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Empty => None,
        Cell::Text(text) => Some(text.to_lowercase()),
        other => Some(other.to_json().to_string()),
    }
}
