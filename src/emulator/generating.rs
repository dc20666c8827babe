//! Gives tables the generated rows that details ask for.

use crate::environment::Environment;
use crate::error::{LoadError, Refusal};
use crate::rows::Generated;
use crate::tables::{Details, GeneratedDetails, Kind, Table};

impl Environment {
    /// Adds the generated rows of a details file.
    pub(crate) fn generate(&mut self, details: &Details) -> Result<(), LoadError> {
        for (name, generated) in details.generated.iter() {
            let table = self.catalog.position(name).ok_or_else(|| LoadError::NoTable(name.to_owned()))?;
            self.generate_table(table, *generated)
                .map_err(|reason| LoadError::Details(format!("generated rows of {name}: {reason}")))?;
        }
        Ok(())
    }

    fn generate_table(&mut self, table: usize, details: GeneratedDetails) -> Result<(), String> {
        let described = &self.catalog.tables[table];
        if self.store.count(table) > 0 {
            return Err("the table has rows already".to_owned());
        }
        if !described.keys.is_empty() || described.is_intersect {
            return Err("a table with alternate keys or of links cannot have any".to_owned());
        }
        let (rows, text) = match details {
            GeneratedDetails::Rows(rows) => (rows, None),
            GeneratedDetails::WithText { rows, text } => (rows, Some((longest_memo(described, text)?, text))),
        };
        // A row's number is a part of its id.
        if rows >= 1 << 40 {
            return Err(format!("{rows} are too many"));
        }
        let said = Generated {
            rows,
            text,
            until: self.now(),
            first_version: 0,
            user: self.identity.user,
            business_unit: self.identity.business_unit,
            organization: self.identity.organization,
            currency: self.identity.base_currency,
        };
        self.store.generate(table, &self.catalog.tables[table], said);
        Ok(())
    }

    /// Generated rows are as they are.
    pub(crate) fn refuse_generated(&self, table: usize) -> Result<(), Refusal> {
        match self.store.generated(table) {
            None => Ok(()),
            Some(_) => {
                let name = &self.catalog.tables[table].name;
                Err(Refusal::not_implemented(format_args!("writing to {name}, whose rows are generated")))
            }
        }
    }

    /// An answer that lacks rows is none.
    pub(crate) fn refuse_short_answer(&self) -> Result<(), Refusal> {
        if !self.store.fell_short() {
            return Ok(());
        }
        Err(Refusal::not_implemented("looking at more than 60,000 generated or secured rows for one request"))
    }
}

/// The memo that takes the longest text, if it takes this one.
fn longest_memo(table: &Table, text: u32) -> Result<usize, String> {
    let memos = table.columns.iter().enumerate().filter_map(|(position, column)| match column.kind {
        Kind::Text { max_length, memo: true } => Some((max_length, position)),
        _ => None,
    });
    match memos.max() {
        Some((longest, position)) if text <= longest => Ok(position),
        Some((longest, _)) => Err(format!("{text} characters, and the longest memo takes {longest}")),
        None => Err("the table has no memo for the text".to_owned()),
    }
}

#[cfg(test)]
mod tests;
