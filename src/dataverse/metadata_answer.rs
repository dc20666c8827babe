//! Reading a table's metadata.

use crate::response::{json, refusal_of};
use crate::{
    ColumnKind, ColumnMetadata, DateBehavior, Error, ImageColumn, LookupRelationship, ManyToManyRelationship,
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
    #[serde(default)]
    required_level: Option<Wrapped>,
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
    #[serde(rename = "MaxSizeInKB")]
    max_size_kb: Option<i64>,
    precision: Option<u32>,
    is_primary_image: Option<bool>,
    can_store_full_image: Option<bool>,
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
        required: answer
            .required_level
            .and_then(|level| level.value)
            .is_some_and(|level| is_required(&level)),
        max_length: typed.and_then(|t| t.max_length).and_then(|n| u32::try_from(n).ok()),
        date_behavior: typed.and_then(|t| t.date_time_behavior.as_ref()).and_then(date_behavior),
        max_size_kb: typed.and_then(|t| t.max_size_kb).and_then(|n| u32::try_from(n).ok()),
        precision: typed.and_then(|t| t.precision),
        image: typed.and_then(image),
        name: answer.logical_name,
    }
}

/// Only answers about images say whether one is the primary.
fn image(typed: &TypedColumn) -> Option<ImageColumn> {
    let stores_full_image = typed.can_store_full_image.unwrap_or_default();
    typed.is_primary_image.map(|is_primary| ImageColumn { is_primary, stores_full_image })
}

/// The other levels are `None` and `Recommended`.
fn is_required(level: &str) -> bool {
    matches!(level, "SystemRequired" | "ApplicationRequired")
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

#[cfg(test)]
mod tests {
    use super::{kind, parse_table};
    use crate::recorded::recorded;
    use crate::{ColumnKind, DateBehavior, Error, ImageColumn};
    use http::Response;
    use serde_json::{Value, json};

    fn answer(body: &Value) -> Response<Vec<u8>> {
        Response::new(body.to_string().into_bytes())
    }

    fn no_columns() -> Response<Vec<u8>> {
        answer(&json!({"value": []}))
    }

    fn refused(status: u16, code: &str) -> Response<Vec<u8>> {
        let body = json!({"error": {"code": code, "message": "No."}}).to_string().into_bytes();
        Response::builder().status(status).body(body).unwrap()
    }

    #[test]
    fn a_recorded_table_keeps_the_exact_names_of_its_relationships() {
        let Some(body) = recorded("data_record__Validate_Create__get_entitydefinition_account.json") else {
            return;
        };
        let mut body: Value = serde_json::from_slice(&body).unwrap();
        body["Attributes"] = json!([]);
        let answers = [answer(&body), no_columns(), no_columns(), no_columns()];
        let table = parse_table("account", &answers).unwrap().unwrap();
        assert_eq!(
            (table.name.as_str(), table.set.as_str(), table.primary_id.as_str()),
            ("account", "accounts", "accountid")
        );
        assert_eq!((table.display_name.as_str(), table.primary_name.as_deref()), ("Account", Some("name")));
        assert!(!table.is_activity && !table.is_intersect);
        assert_eq!(table.navigation("slaid", "sla"), Some("sla_account_sla"));
        assert_eq!(
            table.navigation("createdbyexternalparty", "externalparty"),
            Some("CreatedByExternalParty")
        );
        let roles = &table.many_to_many[0];
        assert_eq!(roles.intersect_table, "powerpagecomponent_mspp_webrole_account");
        assert!(
            [&roles.first, &roles.second]
                .iter()
                .any(|side| side.table == "account" && !side.navigation.is_empty())
        );
    }

    #[test]
    fn typed_properties_come_from_the_casts() {
        let column = |name: &str, kind: &str, type_name: &str| {
            json!({"LogicalName": name, "AttributeType": kind, "AttributeTypeName": {"Value": type_name},
                   "IsValidForRead": true, "IsValidForCreate": true, "IsValidForUpdate": name != "id",
                   "RequiredLevel": {"Value": if name == "adx_name" { "ApplicationRequired" } else { "None" }},
                   "DisplayName": {"LocalizedLabels": [], "UserLocalizedLabel": null}})
        };
        let whole = json!({
            "LogicalName": "adx_ad", "EntitySetName": "adx_ads", "PrimaryIdAttribute": "id", "PrimaryNameAttribute": null,
            "DisplayName": {"UserLocalizedLabel": {"Label": "Ad"}}, "MetadataId": "a1b2c3d4-0000-0000-0000-000000000001",
            "Attributes": [column("id", "Uniqueidentifier", "UniqueidentifierType"), column("adx_name", "String", "StringType"),
                column("adx_copy", "Memo", "MemoType"), column("adx_day", "DateTime", "DateTimeType"),
                column("adx_tags", "Virtual", "MultiSelectPicklistType"), column("adx_photo", "Virtual", "ImageType"),
                column("adx_plan", "Virtual", "FileType"), column("adx_fee", "Money", "MoneyType")],
            "Keys": [{"KeyAttributes": ["adx_name", "adx_day"]}],
        });
        let days = json!({"value": [{"LogicalName": "adx_day", "DateTimeBehavior": {"Value": "DateOnly"}}]});
        let texts = json!({"value": [{"LogicalName": "adx_name", "MaxLength": 100}]});
        let memos = json!({"value": [{"LogicalName": "adx_copy", "MaxLength": 1048576}]});
        let images = json!({"value": [{"LogicalName": "adx_photo", "IsPrimaryImage": false, "CanStoreFullImage": true,
                                       "MaxSizeInKB": 10240}]});
        let files = json!({"value": [{"LogicalName": "adx_plan", "MaxSizeInKB": 32768}]});
        let numbers = json!({"value": []});
        let amounts = json!({"value": [{"LogicalName": "adx_fee", "Precision": 4}]});
        let answers = [&whole, &days, &texts, &memos, &images, &files, &numbers, &amounts].map(answer);
        let table = parse_table("adx_ad", &answers).unwrap().unwrap();
        let column = |name: &str| table.column(name).unwrap();
        assert_eq!(column("adx_day").date_behavior, Some(DateBehavior::DateOnly));
        assert_eq!(column("adx_name").max_length, Some(100));
        assert_eq!(column("adx_copy").max_length, Some(1_048_576));
        assert_eq!(column("adx_copy").kind, ColumnKind::Text);
        assert_eq!(column("adx_tags").kind, ColumnKind::Choices);
        let (photo, plan) = (column("adx_photo"), column("adx_plan"));
        assert_eq!(photo.image, Some(ImageColumn { is_primary: false, stores_full_image: true }));
        assert_eq!((photo.max_size_kb, plan.max_size_kb, plan.image), (Some(10_240), Some(32_768), None));
        assert_eq!((column("adx_fee").precision, photo.precision), (Some(4), None));
        assert!(column("id").creatable && !column("id").updatable);
        assert!(column("adx_name").required && !column("adx_copy").required);
        assert_eq!(column("adx_tags").display_name, "adx_tags", "without a label the logical name stands");
        assert_eq!(
            (table.keys, table.primary_name),
            (vec![vec!["adx_name".to_owned(), "adx_day".to_owned()]], None)
        );
    }

    #[test]
    fn only_the_answer_not_found_means_that_a_table_is_missing() {
        assert_eq!(
            parse_table("x", &[refused(404, "0x80060888"), no_columns(), no_columns(), no_columns()]),
            Ok(None)
        );
        let error = parse_table("x", &[refused(403, "0x80040220"), no_columns(), no_columns(), no_columns()]);
        assert!(matches!(error, Err(Error::Service(s)) if s.is_forbidden()));
    }

    #[test]
    fn every_attribute_type_has_its_kind() {
        let cases = [
            ("String", "StringType", ColumnKind::Text),
            ("EntityName", "EntityNameType", ColumnKind::EntityName),
            ("Virtual", "ImageType", ColumnKind::Image),
            ("Virtual", "FileType", ColumnKind::File),
            ("Virtual", "VirtualType", ColumnKind::Other),
            ("Customer", "CustomerType", ColumnKind::Customer),
            ("CalendarRules", "CalendarRulesType", ColumnKind::Other),
        ];
        for (attribute_type, type_name, expected) in cases {
            assert_eq!(kind(attribute_type, type_name), expected, "{attribute_type} {type_name}");
        }
    }
}
