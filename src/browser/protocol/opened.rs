//! Schemas and packages in numbers.

use migration::{ReadyMadeSchema, SchemaProposal};
use serde::{Deserialize, Serialize};

/// Where the schema of an export comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SchemaSource {
    /// One that ships with the app: a file name below `schemas/`.
    ReadyMade(String),
    /// The attached file.
    File,
}

/// The ready-made schemas as they are offered for a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadyMadeSchemas {
    /// In the order of the catalogue.
    pub schemas: Vec<ReadyMadeSchema>,
    /// Which fits the source, and why.
    pub proposal: SchemaProposal,
}

/// A schema in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaSummary {
    /// File name.
    pub name: String,
    /// Display names of its tables, in order.
    pub tables: Vec<String>,
    /// Number of columns.
    pub columns: usize,
    /// Number of many-to-many relationships.
    pub relationships: usize,
    /// What was unusual.
    pub findings: Vec<cmt::Finding>,
}

/// A package in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageSummary {
    /// File name.
    pub name: String,
    /// Size of the zip in bytes.
    pub bytes: u64,
    /// When it was exported, as written in it.
    pub timestamp: Option<String>,
    /// Table display name and number of records, in file order, empty tables left out.
    pub tables: Vec<(String, u64)>,
    /// All records.
    pub records: u64,
    /// All links.
    pub links: u64,
    /// It takes an import back.
    pub is_undo: bool,
    /// What was unusual.
    pub findings: Vec<cmt::Finding>,
}
