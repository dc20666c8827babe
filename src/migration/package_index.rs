//! Where each record of the package stands, and where its lookups point.

use crate::package::LoadedPackage;
use crate::table_fit::TableFit;
use crate::{EnvironmentTables, LoadedTable, RowRef, parties};
use cmt::{Field, Lookup, Record, Value};
use dataverse::TableMetadata;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A record's place in the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RecordAt {
    /// Index in [`LoadedPackage::tables`].
    pub(crate) table: usize,
    /// Index in [`LoadedTable::records`].
    pub(crate) record: usize,
}

/// The package, with its tables beside the environment's and its records findable by id.
#[derive(Debug)]
pub(crate) struct PackageIndex<'a> {
    pub(crate) package: &'a LoadedPackage,
    /// One entry a table of the package; `None` where schema or environment lack the table.
    pub(crate) fits: Vec<Option<TableFit<'a>>>,
    by_id: HashMap<(&'a str, Uuid), RecordAt>,
}

impl<'a> PackageIndex<'a> {
    pub(crate) fn new(package: &'a LoadedPackage, tables: &'a EnvironmentTables) -> PackageIndex<'a> {
        let fit = |t: &LoadedTable| tables.get(&t.name).and_then(|m| TableFit::of(package, m));
        let mut by_id = HashMap::new();
        for (table, loaded) in package.tables.iter().enumerate() {
            for (record, found) in loaded.records.iter().enumerate() {
                // Of records with the same id the first counts.
                by_id.entry((loaded.name.as_str(), found.id)).or_insert(RecordAt { table, record });
            }
        }
        PackageIndex { package, fits: package.tables.iter().map(fit).collect(), by_id }
    }

    pub(crate) fn find(&self, row: &RowRef) -> Option<RecordAt> {
        self.by_id.get(&(row.table.as_str(), row.id)).copied()
    }

    /// Whether an earlier record has the same id.
    pub(crate) fn is_repeated(&self, at: RecordAt) -> bool {
        let table = &self.package.tables[at.table];
        self.by_id.get(&(table.name.as_str(), table.records[at.record].id)) != Some(&at)
    }

    /// The record as a row of its table.
    pub(crate) fn row(&self, at: RecordAt) -> RowRef {
        RowRef { table: self.package.tables[at.table].name.clone(), id: self.record(at).id }
    }

    pub(crate) fn record(&self, at: RecordAt) -> &'a Record {
        &self.package.tables[at.table].records[at.record]
    }

    /// Which tables of the package each of its tables points to.
    pub(crate) fn uses(&self) -> HashMap<&'a str, BTreeSet<String>> {
        let mut uses: HashMap<&'a str, BTreeSet<String>> = HashMap::new();
        for (table, loaded) in self.package.tables.iter().enumerate() {
            let used = uses.entry(loaded.name.as_str()).or_default();
            for record in 0..loaded.records.len() {
                let rows = self.lookups(RecordAt { table, record }).map(|(_, row)| row);
                used.extend(rows.filter(|row| self.find(row).is_some()).map(|row| row.table));
            }
        }
        uses
    }

    /// The lookups of a record that are written, in its order: column and the row it points to. A list of parties
    /// points to each of them.
    pub(crate) fn lookups(&self, at: RecordAt) -> impl Iterator<Item = (&'a str, RowRef)> {
        let fit = self.fits[at.table].as_ref();
        self.record(at).fields.iter().flat_map(move |field| {
            let column = fit.and_then(|fit| fit.column(&field.column));
            let written = column.is_some_and(|c| c.fit.is_sent_on_create() || c.fit.is_compared());
            let rows = fit.filter(|_| written).map(|fit| rows_of(field, fit.metadata)).unwrap_or_default();
            rows.into_iter().map(|row| (field.column.as_str(), row))
        })
    }
}

fn rows_of(field: &Field, table: &TableMetadata) -> Vec<RowRef> {
    match &field.value {
        Value::Lookup(lookup) => vec![pointed_row(lookup, &field.column, table)],
        Value::Parties(parties) => parties.iter().filter_map(parties::who).collect(),
        _ => Vec::new(),
    }
}

/// The row that a lookup points to. A file may leave out the table where the column allows only one.
pub(crate) fn pointed_row(lookup: &Lookup, column: &str, table: &TableMetadata) -> RowRef {
    let mut targets = table.lookups.iter().filter(|l| l.column == column).map(|l| &l.target);
    let table = match (lookup.table.is_empty(), targets.next(), targets.next()) {
        (true, Some(only), None) => only.clone(),
        _ => lookup.table.clone(),
    };
    RowRef { table, id: lookup.id }
}
