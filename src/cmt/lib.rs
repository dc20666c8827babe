//! The file: what Microsoft's Configuration Migration Tool (CMT) writes and reads.
//!
//! A *data package* is a zip of `data_schema.xml` (which tables, columns and relationships),
//! `data.xml` (the records and links) and `[Content_Types].xml`. Reading is lenient and says so in
//! [`Finding`]s; writing is strict and looks like the tool's own. No async, no HTTP, no browser.
//!
//! Reading, from the outside in: [`DataPackage`] opens the zip (`archive`, `member`), [`DataReader`] walks through
//! `data.xml` (`position`, `markup`), an `open_table` knows the columns, and the readers of records, parties,
//! links and values yield what stands there. Writing: [`PackageWriter`] keeps the order, `data_writer` and
//! `schema_writer` the form. In between stand two encodings: `html_encoding` inside `xml_escape`.

mod archive;
mod column_type;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod damage;
mod data_reader;
mod data_writer;
mod date_time;
mod error;
mod file_signature;
mod finding;
mod findings;
mod html_encoding;
mod link_reader;
mod literal;
mod markup;
mod markup_trouble;
mod member;
mod open_table;
mod package;
mod package_writer;
mod party_reader;
mod position;
mod record;
mod record_order;
mod record_reader;
#[cfg(test)]
mod round_trip;
mod schema;
mod schema_reader;
mod schema_writer;
mod sink;
#[cfg(test)]
mod testing;
mod value;
mod value_reader;
mod xml_escape;

pub use data_reader::{DataItem, DataReader};
pub use error::{Error, Part};
pub use finding::{Finding, Severity};
pub use package::DataPackage;
pub use package_writer::{PackageWriter, WriteError};
pub use record::{Field, Link, LinkSet, Record};
pub use record_order::sql_server_order;
pub use schema::{Column, ColumnType, DateMode, Relationship, Schema, Table, TableSpelling};
pub use value::{DateTime, FileRef, Lookup, Party, Value};
