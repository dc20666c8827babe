//! Tables and columns that are there because the details say so.

use super::named::Named;
use super::{ColumnDetails, ColumnType, Details, TableDetails};
use crate::error::LoadError;
use crate::tables::{DateBehavior, Kind, Lookup, OptionValue, Table};

impl Details {
    /// Adds the tables and columns that are not there yet.
    pub(crate) fn define(&self, tables: &mut Vec<Table>) -> Result<(), LoadError> {
        for (name, details) in self.tables.iter() {
            let position = tables.iter().position(|t| t.name == name).unwrap_or_else(|| {
                tables.push(Table::new(name, details.label.as_deref().unwrap_or(name)));
                tables.len() - 1
            });
            details.define(&mut tables[position])?;
        }
        Ok(())
    }
}

impl Details {
    /// Adds the columns that tables lack which are there: a standard table is never without its standard columns.
    pub(crate) fn complete(&self, tables: &mut [Table]) -> Result<(), LoadError> {
        for table in tables {
            if let Some(details) = self.table(&table.name) {
                details.define(table)?;
            }
        }
        Ok(())
    }
}

impl TableDetails {
    /// What a table is, and the columns that come with a type.
    pub(crate) fn define(&self, table: &mut Table) -> Result<(), LoadError> {
        if let Some(primary_id) = &self.primary_id {
            table.primary_id.clone_from(primary_id);
        }
        if let Some(collection) = &self.collection {
            table.entity_set.clone_from(collection);
        }
        table.ownership = self.ownership.unwrap_or(table.ownership);
        table.is_stateless = self.stateless.unwrap_or(table.is_stateless);
        table.has_notes = self.notes.unwrap_or(table.has_notes);
        table.primary_name = self.primary_name.clone().or_else(|| table.primary_name.take());
        let (primary_id, label) = (table.primary_id.clone(), table.display_name.clone());
        table.add(&primary_id, &label, Kind::Id);
        for (name, column) in self.columns.iter() {
            if let Some(kind) = column.kind {
                let kind = column.kind(kind, &place(table, name))?;
                table.add(name, column.label.as_deref().unwrap_or(name), kind);
            }
        }
        Ok(())
    }
}

impl ColumnDetails {
    fn kind(&self, kind: ColumnType, place: &str) -> Result<Kind, LoadError> {
        let options = || self.options.as_ref().map(|options| option_values(options, place)).transpose();
        Ok(match kind {
            ColumnType::Text => Kind::Text { max_length: self.max_length.unwrap_or(100), memo: false },
            ColumnType::Memo => Kind::Text { max_length: self.max_length.unwrap_or(2000), memo: true },
            ColumnType::Integer => Kind::Integer,
            ColumnType::BigInt => Kind::BigInt,
            ColumnType::Decimal => Kind::Decimal { digits: self.precision.unwrap_or(2) },
            ColumnType::Money => Kind::Money { digits: self.precision.unwrap_or(4) },
            ColumnType::Double => Kind::Double,
            ColumnType::Boolean => Kind::Boolean,
            ColumnType::DateTime => Kind::DateTime(self.behavior.unwrap_or(DateBehavior::UserLocal)),
            ColumnType::Choice => Kind::Choice { options: options()? },
            ColumnType::Choices => Kind::Choices { options: options()? },
            ColumnType::State => Kind::State,
            ColumnType::Status => Kind::Status,
            ColumnType::Id => Kind::Id,
            ColumnType::Lookup => Kind::Lookup(Lookup::Tables(self.target_names())),
            ColumnType::Customer => Kind::Lookup(Lookup::Customer),
            ColumnType::Owner => Kind::Lookup(Lookup::Owner),
            ColumnType::PartyList => Kind::PartyList,
            ColumnType::Image => Kind::Image,
            ColumnType::File => Kind::File,
            ColumnType::EntityName => Kind::EntityName,
            ColumnType::ManagedProperty => Kind::ManagedProperty,
        })
    }

    fn target_names(&self) -> Vec<String> {
        self.targets.iter().flat_map(Named::iter).map(|(target, _)| target.to_owned()).collect()
    }
}

/// Labels by value, as a column or a state has them.
pub(super) fn option_values(options: &Named<String>, place: &str) -> Result<Vec<OptionValue>, LoadError> {
    let read = |(value, label): (&str, &String)| match value.parse() {
        Ok(value) => Ok(OptionValue { value, label: label.clone() }),
        Err(_) => Err(LoadError::Details(format!("{place}: the value `{value}` is no whole number"))),
    };
    options.iter().map(read).collect()
}

/// `table.column`
pub(super) fn place(table: &Table, column: &str) -> String {
    format!("{}.{column}", table.name)
}
