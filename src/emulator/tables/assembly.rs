//! Makes a catalog from the system tables, schemas, and what the data showed.

use super::relationship::{intersect_table, many_to_many, many_to_one};
use super::service_columns::{add_service_columns, file_attachments};
use super::{Catalog, Column, Details, Kind, Lookup, ManyToMany, Ownership, Table, system};
use crate::error::LoadError;
use crate::loader::{Hints, Schema, SchemaColumn, SchemaTable};
use std::collections::BTreeSet;

/// Collects tables until all are known, then ties them together.
pub(crate) struct Assembly {
    tables: Vec<Table>,
    /// (declaring table, intersect table, other table)
    links: Vec<(String, String, String)>,
    hints: Hints,
    notes_described: bool,
    /// What every environment has.
    own: Vec<Details>,
    /// What some environments have.
    known: Vec<Details>,
    /// What this environment is to have.
    given: Vec<Details>,
}

impl Assembly {
    /// Starts with the system tables.
    ///
    /// # Errors
    /// None in practice: a test reads the crate's own details.
    pub(crate) fn new() -> Result<Assembly, LoadError> {
        let mut assembly = Assembly {
            tables: Vec::new(),
            links: Vec::new(),
            hints: Hints::default(),
            notes_described: false,
            own: Vec::new(),
            known: system::known()?,
            given: Vec::new(),
        };
        for details in system::always()? {
            assembly.define(&details)?;
            assembly.own.push(details);
        }
        Ok(assembly)
    }

    /// Adds what a details file says; it has the last word.
    pub(crate) fn add_details(&mut self, details: Details) -> Result<(), LoadError> {
        self.define(&details)?;
        self.given.push(details);
        Ok(())
    }

    fn define(&mut self, details: &Details) -> Result<(), LoadError> {
        details.define(&mut self.tables)?;
        for (intersect, (first, second)) in details.links.iter() {
            self.links.push((first.clone(), intersect.to_owned(), second.clone()));
        }
        Ok(())
    }

    /// Adds the tables of a schema. A table that is known already gains the columns it lacks.
    pub(crate) fn add_schema(&mut self, schema: &Schema) {
        for described in &schema.tables {
            self.add_table(described);
            for link in &described.links {
                self.links.push((described.name.clone(), link.intersect.clone(), link.target.clone()));
            }
        }
    }

    /// Adds what the data showed about the columns.
    pub(crate) fn add_hints(&mut self, hints: Hints) {
        self.hints.merge(hints);
    }

    fn add_table(&mut self, described: &SchemaTable) {
        let position = self.tables.iter().position(|t| t.name == described.name).unwrap_or_else(|| {
            self.tables.push(Table::new(&described.name, &described.display_name));
            self.tables.len() - 1
        });
        self.notes_described |= described.name == "annotation";
        let table = &mut self.tables[position];
        if !described.primary_id.is_empty() {
            table.primary_id.clone_from(&described.primary_id);
        }
        table.is_activity |= table.primary_id == "activityid";
        if table.primary_name.is_none() && !described.primary_name.is_empty() {
            table.primary_name = Some(described.primary_name.clone());
        }
        let primary_id = table.primary_id.clone();
        table.add(&primary_id, &described.display_name, Kind::Id);
        for column in &described.columns {
            let kind = self.hints.kind(&described.name, column);
            add_or_widen(table, column, kind);
        }
        if table.ownership == Ownership::None
            && self.own.iter().all(|own| own.table(&described.name).is_none())
        {
            table.ownership = ownership(described);
        }
    }

    /// Ties everything together.
    ///
    /// # Errors
    /// Details that do not fit the tables.
    pub(crate) fn finish(mut self) -> Result<Catalog, LoadError> {
        for details in &self.known {
            details.complete(&mut self.tables)?;
        }
        self.tables.iter_mut().for_each(add_name);
        self.add_targets();
        self.tables.extend(file_attachments(&self.tables));
        // Service columns point to tables, which have service columns.
        loop {
            self.tables.iter_mut().for_each(add_service_columns);
            if !self.add_named_tables()? {
                break;
            }
        }
        let many_to_many = self.add_intersects();
        self.refine()?;
        let mut many_to_one = many_to_one(&self.tables);
        for details in self.own.iter().chain(&self.known).chain(&self.given) {
            details.name_relationships(&mut many_to_one);
        }
        Ok(Catalog::new(self.tables, many_to_one, many_to_many))
    }

    /// First what the service knows, then what the data showed, then what the environment is to have.
    fn refine(&mut self) -> Result<(), LoadError> {
        for (position, table) in self.tables.iter_mut().enumerate() {
            table.object_type_code = i32::try_from(10_000 + position).unwrap_or_default();
            table.settle_validity();
        }
        for details in &self.known {
            details.refine(&mut self.tables, true)?;
        }
        for details in &self.own {
            details.refine(&mut self.tables, false)?;
        }
        for table in &mut self.tables {
            self.hints.widen(table);
            if table.column("statecode").is_some() {
                table.learn_states(self.hints.states(&table.name));
            }
        }
        for details in &self.given {
            details.refine(&mut self.tables, false)?;
        }
        Ok(())
    }

    /// Lookups gain the targets that the data showed; notes without a description go to every table, and
    /// every activity has parties.
    fn add_targets(&mut self) {
        let everything: Vec<String> =
            self.tables.iter().filter(|t| t.has_notes).map(|t| t.name.clone()).collect();
        let activities: Vec<String> =
            self.tables.iter().filter(|t| t.is_activity).map(|t| t.name.clone()).collect();
        for table in &mut self.tables {
            let name = table.name.clone();
            for column in &mut table.columns {
                let Kind::Lookup(Lookup::Tables(targets)) = &mut column.kind else { continue };
                if name == "annotation" && column.name == "objectid" && !self.notes_described {
                    targets.clone_from(&everything);
                }
                if name == "activityparty" && column.name == "activityid" {
                    let unknown = activities.iter().filter(|a| !targets.contains(a));
                    targets.extend(unknown.cloned().collect::<Vec<_>>());
                }
                for seen in self.hints.targets(&name, &column.name) {
                    if !targets.contains(seen) {
                        targets.push(seen.clone());
                    }
                }
            }
        }
    }

    /// Adds tables that are only pointed to; says whether there were any.
    fn add_named_tables(&mut self) -> Result<bool, LoadError> {
        let pointed_to = self.tables.iter().flat_map(|t| &t.columns).filter_map(Column::lookup);
        let mut named: BTreeSet<String> = pointed_to
            .flat_map(|lookup| lookup.targets().into_iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        named.extend(self.links.iter().flat_map(|(declaring, _, other)| [declaring.clone(), other.clone()]));
        named.retain(|name| self.tables.iter().all(|t| t.name != *name));
        for name in &named {
            self.tables.push(system::when_named(name, &self.known)?);
        }
        Ok(!named.is_empty())
    }

    fn add_intersects(&mut self) -> Vec<ManyToMany> {
        let mut relationships: Vec<ManyToMany> = Vec::new();
        for (declaring, intersect, other) in std::mem::take(&mut self.links) {
            if relationships.iter().any(|r| r.intersect == intersect) {
                continue;
            }
            let relationship = many_to_many(&self.tables, &declaring, &intersect, &other);
            self.tables.retain(|t| t.name != intersect);
            self.tables.push(intersect_table(&relationship));
            relationships.push(relationship);
        }
        relationships
    }
}

/// A schema may leave the column of the name out; a table never does.
fn add_name(table: &mut Table) {
    if let Some(name) = table.primary_name.clone() {
        table.add(&name, "Name", Kind::Text { max_length: 4000, memo: false });
    }
}

/// A schema's column joins the table; where a system column is known already, that stays.
fn add_or_widen(table: &mut Table, column: &SchemaColumn, kind: Kind) {
    match table.position(&column.name) {
        None => table.add(&column.name, &column.display_name, kind),
        Some(position) => {
            let known = &mut table.columns[position];
            known.display_name.clone_from(&column.display_name);
            if let (Kind::Lookup(Lookup::Tables(known)), Kind::Lookup(described)) = (&mut known.kind, &kind) {
                for target in described.targets() {
                    if !known.iter().any(|k| k == target) {
                        known.push(target.to_owned());
                    }
                }
            }
        }
    }
}

/// Owned by users unless the schema shows an organization, or it is a portal table.
fn ownership(described: &SchemaTable) -> Ownership {
    let has = |name: &str| described.columns.iter().any(|c| c.name == name);
    let by_user = has("ownerid") || has("owninguser");
    let by_organization = has("organizationid") || described.name.starts_with("adx_");
    if by_organization && !by_user { Ownership::Organization } else { Ownership::User }
}
