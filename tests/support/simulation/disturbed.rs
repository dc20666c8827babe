//! The import in bad weather, in tabs that die: gone on with until it comes to its end.

use super::demands::{self, Ended};
use super::dice::Dice;
use super::life::{Death, Dying, Life};
use super::setting::Setting;
use super::tab::{Bent, Tab, wait};
use super::undisturbed::{Undisturbed, second_plan};
use super::{known, storm, undone};
use crate::under_weather::UnderWeather;
use dataverse::Clock;
use dataverse_emulator::{Counters, Weather};
use migration::{ImportReport, Plan, Problem};
use std::time::Duration;

/// More tabs than this are not opened: the run does not come to its end.
const MOST_TABS: u64 = 12;

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
    let happened = Disturbed::default();
    let mut run = Running { dice, setting, peace, mistake, way: &way, weather, happened };
    let plan = run.plan().map_err(|problem| vec![format!("the plan: {problem}")])?;
    if plan != peace.plan {
        return Err(vec!["bad weather changes the plan".to_owned()]);
    }
    let (report, journal) = run.finish(&plan)?;
    let happened = run.happened;
    way.set_weather(Weather::calm());
    way.let_the_last_ones_in();
    let target = way.environment().clone();
    let ended = Ended { plan: &plan, report: &report, target: &target };
    let mut faults = demands::of_any(setting, &ended);
    faults.extend(demands::of_disturbed(&peace.ended(), &ended, &known(setting)));
    faults.extend(second_plan(setting, &way, mistake, &peace.tables));
    faults.extend(undone::run(setting, &way, mistake, peace, &journal));
    let (met, time) = (way.traffic().counters(), way.clock().now());
    let fingerprint = fingerprint(&journal);
    if faults.is_empty() { Ok(Disturbed { met, time, fingerprint, ..happened }) } else { Err(faults) }
}

/// An import on its way through the tabs.
struct Running<'a> {
    dice: &'a mut Dice,
    setting: &'a Setting,
    peace: &'a Undisturbed,
    mistake: &'a Bent,
    way: &'a UnderWeather,
    weather: Weather,
    happened: Disturbed,
}

impl Running<'_> {
    fn tab(&self, life: Life, stop: Option<u64>) -> Tab {
        Tab::open(self.way, life, self.mistake, stop)
    }

    /// A plan that the weather spoils is made anew when it is over.
    fn plan(&self) -> Result<Plan, Problem> {
        let plan = || {
            let tab = self.tab(Life::default(), None);
            let tables = tab.check(&self.setting.loaded)?;
            tab.plan(&self.setting.loaded, &tables, &self.setting.options)
        };
        plan().or_else(|_: Problem| {
            wait(self.way.clock(), Duration::from_secs(600));
            self.way.set_weather(Weather::calm());
            let planned = plan();
            self.way.set_weather(self.weather.clone());
            planned
        })
    }

    /// Opens tab after tab until one comes to the end; its report, and what all of them wrote down.
    fn finish(&mut self, plan: &Plan) -> Result<(ImportReport, Vec<u8>), Vec<String>> {
        let told = |problem: Problem| vec![format!("going on: {problem}")];
        let kept = plan.to_bytes().map_err(told)?;
        let deaths = self.dice.below(5);
        let mut journal = Vec::new();
        for tab in 0..MOST_TABS {
            if tab > deaths + 1 {
                self.way.set_weather(Weather::calm());
            }
            let plan = Plan::from_bytes(&kept).map_err(told)?;
            let life = Life::after(journal, (tab < deaths).then(|| self.death()));
            let report = self.in_one_tab(&plan, &life, tab, deaths).map_err(told)?;
            journal = life.journal();
            match report {
                Some(report) if report.stopped.is_none() => return Ok((report, journal)),
                Some(_) => self.happened.stops += 1,
                None => self.happened.deaths += 1,
            }
            wait(self.way.clock(), Duration::from_secs(self.dice.below(90)));
        }
        Err(vec![format!("{MOST_TABS} tabs do not bring the import to its end")])
    }

    /// Any moment that an undisturbed run has, and some more: what goes wrong takes moments of its own.
    fn death(&mut self) -> Death {
        let at = self.dice.between(1, self.peace.moments + 3);
        Death { at, how: *self.dice.pick(&[Dying::Before, Dying::Amidst, Dying::After]) }
    }

    /// Goes on with the run; nothing where the tab died, or could not even ask what the target is like.
    fn in_one_tab(
        &mut self,
        plan: &Plan,
        life: &Life,
        tab: u64,
        deaths: u64,
    ) -> Result<Option<ImportReport>, Problem> {
        let Ok(tables) = self.tab(Life::default(), None).check(&self.setting.loaded) else { return Ok(None) };
        let stop = (tab < deaths && self.dice.chance(15)).then(|| self.dice.below(12));
        self.tab(life.clone(), stop).import(&self.setting.loaded, &tables, plan, tab > 0)
    }
}

/// FNV-1a.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
