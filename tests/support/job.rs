//! One package on its way into one emulated environment.

use crate::difference::{Difference, Excused};
use crate::emulated_target::{Target, emulated_target};
use crate::engines::{Engines, load};
use crate::package_facts::PackageFacts;
use crate::target_rows;
use crate::under_weather::UnderWeather;
use dataverse_emulator::Environment;
use dataverse_emulator::loader::Package;
use migration::{EnvironmentTables, Fate, ImportReport, LoadedPackage, Plan, Problem};

/// A package, read by both readers, and the engines that move it.
pub struct Job {
    /// As the file crate reads it.
    pub loaded: LoadedPackage,
    /// As the emulator's loader reads it.
    pub package: Package,
    /// The engines and, behind them, the environment.
    pub engines: Engines,
}

/// What a finished import leaves in hand.
pub struct Imported {
    /// The target's metadata.
    pub tables: EnvironmentTables,
    /// What was planned.
    pub plan: Plan,
    /// What came of it.
    pub report: ImportReport,
}

impl Job {
    /// A job into an environment that has the package's tables and none of its records.
    ///
    /// # Errors
    /// Where one of the two readers cannot read the package.
    pub fn new(zip: &[u8], target: impl Into<Target>) -> Result<Job, String> {
        // The file crate's words for a broken file come first: they are the ones users read.
        let loaded = load(zip).map_err(|p| p.to_string())?;
        let environment = emulated_target(zip, target).map_err(|e| e.to_string())?;
        Job::of(loaded, zip, environment)
    }

    /// A job into this environment.
    ///
    /// # Errors
    /// Where one of the two readers cannot read the package.
    pub fn into_environment(zip: &[u8], environment: Environment) -> Result<Job, String> {
        Job::of(load(zip).map_err(|p| p.to_string())?, zip, environment)
    }

    fn of(loaded: LoadedPackage, zip: &[u8], environment: Environment) -> Result<Job, String> {
        let package = Package::read(zip).map_err(|e| e.to_string())?;
        Ok(Job { loaded, package, engines: Engines::new(&UnderWeather::calm(environment)) })
    }

    /// The way to the environment.
    #[must_use]
    pub fn way(&self) -> &UnderWeather {
        self.engines.way()
    }

    /// Checks and plans.
    ///
    /// # Errors
    /// As the engines.
    pub fn plan(&mut self) -> Result<(EnvironmentTables, Plan), Problem> {
        let (_, tables) = self.engines.check(&self.loaded)?;
        let plan = self.engines.plan(&self.loaded, &tables)?;
        Ok((tables, plan))
    }

    /// Checks, plans and imports.
    ///
    /// # Errors
    /// As the engines.
    pub fn import(&mut self) -> Result<Imported, Problem> {
        let (tables, plan) = self.plan()?;
        let report = self.engines.import(&self.loaded, &tables, &plan);
        Ok(Imported { tables, plan, report })
    }

    /// What the report calls done although the target's rows say otherwise.
    #[must_use]
    pub fn false_claims(&self, report: &ImportReport) -> Vec<Difference> {
        false_claims(&self.package, &self.way().environment(), report)
    }
}

/// What the report calls done although the rows of the environment say otherwise.
#[must_use]
pub fn false_claims(package: &Package, environment: &Environment, report: &ImportReport) -> Vec<Difference> {
    let not_writable = PackageFacts::of(package, environment).not_writable;
    let mut excused = Excused { not_writable, ..Excused::default() };
    for table in &report.tables {
        for record in &table.records {
            let place = |column: &String| (table.table.clone(), record.id, column.clone());
            if record.target_id != record.id {
                excused.moved.insert((table.table.clone(), record.id), record.target_id);
            }
            if matches!(record.fate, Fate::Skipped(_) | Fate::Failed(_) | Fate::Unconfirmed(_)) {
                excused.records.insert((table.table.clone(), record.id));
            }
            excused.lookups.extend(record.warnings.iter().filter_map(|w| w.place.column.as_ref()).map(place));
        }
    }
    for link in &report.links {
        excused.links.extend(link.failed.iter().map(|(s, t, _)| (link.relationship.clone(), *s, *t)));
    }
    target_rows::compare(package, environment, &excused)
}
