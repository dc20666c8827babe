//! What a table may do and be: the long middle of its definition.

use super::{BEGINNING, is_custom};
use crate::answer::Object;
use crate::tables::Table;
use serde_json::Value;

/// (property, logical name of the managed property, value, may be changed)
type ManagedRow = (&'static str, &'static str, bool, bool);

pub(super) fn behaviour(table: &Table) -> Object {
    let mut settings = features(table);
    settings.append(kind_of_table(table));
    settings.append(visibility(table));
    settings
}

fn features(table: &Table) -> Object {
    Object::default()
        .and("ActivityTypeMask", i32::from(table.is_activity))
        .and("AutoRouteToOwnerQueue", false)
        .and("CanTriggerWorkflow", !table.is_intersect)
        .and("EntityHelpUrlEnabled", false)
        .and("EntityHelpUrl", Value::Null)
        .and("IsDocumentManagementEnabled", false)
        .and("IsOneNoteIntegrationEnabled", false)
        .and("IsInteractionCentricEnabled", false)
        .and("IsKnowledgeManagementEnabled", false)
        .and("IsSLAEnabled", false)
        .and("IsBPFEntity", false)
        .and("IsDocumentRecommendationsEnabled", false)
        .and("IsMSTeamsIntegrationEnabled", false)
        .and("SettingOf", Value::Null)
        .and("DataProviderId", Value::Null)
        .and("DataSourceId", Value::Null)
        .and("AutoCreateAccessTeams", false)
}

fn kind_of_table(table: &Table) -> Object {
    Object::default()
        .and("IsActivity", table.is_activity)
        .and("IsActivityParty", ["account", "contact", "lead", "systemuser"].contains(&table.name.as_str()))
        .and("IsRetrieveAuditEnabled", false)
        .and("IsRetrieveMultipleAuditEnabled", false)
        .and("IsArchivalEnabled", false)
        .and("IsRetentionEnabled", false)
        .and("ClusterMode", "Local")
        .and("IsAvailableOffline", true)
        .and("IsChildEntity", false)
        .and("IsAIRUpdated", !table.is_intersect)
        .and("IconLargeName", Value::Null)
        .and("IconMediumName", Value::Null)
        .and("IconSmallName", Value::Null)
        .and("IconVectorName", Value::Null)
        .and("IsCustomEntity", is_custom(&table.name))
        .and("IsBusinessProcessEnabled", false)
        .and("SyncToExternalSearchIndex", false)
        .and("IsOptimisticConcurrencyEnabled", !table.is_intersect)
        .and("ChangeTrackingEnabled", !table.is_intersect)
        .and("IsImportable", !table.is_intersect)
        .and("IsIntersect", table.is_intersect)
        .and("IsManaged", !is_custom(&table.name))
}

fn visibility(table: &Table) -> Object {
    Object::default()
        .and("IsEnabledForCharts", !table.is_intersect)
        .and("IsEnabledForTrace", false)
        .and("IsValidForAdvancedFind", !table.is_intersect)
        .and("DaysSinceRecordLastModified", 0)
        .and("MobileOfflineFilters", "")
        .and("IsReadingPaneEnabled", true)
        .and("IsQuickCreateEnabled", false)
}

pub(super) fn ownership(table: &Table) -> Object {
    Object::default()
        .and("IsEnabledForExternalChannels", false)
        .and("IsPrivate", false)
        .and("UsesBusinessDataLabelTable", false)
        .and("IsLogicalEntity", false)
        .and("HasNotes", !table.is_intersect && table.name != "annotation")
        .and("HasActivities", false)
        .and("HasFeedback", false)
        .and("IsSolutionAware", false)
        .and("CreatedOn", BEGINNING)
        .and("ModifiedOn", BEGINNING)
        .and("HasEmailAddresses", table.columns.iter().any(|c| c.name.starts_with("emailaddress")))
        .and("OwnerId", Value::Null)
        .and("OwnerIdType", 8)
        .and("OwningBusinessUnit", Value::Null)
        .and("TableType", "Standard")
}

/// The managed properties in the order of the recorded definitions. What is false and fixed there for tables that
/// cannot be customised is so here for intersect tables.
pub(super) fn managed(table: &Table) -> Vec<ManagedRow> {
    let open = !table.is_intersect;
    vec![
        ("IsAuditEnabled", "canmodifyauditsettings", false, true),
        ("IsValidForQueue", "canmodifyqueuesettings", false, true),
        ("IsConnectionsEnabled", "canmodifyconnectionsettings", false, true),
        ("IsCustomizable", "iscustomizable", open, false),
        ("IsRenameable", "isrenameable", open, false),
        ("IsMappable", "ismappable", open, false),
        ("IsDuplicateDetectionEnabled", "canmodifyduplicatedetectionsettings", false, true),
        ("CanCreateAttributes", "cancreateattributes", open, false),
        ("CanCreateForms", "cancreateforms", open, false),
        ("CanCreateViews", "cancreateviews", open, false),
        ("CanCreateCharts", "cancreatecharts", open, false),
        ("CanBeRelatedEntityInRelationship", "canberelatedentityinrelationship", open, false),
        ("CanBePrimaryEntityInRelationship", "canbeprimaryentityinrelationship", open, false),
        ("CanBeInManyToMany", "canbeinmanytomany", open, false),
        ("CanBeInCustomEntityAssociation", "canbeincustomentityassociation", open, false),
        ("CanEnableSyncToExternalSearchIndex", "canenablesynctoexternalsearchindex", open, open),
        ("CanModifyAdditionalSettings", "canmodifyadditionalsettings", open, true),
        ("CanChangeHierarchicalRelationship", "canchangehierarchicalrelationship", open, open),
        ("CanChangeTrackingBeEnabled", "canchangetrackingbeenabled", open, open),
        ("IsMailMergeEnabled", "canmodifymailmergesettings", false, true),
        ("IsVisibleInMobile", "canmodifymobilevisibility", false, true),
        ("IsVisibleInMobileClient", "canmodifymobileclientvisibility", false, true),
        ("IsReadOnlyInMobileClient", "canmodifymobileclientreadonly", false, true),
        ("IsOfflineInMobileClient", "canmodifymobileclientoffline", false, true),
    ]
}
