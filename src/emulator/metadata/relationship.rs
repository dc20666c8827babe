//! Relationships and alternate keys as metadata, in the shape of the recorded definition of account.

use super::entity::{introduced, is_custom};
use super::label::managed_property;
use super::{Definitions, named_id};
use crate::answer::Object;
use crate::tables::{AlternateKey, ManyToMany, ManyToOne, OnDelete, Side, Table};
use serde_json::{Value, json};
use uuid::Uuid;

/// Lookups that the service keeps itself: nothing happens along them, and nobody sees them in a menu.
const KEPT_BY_SERVICE: &[&str] = &[
    "createdby",
    "createdonbehalfby",
    "modifiedby",
    "modifiedonbehalfby",
    "ownerid",
    "owningbusinessunit",
    "owningteam",
    "owninguser",
    "organizationid",
    "transactioncurrencyid",
];

impl Definitions<'_> {
    /// The lookups of a table.
    pub(super) fn many_to_one(&self, table: &Table) -> Vec<Object> {
        let lookups = self.catalog.many_to_one.iter().filter(|r| r.table == table.name);
        lookups.map(|relationship| self.one_to_many(relationship)).collect()
    }

    /// The lookups that point to a table.
    pub(super) fn pointing_to(&self, table: &Table) -> Vec<Object> {
        let pointing = self.catalog.many_to_one.iter().filter(|r| r.target == table.name);
        pointing.map(|relationship| self.one_to_many(relationship)).collect()
    }

    /// The many-to-many relationships that a table is a side or the middle of.
    pub(super) fn links_of(&self, table: &Table) -> Vec<Object> {
        let part = |r: &&ManyToMany| [&r.first.table, &r.second.table, &r.intersect].contains(&&table.name);
        self.catalog.many_to_many.iter().filter(part).map(|r| self.many_to_many(r)).collect()
    }

    /// All relationships, or those of the type the cast names.
    pub(super) fn relationships(&self, cast: Option<&str>) -> Vec<Object> {
        let mut found = Vec::new();
        if cast != Some("ManyToManyRelationshipMetadata") {
            found.extend(self.catalog.many_to_one.iter().map(|r| self.one_to_many(r)));
        }
        if cast != Some("OneToManyRelationshipMetadata") {
            found.extend(self.catalog.many_to_many.iter().map(|r| self.many_to_many(r)));
        }
        found
    }

    pub(super) fn one_to_many(&self, relationship: &ManyToOne) -> Object {
        let referenced = self.catalog.table(&relationship.target);
        let kept = KEPT_BY_SERVICE.contains(&relationship.column.as_str());
        let custom = is_custom(&relationship.table) || is_custom(&relationship.column);
        let security = if kept { "None" } else { "Append" };
        let mut found = base(&relationship.schema_name, custom, !kept, security);
        found.append(
            Object::default()
                .and("RelationshipType", "OneToManyRelationship")
                .and("IntroducedVersion", introduced(&relationship.table))
                .and("ReferencedAttribute", referenced.map(|table| table.primary_id.as_str()))
                .and("ReferencedEntity", relationship.target.as_str())
                .and("ReferencingAttribute", relationship.column.as_str())
                .and("ReferencingEntity", relationship.table.as_str())
                .and("IsHierarchical", false)
                .and("EntityKey", Value::Null)
                .and("IsRelationshipAttributeDenormalized", false)
                .and("ReferencedEntityNavigationPropertyName", relationship.collection.as_str())
                .and("ReferencingEntityNavigationPropertyName", relationship.navigation.as_str())
                .and("RelationshipBehavior", i32::from(!kept))
                .and("IsDenormalizedLookup", Value::Null)
                .and("DenormalizedAttributeName", Value::Null),
        );
        found
            .and("IsCustomizable", managed_property(!kept, false, "iscustomizable"))
            .and("AssociatedMenuConfiguration", self.menu("DoNotDisplay", self.no_label()))
            .and("CascadeConfiguration", cascade(relationship.on_delete, kept))
            .and("RelationshipAttributes", Vec::new())
    }

    pub(super) fn many_to_many(&self, relationship: &ManyToMany) -> Object {
        let ManyToMany { first, second, .. } = relationship;
        let mut found = base(&relationship.schema_name, is_custom(&relationship.intersect), true, "None")
            .and("RelationshipType", "ManyToManyRelationship")
            .and("IntroducedVersion", introduced(&relationship.intersect))
            .and("Entity1LogicalName", first.table.as_str())
            .and("Entity2LogicalName", second.table.as_str())
            .and("IntersectEntityName", relationship.intersect.as_str());
        found.append(ends(first, second));
        found
            .and("IsCustomizable", managed_property(true, false, "iscustomizable"))
            .and("Entity1AssociatedMenuConfiguration", self.menu("UseCollectionName", self.label("", true)))
            .and("Entity2AssociatedMenuConfiguration", self.menu("UseCollectionName", self.label("", true)))
    }

    fn menu(&self, behavior: &str, label: Object) -> Object {
        Object::default()
            .and("Behavior", behavior)
            .and("Group", "Details")
            .and("Order", Value::Null)
            .and("IsCustomizable", false)
            .and("Icon", Value::Null)
            .and("ViewId", Uuid::nil())
            .and("AvailableOffline", true)
            .and("MenuId", Value::Null)
            .and("QueryApi", Value::Null)
            .and("Label", label)
    }

    /// The alternate keys of a table. They are made with the environment, so their index is always ready.
    pub(super) fn keys(&self, table: &Table) -> Vec<Object> {
        table.keys.iter().map(|key| self.key(&table.name, key)).collect()
    }

    /// A key; `EntityKeyMetadata`.
    pub(super) fn key(&self, table: &str, key: &AlternateKey) -> Object {
        Object::default()
            .and("MetadataId", named_id("key", &format!("{table}.{}", key.schema_name)))
            .and("HasChanged", Value::Null)
            .and("KeyAttributes", json!(key.columns))
            .and("EntityLogicalName", table)
            .and("EntityKeyIndexStatus", "Active")
            .and("IsManaged", false)
            .and("LogicalName", key.schema_name.to_lowercase())
            .and("SchemaName", key.schema_name.as_str())
            .and("IsSynchronous", false)
            .and("IsExportKey", false)
            .and("IsSecondaryKey", false)
            .and("IntroducedVersion", "1.0.0.0")
            .and("AsyncJob", Value::Null)
            .and("DisplayName", self.label(&key.schema_name, false))
            .and("IsCustomizable", managed_property(true, false, "iscustomizable"))
    }
}

fn base(schema_name: &str, custom: bool, findable: bool, security: &str) -> Object {
    Object::default()
        .and("MetadataId", named_id("relationship", schema_name))
        .and("HasChanged", Value::Null)
        .and("IsCustomRelationship", custom)
        .and("IsValidForAdvancedFind", findable)
        .and("SchemaName", schema_name)
        .and("SecurityTypes", security)
        .and("IsManaged", true)
}

fn ends(first: &Side, second: &Side) -> Object {
    Object::default()
        .and("Entity1IntersectAttribute", first.column.as_str())
        .and("Entity2IntersectAttribute", second.column.as_str())
        .and("Entity1NavigationPropertyName", first.navigation.as_str())
        .and("Entity2NavigationPropertyName", second.navigation.as_str())
}

/// Recorded: what the service keeps stays as it is when the row pointed to goes.
fn cascade(on_delete: OnDelete, kept: bool) -> Object {
    let delete = match on_delete {
        OnDelete::Cascade => "Cascade",
        OnDelete::Restrict => "Restrict",
        OnDelete::NoCascade => "NoCascade",
        OnDelete::RemoveLink if kept => "NoCascade",
        OnDelete::RemoveLink => "RemoveLink",
    };
    let mut found = Object::default().and("Assign", "NoCascade").and("Delete", delete);
    for event in ["Archive", "Merge", "Reparent", "Share", "Unshare", "RollupView"] {
        found.push(event, "NoCascade");
    }
    found
}
