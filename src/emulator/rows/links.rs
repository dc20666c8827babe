//! Associate and disassociate.

use super::body::{Changes, Purpose};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::{ManyToMany, Navigation};
use crate::values::Cell;
use serde_json::{Map, Value};
use uuid::Uuid;

impl Environment {
    /// `POST set(id)/navigation/$ref`: links a row to another.
    pub(crate) fn associate(
        &mut self,
        table: usize,
        id: Uuid,
        navigation: &str,
        target: (usize, Uuid),
    ) -> Result<(), Refusal> {
        self.existing(table, id)?;
        let name = self.catalog.tables[table].name.clone();
        let target_name = self.catalog.tables[target.0].name.clone();
        match self.catalog.navigation(&name, navigation) {
            Some(Navigation::Links { relationship, here, there }) if there.table == target_name => {
                let first_here = *here == relationship.first;
                let relationship = relationship.clone();
                self.existing(target.0, target.1)?;
                let pair = if first_here { (id, target.1) } else { (target.1, id) };
                self.link(&relationship, pair)
            }
            Some(Navigation::Children(relationship)) if relationship.table == target_name => {
                let bind = relationship.navigation.clone();
                self.existing(target.0, target.1)?;
                self.bind(target.0, target.1, &bind, Some((table, id)))
            }
            Some(Navigation::Single(_)) => self.bind(table, id, navigation, Some(target)),
            Some(_) => Err(Refusal::odata(format!(
                "The reference to a row of '{target_name}' does not fit the navigation property '{navigation}'."
            ))),
            None => Err(Refusal::no_resource(navigation)),
        }
    }

    /// `DELETE set(id)/navigation(target)/$ref` or `DELETE set(id)/navigation/$ref`.
    pub(crate) fn disassociate(
        &mut self,
        table: usize,
        id: Uuid,
        navigation: &str,
        target: Option<Uuid>,
    ) -> Result<(), Refusal> {
        self.existing(table, id)?;
        let name = self.catalog.tables[table].name.clone();
        let needed = || Refusal::odata("The row to disassociate is not named.");
        match self.catalog.navigation(&name, navigation) {
            Some(Navigation::Links { relationship, here, there }) => {
                let target = target.ok_or_else(needed)?;
                let pair = if *here == relationship.first { (id, target) } else { (target, id) };
                let there = there.table.clone();
                let intersect = self.catalog.position(&relationship.intersect).unwrap_or_default();
                let link = self.store.link(intersect, pair.0, pair.1);
                let link = link.ok_or_else(|| Refusal::no_row(&there, target))?;
                self.store.remove(intersect, link);
                Ok(())
            }
            Some(Navigation::Children(relationship)) => {
                let (child, bind) = (relationship.table.clone(), relationship.navigation.clone());
                let target = target.ok_or_else(needed)?;
                let table = self.catalog.position(&child).unwrap_or_default();
                self.bind(table, target, &bind, None)
            }
            Some(Navigation::Single(_)) => self.bind(table, id, navigation, None),
            None => Err(Refusal::no_resource(navigation)),
        }
    }

    fn link(&mut self, relationship: &ManyToMany, pair: (Uuid, Uuid)) -> Result<(), Refusal> {
        let Some(intersect) = self.catalog.position(&relationship.intersect) else {
            return Err(Refusal::no_resource(&relationship.schema_name));
        };
        if self.store.link(intersect, pair.0, pair.1).is_some() {
            return Err(Refusal::duplicate_key());
        }
        self.add_link(intersect, relationship, pair);
        Ok(())
    }

    /// Adds a pair that is not there yet.
    pub(crate) fn add_link(&mut self, intersect: usize, relationship: &ManyToMany, pair: (Uuid, Uuid)) {
        let id = self.random.id();
        let mut row = self.blank_row(intersect, id);
        self.set(intersect, &mut row, &relationship.first.column, Cell::Id(pair.0));
        self.set(intersect, &mut row, &relationship.second.column, Cell::Id(pair.1));
        self.store.put(intersect, row);
    }

    /// Sets or clears a single-valued navigation property.
    fn bind(
        &mut self,
        table: usize,
        id: Uuid,
        navigation: &str,
        target: Option<(usize, Uuid)>,
    ) -> Result<(), Refusal> {
        let reference = target.map_or(Value::Null, |(target, id)| {
            Value::String(format!("/{}({id})", self.catalog.tables[target].entity_set))
        });
        let body = Map::from_iter([(format!("{navigation}@odata.bind"), reference)]);
        let changes: Changes = self.read_object(table, &body, Purpose::Update)?;
        self.update(table, id, &changes)
    }

    /// Refuses where there is no such row.
    pub(crate) fn existing(&self, table: usize, id: Uuid) -> Result<(), Refusal> {
        match self.store.get(table, id) {
            Some(_) => Ok(()),
            None => Err(Refusal::no_row(&self.catalog.tables[table].name, id)),
        }
    }
}
