//! The worker's state, and one match over the protocol.

use crate::{
    connect::{Connection, Doors, connect},
    export_job::ExportJob,
    import_job::ImportJob,
    kept_runs, listing,
    pause::Pause,
    progress::Progress,
    ready_made, rows,
    run_notes::RunNotes,
    saving,
    stop::StopFlag,
    too_early::too_early,
    viewer::{self, Viewer},
};
use browser::{
    credentials::Credentials,
    protocol::{
        Artifact, Command, End, Event, PackagePlace, RecordsQuery, RunId, Stage, ValuePlace, ViewSource,
    },
    scope::Scope,
};
use dataverse::Cloud;
use futures::{StreamExt, channel::mpsc};
use migration::{ExportOptions, ImportOptions, Problem};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsValue;

/// Everything that is connected, opened, checked, planned and done.
pub(crate) struct Session {
    scope: Scope,
    doors: Doors,
    stop: StopFlag,
    work: mpsc::UnboundedSender<(Command, Option<JsValue>)>,
    source: RefCell<Option<Rc<Connection>>>,
    target: RefCell<Option<Rc<Connection>>>,
    export: RefCell<ExportJob>,
    import: RefCell<ImportJob>,
    viewer: Rc<Viewer>,
}

impl Session {
    /// Starts the loop that carries out work one after the other, so that no command sees another half done.
    pub(crate) fn start(scope: Scope) -> Rc<Session> {
        let (work, mut queue) = mpsc::unbounded();
        let doors = Doors {
            scope: scope.clone(),
            credentials: Credentials::default(),
            progress: Progress::new(scope.clone()),
            pause: Pause::default(),
        };
        let session = Rc::new(Session {
            scope,
            doors,
            work,
            stop: StopFlag::default(),
            source: RefCell::default(),
            target: RefCell::default(),
            export: RefCell::default(),
            import: RefCell::default(),
            viewer: Rc::default(),
        });
        let worker = session.clone();
        wasm_bindgen_futures::spawn_local(async move {
            while let Some((command, attachment)) = queue.next().await {
                worker.carry_out(command, attachment).await;
            }
        });
        session
    }

    /// Answers at once what needs no waiting; everything else waits for its turn.
    pub(crate) fn hear(&self, command: Command, attachment: Option<JsValue>) {
        match command {
            Command::Credential { ask, credential } => self.doors.credentials.answer(ask, credential),
            Command::ListEnvironments { listing, cloud } => self.list_environments(listing, cloud),
            Command::Stop => {
                self.stop.set();
                self.doors.pause.end();
            }
            Command::Pause => {
                let scope = self.scope.clone();
                self.doors.pause.begin(move || scope.post(&Event::Paused, None));
            }
            Command::GoOn => self.doors.pause.end(),
            Command::ListRuns => self.list_runs(),
            Command::Query { ask, query } => {
                let import = self.import.borrow();
                let (total, rows) = rows::window(import.plan.as_deref(), import.report.as_deref(), &query);
                self.scope.post(&Event::Rows { ask, total, rows }, None);
            }
            Command::FindRows { ask, table, text } => self.find_rows(ask, table, text),
            Command::SearchPackage { ask, text } => self.search_package(ask, text),
            Command::ViewRecords { ask, query } => self.view_records(ask, query),
            Command::ViewRecord { ask, table, id } => {
                self.scope.post(&self.viewer.record(ask, &table, id), None);
            }
            Command::SaveValue(place) => self.save_value(&place),
            Command::Save(artifact) => self.save(artifact),
            work => {
                // The other end of the channel lives as long as this session.
                let _ = self.work.unbounded_send((work, attachment));
            }
        }
    }

    async fn carry_out(&self, command: Command, attachment: Option<JsValue>) {
        self.stop.clear();
        self.doors.pause.end();
        let (stage, outcome) = match command {
            Command::Connect { end, address } => {
                (Stage::Connect(end), self.connect(end, connect(&self.doors, end, address, attachment).await))
            }
            Command::ListSchemas => (Stage::ListSchemas, self.list_schemas().await),
            Command::OpenSchema(source) => {
                (Stage::OpenSchema, ExportJob::open(&self.export, source, attachment).await)
            }
            Command::CheckExport => (Stage::CheckExport, self.check_export().await),
            Command::Survey { options } => (Stage::Survey, self.survey(options).await),
            Command::Export { place } => (Stage::Export, self.run_export(place, attachment).await),
            Command::OpenPackage => (Stage::OpenPackage, self.open_package(attachment).await),
            Command::ViewPackage(source) => (Stage::ViewPackage, self.view_package(source, attachment).await),
            Command::CheckImport => (Stage::CheckImport, self.check_import().await),
            Command::Plan { options } => (Stage::Plan, self.plan(&options).await),
            Command::Run => (Stage::Run, self.run_import().await),
            Command::OpenRun { run, as_another } => (Stage::OpenRun, self.open_run(run, as_another).await),
            Command::CloseRun(run) => (Stage::CloseRun, kept_runs::close(&run).await),
            Command::DeleteLocalData => (Stage::DeleteLocalData, kept_runs::delete_all().await),
            // Answered in `hear`.
            Command::Credential { .. }
            | Command::ListEnvironments { .. }
            | Command::Stop
            | Command::Pause
            | Command::GoOn
            | Command::ListRuns
            | Command::Query { .. }
            | Command::FindRows { .. }
            | Command::SearchPackage { .. }
            | Command::ViewRecords { .. }
            | Command::ViewRecord { .. }
            | Command::SaveValue(_)
            | Command::Save(_) => return,
        };
        self.doors.progress.flush();
        match outcome {
            Ok(event) => {
                self.scope.post(&event, None);
                if stage == Stage::Connect(End::Target) {
                    self.put_back().await;
                }
            }
            Err(problem) => self.scope.post(&Event::Failed { during: stage, problem }, None),
        }
    }

    /// What was checked or planned against the old environment is void.
    fn connect(&self, end: End, connected: Result<Connection, Problem>) -> Result<Event, Problem> {
        let slot = match end {
            End::Source => &self.source,
            End::Target => &self.target,
        };
        slot.replace(None);
        match end {
            End::Source => self.export.borrow_mut().forget_check(),
            End::Target => self.import.borrow_mut().forget_check(),
        }
        let connection = connected?;
        let environment = connection.environment.clone();
        slot.replace(Some(Rc::new(connection)));
        Ok(Event::Connected { end, environment })
    }

    async fn list_schemas(&self) -> Result<Event, Problem> {
        ready_made::list(&*connected(&self.source, "source")?).await
    }

    async fn check_export(&self) -> Result<Event, Problem> {
        let source = connected(&self.source, "source")?;
        ExportJob::check(&self.export, &source).await
    }

    async fn survey(&self, options: ExportOptions) -> Result<Event, Problem> {
        let source = connected(&self.source, "source")?;
        ExportJob::survey(&self.export, &source, options).await
    }

    async fn run_export(&self, place: PackagePlace, attachment: Option<JsValue>) -> Result<Event, Problem> {
        let source = connected(&self.source, "source")?;
        ExportJob::run(&self.export, &source, (place, attachment), &self.stop, &self.doors.progress).await
    }

    async fn open_package(&self, attachment: Option<JsValue>) -> Result<Event, Problem> {
        let exported = self.export.borrow().exported();
        ImportJob::open(&self.import, attachment, exported).await
    }

    /// Opens a package to look into: it needs no environment.
    async fn view_package(&self, source: ViewSource, attachment: Option<JsValue>) -> Result<Event, Problem> {
        let (name, bytes, zip) = match source {
            ViewSource::File => viewer::from_file(attachment)?,
            ViewSource::Exported => viewer::from_export(self.export.borrow().exported())?,
            ViewSource::Import => self.import.borrow().package()?.to_view(),
        };
        self.viewer.open(name, bytes, zip).await
    }

    async fn check_import(&self) -> Result<Event, Problem> {
        let target = connected(&self.target, "target")?;
        ImportJob::check(&self.import, &target).await
    }

    async fn plan(&self, options: &ImportOptions) -> Result<Event, Problem> {
        let target = connected(&self.target, "target")?;
        let planned =
            ImportJob::plan(&self.import, &target, options, &self.stop, &self.doors.progress).await?;
        self.scope.post(&ImportJob::keeping(&self.import).await?, None);
        Ok(planned)
    }

    async fn run_import(&self) -> Result<Event, Problem> {
        let target = connected(&self.target, "target")?;
        let notes = ImportJob::begin(&self.import, &target).await?;
        self.run_with(&target, notes).await
    }

    /// Goes on with a run that is kept.
    async fn open_run(&self, run: RunId, as_another: bool) -> Result<Event, Problem> {
        let target = connected(&self.target, "target")?;
        let kept = kept_runs::take_up(&run, &target).await?;
        let (began, now) = (kept.head().head().user, target.environment.user.clone());
        if began.id != now.id && !as_another {
            return Ok(Event::AnotherUser { run, began, now });
        }
        ImportJob::restore(&self.import, &target, &kept, |event| self.scope.post(&event, None)).await?;
        self.run_with(&target, RunNotes::Stored(kept)).await
    }

    async fn run_with(&self, target: &Connection, notes: RunNotes) -> Result<Event, Problem> {
        self.scope.post(&Event::RunBegun { run: notes.run() }, None);
        ImportJob::run(&self.import, target, notes, &self.stop, &self.doors.progress).await
    }

    async fn put_back(&self) {
        if let Ok(target) = connected(&self.target, "target")
            && let Some(event) = kept_runs::put_back(&target).await
        {
            self.scope.post(&event, None);
        }
    }

    /// Beside everything else, as it only reads.
    fn list_runs(&self) {
        let scope = self.scope.clone();
        wasm_bindgen_futures::spawn_local(async move {
            scope.post(&Event::RunsListed(kept_runs::list().await), None);
        });
    }

    /// Beside everything else: it touches nothing of what is under way.
    fn list_environments(&self, listing: u32, cloud: Cloud) {
        let (scope, asking) = (self.scope.clone(), listing::list(&self.doors, listing, cloud));
        wasm_bindgen_futures::spawn_local(async move {
            match asking.await {
                Ok(environments) => scope.post(&Event::EnvironmentsListed { listing, environments }, None),
                Err(problem) => {
                    let during = Stage::ListEnvironments(listing);
                    scope.post(&Event::Failed { during, problem }, None);
                }
            }
        });
    }

    /// Beside everything else, as it only reads.
    fn find_rows(&self, ask: u32, table: String, text: String) {
        let (scope, target) = (self.scope.clone(), connected(&self.target, "target"));
        wasm_bindgen_futures::spawn_local(async move {
            let rows = match target {
                Ok(target) => migration::find_rows(&target.client, &table, &text).await,
                Err(problem) => Err(problem),
            };
            scope.post(&Event::RowsFound { ask, rows }, None);
        });
    }

    /// Beside everything else, as it only reads.
    fn search_package(&self, ask: u32, text: String) {
        let (scope, viewer) = (self.scope.clone(), self.viewer.clone());
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(event) = viewer.search(ask, &text).await {
                scope.post(&event, None);
            }
        });
    }

    /// Beside everything else, as it only reads.
    fn view_records(&self, ask: u32, query: RecordsQuery) {
        let (scope, viewer) = (self.scope.clone(), self.viewer.clone());
        wasm_bindgen_futures::spawn_local(async move {
            if let Some(event) = viewer.records(ask, &query).await {
                scope.post(&event, None);
            }
        });
    }

    fn save_value(&self, place: &ValuePlace) {
        self.hand_out(self.viewer.file(place));
    }

    fn save(&self, artifact: Artifact) {
        self.hand_out(saving::file(artifact, &self.export.borrow(), &self.import.borrow()));
    }

    fn hand_out(&self, file: Result<(String, JsValue), Problem>) {
        match file {
            Ok((name, blob)) => self.scope.post(&Event::File { name }, Some(&blob)),
            Err(problem) => self.scope.post(&Event::Failed { during: Stage::Save, problem }, None),
        }
    }
}

fn connected(slot: &RefCell<Option<Rc<Connection>>>, end: &str) -> Result<Rc<Connection>, Problem> {
    slot.borrow()
        .clone()
        .ok_or_else(|| too_early(&format!("No {end} environment is connected."), "Connect to it first."))
}
