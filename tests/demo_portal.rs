//! The demo's two environments: what the person who tries Portage without an account will see.

#![cfg(test)]

use cmt::Schema;
use dataverse_emulator::Environment;
use migration::{Action, Counts, Fate};
use scenarios::engines::Engines;
use scenarios::job::Job;
use scenarios::under_weather::UnderWeather;

const SCHEMA: &[u8] = include_bytes!("../schemas/dataverse-blank.xml");
const DEVELOPMENT: &[u8] = include_bytes!("../src/demo/contoso_development.xml");
const TEST: &[u8] = include_bytes!("../src/demo/contoso_test.xml");

/// An environment as the demo builds it.
fn environment(name: &str, data: &[u8]) -> Environment {
    Environment::builder(name)
        .tables_xml(SCHEMA)
        .data_xml(data)
        .blocked_attachments("exe;js")
        .build()
        .unwrap()
}

/// The package that Contoso Development exports.
fn exported() -> Vec<u8> {
    let schema = Schema::parse(SCHEMA).unwrap().0;
    let development = UnderWeather::calm(environment("Contoso Development", DEVELOPMENT));
    Engines::new(&development).export(&schema).unwrap().0
}

#[test]
fn what_development_exports_is_what_it_was_built_from() {
    let data = |zip: &[u8]| {
        let package = dataverse_emulator::loader::Package::read(zip).unwrap();
        package.data.tables.iter().map(|t| (t.name.clone(), t.records.len())).collect::<Vec<_>>()
    };
    let held = data(&exported());
    let records: usize = held.iter().map(|(_, count)| count).sum();
    assert_eq!((held.len(), records), (28, 107));
}

#[test]
fn the_import_creates_updates_leaves_alone_keeps_a_setting_and_is_refused_one_script() {
    let mut job = Job::into_environment(&exported(), environment("Contoso Test", TEST)).unwrap();
    let imported = job.import().unwrap();
    let expected =
        Counts { created: 66, updated: 7, unchanged: 32, skipped: 1, failed: 1, ..Counts::default() };
    assert_eq!(imported.plan.counts(), expected);
    assert_eq!(imported.report.counts(), expected);
    let blocked: Vec<&str> = imported
        .plan
        .tables
        .iter()
        .filter(|table| table.records.iter().any(|record| matches!(record.action, Action::Blocked(_))))
        .map(|table| table.table.as_str())
        .collect();
    assert_eq!(blocked, ["annotation"]);
    let warned =
        imported.report.tables.iter().flat_map(|table| &table.records).filter(|r| !r.warnings.is_empty());
    assert_eq!(warned.filter(|record| !matches!(record.fate, Fate::Failed(_))).count(), 0);
    assert_eq!(job.false_claims(&imported.report), []);
}

#[test]
fn a_second_import_has_nothing_left_to_write() {
    let mut job = Job::into_environment(&exported(), environment("Contoso Test", TEST)).unwrap();
    job.import().unwrap();
    let second = job.import().unwrap();
    let expected =
        Counts { created: 0, updated: 0, unchanged: 105, skipped: 1, failed: 1, ..Counts::default() };
    assert_eq!(second.plan.counts(), expected);
    assert!(second.plan.links.iter().all(|links| links.create.is_empty()));
}
