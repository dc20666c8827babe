//! Finds the content pages that the service made for root pages of this run, and takes them for the package's.

use super::Run;
use super::ledger::{Doing, Entry, Standing};
use crate::journal::JournalEntry;
use crate::package_index::pointed_row;
use crate::reading::row_id;
use crate::{Problem, RowRef};
use cmt::Value;
use dataverse::{Clock, Query, Transport, ids_filter};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What tells the content pages of a root page apart: columns of `adx_webpage`.
const ROOT: &str = "adx_rootwebpageid";
const LANGUAGE: &str = "adx_webpagelanguageid";
/// Most root pages a question.
const ROOTS: usize = 50;

/// Content pages by root and language.
type Made = HashMap<(Uuid, Uuid), Uuid>;

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Looks for the rows of these entries. Where the service made none, the record's own row is to be created.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn find_made(&mut self, numbers: &[usize]) -> Result<(), Problem> {
        let mut made = Made::new();
        let roots: BTreeSet<Uuid> =
            numbers.iter().filter_map(|&number| Some(self.root_and_language(number)?.0)).collect();
        for roots in roots.into_iter().collect::<Vec<Uuid>>().chunks(ROOTS) {
            self.progress.go_on()?;
            made.extend(self.made_for(numbers, roots).await?);
        }
        for &number in numbers {
            let found = self.root_and_language(number).and_then(|key| made.get(&key)).copied();
            match found {
                Some(id) => self.adopt(number, id)?,
                None => self.ledger.entries[number].doing = Doing::Create,
            }
        }
        Ok(())
    }

    async fn made_for(&self, numbers: &[usize], roots: &[Uuid]) -> Result<Made, Problem> {
        let Some(table) = numbers.iter().find_map(|&n| Some(self.ledger.entries[n].fit?.metadata)) else {
            return Ok(Made::new());
        };
        let [root, language] = [ROOT, LANGUAGE].map(|column| format!("_{column}_value"));
        let query = Query {
            select: vec![table.primary_id.clone(), root.clone(), language.clone()],
            filter: Some(ids_filter(ROOT, roots)),
            ..Query::of(&table.set)
        };
        let page = self.client.page(&query).await?;
        let ids =
            |row| Some(((row_id(row, &root)?, row_id(row, &language)?), row_id(row, &table.primary_id)?));
        Ok(page.rows.iter().filter_map(ids).collect())
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

    /// The target's ids of the record's root page and language.
    fn root_and_language(&self, number: usize) -> Option<(Uuid, Uuid)> {
        let entry = &self.ledger.entries[number];
        let id = |column: &str| Some(self.ledger.target_id(&lookup(entry, column)?));
        Some((id(ROOT)?, id(LANGUAGE)?))
    }
}

fn lookup(entry: &Entry<'_>, column: &str) -> Option<RowRef> {
    match entry.record.value(column)? {
        Value::Lookup(lookup) => Some(pointed_row(lookup, column, entry.fit?.metadata)),
        _ => None,
    }
}
