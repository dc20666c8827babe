//! One record with everything that the package has of it.

use super::opened::Opened;
use super::rows::{Rows, name_of};
use super::{links, values};
use browser::protocol::{ViewedColumn, ViewedField, ViewedRecord};
use cmt::{Column, Error, Field, Record, Spool, Value};
use uuid::Uuid;

/// The record of this id; `None` where the table has none.
pub(super) fn view<S: Spool>(
    opened: &Opened<S>,
    table: &str,
    id: Uuid,
) -> Result<Option<ViewedRecord>, Error> {
    let mut rows = Rows::of(opened);
    let Some(record) = rows.record(table, &id)? else { return Ok(None) };
    let fields = filled(&record).map(|field| view_field(opened, &mut rows, (table, &record), field));
    let fields = fields.collect::<Result<_, Error>>()?;
    Ok(Some(ViewedRecord {
        table: table.to_owned(),
        id,
        name: name_of(opened, table, &record),
        fields,
        without_value: without_value(opened, table, &record),
        links: links::of(opened, &mut rows, table, id)?,
    }))
}

/// Its fields with a value.
fn filled(record: &Record) -> impl Iterator<Item = &Field> {
    record.fields.iter().filter(|field| field.value != Value::Empty)
}

fn view_field<S: Spool>(
    opened: &Opened<S>,
    rows: &mut Rows<'_, S>,
    (table, record): (&str, &Record),
    field: &Field,
) -> Result<ViewedField, Error> {
    let column = column(opened, table, &field.column);
    Ok(ViewedField {
        column: column.map_or_else(|| unknown(&field.column), label),
        column_type: column.map(|column| column.column_type),
        value: values::view(opened, rows, (table, record), field)?,
    })
}

/// Columns of the schema that the record has no value in.
fn without_value<S: Spool>(opened: &Opened<S>, table: &str, record: &Record) -> Vec<ViewedColumn> {
    let columns = opened.spooled.schema().table(table).map(|table| table.columns.as_slice());
    let is_empty = |column: &&Column| filled(record).all(|field| field.column != column.name);
    columns.unwrap_or_default().iter().filter(is_empty).map(label).collect()
}

fn column<'a, S: Spool>(opened: &'a Opened<S>, table: &str, name: &str) -> Option<&'a Column> {
    opened.spooled.schema().table(table)?.column(name)
}

fn label(column: &Column) -> ViewedColumn {
    ViewedColumn { name: column.name.clone(), label: column.display_name.clone() }
}

fn unknown(name: &str) -> ViewedColumn {
    ViewedColumn { name: name.to_owned(), label: name.to_owned() }
}
