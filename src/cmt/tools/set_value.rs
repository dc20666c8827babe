//! One value of one record, to be changed: `TABLE/ID/COLUMN=VALUE`.

use crate::data::piece::parties_of;
use crate::form::Form;
use crate::tools::ToolError;
use crate::value::reader::{self as value_reader, Expectation, RawField};
use crate::{ColumnType, DataPiece, Field, Record, Schema, Value};
use std::str::FromStr;
use uuid::Uuid;

/// A value to be set. Text is given as people read it, every other value as the file writes it.
///
/// Parsed from `TABLE/ID/COLUMN=VALUE`: all behind the first `=` is the value, so it may hold `/` and `=`;
/// the id is a guid in any usual spelling. Whether the value fits its column shows only in
/// [`rewrite`](super::rewrite). The notation is this project's own; the literals are those of [`Value`].
///
/// # Errors
/// Parsing gives [`ToolError::NoSuchValue`] for any other form. Its words quote the text, the new value too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetValue {
    /// The table's logical name, compared letter by letter.
    pub table: String,
    /// The record's `id` in the file.
    pub id: Uuid,
    /// The column's logical name.
    pub column: String,
    /// The new value; of a lookup the id of another row of the same table. Text may be empty; a lookup,
    /// number, date and the like may not: the file has no way to write that a column is empty (none seen in
    /// 578,814 fields).
    pub value: String,
}

impl FromStr for SetValue {
    type Err = ToolError;

    fn from_str(text: &str) -> Result<SetValue, ToolError> {
        let wrong = || ToolError::NoSuchValue(format!("\"{text}\" is not of the form TABLE/ID/COLUMN=VALUE"));
        let (place, value) = text.split_once('=').ok_or_else(wrong)?;
        let [table, id, column] =
            <[&str; 3]>::try_from(place.split('/').collect::<Vec<_>>()).map_err(|_| wrong())?;
        let id = Uuid::try_parse(id).map_err(|_| wrong())?;
        Ok(SetValue { table: table.into(), id, column: column.into(), value: value.into() })
    }
}

/// Applies changes while the pieces of a package pass by.
pub(crate) struct Applied<'a> {
    schema: &'a Schema,
    changes: Vec<(&'a SetValue, bool)>,
    table: String,
}

impl<'a> Applied<'a> {
    pub(crate) fn new(changes: &'a [SetValue], schema: &'a Schema) -> Self {
        let changes = changes.iter().map(|change| (change, false)).collect();
        Applied { schema, changes, table: String::new() }
    }

    pub(crate) fn apply(&mut self, piece: &mut DataPiece, form: &mut Form) -> Result<(), ToolError> {
        match piece {
            DataPiece::Table { name, .. } => self.table.clone_from(name),
            DataPiece::Record(record) => {
                for (change, done) in &mut self.changes {
                    if change.id == record.id && change.table == self.table {
                        set(record, form, change, self.schema)?;
                        *done = true;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether every change found its record.
    pub(crate) fn check(&self) -> Result<(), ToolError> {
        match self.changes.iter().find(|(_, done)| !done) {
            Some((change, _)) => {
                let words =
                    format!("the package holds no record {} in the table {}", change.id, change.table);
                Err(ToolError::NoSuchValue(words))
            }
            None => Ok(()),
        }
    }
}

fn set(record: &mut Record, form: &mut Form, change: &SetValue, schema: &Schema) -> Result<(), ToolError> {
    let found = record.fields.iter().position(|field| field.column == change.column);
    let old = found.map(|number| &record.fields[number].value);
    let value = typed(change, old, schema)?;
    match found {
        Some(number) => {
            form.forget_spelling(position(record, form, number), "value");
            record.fields[number].value = value;
        }
        None => insert(record, form, Field { column: change.column.clone(), value }, schema, &change.table),
    }
    Ok(())
}

/// The new value in its column's type.
fn typed(change: &SetValue, old: Option<&Value>, schema: &Schema) -> Result<Value, ToolError> {
    let wrong = |words: String| ToolError::NoSuchValue(words);
    let columns = schema.tables.iter().filter(|table| table.name == change.table);
    let column = columns.filter_map(|table| table.column(&change.column)).next();
    let column_type = match (column, old) {
        (Some(column), _) => column.column_type,
        (None, Some(Value::Lookup(_))) => ColumnType::Lookup,
        (None, Some(_)) => ColumnType::Text,
        (None, None) => {
            return Err(wrong(format!("the table {} has no column {}", change.table, change.column)));
        }
    };
    if matches!(column_type, ColumnType::Text | ColumnType::Unknown) {
        return Ok(Value::Text(change.value.clone()));
    }
    let mut raw = RawField { value: change.value.clone(), ..RawField::default() };
    match old {
        Some(Value::Lookup(lookup)) => {
            (raw.table, raw.name) = (Some(lookup.table.clone()), lookup.name.clone())
        }
        Some(Value::File(file)) => raw.file_name = Some(file.file_name.clone()),
        _ => {}
    }
    let lookup_targets = column.map(|column| column.lookup_targets.as_slice()).unwrap_or_default();
    let expected = Expectation { column_type, lookup_targets, date_order: None };
    let reading = value_reader::read(raw, expected).map_err(|misfit| {
        wrong(format!("the new value of {} does not fit: {misfit} is expected", change.column))
    })?;
    reading.value.ok_or_else(|| wrong(format!("the new value of {} is empty", change.column)))
}

/// Puts a field where the schema's order has it.
fn insert(record: &mut Record, form: &mut Form, field: Field, schema: &Schema, table: &str) {
    let tables = schema.tables.iter().filter(|known| known.name == table);
    let order: Vec<&str> =
        tables.flat_map(|table| &table.columns).map(|column| column.name.as_str()).collect();
    let rank = |column: &str| order.iter().position(|known| *known == column).unwrap_or(order.len());
    let wanted = rank(&field.column);
    let number =
        record.fields.iter().position(|known| rank(&known.column) > wanted).unwrap_or(record.fields.len());
    if record.fields.is_empty() {
        form.truncate(0);
    }
    form.make_room(position(record, form, number));
    record.fields.insert(number, field);
}

/// At which position among the record's tags a field starts.
fn position(record: &Record, form: &Form, number: usize) -> usize {
    let mut position = 1;
    for field in &record.fields[..number] {
        position = behind_field(field, form, position);
    }
    position
}

fn behind_field(field: &Field, form: &Form, start: usize) -> usize {
    let parties = parties_of(&field.value);
    if !form.is_paired(start, parties.is_empty()) {
        return start + 1;
    }
    let mut position = start + 1;
    for party in parties {
        let paired = form.is_paired(position, party.fields.is_empty());
        position += 1;
        if paired {
            position = party.fields.iter().fold(position, |at, field| behind_field(field, form, at)) + 1;
        }
    }
    position + 1
}
