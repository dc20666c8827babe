//! Exports in bad weather, and of environments that change meanwhile: nothing is missing without a word.

#![cfg(test)]

use cmt::Schema;
use dataverse_emulator::{Chance, Environment, Fault, Throttle, Weather};
use migration::{ExportOptions, ProblemKind};
use scenarios::engines::{Engines, load};
use scenarios::under_weather::UnderWeather;
use std::fmt::Write;
use std::time::Duration;

const SCHEMA: &str = r#"<entities>
<entity name="account" displayname="Account" primaryidfield="accountid" primarynamefield="name"><fields>
 <field displayname="Account" name="accountid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Number" name="contoso_number" type="string" />
</fields></entity>
<entity name="contact" displayname="Contact" primaryidfield="contactid" primarynamefield="fullname"><fields>
 <field displayname="Contact" name="contactid" type="guid" primaryKey="true" />
 <field displayname="Last Name" name="lastname" type="string" />
</fields></entity>
</entities>"#;

const DETAILS: &str =
    r#"{"tables":{"account":{"columns":{"contoso_number":{"type":"text","maxLength":160}}}}}"#;

/// More than two pages.
const ACCOUNTS: u128 = 11_000;

fn source() -> Environment {
    let mut data = r#"<entities timestamp="2024-07-26T15:51:30.0000000Z">"#.to_owned();
    let mut table = |name: &str, column: &str, rows: u128| {
        write!(data, r#"<entity name="{name}" displayname="{name}"><records>"#).unwrap();
        for row in 1..=rows {
            let id = uuid::Uuid::from_u128(row.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
            write!(data, r#"<record id="{id}"><field name="{column}" value="{row}" /></record>"#).unwrap();
        }
        data.push_str("</records><m2mrelationships /></entity>");
    };
    table("account", "name", ACCOUNTS);
    table("contact", "lastname", 3);
    let data = data + "</entities>";
    let environment = Environment::builder("Source").tables_xml(SCHEMA.as_bytes()).data_xml(data.as_bytes());
    environment.details(DETAILS.as_bytes()).build().unwrap()
}

fn schema() -> Schema {
    Schema::parse(SCHEMA.as_bytes()).unwrap().0
}

#[test]
fn an_export_in_bad_weather_is_the_same_as_in_good() {
    let calm = Engines::new(&UnderWeather::calm(source())).export(&schema()).unwrap();
    let faults =
        [Fault::Cut, Fault::Lost, Fault::Throttled(Throttle::Requests), Fault::Slow(Duration::from_secs(10))];
    let weather =
        faults.into_iter().fold(Weather::busy().token_life(Duration::from_secs(100)), |weather, fault| {
            weather.chance(fault, Chance::percent(8))
        });
    for seed in 0..5 {
        let way = UnderWeather::new(source(), weather.clone(), seed);
        let (zip, report) = Engines::new(&way).export(&schema()).unwrap();
        assert_eq!((zip == calm.0, &report), (true, &calm.1), "seed {seed}");
    }
}

#[test]
fn each_table_link_and_page_costs_a_request_at_most() {
    let way = UnderWeather::calm(source());
    let mut engines = Engines::new(&way);
    let options = ExportOptions::default();
    let (tables, survey) = engines.survey(&schema(), &options).unwrap();
    let to_check = way.environment().request_count();
    assert!(to_check <= 10, "{to_check} requests to check");
    let (_, report) = engines.export_surveyed(&schema(), &tables, &options, &survey).unwrap();
    let to_read = way.environment().request_count() - to_check;
    assert_eq!(report.tables[0].records, ACCOUNTS as u64);
    assert!(to_read <= 2 + 3, "{to_read} requests to read 2 tables of 3 and 1 pages");
}

#[test]
fn rows_that_go_between_the_count_and_the_reading_are_told() {
    let way = UnderWeather::calm(source());
    let mut engines = Engines::new(&way);
    let options = ExportOptions::default();
    let (tables, survey) = engines.survey(&schema(), &options).unwrap();
    let client = way.client();
    let gone = load(&engines.export(&schema()).unwrap().0).unwrap().table("contact").unwrap().records[0].id;
    let delete = dataverse::Operation::Delete { set: "contacts".into(), id: gone };
    dataverse::Clock::now(way.clock());
    way.clock().run(client.batch(vec![delete])).unwrap()[0].as_ref().unwrap();
    let (_, report) = engines.export_surveyed(&schema(), &tables, &options, &survey).unwrap();
    let contacts = report.tables.iter().find(|table| table.table == "contact").unwrap();
    assert_eq!((contacts.expected.rows(), contacts.records, contacts.counted_again), (3, 2, Some(2)));
    assert_eq!(report.problems, [], "a second count agrees");
}

#[test]
fn a_column_that_is_removed_between_check_and_run_cuts_its_table_short_and_says_so() {
    let whole = UnderWeather::calm(source());
    let mut engines = Engines::new(&whole);
    let options = ExportOptions::default();
    let (tables, survey) = engines.survey(&schema(), &options).unwrap();
    let without =
        SCHEMA.replace(r#" <field displayname="Number" name="contoso_number" type="string" />"#, "");
    let changed = Environment::builder("Source").tables_xml(without.as_bytes()).build().unwrap();
    let mut engines = Engines::new(&UnderWeather::calm(changed));
    let (_, report) = engines.export_surveyed(&schema(), &tables, &options, &survey).unwrap();
    let problem = report.problems.iter().find(|p| p.place.table.as_deref() == Some("account")).unwrap();
    assert_eq!(problem.kind, ProblemKind::Refused);
    assert!(problem.what.starts_with("The rows of this table could not be read."), "{}", problem.what);
    assert!(problem.what.contains("contoso_number"), "{}", problem.what);
}

/// The source, where nobody may read contacts.
fn without_contacts() -> UnderWeather {
    let source = Environment::builder("Source").tables_xml(SCHEMA.as_bytes()).details(DETAILS.as_bytes());
    UnderWeather::calm(source.without_privilege("prvReadContact").build().unwrap())
}

#[test]
fn a_table_that_may_not_be_read_is_told_with_its_reason_and_what_to_do_and_the_others_come() {
    let (zip, report) = Engines::new(&without_contacts()).export(&schema()).unwrap();
    assert_eq!(load(&zip).unwrap().schema.tables.len(), 2);
    let told: Vec<_> =
        report.problems.iter().filter(|p| p.place.table.as_deref() == Some("contact")).collect();
    assert!(told.iter().any(|p| p.kind == ProblemKind::Privilege), "{told:?}");
    assert!(told.iter().all(|p| p.what.contains("prvReadContact") && !p.remedy.is_empty()), "{told:?}");
}

#[test]
fn a_permission_that_is_withdrawn_between_check_and_run_is_told() {
    let whole = UnderWeather::calm(source());
    let mut engines = Engines::new(&whole);
    let options = ExportOptions::default();
    let (tables, survey) = engines.survey(&schema(), &options).unwrap();
    let mut engines = Engines::new(&without_contacts());
    let (_, report) = engines.export_surveyed(&schema(), &tables, &options, &survey).unwrap();
    let contacts = report.tables.iter().find(|table| table.table == "contact").unwrap();
    assert_eq!((contacts.expected.rows(), contacts.records), (3, 0));
    let told = report.problems.iter().find(|p| p.place.table.as_deref() == Some("contact")).unwrap();
    assert!(told.what.contains("prvReadContact"), "{told:?}");
}

#[test]
fn rows_that_are_deleted_between_two_pages_are_missing_with_a_word() {
    let way = UnderWeather::calm(source());
    let mut engines = Engines::new(&way);
    let options = ExportOptions::default();
    let (tables, survey) = engines.survey(&schema(), &options).unwrap();
    let ids: Vec<uuid::Uuid> = way.environment().rows("account").map(|row| row.id()).collect();
    // When the first page is on its way, the last rows of the table go.
    let before = way.environment().request_count();
    way.meanwhile(move |environment| {
        if environment.request_count() == before + 1 {
            for id in ids.iter().rev().take(10) {
                assert!(environment.remove_row("account", *id));
            }
        }
    });
    let (_, report) = engines.export_surveyed(&schema(), &tables, &options, &survey).unwrap();
    let accounts = report.tables.iter().find(|table| table.table == "account").unwrap();
    assert_eq!(u128::from(accounts.expected.rows()), ACCOUNTS);
    assert_eq!(u128::from(accounts.records), ACCOUNTS - 10);
    assert_eq!(accounts.counted_again.map(u128::from), Some(ACCOUNTS - 10));
}
