//! The import in peace: what it leaves is what every disturbed one must leave.

use super::demands::{self, Ended};
use super::life::Life;
use super::setting::Setting;
use super::tab::{Bent, Tab};
use crate::under_weather::UnderWeather;
use dataverse_emulator::Environment;
use migration::{Action, EnvironmentTables, ImportReport, Plan, Problem, RecordPlan};

/// An import in peace, with all that it must hold checked.
pub(super) struct Undisturbed {
    /// What the target's tables are like. Imports do not change that.
    pub(super) tables: EnvironmentTables,
    pub(super) plan: Plan,
    pub(super) report: ImportReport,
    pub(super) target: Environment,
    /// How many lines its journal got, and requests it sent.
    pub(super) moments: u64,
}

impl Undisturbed {
    pub(super) fn ended(&self) -> Ended<'_> {
        Ended { plan: &self.plan, report: &self.report, target: &self.target }
    }
}

/// # Errors
/// What is not as it should be.
pub(super) fn run(setting: &Setting, mistake: &Bent) -> Result<Undisturbed, Vec<String>> {
    let way = UnderWeather::calm(setting.start.clone());
    let ran = import(setting, &way, mistake);
    let ran = ran.map_err(|problem| vec![format!("undisturbed: {problem}")])?;
    let mut faults = demands::of_any(setting, &ran.ended());
    faults.extend(demands::of_undisturbed(setting, &ran.ended()));
    faults.extend(second_plan(setting, &way, mistake, &ran.tables));
    if faults.is_empty() {
        return Ok(ran);
    }
    Err(faults.into_iter().map(|fault| format!("undisturbed: {fault}")).collect())
}

fn import(setting: &Setting, way: &UnderWeather, mistake: &Bent) -> Result<Undisturbed, Problem> {
    let life = Life::default();
    let tab = Tab::open(way, life.clone(), mistake, None);
    let tables = tab.check(&setting.loaded)?;
    let plan = tab.plan(&setting.loaded, &tables, &setting.options)?;
    let asked = life.lived();
    let report = tab.import(&setting.loaded, &tables, &plan, false)?.unwrap_or_default();
    let target = way.environment().clone();
    Ok(Undisturbed { tables, plan, report, target, moments: life.lived() - asked })
}

/// Who imports the same again has nothing to write.
pub(super) fn second_plan(
    setting: &Setting,
    way: &UnderWeather,
    mistake: &Bent,
    tables: &EnvironmentTables,
) -> Vec<String> {
    let tab = Tab::open(way, Life::default(), mistake, None);
    let plan = match tab.plan(&setting.loaded, tables, &setting.options) {
        Ok(plan) => plan,
        Err(problem) => return vec![format!("a second plan: {problem}")],
    };
    let links: usize = plan.links.iter().map(|links| links.create.len()).sum();
    let writes = plan.tables.iter().flat_map(|table| {
        let written = table.records.iter().filter_map(|record| Some((record, written(record)?)));
        written.map(|(record, what)| format!("a second plan writes {} {}: {what}", table.table, record.id))
    });
    writes.chain((links > 0).then(|| format!("a second plan makes {links} links"))).collect()
}

/// What is planned to be written of a record, if anything is.
fn written(record: &RecordPlan) -> Option<String> {
    match &record.action {
        Action::Create | Action::Adopt => Some("a new row".to_owned()),
        Action::Update(changes) => {
            Some(changes.iter().map(|change| change.column.as_str()).collect::<Vec<_>>().join(", "))
        }
        Action::Unchanged | Action::Skip(_) | Action::Blocked(_) => None,
    }
}
