//! What a simulation tells.

use super::disturbed::Disturbed;
use super::setting::Setting;
use super::undisturbed::Undisturbed;
use dataverse_emulator::Counters;
use serde::Serialize;
use std::fmt;

/// What one seed was, where all was as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The seed.
    pub seed: u64,
    /// Records of the package.
    pub records: u64,
    /// Rows created and changed.
    pub writes: u64,
    /// Links made.
    pub links: u64,
    /// How often the tab died.
    pub deaths: u64,
    /// How often the run ended early: it was stopped, or nothing could be asked any more.
    pub stops: u64,
    /// Seconds of virtual time.
    pub seconds: u64,
    /// What the weather did.
    pub met: Counters,
    /// The same for two runs of a seed.
    pub fingerprint: u64,
}

impl Told {
    pub(super) fn of(seed: u64, setting: &Setting, peace: &Undisturbed, storm: Disturbed) -> Told {
        Told {
            seed,
            records: setting.loaded.records() as u64,
            writes: peace.report.counts().writes(),
            links: peace.report.links.iter().map(|links| links.created).sum(),
            deaths: storm.deaths,
            stops: storm.stops,
            seconds: storm.time.as_secs(),
            met: storm.met,
            fingerprint: storm.fingerprint,
        }
    }
}

/// A seed that went wrong. It goes wrong again whenever it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The seed.
    pub seed: u64,
    /// What is not as it should be.
    pub faults: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}:", self.seed)?;
        self.faults.iter().take(20).try_for_each(|fault| writeln!(f, "  {fault}"))?;
        match self.faults.len().checked_sub(20) {
            Some(more @ 1..) => writeln!(f, "  and {more} more"),
            _ => Ok(()),
        }
    }
}

/// Many seeds together: the last line that `simulate` prints, its keys in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Seeds that were run, once a package.
    pub runs: u64,
    /// Seeds that went wrong.
    pub failed: Vec<u64>,
    /// Records of all packages.
    pub records: u64,
    /// Rows created and changed.
    pub writes: u64,
    /// Links made.
    pub links: u64,
    /// Tabs that died.
    pub deaths: u64,
    /// Runs that ended early and were gone on with.
    pub stops: u64,
    /// Requests of the disturbed runs.
    pub requests: u64,
    /// Of these: cut, late, never answered, refused by a gateway, throttled, with an expired token.
    pub disturbed: u64,
    /// Seconds of virtual time.
    pub virtual_seconds: u64,
}

impl Totals {
    /// Counts one seed.
    pub fn add(&mut self, ended: &Result<Told, Failure>) {
        self.runs += 1;
        match ended {
            Ok(told) => self.add_told(told),
            Err(failure) => self.failed.push(failure.seed),
        }
    }

    fn add_told(&mut self, told: &Told) {
        let met = &told.met;
        self.records += told.records;
        self.writes += told.writes;
        self.links += told.links;
        self.deaths += told.deaths;
        self.stops += told.stops;
        self.requests += met.requests;
        self.disturbed += met.cut + met.silent + met.slow + met.unavailable + met.throttled + met.expired;
        self.virtual_seconds += told.seconds;
    }
}
