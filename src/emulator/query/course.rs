//! What a query need not look at: rows of earlier pages, and those of a generated table outside a range.

use super::comparison::Test;
use super::filter::Filter;
use crate::environment::Environment;
use crate::rows::GeneratedTable;
use crate::values::Cell;
use std::ops::Range;

/// The rows of a generated table that can pass conditions.
pub(super) struct Narrowed {
    pub(super) numbers: Range<u64>,
    /// Whether all of them do.
    pub(super) is_exact: bool,
}

impl Environment {
    /// Whether rows sorted by that column alone stand in the order in which they are kept: it is the key, or a value
    /// that rises with the key.
    pub(super) fn is_kept_by(&self, table: usize, column: usize) -> bool {
        let described = &self.catalog.tables[table];
        described.position(&described.primary_id) == Some(column)
            || self.store.generated(table).is_some_and(|generated| generated.rises(column))
    }

    /// The rows of a generated table that can pass conditions which must all hold; `None` for an ordinary one.
    pub(crate) fn numbers_of<'t>(
        &self,
        table: usize,
        tests: impl Iterator<Item = (usize, &'t Test)>,
    ) -> Option<Range<u64>> {
        self.narrowed(table, tests).map(|narrowed| narrowed.numbers)
    }

    /// The rows of a generated table that can pass a filter; `None` for an ordinary one.
    pub(crate) fn numbers_passing(&self, table: usize, filter: &Filter) -> Option<Range<u64>> {
        let generated = self.store.generated(table)?;
        let all = 0..generated.rows();
        let each = |filters: &[Filter]| {
            let numbers = filters.iter().filter_map(|filter| self.numbers_passing(table, filter));
            numbers.collect::<Vec<_>>().into_iter()
        };
        Some(match filter {
            Filter::All(filters) => each(filters).fold(all, |a, b| a.start.max(b.start)..a.end.min(b.end)),
            Filter::Any(filters) => {
                let some = each(filters).filter(|numbers| !numbers.is_empty());
                some.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)).unwrap_or(0..0)
            }
            Filter::Column(path, test) if !path.is_far() => {
                passing(generated, path.column, test).unwrap_or(all)
            }
            _ => all,
        })
    }

    /// What conditions that must all hold leave of a generated table; `None` for an ordinary one.
    pub(super) fn narrowed<'t>(
        &self,
        table: usize,
        tests: impl Iterator<Item = (usize, &'t Test)>,
    ) -> Option<Narrowed> {
        let generated = self.store.generated(table)?;
        let all = Narrowed { numbers: 0..generated.rows(), is_exact: true };
        Some(tests.fold(all, |left, (column, test)| match passing(generated, column, test) {
            Some(numbers) => Narrowed {
                numbers: left.numbers.start.max(numbers.start)..left.numbers.end.min(numbers.end),
                ..left
            },
            None => Narrowed { is_exact: false, ..left },
        }))
    }
}

/// The rows that pass a test of a rising column; `None` where only looking at each tells.
fn passing(generated: &GeneratedTable, column: usize, test: &Test) -> Option<Range<u64>> {
    if !generated.rises(column) {
        return None;
    }
    let below = |limit: &Cell| generated.until(column, limit, false);
    let through = |limit: &Cell| generated.until(column, limit, true);
    match test {
        Test::Empty => Some(0..0),
        Test::NotEmpty => Some(0..generated.rows()),
        Test::Equal(value) => Some(below(value)..through(value)),
        Test::Less(value) => Some(0..below(value)),
        Test::LessOrEqual(value) => Some(0..through(value)),
        Test::Greater(value) => Some(through(value)..generated.rows()),
        Test::GreaterOrEqual(value) => Some(below(value)..generated.rows()),
        Test::Between(least, most) => Some(below(least)..through(most)),
        _ => None,
    }
}
