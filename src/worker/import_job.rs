//! The import: open a package, check it against the target, plan, run.

use crate::{
    attached_file::read_file, connect::Connection, export_job::Exported, progress::Progress, stop::StopFlag,
    summaries, too_early::too_early,
};
use browser::protocol::Event;
use cmt::tools::failed_records;
use cmt::{DataPackage, SpooledPackage};
use migration::{
    Check, EnvironmentTables, ImportOptions, ImportReport, Journal, LoadedPackage, Place, Plan, Problem,
    ProblemKind,
};
use std::{cell::RefCell, io::Cursor, rc::Rc};
use wasm_bindgen::JsValue;

/// How far an import has come. Each step voids what stands on an earlier one.
#[derive(Default)]
pub(crate) struct ImportJob {
    package: Option<Rc<OpenedPackage>>,
    checked: Option<Checked>,
    /// Stays readable after the run.
    pub(crate) plan: Option<Rc<Plan>>,
    /// What became of the plan; a plan is carried out once.
    pub(crate) report: Option<Rc<ImportReport>>,
    /// What the run wrote down.
    journal: Vec<u8>,
}

/// A package that was read.
pub(crate) struct OpenedPackage {
    /// The zip, for what is made from it later.
    pub(crate) zip: DataPackage,
    pub(crate) loaded: LoadedPackage,
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
        let zip = DataPackage::open(zip)?;
        let loaded = LoadedPackage::read(&zip)?;
        let summary = summaries::package(name, bytes, &loaded);
        job.replace(ImportJob {
            package: Some(Rc::new(OpenedPackage { zip, loaded })),
            ..ImportJob::default()
        });
        Ok(Event::PackageOpened(summary))
    }

    /// Compares the package's schema with the target.
    pub(crate) async fn check(job: &RefCell<ImportJob>, target: &Connection) -> Result<Event, Problem> {
        let package = job.borrow().package()?;
        let (check, tables) =
            migration::check(&target.client, &package.loaded.schema, Some(&package.loaded)).await?;
        let checked = Checked { check: Rc::new(check.clone()), tables: Rc::new(tables) };
        job.replace(ImportJob { package: Some(package), checked: Some(checked), ..ImportJob::default() });
        Ok(Event::Checked(check))
    }

    /// Compares the package's records with the target's.
    pub(crate) async fn plan(
        job: &RefCell<ImportJob>,
        target: &Connection,
        options: &ImportOptions,
        stop: &StopFlag,
        progress: &Progress,
    ) -> Result<Event, Problem> {
        let (package, checked) = job.borrow().checked()?;
        let package = &package.loaded;
        let mut tell = |step| progress.push(step);
        let plan =
            migration::plan(&target.client, package, &checked.tables, options, stop, &mut tell).await?;
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
        let mut kept = Vec::new();
        let journal = Journal::begin(&mut kept);
        let package = &package.loaded;
        let report =
            migration::import(&target.client, package, &checked.tables, &plan, journal, stop, &mut tell)
                .await;
        let summary = summaries::report(&report, &plan, package.records() as u64);
        let mut job = job.borrow_mut();
        job.report = Some(Rc::new(report));
        job.journal = kept;
        Ok(Event::Imported(summary))
    }

    /// What the import did not bring, as a package that can be imported when the cause is mended.
    pub(crate) fn failed_package(&self) -> Result<Vec<u8>, Problem> {
        let (package, report) = (self.package()?, self.finished()?);
        let spooled = SpooledPackage::index(&package.zip, Vec::new())?;
        let made = failed_records(&spooled, &report.failed(), Cursor::new(Vec::new()));
        made.map(Cursor::into_inner).map_err(|error| Problem {
            kind: ProblemKind::File,
            place: Place::default(),
            what: error.to_string(),
            remedy: "Save the report instead: it names the records.".into(),
        })
    }

    /// What takes the import back.
    pub(crate) fn undo_package(&self, timestamp: &str) -> Result<Vec<u8>, Problem> {
        self.finished()?;
        let (_, checked) = self.checked()?;
        let plan = self.plan.clone().ok_or_else(|| too_early("There is no plan yet.", "Compare first."))?;
        migration::undo_package(&checked.tables, &plan, &self.journal, timestamp)
    }

    fn finished(&self) -> Result<Rc<ImportReport>, Problem> {
        self.report.clone().ok_or_else(|| too_early("Nothing was imported yet.", "Run an import first."))
    }

    pub(crate) fn package(&self) -> Result<Rc<OpenedPackage>, Problem> {
        self.package.clone().ok_or_else(|| too_early("No package is open.", "Choose a file first."))
    }

    fn checked(&self) -> Result<(Rc<OpenedPackage>, Checked), Problem> {
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
