//! What stays in memory of a spooled package: where each record lies.

use uuid::Uuid;

/// A stretch of the spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) start: u64,
    pub(crate) length: u32,
}

/// Where a record lies in the spool of one package. 32 bytes, whatever the record's size; it means
/// nothing in another spool. Read with [`SpooledPackage::record`](crate::SpooledPackage::record).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordAt {
    /// The record's `id` in the file: its primary key in the source environment.
    pub id: Uuid,
    pub(crate) extent: Extent,
}

/// A table's records and links in file order. A table that the file lists twice is two of these (seen in one
/// real package).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpooledTable {
    /// Logical name, as `data.xml` writes it.
    pub name: String,
    /// Label, as `data.xml` writes it.
    pub display_name: String,
    pub(crate) records: Vec<RecordAt>,
    /// By the source of each.
    pub(crate) links: Vec<RecordAt>,
    pub(crate) linked_rows: u64,
}

impl SpooledTable {
    /// The places of its records in file order, repeated ids included. In real packages that is SQL Server's
    /// order of the ids ([`sql_server_order`](crate::sql_server_order)); in the files of other tools it may
    /// be any.
    #[must_use]
    pub fn records(&self) -> &[RecordAt] {
        &self.records
    }

    /// The number of linked pairs: targets, not link elements.
    #[must_use]
    pub fn linked_rows(&self) -> u64 {
        self.linked_rows
    }

    /// Bytes of its records and links in the spool: about what they have as text, unescaped.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.records.iter().chain(&self.links).map(|at| u64::from(at.extent.length)).sum()
    }
}
