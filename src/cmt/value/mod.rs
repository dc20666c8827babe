//! The values of a record, their literals and how other tools' literals are read.

pub(crate) mod date_time;
mod literal;
mod model;
pub(crate) mod reader;

pub use model::{DateTime, FileRef, Lookup, Party, Value};
