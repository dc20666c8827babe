//! `$select`.

use crate::error::Refusal;
use crate::tables::{Kind, Table};

/// The columns wanted; `None` means all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Select(Option<Vec<usize>>);

/// The parts of an address that make its composite.
const ADDRESS_PARTS: &[&str] =
    &["line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country"];

impl Select {
    /// `name,_ownerid_value`; names count by case.
    pub(crate) fn parse(table: &Table, properties: &[&str]) -> Result<Select, Refusal> {
        if properties.is_empty() || properties == ["*"] {
            return Ok(Select(None));
        }
        let mut columns = Vec::new();
        for property in properties {
            let position = table.position_of_property(property);
            let position = position.ok_or_else(|| Refusal::no_property(property, &table.name))?;
            if !columns.contains(&position) {
                columns.push(position);
            }
        }
        Ok(Select(Some(columns)))
    }

    /// Positions of the columns a row's JSON has: those asked for, what comes along, and the key. `also` are
    /// columns that come along where not all are there anyway.
    pub(crate) fn columns(&self, table: &Table, also: &[usize]) -> Vec<usize> {
        let Some(asked) = &self.0 else {
            return (0..table.columns.len())
                .filter(|position| table.columns[*position].has_property())
                .collect();
        };
        let mut columns = asked.clone();
        let along = asked.iter().filter_map(|position| comes_along(table, *position));
        for position in along.chain(also.iter().copied()).chain(table.position(&table.primary_id)) {
            if !columns.contains(&position) {
                columns.push(position);
            }
        }
        columns
    }

    /// The properties asked for; nothing where all columns are.
    pub(crate) fn properties(&self, table: &Table) -> Vec<String> {
        let asked = self.0.iter().flatten();
        asked.map(|position| table.columns[*position].property()).collect()
    }
}

/// Money brings its currency, a part of an address the composite.
fn comes_along(table: &Table, position: usize) -> Option<usize> {
    let column = &table.columns[position];
    if matches!(column.kind, Kind::Money { .. }) {
        return table.position("transactioncurrencyid");
    }
    let (address, part) = column.name.split_once('_')?;
    let is_part = address.starts_with("address") && ADDRESS_PARTS.contains(&part);
    is_part.then(|| table.position(&format!("{address}_composite"))).flatten()
}
