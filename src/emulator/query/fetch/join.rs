//! The entities of a query, joined.

use super::criteria::Check;
use super::plan::{Plan, Scope};
use super::query::LinkKind;
use crate::environment::Environment;
use crate::query::comparison::Test;
use crate::rows::{Course, Row};
use crate::values::Cell;
use std::collections::HashMap;
use std::ops::Range;
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
        let course = Course { numbers: self.numbers_of_root(plan), ..Course::default() };
        self.join_from(plan, course, usize::MAX)
    }

    /// As [`Environment::join`] from somewhere on, until there are enough or none are left.
    pub(super) fn join_from<'a>(&'a self, plan: &Plan<'_>, course: Course, enough: usize) -> Vec<Joined<'a>> {
        let root = &plan.scopes[0];
        let passes = |joined: &Joined<'_>| root.own.iter().all(|check| check.passes(joined));
        let rows = self.store.rows_from(root.table, course).map(|row| vec![Some(row)]);
        let mut rows = rows.filter(passes);
        let links: Vec<Linked<'a>> = plan.scopes[1..].iter().map(|scope| Linked::of(self, scope)).collect();
        let mut found: Vec<Joined<'a>> = Vec::new();
        while found.len() < enough {
            let some: Vec<Joined<'a>> = rows.by_ref().take(enough).collect();
            if some.is_empty() {
                break;
            }
            let linked = plan.scopes[1..].iter().zip(&links);
            let some = linked.fold(some, |joined, (scope, linked)| linked.join(scope, joined));
            found
                .extend(some.into_iter().filter(|joined| plan.late.iter().all(|check| check.passes(joined))));
        }
        found
    }

    /// What the conditions of the root leave of a generated table.
    pub(super) fn numbers_of_root(&self, plan: &Plan<'_>) -> Option<Range<u64>> {
        let root = &plan.scopes[0];
        self.numbers_of(root.table, tests(&root.own))
    }
}

/// The tests of the root's columns that must all be passed.
pub(super) fn tests<'c>(checks: &'c [Check]) -> Box<dyn Iterator<Item = (usize, &'c Test)> + 'c> {
    Box::new(checks.iter().flat_map(|check| match check {
        Check::All(checks) => tests(checks),
        Check::Test { scope: 0, column, test } => Box::new(std::iter::once((*column, test))),
        _ => Box::new(std::iter::empty()),
    }))
}

/// The rows that a link can lead to.
enum Linked<'a> {
    /// They are found by their ids.
    ById(&'a Environment, usize),
    ByValue(HashMap<JoinKey, Vec<&'a Row>>),
}

impl<'a> Linked<'a> {
    fn of(environment: &'a Environment, scope: &Scope<'_>) -> Linked<'a> {
        match &scope.join {
            Some(join) if !join.by_id => Linked::ByValue(environment.rows_by_key(scope.table, join.column)),
            _ => Linked::ById(environment, scope.table),
        }
    }

    fn candidates(&self, key: Option<JoinKey>) -> Vec<&'a Row> {
        match (self, key) {
            (Linked::ById(environment, table), Some(JoinKey::Id(id))) => {
                environment.store.get(*table, id).into_iter().collect()
            }
            (Linked::ByValue(rows), Some(key)) => rows.get(&key).cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Each row with the rows of one more link.
    fn join(&self, scope: &Scope<'_>, joined: Vec<Joined<'a>>) -> Vec<Joined<'a>> {
        let Some(join) = &scope.join else { return joined };
        let mut longer = Vec::new();
        for tuple in joined {
            let key = JoinKey::of(cell(&tuple, join.parent, join.parent_column));
            let with = |row: Option<&'a Row>| {
                let mut next = tuple.clone();
                next.push(row);
                next
            };
            let before = longer.len();
            let found = self.candidates(key).into_iter().map(|row| with(Some(row)));
            let found = found.filter(|next| scope.own.iter().all(|check| check.passes(next)));
            longer.extend(found.take(if join.kind == LinkKind::First { 1 } else { usize::MAX }));
            if longer.len() == before && join.kind != LinkKind::Inner {
                longer.push(with(None));
            }
        }
        longer
    }
}

impl Environment {
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
