//! `$orderby`.

use super::filter::Path;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::Catalog;
use std::cmp::Ordering;

/// Columns to sort by; rows that are equal in all of them stay in the order of their keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order(Vec<(Path, bool)>);

impl Order {
    /// `name,createdon desc`
    pub(crate) fn parse(catalog: &Catalog, table: usize, parts: &[&str]) -> Result<Order, Refusal> {
        let mut columns = Vec::new();
        for part in parts {
            let (path, direction) = part.split_once(' ').unwrap_or((part, "asc"));
            let descending = match direction.trim() {
                "asc" => false,
                "desc" => true,
                other => {
                    return Err(Refusal::new(
                        400,
                        "0x80060888",
                        format!("Syntax error at '{other}' in '{part}'."),
                    ));
                }
            };
            columns.push((Path::parse(catalog, table, path)?, descending));
        }
        Ok(Order(columns))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn compare(&self, environment: &Environment, a: &Row, b: &Row) -> Ordering {
        self.0.iter().fold(Ordering::Equal, |order, (path, descending)| {
            order.then_with(|| {
                let order = path.cell(environment, a).order(path.cell(environment, b));
                if *descending { order.reverse() } else { order }
            })
        })
    }
}
