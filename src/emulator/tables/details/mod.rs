//! What a table has that a data package's schema cannot say: lengths, options, required levels, navigation names,
//! keys. The emulator's own tables are written in the same form.
//!
#![doc = include_str!("form.md")]

mod define;
mod named;
mod refine;
mod shape;

pub(crate) use shape::{ColumnDetails, ColumnType, Details, GeneratedDetails, TableDetails, TargetDetails};

#[cfg(test)]
mod tests;
