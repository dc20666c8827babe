//! What two comparisons find, and what they may leave out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use uuid::Uuid;

/// Something of the package that does not stand where it should. Holds no record values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Logical name; the intersect table of a link.
    pub table: String,
    /// The record's id in the package, or a link's source.
    pub record: Uuid,
    /// What is not as it should be.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.table, self.record, self.what)
    }
}

/// What the comparisons leave out, each for a reason that the round trip lists, and where records went.
#[derive(Clone, Debug, Default)]
pub struct Excused {
    /// Columns that nobody may write, by table.
    pub not_writable: BTreeMap<String, BTreeSet<String>>,
    /// Lookups whose target is nowhere, and which the report names: table, record, column.
    pub lookups: BTreeSet<(String, Uuid, String)>,
    /// Links with an end that is nowhere, and which the report names: intersect table, source, target.
    pub links: BTreeSet<(String, Uuid, Uuid)>,
    /// Records of tables that are never written: table, record.
    pub records: BTreeSet<(String, Uuid)>,
    /// Where a record went, if not to its own id: (table, id) to id.
    pub moved: BTreeMap<(String, Uuid), Uuid>,
}

impl Excused {
    /// Whether a column's value is left out.
    #[must_use]
    pub fn column(&self, table: &str, record: Uuid, column: &str) -> bool {
        self.not_writable.get(table).is_some_and(|c| c.contains(column))
            || self.lookups.contains(&(table.to_owned(), record, column.to_owned()))
    }

    /// Whether a record is left out.
    #[must_use]
    pub fn record(&self, table: &str, record: Uuid) -> bool {
        self.records.contains(&(table.to_owned(), record))
    }

    /// Whether a link is left out.
    #[must_use]
    pub fn link(&self, intersect: &str, source: Uuid, target: Uuid) -> bool {
        self.links.contains(&(intersect.to_owned(), source, target))
    }

    /// A record's id in the target.
    #[must_use]
    pub fn target_id(&self, table: &str, id: Uuid) -> Uuid {
        self.moved.get(&(table.to_owned(), id)).copied().unwrap_or(id)
    }
}

/// Written as this column, kept as `createdon`: the service notes the import's own time in its place.
pub const WRITTEN_AS_CREATED: &str = "overriddencreatedon";
