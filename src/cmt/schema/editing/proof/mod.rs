//! What must hold for every edit, on real schemas: only what is edited changes, and what is written is read.

mod every_edit;
mod expected;
mod fitting;
mod growing;
mod lines;
mod problems;

use super::SchemaDocument;
use crate::proof::corpus::files;
use crate::proof::testing::{member, sample_schema};
use crate::{Column, ColumnType, DateMode, Relationship, Table};

const PORTAL: &[u8] = include_bytes!("../../../../../schemas/dataverse-blank.xml");

/// All real schemas by name, those of other tools among them, and our own.
fn schemas() -> Vec<(String, Vec<u8>)> {
    let packages = files("packages", ".zip").into_iter();
    let packed = packages.map(|(name, zip)| (name + ".zip", member(&zip, "data_schema.xml")));
    let mut all: Vec<(String, Vec<u8>)> = packed.chain(files("schemas", ".xml")).collect();
    all.extend(files("dialects", "_schema.xml"));
    all.push(("dataverse-blank".into(), PORTAL.to_vec()));
    all.push(("sample".into(), sample_schema().into_bytes()));
    all
}

fn documents() -> Vec<(String, SchemaDocument)> {
    let open = |(name, xml): (String, Vec<u8>)| (name, SchemaDocument::open(xml).unwrap());
    schemas().into_iter().map(open).collect()
}

/// The same schema in other hands: LF, tabs, one line, single quotes, a declaration and a byte order mark.
fn hands(text: &str) -> Vec<(&'static str, String)> {
    let tabs = text.lines().map(|line| {
        let rest = line.trim_start_matches(' ');
        "\t".repeat((line.len() - rest.len()) / 2) + rest
    });
    let one_line: String = text.lines().map(|line| line.trim_start()).collect();
    vec![
        ("lf", text.replace("\r\n", "\n")),
        ("tabs", tabs.collect::<Vec<_>>().join("\r\n")),
        ("one line", one_line.clone()),
        ("short ends", text.replace(" />", "/>")),
        ("single quotes", text.replace('\'', "&apos;").replace('"', "'")),
        ("declared", format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n{text}")),
        ("declared in one line", format!("<?xml version=\"1.0\"?>{one_line}\n")),
    ]
}

fn column(name: &str) -> Column {
    Column {
        name: name.into(),
        display_name: "A \"new\" & <better> one".into(),
        column_type: ColumnType::Lookup,
        primary_key: false,
        lookup_targets: vec!["account".into(), "contact".into()],
        custom: true,
        update_compare: true,
        date_mode: Some(DateMode::RelativeDaily),
    }
}

fn relationship(name: &str) -> Relationship {
    Relationship {
        name: name.into(),
        intersect_table: name.into(),
        reflexive: Some(false),
        target_table: "account".into(),
        target_primary_id: "accountid".into(),
    }
}

fn table(name: &str) -> Table {
    Table {
        name: name.into(),
        display_name: "New's".into(),
        type_code: Some("10001".into()),
        primary_id: format!("{name}id"),
        primary_name: "new_name".into(),
        disable_plugins: true,
        skip_update: true,
        force_create: true,
        columns: vec![column("new_a"), column("new_b")],
        relationships: vec![relationship("new_a_b")],
        filter: Some("<fetch>\n  <entity name=\"new_table\" />\n</fetch>".into()),
        ..Table::default()
    }
}
