//! All that the page knows, and the only two ways it changes: a command was sent, an event came.
//!
//! Plain data and plain functions: nothing here needs a browser.

mod answer;
mod credentials;
mod export_job;
mod import_job;
mod kept_runs;
mod package_view;
mod progress;
mod recent;
mod rows;
mod sign_in;
mod signing_in;
mod store;
mod vault;
mod verdict;
mod viewing;

pub(crate) use answer::Answer;
pub(crate) use export_job::ExportJob;
pub(crate) use import_job::ImportJob;
pub(crate) use kept_runs::{AnotherUser, KeptRuns, PutBack};
pub(crate) use package_view::PackageView;
pub(crate) use progress::{PassProgress, Pausing, Progress, TableProgress};
pub(crate) use recent::Recent;
pub(crate) use rows::{Filter, RowsView, Window};
pub(crate) use sign_in::{Failure, Pause, SignIn};
pub(crate) use store::{DEMO_ENVIRONMENTS, Store, is_connected, now, use_store};
pub(crate) use verdict::{Verdict, export_is_whole};

use browser::protocol::{Address, Asker, Command, End, Environment, Event, Stage};
use browser::sign_in::{Account, Denied, TokenClaims};
use migration::Problem;

/// All that the page knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    /// Where rows are read.
    pub(crate) source: Connection,
    /// Where rows are written.
    pub(crate) target: Connection,
    /// Whether the demo environments are running.
    pub(crate) demo: bool,
    /// Accounts, and what signing in has to do with.
    pub(crate) sign_in: SignIn,
    /// The environments that were used last, the newest first.
    pub(crate) recent: Vec<Recent>,
    /// The export.
    pub(crate) export: ExportJob,
    /// The import.
    pub(crate) import: ImportJob,
    /// The package that is looked into.
    pub(crate) view: PackageView,
    /// Runs that this browser keeps.
    pub(crate) kept: KeptRuns,
    /// What is wrong beside the steps: a file could not be saved.
    pub(crate) notice: Option<Problem>,
    /// Why the engine is gone; only a reload helps.
    pub(crate) lost: Option<Problem>,
}

/// One end of a move.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Connection {
    /// What was asked for.
    pub(crate) address: Option<Address>,
    /// Who asks there.
    pub(crate) access: Option<Access>,
    /// What answered.
    pub(crate) environment: Answer<Environment>,
}

/// Who asks at an environment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Access {
    /// A signed-in account, with a token of that tenant, if it is not the account's own.
    Account(Account, Option<String>),
    /// A pasted token, and what it says of itself; `None`: it was not checked, the environment is on this computer.
    Pasted(Option<TokenClaims>),
    /// The session of the environment that this page lies in.
    Session,
}

impl Connection {
    /// Whether it is a demo environment.
    pub(crate) fn is_demo(&self) -> bool {
        matches!(self.address, Some(Address::Demo { .. }))
    }
}

impl Model {
    /// One end.
    pub(crate) fn end(&self, end: End) -> &Connection {
        match end {
            End::Source => &self.source,
            End::Target => &self.target,
        }
    }

    fn end_mut(&mut self, end: End) -> &mut Connection {
        match end {
            End::Source => &mut self.source,
            End::Target => &mut self.target,
        }
    }

    /// The command the engine works on: another one has to wait for it.
    pub(crate) fn busy(&self) -> Option<Stage> {
        let connecting = [End::Source, End::Target]
            .into_iter()
            .find(|end| self.end(*end).environment.is_waiting())
            .map(Stage::Connect);
        let opening = || self.kept.opening.is_some().then_some(Stage::OpenRun);
        let viewing = || self.view.package.is_waiting().then_some(Stage::ViewPackage);
        connecting
            .or_else(|| self.export.busy())
            .or_else(opening)
            .or_else(|| self.import.busy())
            .or_else(viewing)
    }

    /// Whether a command can be sent now.
    pub(crate) fn is_free(&self) -> bool {
        self.lost.is_none() && self.busy().is_none()
    }

    /// Whether rows are being written: leaving now would leave the import half done.
    pub(crate) fn is_writing(&self) -> bool {
        self.busy() == Some(Stage::Run)
    }

    /// A command was sent at `now` (milliseconds since 1970): what it replaces no longer holds.
    pub(crate) fn asked(&mut self, command: &Command, now: f64) {
        if !self.is_running() {
            self.sign_in.given_up.clear();
        }
        self.kept.asked(command);
        match command {
            Command::Connect { end, address } => {
                let connection = self.end_mut(*end);
                connection.address = Some(address.clone());
                connection.environment = Answer::Waiting;
                if connection.is_demo() {
                    connection.access = None;
                }
                match end {
                    End::Source => self.export.forget_source(),
                    End::Target => {
                        self.import.forget_check();
                        self.kept.put_back = None;
                    }
                }
            }
            Command::ListSchemas
            | Command::OpenSchema(_)
            | Command::CheckExport
            | Command::Survey { .. }
            | Command::Export { .. } => self.export.asked(command, now),
            Command::OpenPackage
            | Command::CheckImport
            | Command::Plan { .. }
            | Command::Run
            | Command::FindRows { .. }
            | Command::Query { .. } => {
                self.import.asked(command, now);
            }
            Command::Stop => {
                self.import.writing.pausing = None;
                self.export.progress.stopping = self.export.result.is_waiting();
                self.import.comparing.stopping = self.import.plan.is_waiting();
                self.import.writing.stopping = self.import.report.is_waiting();
            }
            Command::Pause => self.import.writing.pausing = Some(Pausing::Wished),
            Command::GoOn => self.import.writing.pausing = None,
            Command::ViewPackage(_)
            | Command::SearchPackage { .. }
            | Command::ViewRecords { .. }
            | Command::ViewRecord { .. } => self.view.asked(command),
            Command::Save(_) | Command::SaveValue(_) => self.notice = None,
            Command::Credential { .. }
            | Command::ListEnvironments { .. }
            | Command::ListRuns
            | Command::OpenRun { .. }
            | Command::CloseRun(_)
            | Command::DeleteLocalData => {}
        }
    }

    /// The engine told something at `now` (milliseconds since 1970).
    pub(crate) fn told(&mut self, event: Event, now: f64) {
        match event {
            Event::Connected { end, environment } => {
                self.end_mut(end).environment = Answer::Got(environment);
                self.remember(end);
            }
            Event::EnvironmentsListed { listing, environments } => {
                self.sign_in.listed(listing, Answer::Got(environments));
            }
            Event::Failed { during, problem } => self.refused(during, problem),
            Event::Progress(steps) => self.progressed(steps, now),
            Event::ExportChecked(check) => self.export.checked(*check),
            Event::Surveyed(survey) => self.export.survey = Answer::Got(survey),
            Event::Checked(check) => self.import.check = Answer::Got(check),
            Event::SchemasListed(listed) => self.export.ready_made = Answer::Got(*listed),
            Event::SchemaOpened(schema) => self.export.schema = Answer::Got(schema),
            Event::Exported(result) => self.export.result = Answer::Got(result),
            Event::PackageOpened(package) => {
                self.import.forget_check();
                self.import.package = Answer::Got(package);
            }
            Event::Planned(plan) => self.import.planned(plan),
            Event::Imported(report) => self.import.reported(report),
            Event::Rows { ask, total, rows } => self.import.rows_came(ask, total, rows),
            Event::Paused => self.import.writing.stands(),
            Event::RunOpened { options } => self.import.reopened(*options, now),
            Event::Keeping(_)
            | Event::RunBegun { .. }
            | Event::AnotherUser { .. }
            | Event::RunsListed(_)
            | Event::PutBack { .. } => self.kept.told(event),
            Event::PackageViewed(_)
            | Event::PackageSearched { .. }
            | Event::RecordsViewed { .. }
            | Event::RecordViewed { .. } => self.view.told(event),
            Event::Lost(problem) => self.lost(problem),
            Event::RowsFound { ask, rows } => self.import.found_rows(ask, rows),
            // Answered where the engine is held: nothing of them is on screen.
            Event::Ready
            | Event::CredentialWanted { .. }
            | Event::File { .. }
            | Event::LocalDataDeleted(_) => {}
        }
    }

    /// The environment of an end stands in front of those used last; the demo's are always offered anyway.
    fn remember(&mut self, end: End) {
        let connection = self.end(end);
        let (cloud, tenant) = match &connection.access {
            Some(Access::Account(account, tenant)) => (Some(account.key.cloud), tenant.clone()),
            Some(Access::Pasted(_)) => (None, None),
            // The page itself lies there: it is offered anyway.
            Some(Access::Session) | None => return,
        };
        let Some(environment) = connection.environment.got() else { return };
        let (url, name) = (environment.address.clone(), environment.name.clone());
        recent::remember(&mut self.recent, Recent { url, name, cloud, tenant });
    }

    /// Whether a run is under way that must not end because somebody has to sign in again.
    pub(crate) fn is_running(&self) -> bool {
        !matches!(self.busy(), None | Some(Stage::Connect(_)))
    }

    /// Whether the run under way is about to end, as somebody wished.
    fn is_stopping(&self) -> bool {
        let (export, import) = (&self.export, &self.import);
        [
            export.progress.stopping && export.result.is_waiting(),
            import.comparing.stopping && import.plan.is_waiting(),
            import.writing.stopping && import.report.is_waiting(),
        ]
        .contains(&true)
    }

    /// Whether a request that was denied its credential can wait for a person. In a run each does: whatever stands in
    /// the way, somebody may lift it, and the run goes on where it was. Before, only what one click lifts; and nothing
    /// once the run was told to stop or somebody gave up.
    pub(crate) fn can_wait(&self, asker: Asker, denied: &Denied) -> bool {
        let of_run = self.is_running() && matches!(asker, Asker::End(_));
        let by_a_click = || matches!(denied, Denied::SignIn(error) if sign_in::a_click_lifts(error));
        if of_run { !self.is_stopping() && !self.sign_in.given_up.contains(&asker) } else { by_a_click() }
    }

    /// Who asks at an end.
    pub(crate) fn access(&self, asker: Asker) -> Option<Access> {
        match asker {
            Asker::End(end) => self.end(end).access.clone(),
            Asker::Listing(_) => None,
        }
    }

    fn progressed(&mut self, steps: Vec<migration::Event>, now: f64) {
        let running = if self.export.result.is_waiting() {
            Some(&mut self.export.progress)
        } else if self.import.plan.is_waiting() {
            Some(&mut self.import.comparing)
        } else if self.import.report.is_waiting() {
            Some(&mut self.import.writing)
        } else {
            None
        };
        if let Some(progress) = running {
            steps.into_iter().for_each(|step| progress.told(step, now));
        }
    }

    /// The engine is gone and all it knew: what was under way did not end well, and nothing can follow.
    fn lost(&mut self, problem: Problem) {
        if let Some(during) = self.busy() {
            self.refused(during, problem.clone());
        }
        self.lost = Some(problem);
    }

    fn refused(&mut self, during: Stage, problem: Problem) {
        match during {
            Stage::Connect(end) => self.end_mut(end).environment = Answer::Refused(problem),
            Stage::ListEnvironments(listing) => self.sign_in.listed(listing, Answer::Refused(problem)),
            Stage::ListSchemas => self.export.ready_made = Answer::Refused(problem),
            Stage::OpenSchema => self.export.schema = Answer::Refused(problem),
            Stage::CheckExport => self.export.check = Answer::Refused(problem),
            Stage::Survey => self.export.survey = Answer::Refused(problem),
            Stage::Export => self.export.result = Answer::Refused(problem),
            Stage::OpenPackage => self.import.package = Answer::Refused(problem),
            Stage::ViewPackage => self.view.package = Answer::Refused(problem),
            Stage::CheckImport => self.import.check = Answer::Refused(problem),
            Stage::Plan => self.import.plan = Answer::Refused(problem),
            Stage::Run => self.import.report = Answer::Refused(problem),
            Stage::OpenRun | Stage::CloseRun => self.kept.refuse(problem),
            Stage::Save | Stage::DeleteLocalData => self.notice = Some(problem),
        }
    }
}

#[cfg(test)]
mod tests;
