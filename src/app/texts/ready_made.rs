//! The ready-made schemas, where an export chooses what to read.

use super::tables;
use migration::{ReadyMadeSchema, SchemaSourceNote};

pub(crate) const TITLE: &str = "Ready-made for portals";
pub(crate) const WHICH: &str = "Which portal?";
pub(crate) const LISTING: &str = "Looking which of them fits this environment …";
pub(crate) const NOT_LISTED: &str = "The ready-made schemas could not be listed";
pub(crate) const AGAIN: &str = "List them again";
pub(crate) const PROPOSED: &str = "Proposed";
pub(crate) const NONE_PROPOSED: &str = "None is proposed";
pub(crate) const ENHANCED: &str = "The enhanced data model";
pub(crate) const LEAVES_OUT: &str = "What it leaves out, and why";
pub(crate) const SOURCES: &str = "From where its tables are known";
pub(crate) const USE: &str = "Use this schema";

/// The proposal's title.
pub(crate) fn proposed(title: &str) -> String {
    format!("{PROPOSED}: {title}")
}

/// What the details are called.
pub(crate) fn holds(schema: &ReadyMadeSchema) -> String {
    format!("What it holds: {}", tables(schema.tables as u64))
}

/// Which tables a source is about.
pub(crate) fn about(source: &SchemaSourceNote) -> String {
    if source.tables.is_empty() { "All tables".to_owned() } else { source.tables.join(", ") }
}
