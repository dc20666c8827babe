//! Windows of plan and report rows, as a table on screen asks for them.

use browser::protocol::{Row, RowState, RowsOf, RowsQuery};
use migration::{Action, Change, Fate, ImportReport, MatchRule, Plan, Problem, RecordPlan, RecordReport};
use uuid::Uuid;

/// How many rows match the query, and those in its window. No plan, no rows.
pub(crate) fn window(
    plan: Option<&Plan>,
    report: Option<&ImportReport>,
    query: &RowsQuery,
) -> (u64, Vec<Row>) {
    match (query.of, plan, report) {
        (RowsOf::Plan, Some(plan), _) => take(planned(plan), query),
        (RowsOf::Report, Some(plan), Some(report)) => take(reported(report, plan), query),
        (RowsOf::FailedLinks, Some(plan), None) => take(blocked_links(plan), query),
        (RowsOf::FailedLinks, _, Some(report)) => take(failed_links(report), query),
        _ => (0, Vec::new()),
    }
}

/// What becomes of a record.
fn planned_state(action: &Action) -> RowState {
    match action {
        Action::Create | Action::Adopt => RowState::Create,
        Action::Update(_) => RowState::Update,
        Action::Unchanged => RowState::Unchanged,
        Action::Skip(_) => RowState::Skip,
        Action::Blocked(_) => RowState::Failed,
    }
}

/// What became of a record.
fn fate_state(fate: &Fate) -> RowState {
    match fate {
        Fate::Created => RowState::Create,
        Fate::Updated(_) => RowState::Update,
        Fate::Unchanged => RowState::Unchanged,
        Fate::Skipped(_) => RowState::Skip,
        Fate::Failed(_) => RowState::Failed,
    }
}

/// What filter and search look at; the whole [`Row`] is built for the window only.
trait Candidate {
    fn table(&self) -> &str;
    fn state(&self) -> RowState;
    fn is_warned(&self) -> bool;
    fn says(&self, text: &str) -> bool;
    fn row(&self) -> Row;
}

fn take<C: Candidate>(candidates: impl Iterator<Item = C>, query: &RowsQuery) -> (u64, Vec<Row>) {
    let search = query.search.trim().to_lowercase();
    let end = query.start.saturating_add(query.count);
    let mut total = 0;
    let mut rows = Vec::new();
    for candidate in candidates.filter(|candidate| matches(candidate, query, &search)) {
        if (query.start..end).contains(&total) {
            rows.push(candidate.row());
        }
        total += 1;
    }
    (total, rows)
}

fn matches(candidate: &impl Candidate, query: &RowsQuery, search: &str) -> bool {
    let of_table = query.table.as_ref().is_none_or(|table| table == candidate.table());
    let state = candidate.state();
    let in_state = query.states.is_empty()
        || query.states.iter().any(|s| *s == state || (*s == RowState::Warning && candidate.is_warned()));
    of_table && in_state && (search.is_empty() || candidate.says(search))
}

/// A record of the plan, or of the report.
struct Record<'p> {
    table: &'p str,
    id: Uuid,
    name: &'p str,
    state: RowState,
    matched_by: &'p MatchRule,
    changes: Changes<'p>,
    /// Why it is skipped or failed.
    reason: Option<&'p Problem>,
    warnings: &'p [Problem],
}

/// The columns of an update.
enum Changes<'p> {
    None,
    Planned(&'p [Change]),
    /// The values before and after stand in the plan; the report knows the columns.
    Done(&'p [String], &'p Plan),
}

fn planned(plan: &Plan) -> impl Iterator<Item = Record<'_>> {
    let rows = plan.tables.iter().flat_map(|t| t.records.iter().map(|record| (t.table.as_str(), record)));
    rows.map(|(table, record)| {
        let (changes, reason) = match &record.action {
            Action::Update(changes) => (Changes::Planned(changes), None),
            Action::Skip(problem) | Action::Blocked(problem) => (Changes::None, Some(problem)),
            Action::Create | Action::Adopt | Action::Unchanged => (Changes::None, None),
        };
        let RecordPlan { id, name, matched_by, warnings, .. } = record;
        let state = planned_state(&record.action);
        Record { table, id: *id, name, state, matched_by, changes, reason, warnings }
    })
}

fn reported<'p>(report: &'p ImportReport, plan: &'p Plan) -> impl Iterator<Item = Record<'p>> {
    let rows = report.tables.iter().flat_map(|t| t.records.iter().map(|record| (t.table.as_str(), record)));
    rows.map(move |(table, record)| {
        let (changes, reason) = match &record.fate {
            Fate::Updated(columns) => (Changes::Done(columns, plan), None),
            Fate::Skipped(problem) | Fate::Failed(problem) => (Changes::None, Some(problem)),
            Fate::Created | Fate::Unchanged => (Changes::None, None),
        };
        let RecordReport { id, name, matched_by, warnings, .. } = record;
        let state = fate_state(&record.fate);
        Record { table, id: *id, name, state, matched_by, changes, reason, warnings }
    })
}

impl Record<'_> {
    fn changes(&self) -> Vec<Change> {
        match self.changes {
            Changes::None => Vec::new(),
            Changes::Planned(changes) => changes.to_vec(),
            Changes::Done(columns, plan) => {
                let planned = planned_changes(plan, self.table, self.id);
                let change = |column: &String| {
                    let known = planned.iter().find(|change| change.column == *column).cloned();
                    known.unwrap_or_else(|| Change { column: column.clone(), before: None, after: None })
                };
                columns.iter().map(change).collect()
            }
        }
    }
}

fn planned_changes<'p>(plan: &'p Plan, table: &str, id: Uuid) -> &'p [Change] {
    let table = plan.tables.iter().find(|t| t.table == table);
    let actions = table.into_iter().flat_map(|t| &t.records).filter(|r| r.id == id).map(|r| &r.action);
    let mut updates = actions.filter_map(|action| match action {
        Action::Update(changes) => Some(changes.as_slice()),
        _ => None,
    });
    updates.next().unwrap_or_default()
}

impl Candidate for Record<'_> {
    fn table(&self) -> &str {
        self.table
    }

    fn state(&self) -> RowState {
        self.state
    }

    fn is_warned(&self) -> bool {
        !self.warnings.is_empty()
    }

    fn says(&self, text: &str) -> bool {
        self.name.to_lowercase().contains(text) || self.id.to_string().contains(text)
    }

    fn row(&self) -> Row {
        Row {
            table: self.table.to_owned(),
            id: self.id,
            name: self.name.to_owned(),
            state: self.state,
            matched_by: Some(self.matched_by.clone()),
            changes: self.changes(),
            problems: self.reason.into_iter().chain(self.warnings).cloned().collect(),
        }
    }
}

/// A link that is not made, and why.
struct BrokenLink<'p> {
    relationship: &'p str,
    source: Uuid,
    target: Uuid,
    problem: &'p Problem,
}

fn blocked_links(plan: &Plan) -> impl Iterator<Item = BrokenLink<'_>> {
    let blocked = plan.links.iter().flat_map(|links| &links.blocked);
    blocked.map(|(link, problem)| BrokenLink {
        relationship: &link.relationship,
        source: link.source,
        target: link.target,
        problem,
    })
}

fn failed_links(report: &ImportReport) -> impl Iterator<Item = BrokenLink<'_>> {
    let failed =
        report.links.iter().flat_map(|l| l.failed.iter().map(|link| (l.relationship.as_str(), link)));
    failed.map(|(relationship, (source, target, problem))| BrokenLink {
        relationship,
        source: *source,
        target: *target,
        problem,
    })
}

impl Candidate for BrokenLink<'_> {
    fn table(&self) -> &str {
        self.relationship
    }

    fn state(&self) -> RowState {
        RowState::Failed
    }

    fn is_warned(&self) -> bool {
        false
    }

    fn says(&self, text: &str) -> bool {
        self.source.to_string().contains(text) || self.target.to_string().contains(text)
    }

    fn row(&self) -> Row {
        Row {
            table: self.relationship.to_owned(),
            id: self.source,
            name: format!("{} → {}", self.source, self.target),
            state: RowState::Failed,
            matched_by: None::<MatchRule>,
            changes: Vec::new(),
            problems: vec![self.problem.clone()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use migration::{Place, ProblemKind, TablePlan, TableReport, WriteMode};

    fn problem() -> Problem {
        let (what, remedy) = ("The row is nowhere.".to_owned(), "Export it too.".to_owned());
        Problem { kind: ProblemKind::LookupTargetMissing, place: Place::default(), what, remedy }
    }

    fn record(number: u128, name: &str, action: Action, warnings: Vec<Problem>) -> RecordPlan {
        let id = Uuid::from_u128(number);
        RecordPlan { id, target_id: id, name: name.into(), action, matched_by: MatchRule::Id, warnings }
    }

    fn plan() -> Plan {
        let change = Change { column: "title".into(), before: Some("Old".into()), after: Some("New".into()) };
        let pages = vec![
            record(1, "Home", Action::Create, vec![]),
            record(2, "Über uns", Action::Update(vec![change]), vec![problem()]),
            record(3, "Search", Action::Unchanged, vec![]),
        ];
        let roles = vec![record(4, "System Administrator", Action::Skip(problem()), vec![])];
        let table = |name: &str, records| TablePlan {
            table: name.into(),
            display_name: name.into(),
            mode: WriteMode::default(),
            same_names: 0,
            records,
        };
        let mut plan = Plan::default();
        plan.tables = vec![table("page", pages), table("role", roles)];
        plan
    }

    fn names(plan: &Plan, query: RowsQuery) -> (u64, Vec<String>) {
        let (total, rows) = window(Some(plan), None, &query);
        (total, rows.into_iter().map(|row| row.name).collect())
    }

    fn all(of: RowsOf) -> RowsQuery {
        RowsQuery { of, table: None, states: vec![], search: String::new(), start: 0, count: 100 }
    }

    #[test]
    fn a_window_tells_the_total_and_holds_only_its_rows() {
        let query = RowsQuery { start: 1, count: 2, ..all(RowsOf::Plan) };
        assert_eq!(names(&plan(), query), (4, vec!["Über uns".into(), "Search".into()]));
    }

    #[test]
    fn filters_and_search_narrow_the_rows() {
        let cases = [
            (RowsQuery { table: Some("role".into()), ..all(RowsOf::Plan) }, vec!["System Administrator"]),
            (
                RowsQuery { states: vec![RowState::Create, RowState::Skip], ..all(RowsOf::Plan) },
                vec!["Home", "System Administrator"],
            ),
            (RowsQuery { states: vec![RowState::Warning], ..all(RowsOf::Plan) }, vec!["Über uns"]),
            (RowsQuery { search: " über ".into(), ..all(RowsOf::Plan) }, vec!["Über uns"]),
            (RowsQuery { search: Uuid::from_u128(3).to_string(), ..all(RowsOf::Plan) }, vec!["Search"]),
        ];
        for (query, expected) in cases {
            let (total, names) = names(&plan(), query.clone());
            assert_eq!(
                (total, names),
                (expected.len() as u64, expected.iter().map(|n| (*n).into()).collect()),
                "{query:?}"
            );
        }
    }

    #[test]
    fn a_report_row_shows_the_values_of_the_plan() {
        let id = Uuid::from_u128(2);
        let fate = Fate::Updated(vec!["title".into()]);
        let record = RecordReport {
            id,
            target_id: id,
            name: "Über uns".into(),
            fate,
            matched_by: MatchRule::Id,
            warnings: vec![],
        };
        let table = TableReport {
            table: "page".into(),
            display_name: "Page".into(),
            not_writable: vec![],
            records: vec![record],
        };
        let report = ImportReport { tables: vec![table], ..ImportReport::default() };
        let (_, rows) = window(Some(&plan()), Some(&report), &all(RowsOf::Report));
        assert_eq!(rows[0].changes[0].before.as_deref(), Some("Old"));
    }

    #[test]
    fn without_a_plan_there_are_no_rows() {
        assert_eq!(window(None, None, &all(RowsOf::Plan)), (0, vec![]));
    }
}
