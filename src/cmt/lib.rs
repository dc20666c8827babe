//! The file: what Microsoft's Configuration Migration Tool (CMT) writes and reads.
//!
//! A *data package* is a zip of `data_schema.xml` (which tables, columns and relationships),
//! `data.xml` (the records and links) and `[Content_Types].xml`. Reading is lenient and says so in
//! [`Finding`]s; writing is strict and looks like the tool's own. No async, no HTTP, no browser.
//!
//! Where the rules come from, as they are cited: *seen* or *real packages* are counts over the 31 packages of
//! Microsoft's tool that public repositories hold, exported from 2017 to 2024; *Microsoft* with a page's title is its
//! documentation; *observed in a lab by TALXIS* is what that project recorded of Microsoft's own engine. Sizes are in
//! bytes, places in lines and characters from 1, times in UTC unless said otherwise.
//!
//! Reading, from the outside in: [`DataPackage`] opens the zip (`package`), [`DataReader`] walks through
//! `data.xml` (`xml`, `data`), an `open_table` knows the columns, and the readers of records, parties,
//! links and values yield what stands there. Writing: [`PackageWriter`] keeps the order, `data_writer` and
//! `schema_writer` the form; [`editing`] changes a schema and leaves alone what is not edited. In between stand two
//! encodings: `html_encoding` inside `xml_escape`.

mod data;
mod error;
mod finding;
mod form;
mod package;
#[cfg(test)]
mod proof;
mod schema;
mod spool;
pub mod tools;
mod value;
mod xml;

pub use data::{
    DataItem, DataPiece, DataReader, Field, Link, LinkSet, Record, RecordPen, Section, is_never_named,
    sql_server_order,
};
pub use error::{Error, Part};
pub use finding::{Finding, Severity};
pub use form::{Conventions, EventForm, Form};
pub use package::{DataPackage, Limits, PackageWriter, WriteError, ZipSource};
pub use schema::{
    Column, ColumnType, DateMode, Relationship, Schema, SchemaForm, Table, TableGraph, TableSpelling, editing,
};
pub use spool::{RecordAt, RecordIndex, Spool, SpooledPackage, SpooledTable};
pub use value::{DateTime, FileRef, Lookup, Party, Value};
