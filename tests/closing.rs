//! Rows whose last state is set by a message: they arrive closed, with the status of the package, and once.

#![cfg(test)]

use dataverse_emulator::{Environment, Weather};
use migration::Fate;
use scenarios::engines::Engines;
use scenarios::interrupted::cut_after;
use scenarios::job::Job;
use scenarios::under_weather::UnderWeather;
use serde_json::{Value, json};

/// Tables, the state and status of their one row each.
const CLOSED: [(&str, &str, i64, i64); 6] = [
    ("incident", "incidents", 1, 1000),
    ("opportunity", "opportunities", 2, 5),
    ("opportunity", "opportunities", 1, 3),
    ("quote", "quotes", 2, 4),
    ("quote", "quotes", 3, 6),
    ("salesorder", "salesorders", 3, 100_001),
];

fn schema() -> String {
    let table = |name: &str| {
        format!(
            r#"<entity name="{name}" displayname="{name}" primaryidfield="{name}id" primarynamefield="name"><fields>
            <field displayname="Id" name="{name}id" type="guid" primaryKey="true" />
            <field displayname="Name" name="name" type="string" />
            <field displayname="State" name="statecode" type="state" />
            <field displayname="Status" name="statuscode" type="status" />
            </fields></entity>"#
        )
    };
    let tables = ["incident", "opportunity", "quote", "salesorder"].map(table);
    format!("<entities>{}</entities>", tables.concat())
}

/// A package with a closed row of each sort.
fn package() -> Vec<u8> {
    let rows = CLOSED.iter().enumerate().map(|(number, (table, _, state, status))| {
        let id = format!("00000000-0000-0000-0000-{:012}", number + 1);
        let field = |name: &str, value: Value| {
            format!(r#"<field name="{name}" value="{}" />"#, value.to_string().trim_matches('"'))
        };
        let fields = [
            field(&format!("{table}id"), json!(id)),
            field("name", json!(format!("Row {number}"))),
            field("statecode", json!(state)),
            field("statuscode", json!(status)),
        ];
        format!(
            r#"<entity name="{table}" displayname="{table}"><records><record id="{id}">{}</record></records></entity>"#,
            fields.concat()
        )
    });
    let data = format!("<entities>{}</entities>", rows.collect::<String>());
    let source = Environment::builder("Source").tables_xml(schema().as_bytes()).data_xml(data.as_bytes());
    let mut engines = Engines::new(&UnderWeather::calm(source.build().unwrap()));
    engines.export(&cmt::Schema::parse(schema().as_bytes()).unwrap().0).unwrap().0
}

fn job(zip: &[u8]) -> Job {
    let target = Environment::builder("Target").tables_xml(schema().as_bytes()).build().unwrap();
    Job::into_environment(zip, target).unwrap()
}

#[test]
fn closed_rows_arrive_in_their_states() {
    let mut job = job(&package());
    let imported = job.import().unwrap();
    let fates: Vec<&Fate> =
        imported.report.tables.iter().flat_map(|t| &t.records).map(|record| &record.fate).collect();
    assert_eq!(fates, vec![&Fate::Created; CLOSED.len()]);
    assert_eq!(job.false_claims(&imported.report), []);
    let (_, second) = job.plan().unwrap();
    assert_eq!(second.counts().writes(), 0);
}

#[test]
fn rows_are_closed_once_wherever_the_run_was_cut() {
    let zip = package();
    for requests in 0.. {
        let mut job = job(&zip);
        let (tables, plan) = job.plan().unwrap();
        job.way().set_weather(cut_after(requests));
        let mut kept = Vec::new();
        let first = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut kept).unwrap();
        job.way().set_weather(Weather::calm());
        let earlier = kept.clone();
        let report = job.engines.import_after(&job.loaded, &tables, &plan, &earlier, &mut kept).unwrap();
        assert_eq!((report.stopped.as_ref(), report.counts().created), (None, 6), "{requests}");
        assert_eq!(job.false_claims(&report), [], "{requests}");
        if first.stopped.is_none() {
            assert!(requests > 3, "only {requests} requests");
            return;
        }
    }
}
