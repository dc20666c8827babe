//! The import in bad weather, in tabs that die: it must come to the end of the undisturbed one.

use super::demands::{self, Ended};
use super::dice::Dice;
use super::going_on::GoingOn;
use super::setting::Setting;
use super::tab::Bent;
use super::undisturbed::{Undisturbed, second_plan};
use super::{known, storm, undone};
use crate::under_weather::UnderWeather;
use dataverse::Clock;
use dataverse_emulator::{Counters, Weather};
use std::time::Duration;

/// What happened on the way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Disturbed {
    pub(super) deaths: u64,
    pub(super) stops: u64,
    pub(super) met: Counters,
    pub(super) time: Duration,
    /// Of all that was written down: two runs of a seed have it in common, and other runs hardly.
    pub(super) fingerprint: u64,
}

/// # Errors
/// What is not as it should be.
pub(super) fn run(
    dice: &mut Dice,
    seed: u64,
    setting: &Setting,
    peace: &Undisturbed,
    mistake: &Bent,
) -> Result<Disturbed, Vec<String>> {
    let weather = storm::draw(dice);
    let way = UnderWeather::new(setting.start.clone(), weather.clone(), seed);
    let (package, options, moments) = (&setting.loaded, &setting.options, peace.moments);
    let mut run = GoingOn {
        dice,
        package,
        options,
        mistake,
        way: &way,
        weather,
        tables: &peace.tables,
        moments,
        deaths: 0,
        stops: 0,
    };
    let plan = run.plan().map_err(|problem| vec![format!("the plan: {problem}")])?;
    if plan != peace.plan {
        return Err(vec!["bad weather changes the plan".to_owned()]);
    }
    let (report, journal) = run.finish(&plan)?;
    let (deaths, stops) = (run.deaths, run.stops);
    way.set_weather(Weather::calm());
    way.let_the_last_ones_in();
    let target = way.environment().clone();
    let ended = Ended { plan: &plan, report: &report, target: &target };
    let mut faults = demands::of_any(setting, &ended);
    faults.extend(demands::of_disturbed(&peace.ended(), &ended, &known(setting)));
    faults.extend(second_plan(setting, &way, mistake, &peace.tables));
    let fingerprint = fingerprint(&journal);
    faults.extend(undone::run(dice, setting, &way, mistake, peace, &journal));
    let (met, time) = (way.traffic().counters(), way.clock().now());
    if faults.is_empty() { Ok(Disturbed { deaths, stops, met, time, fingerprint }) } else { Err(faults) }
}

/// FNV-1a.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
