//! Real packages go in and come out the same.

#![cfg(test)]

use scenarios::emulated_target::Stubs;
use scenarios::packages::package;
use scenarios::round_trip::{RoundTrip, round_trip};

fn trip(name: &str, stubs: Stubs) -> Option<RoundTrip> {
    Some(round_trip(&package(name)?, stubs).unwrap_or_else(|e| panic!("{name}: {e}")))
}

#[test]
fn real_packages_come_out_as_they_went_in() {
    let cases = [
        ("education-k12-portal", 924, 54),
        ("fabrikam", 89, 5),
        ("permit-absolute-dates", 8, 0),
        ("contoso-reference", 5, 0),
    ];
    for (name, records, links) in cases {
        let Some(trip) = trip(name, Stubs::Present) else { continue };
        assert_eq!((trip.records, trip.links), (records, links), "{name}");
        assert_eq!(trip.faults, [""; 0], "{name}");
        assert_eq!(trip.report.counts().created, records, "{name}");
        assert_eq!(trip.second_plan_writes, 0, "{name}");
    }
}

#[test]
fn without_stubs_every_lookup_that_leads_nowhere_is_in_the_report() {
    for name in ["fabrikam", "contoso-reference", "contoso-sample"] {
        let Some(trip) = trip(name, Stubs::Absent) else { continue };
        assert!(!trip.dangling.lookups.is_empty(), "{name} has lookups that lead nowhere");
        assert_eq!(trip.faults, [""; 0], "{name}");
        let warned: usize =
            trip.report.tables.iter().flat_map(|t| &t.records).map(|r| r.warnings.len()).sum();
        assert_eq!(warned, trip.dangling.lookups.len(), "{name}: no warning without its cause");
    }
}
