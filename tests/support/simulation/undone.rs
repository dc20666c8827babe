//! Taking an import back: the target must be as it was before.

use super::comparing::{differences, ids};
use super::life::Life;
use super::setting::Setting;
use super::tab::{Bent, Tab};
use super::undisturbed::Undisturbed;
use crate::engines::load;
use crate::under_weather::UnderWeather;
use migration::{Fate, ImportOptions, ImportReport, Problem};

/// When every undo package is made.
const MADE: &str = "2026-11-27T12:00:00.0000000Z";

/// Takes back what the runs of the plan wrote down; what is then not as before.
pub(super) fn run(
    setting: &Setting,
    way: &UnderWeather,
    mistake: &Bent,
    peace: &Undisturbed,
    journal: &[u8],
) -> Vec<String> {
    let report = match undo(way, mistake, peace, journal) {
        Ok(report) => report,
        Err(problem) => return vec![format!("undo: {problem}")],
    };
    let known = ids(&setting.start).collect();
    let left = differences(&setting.start, &way.environment(), &known);
    let mut faults: Vec<String> = left.into_iter().map(|left| format!("after undo: {left}")).collect();
    faults.extend(failed(&report));
    faults
}

fn undo(
    way: &UnderWeather,
    mistake: &Bent,
    peace: &Undisturbed,
    journal: &[u8],
) -> Result<ImportReport, Problem> {
    let tab = Tab::open(way, Life::default(), mistake, None);
    let package = load(&migration::undo_package(&peace.tables, &peace.plan, journal, MADE)?)?;
    let plan = tab.plan(&package, &peace.tables, &ImportOptions::default())?;
    // A tab that lives for ever comes to an end of the run.
    Ok(tab.import(&package, &peace.tables, &plan, false)?.unwrap_or_default())
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
