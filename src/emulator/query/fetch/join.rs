//! The entities of a query, joined.

use super::plan::{Plan, Scope};
use super::query::LinkKind;
use crate::environment::Environment;
use crate::rows::Row;
use crate::values::Cell;
use std::collections::HashMap;
use uuid::Uuid;

/// One row of each entity; outer links may have none.
pub(super) type Joined<'a> = Vec<Option<&'a Row>>;

/// A value by which rows are joined.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum JoinKey {
    Id(Uuid),
    Number(i64),
    /// In lower case: text is equal to the database whatever its case.
    Text(String),
}

impl JoinKey {
    /// `None` where there is no value.
    pub(super) fn of(cell: &Cell) -> Option<JoinKey> {
        match cell {
            Cell::Text(text) => Some(JoinKey::Text(text.to_lowercase())),
            Cell::Integer(number) => Some(JoinKey::Number(*number)),
            other => other.id().map(JoinKey::Id),
        }
    }
}

impl Environment {
    /// Root rows joined with the rows of all links.
    pub(super) fn join<'a>(&'a self, plan: &Plan<'_>) -> Vec<Joined<'a>> {
        let root = &plan.scopes[0];
        let rows = self.store.rows(root.table).map(|row| vec![Some(row)]);
        let mut joined: Vec<Joined<'a>> =
            rows.filter(|joined| root.own.iter().all(|check| check.passes(joined))).collect();
        for scope in &plan.scopes[1..] {
            joined = self.with_link(scope, joined);
        }
        joined.retain(|joined| plan.late.iter().all(|check| check.passes(joined)));
        joined
    }

    /// Each row with the rows of one more link.
    fn with_link<'a>(&'a self, scope: &Scope<'_>, joined: Vec<Joined<'a>>) -> Vec<Joined<'a>> {
        let Some(join) = &scope.join else { return joined };
        let by_key = self.rows_by_key(scope.table, join.column);
        let mut longer = Vec::new();
        for tuple in joined {
            let key = JoinKey::of(cell(&tuple, join.parent, join.parent_column));
            let candidates = key.and_then(|key| by_key.get(&key)).map_or(&[][..], Vec::as_slice);
            let with = |row: Option<&'a Row>| {
                let mut next = tuple.clone();
                next.push(row);
                next
            };
            let before = longer.len();
            let found = candidates.iter().map(|row| with(Some(row)));
            let found = found.filter(|next| scope.own.iter().all(|check| check.passes(next)));
            longer.extend(found.take(if join.kind == LinkKind::First { 1 } else { usize::MAX }));
            if longer.len() == before && join.kind != LinkKind::Inner {
                longer.push(with(None));
            }
        }
        longer
    }

    fn rows_by_key(&self, table: usize, column: usize) -> HashMap<JoinKey, Vec<&Row>> {
        let mut by_key: HashMap<JoinKey, Vec<&Row>> = HashMap::new();
        for row in self.store.rows(table) {
            if let Some(key) = JoinKey::of(&row.cells[column]) {
                by_key.entry(key).or_default().push(row);
            }
        }
        by_key
    }
}

/// A cell of one of the joined rows; empty where that row is missing.
pub(super) fn cell<'a>(joined: &Joined<'a>, scope: usize, column: usize) -> &'a Cell {
    const EMPTY: &Cell = &Cell::Empty;
    joined.get(scope).copied().flatten().map_or(EMPTY, |row| &row.cells[column])
}
