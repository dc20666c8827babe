//! Records of a schema, pointing wherever their columns may point to.

use super::super::dice::Dice;
use super::tables::{CODE, ELSEWHERE, OTHER_TABLE, WITHIN};
use super::{Graph, links, values};
use cmt::{Column, ColumnType, Field, FileRef, Lookup, Record, Schema, Table, Value};
use migration::LoadedTable;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows to point to, by table.
pub(super) type Rows = BTreeMap<String, Vec<Uuid>>;

/// Records for every table but the one whose rows no package brings.
pub(super) fn draw(dice: &mut Dice, schema: Schema) -> Graph {
    let most = if dice.chance(15) { 14 } else { 6 };
    let mut rows = Rows::new();
    for table in &schema.tables {
        let count = if table.name == OTHER_TABLE { 2 } else { dice.between(1, most) };
        rows.insert(table.name.clone(), (0..count).map(|_| dice.id()).collect());
    }
    let mut files = Vec::new();
    let mut tables = Vec::new();
    for table in schema.tables.iter().filter(|table| table.name != OTHER_TABLE) {
        tables.push(LoadedTable {
            name: table.name.clone(),
            display_name: table.display_name.clone(),
            records: records(dice, table, &rows, &mut files),
            links: links::draw(dice, table, &rows),
        });
    }
    Graph { tables, schema, files }
}

fn records(dice: &mut Dice, table: &Table, rows: &Rows, files: &mut Vec<(Uuid, Vec<u8>)>) -> Vec<Record> {
    let ids = rows.get(&table.name).map(Vec::as_slice).unwrap_or_default();
    let mut record = |(number, id): (usize, &Uuid)| record(dice, table, rows, number, *id, files);
    ids.iter().enumerate().map(&mut record).collect()
}

fn record(
    dice: &mut Dice,
    table: &Table,
    rows: &Rows,
    number: usize,
    id: Uuid,
    files: &mut Vec<(Uuid, Vec<u8>)>,
) -> Record {
    let inactive = dice.chance(40);
    let mut fields = Vec::new();
    for column in &table.columns {
        let value = match column.column_type {
            ColumnType::Id => Some(Value::Id(id)),
            ColumnType::State => Some(Value::Choice(i32::from(inactive))),
            ColumnType::Status => Some(Value::Choice(1 + i32::from(inactive))),
            _ if is_needed(column, table) => needed(dice, table, column, rows, number),
            _ if table.name == "annotation" => note(dice, column, rows, number),
            _ if dice.chance(25) => None,
            ColumnType::Lookup => lookup(dice, column, rows),
            ColumnType::File => Some(file(dice, number, files)),
            kind => values::draw(dice, &column.name, kind, number),
        };
        fields.extend(value.map(|value| Field { column: column.name.clone(), value }));
    }
    Record { id, fields }
}

/// A file of a file column, whose bytes lie beside the records.
fn file(dice: &mut Dice, number: usize, files: &mut Vec<(Uuid, Vec<u8>)>) -> Value {
    let id = dice.id();
    files.push((id, values::bytes(dice)));
    Value::File(FileRef { id, file_name: format!("plan {number}.pdf") })
}

/// Names, and what rows are told apart by.
fn is_needed(column: &Column, table: &Table) -> bool {
    column.update_compare || [table.primary_name.as_str(), "lastname"].contains(&column.name.as_str())
}

fn needed(dice: &mut Dice, table: &Table, column: &Column, rows: &Rows, number: usize) -> Option<Value> {
    match column.name.as_str() {
        CODE => Some(Value::Text(values::text(dice, number))),
        WITHIN => lookup(dice, column, rows),
        name => Some(Value::Text(format!("{} {name} {}", table.name, values::text(dice, number)))),
    }
}

/// One of the rows that the column may point to, the row itself among them.
fn lookup(dice: &mut Dice, column: &Column, rows: &Rows) -> Option<Value> {
    let table = dice.pick(&column.lookup_targets).clone();
    let there = rows.get(&table)?;
    let id = *dice.pick(there);
    let name = (column.name != ELSEWHERE).then(|| "Whatever it is called".to_owned());
    Some(Value::Lookup(Lookup { id, table, name }))
}

/// A note has a file or none.
fn note(dice: &mut Dice, column: &Column, rows: &Rows, number: usize) -> Option<Value> {
    let has_file = number.is_multiple_of(2);
    match column.name.as_str() {
        "objectid" => lookup(dice, column, rows),
        "isdocument" => Some(Value::Bool(has_file)),
        "notetext" => Some(Value::Text(values::text(dice, number))),
        "filename" => has_file.then(|| Value::Text(format!("file-{number}.txt"))),
        "mimetype" => has_file.then(|| Value::Text("text/plain".to_owned())),
        "documentbody" => has_file.then(|| Value::Text("UG9ydGFnZQ==".to_owned())),
        _ => None,
    }
}
