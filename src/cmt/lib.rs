//! The file: what Microsoft's Configuration Migration Tool (CMT) writes and reads.
//!
//! A *data package* is a zip of `data_schema.xml` (which tables, columns and relationships),
//! `data.xml` (the records and links) and `[Content_Types].xml`. Reading is lenient and says so in
//! [`Finding`]s; writing is strict and looks like the tool's own. No async, no HTTP, no browser.

mod data_reader;
mod error;
mod finding;
mod package;
mod package_writer;
mod record;
mod record_order;
mod schema;
mod value;

pub use data_reader::{DataItem, DataReader};
pub use error::{Error, Part};
pub use finding::{Finding, Severity};
pub use package::DataPackage;
pub use package_writer::{PackageWriter, WriteError};
pub use record::{Field, Link, LinkSet, Record};
pub use record_order::sql_server_order;
pub use schema::{Column, ColumnType, DateMode, Relationship, Schema, Table};
pub use value::{DateTime, FileRef, Lookup, Party, Value};
