//! `$orderby`, and what rows are sorted by.

use super::filter::{Path, alias};
use crate::api::Options;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::Kind;
use crate::values::{Cell, formatted};
use std::cmp::Ordering;

/// Columns to sort by; rows that are equal in all of them stay in the order of their keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order(Vec<(Path, bool)>);

impl Order {
    /// `name,createdon desc`
    pub(crate) fn parse(
        environment: &Environment,
        table: usize,
        options: &Options,
        aliases: Option<&Options>,
    ) -> Result<Order, Refusal> {
        let mut columns = Vec::new();
        for part in options.list("$orderby") {
            let (path, direction) = part.split_once(' ').unwrap_or((part, "asc"));
            let descending = match direction.trim() {
                "asc" => false,
                "desc" => true,
                other => {
                    let message = format!("Syntax error at '{other}' in '{part}'.");
                    return Err(Refusal::new(400, "0x80060888", message));
                }
            };
            let path = if path.starts_with('@') { alias(path, aliases)? } else { path };
            columns.push((Path::parse(&environment.catalog, table, path)?, descending));
        }
        Ok(Order(columns))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether rows come in the order in which they are kept, and then whether backwards.
    pub(crate) fn kept_direction(&self, environment: &Environment) -> Option<bool> {
        match self.0.first() {
            None => Some(false),
            Some((path, descending)) if !path.is_far() => {
                environment.is_kept_by(path.table, path.column).then_some(*descending)
            }
            Some(_) => None,
        }
    }

    /// Sorts rows; those without a value come first, as in SQL Server.
    pub(crate) fn sort(&self, environment: &Environment, rows: &mut Vec<&Row>) {
        if self.is_empty() {
            return;
        }
        let key = |row: &Row| -> Vec<Cell> {
            let cells = self.0.iter().map(|(path, _)| {
                environment.sort_key((path.table, path.column), path.cell(environment, row), false)
            });
            cells.collect()
        };
        let mut keyed: Vec<(Vec<Cell>, &Row)> = rows.iter().map(|row| (key(row), *row)).collect();
        let directions: Vec<bool> = self.0.iter().map(|(_, descending)| *descending).collect();
        keyed.sort_by(|(a, _), (b, _)| compare(a, b, &directions));
        *rows = keyed.into_iter().map(|(_, row)| row).collect();
    }

    /// Name and value of the own columns that a page's cookie tells of.
    pub(crate) fn cookie_values(&self, environment: &Environment, row: &Row) -> Vec<(String, Cell)> {
        let is_key = |path: &Path| {
            let table = &environment.catalog.tables[path.table];
            table.position(&table.primary_id) == Some(path.column)
        };
        // The key ends each cookie anyway.
        let own = self.0.iter().filter(|(path, _)| !path.is_far() && !is_key(path));
        own.map(|(path, _)| {
            (path.described(&environment.catalog).name.clone(), path.cell(environment, row).clone())
        })
        .collect()
    }
}

/// Orders keys column by column; true stands for descending.
pub(super) fn compare(a: &[Cell], b: &[Cell], directions: &[bool]) -> Ordering {
    a.iter().zip(b).zip(directions).fold(Ordering::Equal, |order, ((a, b), descending)| {
        order.then_with(|| if *descending { a.order(b).reverse() } else { a.order(b) })
    })
}

impl Environment {
    /// What a value is sorted by: a lookup by the name of its row, a choice by its number or by its label.
    /// (Microsoft's pages on ordering rows: OData takes the number, FetchXML the label.)
    pub(super) fn sort_key(&self, (table, column): (usize, usize), cell: &Cell, labels: bool) -> Cell {
        let described = &self.catalog.tables[table];
        let kind = &described.columns[column].kind;
        match cell {
            Cell::Lookup { table, id } => self.name_of(table, *id).map_or(Cell::Empty, Cell::Text),
            Cell::Integer(_)
                if labels && matches!(kind, Kind::Choice { .. } | Kind::State | Kind::Status) =>
            {
                formatted(described, kind, cell).map_or(Cell::Empty, Cell::Text)
            }
            other => other.clone(),
        }
    }
}
