//! `data_schema.xml`: which tables, columns and relationships a package is about.

mod column_type;
pub(crate) mod form;
mod model;
pub(crate) mod reader;
pub(crate) mod writer;

pub use form::SchemaForm;
pub use model::{Column, ColumnType, DateMode, Relationship, Schema, Table, TableSpelling};
