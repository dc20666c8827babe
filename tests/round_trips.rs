//! Real packages go in and come out the same.

#![cfg(test)]

use scenarios::emulated_target::Stubs;
use scenarios::packages::package;
use scenarios::round_trip::{RoundTrip, round_trip};

fn trip(name: &str, stubs: Stubs) -> Option<RoundTrip> {
    Some(round_trip(&package(name)?, stubs).unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// Passed in full: records, links.
const EQUAL: [(&str, u64, u64); 17] = [
    ("advocacy", 10, 0),
    ("automation-kit", 205, 26),
    ("contoso-reference", 5, 0),
    ("contoso-sample", 76, 0),
    ("devops-en-gb-dates", 3, 0),
    ("education-k12-portal", 924, 54),
    ("education-k12-sample", 1585, 275),
    ("education-marketing", 3, 0),
    ("education-required", 11, 0),
    ("fabrikam", 89, 5),
    ("field-service-summary", 2, 0),
    ("media-cpm", 42, 2),
    ("nonprofit-2019", 356, 0),
    ("nonprofit-volunteer-2019", 183, 0),
    ("permit-absolute-dates", 8, 0),
    ("permit-relative-dates", 8, 0),
    ("permit-small", 2, 0),
];

fn equal(name: &str, records: u64, links: u64) {
    let Some(trip) = trip(name, Stubs::Present) else { return };
    assert_eq!((trip.facts.records(), trip.facts.links), (records, links), "{name}");
    assert_eq!(trip.faults, [""; 0], "{name}");
    assert_eq!(trip.report.counts().created, records, "{name}");
    assert_eq!(trip.second_plan_writes, 0, "{name}");
}

#[test]
fn real_packages_come_out_as_they_went_in() {
    for (name, records, links) in EQUAL {
        equal(name, records, links);
    }
}

#[test]
fn a_package_of_seven_thousand_records_comes_out_as_it_went_in() {
    equal("education-2019", 7310, 14);
}

#[test]
fn records_that_a_file_tells_in_two_parts_come_out_with_the_columns_of_both() {
    let Some(trip) = trip("media-default", Stubs::Present) else { return };
    assert_eq!(trip.faults, [""; 0]);
    // 2,835 <record> elements, 19 of them the second part of a record.
    assert_eq!((trip.facts.records(), trip.facts.further_parts), (2816, 19));
    assert_eq!(trip.report.counts().created, 2816);
    assert_eq!(trip.second_plan_writes, 0);
}

#[test]
fn without_stubs_every_lookup_that_leads_nowhere_is_in_the_report() {
    for name in
        ["fabrikam", "contoso-reference", "contoso-sample", "nonprofit-volunteer-2019", "automation-kit"]
    {
        let Some(trip) = trip(name, Stubs::Absent) else { continue };
        assert!(!trip.facts.dangling_lookups.is_empty(), "{name} has lookups that lead nowhere");
        assert_eq!(trip.faults, [""; 0], "{name}");
        let warned: usize =
            trip.report.tables.iter().flat_map(|t| &t.records).map(|r| r.warnings.len()).sum();
        assert_eq!(warned, trip.facts.dangling_lookups.len(), "{name}: no warning without its cause");
    }
}
