//! Real packages into targets that the seeds draw.

use scenarios::packages::package_bytes;
use scenarios::simulation::{Asked, simulate};

const SEEDS: u64 = 20;

/// Packages that go through all seeds at every test.
const SMALL: [&str; 15] = [
    "advocacy",
    "automation-kit",
    "contoso-reference",
    "contoso-sample",
    "devops-en-gb-dates",
    "education-marketing",
    "education-required",
    "fabrikam",
    "field-service-summary",
    "media-cpm",
    "nonprofit-volunteer-2019",
    "permit-absolute-dates",
    "permit-relative-dates",
    "permit-small",
    "nonprofit-2019",
];

/// Packages that take seconds a seed: so many seeds at every test, all of them with `cargo xtask test --long` and
/// with `simulate --seeds 20`.
const LARGE: [(&str, u64); 4] =
    [("education-k12-portal", 4), ("education-k12-sample", 3), ("media-default", 2), ("education-2019", 1)];

fn pass(name: &str, seeds: u64) {
    let Some(zip) = package_bytes(name) else { return };
    let asked = Asked { package: Some(&zip), ..Asked::default() };
    let failures: Vec<String> = (0..seeds)
        .filter_map(|seed| simulate(seed, asked).err())
        .map(|failure| failure.to_string())
        .collect();
    assert!(failures.is_empty(), "{name}:\n{}", failures.concat());
}

#[test]
fn small_packages_pass_twenty_seeds_each() {
    SMALL.into_iter().for_each(|name| pass(name, SEEDS));
}

#[test]
fn large_packages_pass_their_first_seeds() {
    LARGE.into_iter().for_each(|(name, seeds)| pass(name, seeds));
}

#[test]
#[ignore = "takes minutes"]
fn large_packages_pass_twenty_seeds_each() {
    LARGE.into_iter().for_each(|(name, _)| pass(name, SEEDS));
}
