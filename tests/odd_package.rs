//! A package of everything that real ones seldom hold: rows of the environment's own tables, circles, links of a
//! table with itself, links declared from both sides, lookups to nowhere.

#![cfg(test)]

use migration::{Fate, ProblemKind};
use scenarios::emulated_target::Stubs;
use scenarios::round_trip::{RoundTrip, round_trip_of};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SCHEMA: &str = include_str!("odd_package/data_schema.xml");
const DATA: &str = include_str!("odd_package/data.xml");

fn zip(data: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("data_schema.xml", SCHEMA), ("data.xml", data)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn trip(data: &str, stubs: Stubs) -> RoundTrip {
    round_trip_of("odd.zip", &zip(data), stubs).unwrap()
}

/// Column and table of every lookup that the report says leads nowhere.
fn nowhere(trip: &RoundTrip) -> Vec<&str> {
    let records = trip.report.tables.iter().flat_map(|t| &t.records);
    let missing = records.flat_map(|r| &r.warnings).filter(|w| w.kind == ProblemKind::LookupTargetMissing);
    missing.filter_map(|w| w.place.column.as_deref()).collect()
}

#[test]
fn circles_links_both_ways_and_rows_of_the_environment_come_out_as_they_went_in() {
    let trip = trip(DATA, Stubs::Present);
    assert_eq!(trip.faults, [""; 0]);
    assert_eq!((trip.facts.records(), trip.facts.links), (10, 8));
    assert_eq!(nowhere(&trip), [""; 0]);
    let skipped = trip
        .report
        .tables
        .iter()
        .filter(|t| matches!(t.records[..], [ref r] if matches!(r.fate, Fate::Skipped(_))));
    let skipped: Vec<&str> = skipped.map(|t| t.table.as_str()).collect();
    assert_eq!(skipped, ["role", "systemuser", "organization"]);
    let made: Vec<_> =
        trip.report.links.iter().map(|l| (l.relationship.as_str(), l.created, l.unchanged)).collect();
    assert_eq!(made, [("x_node_node", 4, 0), ("x_node_leaf", 2, 0), ("x_node_leaf", 1, 1)]);
}

#[test]
fn a_user_of_the_package_who_is_not_in_the_target_is_a_lookup_to_nowhere() {
    let trip = trip(DATA, Stubs::Absent);
    assert_eq!(trip.faults, [""; 0]);
    assert_eq!(nowhere(&trip), ["x_mate", "x_owneruser"]);
}

#[test]
fn what_the_schema_does_not_describe_is_never_called_moved() {
    let data = DATA.replacen(
        r#"name="x_mate" value="00000000-0000-0000-0000-000000000004""#,
        r#"name="x_unknown" value="00000000-0000-0000-0000-000000000004""#,
        1,
    );
    assert_ne!(data, DATA);
    let trip = trip(&data, Stubs::Present);
    assert!(!trip.equal());
    let leaves = trip.report.tables.iter().find(|t| t.table == "x_leaf").unwrap();
    let told =
        leaves.records[0].warnings.iter().map(|w| (w.kind, w.place.column.as_deref())).collect::<Vec<_>>();
    assert_eq!(told, [(ProblemKind::ColumnMissing, Some("x_unknown"))]);
    assert!(trip.faults.iter().all(|fault| fault.contains("x_unknown")), "{:?}", trip.faults);
}

#[test]
fn a_value_that_cannot_be_read_is_told_at_its_record() {
    let poly = r#"name="x_poly" value="00000000-0000-0000-0000-000000000001" lookupentity="x_node""#;
    let data = DATA.replacen(poly, &poly.replace(r#" lookupentity="x_node""#, ""), 1);
    assert_ne!(data, DATA);
    let trip = trip(&data, Stubs::Present);
    assert!(!trip.equal());
    let records = trip.report.tables.iter().flat_map(|t| &t.records);
    let told: Vec<_> = records.flat_map(|r| &r.warnings).map(|w| (w.kind, w.place.record)).collect();
    assert_eq!(told, [(ProblemKind::Value, Some(uuid::Uuid::from_u128(4)))]);
}
