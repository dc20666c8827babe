//! A data package whose records were laid down in a spool.

use crate::spool::place::{Extent, RecordAt, SpooledTable};
use crate::spool::record_index::RecordIndex;
use crate::spool::storage::Spool;
use crate::{DataItem, DataPackage, Error, Finding, LinkSet, Record, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::fmt;

/// How much is gathered before it goes to the spool, and read from it ahead.
const CHUNK: usize = 1 << 18;

/// A package after its one indexing pass: its tables are read in any order, any number of times.
///
/// In memory are the schema, the findings, 32 bytes a record and at most 256 KB that were read ahead.
/// Everything else is in the spool. The largest real `data.xml` seen has 22 MB and one attribute of 1.7 MB;
/// Microsoft names no limit.
pub struct SpooledPackage<S> {
    package: DataPackage,
    timestamp: Option<String>,
    findings: Vec<Finding>,
    tables: Vec<SpooledTable>,
    spool: S,
    size: u64,
    ahead: RefCell<Ahead>,
}

impl<S: Spool> SpooledPackage<S> {
    /// Reads `data.xml` once, to its end, and lays every record down in `spool`, which must be empty.
    ///
    /// In: an opened package, of which a handle is kept, and storage. Out: the package with its records in a
    /// form of our own that is not meant to last. Records that repeat an id are all kept.
    ///
    /// # Errors
    /// [`Error::BrokenXml`], [`Error::DamagedZip`] and [`Error::TooMuch`] from the data; [`Error::Spool`]
    /// when the spool is full or a record has more than 4 GB.
    pub fn index(package: &DataPackage, spool: S) -> Result<SpooledPackage<S>, Error> {
        let mut writer = SpoolWriter { spool, pending: Vec::with_capacity(CHUNK), flushed: 0 };
        let mut tables: Vec<SpooledTable> = Vec::new();
        let mut findings = package.findings().to_vec();
        let mut reader = package.read()?;
        for item in reader.by_ref() {
            match (item?, tables.last_mut()) {
                (DataItem::Table { name, display_name }, _) => {
                    tables.push(SpooledTable { name, display_name, ..SpooledTable::default() });
                }
                (DataItem::Record(record), Some(table)) => {
                    let extent = writer.lay_down(&record)?;
                    table.records.push(RecordAt { id: record.id, extent });
                }
                (DataItem::Links(links), Some(table)) => {
                    let extent = writer.lay_down(&links)?;
                    table.links.push(RecordAt { id: links.source, extent });
                    table.linked_rows += links.targets.len() as u64;
                }
                // The reader promises a table before its records.
                (DataItem::Record(_) | DataItem::Links(_), None) => {}
            }
        }
        findings.extend(reader.take_findings());
        let timestamp = reader.timestamp().map(str::to_owned);
        let (spool, size) = writer.finish()?;
        let package = package.clone();
        Ok(SpooledPackage { package, timestamp, findings, tables, spool, size, ahead: RefCell::default() })
    }

    /// The package that was laid down: its schema, and the files that come along.
    #[must_use]
    pub fn package(&self) -> &DataPackage {
        &self.package
    }

    /// The schema of the package, as `data_schema.xml` gives it.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        self.package.schema()
    }

    /// The root's `timestamp` as written: ISO in UTC with seven digits behind the second since 2021, culture
    /// text in files of 2017 to 2019, absent in one of 31 real packages.
    #[must_use]
    pub fn timestamp(&self) -> Option<&str> {
        self.timestamp.as_deref()
    }

    /// What was unusual about the zip, the schema and the data, in this order.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The tables of `data.xml` in file order, which is the schema's in every package seen. Tables without
    /// records are not written there (71 were absent).
    #[must_use]
    pub fn tables(&self) -> &[SpooledTable] {
        &self.tables
    }

    /// The listings of a table, by its logical name, in file order: usually one, two in one package seen,
    /// none where the data does not list it.
    pub fn listings(&self, name: &str) -> impl Iterator<Item = &SpooledTable> {
        self.tables.iter().filter(move |table| table.name == name)
    }

    /// A table's records by id, over all its listings; empty where the data does not list the table. Reads
    /// nothing.
    pub fn by_id(&self, table: &str) -> RecordIndex<'_, S> {
        RecordIndex::new(self, table)
    }

    /// Bytes in the spool, of all tables.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// A table's records in file order, each read when it is asked for. `table` must be of this package.
    ///
    /// # Errors
    /// Each item may be [`Error::Spool`], when the spool cannot be read any more.
    pub fn records<'a>(
        &'a self,
        table: &'a SpooledTable,
    ) -> impl Iterator<Item = Result<Record, Error>> + 'a {
        table.records.iter().map(|at| self.record(at))
    }

    /// A table's links in file order, each read when it is asked for: one item a source row and relationship,
    /// as the file writes them (318 elements seen, none twice). `table` must be of this package.
    ///
    /// # Errors
    /// Each item may be [`Error::Spool`], when the spool cannot be read any more.
    pub fn links<'a>(&'a self, table: &'a SpooledTable) -> impl Iterator<Item = Result<LinkSet, Error>> + 'a {
        table.links.iter().map(|at| self.take_up(at.extent))
    }

    /// One record, as the file holds it at this place. `at` must be from [`SpooledTable::records`] of this
    /// package.
    ///
    /// # Errors
    /// [`Error::Spool`] when the spool cannot be read any more.
    pub fn record(&self, at: &RecordAt) -> Result<Record, Error> {
        self.take_up(at.extent)
    }

    /// Gives the spool back, to be emptied. The bytes in it mean nothing to anybody else.
    pub fn into_spool(self) -> S {
        self.spool
    }

    fn take_up<T: DeserializeOwned>(&self, extent: Extent) -> Result<T, Error> {
        let mut ahead = self.ahead.borrow_mut();
        let bytes = ahead.bytes(&self.spool, extent, self.size).map_err(|error| spool_error(&error))?;
        let item = postcard::from_bytes(bytes).map_err(|error| spool_error(&error));
        ahead.forget_if_large();
        item
    }
}

/// The stretch of the spool that was read last: records are mostly read one behind the other.
#[derive(Default)]
struct Ahead {
    start: u64,
    bytes: Vec<u8>,
}

impl Ahead {
    /// A file of megabytes is not kept beside the record it became.
    fn forget_if_large(&mut self) {
        if self.bytes.len() > CHUNK {
            *self = Ahead::default();
        }
    }

    fn bytes(&mut self, spool: &impl Spool, extent: Extent, end: u64) -> std::io::Result<&[u8]> {
        let length = extent.length as usize;
        let known = extent.start.checked_sub(self.start).filter(|offset| {
            offset.checked_add(length as u64).is_some_and(|behind| behind <= self.bytes.len() as u64)
        });
        let offset = match known {
            Some(offset) => offset as usize,
            None => {
                let left = usize::try_from(end.saturating_sub(extent.start)).unwrap_or(usize::MAX);
                let wanted = length.max(CHUNK.min(left));
                // Nothing is known should the reading fail.
                self.bytes.clear();
                self.bytes.shrink_to(CHUNK);
                self.start = extent.start;
                let mut bytes = std::mem::take(&mut self.bytes);
                bytes.resize(wanted, 0);
                spool.read_at(extent.start, &mut bytes)?;
                self.bytes = bytes;
                0
            }
        };
        Ok(&self.bytes[offset..offset + length])
    }
}

/// Gathers what goes to the spool.
struct SpoolWriter<S> {
    spool: S,
    pending: Vec<u8>,
    flushed: u64,
}

impl<S: Spool> SpoolWriter<S> {
    fn lay_down(&mut self, item: &impl Serialize) -> Result<Extent, Error> {
        let before = self.pending.len();
        let pending = std::mem::take(&mut self.pending);
        self.pending = postcard::to_extend(item, pending).map_err(|error| spool_error(&error))?;
        let start = self.flushed + before as u64;
        let length = u32::try_from(self.pending.len() - before);
        let length = length.map_err(|_| spool_error(&"a record has more than 4 GB"))?;
        if self.pending.len() >= CHUNK {
            self.flush()?;
        }
        Ok(Extent { start, length })
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.spool.append(&self.pending).map_err(|error| spool_error(&error))?;
        self.flushed += self.pending.len() as u64;
        self.pending.clear();
        self.pending.shrink_to(2 * CHUNK);
        Ok(())
    }

    fn finish(mut self) -> Result<(S, u64), Error> {
        self.flush()?;
        Ok((self.spool, self.flushed))
    }
}

/// Records are not shown: they may hold what nobody should read in a log.
impl<S> fmt::Debug for SpooledPackage<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SpooledPackage").field("size", &self.size).finish_non_exhaustive()
    }
}

fn spool_error(reason: &dyn fmt::Display) -> Error {
    Error::Spool { reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::corpus::files;
    use crate::proof::testing::{package_of, sample_data, sample_schema};
    use std::io;

    /// What a table holds, read from the spool.
    fn content<S: Spool>(spooled: &SpooledPackage<S>, table: &SpooledTable) -> (Vec<Record>, Vec<LinkSet>) {
        let records = spooled.records(table).collect::<Result<_, _>>().unwrap();
        (records, spooled.links(table).collect::<Result<_, _>>().unwrap())
    }

    /// The same as items of a pass.
    fn items<S: Spool>(spooled: &SpooledPackage<S>, table: &SpooledTable) -> Vec<DataItem> {
        let (records, links) = content(spooled, table);
        let (name, display_name) = (table.name.clone(), table.display_name.clone());
        std::iter::once(DataItem::Table { name, display_name })
            .chain(records.into_iter().map(DataItem::Record))
            .chain(links.into_iter().map(DataItem::Links))
            .collect()
    }

    #[test]
    fn real_packages_are_read_from_memory_and_from_a_file_as_often_as_asked() {
        for (name, zip) in files("packages", ".zip") {
            let package = DataPackage::open(zip).unwrap();
            let mut reader = package.read().unwrap();
            let direct: Vec<DataItem> = reader.by_ref().map(Result::unwrap).collect();
            let memory = SpooledPackage::index(&package, Vec::new()).unwrap();
            let file = SpooledPackage::index(&package, tempfile::tempfile().unwrap()).unwrap();
            assert_eq!(memory.timestamp(), reader.timestamp(), "{name}");
            // The second time from the last table to the first.
            let forwards: Vec<_> = memory.tables().iter().flat_map(|table| items(&memory, table)).collect();
            let mut backwards: Vec<Vec<_>> =
                file.tables().iter().rev().map(|table| items(&file, table)).collect();
            backwards.reverse();
            assert!(forwards == direct && backwards.concat() == direct, "{name}");
            let told = package.findings().len() + reader.take_findings().len();
            assert_eq!(memory.findings().len(), told, "{name}");
        }
    }

    #[test]
    fn single_records_are_found_in_any_order() {
        let package = package_of(&sample_schema(), &sample_data());
        let spooled = SpooledPackage::index(&package, Vec::new()).unwrap();
        let [table] = spooled.tables() else { panic!("{:?}", spooled.tables()) };
        assert_eq!((table.linked_rows(), table.size()), (2, spooled.size()));
        for at in table.records().iter().rev().chain(table.records()) {
            assert_eq!(spooled.record(at).unwrap().id, at.id);
        }
    }

    /// Has room for so many bytes, and forgets everything when asked.
    struct Narrow {
        room: usize,
        bytes: Vec<u8>,
        forgetful: bool,
    }

    impl Spool for Narrow {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            if bytes.len() > self.room {
                return Err(io::Error::new(io::ErrorKind::StorageFull, "the quota is used up"));
            }
            Spool::append(&mut self.bytes, bytes)
        }

        fn read_at(&self, position: u64, buffer: &mut [u8]) -> io::Result<()> {
            if self.forgetful {
                return Err(io::ErrorKind::NotFound.into());
            }
            self.bytes.read_at(position, buffer)
        }
    }

    #[test]
    fn a_spool_that_is_full_or_gone_is_told_with_a_remedy() {
        let package = package_of(&sample_schema(), &sample_data());
        let spool = |room| Narrow { room, bytes: Vec::new(), forgetful: true };
        let error = SpooledPackage::index(&package, spool(10)).unwrap_err();
        assert!(error.to_string().contains("the quota is used up"), "{error}");
        assert!(error.remedy().contains("room"));
        let gone = SpooledPackage::index(&package, spool(1 << 20)).unwrap();
        let error = gone.records(&gone.tables()[0]).next().unwrap().unwrap_err();
        assert!(matches!(error, Error::Spool { .. }), "{error}");
    }

    #[test]
    fn a_package_that_breaks_off_is_not_indexed() {
        let package = package_of(&sample_schema(), &sample_data().replace("</entities>", ""));
        assert!(matches!(SpooledPackage::index(&package, Vec::new()), Err(Error::BrokenXml { .. })));
    }
}
