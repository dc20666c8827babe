//! The import: open a package, check it against the target, plan, run.

use crate::{
    attached_file::read_file, connect::Connection, export_job::Exported, progress::Progress, stop::StopFlag,
    summaries, too_early::too_early,
};
use browser::protocol::Event;
use cmt::DataPackage;
use migration::{
    Check, EnvironmentTables, ImportOptions, ImportReport, Journal, LoadedPackage, Plan, Problem,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsValue;

/// How far an import has come. Each step voids what stands on an earlier one.
#[derive(Default)]
pub(crate) struct ImportJob {
    package: Option<Rc<LoadedPackage>>,
    checked: Option<Checked>,
    /// Stays readable after the run.
    pub(crate) plan: Option<Rc<Plan>>,
    /// What became of the plan; a plan is carried out once.
    pub(crate) report: Option<Rc<ImportReport>>,
}

/// What the target has of the package's tables.
#[derive(Clone)]
struct Checked {
    check: Rc<Check>,
    tables: Rc<EnvironmentTables>,
}

impl ImportJob {
    /// The target is another one now.
    pub(crate) fn forget_check(&mut self) {
        *self = ImportJob { package: self.package.take(), ..ImportJob::default() };
    }

    /// Reads a package: the attached file, or the one that was just exported.
    pub(crate) async fn open(
        job: &RefCell<ImportJob>,
        attachment: Option<JsValue>,
        exported: Option<Rc<Exported>>,
    ) -> Result<Event, Problem> {
        let (name, zip) = match (attachment, exported) {
            (Some(file), _) => read_file(Some(file)).await?,
            (None, Some(exported)) => (exported.name.clone(), exported.zip.clone()),
            (None, None) => return Err(too_early("No package was exported yet.", "Choose a file instead.")),
        };
        let bytes = zip.len() as u64;
        let loaded = LoadedPackage::read(&DataPackage::open(zip)?)?;
        let summary = summaries::package(name, bytes, &loaded);
        job.replace(ImportJob { package: Some(Rc::new(loaded)), ..ImportJob::default() });
        Ok(Event::PackageOpened(summary))
    }

    /// Compares the package's schema with the target.
    pub(crate) async fn check(job: &RefCell<ImportJob>, target: &Connection) -> Result<Event, Problem> {
        let package = job.borrow().package()?;
        let (check, tables) = migration::check(&target.client, &package.schema, Some(&package)).await?;
        let checked = Checked { check: Rc::new(check.clone()), tables: Rc::new(tables) };
        job.replace(ImportJob { package: Some(package), checked: Some(checked), plan: None, report: None });
        Ok(Event::Checked(check))
    }

    /// Compares the package's records with the target's.
    pub(crate) async fn plan(
        job: &RefCell<ImportJob>,
        target: &Connection,
        stop: &StopFlag,
        progress: &Progress,
    ) -> Result<Event, Problem> {
        let (package, checked) = job.borrow().checked()?;
        let mut tell = |step| progress.push(step);
        let options = ImportOptions::default();
        let plan =
            migration::plan(&target.client, &package, &checked.tables, &options, stop, &mut tell).await?;
        let summary = summaries::plan(&plan, &checked.check);
        let mut job = job.borrow_mut();
        job.plan = Some(Rc::new(plan));
        job.report = None;
        Ok(Event::Planned(summary))
    }

    /// Does what the plan says. What stopped it stands in the report.
    pub(crate) async fn run(
        job: &RefCell<ImportJob>,
        target: &Connection,
        stop: &StopFlag,
        progress: &Progress,
    ) -> Result<Event, Problem> {
        let (package, checked) = job.borrow().checked()?;
        let plan = job.borrow().open_plan()?;
        let mut tell = |step| progress.push(step);
        let mut nowhere = ();
        let journal = Journal::begin(&mut nowhere);
        let report =
            migration::import(&target.client, &package, &checked.tables, &plan, journal, stop, &mut tell)
                .await;
        let summary = summaries::report(&report, package.records() as u64);
        job.borrow_mut().report = Some(Rc::new(report));
        Ok(Event::Imported(summary))
    }

    fn package(&self) -> Result<Rc<LoadedPackage>, Problem> {
        self.package.clone().ok_or_else(|| too_early("No package is open.", "Choose a file first."))
    }

    fn checked(&self) -> Result<(Rc<LoadedPackage>, Checked), Problem> {
        let checked = self.checked.clone();
        let checked =
            checked.ok_or_else(|| too_early("The package is not checked yet.", "Check it first."))?;
        Ok((self.package()?, checked))
    }

    /// The plan, if it was not carried out yet: the environment has changed since then.
    fn open_plan(&self) -> Result<Rc<Plan>, Problem> {
        match (&self.plan, &self.report) {
            (Some(plan), None) => Ok(plan.clone()),
            (Some(_), Some(_)) => {
                Err(too_early("This plan was carried out already.", "Compare again for a new one."))
            }
            (None, _) => Err(too_early("There is no plan yet.", "Compare first.")),
        }
    }
}
