//! Makes the plan of an import: what will happen to every record and link, and why. Writes nothing.

use crate::admission::{lookup_objection, objections};
use crate::check::{column_problem, table_missing, table_undescribed};
use crate::link_planning::plan_links;
use crate::matching::{Match, Matches, match_records};
use crate::order::Order;
use crate::package_index::{PackageIndex, RecordAt, RowRef};
use crate::progress::Progress;
use crate::reading::present;
use crate::table_fit::{Fit, TableFit};
use crate::{
    Action, Change, Control, EnvironmentTables, Event, LoadedPackage, MatchRule, Plan, Problem, ProblemKind,
    RecordPlan, TablePlan,
};
use cmt::{Record, Value};
use dataverse::{Client, Clock, Organization, Transport};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Notes, which carry the attachments.
pub(crate) const NOTES: &str = "annotation";

/// Tables that are never written, each with its reason and what to do instead.
const LEFT_ALONE: [(&str, &str, &str); 3] = [
    ("role", "Security roles come with solutions.", "Import the solution that holds the role."),
    (
        "systemuser",
        "Users come from Microsoft Entra ID.",
        "Add the user to the environment in the Power Platform admin center.",
    ),
    (
        "organization",
        "The environment's own row stays as it is.",
        "Change its settings in the Power Platform admin center.",
    ),
];

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

/// What the decision about each record is made from.
struct Actions<'a> {
    index: &'a PackageIndex<'a>,
    organization: &'a Organization,
    matches: &'a Matches,
}

impl Actions<'_> {
    /// The action of every record, by table and record of the package.
    fn all(&self) -> Vec<Vec<Action>> {
        let tables = self.index.package.tables.iter().enumerate();
        let of = |table: usize, records: usize| {
            (0..records).map(move |record| self.of(RecordAt { table, record }))
        };
        tables.map(|(table, t)| of(table, t.records.len()).collect()).collect()
    }

    /// The first rule that applies decides.
    fn of(&self, at: RecordAt) -> Action {
        let record = self.index.record(at);
        if self.index.is_repeated(at) {
            return Action::Blocked(repeated());
        }
        if let Some(reason) = left_alone(&self.index.package.tables[at.table].name) {
            return Action::Skip(reason);
        }
        let Some(fit) = &self.index.fits[at.table] else { return Action::Blocked(self.no_table(at)) };
        match &self.matches[at.table][at.record] {
            Match::Unknown(problem) => Action::Blocked(problem.clone()),
            Match::Row(changes) if changes.is_empty() => Action::Unchanged,
            Match::Row(_) if self.is_skip_update(at) => Action::Skip(skip_update()),
            Match::Row(changes) => {
                let is_sent = |column: &str| changes.iter().any(|c| c.column == column);
                self.unless_objected(record, fit, is_sent, Action::Update(changes.clone()))
            }
            Match::New => {
                let is_sent = |column: &str| {
                    fit.column(column).is_some_and(|c| c.fit.is_sent_on_create() || c.fit.is_compared())
                };
                self.unless_objected(record, fit, is_sent, Action::Create)
            }
        }
    }

    fn unless_objected(
        &self,
        record: &Record,
        fit: &TableFit<'_>,
        is_sent: impl Fn(&str) -> bool,
        action: Action,
    ) -> Action {
        let objection = objections(record, fit, self.organization, is_sent).into_iter().next();
        objection.map_or(action, Action::Blocked)
    }

    fn no_table(&self, at: RecordAt) -> Problem {
        let table = &self.index.package.tables[at.table];
        match self.index.package.schema.table(&table.name) {
            Some(described) => table_missing(&table.name, &described.display_name),
            None => table_undescribed(&table.name),
        }
    }

    fn is_skip_update(&self, at: RecordAt) -> bool {
        let name = &self.index.package.tables[at.table].name;
        self.index.package.schema.table(name).is_some_and(|t| t.skip_update)
    }
}

fn left_alone(table: &str) -> Option<Problem> {
    let (_, what, remedy) = LEFT_ALONE.into_iter().find(|(name, ..)| *name == table)?;
    Some(Problem::new(ProblemKind::NotMoved, what, remedy))
}

fn skip_update() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        "The row is there with other values, and the schema wants rows of this table left alone (skipupdate).",
        "Take skipupdate out of the schema if the row should be changed.",
    )
}

fn repeated() -> Problem {
    Problem::new(
        ProblemKind::Duplicate,
        "The package holds an earlier record with the same id; that one is imported.",
        "Remove one of the two from data.xml, or export again.",
    )
}

/// Records of the package that are not in the environment and will not be.
fn absent_in_package(
    index: &PackageIndex<'_>,
    actions: &[Vec<Action>],
    matches: &Matches,
) -> HashSet<RowRef> {
    let mut absent = HashSet::new();
    for (table, loaded) in index.package.tables.iter().enumerate() {
        for (number, record) in loaded.records.iter().enumerate() {
            let left_out = matches!(actions[table][number], Action::Skip(_) | Action::Blocked(_));
            let repeated = index.is_repeated(RecordAt { table, record: number });
            if left_out && !repeated && !matches!(matches[table][number], Match::Row(_)) {
                absent.insert(RowRef { table: loaded.name.clone(), id: record.id });
            }
        }
    }
    absent
}

/// Rows that the package only points to, and that the environment does not have.
async fn absent_elsewhere<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    progress: &mut Progress<'_>,
) -> Result<HashSet<RowRef>, Problem> {
    let mut wanted: BTreeMap<String, BTreeSet<uuid::Uuid>> = BTreeMap::new();
    for row in pointed_to(index).filter(|row| index.find(row).is_none()) {
        wanted.entry(row.table).or_default().insert(row.id);
    }
    let mut absent = HashSet::new();
    for (table, mut ids) in wanted {
        if let Some(metadata) = tables.get(&table) {
            progress.go_on()?;
            let asked: Vec<_> = ids.iter().copied().collect();
            for id in present(client, metadata, &asked).await? {
                ids.remove(&id);
            }
        }
        absent.extend(ids.into_iter().map(|id| RowRef { table: table.clone(), id }));
    }
    Ok(absent)
}

/// Every row that a lookup or a link of the package points to.
fn pointed_to<'a>(index: &'a PackageIndex<'a>) -> impl Iterator<Item = RowRef> {
    let tables = index.package.tables.iter().enumerate();
    tables.flat_map(move |(table, loaded)| {
        let records = 0..loaded.records.len();
        let lookups =
            records.flat_map(move |record| index.lookups(RecordAt { table, record })).map(|(_, row)| row);
        let links = loaded.links.iter().flat_map(|set| {
            let source = RowRef { table: loaded.name.clone(), id: set.source };
            let targets = set.targets.iter().map(|id| RowRef { table: set.target_table.clone(), id: *id });
            std::iter::once(source).chain(targets)
        });
        lookups.chain(links)
    })
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

/// The lookup is left out because the row it points to is not there.
pub(crate) fn lookup_target_missing(column: &str, row: &RowRef) -> Problem {
    Problem::new(
        ProblemKind::LookupTargetMissing,
        format!(
            "The column {column} points to {} {}, which is not in this environment and is not written by this import.",
            row.table, row.id
        ),
        format!("Bring the row of {} first and import again, or set the lookup by hand.", row.table),
    )
    .at_column(column)
}

/// The update without the columns that cannot be written.
fn without(changes: Vec<Change>, left_out: &[Problem]) -> Action {
    let is_left_out = |c: &Change| left_out.iter().any(|p| p.place.column.as_deref() == Some(&c.column));
    let changes: Vec<Change> = changes.into_iter().filter(|c| !is_left_out(c)).collect();
    if changes.is_empty() { Action::Unchanged } else { Action::Update(changes) }
}
