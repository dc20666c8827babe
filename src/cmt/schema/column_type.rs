//! The `type` vocabulary of the schema: the tool's own names, and those that other tools use instead.

use crate::ColumnType;

/// Name and type, as the tool writes them.
const NAMES: &[(&str, ColumnType)] = &[
    ("string", ColumnType::Text),
    ("entityreference", ColumnType::Lookup),
    ("owner", ColumnType::Owner),
    ("partylist", ColumnType::PartyList),
    ("number", ColumnType::Number),
    ("bigint", ColumnType::BigInt),
    ("decimal", ColumnType::Decimal),
    ("money", ColumnType::Money),
    ("float", ColumnType::Float),
    ("bool", ColumnType::Bool),
    ("datetime", ColumnType::DateTime),
    ("optionsetvalue", ColumnType::Choice),
    ("optionsetvaluecollection", ColumnType::Choices),
    ("state", ColumnType::State),
    ("status", ColumnType::Status),
    ("guid", ColumnType::Id),
    ("imagedata", ColumnType::Image),
    ("filedata", ColumnType::File),
    ("Unknown", ColumnType::Unknown),
];

/// What other tools call them, in lower case.
const OTHER_NAMES: &[(&str, ColumnType)] = &[
    ("memo", ColumnType::Text),
    ("entityname", ColumnType::Text),
    ("integer", ColumnType::Number),
    ("double", ColumnType::Float),
    ("boolean", ColumnType::Bool),
    ("lookup", ColumnType::Lookup),
    ("customer", ColumnType::Lookup),
    ("uniqueidentifier", ColumnType::Id),
    ("picklist", ColumnType::Choice),
    ("multiselectpicklist", ColumnType::Choices),
    ("image", ColumnType::Image),
    ("file", ColumnType::File),
];

impl ColumnType {
    /// The type that the tool calls by this name; names are lower case and compared as they stand.
    #[must_use]
    pub fn named(name: &str) -> Option<ColumnType> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, column_type)| *column_type)
    }

    /// The type that another tool calls by this name, in any case.
    pub(crate) fn named_elsewhere(name: &str) -> Option<ColumnType> {
        let name = name.to_lowercase();
        OTHER_NAMES
            .iter()
            .chain(NAMES)
            .find(|(known, column_type)| *known == name && *column_type != ColumnType::Unknown)
            .map(|(_, column_type)| *column_type)
    }

    /// The name the tool writes.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, column_type)| *column_type == self).map_or("Unknown", |(name, _)| name)
    }
}
