//! What the details say about tables and columns that are there.

use super::define::{option_values, place};
use super::named::Named;
use super::shape::StateDetails;
use super::{ColumnDetails, ColumnType, Details, TableDetails};
use crate::error::LoadError;
use crate::tables::{AlternateKey, Column, Kind, Lookup, ManyToOne, State, Status, Table};
use crate::values::Fixed;

/// What a text column takes that is no memo. Source: Microsoft's page on column data types.
const LONGEST_LINE: u32 = 4000;

impl Details {
    /// Makes the tables what the details say. Knowledge about tables that only some environments have is `lenient`:
    /// what is not there is passed over. Else it is an error.
    pub(crate) fn refine(&self, tables: &mut [Table], lenient: bool) -> Result<(), LoadError> {
        for (name, details) in self.tables.iter() {
            match tables.iter_mut().find(|t| t.name == name) {
                Some(table) => details.refine(table, lenient)?,
                None if lenient => {}
                None => return Err(LoadError::NoTable(name.to_owned())),
            }
        }
        Ok(())
    }

    /// Gives relationships the names that the details know.
    pub(crate) fn name_relationships(&self, relationships: &mut [ManyToOne]) {
        for (table, details) in self.tables.iter() {
            for (column, details) in details.columns.iter() {
                for (target, details) in details.targets.iter().flat_map(Named::iter) {
                    let is_meant =
                        |r: &&mut ManyToOne| r.table == table && r.column == column && r.target == target;
                    let Some(relationship) = relationships.iter_mut().find(is_meant) else { continue };
                    details.name(relationship);
                }
            }
        }
    }
}

impl super::TargetDetails {
    fn name(&self, relationship: &mut ManyToOne) {
        let relationship_name = self.relationship.clone().or_else(|| self.collection.clone());
        for (given, name) in [
            (&self.navigation, &mut relationship.navigation),
            (&self.collection, &mut relationship.collection),
            (&relationship_name, &mut relationship.schema_name),
        ] {
            if let Some(given) = given {
                name.clone_from(given);
            }
        }
        relationship.on_delete = self.on_delete.unwrap_or(relationship.on_delete);
    }
}

impl TableDetails {
    fn refine(&self, table: &mut Table, lenient: bool) -> Result<(), LoadError> {
        self.define_known(table, lenient)?;
        for (name, details) in self.columns.iter() {
            let place = place(table, name);
            match table.position(name) {
                // A package may know the column as another type than the service's own solution has.
                Some(position) => match details.refine(&mut table.columns[position], &place) {
                    Err(error) if !lenient => return Err(error),
                    _ => {}
                },
                None if lenient => {}
                None => {
                    let reason = format!("{place} is not there, and no type is given to make it");
                    return Err(LoadError::Details(reason));
                }
            }
        }
        for (schema_name, columns) in self.keys.iter() {
            let key = AlternateKey { schema_name: schema_name.to_owned(), columns: columns.clone() };
            if !lenient || key.columns.iter().all(|column| table.column(column).is_some()) {
                table.add_key(key)?;
            }
        }
        self.set_states(table)
    }

    /// What is known about a table says nothing about what it has.
    fn define_known(&self, table: &mut Table, lenient: bool) -> Result<(), LoadError> {
        if let Some(code) = self.object_type_code {
            table.object_type_code = code;
        }
        if lenient {
            table.has_notes = self.notes.unwrap_or(table.has_notes);
            return Ok(());
        }
        self.define(table)
    }

    fn set_states(&self, table: &mut Table) -> Result<(), LoadError> {
        if self.states.is_empty() {
            return Ok(());
        }
        (table.states, table.statuses) = (Vec::new(), Vec::new());
        for state in &self.states {
            state.add_to(table)?;
        }
        table.statuses_known = true;
        Ok(())
    }
}

impl StateDetails {
    fn add_to(&self, table: &mut Table) -> Result<(), LoadError> {
        let statuses = option_values(&self.statuses, &place(table, "statuscode"))?;
        let Some(first) = statuses.first() else {
            let reason = format!("{}: the state {} has no status", table.name, self.value);
            return Err(LoadError::Details(reason));
        };
        let (value, label, default_status) = (self.value, self.label.clone(), first.value);
        table.states.push(State { value, label, default_status });
        let known = |status: crate::tables::OptionValue| Status {
            value: status.value,
            state: Some(self.value),
            label: status.label,
        };
        table.statuses.extend(statuses.into_iter().map(known));
        Ok(())
    }
}

impl ColumnDetails {
    fn refine(&self, column: &mut Column, place: &str) -> Result<(), LoadError> {
        let misfit = |what: &str| LoadError::Details(format!("{place} has no {what}"));
        if self.kind.is_some_and(|kind| !kind.fits(&column.kind)) {
            return Err(LoadError::Details(format!("{place} has another type")));
        }
        // A schema has one word for both kinds of text.
        if let (Some(kind), Kind::Text { memo, .. }) = (self.kind, &mut column.kind) {
            *memo = kind == ColumnType::Memo;
        }
        if let Some(label) = &self.label {
            column.display_name.clone_from(label);
        }
        if let Some(length) = self.max_length {
            let Kind::Text { max_length, memo } = &mut column.kind else {
                return Err(misfit("maxLength"));
            };
            *max_length = length;
            *memo |= length > LONGEST_LINE;
        }
        if let Some(precision) = self.precision {
            let (Kind::Decimal { digits } | Kind::Money { digits }) = &mut column.kind else {
                return Err(misfit("precision"));
            };
            *digits = precision;
        }
        if let Some(given) = &self.options {
            let (Kind::Choice { options } | Kind::Choices { options }) = &mut column.kind else {
                return Err(misfit("options"));
            };
            *options = Some(option_values(given, place)?);
        }
        if let Some(given) = self.behavior {
            let Kind::DateTime(behavior) = &mut column.kind else { return Err(misfit("behavior")) };
            *behavior = given;
        }
        self.refine_targets(column, place)?;
        self.refine_range(column, place)?;
        self.refine_use(column, place)
    }

    /// Targets are added, none is taken away.
    fn refine_targets(&self, column: &mut Column, place: &str) -> Result<(), LoadError> {
        let Some(given) = &self.targets else { return Ok(()) };
        let Kind::Lookup(lookup) = &mut column.kind else {
            return Err(LoadError::Details(format!("{place} has no targets")));
        };
        let Lookup::Tables(targets) = lookup else { return Ok(()) };
        for (target, _) in given.iter() {
            if !targets.iter().any(|known| known == target) {
                targets.push(target.to_owned());
            }
        }
        Ok(())
    }

    fn refine_range(&self, column: &mut Column, place: &str) -> Result<(), LoadError> {
        if self.minimum.is_none() && self.maximum.is_none() {
            return Ok(());
        }
        let (least, most) = column
            .kind
            .limits()
            .ok_or_else(|| LoadError::Details(format!("{place} has no minimum and no maximum")))?;
        let number = |given: &Option<serde_json::Number>, usual: Fixed| match given {
            None => Ok(usual),
            Some(number) => Fixed::parse(&number.to_string())
                .ok_or_else(|| LoadError::Details(format!("{place}: {number} is too large"))),
        };
        column.range = Some((number(&self.minimum, least)?, number(&self.maximum, most)?));
        Ok(())
    }

    /// Required level, size and what may be written.
    fn refine_use(&self, column: &mut Column, place: &str) -> Result<(), LoadError> {
        column.required = self.required.unwrap_or(column.required);
        if self.max_size_kb.is_some() {
            if !matches!(column.kind, Kind::File | Kind::Image) {
                return Err(LoadError::Details(format!("{place} has no maxSizeInKB")));
            }
            column.max_size_kb = self.max_size_kb;
        }
        if let Some(full) = self.can_store_full_image {
            if column.kind != Kind::Image {
                return Err(LoadError::Details(format!("{place} has no canStoreFullImage")));
            }
            column.stores_full_image = full;
        }
        column.creatable = self.create.unwrap_or(column.creatable);
        column.updatable = self.update.unwrap_or(column.updatable);
        column.is_secured |= self.secured.is_some();
        Ok(())
    }
}

impl ColumnType {
    fn fits(self, kind: &Kind) -> bool {
        match kind {
            Kind::Text { .. } => matches!(self, ColumnType::Text | ColumnType::Memo),
            Kind::Integer => self == ColumnType::Integer,
            Kind::BigInt => self == ColumnType::BigInt,
            Kind::Decimal { .. } => self == ColumnType::Decimal,
            Kind::Money { .. } => self == ColumnType::Money,
            Kind::Double => self == ColumnType::Double,
            Kind::Boolean => self == ColumnType::Boolean,
            Kind::DateTime(_) => self == ColumnType::DateTime,
            Kind::Choice { .. } => self == ColumnType::Choice,
            Kind::Choices { .. } => self == ColumnType::Choices,
            Kind::State => self == ColumnType::State,
            Kind::Status => self == ColumnType::Status,
            Kind::Id => self == ColumnType::Id,
            Kind::Lookup(Lookup::Tables(_)) => self == ColumnType::Lookup,
            Kind::Lookup(Lookup::Customer) => self == ColumnType::Customer,
            Kind::Lookup(Lookup::Owner) => self == ColumnType::Owner,
            Kind::PartyList => self == ColumnType::PartyList,
            Kind::Image => self == ColumnType::Image,
            Kind::File => self == ColumnType::File,
            Kind::EntityName => self == ColumnType::EntityName,
            Kind::ManagedProperty => self == ColumnType::ManagedProperty,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Environment, Kind, LoadError};

    /// A text of a schema without data: nothing tells how long it may be.
    const SCHEMA: &[u8] = br#"<entities><entity name="contoso_permit" displayname="Permit" primaryidfield="contoso_permitid"
        primarynamefield="contoso_name"><fields><field displayname="Name" name="contoso_name" type="string" /></fields>
        </entity></entities>"#;

    fn with(details: &str) -> Result<Environment, LoadError> {
        let details = format!("{{\"tables\":{{\"contoso_permit\":{{\"columns\":{details}}}}}}}");
        Environment::builder("details").tables_xml(SCHEMA).details(details.as_bytes()).build()
    }

    #[test]
    fn details_tell_a_line_of_text_from_a_memo() {
        for (kind, memo) in [("text", false), ("memo", true)] {
            let details = format!("{{\"contoso_name\":{{\"type\":\"{kind}\",\"maxLength\":100}}}}");
            let environment = with(&details).unwrap();
            let column = environment.table("contoso_permit").unwrap().column("contoso_name").unwrap();
            assert_eq!(column.kind, Kind::Text { max_length: 100, memo }, "{kind}");
        }
    }

    #[test]
    fn a_column_keeps_its_type_and_has_no_details_of_another() {
        for details in [
            "{\"contoso_name\":{\"type\":\"integer\"}}",
            "{\"contoso_name\":{\"precision\":2}}",
            "{\"nothing\":{}}",
        ] {
            assert!(matches!(with(details), Err(LoadError::Details(_))), "{details}");
        }
    }
}
