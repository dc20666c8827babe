//! What stays in memory of a spooled package: where each record lies.

use uuid::Uuid;

/// A stretch of the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) start: u64,
    pub(crate) length: u32,
}

/// Where a record lies. 32 bytes, whatever the record's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordAt {
    /// The record's id.
    pub id: Uuid,
    pub(crate) extent: Extent,
}

/// A table's records and links in file order. A table that the file lists twice is two of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpooledTable {
    /// Logical name.
    pub name: String,
    /// Label.
    pub display_name: String,
    pub(crate) records: Vec<RecordAt>,
    /// By the source of each.
    pub(crate) links: Vec<RecordAt>,
    pub(crate) linked_rows: u64,
}

impl SpooledTable {
    /// Its records in file order, repeated ids included.
    #[must_use]
    pub fn records(&self) -> &[RecordAt] {
        &self.records
    }

    /// The number of linked pairs.
    #[must_use]
    pub fn linked_rows(&self) -> u64 {
        self.linked_rows
    }

    /// Bytes in the spool: about what the records have as text, unescaped.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.records.iter().chain(&self.links).map(|at| u64::from(at.extent.length)).sum()
    }
}
