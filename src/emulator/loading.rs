//! Rows that were there before the first request: system rows, a package's records, and what they point to.

use crate::environment::Environment;
use crate::error::LoadError;
use crate::loader::{DataField, DataLink, DataRecord, Package};
use crate::rows::Row;
use crate::tables::{Column, Kind, OptionValue, Ownership};
use crate::values::{Cell, Fixed};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

impl Environment {
    /// Adds a row past all rules, with what a row is never without.
    pub(crate) fn add_row(&mut self, table: &str, id: Uuid, cells: &[(&str, Cell)]) {
        let Some(table) = self.catalog.position(table) else { return };
        let mut row = self.blank_row(table, id);
        for (column, cell) in cells {
            self.set(table, &mut row, column, cell.clone());
        }
        self.complete(table, &mut row);
        self.store.put(table, row);
    }

    /// Fills in what a row is never without and the source did not say.
    fn complete(&self, table: usize, row: &mut Row) {
        let described = &self.catalog.tables[table];
        let now = Cell::Instant(self.now());
        let mut wanted = vec![("createdon", now.clone()), ("modifiedon", now)];
        // Recorded: nobody made the organization and its root business unit, nor has anybody changed the latter.
        let root =
            described.name == "businessunit" && self.cell(table, row, "parentbusinessunitid").is_empty();
        if !root {
            wanted.push(("modifiedby", self.caller()));
        }
        if !root && described.name != "organization" {
            wanted.push(("createdby", self.caller()));
        }
        if described.ownership == Ownership::User {
            wanted.push(("ownerid", self.caller()));
            wanted.push(("owninguser", self.caller()));
        }
        let state = self.cell(table, row, "statecode").integer();
        let state = state.or(described.default_state().map(|s| i64::from(s.value)));
        if let Some(state) = state {
            wanted.push(("statecode", Cell::Integer(state)));
            let status = described.default_status(state).map_or(Cell::Empty, |s| Cell::Integer(i64::from(s)));
            wanted.push(("statuscode", status));
        }
        let has_amount =
            |(column, cell): (&Column, &Cell)| matches!(column.kind, Kind::Money { .. }) && !cell.is_empty();
        if described.columns.iter().zip(&row.cells).any(has_amount) {
            let (table, id) = ("transactioncurrency".to_owned(), self.identity.base_currency);
            wanted.push(("transactioncurrencyid", Cell::Lookup { table, id }));
        }
        for (column, cell) in wanted {
            if self.cell(table, row, column).is_empty() {
                self.set(table, row, column, cell);
            }
        }
        if self.cell(table, row, "fullname").is_empty() {
            self.derive_names(table, row);
        }
    }

    /// Makes rows and links of a package's records.
    pub(crate) fn load(&mut self, package: &Package) -> Result<(), LoadError> {
        for data in &package.data.tables {
            let table =
                self.catalog.position(&data.name).ok_or_else(|| LoadError::Table(data.name.clone()))?;
            for record in &data.records {
                let mut row = self.loaded_row(package, &data.name, table, record)?;
                self.load_files(package, table, record, &mut row);
                self.store.put(table, row);
                self.load_parties(package, table, record)?;
            }
        }
        for table in &package.data.tables {
            for link in &table.links {
                self.load_links(&table.name, link);
            }
        }
        Ok(())
    }

    /// Parties are rows of their own.
    fn load_parties(
        &mut self,
        package: &Package,
        activities: usize,
        record: &DataRecord,
    ) -> Result<(), LoadError> {
        let Some(parties) = self.catalog.position("activityparty") else { return Ok(()) };
        let activity = self.catalog.tables[activities].name.clone();
        for party in record.fields.iter().flat_map(|field| &field.parties) {
            let mut row = self.loaded_row(package, "activityparty", parties, party)?;
            let activity = Cell::Lookup { table: activity.clone(), id: record.id };
            self.set(parties, &mut row, "activityid", activity);
            self.store.put(parties, row);
        }
        Ok(())
    }

    fn loaded_row(
        &self,
        package: &Package,
        name: &str,
        table: usize,
        record: &DataRecord,
    ) -> Result<Row, LoadError> {
        // A package may tell of a row in two places, of other columns each time.
        let known = self.store.get(table, record.id).cloned();
        let mut row = known.unwrap_or_else(|| self.blank_row(table, record.id));
        for field in &record.fields {
            let Some(position) = self.catalog.tables[table].position(&field.column) else { continue };
            let column = &self.catalog.tables[table].columns[position];
            if column.name != self.catalog.tables[table].primary_id {
                let cell = package.cell(name, record, column, field)?;
                if let Some(reason) = misfit(column, &cell) {
                    let (table, column) = (name.to_owned(), field.column.clone());
                    return Err(LoadError::Value { table, record: record.id.to_string(), column, reason });
                }
                row.cells[position] = cell;
            }
        }
        self.complete(table, &mut row);
        Ok(row)
    }

    /// Brings the files that the package holds; a column whose file it does not hold stays empty.
    fn load_files(&mut self, package: &Package, table: usize, record: &DataRecord, row: &mut Row) {
        for field in &record.fields {
            let position = self.catalog.tables[table].position(&field.column);
            let is_file = |position: &usize| self.catalog.tables[table].columns[*position].kind == Kind::File;
            let Some(position) = position.filter(is_file) else { continue };
            match row.cells[position].id().and_then(|id| package.files.get(&id)) {
                Some(bytes) => {
                    let name = field.file_name.as_deref().unwrap_or_default();
                    self.attach_loaded(table, row, position, name, bytes.clone());
                }
                None => row.cells[position] = Cell::Empty,
            }
        }
    }

    fn load_links(&mut self, declaring: &str, link: &DataLink) {
        let Some(relationship) = self.relationship(&link.intersect).cloned() else { return };
        let Some(intersect) = self.catalog.position(&relationship.intersect) else { return };
        for target in &link.targets {
            let from_first = relationship.first.table == declaring;
            let pair = if from_first { (link.source, *target) } else { (*target, link.source) };
            if self.store.link(intersect, pair.0, pair.1).is_none() {
                self.add_link(intersect, pair);
            }
        }
    }

    /// Rows without a name take the one that lookups to them tell: a schema may leave the column of the name out.
    pub(crate) fn take_names(&mut self, package: &Package) {
        let records = package.data.tables.iter().flat_map(|table| &table.records);
        for field in records.flat_map(|record| &record.fields).flat_map(with_parties) {
            let (Some(target), Some(name)) = (&field.target, &field.target_name) else { continue };
            let (Some(table), Ok(id)) = (self.catalog.position(target), Uuid::try_parse(&field.text)) else {
                continue;
            };
            let Some(column) = self.name_column(table) else { continue };
            if let Some(mut row) = self.store.get(table, id).cloned()
                && self.cell(table, &row, &column).is_empty()
            {
                self.set(table, &mut row, &column, Cell::text(name));
                self.store.put(table, row);
            }
        }
    }

    /// The column of the name, where it is a text.
    fn name_column(&self, table: usize) -> Option<String> {
        let described = &self.catalog.tables[table];
        let column = described.column(described.primary_name.as_deref()?)?;
        matches!(column.kind, Kind::Text { .. }).then(|| column.name.clone())
    }

    /// Adds the rows that a package points to and nobody holds.
    pub(crate) fn add_stubs(&mut self, package: &Package) {
        let mut held: BTreeMap<&str, HashSet<Uuid>> = BTreeMap::new();
        for table in &package.data.tables {
            held.entry(&table.name).or_default().extend(table.records.iter().map(|r| r.id));
        }
        let is_held = |table: &str, id: Uuid| held.get(table).is_some_and(|ids| ids.contains(&id));
        let mut missing: BTreeMap<(String, Uuid), Option<String>> = BTreeMap::new();
        for table in &package.data.tables {
            for field in table.records.iter().flat_map(|r| &r.fields).flat_map(with_parties) {
                let Some((target, id)) = field.target.as_ref().zip(Uuid::try_parse(&field.text).ok()) else {
                    continue;
                };
                if !is_held(target, id) {
                    missing.entry((target.clone(), id)).or_insert_with(|| field.target_name.clone());
                }
            }
            for link in &table.links {
                for target in link.targets.iter().filter(|id| !is_held(&link.target_table, **id)) {
                    missing.entry((link.target_table.clone(), *target)).or_insert(None);
                }
            }
        }
        for ((table, id), name) in missing {
            self.add_stub(&table, id, name.as_deref());
        }
    }

    fn add_stub(&mut self, table: &str, id: Uuid, name: Option<&str>) {
        let unit = Cell::Lookup { table: "businessunit".to_owned(), id: self.identity.business_unit };
        let Some(position) = self.catalog.position(table) else { return };
        // There is one organization, and a row that exists stays.
        if table == "organization" || self.store.get(position, id).is_some() {
            return;
        }
        let mut cells = Vec::new();
        let name_column = self.name_column(position);
        if let Some((column, name)) = name_column.as_deref().zip(name) {
            if column == "fullname" {
                // The service makes it of these.
                let (first, last) = name.split_once(' ').unwrap_or(("", name));
                cells.extend([("firstname", Cell::text(first)), ("lastname", Cell::text(last))]);
            }
            cells.push((column, Cell::text(name)));
        }
        // ISO codes must differ; no real one is touched.
        let code = format!("X{:04}", self.store.count(position));
        match table {
            "businessunit" => cells.push(("parentbusinessunitid", unit)),
            "systemuser" | "team" | "role" => cells.push(("businessunitid", unit)),
            "transactioncurrency" => {
                cells.push(("isocurrencycode", Cell::Text(code)));
                cells.push(("exchangerate", Fixed::ONE.rescale(12).map_or(Cell::Empty, Cell::Fixed)));
            }
            _ => {}
        }
        self.add_row(table, id, &cells);
    }
}

/// Why the column cannot hold the value, where details made it narrower than the data.
fn misfit(column: &Column, cell: &Cell) -> Option<String> {
    let lacks = |options: &[OptionValue], value: i64| options.iter().all(|o| i64::from(o.value) != value);
    match (&column.kind, cell) {
        (Kind::Text { max_length, .. }, Cell::Text(text)) => {
            let length = text.encode_utf16().count();
            let fits = u32::try_from(length).is_ok_and(|length| length <= *max_length);
            (!fits).then(|| format!("{length} characters, and it takes {max_length}"))
        }
        (Kind::Choice { options: Some(options) }, Cell::Integer(value)) if lacks(options, *value) => {
            Some(format!("it has no option {value}"))
        }
        (Kind::Choices { options: Some(options) }, Cell::Choices(values)) => {
            let missing = values.iter().find(|value| lacks(options, i64::from(**value)))?;
            Some(format!("it has no option {missing}"))
        }
        _ => None,
    }
}

/// The field itself and the fields of its parties.
fn with_parties(field: &DataField) -> Vec<&DataField> {
    let parties = field.parties.iter().flat_map(|party| &party.fields);
    std::iter::once(field).chain(parties).collect()
}
