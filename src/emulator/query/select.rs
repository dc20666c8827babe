//! `$select` and `$expand`.

use crate::api::Options;
use crate::error::Refusal;
use crate::tables::{Catalog, Kind, Table};

/// The columns wanted; `None` means all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Select(Option<Vec<usize>>);

/// More levels than any `$expand` needs.
const DEEPEST: usize = 30;

/// A navigation property wanted with its rows.
#[derive(Clone, Debug)]
pub(crate) struct Expand {
    pub(crate) navigation: String,
    pub(crate) options: Options,
}

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

    /// Positions of the columns a row's JSON has: those asked for, the key, and what comes along.
    pub(crate) fn columns(&self, table: &Table) -> Vec<usize> {
        let Some(asked) = &self.0 else {
            return (0..table.columns.len())
                .filter(|position| table.columns[*position].has_property())
                .collect();
        };
        let mut columns = asked.clone();
        let money = asked.iter().any(|position| matches!(table.columns[*position].kind, Kind::Money { .. }));
        let along = money.then(|| table.position("transactioncurrencyid")).flatten();
        for position in along.into_iter().chain(table.position(&table.primary_id)) {
            if !columns.contains(&position) {
                columns.push(position);
            }
        }
        columns
    }

    /// `(name,_ownerid_value)` of a context URL; nothing where all columns are asked for.
    pub(crate) fn context(&self, table: &Table) -> String {
        let Some(asked) = &self.0 else { return String::new() };
        let names: Vec<String> = asked.iter().map(|position| table.columns[*position].property()).collect();
        format!("({})", names.join(","))
    }
}

impl Expand {
    /// `parentid($select=name),other`
    pub(crate) fn parse(catalog: &Catalog, table: usize, parts: &[&str]) -> Result<Vec<Expand>, Refusal> {
        let mut expands = Vec::new();
        for part in parts {
            let (navigation, rest) = part.split_once('(').unwrap_or((part, ""));
            if catalog.navigation(table, navigation).is_none() {
                return Err(Refusal::no_property(navigation, &catalog.tables[table].name));
            }
            let options = Options::nested(rest.strip_suffix(')').unwrap_or(rest));
            expands.push(Expand { navigation: navigation.to_owned(), options });
        }
        if parts.iter().any(|part| part.matches('(').count() > DEEPEST) {
            return Err(Refusal::new(400, "0x80060888", "The $expand is nested too deeply."));
        }
        if expands.len() > 15 {
            return Err(Refusal::new(
                400,
                "0x80060888",
                "The number of $expand items exceeds the limit of 15.",
            ));
        }
        Ok(expands)
    }
}
