//! Which columns of a table have a value in any record: only those are worth a place on screen.

use super::opened::Opened;
use browser::protocol::ViewedColumn;
use cmt::{Error, Spool, Value};
use std::collections::HashSet;

/// The columns of a table that have values, as far as its records were looked at.
#[derive(Clone, Debug)]
pub(super) struct FilledColumns {
    table: String,
    /// So many records were looked at.
    looked: usize,
    names: HashSet<String>,
    /// Those that only the data names, as they come.
    others: Vec<String>,
}

impl FilledColumns {
    /// Nothing is known of the table yet.
    pub(super) fn unknown(table: &str) -> FilledColumns {
        FilledColumns { table: table.to_owned(), looked: 0, names: HashSet::new(), others: Vec::new() }
    }

    /// Looks at some more records; whether there are others.
    pub(super) fn look<S: Spool>(&mut self, opened: &Opened<S>, records: usize) -> Result<bool, Error> {
        let schema = opened.spooled.schema().table(&self.table);
        let mut looked = 0;
        for at in opened.places(&self.table).skip(self.looked).take(records) {
            looked += 1;
            for field in opened.spooled.record(at)?.fields {
                if field.value == Value::Empty || self.names.contains(&field.column) {
                    continue;
                }
                if schema.is_none_or(|table| table.column(&field.column).is_none()) {
                    self.others.push(field.column.clone());
                }
                self.names.insert(field.column);
            }
        }
        self.looked += looked;
        Ok(looked == records)
    }

    /// The name column first, then in the schema's order; the id stands beside them.
    pub(super) fn in_order<S: Spool>(&self, opened: &Opened<S>) -> Vec<ViewedColumn> {
        let schema = opened.spooled.schema().table(&self.table);
        let (name, id) = schema.map_or(("", ""), |table| (&table.primary_name, &table.primary_id));
        let of_schema = schema.map(|table| table.columns.as_slice()).unwrap_or_default();
        let known = of_schema.iter().map(|c| (c.name.as_str(), c.display_name.as_str()));
        let others = self.others.iter().map(|name| (name.as_str(), name.as_str()));
        let mut columns: Vec<ViewedColumn> = known
            .chain(others)
            .filter(|(column, _)| *column != id && self.names.contains(*column))
            .map(|(name, label)| ViewedColumn { name: name.to_owned(), label: label.to_owned() })
            .collect();
        // A stable sort: all others stay as they are.
        columns.sort_by_key(|column| column.name != name);
        columns
    }
}
