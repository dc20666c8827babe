//! Tables and what they may point to.

use super::super::dice::Dice;
use cmt::{Column, ColumnType, Relationship, Schema, Table};

/// What a column of a table of one's own may hold, besides lookups.
const PLAIN: [(&str, ColumnType); 10] = [
    ("new_text", ColumnType::Text),
    ("new_memo", ColumnType::Text),
    ("new_number", ColumnType::Number),
    ("new_decimal", ColumnType::Decimal),
    ("new_float", ColumnType::Float),
    ("new_flag", ColumnType::Bool),
    ("new_moment", ColumnType::DateTime),
    ("new_day", ColumnType::DateTime),
    ("new_choice", ColumnType::Choice),
    ("new_choices", ColumnType::Choices),
];

/// The text by which rows of a table with uniqueness columns are told apart.
pub(super) const CODE: &str = "new_code";
/// A lookup that is a uniqueness column itself.
pub(super) const WITHIN: &str = "new_within";
/// A lookup to a row that no package brings.
pub(super) const ELSEWHERE: &str = "new_elsewhereid";
/// The table of that row.
pub(super) const OTHER_TABLE: &str = "new_other";

/// A schema of two to five tables of one's own, perhaps with accounts, contacts and notes.
pub(super) fn draw(dice: &mut Dice) -> Schema {
    let count = dice.between(2, 5);
    let mut names: Vec<String> = (0..count).map(|number| format!("new_t{number}")).collect();
    let customers = dice.chance(40);
    let mut tables: Vec<Table> = Vec::new();
    for at in 0..names.len() {
        let table = own_table(dice, &names, at, customers);
        tables.push(table);
    }
    tables.push(own(OTHER_TABLE, "new_name"));
    if customers {
        tables.extend(customer_tables());
        names.extend(["account".to_owned(), "contact".to_owned()]);
    }
    add_relationships(dice, &names, &mut tables);
    if customers && dice.chance(60) {
        tables.push(notes());
    }
    Schema { tables, ..Schema::default() }
}

fn own_table(dice: &mut Dice, names: &[String], at: usize, customers: bool) -> Table {
    let mut table = own(&names[at], "new_name");
    if dice.chance(40) {
        add_key(dice, &mut table, &names[..at]);
    }
    let plain = PLAIN.iter().filter(|_| dice.chance(40)).map(|(name, kind)| column(name, *kind, &[]));
    table.columns.extend(plain.collect::<Vec<_>>());
    for number in 0..dice.between(0, 3) {
        table.columns.push(lookup(&format!("new_lookup{number}id"), &targets(dice, names)));
    }
    if dice.chance(30) {
        table.columns.push(lookup("new_parentid", &[names[at].clone()]));
    }
    if customers && dice.chance(40) {
        table.columns.push(lookup("new_customerid", &["account".into(), "contact".into()]));
    }
    if dice.chance(30) {
        table.columns.push(lookup(ELSEWHERE, &[OTHER_TABLE.to_owned()]));
    }
    if dice.chance(20) {
        table.columns.push(column("new_picture", ColumnType::Image, &[]));
        table.columns.push(column("new_file", ColumnType::File, &[]));
    }
    if dice.chance(40) {
        table.columns.push(column("statecode", ColumnType::State, &[]));
        table.columns.push(column("statuscode", ColumnType::Status, &[]));
    }
    table.skip_update = dice.chance(8);
    table
}

/// Uniqueness columns: a code, or a code and the row within which it is unique.
fn add_key(dice: &mut Dice, table: &mut Table, earlier: &[String]) {
    let key = |column: Column| Column { update_compare: true, ..column };
    table.columns.push(key(column(CODE, ColumnType::Text, &[])));
    if !earlier.is_empty() && dice.chance(50) {
        table.columns.push(key(lookup(WITHIN, &[dice.pick(earlier).clone()])));
    }
}

/// One table, or several of them.
fn targets(dice: &mut Dice, names: &[String]) -> Vec<String> {
    let wanted = if dice.chance(25) { 3 } else { 1 };
    let mut targets: Vec<String> = Vec::new();
    for _ in 0..wanted {
        let name = dice.pick(names);
        if !targets.contains(name) {
            targets.push(name.clone());
        }
    }
    targets
}

fn customer_tables() -> [Table; 2] {
    let both = ["account".to_owned(), "contact".to_owned()];
    let mut account = named("account", "accountid", "name");
    account.columns.push(lookup("parentaccountid", &["account".into()]));
    account.columns.push(lookup("primarycontactid", &["contact".into()]));
    account.columns.push(column("description", ColumnType::Text, &[]));
    let mut contact = named("contact", "contactid", "fullname");
    contact.columns.retain(|column| column.name != "fullname");
    contact.columns.push(column("lastname", ColumnType::Text, &[]));
    contact.columns.push(lookup("parentcustomerid", &both));
    [account, contact]
}

fn notes() -> Table {
    let mut table = named("annotation", "annotationid", "subject");
    let texts = ["notetext", "filename", "mimetype", "documentbody"];
    table.columns.extend(texts.map(|name| column(name, ColumnType::Text, &[])));
    table.columns.push(column("isdocument", ColumnType::Bool, &[]));
    table.columns.push(lookup("objectid", &["account".into(), "contact".into()]));
    table
}

fn add_relationships(dice: &mut Dice, names: &[String], tables: &mut [Table]) {
    for number in 0..dice.between(0, 3) {
        let (first, second) = (dice.pick(names).clone(), dice.pick(names).clone());
        let intersect = format!("new_link{number}");
        declare(tables, &first, &second, &intersect);
        if first != second && dice.chance(40) {
            declare(tables, &second, &first, &intersect);
        }
    }
}

fn declare(tables: &mut [Table], on: &str, to: &str, intersect: &str) {
    let relationship = Relationship {
        name: intersect.to_owned(),
        intersect_table: intersect.to_owned(),
        reflexive: Some(on == to),
        target_table: to.to_owned(),
        target_primary_id: format!("{to}id"),
    };
    let declaring = tables.iter_mut().find(|table| table.name == on);
    declaring.into_iter().for_each(|table| table.relationships.push(relationship.clone()));
}

fn own(name: &str, primary_name: &str) -> Table {
    named(name, &format!("{name}id"), primary_name)
}

/// A table with its id and its name.
pub(super) fn named(name: &str, primary_id: &str, primary_name: &str) -> Table {
    let id = Column { primary_key: true, update_compare: true, ..column(primary_id, ColumnType::Id, &[]) };
    Table {
        name: name.to_owned(),
        display_name: name.to_owned(),
        primary_id: primary_id.to_owned(),
        primary_name: primary_name.to_owned(),
        columns: vec![id, column(primary_name, ColumnType::Text, &[])],
        ..Table::default()
    }
}

pub(super) fn lookup(name: &str, targets: &[String]) -> Column {
    column(name, ColumnType::Lookup, targets)
}

pub(super) fn column(name: &str, column_type: ColumnType, targets: &[String]) -> Column {
    Column {
        name: name.to_owned(),
        display_name: name.to_owned(),
        column_type,
        primary_key: false,
        lookup_targets: targets.to_vec(),
        custom: name.starts_with("new_"),
        update_compare: false,
        date_mode: None,
    }
}
