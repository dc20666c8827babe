//! `EntityMetadata`.

use super::{attribute, named_id, relationship};
use crate::api::Options;
use crate::tables::{Catalog, Column, Kind, Ownership, Table};
use serde_json::{Value, json};

/// A label in the organization's language. Empty text is no label.
pub(super) fn label(text: &str) -> Value {
    if text.is_empty() {
        return json!({"LocalizedLabels": [], "UserLocalizedLabel": null});
    }
    let label = json!({
        "Label": text,
        "LanguageCode": 1033,
        "IsManaged": false,
        "MetadataId": named_id("label", text),
        "HasChanged": null,
    });
    json!({"LocalizedLabels": [label], "UserLocalizedLabel": label})
}

/// The definition with the collections that `$expand` names.
pub(super) fn entity(catalog: &Catalog, table: &Table, options: &Options) -> Value {
    let mut entity = properties(table);
    let expand = options.get("$expand").unwrap_or_default();
    if expand.contains("Attributes") {
        entity["Attributes"] = attribute::attributes(table, None).into();
    }
    for collection in ["Keys", "ManyToOneRelationships", "OneToManyRelationships", "ManyToManyRelationships"]
    {
        if expand.contains(collection) {
            entity[collection] = relationship::collection(catalog, table, collection).into();
        }
    }
    entity
}

fn properties(table: &Table) -> Value {
    let custom = table.name.contains('_');
    let image =
        table.columns.iter().find(|column| column.kind == Kind::Image).map(|column| column.name.as_str());
    let managed = |value: bool, name: &str| json!({"Value": value, "CanBeChanged": true, "ManagedPropertyLogicalName": name});
    json!({
        "MetadataId": named_id("table", &table.name),
        "HasChanged": null,
        "LogicalName": table.name,
        "SchemaName": schema_name(&table.name),
        "EntitySetName": table.entity_set,
        "LogicalCollectionName": table.entity_set,
        "CollectionSchemaName": schema_name(&table.entity_set),
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name,
        "PrimaryImageAttribute": image,
        "ObjectTypeCode": table.object_type_code,
        "OwnershipType": ownership(table.ownership),
        "TableType": "Standard",
        "IsActivity": table.is_activity,
        "IsActivityParty": false,
        "IsIntersect": table.is_intersect,
        "IsCustomEntity": custom,
        "IsManaged": !custom,
        "IsPrivate": false,
        "IsLogicalEntity": false,
        "IsChildEntity": false,
        "IsImportable": !table.is_intersect,
        "IsStateModelAware": table.column("statecode").is_some(),
        "IsValidForAdvancedFind": !table.is_intersect,
        "IsOptimisticConcurrencyEnabled": !table.is_intersect,
        "ChangeTrackingEnabled": !table.is_intersect,
        "HasNotes": has_notes(table),
        "HasActivities": false,
        "IntroducedVersion": "1.0.0.0",
        "DataProviderId": null,
        "DataSourceId": null,
        "DisplayName": label(&table.display_name),
        "DisplayCollectionName": label(&table.display_name),
        "Description": label(""),
        "IsCustomizable": managed(true, "iscustomizable"),
        "IsAuditEnabled": managed(false, "canmodifyauditsettings"),
        "IsDuplicateDetectionEnabled": managed(false, "canmodifyduplicatedetectionsettings"),
        "CanCreateAttributes": managed(true, "cancreateattributes"),
    })
}

fn has_notes(table: &Table) -> bool {
    !table.is_intersect && table.name != "annotation"
}

/// `adx_webpage` -> `adx_Webpage`, `account` -> `Account`
pub(super) fn schema_name(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect::<String>())
    };
    name.split_once('_').map_or_else(|| capital(name), |(prefix, rest)| format!("{prefix}_{}", capital(rest)))
}

fn ownership(ownership: Ownership) -> &'static str {
    match ownership {
        Ownership::User => "UserOwned",
        Ownership::Organization => "OrganizationOwned",
        Ownership::None => "None",
    }
}

/// A name column beside a column whose values are codes: `statecodename`.
pub(super) fn name_column(column: &Column) -> Option<String> {
    let coded = matches!(
        column.kind,
        Kind::Boolean
            | Kind::Choice { .. }
            | Kind::Choices { .. }
            | Kind::State
            | Kind::Status
            | Kind::Lookup(_)
    );
    coded.then(|| format!("{}name", column.name))
}
