//! What the target holds before the import: rows of the package as they are, changed, or under other ids.

use super::dice::Dice;
use super::graph;
use crate::package_facts::NEVER_WRITTEN;
use cmt::{Column, ColumnType, Field, LinkSet, Lookup, Record, Schema, Table, Value};
use migration::{LoadedPackage, LoadedTable, MappedRow, RowRef};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Tables of which an environment has rows of its own, or makes them: such rows cannot simply be put there.
const OF_THE_SERVICE: [&str; 9] = [
    "activityparty",
    "annotation",
    "businessunit",
    "pricelevel",
    "subject",
    "team",
    "transactioncurrency",
    "uom",
    "uomschedule",
];
/// Rows that are there whole or not at all: an active product takes no change, and no price is without its list.
const NEVER_IN_PART: [&str; 2] = ["product", "productpricelevel"];
/// A rule is there with all its conditions or without any: at work it lets none be added.
const CONDITION: &str = "duplicaterulecondition";
/// The table whose rows a user maps.
const WEBSITE: &str = "adx_website";
/// The lookup to the currency of a row's amounts.
const CURRENCY: &str = "transactioncurrencyid";
/// Pages stand below each other, and with their root pages.
const WEB_PAGE: &str = "adx_webpage";

/// A record's row before the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Standing {
    id: Uuid,
    /// One of its texts is another.
    changed: bool,
}

/// Rows that are there before the import.
#[derive(Debug, Default)]
pub(super) struct Held {
    rows: BTreeMap<RowRef, Standing>,
    /// Records whose row will be found to lack something.
    differ: BTreeSet<RowRef>,
    tables: Vec<LoadedTable>,
    /// Names are what tells some of them.
    pub(super) by_name: bool,
    /// Rows that the user has to point out.
    pub(super) mapped: Vec<MappedRow>,
}

/// How much is there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Of a hundred records so many have a row.
    pub(super) there: u64,
    /// Of a hundred rows that could be told by their keys so many have another id.
    pub(super) elsewhere: u64,
    /// Names may be what tells them.
    pub(super) by_name: bool,
}

impl Style {
    pub(super) fn draw(dice: &mut Dice, by_name: bool) -> Style {
        let there = *dice.pick(&[0, 0, 20, 50, 100]);
        Style { there, elsewhere: *dice.pick(&[0, 50, 100]), by_name: by_name || dice.chance(15) }
    }
}

impl Held {
    /// Draws rows for the records of a package.
    pub(super) fn draw(dice: &mut Dice, package: &LoadedPackage, style: Style) -> Held {
        let mut held = Held { by_name: style.by_name, ..Held::default() };
        if dice.chance(style.there) && is_site(package) && style.elsewhere > 0 {
            held.provision(package);
        } else {
            held.place_rows(dice, package, style);
        }
        held.take_out_what_cannot_be_told(package);
        held.tables = package.tables.iter().map(|table| held.table(dice, package, table)).collect();
        held
    }

    /// A site that was made from the same template: everything has another id.
    fn provision(&mut self, package: &LoadedPackage) {
        for (table, record) in records(package) {
            let row = RowRef { table: table.name.clone(), id: record.id };
            let id = other_id(record.id);
            if table.name == WEBSITE {
                let name = String::new();
                self.mapped.push(MappedRow { source: row.clone(), name, target: Some(id) });
            }
            self.rows.insert(row, Standing { id, changed: false });
        }
    }

    fn place_rows(&mut self, dice: &mut Dice, package: &LoadedPackage, style: Style) {
        for (table, record) in records(package) {
            let special = NEVER_WRITTEN.iter().chain(&OF_THE_SERVICE).chain(&NEVER_IN_PART);
            let special = special.into_iter().any(|name| *name == table.name);
            let (there, elsewhere, changed) =
                (dice.chance(style.there), dice.chance(style.elsewhere), dice.chance(30));
            let of_rule = record.value("regardingobjectid").and_then(target_of);
            let there = match of_rule.filter(|_| table.name == CONDITION) {
                Some(rule) => self.has(&rule),
                None => there,
            };
            if there && !special {
                let told = package.schema.table(&table.name).is_some_and(|t| is_told(t, record, style));
                let id = if elsewhere && told { other_id(record.id) } else { record.id };
                self.rows
                    .insert(RowRef { table: table.name.clone(), id: record.id }, Standing { id, changed });
            }
        }
    }

    /// A row under another id is found by its uniqueness columns only: where one of them points to a row that is not
    /// there, no row has these values. Nor is there a page of a site without the page that it stands below.
    fn take_out_what_cannot_be_told(&mut self, package: &LoadedPackage) {
        while let Some(lost) = self.untold(package) {
            self.rows.remove(&lost);
        }
    }

    fn untold(&self, package: &LoadedPackage) -> Option<RowRef> {
        let (row, _) = self.rows.iter().find(|(row, standing)| {
            let (table, is_page) = (package.schema.table(&row.table), row.table == WEB_PAGE);
            let Some((table, record)) = table.zip(find(package, row)) else { return false };
            let columns = table.columns.iter().filter(|column| is_page || is_key(table, column));
            let mut values = columns.filter_map(|column| record.value(&column.name));
            (standing.id != row.id || is_page)
                && values.any(|value| target_of(value).is_some_and(|to| !self.has(&to)))
        })?;
        Some(row.clone())
    }

    fn has(&self, row: &RowRef) -> bool {
        self.rows.contains_key(row)
    }

    fn table(&mut self, dice: &mut Dice, package: &LoadedPackage, table: &LoadedTable) -> LoadedTable {
        let schema = package.schema.table(&table.name);
        let mut records = Vec::new();
        for record in &table.records {
            records.extend(schema.and_then(|schema| self.record(package, schema, record)));
        }
        if !records.is_empty() && dice.chance(50) {
            let untouched = schema.filter(|schema| keys(schema).next().is_none());
            records.extend(untouched.map(|schema| stranger(dice, schema)));
        }
        let links = table.links.iter().filter_map(|links| self.links(dice, &table.name, links)).collect();
        LoadedTable { records, links, name: table.name.clone(), display_name: table.display_name.clone() }
    }

    fn record(&mut self, package: &LoadedPackage, table: &Table, record: &Record) -> Option<Record> {
        let row = RowRef { table: table.name.clone(), id: record.id };
        let standing = *self.rows.get(&row)?;
        let changing = standing.changed.then(|| changeable(table, record)).flatten();
        let mut fields = Vec::new();
        for field in &record.fields {
            match self.value(package, standing, field) {
                Some(Value::Text(text)) if changing == Some(field.column.as_str()) => {
                    self.differ.insert(row.clone());
                    let value = Value::Text(format!("{text} before"));
                    fields.push(Field { column: field.column.clone(), value });
                }
                Some(value) => fields.push(Field { column: field.column.clone(), value }),
                None => drop(self.differ.insert(row.clone())),
            }
        }
        if lacks_its_currency(record, &fields) {
            fields.retain(|field| !is_of_money(table, field));
            self.differ.insert(row);
        }
        Some(Record { id: standing.id, fields })
    }

    /// The value in the target's ids; nothing for a lookup whose row is not there yet, and for files.
    fn value(&self, package: &LoadedPackage, standing: Standing, field: &Field) -> Option<Value> {
        match &field.value {
            Value::Id(_) => Some(Value::Id(standing.id)),
            Value::File(_) | Value::Image(_) | Value::Parties(_) => None,
            Value::Lookup(lookup) => {
                let row = RowRef { table: lookup.table.clone(), id: lookup.id };
                let own = find(package, &row).is_some();
                match self.rows.get(&row) {
                    Some(to) => Some(Value::Lookup(Lookup { id: to.id, ..lookup.clone() })),
                    None => (!own).then(|| field.value.clone()),
                }
            }
            value => Some(value.clone()),
        }
    }

    fn links(&self, dice: &mut Dice, table: &str, links: &LinkSet) -> Option<LinkSet> {
        let source = self.rows.get(&RowRef { table: table.to_owned(), id: links.source })?.id;
        let there = |id: &Uuid| self.rows.get(&RowRef { table: links.target_table.clone(), id: *id });
        let targets: Vec<Uuid> = links.targets.iter().filter_map(there).map(|row| row.id).collect();
        let targets: Vec<Uuid> = targets.into_iter().filter(|_| dice.chance(60)).collect();
        (!targets.is_empty()).then(|| LinkSet { source, targets, ..links.clone() })
    }

    /// Whether nothing is there.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows as a data package that can be loaded.
    pub(super) fn zip(&self, schema: &Schema) -> Result<Vec<u8>, cmt::WriteError> {
        graph::zip(schema, &self.tables, &[])
    }

    /// How many records will be created, changed, and found as they should be.
    pub(super) fn expected(&self, package: &LoadedPackage) -> [u64; 3] {
        let mut expected = [0; 3];
        for (table, record) in records(package) {
            let row = RowRef { table: table.name.clone(), id: record.id };
            let at = match (self.rows.contains_key(&row), self.differ.contains(&row)) {
                (false, _) => 0,
                (true, true) => 1,
                (true, false) => 2,
            };
            expected[at] += 1;
        }
        expected
    }
}

fn records(package: &LoadedPackage) -> impl Iterator<Item = (&LoadedTable, &Record)> {
    package.tables.iter().flat_map(|table| table.records.iter().map(move |record| (table, record)))
}

fn is_site(package: &LoadedPackage) -> bool {
    package.tables.iter().all(|table| table.name.starts_with("adx_")) && package.table(WEBSITE).is_some()
}

fn find<'p>(package: &'p LoadedPackage, row: &RowRef) -> Option<&'p Record> {
    package.table(&row.table)?.records.iter().find(|record| record.id == row.id)
}

/// Uniqueness columns besides the id.
fn keys(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|column| is_key(table, column))
}

fn is_key(table: &Table, column: &Column) -> bool {
    column.update_compare && column.name != table.primary_id
}

/// Whether an import would find the record's row under another id.
fn is_told(table: &Table, record: &Record, style: Style) -> bool {
    let mut keys = keys(table).peekable();
    match keys.peek() {
        Some(_) => keys.all(|column| record.value(&column.name).is_some()),
        None => {
            style.by_name && table.name.starts_with("new_") && record.value(&table.primary_name).is_some()
        }
    }
}

/// No row has an amount of money without its currency.
fn lacks_its_currency(record: &Record, fields: &[Field]) -> bool {
    record.value(CURRENCY).is_some() && fields.iter().all(|field| field.column != CURRENCY)
}

fn is_of_money(table: &Table, field: &Field) -> bool {
    let is_amount = table.column(&field.column).is_some_and(|c| c.column_type == ColumnType::Money);
    is_amount || field.column == "exchangerate"
}

fn target_of(value: &Value) -> Option<RowRef> {
    match value {
        Value::Lookup(lookup) => Some(RowRef { table: lookup.table.clone(), id: lookup.id }),
        _ => None,
    }
}

/// A text of the record that is neither its name nor a key.
fn changeable<'r>(table: &Table, record: &'r Record) -> Option<&'r str> {
    let told = |column: &str| {
        let names = [table.primary_name.as_str(), "filename", "mimetype", "documentbody", "adx_partialurl"];
        names.contains(&column) || keys(table).any(|key| key.name == column)
    };
    let is_plain =
        |column: &str| column.starts_with("new_") || column == "description" || column == "adx_copy";
    let texts = record.fields.iter().filter(|field| matches!(field.value, Value::Text(_)));
    texts.map(|field| field.column.as_str()).find(|column| is_plain(column) && !told(column))
}

/// A row that the package knows nothing of.
fn stranger(dice: &mut Dice, table: &Table) -> Record {
    let id = dice.id();
    let value = Value::Text(format!("Nobody's {id}"));
    let name = table.column(&table.primary_name).map(|column| Field { column: column.name.clone(), value });
    let own = Field { column: table.primary_id.clone(), value: Value::Id(id) };
    Record { id, fields: std::iter::once(own).chain(name).collect() }
}

/// The id of a row that is the record's although it has another.
fn other_id(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ 0xA5A5_0000_0000_0000_0000_0000_0000_A5A5)
}
