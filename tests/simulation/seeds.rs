//! Packages that the seeds draw.

use scenarios::simulation::{Asked, Totals, simulate};
use std::ops::Range;

fn pass(seeds: Range<u64>, asked: Asked<'_>) -> Totals {
    let mut totals = Totals::default();
    let mut failures = String::new();
    for seed in seeds {
        let ended = simulate(seed, asked);
        if let Err(failure) = &ended {
            failures +=
                &format!("{failure}  again: cargo run -p scenarios --bin simulate -- --seed {seed}\n");
        }
        totals.add(&ended);
    }
    assert!(totals.failed.is_empty(), "{} seeds failed:\n{failures}", totals.failed.len());
    totals
}

/// What is to be endured must have been met: tabs that died, runs that ended early, requests that went wrong.
fn much_was_endured(totals: &Totals) {
    assert!(totals.deaths > totals.runs / 2, "{totals:?}");
    assert!(totals.stops > 0 && totals.disturbed > totals.requests / 20, "{totals:?}");
    assert!(totals.links > totals.runs && totals.writes > totals.records / 3, "{totals:?}");
}

#[test]
fn seeds_0_to_499_end_as_if_nothing_had_happened() {
    much_was_endured(&pass(0..500, Asked::default()));
}

#[test]
fn seeds_500_to_999_end_as_if_nothing_had_happened() {
    much_was_endured(&pass(500..1000, Asked::default()));
}

#[test]
fn seeds_1000_to_1499_end_as_if_nothing_had_happened() {
    much_was_endured(&pass(1000..1500, Asked::default()));
}

#[test]
fn seeds_1500_to_1999_end_as_if_nothing_had_happened_with_names_for_keys() {
    much_was_endured(&pass(1500..2000, Asked { match_name: true, ..Asked::default() }));
}
