//! The file: what Microsoft's Configuration Migration Tool (CMT) writes and reads.
//!
//! A *data package* is a zip of `data_schema.xml` (which tables, columns and relationships),
//! `data.xml` (the records and links) and `[Content_Types].xml`. Reading is lenient and says so in
//! [`Finding`]s; writing is strict and looks like the tool's own. No async, no HTTP, no browser.

mod error;
mod finding;
mod record;
mod schema;
mod value;

pub use error::{Error, Part};
pub use finding::{Finding, Severity};
pub use record::{Field, Link, LinkSet, Record};
pub use schema::{Column, ColumnType, DateMode, Relationship, Schema, Table};
pub use value::{DateTime, FileRef, Lookup, Party, Value};
