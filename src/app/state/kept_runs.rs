//! Runs that this browser keeps, the one that is being taken up, and what else is known of what is kept here.

use browser::protocol::{Command, Deleted, Event, Keeping, ListedRun, Person, RunHead, RunId};
use migration::Problem;

/// What is known of runs that are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct KeptRuns {
    /// The newest first; `None`: not asked yet, or this browser keeps none.
    pub(crate) listed: Option<Vec<ListedRun>>,
    /// The run of this tab, where it is kept.
    pub(crate) own: Option<RunId>,
    /// What somebody wants to go on with as soon as its environment is connected.
    pub(crate) wanted: Option<(RunId, RunHead)>,
    /// What is being taken up.
    pub(crate) opening: Option<RunId>,
    /// Somebody else began what was to be taken up.
    pub(crate) another_user: Option<AnotherUser>,
    /// Why a run could not be taken up or deleted.
    pub(crate) refused: Option<Problem>,
    /// Where the run of the plan will be kept.
    pub(crate) keeping: Option<Keeping>,
    /// What a run that died had left switched off in the target.
    pub(crate) put_back: Option<PutBack>,
    /// What was deleted last.
    pub(crate) deleted: Option<(Deleted, u64)>,
}

/// A run that somebody else began.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AnotherUser {
    pub(crate) run: RunId,
    pub(crate) began: Person,
    pub(crate) now: Person,
}

/// What was off, and what could not be put back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PutBack {
    pub(crate) names: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

impl KeptRuns {
    pub(crate) fn asked(&mut self, command: &Command) {
        match command {
            Command::Plan { .. } => self.keeping = None,
            Command::Run => self.own = None,
            Command::OpenRun { run, .. } => {
                (self.wanted, self.another_user, self.refused) = (None, None, None);
                self.opening = Some(run.clone());
            }
            Command::CloseRun(run) => {
                self.refused = None;
                self.wanted.take_if(|(wanted, _)| wanted == run);
            }
            _ => {}
        }
    }

    pub(crate) fn told(&mut self, event: Event) {
        match event {
            Event::Keeping(keeping) => self.keeping = Some(keeping),
            Event::RunBegun { run } => {
                self.own = run;
                self.opening = None;
            }
            Event::AnotherUser { run, began, now } => {
                self.opening = None;
                self.another_user = Some(AnotherUser { run, began, now });
            }
            Event::RunsListed(listed) => self.listed = listed,
            Event::PutBack { names, problems } => self.put_back = Some(PutBack { names, problems }),
            _ => {}
        }
    }

    /// A run could not be taken up, or not deleted.
    pub(crate) fn refuse(&mut self, problem: Problem) {
        self.opening = None;
        self.refused = Some(problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Model, Pausing};
    use browser::protocol::{PackageSummary, PlanSummary, Stage};
    use migration::{Check, ImportOptions, Problem, ProblemKind};
    use uuid::Uuid;

    fn run() -> RunId {
        RunId("0000000000001-00000001".into())
    }

    fn package() -> Event {
        Event::PackageOpened(PackageSummary {
            name: "portal.zip".into(),
            bytes: 1,
            timestamp: None,
            tables: Vec::new(),
            records: 0,
            links: 0,
            is_undo: false,
            findings: Vec::new(),
        })
    }

    fn opening() -> Model {
        let mut model = Model::default();
        model.asked(&Command::OpenRun { run: run(), as_another: false }, 0.0);
        model
    }

    #[test]
    fn a_run_that_is_taken_up_brings_its_package_plan_and_decisions_and_goes_on() {
        let mut model = opening();
        assert_eq!(model.busy(), Some(Stage::OpenRun));
        let options = ImportOptions { match_by_name: true, ..ImportOptions::default() };
        for event in [
            package(),
            Event::Checked(Check::default()),
            Event::Planned(PlanSummary::default()),
            Event::RunOpened { options: Box::new(options.clone()) },
            Event::RunBegun { run: Some(run()) },
        ] {
            model.told(event, 5.0);
        }
        assert_eq!(model.busy(), Some(Stage::Run));
        assert_eq!(model.import.options, options);
        assert_eq!(model.kept.own, Some(run()));
        assert!(model.import.plan.got().is_some());
    }

    #[test]
    fn a_run_of_somebody_else_waits_for_a_word() {
        let mut model = opening();
        let person = |id| Person { id: Uuid::from_u128(id), name: None, login: None };
        model.told(Event::AnotherUser { run: run(), began: person(1), now: person(2) }, 0.0);
        assert_eq!(model.busy(), None);
        assert_eq!(model.kept.another_user.as_ref().map(|another| another.run.clone()), Some(run()));
        model.asked(&Command::OpenRun { run: run(), as_another: true }, 0.0);
        assert_eq!(model.kept.another_user, None);
    }

    #[test]
    fn a_run_that_cannot_be_taken_up_leaves_the_import_as_it_was() {
        let mut model = Model::default();
        model.told(package(), 0.0);
        let before = model.import.clone();
        model.asked(&Command::OpenRun { run: run(), as_another: false }, 0.0);
        let problem =
            Problem::new(ProblemKind::NotTried, "It is going on elsewhere.", "Close the other tab.");
        model.told(Event::Failed { during: Stage::OpenRun, problem: problem.clone() }, 0.0);
        assert_eq!((model.busy(), &model.kept.refused, &model.import), (None, &Some(problem), &before));
    }

    #[test]
    fn a_pause_stands_when_the_worker_says_so_and_ends_with_a_stop() {
        let mut model = Model::default();
        model.asked(&Command::Run, 0.0);
        model.asked(&Command::Pause, 0.0);
        assert_eq!(model.import.writing.pausing, Some(Pausing::Wished));
        model.told(Event::Paused, 0.0);
        assert_eq!(model.import.writing.pausing, Some(Pausing::Stands));
        model.asked(&Command::GoOn, 0.0);
        model.told(Event::Paused, 0.0);
        assert_eq!(model.import.writing.pausing, None);
        model.asked(&Command::Pause, 0.0);
        model.asked(&Command::Stop, 0.0);
        assert!(model.import.writing.stopping && model.import.writing.pausing.is_none());
    }
}
