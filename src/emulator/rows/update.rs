//! Update, and upsert where the request leaves it open.

use super::Row;
use super::body::Changes;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use uuid::Uuid;

/// What the request expects to find: `If-Match` and `If-None-Match`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// Nothing said.
    #[default]
    Any,
    /// `If-Match: *`
    Exists,
    /// `If-None-Match: *`
    Missing,
    /// `If-Match: W/"…"`
    Version(String),
}

impl Expectation {
    /// Refuses where the row is not what the request expects.
    pub(crate) fn check(&self, table: &str, id: Uuid, row: Option<&Row>) -> Result<(), Refusal> {
        match (self, row) {
            (Expectation::Exists | Expectation::Version(_), None) => Err(Refusal::no_row(table, id)),
            (Expectation::Missing, Some(_)) => {
                Err(Refusal::new(412, "0x80040237", "A record with matching key values already exists."))
            }
            (Expectation::Version(expected), Some(row)) if *expected != etag(row) => Err(Refusal::new(
                412,
                "0x80060882",
                "The version of the existing record doesn't match the RowVersion property provided.",
            )),
            _ => Ok(()),
        }
    }
}

/// `W/"1000042"`
pub(crate) fn etag(row: &Row) -> String {
    format!("W/\"{}\"", row.version)
}

impl Environment {
    /// Changes a row that is there.
    pub(crate) fn update(&mut self, table: usize, id: Uuid, changes: &Changes) -> Result<(), Refusal> {
        let name = &self.catalog.tables[table].name;
        let before = self.store.get(table, id).cloned().ok_or_else(|| Refusal::no_row(name, id))?;
        let mut row = before.clone();
        for (position, cell) in &changes.cells {
            row.cells[*position] = cell.clone();
        }
        self.set_state_on_update(table, &mut row, &before, changes)?;
        self.set(table, &mut row, "modifiedon", Cell::Instant(self.now()));
        self.set(table, &mut row, "modifiedby", self.caller());
        self.derive(table, &mut row, Some(&before))?;
        self.refuse_row(table, &row, Some(&before))?;
        self.store.put(table, row);
        if let Some(parties) = &changes.parties {
            self.replace_parties(table, id, parties)?;
        }
        Ok(())
    }
}
