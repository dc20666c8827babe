//! Text in any value of any record.

use super::opened::Opened;
use super::values::is_content;
use cmt::{Error, Record, RecordAt, Spool, Value};
use migration::is_secret;

/// A search under way.
pub(super) struct Search {
    /// In lower case.
    text: String,
    tables: Vec<String>,
    /// The table that is being looked through, and how many of its records were.
    at: (usize, usize),
    found: Vec<(String, Vec<RecordAt>)>,
}

/// What a search found.
#[derive(Default)]
pub(super) struct Found {
    text: String,
    tables: Vec<(String, Vec<RecordAt>)>,
}

impl Search {
    pub(super) fn of(text: &str, tables: Vec<String>) -> Search {
        Search { text: plain(text), tables, at: (0, 0), found: Vec::new() }
    }

    /// Looks at some more records; whether there are others.
    pub(super) fn look<S: Spool>(&mut self, opened: &Opened<S>, mut records: usize) -> Result<bool, Error> {
        while let Some(table) = self.tables.get(self.at.0).cloned() {
            let looked = self.look_at_table(opened, &table, records)?;
            if looked == records {
                self.at.1 += looked;
                return Ok(true);
            }
            records -= looked;
            self.at = (self.at.0 + 1, 0);
        }
        Ok(false)
    }

    /// So many were looked at.
    fn look_at_table<S: Spool>(
        &mut self,
        opened: &Opened<S>,
        table: &str,
        records: usize,
    ) -> Result<usize, Error> {
        let mut looked = 0;
        for at in opened.places(table).skip(self.at.1).take(records) {
            looked += 1;
            if says(&opened.spooled.record(at)?, table, &self.text) {
                match self.found.last_mut().filter(|(name, _)| name == table) {
                    Some((_, places)) => places.push(*at),
                    None => self.found.push((table.to_owned(), vec![*at])),
                }
            }
        }
        Ok(looked)
    }

    pub(super) fn found(self) -> Found {
        Found { text: self.text, tables: self.found }
    }
}

impl Found {
    /// For each table that has any.
    pub(super) fn numbers(&self) -> Vec<(String, u64)> {
        self.tables.iter().map(|(table, places)| (table.clone(), places.len() as u64)).collect()
    }

    /// Those of a table; none where another text was looked for.
    pub(super) fn places(&self, table: &str, text: &str) -> Vec<RecordAt> {
        let of_table = self.tables.iter().find(|(name, _)| name == table && self.text == plain(text));
        of_table.map(|(_, places)| places.clone()).unwrap_or_default()
    }
}

/// Spaces at the ends and case do not count.
fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Whether a record's id or any value that is shown of it has the text, which is in lower case.
fn says(record: &Record, table: &str, text: &str) -> bool {
    let shown = |column: &str| !is_content(table, column) && !is_secret(table, column, record);
    let in_field = |field: &cmt::Field| shown(&field.column) && value_says(&field.value, text);
    record.id.to_string().contains(text) || record.fields.iter().any(in_field)
}

fn value_says(value: &Value, text: &str) -> bool {
    let has = |said: &str| said.to_lowercase().contains(text);
    match value {
        // Bytes in base64 say nothing.
        Value::Image(_) | Value::Empty => false,
        Value::Lookup(lookup) => lookup.name.as_deref().is_some_and(has) || has(&lookup.id.to_string()),
        Value::Parties(parties) => {
            parties.iter().flat_map(|party| &party.fields).any(|field| value_says(&field.value, text))
        }
        other => has(&other.display()),
    }
}
