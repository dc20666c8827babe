//! Finds the rows that the service made with rows of this run, and takes them for the package's: content pages of root
//! pages, base units of unit groups, default teams of business units.

use super::Run;
use super::ledger::{Doing, Entry, Standing};
use crate::journal::JournalEntry;
use crate::package_index::pointed_row;
use crate::planning::found_by;
use crate::reading::row_id;
use crate::values::{is_lookup, property};
use crate::{Problem, RowRef};
use cmt::Value;
use dataverse::{Clock, Query, Transport};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Most rows a question asks for the companions of.
const WITH: usize = 50;

/// What tells a made row apart: the rows that its lookups lead to.
type Key = Vec<Uuid>;

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Looks for the rows of these entries. Where the service made none, the record's own row is to be created.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn find_made(&mut self, numbers: &[usize]) -> Result<(), Problem> {
        let mut by_table: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &number in numbers {
            by_table.entry(self.ledger.entries[number].at.table).or_default().push(number);
        }
        for numbers in by_table.into_values() {
            let made = self.made_for(&numbers).await?;
            for number in numbers {
                match self.key(number).and_then(|key| made.get(&key)).copied() {
                    Some(id) => self.adopt(number, id)?,
                    None => self.ledger.entries[number].doing = Doing::Create,
                }
            }
        }
        Ok(())
    }

    /// The rows that the service made in the table of these entries, with what the entries hang on.
    async fn made_for(&mut self, numbers: &[usize]) -> Result<HashMap<Key, Uuid>, Problem> {
        let mut made = HashMap::new();
        let Some(fit) = numbers.first().and_then(|&number| self.ledger.entries[number].fit) else {
            return Ok(made);
        };
        let table = fit.metadata;
        let columns: Vec<_> =
            found_by(&table.name).iter().filter_map(|column| table.column(column)).collect();
        let (lookups, yes): (Vec<_>, Vec<_>) = columns.into_iter().partition(|column| is_lookup(column.kind));
        let lookups: Vec<String> = lookups.into_iter().map(property).collect();
        let Some(with) = lookups.first() else { return Ok(made) };
        let hung_on: BTreeSet<Uuid> =
            numbers.iter().filter_map(|&number| self.key(number)?.first().copied()).collect();
        for hung_on in hung_on.into_iter().collect::<Vec<Uuid>>().chunks(WITH) {
            self.progress.go_on()?;
            let any: Vec<String> = hung_on.iter().map(|id| format!("{with} eq {id}")).collect();
            let yes = yes.iter().map(|column| format!(" and {} eq true", column.name));
            let query = Query {
                select: std::iter::once(&table.primary_id).chain(&lookups).cloned().collect(),
                filter: Some(format!("({}){}", any.join(" or "), yes.collect::<String>())),
                ..Query::of(&table.set)
            };
            for row in self.client.page(&query).await?.rows {
                let key: Option<Key> = lookups.iter().map(|column| row_id(&row, column)).collect();
                made.extend(key.zip(row_id(&row, &table.primary_id)));
            }
        }
        Ok(made)
    }

    /// The record is the row that the service made: written down first, since everything that follows goes there.
    fn adopt(&mut self, number: usize, id: Uuid) -> Result<(), Problem> {
        let record = self.ledger.entries[number].row();
        self.journal.write(&JournalEntry::Adopted { record, id })?;
        self.takes(number, id);
        Ok(())
    }

    /// From now on the record is that row.
    pub(super) fn takes(&mut self, number: usize, id: Uuid) {
        self.ledger.moves(number, id);
        let entry = &mut self.ledger.entries[number];
        entry.exists = true;
        entry.doing = Doing::Change(Vec::new());
        entry.standing = Standing::Waiting;
    }

    /// The target's ids of the rows that tell the record apart.
    fn key(&self, number: usize) -> Option<Key> {
        let entry = &self.ledger.entries[number];
        let table = entry.fit?.metadata;
        let is_lookup = |column: &&&str| table.column(column).is_some_and(|column| is_lookup(column.kind));
        let lookups = found_by(entry.table).iter().filter(is_lookup);
        lookups.map(|column| Some(self.ledger.target_id(&lookup(entry, column)?))).collect()
    }
}

fn lookup(entry: &Entry<'_>, column: &str) -> Option<RowRef> {
    match entry.record.value(column)? {
        Value::Lookup(lookup) => Some(pointed_row(lookup, column, entry.fit?.metadata)),
        _ => None,
    }
}
