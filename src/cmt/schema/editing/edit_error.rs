//! Why an edit is not made.

use super::Listing;

/// An edit that does not fit the schema. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The schema does not list the table, or not so often.
    #[error("The schema lists no table {0}.")]
    NoSuchTable(Listing),
    /// The table does not list the column, or not so often.
    #[error("The table {table} lists no column {column}.")]
    NoSuchColumn {
        /// The table.
        table: Listing,
        /// The column.
        column: Listing,
    },
    /// The table does not declare the relationship.
    #[error("The table {table} declares no relationship {relationship}.")]
    NoSuchRelationship {
        /// The table.
        table: Listing,
        /// The relationship.
        relationship: Listing,
    },
    /// What is to be added is there.
    #[error("{0} is in the schema already.")]
    AlreadyThere(String),
    /// A logical name is empty, or holds white space or a bar, which separates names.
    #[error("\"{0}\" is no logical name.")]
    NotAName(String),
    /// A text holds a character that XML cannot carry, such as U+0001.
    #[error("\"{0}\" holds a character that no XML file can carry.")]
    Unwritable(String),
    /// The schema would grow beyond what is read ([`crate::Limits`]); the one reason why it could not be read.
    #[error(transparent)]
    Unreadable(#[from] crate::Error),
}

impl EditError {
    /// What the user can do next: one sentence.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            EditError::NoSuchTable(_)
            | EditError::NoSuchColumn { .. }
            | EditError::NoSuchRelationship { .. } => "Look at the schema again: it was changed meanwhile.",
            EditError::AlreadyThere(_) => "Change what is there, or remove it first.",
            EditError::NotAName(_) => "Write the logical name: small letters, digits and underscores.",
            EditError::Unwritable(_) => "Type the text instead of pasting it.",
            EditError::Unreadable(_) => "Split the schema into two.",
        }
    }
}
