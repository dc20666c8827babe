//! Of several websites in one environment one is exported: its own rows, those that belong to no website, and nothing
//! of the others.

#![cfg(test)]

use dataverse_emulator::Environment;
use migration::{ExportOptions, RowCount};
use scenarios::engines::{Engines, load};
use scenarios::packages::data_folder;
use scenarios::under_weather::UnderWeather;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write;
use uuid::Uuid;

/// A table on its way to the website: its lookup and where that leads, as the collected portal facts say.
#[derive(Debug)]
enum Way {
    /// It is the website.
    Itself,
    /// It belongs to none.
    None,
    /// By this lookup to that table.
    By(String, String),
    /// Through the roles that it is linked to.
    ByRoles,
}

/// Whose a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    One = 1,
    Other = 2,
    Nobody = 3,
}

/// The ways of all tables; nothing, said aloud, where the facts are not on this machine.
fn ways() -> Option<BTreeMap<String, Way>> {
    let path = data_folder().join("portal-facts/website_filters.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI has no {}", path.display());
        eprintln!("skipped: no {} (set PORTAGE_DATA)", path.display());
        return None;
    };
    let facts: BTreeMap<String, Json> = serde_json::from_str(&text).unwrap();
    let mut ways: BTreeMap<String, Way> =
        facts.into_iter().map(|(table, fact)| (table, way(&fact))).collect();
    // Tables that the facts only pass through have a lookup of their own.
    let passed: Vec<String> =
        ways.values().filter_map(through).filter(|t| !ways.contains_key(*t)).cloned().collect();
    for table in passed {
        ways.insert(table, Way::By("adx_websiteid".to_owned(), "adx_website".to_owned()));
    }
    Some(ways)
}

fn way(fact: &Json) -> Way {
    if !fact["self"].is_null() {
        return Way::Itself;
    }
    if !fact["none"].is_null() {
        return Way::None;
    }
    if let Some(column) = fact["direct"].as_str() {
        return Way::By(column.to_owned(), "adx_website".to_owned());
    }
    match fact["via"][0].as_array() {
        Some(step) => Way::By(step[0].as_str().unwrap().to_owned(), step[1].as_str().unwrap().to_owned()),
        None => Way::ByRoles,
    }
}

fn through(way: &Way) -> Option<&String> {
    match way {
        Way::By(_, target) => Some(target),
        _ => None,
    }
}

fn id(table: &str, of: Of) -> Uuid {
    let name = table.bytes().fold(7_u128, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u128::from(byte));
    Uuid::from_u128(name << 8 | of as u128)
}

fn schema(ways: &BTreeMap<String, Way>) -> String {
    let mut schema = "<entities>".to_owned();
    for (table, way) in ways {
        let lookup = match way {
            Way::By(column, target) => format!(
                r#"<field displayname="To" name="{column}" type="entityreference" lookupType="{target}" />"#
            ),
            _ => String::new(),
        };
        let roles = match table.as_str() {
            "adx_webrole" => {
                r#"<relationships><relationship name="adx_webrolecontentaccesslevel" manyToMany="true" isreflexive="false" relatedEntityName="adx_webrolecontentaccesslevel" m2mTargetEntity="adx_contentaccesslevel" m2mTargetEntityPrimaryKey="adx_contentaccesslevelid" /></relationships>"#
            }
            _ => "",
        };
        write!(
            schema,
            r#"<entity name="{table}" displayname="{table}" primaryidfield="{table}id" primarynamefield="adx_name"><fields><field displayname="Id" name="{table}id" type="guid" primaryKey="true" /><field displayname="Name" name="adx_name" type="string" />{lookup}</fields>{roles}</entity>"#
        )
        .unwrap();
    }
    schema + "</entities>"
}

/// A row of each table for each website, and one that hangs on nothing.
fn data(ways: &BTreeMap<String, Way>) -> String {
    let mut data = r#"<entities timestamp="2024-07-26T15:51:30.0000000Z">"#.to_owned();
    for (table, way) in ways {
        write!(data, r#"<entity name="{table}" displayname="{table}"><records>"#).unwrap();
        for of in [Of::One, Of::Other, Of::Nobody] {
            let lookup = match way {
                Way::By(column, target) if of != Of::Nobody => format!(
                    r#"<field name="{column}" value="{}" lookupentity="{target}" lookupentityname="x" />"#,
                    id(target, of)
                ),
                Way::Itself if of == Of::Nobody => continue,
                _ => String::new(),
            };
            let id = id(table, of);
            write!(
                data,
                r#"<record id="{id}"><field name="{table}id" value="{id}" /><field name="adx_name" value="{of:?}" />{lookup}</record>"#
            )
            .unwrap();
        }
        data.push_str("</records><m2mrelationships>");
        if table == "adx_webrole" {
            for of in [Of::One, Of::Other] {
                write!(
                    data,
                    r#"<m2mrelationship sourceid="{}" targetentityname="adx_contentaccesslevel" targetentitynameidfield="adx_contentaccesslevelid" m2mrelationshipname="adx_webrolecontentaccesslevel"><targetids><targetid>{}</targetid></targetids></m2mrelationship>"#,
                    id(table, of),
                    id("adx_contentaccesslevel", of)
                )
                .unwrap();
            }
        }
        data.push_str("</m2mrelationships></entity>");
    }
    data + "</entities>"
}

fn engines(ways: &BTreeMap<String, Way>) -> Engines {
    let environment =
        Environment::builder("Two sites").tables_xml(schema(ways).as_bytes()).data_xml(data(ways).as_bytes());
    Engines::new(&UnderWeather::calm(environment.build().unwrap()))
}

#[test]
fn nothing_of_another_website_comes_along_from_any_table() {
    let Some(ways) = ways() else { return };
    assert!(ways.len() >= 35 + 8, "{} tables", ways.len());
    let (schema, _) = cmt::Schema::parse(schema(&ways).as_bytes()).unwrap();
    let options = ExportOptions { website: Some(id("adx_website", Of::One)) };
    let (zip, report) = engines(&ways).export_as(&schema, &options).unwrap();
    assert_eq!(report.problems, []);
    let package = load(&zip).unwrap();
    for (table, way) in &ways {
        let mut found: Vec<Uuid> =
            package.table(table).iter().flat_map(|table| &table.records).map(|record| record.id).collect();
        let wanted = match way {
            Way::None => vec![Of::One, Of::Other, Of::Nobody],
            _ => vec![Of::One],
        };
        let mut expected: Vec<Uuid> = wanted.into_iter().map(|of| id(table, of)).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{table} {way:?}");
        let told = report.tables.iter().find(|told| told.table == *table).unwrap();
        assert_eq!(told.expected, RowCount::Exact(expected.len() as u64), "{table}");
        let has_strays = matches!(way, Way::By(..)) && table != "annotation";
        assert_eq!(told.strays, u64::from(has_strays), "{table}");
    }
    assert_eq!(package.table("adx_website").unwrap().records.len(), 1, "the website's own row is among them");
    let links: usize = package.table("adx_webrole").unwrap().links.len();
    assert_eq!(links, 1, "the other site's links stay out");
}

#[test]
fn without_a_choice_all_websites_and_what_belongs_to_none_are_exported() {
    let Some(ways) = ways() else { return };
    let (schema, _) = cmt::Schema::parse(schema(&ways).as_bytes()).unwrap();
    let (zip, report) = engines(&ways).export(&schema).unwrap();
    assert_eq!(report.problems, []);
    let package = load(&zip).unwrap();
    for (table, way) in &ways {
        let rows = package.table(table).map_or(0, |table| table.records.len());
        assert_eq!(rows, if matches!(way, Way::Itself) { 2 } else { 3 }, "{table}");
    }
}
