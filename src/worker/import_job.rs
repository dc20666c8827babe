//! The import: open a package, check it against the target, plan, run.

use crate::run_notes::{self, RunNotes, unreadable};
use crate::shared_zip::SharedZip;
use crate::{
    attached_file::read_file, connect::Connection, export_job::Exported, progress::Progress, stop::StopFlag,
    summaries, too_early::too_early,
};
use browser::clock::utc_milliseconds;
use browser::protocol::{Ended, Event, Keeping, PackageSummary, RunHead};
use browser::run_store::{KeptRun, Parts};
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
    /// What the user decided before the plan was made.
    options: ImportOptions,
    /// Where the run of the plan will be kept.
    keeping: Option<Keeping>,
    /// What the run wrote down.
    journal: Vec<u8>,
}

/// A package that was read.
pub(crate) struct OpenedPackage {
    /// File name.
    name: String,
    bytes: SharedZip,
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
            (None, Some(exported)) => (exported.name.clone(), read_file(Some(exported.zip.clone())).await?.1),
            (None, None) => return Err(too_early("No package was exported yet.", "Choose a file instead.")),
        };
        let package = OpenedPackage::read(name, zip)?;
        let summary = package.summary();
        job.replace(ImportJob { package: Some(Rc::new(package)), ..ImportJob::default() });
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
        job.options = options.clone();
        job.keeping = None;
        job.report = None;
        Ok(Event::Planned(summary))
    }

    /// Where the run of the plan will be kept: said before it is begun.
    pub(crate) async fn keeping(job: &RefCell<ImportJob>) -> Result<Event, Problem> {
        let (package, plan) = (job.borrow().package()?, job.borrow().open_plan()?);
        let (bytes, records) = (package.bytes.0.len() as u64, package.loaded.records() as u64);
        let keeping = run_notes::keeping(bytes, plan.to_bytes()?.len() as u64, records).await;
        job.borrow_mut().keeping = Some(keeping);
        Ok(Event::Keeping(keeping))
    }

    /// Begins to write down what a run of the plan does. Nothing is sent yet.
    pub(crate) async fn begin(job: &RefCell<ImportJob>, target: &Connection) -> Result<RunNotes, Problem> {
        let (package, plan) = (job.borrow().package()?, job.borrow().open_plan()?);
        let (keeping, options) = (job.borrow().keeping, job.borrow().options.clone());
        let keeping = keeping.ok_or_else(|| too_early("There is no plan yet.", "Compare first."))?;
        let plan_bytes = plan.to_bytes()?;
        let parts = Parts { package: &package.bytes.0, plan: &plan_bytes, options: &options };
        RunNotes::begin(keeping, head(&package, &plan, target), parts).await
    }

    /// Brings the job to where a kept run began. What the page has to know of it is told.
    pub(crate) async fn restore(
        job: &RefCell<ImportJob>,
        target: &Connection,
        kept: &KeptRun,
        mut tell: impl FnMut(Event),
    ) -> Result<(), Problem> {
        let read = |error: std::io::Error| unreadable(&error.to_string());
        let name = kept.head().head().package;
        let package = OpenedPackage::read(name, kept.package().await.map_err(read)?)?;
        let plan = Plan::from_bytes(&kept.plan().await.map_err(read)?)?;
        let options = kept.options().await.map_err(read)?;
        tell(Event::PackageOpened(package.summary()));
        job.replace(ImportJob { package: Some(Rc::new(package)), ..ImportJob::default() });
        tell(ImportJob::check(job, target).await?);
        let (_, checked) = job.borrow().checked()?;
        tell(Event::Keeping(Keeping::Stored));
        tell(Event::Planned(summaries::plan(&plan, &checked.check)));
        tell(Event::RunOpened { options: Box::new(options.clone()) });
        let mut job = job.borrow_mut();
        (job.plan, job.options, job.keeping) = (Some(Rc::new(plan)), options, Some(Keeping::Stored));
        Ok(())
    }

    /// Does what the plan says, or what earlier runs of it left. What stopped it stands in the report.
    pub(crate) async fn run(
        job: &RefCell<ImportJob>,
        target: &Connection,
        mut notes: RunNotes,
        stop: &StopFlag,
        progress: &Progress,
    ) -> Result<Event, Problem> {
        let (package, checked) = job.borrow().checked()?;
        let plan = job.borrow().open_plan()?;
        notes.goes_on().await;
        let watch = notes.watcher();
        let mut tell = |step| {
            watch(&step);
            progress.push(step);
        };
        let earlier = notes.journal()?;
        let journal = match earlier.is_empty() {
            true => Journal::begin(&mut notes),
            false => Journal::reopen(&earlier, &mut notes)?,
        };
        let package = &package.loaded;
        let report =
            migration::import(&target.client, package, &checked.tables, &plan, journal, stop, &mut tell)
                .await;
        notes.ended(if report.stopped.is_some() { Ended::Early } else { Ended::Whole }).await;
        let summary = summaries::report(&report, &plan, package.records() as u64);
        let mut job = job.borrow_mut();
        job.report = Some(Rc::new(report));
        job.journal = notes.journal().unwrap_or_default();
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

impl OpenedPackage {
    fn read(name: String, bytes: Vec<u8>) -> Result<OpenedPackage, Problem> {
        let bytes = SharedZip(Rc::new(bytes));
        let zip = DataPackage::open(bytes.clone())?;
        let loaded = LoadedPackage::read(&zip)?;
        Ok(OpenedPackage { name, bytes, zip, loaded })
    }

    /// Name, size and zip, for somebody who only looks.
    pub(crate) fn to_view(&self) -> (String, u64, DataPackage) {
        (self.name.clone(), self.bytes.0.len() as u64, self.zip.clone())
    }

    fn summary(&self) -> PackageSummary {
        summaries::package(self.name.clone(), self.bytes.0.len() as u64, &self.loaded)
    }
}

fn head(package: &OpenedPackage, plan: &Plan, target: &Connection) -> RunHead {
    let now = utc_milliseconds();
    RunHead {
        started: now,
        last_written: now,
        environment: target.environment.name.clone(),
        address: target.address.clone(),
        organization: target.organization,
        user: target.environment.user.clone(),
        package: package.name.clone(),
        bytes: package.bytes.0.len() as u64,
        records: package.loaded.records() as u64,
        switches: !plan.switches.is_empty(),
        far: None,
        ended: None,
    }
}
