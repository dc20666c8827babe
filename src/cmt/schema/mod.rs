//! `data_schema.xml`: which tables, columns and relationships a package is about.

mod column_type;
pub mod editing;
mod elements;
pub(crate) mod form;
mod model;
pub(crate) mod reader;
mod table_graph;
pub(crate) mod writer;

pub use form::SchemaForm;
pub use model::{Column, ColumnType, DateMode, Relationship, Schema, Table, TableSpelling};
pub use table_graph::TableGraph;
