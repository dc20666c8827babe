//! `EntityMetadata`. Property names, their order and their types are those of the recorded definitions.

mod names;
mod privileges;
mod settings;

pub(super) use names::{name_column, schema_name};

use super::label::managed_property;
use super::{Definitions, named_id};
use crate::answer::Object;
use crate::tables::{Kind, Ownership, Table};
use serde_json::Value;

/// What the service says of tables that came with the first versions.
pub(super) const BEGINNING: &str = "1900-01-01T00:00:00Z";

/// Whether a maker or a solution added it to the service's own.
pub(super) fn is_custom(name: &str) -> bool {
    name.contains('_')
}

impl Definitions<'_> {
    /// The definition without its collections of attributes, keys and relationships.
    pub(super) fn entity(&self, table: &Table) -> Object {
        let mut entity = Object::default()
            .and("MetadataId", named_id("table", &table.name))
            .and("HasChanged", Value::Null);
        entity.append(settings::behaviour(table));
        entity.append(identity(table));
        entity.append(settings::ownership(table));
        entity.append(self.labels(table));
        for (property, name, value, changeable) in settings::managed(table) {
            entity.push(property, managed_property(value, changeable, name));
        }
        entity.and("Privileges", privileges::privileges(table)).and("Settings", Vec::new())
    }

    fn labels(&self, table: &Table) -> Object {
        let managed = !is_custom(&table.name);
        Object::default()
            .and("Description", self.label("", managed))
            .and("DisplayCollectionName", self.label(&table.display_name, managed))
            .and("DisplayName", self.label(&table.display_name, managed))
    }
}

fn identity(table: &Table) -> Object {
    let image = table.columns.iter().find(|column| column.kind == Kind::Image);
    let schema = schema_name(&table.name);
    Object::default()
        .and("LogicalName", table.name.as_str())
        .and("ObjectTypeCode", table.object_type_code)
        .and("OwnershipType", ownership(table))
        .and("PrimaryNameAttribute", table.primary_name.as_deref())
        .and("PrimaryImageAttribute", image.map(|column| column.name.as_str()))
        .and("PrimaryIdAttribute", table.primary_id.as_str())
        .and("RecurrenceBaseEntityLogicalName", Value::Null)
        .and("ReportViewName", format!("Filtered{schema}"))
        .and("SchemaName", schema)
        .and("IntroducedVersion", introduced(&table.name))
        .and("IsStateModelAware", table.column("statecode").is_some())
        .and("EnforceStateTransitions", false)
        .and("ExternalName", Value::Null)
        .and("EntityColor", Value::Null)
        .and("LogicalCollectionName", table.entity_set.as_str())
        .and("ExternalCollectionName", Value::Null)
        .and("CollectionSchemaName", schema_name(&table.entity_set))
        .and("EntitySetName", table.entity_set.as_str())
}

/// The version a table or relationship came with.
pub(super) fn introduced(name: &str) -> &'static str {
    if is_custom(name) { "1.0.0.0" } else { "5.0.0.0" }
}

fn ownership(table: &Table) -> &'static str {
    match (table.name.as_str(), table.ownership) {
        // Recorded for business units; users and teams belong to one likewise.
        ("businessunit" | "systemuser" | "team", _) => "BusinessOwned",
        (_, Ownership::User) => "UserOwned",
        (_, Ownership::Organization) => "OrganizationOwned",
        (_, Ownership::None) => "None",
    }
}
