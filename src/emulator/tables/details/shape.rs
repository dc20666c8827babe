//! The members of a details file.

use super::named::Named;
use crate::error::LoadError;
use crate::tables::{DateBehavior, OnDelete, Ownership, Required};
use serde::Deserialize;
use serde_json::Number;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(crate) struct Details {
    pub(crate) tables: Named<TableDetails>,
    /// By the name of the intersect table.
    pub(crate) links: Named<(String, String)>,
    /// By table: the rows it has without keeping them.
    pub(crate) generated: Named<GeneratedDetails>,
}

/// Rows that are made when they are read.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum GeneratedDetails {
    /// So many.
    Rows(u64),
    /// So many, each with a text of so many characters in the table's longest memo.
    WithText { rows: u64, text: u32 },
}

/// A table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(crate) struct TableDetails {
    pub(crate) label: Option<String>,
    pub(crate) collection: Option<String>,
    pub(crate) ownership: Option<Ownership>,
    pub(crate) primary_id: Option<String>,
    pub(crate) primary_name: Option<String>,
    pub(crate) object_type_code: Option<i32>,
    pub(crate) notes: Option<bool>,
    pub(crate) stateless: Option<bool>,
    pub(crate) columns: Named<ColumnDetails>,
    pub(crate) keys: Named<Vec<String>>,
    pub(crate) states: Vec<StateDetails>,
}

/// A column.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(crate) struct ColumnDetails {
    #[serde(rename = "type")]
    pub(crate) kind: Option<ColumnType>,
    pub(crate) label: Option<String>,
    pub(crate) max_length: Option<u32>,
    pub(crate) precision: Option<u8>,
    pub(crate) minimum: Option<Number>,
    pub(crate) maximum: Option<Number>,
    /// Label by value.
    pub(crate) options: Option<Named<String>>,
    pub(crate) behavior: Option<DateBehavior>,
    pub(crate) targets: Option<Named<TargetDetails>>,
    pub(crate) required: Option<Required>,
    #[serde(rename = "maxSizeInKB")]
    pub(crate) max_size_kb: Option<u32>,
    pub(crate) can_store_full_image: Option<bool>,
    pub(crate) create: Option<bool>,
    pub(crate) update: Option<bool>,
    pub(crate) secured: Option<Secured>,
}

/// A column that only some may read and write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Secured {
    /// The caller may.
    Readable,
    /// The caller may not.
    Unreadable,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ColumnType {
    Boolean,
    Choice,
    Choices,
    State,
    Status,
    Integer,
    BigInt,
    Decimal,
    Double,
    Money,
    DateTime,
    Text,
    Memo,
    EntityName,
    Id,
    Lookup,
    Customer,
    Owner,
    PartyList,
    File,
    Image,
    ManagedProperty,
}

/// A table that a lookup points to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
pub(crate) struct TargetDetails {
    pub(crate) navigation: Option<String>,
    pub(crate) collection: Option<String>,
    pub(crate) relationship: Option<String>,
    pub(crate) on_delete: Option<OnDelete>,
}

/// A state and its statuses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct StateDetails {
    pub(crate) value: i32,
    pub(crate) label: String,
    /// Label by value; the first is the state's default.
    pub(crate) statuses: Named<String>,
}

impl Details {
    /// What the file says about a table.
    pub(crate) fn table(&self, name: &str) -> Option<&TableDetails> {
        self.tables.iter().find(|(table, _)| *table == name).map(|(_, details)| details)
    }

    /// The columns that are closed to the caller, by table and name.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = (String, String)> {
        self.tables.iter().flat_map(|(table, details)| {
            let closed =
                details.columns.iter().filter(|(_, column)| column.secured == Some(Secured::Unreadable));
            closed.map(move |(column, _)| (table.to_owned(), column.to_owned()))
        })
    }

    /// Reads a file; the error names line and column.
    pub(crate) fn read(json: &[u8]) -> Result<Details, LoadError> {
        serde_json::from_slice(json).map_err(|error| LoadError::Details(error.to_string()))
    }
}
