//! `EntityMetadata`. Property names, their order and their types are those of the recorded definitions.

mod names;
mod privileges;
mod settings;

pub(super) use names::{name_column, schema_name};

use super::label::managed_property;
use super::{Definitions, named_id};
use crate::answer::Object;
use crate::tables::{Ownership, Table};
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
    let image = table.primary_image();
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

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, request};
    use serde_json::{Value, json};

    #[test]
    fn a_definition_says_what_the_recorded_ones_say_in_their_order() {
        let mut environment = portal();
        let answer =
            environment.answer(&request("GET", "EntityDefinitions(LogicalName='account')", &[], b""));
        let text = String::from_utf8(answer.body().clone()).unwrap();
        let place =
            |name: &str| text.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("{name} is missing"));
        let order = [
            "@odata.context",
            "MetadataId",
            "HasChanged",
            "ActivityTypeMask",
            "IsActivity",
            "LogicalName",
            "ObjectTypeCode",
            "SchemaName",
            "EntitySetName",
            "TableType",
            "Description",
            "IsAuditEnabled",
            "IsOfflineInMobileClient",
            "Privileges",
            "Settings",
        ];
        assert!(order.is_sorted_by_key(|name| place(name)));
        let account: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(account.as_object().unwrap().len(), 111, "110 properties and the context");
    }

    #[test]
    fn privileges_carry_the_tables_schema_name() {
        let names = |table: &str| {
            let found = get(&mut portal(), &format!("EntityDefinitions(LogicalName='{table}')"));
            let names = found["Privileges"]
                .as_array()
                .unwrap()
                .iter()
                .map(|p| p["Name"].as_str().unwrap().to_owned());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names("account").len(), 8);
        assert_eq!(names("account")[0], "prvCreateAccount");
        assert!(
            !names("adx_webpage").iter().any(|name| name.starts_with("prvAssign")),
            "nobody owns its rows"
        );
        assert_eq!(names("adx_pagetag_webpage"), [""; 0]);
    }

    #[test]
    fn labels_are_in_the_organizations_language() {
        let mut environment = crate::Environment::builder("Kontor").language(1031).build().unwrap();
        let label = &get(&mut environment, "EntityDefinitions(LogicalName='role')")["DisplayName"];
        assert_eq!(label["UserLocalizedLabel"]["LanguageCode"], 1031);
        assert_eq!(label["LocalizedLabels"], json!([label["UserLocalizedLabel"]]));
    }
}
