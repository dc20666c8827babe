//! Taking an import back, in peace or in weather of its own: the target must be as it was before.

use super::comparing::{differences, ids};
use super::dice::Dice;
use super::going_on::GoingOn;
use super::setting::Setting;
use super::storm;
use super::tab::Bent;
use super::undisturbed::Undisturbed;
use crate::engines::load;
use crate::under_weather::UnderWeather;
use dataverse_emulator::Weather;
use migration::{Fate, ImportOptions, ImportReport, LoadedPackage, Problem};

/// When every undo package is made.
const MADE: &str = "2026-11-27T12:00:00.0000000Z";
/// Of a hundred undos so many have weather: the others tell what goes wrong without any.
const STORMY: u64 = 50;

/// Takes back what the runs of the plan wrote down; what is then not as before.
pub(super) fn run(
    dice: &mut Dice,
    setting: &Setting,
    way: &UnderWeather,
    mistake: &Bent,
    peace: &Undisturbed,
    journal: &[u8],
) -> Vec<String> {
    let weather = if dice.chance(STORMY) { storm::draw(dice) } else { Weather::calm() };
    let undone = undo_package(peace, journal)
        .map_err(|problem| vec![format!("undo: {problem}")])
        .and_then(|package| take_back(dice, &package, way, weather, mistake, peace));
    let report = match undone {
        Ok(report) => report,
        Err(faults) => return faults.into_iter().map(|fault| format!("undo: {fault}")).collect(),
    };
    let known = ids(&setting.start).collect();
    let left = differences(&setting.start, &way.environment(), &known);
    let mut faults: Vec<String> = left.into_iter().map(|left| format!("after undo: {left}")).collect();
    faults.extend(failed(&report));
    faults
}

fn undo_package(peace: &Undisturbed, journal: &[u8]) -> Result<LoadedPackage, Problem> {
    load(&migration::undo_package(&peace.tables, &peace.plan, journal, MADE)?)
}

/// An undo is a run like any other: tabs die, and it is gone on with.
fn take_back(
    dice: &mut Dice,
    package: &LoadedPackage,
    way: &UnderWeather,
    weather: Weather,
    mistake: &Bent,
    peace: &Undisturbed,
) -> Result<ImportReport, Vec<String>> {
    way.set_weather(weather.clone());
    let options = &ImportOptions::default();
    let (tables, moments) = (&peace.tables, peace.moments);
    let mut run =
        GoingOn { dice, package, options, mistake, way, weather, tables, moments, deaths: 0, stops: 0 };
    let plan = run.plan().map_err(|problem| vec![problem.to_string()])?;
    let (report, _) = run.finish(&plan)?;
    way.set_weather(Weather::calm());
    way.let_the_last_ones_in();
    Ok(report)
}

/// What undo itself says it could not do.
fn failed(report: &ImportReport) -> Vec<String> {
    let records = report.tables.iter().flat_map(|table| &table.records);
    let failed = records.filter_map(|record| match &record.fate {
        Fate::Failed(problem) => Some(format!("undo of {}: {problem}", record.id)),
        _ => None,
    });
    let stopped = report.stopped.iter().map(|problem| format!("undo stopped: {problem}"));
    failed.chain(stopped).collect()
}
