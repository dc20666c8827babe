//! Windows of plan and report rows, as a table on screen asks for them.

mod links;
mod records;
mod removals;

use browser::protocol::{Row, RowState, RowsOf, RowsQuery, RuleFilter};
use links::{blocked_links, failed_links};
use migration::{ImportReport, Plan};
use records::{planned, reported};
use removals::removals;

/// How many rows match the query, and those in its window. No plan, no rows.
pub(crate) fn window(
    plan: Option<&Plan>,
    report: Option<&ImportReport>,
    query: &RowsQuery,
) -> (u64, Vec<Row>) {
    match (query.of, plan, report) {
        (RowsOf::Plan, Some(plan), _) => take(planned(plan), query),
        (RowsOf::Report, Some(plan), Some(report)) => take(reported(report, plan), query),
        (RowsOf::Removals, Some(plan), _) => take(removals(plan), query),
        (RowsOf::FailedLinks, Some(plan), None) => take(blocked_links(plan), query),
        (RowsOf::FailedLinks, _, Some(report)) => take(failed_links(report), query),
        _ => (0, Vec::new()),
    }
}

/// What filter and search look at; the whole [`Row`] is built for the window only.
trait Candidate {
    fn table(&self) -> &str;
    fn state(&self) -> RowState;
    fn is_warned(&self) -> bool;
    fn rule(&self) -> Option<RuleFilter>;
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
    let is_in = |wanted: &RowState| match wanted {
        RowState::Warning => candidate.is_warned(),
        // A row that the environment makes is counted as created.
        RowState::Create => matches!(state, RowState::Create | RowState::Adopt),
        wanted => *wanted == state,
    };
    let in_state = query.states.is_empty() || query.states.iter().any(is_in);
    let by_rule = query.rule.is_none_or(|rule| candidate.rule() == Some(rule));
    of_table && in_state && by_rule && (search.is_empty() || candidate.says(search))
}

#[cfg(test)]
mod tests {
    use super::*;
    use migration::{
        Action, Change, Fate, MatchRule, Place, Problem, ProblemKind, RecordPlan, RecordReport, TablePlan,
        TableReport, WriteMode,
    };
    use uuid::Uuid;

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
        RowsQuery { of, table: None, states: vec![], rule: None, search: String::new(), start: 0, count: 100 }
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
