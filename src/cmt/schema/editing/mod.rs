//! Editing a schema without touching what is not edited.
//!
//! A [`SchemaDocument`] is a file's text and the [`Schema`](crate::Schema) read from it. An [`Edit`] names what is to
//! change; it is turned into the few splices of the text that say it, written as their neighbours are, and the result
//! is read again: text and model come from one reading and cannot disagree. Documents do not change; a [`History`]
//! keeps the way from each to the next. [`problems`] checks a schema and offers edits that mend it, [`compare`] tells
//! two schemas apart, [`order_by_dependencies`] proposes an import order.

mod applying;
mod comparing;
mod dependencies;
mod document;
mod edit;
mod edit_error;
mod hand;
mod history;
mod layout;
mod outline;
mod problem;
mod problems;
#[cfg(test)]
mod proof;
mod splice;
mod start_tag;

pub use comparing::{
    Change, ItemDifference, SchemaDifference, SchemaTableDifference, SettingDifference, compare,
};
pub use dependencies::{OutsideTable, order_by_dependencies, tables_outside};
pub use document::SchemaDocument;
pub use edit::{ColumnSetting, Edit, Listing, TableSetting};
pub use edit_error::EditError;
pub use history::History;
pub use problem::{ProblemKind, SchemaProblem};
pub use problems::problems;
