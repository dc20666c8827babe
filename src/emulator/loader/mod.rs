//! Reads data packages on its own, without the project's file crate: tables and rows for an environment, and a
//! second opinion for tests that compare what arrived.

mod data;
mod hints;
mod html;
mod literal;
mod package;
mod schema;

pub use data::{Data, DataField, DataLink, DataRecord, DataTable};
pub use literal::Dates;
pub use package::Package;
pub use schema::{Schema, SchemaColumn, SchemaLink, SchemaTable};

pub(crate) use hints::Hints;
pub(crate) use html::decode as decode_html;
pub(crate) use literal::read_literal;
