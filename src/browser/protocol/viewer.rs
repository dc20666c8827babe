//! A package that is looked into: its tables, windows of its records, and one record with everything that it has.

use cmt::{ColumnType, Finding};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Which package is looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewSource {
    /// The attached file.
    File,
    /// The one that was exported last.
    Exported,
    /// The one that is open for the import.
    Import,
}

/// A package without its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedPackage {
    /// File name.
    pub name: String,
    /// Size of the zip in bytes.
    pub bytes: u64,
    /// When it was exported, as written in it.
    pub timestamp: Option<String>,
    /// How its dates move at import, by the schema's own name; `None`: as written.
    pub date_mode: Option<String>,
    /// Logical names of tables, where the schema gives an order.
    pub import_order: Vec<String>,
    /// Those of the schema in its order, then those that only the data has.
    pub tables: Vec<ViewedTable>,
    /// Files that come along (`files/ID.bin`).
    pub files: u64,
    /// What was unusual.
    pub findings: Vec<Finding>,
}

/// A table of a package in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedTable {
    /// Logical name.
    pub name: String,
    /// Label.
    pub display_name: String,
    /// Its records, repeated ones included.
    pub records: u64,
    /// Links whose source is one of its rows.
    pub links: u64,
    /// What the schema says of it; `None`: nothing.
    pub schema: Option<TableFacts>,
}

/// What the schema says of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableFacts {
    /// Its id column.
    pub primary_id: String,
    /// Its name column; empty: none.
    pub primary_name: String,
    /// Number of columns.
    pub columns: u64,
    /// Columns that tell its records apart (`updateCompare`).
    pub unique: Vec<String>,
    /// Plug-ins are to be bypassed at import.
    pub disable_plugins: bool,
    /// Matched rows are left alone.
    pub skip_update: bool,
    /// Records are always created.
    pub force_create: bool,
    /// FetchXML that chose the rows at export.
    pub filter: Option<String>,
    /// Many-to-many relationships: intersect table and the table on the other side.
    pub relationships: Vec<(String, String)>,
}

/// Which records of a package a table on screen wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsQuery {
    /// Logical name of the table.
    pub table: String,
    /// Only records with this in a value, as [`Command::SearchPackage`](super::Command::SearchPackage) found them
    /// last; empty: all.
    pub search: String,
    /// First record, from 0.
    pub start: u64,
    /// At most so many.
    pub count: u64,
}

/// A column of the table on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedColumn {
    /// Logical name.
    pub name: String,
    /// Label.
    pub label: String,
}

/// A window of a table's records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedRecords {
    /// Those that have values in any record, the name column first.
    pub columns: Vec<ViewedColumn>,
    /// How many records there are, or were found.
    pub total: u64,
    /// Those in the window.
    pub lines: Vec<RecordLine>,
}

/// A record as a line of the table on screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLine {
    /// Its id.
    pub id: Uuid,
    /// A short text a column; empty where it has no value.
    pub cells: Vec<String>,
}

/// Everything that a package has of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedRecord {
    /// Logical name of its table.
    pub table: String,
    /// Its id.
    pub id: Uuid,
    /// Its name; empty: it has none.
    pub name: String,
    /// Its values, in the schema's order.
    pub fields: Vec<ViewedField>,
    /// Labels and logical names of columns without a value.
    pub without_value: Vec<ViewedColumn>,
    /// The rows it is linked to.
    pub links: Vec<ViewedLinks>,
}

/// A value and its column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedField {
    /// The column.
    pub column: ViewedColumn,
    /// Its type; `None`: the schema does not name the column.
    pub column_type: Option<ColumnType>,
    /// The value.
    pub value: ViewedValue,
}

/// A value for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ViewedValue {
    /// Text as it stands: HTML and Liquid are text, too.
    Text(String),
    /// A number, date, choice or id.
    Plain(String),
    /// A row.
    Row(ViewedRow),
    /// The parties of an activity, each with what it is.
    Parties(Vec<(String, ViewedRow)>),
    /// A picture or file.
    File(ViewedFile),
    /// A secret.
    Hidden,
}

/// A row that something points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedRow {
    /// Logical name of its table.
    pub table: String,
    /// Its id.
    pub id: Uuid,
    /// Its name, from the package or as the lookup gives it; empty: unknown.
    pub name: String,
    /// Whether the package holds it.
    pub here: bool,
}

/// A picture or file in a value; saved with [`Command::SaveValue`](super::Command::SaveValue).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedFile {
    /// File name.
    pub name: String,
    /// Its size; `None`: the package does not hold its content.
    pub bytes: Option<u64>,
    /// A `data:` URL, where browsers can show it as a picture.
    pub picture: Option<String>,
}

/// The rows that a record is linked to by one relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewedLinks {
    /// The intersect table.
    pub relationship: String,
    /// The record is the target of these links, not the source.
    pub backwards: bool,
    /// The rows, in file order.
    pub rows: Vec<ViewedRow>,
}

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValuePlace {
    /// Logical name of the table.
    pub table: String,
    /// Id of the record.
    pub id: Uuid,
    /// Logical name of the column.
    pub column: String,
}
