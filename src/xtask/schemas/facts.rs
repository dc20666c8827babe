//! The descriptions against collected facts of portals, which are no part of the repository.

use super::composed::Composed;
use super::description::{Column, Descriptions, LeftOut, Table};
use crate::workspace;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

/// What the facts say otherwise, and metadata contradicts: this form creates by a basic form.
const ANOTHER_TARGET: &str = "adx_webformmetadata.adx_entityformforcreate";

/// The files of facts; `None`, said aloud, where they are not on this machine.
fn folder() -> Option<PathBuf> {
    let named =
        std::env::var_os("PORTAGE_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let folder = workspace::root().join(named).join("portal-facts");
    if !folder.is_dir() {
        assert!(!workspace::is_ci(), "CI has no {}", folder.display());
        eprintln!("skipped: no {} (set PORTAGE_DATA)", folder.display());
        return None;
    }
    Some(folder)
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

/// Why a table is not in the schema, or a column not in the table.
fn is_left_out(left_out: &[&LeftOut], table: &str, column: Option<&str>) -> bool {
    let Some(column) = column else {
        return left_out.iter().any(|left| left.tables.iter().any(|name| name == table));
    };
    let full = format!("{table}.{column}");
    left_out.iter().flat_map(|left| &left.columns).any(|name| name == column || *name == full)
}

/// The column as the facts write it.
fn kind(column: &Column) -> (&str, &str) {
    match (column.target(), column.of.as_str()) {
        (Some(target), _) => ("entityreference", target),
        (None, "filedata") => ("file", ""),
        (None, of) => (of, ""),
    }
}

fn compare(name: &str, ours: &Table, theirs: &Value, left_out: &[&LeftOut]) {
    for field in theirs["fields"].as_array().unwrap() {
        let field_name = text(field, "name");
        let own =
            field_name == format!("{name}id") || field_name == "statecode" || field_name == "statuscode";
        let column = ours.columns.iter().find(|column| column.name == field_name);
        let Some(column) = column.filter(|_| !own) else {
            assert!(own || is_left_out(left_out, name, Some(field_name)), "{name}.{field_name} is missing");
            continue;
        };
        if format!("{name}.{field_name}") != ANOTHER_TARGET {
            assert_eq!(kind(column), (text(field, "type"), text(field, "lookupType")), "{name}.{field_name}");
        }
    }
    let links: BTreeSet<&str> = ours.relationships().map(|(link, _)| link).collect();
    for link in theirs["relationships"].as_array().unwrap() {
        assert!(links.contains(text(link, "name")), "{name} lacks the links {}", text(link, "name"));
    }
}

#[test]
fn the_descriptions_cover_the_collected_facts_but_for_what_they_say_they_leave_out() {
    let Some(folder) = folder() else { return };
    let all = Descriptions::read(&workspace::at("schemas/descriptions")).unwrap();
    for (id, portal) in &all.portals {
        let left_out = all.left_out_of(portal).unwrap();
        for version in &portal.versions {
            let ours = Composed::new(&all, id, portal, version).unwrap();
            let facts = format!("{}.json", ours.id.replace("dynamics", "ce"));
            let facts: Value = serde_json::from_slice(&fs::read(folder.join(facts)).unwrap()).unwrap();
            for theirs in facts["tables"].as_array().unwrap() {
                let name = text(theirs, "name");
                match ours.tables.iter().find(|(own, _)| *own == name) {
                    Some((_, table)) => compare(name, table, theirs, &left_out),
                    None => assert!(is_left_out(&left_out, name, None), "{}: {name} is missing", ours.id),
                }
            }
        }
    }
}
