//! Records and links as `data.xml` holds them.

use crate::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A record (`<record>`). Source of the shapes here: 29,448 records and 318 link elements of 31 real packages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// `id`: the primary key in the source environment; also a field where the schema lists the id column.
    pub id: Uuid,
    /// Its fields in file order, which is the schema's in every record seen.
    pub fields: Vec<Field>,
}

/// A column's value in a record (`<field>`). The file has no way to write that a column is empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The column's logical name.
    pub column: String,
    /// Its value.
    pub value: Value,
}

/// One `<m2mrelationship>` element: the rows that one row is linked to. One element a source row and relationship.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSet {
    /// `m2mrelationshipname`: the intersect table.
    pub relationship: String,
    /// `sourceid`: a row of the table that the element stands in.
    pub source: Uuid,
    /// `targetentityname`: the table on the other side; its own table for a reflexive relationship.
    pub target_table: String,
    /// `targetentitynameidfield`: that table's id column.
    pub target_primary_id: String,
    /// `targetid`s in file order. They need not be in the package.
    pub targets: Vec<Uuid>,
}

/// One linked pair of a [`LinkSet`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// The intersect table.
    pub relationship: String,
    /// A row of the declaring table.
    pub source: Uuid,
    /// A row of the other table.
    pub target: Uuid,
}

impl Record {
    /// The value of a column; `None` where the record has no field for it.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<&Value> {
        self.fields.iter().find(|f| f.column == column).map(|f| &f.value)
    }
}
