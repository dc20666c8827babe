//! Columns that had to wait are set in messages for many rows, where the table takes them.

#![cfg(test)]

use dataverse_emulator::loader::Package;
use dataverse_emulator::{Fault, Rule, Weather};
use scenarios::emulated_target::{Stubs, emulated_target};
use scenarios::engines::load;
use scenarios::job::false_claims;
use scenarios::under_weather::UnderWeather;
use std::io::{Cursor, Write};
use uuid::Uuid;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const SCHEMA: &str = r#"<entities>
<entity name="x_node" displayname="Node" etc="1" primaryidfield="x_nodeid" primarynamefield="name"><fields>
 <field displayname="Node" name="x_nodeid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Mate" name="x_mate" type="entityreference" lookupType="x_node" />
</fields></entity>
</entities>"#;

/// Rows in pairs that point to each other: of each pair one can be set only when the other is there.
const PAIRS: u128 = 30;

fn record(id: Uuid, mate: Uuid) -> String {
    format!(
        r#"<record id="{id}"><field name="name" value="{id}"/><field name="x_mate" value="{mate}" lookupentity="x_node" lookupentityname=""/></record>"#
    )
}

fn pairs() -> Vec<u8> {
    let ids = (1..=PAIRS).map(|n| (Uuid::from_u128(n), Uuid::from_u128(n + PAIRS)));
    package(&ids.map(|(a, b)| record(a, b) + &record(b, a)).collect::<String>())
}

fn package(records: &str) -> Vec<u8> {
    let data = format!(
        r#"<entities timestamp="2024-01-01T00:00:00.0000000Z"><entity name="x_node" displayname="Node"><records>{records}</records><m2mrelationships /></entity></entities>"#
    );
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("data_schema.xml", SCHEMA), ("data.xml", &data)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn columns_that_had_to_wait_go_in_messages_and_are_set_once_although_an_answer_is_lost() {
    let zip = pairs();
    let (loaded, package) = (load(&zip).unwrap(), Package::read(&zip).unwrap());
    // Only a message that is sent can be lost.
    let weather =
        Weather::calm().rule(Rule::only(1, Fault::Lost).address("Microsoft.Dynamics.CRM.UpdateMultiple"));
    let way = UnderWeather::new(emulated_target(&zip, Stubs::Present).unwrap(), weather, 1);
    let report = way.import(&loaded).unwrap();
    assert_eq!(report.stopped, None);
    assert_eq!(u128::from(report.counts().created), 2 * PAIRS);
    assert_eq!(false_claims(&package, way.traffic().environment(), &report), []);
    assert_eq!(way.traffic().counters().cut, 1);
}

#[test]
fn thousands_of_rows_do_not_go_one_by_one() {
    const ROWS: u128 = 6_000;
    let row =
        |n| format!(r#"<record id="{0}"><field name="name" value="{0}"/></record>"#, Uuid::from_u128(n));
    let zip = package(&(1..=ROWS).map(row).collect::<String>());
    let way = UnderWeather::calm(emulated_target(&zip, Stubs::Present).unwrap());
    let report = way.import(&load(&zip).unwrap()).unwrap();
    assert_eq!((u128::from(report.counts().created), report.stopped), (ROWS, None));
    let requests = way.environment().request_count();
    assert!(u128::from(requests) < ROWS / 20, "{requests} requests, with those that read what was written");
}
