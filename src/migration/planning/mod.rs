//! Makes the plan of an import: what will happen to every record and link, and why. Writes nothing.

mod absence;
mod actions;
mod admission;
mod adoption;
mod attachments;
mod comparing;
mod file_contents;
mod links;
mod matching;
mod modes;
mod order;
mod page_steps;
mod presence;
mod proposals;
mod removals;
mod rights;
mod rules_at_work;
mod stand_ins;

use crate::RowRef;
use crate::check::{column_problem, column_undescribed, holds_something};
use crate::missing_rows::{lookup_left_empty, lookup_target_missing};
use crate::package_index::{PackageIndex, RecordAt};
use crate::preparing::{Prepared, Terms, prepare};
use crate::progress::Progress;
use crate::undo::{UndoNotes, taking_back};
use crate::{
    Action, Change, Control, EnvironmentTables, Event, ImportOptions, LoadedPackage, MatchRule, Pass, Plan,
    PlannedRemovals, Problem, ProblemKind, Proposal, RecordPlan, Switches, TablePlan, WriteMode,
};
use absence::{absent_elsewhere, absent_in_package};
use actions::Actions;
use admission::{file_missing, lookup_objection};
use adoption::Adoption;
pub(crate) use adoption::{LANGUAGE, found_by};
use attachments::AttachmentRules;
use cmt::{Finding, Severity, Value};
use comparing::compare_records;
use dataverse::{Client, Clock, Organization, Transport};
pub(crate) use file_contents::FILES_AT_ONCE;
use file_contents::compare_file_contents;
use links::plan_links;
use matching::{Match, Matches, match_records, same_names};
use modes::{keeps_values, mode, never_written};
use order::Order;
pub(crate) use page_steps::{PageSteps, WEB_PAGE};
use page_steps::{PageWriting, page_writing};
use presence::{Presence, pointed_to, presence};
pub(crate) use proposals::is_mapped;
use proposals::propose;
use removals::{created_rows, lacking_links, lacking_rows, made_links, rows_first};
use stand_ins::StandIns;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Notes, which carry the attachments.
pub(crate) const NOTES: &str = "annotation";

/// Compares the package with the environment and says what an import will do.
///
/// # Errors
/// Where the environment cannot be asked any more, or the run was stopped.
pub async fn plan<T: Transport, C: Clock>(
    client: &Client<T, C>,
    package: &LoadedPackage,
    tables: &EnvironmentTables,
    options: &ImportOptions,
    control: &impl Control,
    events: &mut dyn FnMut(Event),
) -> Result<Plan, Problem> {
    let mut progress = Progress::new(control, events);
    let client = &client.cancelled_by(&progress.cancel());
    let organization = client.organization().await?;
    let undo = package.undo.as_ref();
    undo.map_or(Ok(()), |undo| undo.only_in(organization.id))?;
    let options = &undo.map_or_else(|| options.clone(), |_| taking_back(options));
    let terms = Terms::of(client, package, options).await?;
    let Prepared { package, mut notes, skipped } = prepare(package, tables, &terms);
    let index = PackageIndex::new(&package, tables);
    let planning = Planning {
        client,
        index: &index,
        tables,
        options,
        organization: &organization,
        skipped: &skipped,
        undo,
    };
    let found = planning.find(&mut progress).await?;
    let mut decided = planning.decide(&found, &mut progress).await?;
    notes.extend(decided.notes);
    notes.extend(undo.into_iter().flat_map(UndoNotes::losses));
    let mut absent = absent_in_package(&index, &decided.actions, &found.matches);
    absent.extend(absent_elsewhere(&index, tables, &found.presence, &found.stand_ins)?);
    let removals = planning.removals(&found, &mut progress).await?;
    let ids = &found.stand_ins.ids;
    decided.switches.rules = planning.rules_at_work(&found.matches, &decided.actions, &removals, ids).await?;
    let links = plan_links(client, &index, tables, &absent, &found.matches, ids, &mut progress).await?;
    let planner = Planner {
        index: &index,
        matches: &found.matches,
        absent: &absent,
        stand_ins: &found.stand_ins,
        unread: unread(&package),
        options,
    };
    let plan = Plan {
        organization: organization.id,
        tables: planner.tables(decided.actions, &found.same_names),
        links,
        notes,
        removals,
        proposals: found.proposals,
        switches: decided.switches,
        ids: found.stand_ins.ids,
        page_steps: decided.page_steps,
        absent,
        terms,
    };
    progress.tell(Event::Counted { counts: plan.counts() });
    Ok(plan)
}

/// What every step of planning works with.
struct Planning<'a, T, C> {
    client: &'a Client<T, C>,
    index: &'a PackageIndex<'a>,
    tables: &'a EnvironmentTables,
    options: &'a ImportOptions,
    organization: &'a Organization,
    /// What preparing left out.
    skipped: &'a HashMap<RowRef, Problem>,
    undo: Option<&'a UndoNotes>,
}

/// What the environment has of the package.
struct Found {
    /// Rows that go before anything is written: nobody finds them any more.
    first: Vec<(RowRef, String)>,
    proposals: Vec<Proposal>,
    stand_ins: StandIns,
    presence: Presence,
    matches: Matches,
    same_names: Vec<u64>,
}

/// What will happen to the records, by table and record of the package, and what is kept from happening meanwhile.
struct Decided {
    actions: Vec<Vec<Action>>,
    switches: Switches,
    page_steps: PageSteps,
    notes: Vec<Problem>,
}

impl<T: Transport, C: Clock> Planning<'_, T, C> {
    /// Finds the row of every record, and in what it differs.
    async fn find(&self, progress: &mut Progress<'_>) -> Result<Found, Problem> {
        let Planning { client, index, tables, options, .. } = *self;
        let package = index.package;
        let records = package.tables.iter().map(|t| (t.name.clone(), t.records.len() as u64));
        progress.start(Pass::Compare, records.collect());
        let first = rows_first(client, index, tables, &options.removals.first, progress).await?;
        let mut stand_ins = StandIns::of(options);
        stand_ins.gone = first.iter().map(|(row, _)| row.clone()).collect();
        stand_ins.take_organization(pointed_to(index), self.organization);
        let proposals = match self.undo {
            Some(_) => Vec::new(),
            None => propose(client, index, tables, options, &mut stand_ins, progress).await?,
        };
        let presence = presence(client, index, tables, &stand_ins, progress).await?;
        let mut matches = match_records(client, index, &presence, &mut stand_ins, options, progress).await?;
        let same_names = same_names(client, index, &matches, options, progress).await?;
        let is_compared = |table: usize| {
            let name = &package.tables[table].name;
            never_written(name).is_none() && mode(name, &package.schema, options) != WriteMode::LeaveOut
        };
        compare_records(client, index, &stand_ins.ids, &mut matches, &is_compared, progress).await?;
        compare_file_contents(client, index, &mut matches, is_compared, progress).await?;
        progress.finish(Pass::Compare);
        Ok(Found { first, proposals, stand_ins, presence, matches, same_names })
    }

    /// Decides what will happen to every record.
    async fn decide(&self, found: &Found, progress: &mut Progress<'_>) -> Result<Decided, Problem> {
        let Planning { client, index, tables, options, organization, skipped, .. } = *self;
        let Found { stand_ins, matches, .. } = found;
        let (attachments, no_right) = AttachmentRules::wanted(client, organization, index, options).await?;
        let roots = &stand_ins.roots;
        let mut actions = Actions { index, attachments, matches, options, skipped, roots }.all();
        let adoption = Adoption { index, ids: &stand_ins.ids, matches };
        adoption.plan_companions(&mut actions);
        let writing = if writes_pages(index, &actions) {
            page_writing(client, options.page_plug_ins).await?
        } else {
            PageWriting::default()
        };
        let mut notes: Vec<Problem> = no_right.into_iter().chain(writing.notes).collect();
        if writing.makes_pages {
            notes.extend(adoption.plan_pages(client, tables, &mut actions, progress).await?);
        }
        let attachments = attachments.blocked_types(index, &actions);
        let switches = Switches { steps: writing.switched_off, attachments, rules: Vec::new() };
        Ok(Decided { actions, switches, page_steps: writing.bypassed, notes })
    }

    /// What goes by the user's consent, or with an undo.
    async fn removals(&self, found: &Found, progress: &mut Progress<'_>) -> Result<PlannedRemovals, Problem> {
        let Planning { client, index, tables, options, undo, .. } = *self;
        let (first, ids, wanted) = (found.first.clone(), &found.stand_ins.ids, &options.removals);
        let (links, rows) = match undo {
            Some(undo) => (
                made_links(client, tables, undo, progress).await?,
                created_rows(client, tables, undo, progress).await?,
            ),
            None => (
                lacking_links(client, index, tables, ids, &wanted.links, progress).await?,
                lacking_rows(client, index, tables, ids, &found.matches, &wanted.rows, progress).await?,
            ),
        };
        Ok(PlannedRemovals { first, links, rows })
    }
}

/// Whether a web page is to be created or changed.
fn writes_pages(index: &PackageIndex<'_>, actions: &[Vec<Action>]) -> bool {
    let tables = index.package.tables.iter().zip(actions).filter(|(table, _)| table.name == WEB_PAGE);
    let mut pages = tables.flat_map(|(_, actions)| actions);
    pages.any(|action| matches!(action, Action::Create | Action::Adopt | Action::Update(_)))
}

/// What the plan of each record is made from, beside its action.
struct Planner<'a> {
    index: &'a PackageIndex<'a>,
    matches: &'a Matches,
    absent: &'a HashSet<RowRef>,
    stand_ins: &'a StandIns,
    unread: Unread<'a>,
    options: &'a ImportOptions,
}

/// What of a record could not be read, by table and record.
type Unread<'a> = HashMap<(&'a str, Uuid), Vec<&'a Finding>>;

fn unread(package: &LoadedPackage) -> Unread<'_> {
    let mut unread = Unread::new();
    for finding in package.findings.iter().filter(|f| f.severity == Severity::Error) {
        if let (Some(table), Some(record)) = (&finding.table, finding.record) {
            unread.entry((table.as_str(), record)).or_default().push(finding);
        }
    }
    unread
}

/// The words of the finding, as a warning at its record.
fn not_read(finding: &Finding) -> Problem {
    Problem::new(
        ProblemKind::Value,
        finding.text.clone(),
        format!("Correct line {} of {}, or export again.", finding.line, finding.part.name()),
    )
}

impl Planner<'_> {
    /// The tables in the order of writing.
    fn tables(&self, mut actions: Vec<Vec<Action>>, same_names: &[u64]) -> Vec<TablePlan> {
        let mut record_plan = |table: usize, record: usize| {
            let action = std::mem::replace(&mut actions[table][record], Action::Unchanged);
            self.record(RecordAt { table, record }, action)
        };
        let table_plan = |(table, records): (usize, Vec<usize>)| {
            let loaded = &self.index.package.tables[table];
            TablePlan {
                table: loaded.name.clone(),
                display_name: loaded.display_name.clone(),
                mode: mode(&loaded.name, &self.index.package.schema, self.options),
                same_names: same_names[table],
                records: records.into_iter().map(|record| record_plan(table, record)).collect(),
            }
        };
        write_order(self.index).tables.into_iter().map(table_plan).collect()
    }

    fn record(&self, at: RecordAt, action: Action) -> RecordPlan {
        let record = self.index.record(at);
        let name = record_name(self.index, at);
        let table = &self.index.package.tables[at.table].name;
        let schema = &self.index.package.schema;
        let placed = |problem: Problem| problem.in_table(table).at_record(record.id, &name);
        let left_out = self.left_out(at);
        let action = match without(action, &left_out) {
            Action::Update(_) if mode(table, schema, self.options) == WriteMode::CreateOnly => {
                Action::Skip(placed(keeps_values(table, schema, self.options)))
            }
            Action::Skip(problem) => Action::Skip(placed(problem)),
            Action::Blocked(problem) => Action::Blocked(placed(problem)),
            other => other,
        };
        let is_told =
            matches!(action, Action::Create | Action::Adopt | Action::Update(_) | Action::Unchanged);
        let unread = self.unread.get(&(table.as_str(), record.id)).into_iter().flatten();
        let left_out = left_out.into_iter().chain(unread.map(|finding| not_read(finding)));
        let warnings = left_out.filter(|_| is_told).map(placed).collect();
        let (target_id, matched_by) = self.row_of(at);
        RecordPlan { id: record.id, target_id, name, action, matched_by, warnings }
    }

    /// The row of the environment that the record is or will be, and why it is this one.
    fn row_of(&self, at: RecordAt) -> (Uuid, MatchRule) {
        match &self.matches[at.table][at.record] {
            Match::Row { id, rule, .. } => (*id, rule.clone()),
            Match::Repeats { first, rule } => (self.row_of(*first).0, rule.clone()),
            Match::New | Match::Unknown(_) => (self.index.record(at).id, MatchRule::New),
        }
    }

    /// What of a record cannot be written although the record is: each with its column and its reason.
    fn left_out(&self, at: RecordAt) -> Vec<Problem> {
        let Some(fit) = &self.index.fits[at.table] else { return Vec::new() };
        let mut problems = Vec::new();
        for field in &self.index.record(at).fields {
            let Some(column) = fit.column(&field.column) else {
                problems.extend(column_undescribed(&field.column, fit));
                continue;
            };
            problems.extend(column_problem(column).filter(|_| holds_something(&field.value)));
            let is_written = column.fit.is_sent_on_create() || column.fit.is_compared();
            problems.extend(lookup_objection(field, fit).filter(|_| is_written));
            problems.extend(file_missing(field, &self.index.package.files));
        }
        for (column, row) in self.index.lookups(at).filter(|(_, row)| self.absent.contains(row)) {
            if problems.iter().all(|p| p.place.column.as_deref() != Some(column)) {
                problems.push(self.no_row(column, &row));
            }
        }
        problems
    }

    /// Why a lookup is left out whose row is nowhere.
    fn no_row(&self, column: &str, row: &RowRef) -> Problem {
        match self.stand_ins.undecided.get(row) {
            _ if self.stand_ins.left_empty.contains(row) => lookup_left_empty(column, row),
            Some(undecided) => undecided.clone().at_column(column),
            None => lookup_target_missing(column, row),
        }
    }
}

fn write_order(index: &PackageIndex<'_>) -> Order {
    let tables = index.package.tables.iter().enumerate();
    let uses = |table, record| {
        index.lookups(RecordAt { table, record }).filter_map(|(_, row)| index.find(&row)).collect()
    };
    let uses =
        tables.map(|(table, t)| (0..t.records.len()).map(|record| uses(table, record)).collect()).collect();
    Order::of(&uses, index.package.tables.iter().position(|t| t.name == NOTES))
}

/// The value of the primary name column, for people.
fn record_name(index: &PackageIndex<'_>, at: RecordAt) -> String {
    let described =
        index.package.schema.table(&index.package.tables[at.table].name).map(|t| t.primary_name.as_str());
    let from_environment = || index.fits[at.table].as_ref().and_then(|f| f.metadata.primary_name.as_deref());
    let column = described.filter(|name| !name.is_empty()).or_else(from_environment);
    match column.and_then(|name| index.record(at).value(name)) {
        Some(Value::Text(text)) => text.clone(),
        Some(other) => other.display(),
        None => String::new(),
    }
}

/// An update without the columns that cannot be written; other actions as they are.
fn without(action: Action, left_out: &[Problem]) -> Action {
    let Action::Update(changes) = action else { return action };
    let is_left_out = |c: &Change| left_out.iter().any(|p| p.place.column.as_deref() == Some(&c.column));
    let changes: Vec<Change> = changes.into_iter().filter(|c| !is_left_out(c)).collect();
    if changes.is_empty() { Action::Unchanged } else { Action::Update(changes) }
}
