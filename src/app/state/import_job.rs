//! The import: file, check, plan, run, report.

use super::{Answer, Progress, RowsView};
use browser::protocol::{Command, PackageSummary, PlanSummary, ReportSummary, Row, RowsOf, Stage};
use migration::{Check, ImportOptions, Problem};
use uuid::Uuid;

/// Rows of the target by id and name.
pub(crate) type FoundRows = Vec<(Uuid, String)>;

/// How far the import is. Each part holds only while those above it do.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ImportJob {
    /// What to import.
    pub(crate) package: Answer<PackageSummary>,
    /// Whether the target has its tables and columns.
    pub(crate) check: Answer<Check>,
    /// What the user decided so far: the next plan is made with it.
    pub(crate) draft: ImportOptions,
    /// What the plan was made with.
    pub(crate) options: ImportOptions,
    /// Whose kept mapping stands in the draft: the target's address.
    pub(crate) mapping_of: Option<String>,
    /// What is switched off or removed for everybody was agreed to.
    pub(crate) agreed: bool,
    /// What would happen.
    pub(crate) plan: Answer<PlanSummary>,
    /// What happened.
    pub(crate) report: Answer<ReportSummary>,
    /// The comparison with the target, while it goes on and after.
    pub(crate) comparing: Progress,
    /// The run, while it goes on and after.
    pub(crate) writing: Progress,
    /// Rows of the target that were looked for last: the question's number, and the answer once it is here.
    pub(crate) found: Option<(u32, Answer<FoundRows>)>,
    plan_rows: RowsView,
    report_rows: RowsView,
    failed_links: RowsView,
    removals: RowsView,
}

impl ImportJob {
    /// The command the engine works on.
    pub(crate) fn busy(&self) -> Option<Stage> {
        [
            (self.package.is_waiting(), Stage::OpenPackage),
            (self.check.is_waiting(), Stage::CheckImport),
            (self.plan.is_waiting(), Stage::Plan),
            (self.report.is_waiting(), Stage::Run),
        ]
        .into_iter()
        .find_map(|(waiting, stage)| waiting.then_some(stage))
    }

    /// The target or the package changed.
    pub(crate) fn forget_check(&mut self) {
        self.check = Answer::NotAsked;
        self.forget_plan();
    }

    fn forget_plan(&mut self) {
        self.plan = Answer::NotAsked;
        self.report = Answer::NotAsked;
    }

    pub(crate) fn asked(&mut self, command: &Command, now: f64) {
        match command {
            Command::OpenPackage => {
                self.forget_check();
                self.draft = ImportOptions {
                    mapping: std::mem::take(&mut self.draft.mapping),
                    ..ImportOptions::default()
                };
                self.package = Answer::Waiting;
            }
            Command::CheckImport => {
                self.forget_check();
                self.check = Answer::Waiting;
            }
            Command::Plan { options } => {
                self.options = ImportOptions::clone(options);
                self.agreed = false;
                self.forget_plan();
                self.plan = Answer::Waiting;
                self.comparing = Progress::started(now);
            }
            Command::Run => {
                self.report = Answer::Waiting;
                self.writing = Progress::started(now);
            }
            Command::FindRows { ask, .. } => self.found = Some((*ask, Answer::Waiting)),
            Command::Query { ask, query } => self.rows_mut(query.of).asked(*ask, query.start, query.count),
            _ => {}
        }
    }

    /// An earlier run goes on, with what was decided then.
    pub(crate) fn reopened(&mut self, options: ImportOptions, now: f64) {
        self.options = options;
        self.report = Answer::Waiting;
        self.writing = Progress::started(now);
    }

    pub(crate) fn planned(&mut self, plan: PlanSummary) {
        self.plan = Answer::Got(plan);
        self.plan_rows = RowsView::default();
        self.removals = RowsView::default();
        self.failed_links = RowsView::default();
    }

    pub(crate) fn reported(&mut self, report: ReportSummary) {
        self.report = Answer::Got(report);
        self.report_rows = RowsView::default();
        self.failed_links = RowsView::default();
    }

    /// Only the newest question is of interest.
    pub(crate) fn found_rows(&mut self, ask: u32, rows: Result<Vec<(Uuid, String)>, Problem>) {
        if let Some((newest, found)) = &mut self.found
            && *newest == ask
        {
            *found = rows.map_or_else(Answer::Refused, Answer::Got);
        }
    }

    /// Whether the plan was made with other decisions than those that stand now.
    pub(crate) fn is_outdated(&self) -> bool {
        self.draft != self.options
    }

    /// The window over the rows of plan or report.
    pub(crate) fn rows(&self, of: RowsOf) -> &RowsView {
        match of {
            RowsOf::Plan => &self.plan_rows,
            RowsOf::Report => &self.report_rows,
            RowsOf::FailedLinks => &self.failed_links,
            RowsOf::Removals => &self.removals,
        }
    }

    pub(crate) fn rows_mut(&mut self, of: RowsOf) -> &mut RowsView {
        match of {
            RowsOf::Plan => &mut self.plan_rows,
            RowsOf::Report => &mut self.report_rows,
            RowsOf::FailedLinks => &mut self.failed_links,
            RowsOf::Removals => &mut self.removals,
        }
    }

    /// Each window knows its own newest question, so the answer finds its way.
    pub(crate) fn rows_came(&mut self, ask: u32, total: u64, rows: Vec<Row>) {
        let view = [RowsOf::Plan, RowsOf::Report, RowsOf::FailedLinks, RowsOf::Removals]
            .into_iter()
            .find(|of| self.rows(*of).is_newest(ask));
        if let Some(of) = view {
            self.rows_mut(of).told(ask, total, rows);
        }
    }
}
