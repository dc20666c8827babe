//! What is wrong with a schema, as data.

use super::{Edit, Listing};
use crate::Severity;

/// Something in a schema that its author may not want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaProblem {
    /// [`Severity::Error`]: tools fail on it. [`Severity::Warning`]: rows may be lost, doubled or overwritten.
    /// [`Severity::Note`]: good to know.
    pub severity: Severity,
    /// What is wrong, for whoever counts, groups or looks for it.
    pub kind: ProblemKind,
    /// The table; `None`: the whole schema.
    pub table: Option<Listing>,
    /// The column; `None`: the whole table.
    pub column: Option<Listing>,
    /// What is wrong. One sentence.
    pub what: String,
    /// What happens if it stays so. One sentence or two.
    pub consequence: String,
    /// The edit that mends it, where one can be told without asking. Its words say what it does.
    pub fix: Option<Edit>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// A table is listed more than once.
    RepeatedTable,
    /// A column is listed more than once in its table.
    RepeatedColumn,
    /// A relationship is declared more than once: in its table, or on both sides.
    RepeatedRelationship {
        /// Its name.
        relationship: String,
    },
    /// The table does not say which column holds the id.
    UnnamedIdColumn,
    /// The id column is not among the columns.
    NoIdColumn,
    /// The name column is not among the columns.
    NoNameColumn,
    /// A lookup has no target.
    NoLookupTarget,
    /// A lookup leads to tables that the schema does not list.
    TargetsOutside {
        /// Their logical names, in file order.
        targets: Vec<String>,
    },
    /// The other side of a relationship is not listed.
    RelationshipOutside {
        /// Its name.
        relationship: String,
        /// The table on the other side.
        target: String,
    },
    /// No column is marked as uniqueness condition.
    NoUniqueness,
    /// The id column alone is the uniqueness condition.
    UniqueByIdAlone,
    /// Records are always created, and yet matched ones are to be left alone.
    ForceCreateAndSkipUpdate,
    /// The import order lacks tables.
    OrderIncomplete {
        /// Their logical names, in file order.
        tables: Vec<String>,
    },
    /// The import order names tables that the schema does not list, or a table twice.
    OrderOfOthers {
        /// The names that count for nothing, in their order.
        names: Vec<String>,
    },
    /// Tables come before tables that their lookups lead to, outside of circles.
    OrderAgainstLookups {
        /// A table, and one that it needs and that comes later.
        pairs: Vec<(String, String)>,
    },
    /// The `dateMode` is none that the tool knows.
    UnknownDateMode,
    /// A column has a `dateMode` and holds no dates.
    DateModeWithoutDates,
    /// The filter is not well-formed XML, or neither `<fetch>` nor `<filter>`.
    BrokenFilter,
    /// The filter has no content.
    EmptyFilter,
    /// The filter is a bare `<filter>`, no whole query.
    PartialFilter,
    /// The filter asks for another table.
    FilterOfOtherTable {
        /// That table; empty where none is named.
        entity: String,
    },
    /// Values of the column are not moved.
    NeverMoved,
}
