//! Rows that a record points to: whether the package holds them, and what they are called.

use super::opened::Opened;
use browser::protocol::ViewedRow;
use cmt::{Error, Record, RecordIndex, Spool};
use std::collections::HashMap;
use uuid::Uuid;

/// The records of a package by table and id. Each table is indexed once, when a row of it is first asked for.
pub(super) struct Rows<'a, S> {
    opened: &'a Opened<S>,
    tables: HashMap<String, RecordIndex<'a, S>>,
}

impl<'a, S: Spool> Rows<'a, S> {
    pub(super) fn of(opened: &'a Opened<S>) -> Rows<'a, S> {
        Rows { opened, tables: HashMap::new() }
    }

    /// The record of this id.
    pub(super) fn record(&mut self, table: &str, id: &Uuid) -> Result<Option<Record>, Error> {
        let spooled = &self.opened.spooled;
        self.tables.entry(table.to_owned()).or_insert_with(|| spooled.by_id(table)).record(id)
    }

    /// A row as something points to it. `told`: what it is called there.
    pub(super) fn row(&mut self, table: &str, id: Uuid, told: Option<&str>) -> Result<ViewedRow, Error> {
        let record = self.record(table, &id)?;
        let name = record.as_ref().map(|record| name_of(self.opened, table, record)).unwrap_or_default();
        let name = if name.is_empty() { told.unwrap_or_default().to_owned() } else { name };
        Ok(ViewedRow { table: table.to_owned(), id, name, here: record.is_some() })
    }
}

/// What a record is called; empty: it has no name.
pub(super) fn name_of<S: Spool>(opened: &Opened<S>, table: &str, record: &Record) -> String {
    record.value(opened.name_column(table)).map(cmt::Value::display).unwrap_or_default()
}
