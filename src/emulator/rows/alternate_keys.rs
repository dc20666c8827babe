//! Alternate keys are unique, and find rows.

use super::{Row, RowName};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::{AlternateKey, Table};
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// Refuses a row whose values in the columns of a key another row has already.
    pub(super) fn refuse_taken_keys(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        for (number, key) in described.keys.iter().enumerate() {
            let values: Vec<&Cell> = key.columns.iter().map(|column| self.cell(table, row, column)).collect();
            let others = self.store.rows_by_key(table, number, values.into_iter());
            if others.into_iter().any(|id| id != row.id) {
                return Err(taken(described, key));
            }
        }
        Ok(())
    }

    /// The row that a URL names, if it is there.
    pub(crate) fn find(&self, table: usize, name: &RowName) -> Result<Option<Uuid>, Refusal> {
        match name {
            RowName::Id(id) => Ok(self.store.get(table, *id).map(|row| row.id)),
            RowName::Key { number, values } => {
                let found = self.store.rows_by_key(table, *number, values.iter().map(|(_, cell)| cell));
                if found.len() > 1 {
                    let described = &self.catalog.tables[table];
                    return Err(several(described, &described.keys[*number]));
                }
                Ok(found.first().copied())
            }
        }
    }

    /// The row that a URL names; refused where it is not there.
    pub(crate) fn located(&self, table: usize, name: &RowName) -> Result<Uuid, Refusal> {
        self.find(table, name)?.ok_or_else(|| self.no_such_row(table, name))
    }

    /// What is said of a row that is not there: by id one thing, by key another.
    pub(crate) fn no_such_row(&self, table: usize, name: &RowName) -> Refusal {
        let table = &self.catalog.tables[table].name;
        match name {
            RowName::Id(id) => Refusal::no_row(table, *id),
            RowName::Key { .. } => Refusal::new(
                404,
                "0x80060891",
                format!("A record with the specified key values does not exist in {table} entity"),
            ),
        }
    }
}

/// Status and text as recorded from the Web API; a key's label is not known here, its schema name stands for it.
fn taken(table: &Table, key: &AlternateKey) -> Refusal {
    let labels: Vec<&str> = key
        .columns
        .iter()
        .filter_map(|column| table.column(column))
        .map(|column| column.display_name.as_str())
        .collect();
    let message = format!(
        "Entity Key {} violated. A record with the same value for {} already exists. A duplicate record cannot be \
         created. Select one or more unique values and try again.",
        key.schema_name,
        labels.join(", ")
    );
    Refusal::new(412, "0x80060892", message)
}

/// Only rows that were there before the rules can share a key.
fn several(table: &Table, key: &AlternateKey) -> Refusal {
    let message = format!(
        "More than one record exists for entity {} with entity key involving attributes {}",
        table.name,
        key.columns.join(", ")
    );
    Refusal::new(400, "0x8006089d", message)
}
