//! `AttributeMetadata` and the types derived from it.

mod companions;
mod described;
mod option_set;
mod typed;

pub(super) use described::{attribute_types, is_attribute_type};

use super::entity::{BEGINNING, introduced, is_custom, schema_name};
use super::label::managed_property;
use super::{Definitions, named_id};
use crate::answer::{Node, Object};
use crate::tables::{Column, Required, Table};
use described::{Described, described, sample};
use serde_json::{Value, json};

/// An attribute: a column, or what the service shows beside one.
struct Attribute<'a> {
    table: &'a Table,
    name: &'a str,
    display_name: &'a str,
    described: Described,
    /// The column whose name it shows.
    of: Option<&'a str>,
    column: Option<&'a Column>,
    number: usize,
}

impl Definitions<'_> {
    /// Attributes of a table in the order of their names. Without a cast only what all types share; a cast shows its
    /// type alone, with its own properties.
    pub(super) fn attributes(&self, table: &Table, cast: Option<&str>) -> Vec<Object> {
        let mut found = Vec::new();
        for (position, column) in table.columns.iter().enumerate() {
            let own = described(&column.kind);
            if cast.is_none_or(|cast| own.derived == Some(cast)) {
                found.push((column.name.clone(), self.column(table, column, position, cast.is_some())));
            }
            for companion in companions::companions(table, column) {
                if cast.is_none_or(|cast| companion.described.derived == Some(cast)) {
                    found.push((companion.name.clone(), self.companion(table, column, &companion, cast)));
                }
            }
        }
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        found.into_iter().map(|(_, attribute)| attribute).collect()
    }

    /// All attributes with the properties of their own type: what one request for changes brings.
    pub(super) fn typed_attributes(&self, table: &Table) -> Vec<Object> {
        let mut found = self.attributes(table, None);
        for attribute in &mut found {
            let name = attribute.get("LogicalName").and_then(Node::as_text).unwrap_or_default();
            if let Some(position) = table.position(name) {
                *attribute = self.column(table, &table.columns[position], position, true);
            }
        }
        found
    }

    /// An attribute that stands for its type, to know the type's properties.
    pub(super) fn sample_attribute(&self, cast: Option<&str>) -> Object {
        let table = Table::new("sample", "");
        let kind = cast.and_then(sample);
        let column = Column::new("sample", "", kind.unwrap_or(crate::tables::Kind::Id));
        self.column(&table, &column, 0, cast.is_some())
    }

    fn column(&self, table: &Table, column: &Column, position: usize, typed: bool) -> Object {
        let attribute = Attribute {
            table,
            name: &column.name,
            display_name: &column.display_name,
            described: described(&column.kind),
            of: None,
            column: Some(column),
            number: position + 1,
        };
        let own = if typed { self.own_properties(table, column) } else { Object::default() };
        let mut found = self.attribute(&attribute, own);
        if typed {
            found.append(self.option_sets(table, column));
        }
        found
    }

    fn companion(
        &self,
        table: &Table,
        column: &Column,
        companion: &companions::Companion,
        cast: Option<&str>,
    ) -> Object {
        let attribute = Attribute {
            table,
            name: &companion.name,
            display_name: "",
            described: companion.described,
            of: Some(&column.name),
            column: None,
            number: table.columns.len() + 1,
        };
        let own = if cast.is_some() { companion.own_properties() } else { Object::default() };
        self.attribute(&attribute, own)
    }

    fn attribute(&self, attribute: &Attribute, own: Object) -> Object {
        let mut found = Object::default();
        if let Some(derived) = attribute.described.derived {
            found.push("@odata.type", format!("#Microsoft.Dynamics.CRM.{derived}"));
        }
        found.append(names(attribute));
        found.append(validity(attribute));
        found.append(storage(attribute));
        found.append(own);
        found.append(self.settings(attribute));
        found
    }

    fn settings(&self, attribute: &Attribute) -> Object {
        let managed = !is_custom(&attribute.table.name);
        let mut settings = Object::default()
            .and("AttributeTypeName", Object::default().and("Value", attribute.described.type_name))
            .and("Description", self.label("", managed))
            .and("DisplayName", self.label(attribute.display_name, managed));
        for (property, name, value, changeable) in SETTINGS {
            settings.push(*property, managed_property(*value, *changeable, name));
        }
        let required = attribute.column.map_or(Required::None, |column| column.required);
        settings
            .and(
                "RequiredLevel",
                managed_property(required_level(required), true, "canmodifyrequirementlevelsettings"),
            )
            .and("CanModifyAdditionalSettings", managed_property(true, true, "canmodifyadditionalsettings"))
            .and("Settings", Vec::new())
    }
}

/// (property, logical name of the managed property, value, may be changed)
const SETTINGS: &[(&str, &str, bool, bool)] = &[
    ("IsAuditEnabled", "canmodifyauditsettings", false, true),
    ("IsGlobalFilterEnabled", "canmodifyglobalfiltersettings", false, true),
    ("IsSortableEnabled", "canmodifyissortablesettings", false, true),
    ("IsCustomizable", "iscustomizable", true, false),
    ("IsRenameable", "isrenameable", true, false),
    ("IsValidForAdvancedFind", "canmodifysearchsettings", true, true),
];

fn names(attribute: &Attribute) -> Object {
    let id = named_id("column", &format!("{}.{}", attribute.table.name, attribute.name));
    Object::default()
        .and("MetadataId", id)
        .and("HasChanged", Value::Null)
        .and("AttributeOf", attribute.of)
        .and("AttributeType", attribute.described.code)
        .and("ColumnNumber", json!(attribute.number))
        .and("DeprecatedVersion", Value::Null)
        .and("IntroducedVersion", introduced(attribute.name))
        .and("EntityLogicalName", attribute.table.name.as_str())
        .and("IsCustomAttribute", is_custom(attribute.name))
}

fn validity(attribute: &Attribute) -> Object {
    let (table, column) = (attribute.table, attribute.column);
    let is_property = column.is_some_and(Column::has_property);
    let is_secured = column.is_some_and(|column| column.is_secured);
    // Recorded columns are the system's and cannot be; a column of one's own can.
    let is_own = is_custom(attribute.name) && is_property && attribute.name != table.primary_id;
    let can_be_secured = is_secured || is_own;
    Object::default()
        .and("IsPrimaryId", attribute.name == table.primary_id)
        .and("IsValidODataAttribute", is_property)
        .and("IsPrimaryName", table.primary_name.as_deref() == Some(attribute.name))
        .and("IsValidForCreate", column.is_some_and(|column| column.creatable))
        .and("IsValidForRead", true)
        .and("IsValidForUpdate", column.is_some_and(|column| column.updatable))
        .and("CanBeSecuredForRead", can_be_secured)
        .and("CanBeSecuredForCreate", can_be_secured)
        .and("CanBeSecuredForUpdate", can_be_secured)
        .and("IsSecured", is_secured)
        .and("IsRetrievable", true)
        .and("IsFilterable", false)
        .and("IsSearchable", false)
        .and("IsManaged", !is_custom(&table.name))
}

fn storage(attribute: &Attribute) -> Object {
    Object::default()
        .and("LinkedAttributeId", Value::Null)
        .and("LogicalName", attribute.name)
        .and("IsValidForForm", attribute.column.is_some())
        .and("IsRequiredForForm", false)
        .and("IsValidForGrid", attribute.column.is_some())
        .and("SchemaName", schema_name(attribute.name))
        .and("ExternalName", Value::Null)
        .and("IsLogical", attribute.column.is_none())
        .and("IsDataSourceSecret", false)
        .and("InheritsFrom", Value::Null)
        .and("CreatedOn", BEGINNING)
        .and("ModifiedOn", BEGINNING)
        .and("SourceType", attribute.described.can_be_computed.then_some(0))
        .and("AutoNumberFormat", Value::Null)
}

fn required_level(required: Required) -> &'static str {
    match required {
        Required::None => "None",
        Required::Recommended => "Recommended",
        Required::Application => "ApplicationRequired",
        Required::System => "SystemRequired",
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal};
    use serde_json::Value;

    fn types(table: &str) -> Vec<(String, String)> {
        let path = format!("EntityDefinitions(LogicalName='{table}')/Attributes?$select=LogicalName");
        let answer = get(&mut portal(), &path);
        let text = |attribute: &Value, name: &str| attribute[name].as_str().unwrap_or_default().to_owned();
        let kind = |attribute: &Value| text(attribute, "@odata.type").replace("#Microsoft.Dynamics.CRM.", "");
        let attributes = answer["value"].as_array().unwrap();
        attributes
            .iter()
            .map(|a| (text(a, "LogicalName"), kind(a).replace("AttributeMetadata", "")))
            .collect()
    }

    #[test]
    fn attributes_stand_in_the_order_of_their_names() {
        assert!(types("account").is_sorted());
    }

    #[test]
    fn values_in_words_stand_beside_their_columns() {
        let found = types("contact");
        for (name, kind) in [
            ("parentcustomeridname", "String"),
            ("parentcustomeridyominame", "String"),
            ("parentcustomeridtype", "EntityName"),
            ("owneridtype", "EntityName"),
            ("createdbyyominame", "String"),
            ("statecodename", ""),
            ("contactid", ""),
            ("parentcustomerid", "Lookup"),
        ] {
            assert!(found.contains(&(name.to_owned(), kind.to_owned())), "{name} in {found:?}");
        }
        assert!(!found.iter().any(|(name, _)| name == "owningusername" || name == "owningteamname"));
    }

    #[test]
    fn a_companion_is_no_property_of_a_row() {
        let path = "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='owneridname')";
        let attribute = get(&mut portal(), path);
        assert_eq!(
            (attribute["IsValidODataAttribute"].as_bool(), attribute["AttributeOf"].as_str()),
            (Some(false), Some("ownerid"))
        );
    }
}
