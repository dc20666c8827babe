//! The JSON body of a create or an update.

use super::each_once::EachOnce;
use super::nested::Nested;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::{Kind, Lookup, Navigation, Table};
use crate::values::{Cell, from_json};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What a body is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Create,
    Update,
}

/// What a body asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// The primary key, where it stands in the body.
    pub(crate) id: Option<Uuid>,
    /// Column positions and their new values.
    pub(crate) cells: Vec<(usize, Cell)>,
    /// Parties of an activity.
    pub(crate) parties: Option<Vec<Changes>>,
    /// Rows made or linked with it: a deep insert.
    pub(crate) nested: Vec<Nested>,
    /// A message that closes the row sets its state.
    pub(crate) closes: bool,
}

impl Changes {
    /// The new value of a column, if there is one.
    pub(crate) fn get(&self, position: usize) -> Option<&Cell> {
        self.cells.iter().rev().find(|(p, _)| *p == position).map(|(_, cell)| cell)
    }
}

impl Environment {
    /// Reads the bytes of a body for a table.
    pub(crate) fn read_body(&self, table: usize, body: &[u8], purpose: Purpose) -> Result<Changes, Refusal> {
        self.read_object(table, &self.body_object(table, body)?, purpose)
    }

    /// The JSON object of a body.
    pub(crate) fn body_object(&self, table: usize, body: &[u8]) -> Result<Map<String, Value>, Refusal> {
        let set = &self.catalog.tables[table].entity_set;
        let object: Value = serde_json::from_slice(body).map_err(|error| {
            Refusal::payload(
                set,
                &format!("Microsoft.OData.ODataException: The body is no JSON object: {error}"),
            )
        })?;
        if let Err(twice) = serde_json::from_slice::<EachOnce>(body) {
            return Err(Refusal::payload(set, &format!("Microsoft.OData.ODataException: {twice}")));
        }
        match object {
            Value::Object(object) => Ok(object),
            _ => Err(Refusal::payload(set, "Microsoft.OData.ODataException: The body is no JSON object.")),
        }
    }

    /// Reads an object for a table.
    pub(crate) fn read_object(
        &self,
        table: usize,
        object: &Map<String, Value>,
        purpose: Purpose,
    ) -> Result<Changes, Refusal> {
        self.check_type(table, object)?;
        let mut changes = Changes::default();
        for (name, value) in object {
            if let Some(navigation) = name.strip_suffix("@odata.bind") {
                self.read_bind(&mut changes, table, navigation, value, purpose)?;
            } else if let Some((property, _)) = name.split_once('@') {
                self.check_annotated(table, property)?;
            } else {
                self.read_property(&mut changes, table, name, value, purpose)?;
            }
        }
        if purpose == Purpose::Update && !changes.nested.is_empty() {
            return Err(Refusal::deep_update());
        }
        Ok(changes)
    }

    /// `@odata.type`, where a row tells it, is its table's.
    fn check_type(&self, table: usize, object: &Map<String, Value>) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        let expected = format!("Microsoft.Dynamics.CRM.{}", described.name);
        let told = object.get("@odata.type").and_then(Value::as_str).map(|told| told.trim_start_matches('#'));
        match told.filter(|told| *told != expected) {
            None => Ok(()),
            Some(told) => Err(Refusal::payload(
                &described.entity_set,
                &format!(
                    "Microsoft.OData.ODataException: A resource with type '{told}' was found, but it is not assignable \
                     to the expected type '{expected}'."
                ),
            )),
        }
    }

    /// Annotations say something about what the table has, or about the row itself.
    fn check_annotated(&self, table: usize, property: &str) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        let is_known = property.is_empty()
            || described.position_of_property(property).is_some()
            || self.catalog.navigation(table, property).is_some();
        if is_known { Ok(()) } else { Err(Refusal::undeclared_navigation(&described.entity_set, property)) }
    }

    fn read_property(
        &self,
        changes: &mut Changes,
        table: usize,
        name: &str,
        value: &Value,
        purpose: Purpose,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        if let Some(position) = described.position_of_property(name) {
            let column = &described.columns[position];
            if column.lookup().is_some() {
                return Err(Refusal::payload(
                    &described.entity_set,
                    "Microsoft.Crm.CrmException: CRM do not support direct update of Entity Reference properties, \
                     Use Navigation properties instead.",
                ));
            }
            let cell = from_json(described, column, value)?;
            return self.add(changes, table, position, cell, purpose);
        }
        if name == format!("{}_activity_parties", described.name) && described.is_activity {
            changes.parties = Some(self.read_parties(value)?);
            return Ok(());
        }
        match self.catalog.navigation(table, name) {
            Some(Navigation::Single { column, .. }) if value.is_null() => {
                self.add(changes, table, column, Cell::Empty, purpose)
            }
            Some(navigation) => {
                changes.nested.push(self.read_nested(navigation, value)?);
                Ok(())
            }
            None => Err(Refusal::invalid_property(name, &described.name)),
        }
    }

    /// Adds a value after asking whether the column may be written.
    pub(super) fn add(
        &self,
        changes: &mut Changes,
        table: usize,
        position: usize,
        cell: Cell,
        purpose: Purpose,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        let column = &described.columns[position];
        if column.name == described.primary_id && !described.is_intersect {
            changes.id = cell.id();
            return Ok(());
        }
        let allowed = if purpose == Purpose::Create { column.creatable } else { column.updatable };
        if !allowed {
            return Err(read_only(described, &column.name, purpose));
        }
        changes.cells.push((position, cell));
        Ok(())
    }

    /// `"nav@odata.bind": "/set(id)"`, or a list of such for a collection.
    fn read_bind(
        &self,
        changes: &mut Changes,
        table: usize,
        navigation: &str,
        value: &Value,
        purpose: Purpose,
    ) -> Result<(), Refusal> {
        let set = &self.catalog.tables[table].entity_set;
        let found = self.catalog.navigation(table, navigation);
        let found = found.ok_or_else(|| Refusal::undeclared_navigation(set, navigation))?;
        let Navigation::Single { column, .. } = found else {
            changes.nested.push(self.read_bound(found, value)?);
            return Ok(());
        };
        if value.is_null() {
            return self.add(changes, table, column, Cell::Empty, purpose);
        }
        let reference =
            value.as_str().ok_or_else(|| Refusal::wrong_literal(&value.to_string(), "Edm.String"))?;
        let cell = self.reference(table, navigation, self.resolve(reference)?)?;
        self.add(changes, table, column, cell, purpose)
    }

    /// A reference to a row that is there, for a navigation property that leads to its table.
    pub(super) fn reference(
        &self,
        table: usize,
        navigation: &str,
        (target, id): (usize, Uuid),
    ) -> Result<Cell, Refusal> {
        let target_name = &self.catalog.tables[target].name;
        let described = &self.catalog.tables[table];
        let fits = match self.catalog.navigation(table, navigation) {
            Some(Navigation::Single { column, target: expected }) => match described.columns[column].lookup()
            {
                Some(Lookup::Owner) => ["systemuser", "team"].contains(&target_name.as_str()),
                _ => target == expected,
            },
            _ => false,
        };
        if !fits {
            let inner = format!(
                "Microsoft.OData.ODataException: A row of 'Microsoft.Dynamics.CRM.{target_name}' does not fit the \
                 navigation property '{navigation}'."
            );
            return Err(Refusal::payload(&described.entity_set, &inner));
        }
        self.existing(target, id)?;
        Ok(Cell::Lookup { table: target_name.clone(), id })
    }

    fn read_parties(&self, value: &Value) -> Result<Vec<Changes>, Refusal> {
        let Some(parties) = self.catalog.position("activityparty") else { return Ok(Vec::new()) };
        let list = value
            .as_array()
            .ok_or_else(|| Refusal::wrong_literal(&value.to_string(), Kind::PartyList.edm()))?;
        list.iter()
            .map(|party| match party {
                Value::Object(object) => self.read_object(parties, object, Purpose::Create),
                other => Err(Refusal::wrong_literal(&other.to_string(), "mscrm.activityparty")),
            })
            .collect()
    }
}

/// Whether the service ignores or refuses such a value is not known: refused, so that no client relies on it.
pub(crate) fn read_only(table: &Table, column: &str, purpose: Purpose) -> Refusal {
    let what = if purpose == Purpose::Create { "create" } else { "update" };
    let message = format!("The property '{column}' of entity '{}' is not valid for {what}.", table.name);
    Refusal::new(400, "0x8004022e", message)
}

#[cfg(test)]
mod tests;
