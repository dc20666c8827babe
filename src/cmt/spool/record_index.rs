//! The records of one table, found by id.

use crate::spool::place::{RecordAt, SpooledTable};
use crate::spool::{Spool, SpooledPackage};
use crate::{Error, Record};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use uuid::Uuid;

/// The records of a table by id, over all its listings.
///
/// A file may hold a row twice, with other columns each time (seen where a real package lists a table twice):
/// then the fields of all are one record, and of two values of a column the first counts.
///
/// In memory is one entry an id; the records stay in the spool. A table that the package does not list is an
/// empty index.
pub struct RecordIndex<'a, S> {
    package: &'a SpooledPackage<S>,
    first: HashMap<Uuid, &'a RecordAt>,
    /// Only the few that are repeated.
    repeated: HashMap<Uuid, Vec<&'a RecordAt>>,
}

impl<'a, S: Spool> RecordIndex<'a, S> {
    pub(crate) fn new(package: &'a SpooledPackage<S>, table: &str) -> RecordIndex<'a, S> {
        let mut index = RecordIndex { package, first: HashMap::new(), repeated: HashMap::new() };
        for at in package.listings(table).flat_map(SpooledTable::records) {
            match index.first.entry(at.id) {
                Entry::Vacant(place) => {
                    place.insert(at);
                }
                Entry::Occupied(_) => index.repeated.entry(at.id).or_default().push(at),
            }
        }
        index
    }

    /// The ids of the table's records, each once, in no order.
    pub fn ids(&self) -> impl Iterator<Item = Uuid> {
        self.first.keys().copied()
    }

    /// Whether the table holds a record of this id.
    #[must_use]
    pub fn contains(&self, id: &Uuid) -> bool {
        self.first.contains_key(id)
    }

    /// The record of this id, read from the spool, its fields in file order; `None` where the table has none.
    /// Fields that only a repetition holds stand behind the others.
    ///
    /// # Errors
    /// [`Error::Spool`] when the spool cannot be read any more.
    pub fn record(&self, id: &Uuid) -> Result<Option<Record>, Error> {
        let Some(at) = self.first.get(id) else { return Ok(None) };
        let mut record = self.package.record(at)?;
        for at in self.repeated.get(id).into_iter().flatten() {
            for field in self.package.record(at)?.fields {
                if record.value(&field.column).is_none() {
                    record.fields.push(field);
                }
            }
        }
        Ok(Some(record))
    }
}
