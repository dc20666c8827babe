//! `AttributeMetadata` and the types derived from it.

use super::entity::{label, name_column, schema_name};
use super::named_id;
use crate::tables::{Column, DateBehavior, Kind, Lookup, Required, Table};
use serde_json::{Value, json};

/// Attributes of a table. Without a cast only what all types share; a cast shows its type alone, with its own
/// properties.
pub(super) fn attributes(table: &Table, cast: Option<&str>) -> Vec<Value> {
    let mut found = Vec::new();
    for column in &table.columns {
        let metadata_type = metadata_type(column);
        match cast {
            None => {
                found.push(base(table, column));
                found.extend(name_attribute(table, column));
            }
            Some(cast) if metadata_type == Some(cast) => {
                let mut attribute = base(table, column);
                add_typed(&mut attribute, table, column);
                found.push(attribute);
            }
            Some(_) => {}
        }
    }
    found
}

/// The type that properties are looked up in.
pub(super) fn type_name(cast: Option<&str>) -> &str {
    cast.unwrap_or("AttributeMetadata")
}

/// (`AttributeType`, `AttributeTypeName`)
fn type_codes(kind: &Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Text { memo: false, .. } => ("String", "StringType"),
        Kind::Text { memo: true, .. } => ("Memo", "MemoType"),
        Kind::Integer => ("Integer", "IntegerType"),
        Kind::BigInt => ("BigInt", "BigIntType"),
        Kind::Decimal { .. } => ("Decimal", "DecimalType"),
        Kind::Money { .. } => ("Money", "MoneyType"),
        Kind::Double => ("Double", "DoubleType"),
        Kind::Boolean => ("Boolean", "BooleanType"),
        Kind::DateTime(_) => ("DateTime", "DateTimeType"),
        Kind::Choice { .. } => ("Picklist", "PicklistType"),
        Kind::Choices { .. } => ("Virtual", "MultiSelectPicklistType"),
        Kind::State => ("State", "StateType"),
        Kind::Status => ("Status", "StatusType"),
        Kind::Id => ("Uniqueidentifier", "UniqueidentifierType"),
        Kind::Lookup(Lookup::Tables(_)) => ("Lookup", "LookupType"),
        Kind::Lookup(Lookup::Customer) => ("Customer", "CustomerType"),
        Kind::Lookup(Lookup::Owner) => ("Owner", "OwnerType"),
        Kind::PartyList => ("PartyList", "PartyListType"),
        Kind::Image => ("Virtual", "ImageType"),
        Kind::File => ("Virtual", "FileType"),
        Kind::EntityName => ("EntityName", "EntityNameType"),
        Kind::ManagedProperty => ("ManagedProperty", "ManagedPropertyType"),
    }
}

/// The derived type; unique identifiers have none.
fn metadata_type(column: &Column) -> Option<&'static str> {
    Some(match &column.kind {
        Kind::Text { memo: false, .. } => "StringAttributeMetadata",
        Kind::Text { memo: true, .. } => "MemoAttributeMetadata",
        Kind::Integer => "IntegerAttributeMetadata",
        Kind::BigInt => "BigIntAttributeMetadata",
        Kind::Decimal { .. } => "DecimalAttributeMetadata",
        Kind::Money { .. } => "MoneyAttributeMetadata",
        Kind::Double => "DoubleAttributeMetadata",
        Kind::Boolean => "BooleanAttributeMetadata",
        Kind::DateTime(_) => "DateTimeAttributeMetadata",
        Kind::Choice { .. } => "PicklistAttributeMetadata",
        Kind::Choices { .. } => "MultiSelectPicklistAttributeMetadata",
        Kind::State => "StateAttributeMetadata",
        Kind::Status => "StatusAttributeMetadata",
        Kind::Lookup(_) | Kind::PartyList => "LookupAttributeMetadata",
        Kind::Image => "ImageAttributeMetadata",
        Kind::File => "FileAttributeMetadata",
        Kind::EntityName => "EntityNameAttributeMetadata",
        Kind::ManagedProperty => "ManagedPropertyAttributeMetadata",
        Kind::Id => return None,
    })
}

fn base(table: &Table, column: &Column) -> Value {
    let (code, name) = type_codes(&column.kind);
    let mut attribute = common(table, &column.name, &column.display_name, code, name);
    attribute["IsPrimaryId"] = (column.name == table.primary_id).into();
    attribute["IsPrimaryName"] = (table.primary_name.as_deref() == Some(&column.name)).into();
    attribute["IsValidForCreate"] = column.creatable.into();
    attribute["IsValidForUpdate"] = column.updatable.into();
    attribute["RequiredLevel"]["Value"] = required_level(column.required).into();
    if let Some(metadata_type) = metadata_type(column) {
        attribute["@odata.type"] = format!("#Microsoft.Dynamics.CRM.{metadata_type}").into();
    }
    attribute
}

fn required_level(required: Required) -> &'static str {
    match required {
        Required::None => "None",
        Required::Recommended => "Recommended",
        Required::Application => "ApplicationRequired",
        Required::System => "SystemRequired",
    }
}

/// The column that shows the name behind a code. It is no property of a row.
fn name_attribute(table: &Table, column: &Column) -> Option<Value> {
    let name = name_column(column)?;
    if table.column(&name).is_some() {
        return None;
    }
    let is_lookup = column.lookup().is_some();
    let (code, type_name) = if is_lookup { ("String", "StringType") } else { ("Virtual", "VirtualType") };
    let mut attribute = common(table, &name, "", code, type_name);
    attribute["AttributeOf"] = column.name.clone().into();
    attribute["IsValidODataAttribute"] = false.into();
    if is_lookup {
        attribute["@odata.type"] = "#Microsoft.Dynamics.CRM.StringAttributeMetadata".into();
    }
    Some(attribute)
}

fn common(table: &Table, name: &str, display_name: &str, code: &str, type_name: &str) -> Value {
    json!({
        "MetadataId": named_id("column", &format!("{}.{name}", table.name)),
        "HasChanged": null,
        "AttributeOf": null,
        "AttributeType": code,
        "AttributeTypeName": {"Value": type_name},
        "ColumnNumber": 1,
        "Description": label(""),
        "DisplayName": label(display_name),
        "EntityLogicalName": table.name,
        "IsCustomAttribute": name.contains('_'),
        "IsLogical": false,
        "IsManaged": true,
        "IsPrimaryId": false,
        "IsPrimaryName": false,
        "IsValidForCreate": false,
        "IsValidForRead": true,
        "IsValidForUpdate": false,
        "IsValidODataAttribute": true,
        "LogicalName": name,
        "RequiredLevel": {"Value": "None", "CanBeChanged": true, "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings"},
        "SchemaName": schema_name(name),
        "SourceType": 0,
        "IsCustomizable": {"Value": true, "CanBeChanged": false, "ManagedPropertyLogicalName": "iscustomizable"},
    })
}

/// What the derived type adds.
fn add_typed(attribute: &mut Value, table: &Table, column: &Column) {
    match &column.kind {
        Kind::Text { max_length, memo } => {
            attribute["MaxLength"] = (*max_length).into();
            attribute["Format"] = if *memo { "TextArea" } else { "Text" }.into();
        }
        Kind::Integer => {
            attribute["MinValue"] = i32::MIN.into();
            attribute["MaxValue"] = i32::MAX.into();
        }
        Kind::Decimal { digits } => attribute["Precision"] = (*digits).into(),
        Kind::Money { digits } => {
            attribute["Precision"] = (*digits).into();
            attribute["IsBaseCurrency"] = column.name.ends_with("_base").into();
        }
        Kind::DateTime(behavior) => {
            let day_only = *behavior == DateBehavior::DateOnly || column.name == "overriddencreatedon";
            attribute["Format"] = if day_only { "DateOnly" } else { "DateAndTime" }.into();
            attribute["DateTimeBehavior"] = json!({"Value": behavior_name(*behavior)});
        }
        Kind::Lookup(lookup) => attribute["Targets"] = lookup.targets().into(),
        Kind::PartyList => {
            attribute["Targets"] = json!(["account", "contact", "systemuser", "team", "lead", "queue"])
        }
        Kind::Image | Kind::File => attribute["MaxSizeInKB"] = column.max_size_kb.unwrap_or(10_240).into(),
        Kind::Boolean | Kind::Choice { .. } | Kind::Choices { .. } | Kind::State | Kind::Status => {
            attribute["OptionSet"] = option_set(table, column);
            attribute["GlobalOptionSet"] = Value::Null;
        }
        _ => {}
    }
}

fn behavior_name(behavior: DateBehavior) -> &'static str {
    match behavior {
        DateBehavior::UserLocal => "UserLocal",
        DateBehavior::DateOnly => "DateOnly",
        DateBehavior::TimeZoneIndependent => "TimeZoneIndependent",
    }
}

fn option_set(table: &Table, column: &Column) -> Value {
    let name = format!("{}_{}", table.name, column.name);
    let kind = type_codes(&column.kind).0;
    let mut set = json!({
        "MetadataId": named_id("optionset", &name),
        "HasChanged": null,
        "Name": name,
        "IsGlobal": false,
        "IsCustomOptionSet": column.name.contains('_'),
        "OptionSetType": if kind == "Virtual" { "Picklist" } else { kind },
        "DisplayName": label(&column.display_name),
        "Description": label(""),
    });
    match &column.kind {
        Kind::Boolean => {
            set["TrueOption"] = option(1, "Yes");
            set["FalseOption"] = option(0, "No");
        }
        Kind::State => set["Options"] = table.states.iter().map(state_option).collect(),
        Kind::Status => set["Options"] = table.statuses.iter().map(status_option).collect(),
        Kind::Choice { options } | Kind::Choices { options } => {
            let options = options.iter().flatten().map(|value| option(value.value, &value.label));
            set["Options"] = options.collect();
        }
        _ => {}
    }
    set
}

fn option(value: i32, text: &str) -> Value {
    json!({
        "Value": value,
        "Label": label(text),
        "Description": label(""),
        "Color": null,
        "IsManaged": true,
        "MetadataId": null,
        "HasChanged": null,
    })
}

fn state_option(state: &crate::tables::State) -> Value {
    let mut found = option(state.value, &state.label);
    found["@odata.type"] = "#Microsoft.Dynamics.CRM.StateOptionMetadata".into();
    found["DefaultStatus"] = state.default_status.into();
    found["InvariantName"] = state.label.clone().into();
    found
}

fn status_option(status: &crate::tables::Status) -> Value {
    let mut found = option(status.value, &status.label);
    found["@odata.type"] = "#Microsoft.Dynamics.CRM.StatusOptionMetadata".into();
    found["State"] = status.state.into();
    found
}
