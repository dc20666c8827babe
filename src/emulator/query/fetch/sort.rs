//! `<order>`, and rows that come once.

use super::columns::Shown;
use super::join::{Joined, cell};
use super::plan::{Scope, attribute, scope_of};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::aggregate::key;
use crate::query::order::compare;
use crate::values::Cell;
use std::collections::HashSet;

/// What rows are sorted by, in order.
pub(super) struct Sorted {
    /// (entity, column, descending)
    pub(super) columns: Vec<(usize, usize, bool)>,
}

impl Sorted {
    /// Whether a column of a link counts: then there is no paging cookie.
    pub(super) fn is_far(&self) -> bool {
        self.columns.iter().any(|(scope, _, _)| *scope != 0)
    }
}

impl Environment {
    /// The orders of the root come before those of its links.
    pub(super) fn sorted_by(&self, scopes: &[Scope<'_>]) -> Result<Sorted, Refusal> {
        let mut columns = Vec::new();
        for (own, scope) in scopes.iter().enumerate() {
            for order in &scope.entity.orders {
                if order.alias.is_some() {
                    let message = "An alias cannot be specified for an order clause for a non-aggregate Query. Use an attribute.";
                    return Err(Refusal::new(400, "0x80041132", message));
                }
                let name = order.attribute.as_deref().ok_or_else(|| {
                    let message = "An attribute is required for an order clause for a non-aggregate Query.";
                    Refusal::new(400, "0x80041133", message)
                })?;
                let scope = order.entity.as_deref().map_or(Ok(own), |alias| scope_of(scopes, alias))?;
                let table = &self.catalog.tables[scopes[scope].table];
                columns.push((scope, attribute(table, name)?, order.descending));
            }
        }
        Ok(Sorted { columns })
    }

    pub(super) fn sort<'a>(
        &self,
        scopes: &[Scope<'_>],
        sorted: &Sorted,
        labels: bool,
        joined: Vec<Joined<'a>>,
    ) -> Vec<Joined<'a>> {
        if sorted.columns.is_empty() {
            return joined;
        }
        let keys = |tuple: &Joined<'a>| -> Vec<Cell> {
            let each = sorted.columns.iter();
            each.map(|(scope, column, _)| {
                self.sort_key((scopes[*scope].table, *column), cell(tuple, *scope, *column), labels)
            })
            .collect()
        };
        let directions: Vec<bool> = sorted.columns.iter().map(|(_, _, descending)| *descending).collect();
        let mut keyed: Vec<(Vec<Cell>, Joined<'a>)> =
            joined.into_iter().map(|tuple| (keys(&tuple), tuple)).collect();
        keyed.sort_by(|(a, _), (b, _)| compare(a, b, &directions));
        keyed.into_iter().map(|(_, tuple)| tuple).collect()
    }
}

/// Rows that show the same in all columns asked for come once.
pub(super) fn distinct<'a>(columns: &[Shown], joined: Vec<Joined<'a>>) -> Vec<Joined<'a>> {
    let mut seen = HashSet::new();
    let shows = |tuple: &Joined<'a>| -> Vec<String> {
        columns.iter().map(|shown| key(cell(tuple, shown.scope, shown.column))).collect()
    };
    joined.into_iter().filter(|tuple| seen.insert(shows(tuple))).collect()
}
