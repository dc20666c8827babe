//! Properties of definitions whose values are members of an enumeration, as literals in `$filter` name them.
//! Source: Microsoft's reference of enumeration types of the Web API.

/// (property, type, members)
type EnumRow = (&'static str, &'static str, &'static [&'static str]);

const ENUMS: &[EnumRow] = &[
    (
        "OwnershipType",
        "OwnershipTypes",
        &["None", "UserOwned", "TeamOwned", "BusinessOwned", "OrganizationOwned", "BusinessParented"],
    ),
    (
        "AttributeType",
        "AttributeTypeCode",
        &[
            "Boolean",
            "Customer",
            "DateTime",
            "Decimal",
            "Double",
            "Integer",
            "Lookup",
            "Memo",
            "Money",
            "Owner",
            "PartyList",
            "Picklist",
            "State",
            "Status",
            "String",
            "Uniqueidentifier",
            "CalendarRules",
            "Virtual",
            "BigInt",
            "ManagedProperty",
            "EntityName",
        ],
    ),
    ("RelationshipType", "RelationshipType", &["OneToManyRelationship", "Default", "ManyToManyRelationship"]),
    ("SecurityTypes", "SecurityTypes", &["None", "Append", "ParentChild", "Pointer", "Inheritance"]),
    ("EntityKeyIndexStatus", "EntityKeyIndexStatus", &["Pending", "InProgress", "Active", "Failed"]),
    ("OptionSetType", "OptionSetType", &["Picklist", "State", "Status", "Boolean"]),
    (
        "PrivilegeType",
        "PrivilegeType",
        &["None", "Create", "Read", "Write", "Delete", "Assign", "Share", "Append", "AppendTo"],
    ),
    ("ImeMode", "ImeMode", &["Auto", "Inactive", "Active", "Disabled"]),
    (
        "RequiredLevel/Value",
        "AttributeRequiredLevel",
        &["None", "SystemRequired", "ApplicationRequired", "Recommended"],
    ),
];

/// The enumeration and its members; `None` for properties of other types. `path` may go through a complex value.
pub(super) fn enumeration(path: &str) -> Option<(&'static str, &'static [&'static str])> {
    ENUMS.iter().find(|(property, _, _)| *property == path).map(|(_, name, members)| (*name, *members))
}
