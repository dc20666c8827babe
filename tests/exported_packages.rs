//! What an environment holds comes out as Microsoft's tool had written it: every real package is loaded into an
//! environment with exactly its schema, and exported again.

#![cfg(test)]

use cmt::tools::difference;
use cmt::{DataPackage, SpooledPackage};
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

#[test]
fn every_package_comes_out_record_by_record_value_by_value_and_link_by_link() {
    for name in ALL {
        let Some(zip) = package_bytes(name) else { continue };
        let differing = difference(&spooled(&zip), &spooled(&exported(&zip))).unwrap();
        for table in &differing.tables {
            eprintln!(
                "{name} {}: +{} -{} ~{} links +{} -{}",
                table.name,
                table.added.len(),
                table.removed.len(),
                table.changed.len(),
                table.links_added.len(),
                table.links_removed.len()
            );
            for change in table.changed.iter().take(3) {
                eprintln!("   {} {:?}", change.id, change.columns);
            }
        }
    }
}

#[test]
fn bytes() {
    for name in ALL {
        let Some(zip) = package_bytes(name) else { continue };
        let (before, after) = (data_xml(&zip), data_xml(&exported(&zip)));
        let same = before == after;
        eprintln!("{name}: {same}");
        if !same {
            let differing =
                before.lines().zip(after.lines()).enumerate().filter(|(_, (a, b))| a != b).take(2);
            for (line, (a, b)) in differing {
                eprintln!(
                    "  {line}\n    {}\n    {}",
                    a.chars().take(300).collect::<String>(),
                    b.chars().take(300).collect::<String>()
                );
            }
            eprintln!("  lines {} {}", before.lines().count(), after.lines().count());
        }
    }
}
