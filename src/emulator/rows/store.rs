//! Where rows are kept.

use super::generated::{Generated, GeneratedTable};
use super::key_index::KeyIndex;
use super::made::Made;
use crate::tables::{Catalog, Table};
use crate::values::Cell;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::ops::{Bound, Range};
use uuid::Uuid;

/// An id in the order of SQL Server's `uniqueidentifier`, in which rows come without `$orderby`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key([u8; 16]);

impl Key {
    pub(crate) fn of(id: Uuid) -> Key {
        const ORDER: [usize; 16] = [10, 11, 12, 13, 14, 15, 8, 9, 7, 6, 5, 4, 3, 2, 1, 0];
        let bytes = id.as_bytes();
        Key(ORDER.map(|position| bytes[position]))
    }
}

/// A row; its cells stand in the order of its table's columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    /// `versionnumber`, the number in the ETag.
    pub(crate) version: u64,
    pub(crate) cells: Vec<Cell>,
}

/// The links of one many-to-many relationship: pair of ids -> row of the intersect table.
type Pairs = BTreeMap<(Uuid, Uuid), Uuid>;

/// All rows. Every change goes through [`Store::put`] or [`Store::remove`] and can be undone until it is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    tables: Vec<BTreeMap<Key, Row>>,
    /// Intersect table -> where its two ids stand, and its pairs.
    pairs: HashMap<usize, ((usize, usize), Pairs)>,
    /// By table; the indexes stand in the order of its alternate keys.
    keys: HashMap<usize, Vec<KeyIndex>>,
    /// Where `versionnumber` stands, by table.
    version_columns: Vec<Option<usize>>,
    version: u64,
    /// Rows that are gone and the version they went with, by table: change tracking tells of them.
    graves: Vec<BTreeMap<Key, Grave>>,
    undo: Vec<Change>,
    /// Tables whose rows are made when they are read.
    generated: BTreeMap<usize, GeneratedTable>,
    /// Columns whose values are not seen at present, by table.
    hidden: BTreeMap<usize, Vec<usize>>,
    /// What was made for this request.
    made: Made,
}

/// Where reading a table begins and which way it goes; by default all of it, in its order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Course {
    /// The last row of the page before.
    pub(crate) after: Option<Uuid>,
    pub(crate) backwards: bool,
    /// Of a generated table: the only rows that are looked at.
    pub(crate) numbers: Option<Range<u64>>,
}

/// A row that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grave {
    pub(crate) id: Uuid,
    /// The version that the deletion took.
    pub(crate) version: u64,
}

/// What was there before a change.
#[derive(Clone, Debug)]
struct Change {
    table: usize,
    key: Key,
    row: Option<Row>,
    grave: Option<Grave>,
}

/// What is saved of a store.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedStore {
    version: u64,
    tables: Vec<Vec<Row>>,
    graves: Vec<Vec<Grave>>,
    #[serde(default)]
    generated: BTreeMap<usize, Generated>,
}

impl SavedStore {
    /// The rows of a table without one of its columns.
    pub(crate) fn without_column(&mut self, table: usize, column: usize) {
        for row in self.tables.get_mut(table).into_iter().flatten() {
            row.cells.remove(column);
        }
        let text = self.generated.get_mut(&table).map(|generated| &mut generated.text);
        if let Some(text) = text {
            *text = text
                .filter(|(at, _)| *at != column)
                .map(|(at, length)| (at - usize::from(at > column), length));
        }
    }

    /// Without a table, whose place the next one takes.
    pub(crate) fn without_table(&mut self, table: usize) {
        self.tables.remove(table);
        self.graves.remove(table);
        let generated = std::mem::take(&mut self.generated).into_iter().filter(|(at, _)| *at != table);
        self.generated = generated.map(|(at, said)| (at - usize::from(at > table), said)).collect();
    }
}

impl Store {
    pub(crate) fn new(catalog: &Catalog) -> Store {
        let mut pairs = HashMap::new();
        for relationship in &catalog.many_to_many {
            let Some(table) = catalog.position(&relationship.intersect) else { continue };
            let position = |column: &str| catalog.tables[table].position(column);
            let columns = position(&relationship.first.column).zip(position(&relationship.second.column));
            if let Some(columns) = columns {
                pairs.insert(table, (columns, Pairs::new()));
            }
        }
        let indexes = |table: &Table| table.keys.iter().map(|key| KeyIndex::new(table, key)).collect();
        let keyed = catalog.tables.iter().enumerate().filter(|(_, table)| !table.keys.is_empty());
        let keys = keyed.map(|(position, table)| (position, indexes(table))).collect();
        let version_columns = catalog.tables.iter().map(|table| table.position("versionnumber")).collect();
        let tables = vec![BTreeMap::new(); catalog.tables.len()];
        let graves = vec![BTreeMap::new(); catalog.tables.len()];
        // Recorded organizations are in the millions: an environment is never new.
        Store {
            tables,
            pairs,
            keys,
            version_columns,
            version: 1_000_000,
            graves,
            undo: Vec::new(),
            generated: BTreeMap::new(),
            hidden: BTreeMap::new(),
            made: Made::default(),
        }
    }

    pub(crate) fn get(&self, table: usize, id: Uuid) -> Option<&Row> {
        match self.generated.get(&table) {
            Some(generated) => {
                let number = generated.number(id)?;
                self.made.add(|| self.veil(table, generated.row(number)))
            }
            None => self.seen(table, self.tables[table].get(&Key::of(id))?),
        }
    }

    /// All rows of a table in their default order.
    pub(crate) fn rows(&self, table: usize) -> impl Iterator<Item = &Row> {
        self.rows_from(table, Course::default())
    }

    /// The rows of a table from where the course begins. What does not come first is not touched.
    pub(crate) fn rows_from(&self, table: usize, course: Course) -> impl Iterator<Item = &Row> {
        let backwards = course.backwards;
        let after = course.after.map_or(Bound::Unbounded, |id| Bound::Excluded(Key::of(id)));
        let bounds = if backwards { (Bound::Unbounded, after) } else { (after, Bound::Unbounded) };
        let range = self.tables[table].range(bounds);
        let (there, back) = if backwards { (None, Some(range.rev())) } else { (Some(range), None) };
        let kept = there.into_iter().flatten().chain(back.into_iter().flatten()).map(|(_, row)| row);
        let generated = self.generated.get(&table).map(|generated| (generated, generated.numbers(&course)));
        let generated = generated.into_iter().flat_map(move |(generated, numbers)| {
            let number =
                move |step: u64| if backwards { numbers.end - 1 - step } else { numbers.start + step };
            (0..numbers.end.saturating_sub(numbers.start)).map(move |step| (generated, number(step)))
        });
        let kept = kept.map_while(move |row| self.seen(table, row));
        let make = move |(generated, number): (&GeneratedTable, u64)| {
            self.made.add(|| self.veil(table, generated.row(number)))
        };
        kept.chain(generated.map_while(make))
    }

    /// Hides values until it is told otherwise: they are read as if they were not there.
    pub(crate) fn hide(&mut self, columns: BTreeMap<usize, Vec<usize>>) {
        self.hidden = columns;
    }

    /// The row without what is hidden of it; `None` where too many were made.
    fn seen<'a>(&'a self, table: usize, row: &'a Row) -> Option<&'a Row> {
        if self.hidden.contains_key(&table) {
            self.made.add(|| self.veil(table, row.clone()))
        } else {
            Some(row)
        }
    }

    fn veil(&self, table: usize, mut row: Row) -> Row {
        for column in self.hidden.get(&table).into_iter().flatten() {
            row.cells[*column] = Cell::Empty;
        }
        row
    }

    /// What is said of a generated table; `None` where it is an ordinary one.
    pub(crate) fn generated(&self, table: usize) -> Option<&GeneratedTable> {
        self.generated.get(&table)
    }

    /// Lets a table have generated rows.
    pub(crate) fn generate(&mut self, table: usize, described: &Table, mut said: Generated) {
        said.first_version = self.version + 1;
        self.version += said.rows;
        self.generated.insert(table, GeneratedTable::new(described, said));
    }

    /// Forgets the rows that were made for a request.
    pub(crate) fn forget_made(&mut self) {
        self.made = Made::default();
    }

    /// Whether a request wanted more generated rows than are made for one.
    pub(crate) fn fell_short(&self) -> bool {
        self.made.fell_short()
    }

    pub(crate) fn count(&self, table: usize) -> usize {
        let generated = self.generated.get(&table).map_or(0, GeneratedTable::rows);
        self.tables[table].len() + usize::try_from(generated).unwrap_or(usize::MAX)
    }

    /// Adds or replaces a row and gives it the next version.
    pub(crate) fn put(&mut self, table: usize, mut row: Row) {
        self.version += 1;
        row.version = self.version;
        if let (Some(column), Ok(version)) = (self.version_columns[table], i64::try_from(self.version)) {
            row.cells[column] = Cell::Integer(version);
        }
        self.change(table, Key::of(row.id), Some(row), None);
    }

    /// Takes a row away and remembers when.
    pub(crate) fn remove(&mut self, table: usize, id: Uuid) {
        self.version += 1;
        let key = Key::of(id);
        let grave = self.tables[table].contains_key(&key).then_some(Grave { id, version: self.version });
        self.change(table, key, None, grave);
    }

    /// The version of the latest change.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The rows of a table that were deleted after that version, in the order of their deletion.
    pub(crate) fn deleted_since(&self, table: usize, version: u64) -> Vec<Grave> {
        let mut graves: Vec<Grave> =
            self.graves[table].values().filter(|grave| grave.version > version).copied().collect();
        graves.sort_by_key(|grave| grave.version);
        graves
    }

    /// The row of the intersect table that links the two.
    pub(crate) fn link(&self, intersect: usize, first: Uuid, second: Uuid) -> Option<Uuid> {
        self.pairs.get(&intersect)?.1.get(&(first, second)).copied()
    }

    /// Where an intersect table holds the ids of its first and second side.
    pub(crate) fn pair_columns(&self, intersect: usize) -> Option<(usize, usize)> {
        self.pairs.get(&intersect).map(|(columns, _)| *columns)
    }

    /// The linked pairs of a relationship.
    pub(crate) fn links(&self, intersect: usize) -> impl Iterator<Item = (Uuid, Uuid)> {
        self.pairs.get(&intersect).into_iter().flat_map(|(_, pairs)| pairs.keys().copied())
    }

    /// The rows with these values in the columns of an alternate key; `number` counts the table's keys.
    pub(crate) fn rows_by_key<'a>(
        &self,
        table: usize,
        number: usize,
        values: impl Iterator<Item = &'a Cell>,
    ) -> Vec<Uuid> {
        let index = self.keys.get(&table).and_then(|indexes| indexes.get(number));
        let found = index.map_or_else(Vec::new, |index| index.find(values));
        found.iter().filter_map(|key| self.tables[table].get(key)).map(|row| row.id).collect()
    }

    /// Where the changes stand now, for [`Store::undo_to`].
    pub(crate) fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Takes back all changes since the mark.
    pub(crate) fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some(Change { table, key, row, grave }) = self.undo.pop() {
                self.replace(table, key, row, grave);
            }
        }
    }

    /// Keeps all changes.
    pub(crate) fn keep(&mut self) {
        self.undo.clear();
        self.forget_made();
    }

    /// Replaces what stands at the key, to be undone until it is kept.
    fn change(&mut self, table: usize, key: Key, row: Option<Row>, grave: Option<Grave>) {
        let (row, grave) = self.replace(table, key, row, grave);
        self.undo.push(Change { table, key, row, grave });
    }

    /// Puts a row or a grave at the key, or nothing; what was there before.
    fn replace(
        &mut self,
        table: usize,
        key: Key,
        row: Option<Row>,
        grave: Option<Grave>,
    ) -> (Option<Row>, Option<Grave>) {
        let added = row.clone();
        let before = match row {
            Some(row) => self.tables[table].insert(key, row),
            None => self.tables[table].remove(&key),
        };
        let buried = match grave {
            Some(grave) => self.graves[table].insert(key, grave),
            None => self.graves[table].remove(&key),
        };
        for index in self.keys.get_mut(&table).into_iter().flatten() {
            before.iter().for_each(|row| index.remove(row));
            added.iter().for_each(|row| index.add(row));
        }
        self.move_pair(table, before.as_ref(), added.as_ref());
        (before, buried)
    }

    /// Keeps the pairs of an intersect table in step with its rows.
    fn move_pair(&mut self, table: usize, before: Option<&Row>, added: Option<&Row>) {
        let Some((columns, pairs)) = self.pairs.get_mut(&table) else { return };
        let pair = |row: &Row| Some((row.cells[columns.0].id()?, row.cells[columns.1].id()?));
        if let Some(pair) = before.and_then(pair) {
            pairs.remove(&pair);
        }
        if let Some((row, pair)) = added.and_then(|row| Some((row.id, pair(row)?))) {
            pairs.insert(pair, row);
        }
    }

    pub(crate) fn save(&self) -> SavedStore {
        let tables = self.tables.iter().map(|rows| rows.values().cloned().collect()).collect();
        let graves = self.graves.iter().map(|graves| graves.values().copied().collect()).collect();
        let generated = self.generated.iter().map(|(table, generated)| (*table, generated.said.clone()));
        SavedStore { version: self.version, tables, graves, generated: generated.collect() }
    }

    pub(crate) fn restore(catalog: &Catalog, saved: SavedStore) -> Store {
        let mut store = Store::new(catalog);
        for (table, rows) in saved.tables.into_iter().enumerate().take(catalog.tables.len()) {
            for row in rows {
                store.replace(table, Key::of(row.id), Some(row), None);
            }
        }
        for (table, graves) in saved.graves.into_iter().enumerate().take(catalog.tables.len()) {
            for grave in graves {
                store.graves[table].insert(Key::of(grave.id), grave);
            }
        }
        for (table, said) in saved.generated {
            if let Some(described) = catalog.tables.get(table) {
                store.generated.insert(table, GeneratedTable::new(described, said));
            }
        }
        store.version = saved.version;
        store
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_as_sql_server_does() {
        let ids = [
            "00000000-0000-0000-0000-010000000000",
            "00000000-0000-0000-0001-000000000000",
            "00000000-0000-0100-0000-000000000000",
            "00000000-0000-0001-0000-000000000000",
            "01000000-0000-0000-0000-000000000000",
        ];
        let keys: Vec<Key> = ids.iter().map(|id| Key::of(Uuid::try_parse(id).unwrap())).collect();
        // The node counts most, then the clock sequence, then the time fields, each from its last byte.
        assert!(keys[0] > keys[1] && keys[1] > keys[3] && keys[3] > keys[2] && keys[2] > keys[4]);
    }
}
