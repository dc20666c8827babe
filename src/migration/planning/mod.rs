//! Makes the plan of an import: what will happen to every record and link, and why. Writes nothing.

mod absence;
mod actions;
mod admission;
mod links;
mod matching;
mod order;

use crate::check::column_problem;
use crate::missing_rows::lookup_target_missing;
use crate::package_index::{PackageIndex, RecordAt, RowRef};
use crate::progress::Progress;
use crate::table_fit::Fit;
use crate::{
    Action, Change, Control, EnvironmentTables, Event, LoadedPackage, MatchRule, Plan, Problem, RecordPlan,
    TablePlan,
};
use absence::{absent_elsewhere, absent_in_package};
use actions::Actions;
use admission::lookup_objection;
use cmt::Value;
use dataverse::{Client, Clock, Transport};
use links::plan_links;
use matching::{Match, Matches, match_records};
use order::Order;
use std::collections::HashSet;

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
    control: &impl Control,
    events: &mut dyn FnMut(Event),
) -> Result<Plan, Problem> {
    let mut progress = Progress::new(control, events);
    let organization = client.organization().await?;
    let index = PackageIndex::new(package, tables);
    let matches = match_records(client, &index, &mut progress).await?;
    let actions = Actions { index: &index, organization: &organization, matches: &matches }.all();
    let mut absent = absent_in_package(&index, &actions, &matches);
    absent.extend(absent_elsewhere(client, &index, tables, &mut progress).await?);
    let mut plan =
        Plan { tables: plan_tables(&index, actions, &matches, &absent), links: Vec::new(), absent };
    plan.links = plan_links(client, &index, tables, &plan.absent, &matches, &mut progress).await?;
    progress.tell(Event::Counted { counts: plan.counts() });
    Ok(plan)
}

/// The tables in the order of writing, with what is to be said about each record beside its action.
fn plan_tables(
    index: &PackageIndex<'_>,
    mut actions: Vec<Vec<Action>>,
    matches: &Matches,
    absent: &HashSet<RowRef>,
) -> Vec<TablePlan> {
    let table_plan = |(table, records): (usize, Vec<usize>)| {
        let loaded = &index.package.tables[table];
        let mut plan_record = |record: usize| {
            let action = std::mem::replace(&mut actions[table][record], Action::Unchanged);
            let matched_by = rule(&matches[table][record]);
            plan_record(index, RecordAt { table, record }, action, matched_by, absent)
        };
        TablePlan {
            table: loaded.name.clone(),
            display_name: loaded.display_name.clone(),
            records: records.into_iter().map(&mut plan_record).collect(),
        }
    };
    write_order(index).tables.into_iter().map(table_plan).collect()
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

fn plan_record(
    index: &PackageIndex<'_>,
    at: RecordAt,
    action: Action,
    matched_by: MatchRule,
    absent: &HashSet<RowRef>,
) -> RecordPlan {
    let record = index.record(at);
    let name = record_name(index, at);
    let table = &index.package.tables[at.table].name;
    let placed = |problem: Problem| problem.in_table(table).at_record(record.id, &name);
    let left_out = left_out(index, at, absent);
    let action = match action {
        Action::Update(changes) => without(changes, &left_out),
        Action::Skip(problem) => Action::Skip(placed(problem)),
        Action::Blocked(problem) => Action::Blocked(placed(problem)),
        other => other,
    };
    let written = matches!(action, Action::Create | Action::Update(_) | Action::Unchanged);
    let warnings = if written { left_out.into_iter().map(placed).collect() } else { Vec::new() };
    RecordPlan { id: record.id, target_id: record.id, name, action, matched_by, warnings }
}

fn rule(found: &Match) -> MatchRule {
    match found {
        Match::Row(_) => MatchRule::Id,
        Match::New | Match::Unknown(_) => MatchRule::New,
    }
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

/// What of a record cannot be written although the record is: each with its column and its reason.
fn left_out(index: &PackageIndex<'_>, at: RecordAt, absent: &HashSet<RowRef>) -> Vec<Problem> {
    let Some(fit) = &index.fits[at.table] else { return Vec::new() };
    let mut problems = Vec::new();
    for field in &index.record(at).fields {
        let Some(column) = fit.column(&field.column) else { continue };
        problems.extend(column_problem(column));
        if column.fit != Fit::NotWritable {
            problems.extend(lookup_objection(field, fit).filter(|_| column.fit != Fit::Key));
        }
    }
    for (column, row) in index.lookups(at).filter(|(_, row)| absent.contains(row)) {
        if problems.iter().all(|p| p.place.column.as_deref() != Some(column)) {
            problems.push(lookup_target_missing(column, &row));
        }
    }
    problems
}

/// The update without the columns that cannot be written.
fn without(changes: Vec<Change>, left_out: &[Problem]) -> Action {
    let is_left_out = |c: &Change| left_out.iter().any(|p| p.place.column.as_deref() == Some(&c.column));
    let changes: Vec<Change> = changes.into_iter().filter(|c| !is_left_out(c)).collect();
    if changes.is_empty() { Action::Unchanged } else { Action::Update(changes) }
}
