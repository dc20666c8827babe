//! What an environment holds comes out as Microsoft's tool had written it: every real package is loaded into an
//! environment with exactly its schema, and exported again.

#![cfg(test)]

use cmt::tools::difference;
use cmt::{DataPackage, DateTime, Field, Lookup, Party, SpooledPackage, Value};
use dataverse_emulator::{Environment, Records};
use scenarios::engines::Engines;
use scenarios::packages::package_bytes;
use scenarios::under_weather::UnderWeather;
use std::io::{Cursor, Read};

const ALL: [&str; 19] = [
    "advocacy",
    "automation-kit",
    "contoso-reference",
    "contoso-sample",
    "devops-en-gb-dates",
    "education-2019",
    "education-k12-portal",
    "education-k12-sample",
    "education-marketing",
    "education-required",
    "fabrikam",
    "field-service-summary",
    "media-cpm",
    "media-default",
    "nonprofit-2019",
    "nonprofit-volunteer-2019",
    "permit-absolute-dates",
    "permit-relative-dates",
    "permit-small",
];

/// The zip as an export of an environment that holds exactly its rows gives it.
fn exported(zip: &[u8]) -> Vec<u8> {
    let environment = Environment::builder("Source").package(zip, Records::Load).stubs(true).build().unwrap();
    let schema = DataPackage::open(zip.to_vec()).unwrap().schema().clone();
    let (exported, report) = Engines::new(&UnderWeather::calm(environment)).export(&schema).unwrap();
    for table in &report.tables {
        assert_eq!(Some(table.records), table.expected.exact(), "{}", table.table);
    }
    exported
}

fn spooled(zip: &[u8]) -> SpooledPackage<Vec<u8>> {
    SpooledPackage::index(&DataPackage::open(zip.to_vec()).unwrap(), Vec::new()).unwrap()
}

/// `data.xml` without its first lines, which tell when the export began.
fn data_xml(zip: &[u8]) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip.to_vec())).unwrap();
    let mut text = String::new();
    zip.by_name("data.xml").unwrap().read_to_string(&mut text).unwrap();
    text[text.find("<entity ").unwrap_or(0)..].to_owned()
}

/// The emulated service has a reason for each state of each row; this table's rows come without one.
const WITHOUT_STATUS: (&str, &str) = ("uomschedule", "statuscode");

/// What a value means: the emulator names rows as they are called now, and dates of 2019 are read as instants.
fn meaning(value: &Value) -> Value {
    match value {
        Value::DateTime(date) => Value::DateTime(DateTime { utc: false, ..*date }),
        Value::Lookup(lookup) => Value::Lookup(Lookup { name: None, ..lookup.clone() }),
        // Who owns a party's activity owns the party: the emulator does not say it twice.
        Value::Parties(parties) => Value::Parties(parties.iter().map(party_meaning).collect()),
        other => other.clone(),
    }
}

fn party_meaning(party: &Party) -> Party {
    let fields = party.fields.iter().filter(|field| field.column != "ownerid");
    let fields = fields.map(|field| Field { value: meaning(&field.value), ..field.clone() });
    Party { fields: fields.collect(), ..party.clone() }
}

#[test]
fn every_package_comes_out_record_by_record_value_by_value_and_link_by_link() {
    for name in ALL {
        let Some(zip) = package_bytes(name) else { continue };
        let (before, after) = (spooled(&zip), spooled(&exported(&zip)));
        for table in difference(&before, &after).unwrap().tables {
            assert_eq!((&table.added, &table.removed), (&vec![], &vec![]), "{name} {}", table.name);
            assert_eq!((table.links_added, table.links_removed), (vec![], vec![]), "{name} {}", table.name);
            let (was, is) = (before.by_id(&table.name), after.by_id(&table.name));
            for change in &table.changed {
                let record =
                    |index: &cmt::RecordIndex<'_, Vec<u8>>| index.record(&change.id).unwrap().unwrap();
                let (was, is) = (record(&was), record(&is));
                for column in &change.columns {
                    let value = |record: &cmt::Record| record.value(column).map(meaning);
                    if (table.name.as_str(), column.as_str()) == WITHOUT_STATUS {
                        continue;
                    }
                    assert_eq!(value(&was), value(&is), "{name} {} {} {column}", table.name, change.id);
                }
            }
        }
    }
}

/// Of those that were written since 2020 four differ, and each by what no environment can have told: `automation-kit` was
/// edited by hand (a blank behind a tag, a record renamed in one place), `fabrikam` names a row as it was called once,
/// `education-k12-sample` lacks the other direction of some links, `media-default` lists a table twice. Those of 2019 have
/// dates as text of their writer's country.
#[test]
fn what_the_environment_gives_unchanged_is_written_byte_by_byte_as_microsofts_tool_does() {
    for name in [
        "contoso-reference",
        "contoso-sample",
        "devops-en-gb-dates",
        "education-k12-portal",
        "education-marketing",
        "education-required",
        "field-service-summary",
        "media-cpm",
        "permit-absolute-dates",
        "permit-relative-dates",
        "permit-small",
    ] {
        let Some(zip) = package_bytes(name) else { continue };
        assert!(data_xml(&zip) == data_xml(&exported(&zip)), "{name}");
    }
}
