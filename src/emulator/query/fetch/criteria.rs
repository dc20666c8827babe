//! The conditions of a query on the rows it joins.

use super::join::{JoinKey, Joined, cell};
use super::plan::{Scope, attribute, scope_of, unsupported_join};
use super::query::{Condition, Criterion, Link, LinkKind, Purpose};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::comparison::{Relation, Test};
use crate::query::operators::relation;
use crate::tables::{Column, Kind};
use std::collections::HashSet;

/// A condition with names resolved.
pub(super) enum Check {
    All(Vec<Check>),
    Any(Vec<Check>),
    Test {
        scope: usize,
        column: usize,
        test: Test,
    },
    /// Two columns against each other.
    Columns {
        left: (usize, usize),
        relation: Relation,
        right: (usize, usize),
    },
    /// The value is one of these, or none of them: what became of a link.
    Among {
        scope: usize,
        column: usize,
        keys: HashSet<JoinKey>,
        among: bool,
    },
}

impl Check {
    pub(super) fn passes(&self, joined: &Joined<'_>) -> bool {
        match self {
            Check::All(checks) => checks.iter().all(|check| check.passes(joined)),
            Check::Any(checks) => checks.iter().any(|check| check.passes(joined)),
            Check::Test { scope, column, test } => test.passes(cell(joined, *scope, *column)),
            Check::Columns { left, relation, right } => {
                relation.holds(cell(joined, left.0, left.1), cell(joined, right.0, right.1))
            }
            Check::Among { scope, column, keys, among } => {
                let key = JoinKey::of(cell(joined, *scope, *column));
                key.is_some_and(|key| keys.contains(&key)) == *among
            }
        }
    }

    /// The last entity it needs.
    pub(super) fn reach(&self) -> usize {
        match self {
            Check::All(checks) | Check::Any(checks) => checks.iter().map(Check::reach).max().unwrap_or(0),
            Check::Test { scope, .. } | Check::Among { scope, .. } => *scope,
            Check::Columns { left, right, .. } => left.0.max(right.0),
        }
    }
}

impl Environment {
    pub(super) fn checks(
        &self,
        scopes: &[Scope<'_>],
        own: usize,
        criteria: &[Criterion],
    ) -> Result<Vec<Check>, Refusal> {
        criteria.iter().map(|criterion| self.check(scopes, own, criterion)).collect()
    }

    fn check(&self, scopes: &[Scope<'_>], own: usize, criterion: &Criterion) -> Result<Check, Refusal> {
        match criterion {
            Criterion::All(criteria) => Ok(Check::All(self.checks(scopes, own, criteria)?)),
            Criterion::Any(criteria) => Ok(Check::Any(self.checks(scopes, own, criteria)?)),
            Criterion::Condition(condition) => self.condition_check(scopes, own, condition),
            Criterion::Link(link) if link.kind.is_criterion() => self.link_check(scopes, own, link),
            Criterion::Link(_) => Err(unsupported_join()),
        }
    }

    fn condition_check(
        &self,
        scopes: &[Scope<'_>],
        own: usize,
        condition: &Condition,
    ) -> Result<Check, Refusal> {
        let scope = condition.entity.as_deref().map_or(Ok(own), |alias| scope_of(scopes, alias))?;
        let table = &self.catalog.tables[scopes[scope].table];
        let column = attribute(table, &condition.attribute)?;
        if let Some(other) = &condition.other {
            return self.columns_check(scopes, (scope, column), condition, other);
        }
        let test = self.condition(&table.columns[column], &condition.operator, &condition.values)?;
        Ok(Check::Test { scope, column, test })
    }

    /// `valueof`: columns of one type, of this entity or of the one whose alias stands before a point.
    fn columns_check(
        &self,
        scopes: &[Scope<'_>],
        left: (usize, usize),
        condition: &Condition,
        other: &str,
    ) -> Result<Check, Refusal> {
        let incorrect = || Refusal::new(400, "0x80041106", "Incorrect filter condition or conditions.");
        let relation = relation(&condition.operator).filter(|_| condition.values.is_empty());
        let relation = relation.ok_or_else(incorrect)?;
        let (scope, name) = match other.split_once('.') {
            Some((alias, name)) => (scope_of(scopes, alias)?, name),
            None => (left.0, other),
        };
        let table = &self.catalog.tables[scopes[scope].table];
        let right = attribute(table, name)?;
        let left_column = &self.catalog.tables[scopes[left.0].table].columns[left.1];
        if left_column.kind.edm() != table.columns[right].kind.edm() {
            return Err(incorrect());
        }
        Ok(Check::Columns { left, relation, right: (scope, right) })
    }

    /// A link that only says whether there are rows: it is answered once, for all rows around it.
    pub(super) fn link_check(&self, scopes: &[Scope<'_>], own: usize, link: &Link) -> Result<Check, Refusal> {
        if link.entity.all || link.entity.attributes.iter().any(|a| a.purpose == Purpose::Value) {
            return Err(unsupported_join());
        }
        let table = self.table_of_entity(&link.entity.name)?;
        let (column, from) = self.link_columns(scopes[own].table, table, link)?;
        let plan = self.plan(&link.entity, table)?;
        let found = self.join(&plan);
        let key = |joined: &Joined<'_>| JoinKey::of(cell(joined, 0, from));
        let mut keys: HashSet<JoinKey> = found.iter().filter_map(key).collect();
        if link.kind == LinkKind::All {
            let rows = self.store.rows(table).filter_map(|row| JoinKey::of(&row.cells[from]));
            keys = rows.filter(|key| !keys.contains(key)).collect();
        }
        Ok(Check::Among { scope: own, column, keys, among: link.kind != LinkKind::NotAny })
    }
}

/// What a column's cells are to a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    Ids,
    Texts,
    Numbers,
    Others,
}

pub(super) fn cells_of(column: &Column) -> Cells {
    match column.kind {
        Kind::Id | Kind::Lookup(_) => Cells::Ids,
        Kind::Text { .. } | Kind::EntityName => Cells::Texts,
        Kind::Integer | Kind::BigInt | Kind::Choice { .. } | Kind::State | Kind::Status => Cells::Numbers,
        _ => Cells::Others,
    }
}
