//! A run on its way through tabs that die: gone on with until it comes to its end.

use super::dice::Dice;
use super::life::{Death, Dying, Life};
use super::tab::{Bent, Tab, wait};
use crate::under_weather::UnderWeather;
use dataverse_emulator::Weather;
use migration::{EnvironmentTables, ImportOptions, ImportReport, LoadedPackage, Plan, Problem};
use std::time::Duration;

/// More tabs than this are not opened: the run does not come to its end.
const MOST_TABS: u64 = 12;

/// Of a hundred tabs so many ask what the target's tables are like.
const ASKING: u64 = 25;

/// A package on its way.
pub(super) struct GoingOn<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) package: &'a LoadedPackage,
    pub(super) options: &'a ImportOptions,
    pub(super) mistake: &'a Bent,
    pub(super) way: &'a UnderWeather,
    pub(super) weather: Weather,
    /// What the tables are like: imports do not change that.
    pub(super) tables: &'a EnvironmentTables,
    /// Lines and requests that the run has in peace, about: somewhere among them tabs die.
    pub(super) moments: u64,
    pub(super) deaths: u64,
    pub(super) stops: u64,
}

impl GoingOn<'_> {
    fn tab(&self, life: Life, stop: Option<u64>) -> Tab {
        Tab::open(self.way, life, self.mistake, stop)
    }

    /// A plan that the weather spoils is made anew when it is over.
    pub(super) fn plan(&self) -> Result<Plan, Problem> {
        let plan = || {
            let tab = self.tab(Life::default(), None);
            let tables = tab.check(self.package)?;
            tab.plan(self.package, &tables, self.options)
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
    pub(super) fn finish(&mut self, plan: &Plan) -> Result<(ImportReport, Vec<u8>), Vec<String>> {
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
                Some(_) => self.stops += 1,
                None => self.deaths += 1,
            }
            wait(self.way.clock(), Duration::from_secs(self.dice.below(90)));
        }
        Err(vec![format!("{MOST_TABS} tabs do not bring the run to its end")])
    }

    /// Any moment that an undisturbed run has, and some more: what goes wrong takes moments of its own.
    fn death(&mut self) -> Death {
        let at = self.dice.between(1, self.moments + 3);
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
        // Every tab asks; to spare time only some really do.
        let asked = self.dice.chance(ASKING).then(|| self.tab(Life::default(), None).check(self.package));
        let Ok(asked) = asked.transpose() else { return Ok(None) };
        let tables = asked.as_ref().unwrap_or(self.tables);
        let stop = (tab < deaths && self.dice.chance(15)).then(|| self.dice.below(12));
        self.tab(life.clone(), stop).import(self.package, tables, plan, tab > 0)
    }
}
