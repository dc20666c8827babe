//! Relationships and the navigation properties they are written by.

use serde::{Deserialize, Serialize};

/// A lookup column and one of the tables it points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ManyToOne {
    pub(crate) schema_name: String,
    /// The table that has the column.
    pub(crate) table: String,
    pub(crate) column: String,
    pub(crate) target: String,
    /// Single-valued navigation property of the row with the lookup.
    pub(crate) navigation: String,
    /// Collection of the row pointed to.
    pub(crate) collection: String,
}

/// A many-to-many relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManyToMany {
    /// Schema name.
    pub schema_name: String,
    /// The table that holds the links.
    pub intersect: String,
    /// `Entity1…`
    pub first: Side,
    /// `Entity2…`
    pub second: Side,
}

/// One side of a many-to-many relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The table on this side.
    pub table: String,
    /// The column of the intersect table that holds this side's id.
    pub column: String,
    /// The collection of this side's rows that holds the other side's.
    pub navigation: String,
}
