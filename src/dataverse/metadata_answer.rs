//! Reading a table's metadata.

use crate::response::{json, refusal_of};
use crate::{
    ColumnKind, ColumnMetadata, DateBehavior, Error, LookupRelationship, ManyToManyRelationship,
    ManyToManySide, TableMetadata,
};
use http::Response;
use serde::Deserialize;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TableAnswer {
    logical_name: String,
    display_name: Option<Label>,
    entity_set_name: Option<String>,
    primary_id_attribute: Option<String>,
    primary_name_attribute: Option<String>,
    #[serde(default)]
    is_activity: Option<bool>,
    #[serde(default)]
    is_intersect: Option<bool>,
    metadata_id: Option<Uuid>,
    attributes: Vec<ColumnAnswer>,
    #[serde(default)]
    many_to_one_relationships: Vec<ManyToOneAnswer>,
    #[serde(default)]
    many_to_many_relationships: Vec<ManyToManyAnswer>,
    #[serde(default)]
    keys: Vec<KeyAnswer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ColumnAnswer {
    logical_name: String,
    display_name: Option<Label>,
    attribute_type: Option<String>,
    attribute_type_name: Option<Wrapped>,
    #[serde(default)]
    is_valid_for_read: Option<bool>,
    #[serde(default)]
    is_valid_for_create: Option<bool>,
    #[serde(default)]
    is_valid_for_update: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Label {
    user_localized_label: Option<LocalizedLabel>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LocalizedLabel {
    label: Option<String>,
}

/// Enumerations that the service sends as `{"Value":"…"}`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wrapped {
    value: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ManyToOneAnswer {
    referencing_attribute: String,
    referenced_entity: String,
    referencing_entity_navigation_property_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ManyToManyAnswer {
    schema_name: String,
    intersect_entity_name: String,
    entity1_logical_name: String,
    entity1_intersect_attribute: String,
    entity1_navigation_property_name: Option<String>,
    entity2_logical_name: String,
    entity2_intersect_attribute: String,
    entity2_navigation_property_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyAnswer {
    #[serde(default)]
    key_attributes: Vec<String>,
}

#[derive(Deserialize)]
struct TypedColumns {
    value: Vec<TypedColumn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TypedColumn {
    logical_name: String,
    date_time_behavior: Option<Wrapped>,
    /// -1 and the like mean "no limit known".
    max_length: Option<i64>,
}

/// Joins the answers to [`crate::metadata_request::table_parts`]: the table, then its typed columns. `None`:
/// the environment has no table of that name.
///
/// # Errors
/// [`Error::Service`] for other refusals, [`Error::Shape`] where an answer is not what the service documents.
pub(crate) fn parse_table(name: &str, answers: &[Response<Vec<u8>>]) -> Result<Option<TableMetadata>, Error> {
    let request = format!("GET EntityDefinitions(LogicalName='{name}')");
    let Some((whole, casts)) = answers.split_first() else {
        return Err(Error::Shape { request, reason: "it holds no answer".to_owned() });
    };
    match refusal_of(whole) {
        Some(refusal) if refusal.is_not_found() => return Ok(None),
        Some(refusal) => return Err(Error::Service(refusal)),
        None => {}
    }
    let table: TableAnswer = json(&request, whole)?;
    Ok(Some(joined(table, &typed_columns(&request, casts)?)))
}

fn typed_columns(request: &str, casts: &[Response<Vec<u8>>]) -> Result<HashMap<String, TypedColumn>, Error> {
    let mut found = HashMap::new();
    for answer in casts {
        if let Some(refusal) = refusal_of(answer) {
            return Err(Error::Service(refusal));
        }
        let columns: TypedColumns = json(request, answer)?;
        found.extend(columns.value.into_iter().map(|c| (c.logical_name.clone(), c)));
    }
    Ok(found)
}

fn joined(table: TableAnswer, typed: &HashMap<String, TypedColumn>) -> TableMetadata {
    let display_name = text_of(table.display_name).unwrap_or_else(|| table.logical_name.clone());
    TableMetadata {
        display_name,
        set: table.entity_set_name.unwrap_or_default(),
        primary_id: table.primary_id_attribute.unwrap_or_default(),
        primary_name: table.primary_name_attribute.filter(|n| !n.is_empty()),
        is_activity: table.is_activity.unwrap_or_default(),
        is_intersect: table.is_intersect.unwrap_or_default(),
        columns: table.attributes.into_iter().map(|c| column(c, typed)).collect(),
        lookups: table.many_to_one_relationships.into_iter().filter_map(lookup).collect(),
        many_to_many: table.many_to_many_relationships.into_iter().map(many_to_many).collect(),
        keys: table.keys.into_iter().map(|k| k.key_attributes).collect(),
        id: table.metadata_id,
        name: table.logical_name,
    }
}

fn column(answer: ColumnAnswer, typed: &HashMap<String, TypedColumn>) -> ColumnMetadata {
    let typed = typed.get(&answer.logical_name);
    let type_name = answer.attribute_type_name.and_then(|t| t.value).unwrap_or_default();
    ColumnMetadata {
        display_name: text_of(answer.display_name).unwrap_or_else(|| answer.logical_name.clone()),
        kind: kind(answer.attribute_type.as_deref().unwrap_or_default(), &type_name),
        readable: answer.is_valid_for_read.unwrap_or_default(),
        creatable: answer.is_valid_for_create.unwrap_or_default(),
        updatable: answer.is_valid_for_update.unwrap_or_default(),
        max_length: typed.and_then(|t| t.max_length).and_then(|n| u32::try_from(n).ok()),
        date_behavior: typed.and_then(|t| t.date_time_behavior.as_ref()).and_then(date_behavior),
        name: answer.logical_name,
    }
}

/// Newer kinds are `Virtual` for clients that do not know them; their type name tells.
fn kind(attribute_type: &str, type_name: &str) -> ColumnKind {
    match attribute_type {
        "String" | "Memo" => ColumnKind::Text,
        "Integer" => ColumnKind::Integer,
        "BigInt" => ColumnKind::BigInt,
        "Decimal" => ColumnKind::Decimal,
        "Money" => ColumnKind::Money,
        "Double" => ColumnKind::Double,
        "Boolean" => ColumnKind::Boolean,
        "DateTime" => ColumnKind::DateTime,
        "Picklist" => ColumnKind::Choice,
        "State" => ColumnKind::State,
        "Status" => ColumnKind::Status,
        "Uniqueidentifier" => ColumnKind::Id,
        "Lookup" => ColumnKind::Lookup,
        "Customer" => ColumnKind::Customer,
        "Owner" => ColumnKind::Owner,
        "PartyList" => ColumnKind::PartyList,
        "EntityName" => ColumnKind::EntityName,
        _ => match type_name {
            "MultiSelectPicklistType" => ColumnKind::Choices,
            "ImageType" => ColumnKind::Image,
            "FileType" => ColumnKind::File,
            _ => ColumnKind::Other,
        },
    }
}

fn date_behavior(wrapped: &Wrapped) -> Option<DateBehavior> {
    match wrapped.value.as_deref()? {
        "UserLocal" => Some(DateBehavior::UserLocal),
        "DateOnly" => Some(DateBehavior::DateOnly),
        "TimeZoneIndependent" => Some(DateBehavior::TimeZoneIndependent),
        _ => None,
    }
}

/// Without a navigation property nothing can be set, so such a relationship is none for us.
fn lookup(answer: ManyToOneAnswer) -> Option<LookupRelationship> {
    let navigation = answer.referencing_entity_navigation_property_name?;
    Some(LookupRelationship {
        column: answer.referencing_attribute,
        target: answer.referenced_entity,
        navigation,
    })
}

fn many_to_many(answer: ManyToManyAnswer) -> ManyToManyRelationship {
    ManyToManyRelationship {
        schema_name: answer.schema_name,
        intersect_table: answer.intersect_entity_name,
        first: ManyToManySide {
            table: answer.entity1_logical_name,
            intersect_column: answer.entity1_intersect_attribute,
            navigation: answer.entity1_navigation_property_name.unwrap_or_default(),
        },
        second: ManyToManySide {
            table: answer.entity2_logical_name,
            intersect_column: answer.entity2_intersect_attribute,
            navigation: answer.entity2_navigation_property_name.unwrap_or_default(),
        },
    }
}

fn text_of(label: Option<Label>) -> Option<String> {
    label?.user_localized_label?.label.filter(|l| !l.is_empty())
}
