//! Relationships as metadata.

use super::named_id;
use crate::tables::{Catalog, ManyToMany, ManyToOne, Table};
use serde_json::{Value, json};

/// One of a table's collections of keys or relationships.
pub(super) fn collection(catalog: &Catalog, table: &Table, name: &str) -> Vec<Value> {
    match name {
        "ManyToOneRelationships" => {
            let lookups = catalog.many_to_one.iter().filter(|r| r.table == table.name);
            lookups.map(|relationship| one_to_many(catalog, relationship)).collect()
        }
        "OneToManyRelationships" => {
            let pointing = catalog.many_to_one.iter().filter(|r| r.target == table.name);
            pointing.map(|relationship| one_to_many(catalog, relationship)).collect()
        }
        "ManyToManyRelationships" => {
            let taking_part = catalog.many_to_many.iter().filter(|r| {
                r.first.table == table.name || r.second.table == table.name || r.intersect == table.name
            });
            taking_part.map(many_to_many).collect()
        }
        // No alternate keys: a schema does not tell them.
        _ => Vec::new(),
    }
}

/// All relationships, or those of the type the cast names.
pub(super) fn all(catalog: &Catalog, cast: Option<&str>) -> Vec<Value> {
    let mut found = Vec::new();
    if cast != Some("ManyToManyRelationshipMetadata") {
        found.extend(catalog.many_to_one.iter().map(|relationship| one_to_many(catalog, relationship)));
    }
    if cast != Some("OneToManyRelationshipMetadata") {
        found.extend(catalog.many_to_many.iter().map(many_to_many));
    }
    found
}

fn one_to_many(catalog: &Catalog, relationship: &ManyToOne) -> Value {
    let referenced = catalog.table(&relationship.target).map_or("", |table| table.primary_id.as_str());
    json!({
        "MetadataId": named_id("relationship", &relationship.schema_name),
        "HasChanged": null,
        "IsCustomRelationship": relationship.column.contains('_'),
        "IsManaged": true,
        "IsValidForAdvancedFind": true,
        "SchemaName": relationship.schema_name,
        "SecurityTypes": "Append",
        "RelationshipType": "OneToManyRelationship",
        "ReferencedAttribute": referenced,
        "ReferencedEntity": relationship.target,
        "ReferencingAttribute": relationship.column,
        "ReferencingEntity": relationship.table,
        "ReferencedEntityNavigationPropertyName": relationship.collection,
        "ReferencingEntityNavigationPropertyName": relationship.navigation,
        "IsHierarchical": false,
        "EntityKey": null,
        "RelationshipBehavior": 1,
        "CascadeConfiguration": {
            "Assign": "NoCascade",
            "Delete": "RemoveLink",
            "Archive": "NoCascade",
            "Merge": "NoCascade",
            "Reparent": "NoCascade",
            "Share": "NoCascade",
            "Unshare": "NoCascade",
            "RollupView": "NoCascade",
        },
        "RelationshipAttributes": [],
    })
}

fn many_to_many(relationship: &ManyToMany) -> Value {
    json!({
        "MetadataId": named_id("relationship", &relationship.schema_name),
        "HasChanged": null,
        "IsCustomRelationship": relationship.intersect.contains('_'),
        "IsManaged": true,
        "IsValidForAdvancedFind": true,
        "SchemaName": relationship.schema_name,
        "SecurityTypes": "None",
        "RelationshipType": "ManyToManyRelationship",
        "Entity1LogicalName": relationship.first.table,
        "Entity2LogicalName": relationship.second.table,
        "IntersectEntityName": relationship.intersect,
        "Entity1IntersectAttribute": relationship.first.column,
        "Entity2IntersectAttribute": relationship.second.column,
        "Entity1NavigationPropertyName": relationship.first.navigation,
        "Entity2NavigationPropertyName": relationship.second.navigation,
    })
}
