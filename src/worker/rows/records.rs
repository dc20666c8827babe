//! Records of plan and report as rows.

use super::Candidate;
use browser::protocol::{Row, RowState, RuleFilter};
use migration::{Action, Change, Fate, ImportReport, MatchRule, Plan, Problem, RecordPlan, RecordReport};
use uuid::Uuid;

/// What becomes of a record.
fn planned_state(action: &Action) -> RowState {
    match action {
        Action::Create => RowState::Create,
        Action::Adopt => RowState::Adopt,
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
        Fate::Unconfirmed(_) => RowState::Unconfirmed,
    }
}

/// How a record found its row, as a filter names it.
fn rule_filter(rule: &MatchRule) -> RuleFilter {
    match rule {
        MatchRule::Id => RuleFilter::Id,
        MatchRule::Keys(_) => RuleFilter::Keys,
        MatchRule::Name => RuleFilter::Name,
        MatchRule::Special(_) => RuleFilter::Special,
        MatchRule::Mapped => RuleFilter::Mapped,
        MatchRule::New => RuleFilter::New,
    }
}

/// A record of the plan, or of the report.
pub(super) struct Record<'p> {
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

pub(super) fn planned(plan: &Plan) -> impl Iterator<Item = Record<'_>> {
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

pub(super) fn reported<'p>(report: &'p ImportReport, plan: &'p Plan) -> impl Iterator<Item = Record<'p>> {
    let rows = report.tables.iter().flat_map(|t| t.records.iter().map(|record| (t.table.as_str(), record)));
    rows.map(move |(table, record)| {
        let (changes, reason) = match &record.fate {
            Fate::Updated(columns) => (Changes::Done(columns, plan), None),
            Fate::Skipped(problem) | Fate::Failed(problem) | Fate::Unconfirmed(problem) => {
                (Changes::None, Some(problem))
            }
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

    fn rule(&self) -> Option<RuleFilter> {
        Some(rule_filter(self.matched_by))
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
