//! Values for people: short ones for lines, whole ones for a record.

use super::contents;
use super::opened::Opened;
use super::rows::Rows;
use browser::protocol::{ViewedRow, ViewedValue};
use cmt::{Error, Field, Lookup, Party, Record, Spool, Value};
use migration::is_secret;
use std::iter::once;

/// Characters of a value in a line: about what a column shows.
const SHORT: usize = 120;

/// Whether a text is a file's content in base64: Dataverse has no column type of its own for those.
pub(super) fn is_content(table: &str, column: &str) -> bool {
    matches!((table, column), ("annotation", "documentbody") | ("activitymimeattachment", "body"))
}

/// What stands in a line instead of a secret.
const HIDDEN: &str = "(not shown)";

/// A value of a record in one line.
pub(super) fn short(record: &Record, table: &str, column: &str) -> String {
    match record.value(column) {
        Some(_) if is_secret(table, column, record) => HIDDEN.to_owned(),
        Some(value) => line(value, table, column),
        None => String::new(),
    }
}

fn line(value: &Value, table: &str, column: &str) -> String {
    if let Value::Text(text) = value
        && is_content(table, column)
    {
        return format!("file of {} bytes", contents::decoded_size(text));
    }
    let text = value.display();
    let mut line: String = text.chars().take(SHORT).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHORT).is_some() {
        line.push('…');
    }
    line
}

/// A value of a record as it stands.
pub(super) fn view<S: Spool>(
    opened: &Opened<S>,
    rows: &mut Rows<'_, S>,
    (table, record): (&str, &Record),
    field: &Field,
) -> Result<ViewedValue, Error> {
    if is_secret(table, &field.column, record) {
        return Ok(ViewedValue::Hidden);
    }
    if let Some(file) = contents::describe(opened, table, record, field) {
        return Ok(ViewedValue::File(file));
    }
    Ok(match &field.value {
        Value::Text(text) => ViewedValue::Text(text.clone()),
        Value::Lookup(lookup) => ViewedValue::Row(target(rows, lookup)?),
        Value::Parties(parties) => ViewedValue::Parties(view_parties(rows, parties)?),
        other => ViewedValue::Plain(other.display()),
    })
}

fn target<S: Spool>(rows: &mut Rows<'_, S>, lookup: &Lookup) -> Result<ViewedRow, Error> {
    rows.row(&lookup.table, lookup.id, lookup.name.as_deref())
}

/// Each party's row, and its number in the activity (`participationtypemask`). A party that is only an address is a
/// row of no table.
fn view_parties<S: Spool>(
    rows: &mut Rows<'_, S>,
    parties: &[Party],
) -> Result<Vec<(String, ViewedRow)>, Error> {
    let mut viewed = Vec::new();
    for party in parties {
        let value = |column: &str| party.fields.iter().find(|f| f.column == column).map(|f| &f.value);
        let role = value("participationtypemask").map(Value::display).unwrap_or_default();
        let row = match value("partyid") {
            Some(Value::Lookup(lookup)) => target(rows, lookup)?,
            _ => {
                let name = value("addressused").map(Value::display).unwrap_or_default();
                ViewedRow { table: String::new(), id: party.id, name, here: false }
            }
        };
        viewed.extend(once((role, row)));
    }
    Ok(viewed)
}
