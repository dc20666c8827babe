//! A column of a row, or of a row it points to.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::{Catalog, Column, Navigation};
use crate::values::Cell;

/// A column of the row or of a row it points to: `primarycontactid/fullname`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// (lookup column, table it leads to)
    hops: Vec<(usize, usize)>,
    /// The table the column is in.
    pub(crate) table: usize,
    pub(crate) column: usize,
}

impl Path {
    /// Follows `a/b/c` from a table; case counts.
    pub(crate) fn parse(catalog: &Catalog, table: usize, text: &str) -> Result<Path, Refusal> {
        let mut path = Path { hops: Vec::new(), table, column: 0 };
        let mut steps: Vec<&str> = text.split('/').collect();
        let last = steps.pop().unwrap_or_default();
        for step in steps {
            let here = &catalog.tables[path.table];
            let Some(Navigation::Single { column, target }) = catalog.navigation(path.table, step) else {
                return Err(Refusal::no_property(step, &here.name));
            };
            // An owner is a user or a team: a path through it knows neither's columns.
            if catalog.tables[target].name == "owner" {
                return Err(Refusal::no_property(last, "principal"));
            }
            path.hops.push((column, target));
            path.table = target;
        }
        let here = &catalog.tables[path.table];
        path.column =
            here.position_of_property(last).ok_or_else(|| Refusal::no_property(last, &here.name))?;
        Ok(path)
    }

    /// A column of the table itself.
    pub(crate) fn own(table: usize, column: usize) -> Path {
        Path { hops: Vec::new(), table, column }
    }

    /// Whether it leads to another row.
    pub(crate) fn is_far(&self) -> bool {
        !self.hops.is_empty()
    }

    pub(crate) fn described<'a>(&self, catalog: &'a Catalog) -> &'a Column {
        &catalog.tables[self.table].columns[self.column]
    }

    /// The cell at the end of the path; empty where it leads nowhere or to a row of another table.
    pub(crate) fn cell<'a>(&self, environment: &'a Environment, row: &'a Row) -> &'a Cell {
        const EMPTY: &Cell = &Cell::Empty;
        let mut row = row;
        for (column, target) in &self.hops {
            let next = row.cells[*column].id().and_then(|id| environment.store.get(*target, id));
            let Some(next) = next else { return EMPTY };
            row = next;
        }
        &row.cells[self.column]
    }
}
