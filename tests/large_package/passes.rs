//! What is done with a large package: index it, read every table twice, write it again from the spool.

use cmt::{DataPackage, PackageWriter, Spool, SpooledPackage};
use std::error::Error;
use std::io::{Seek, Write};

/// What was seen on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Records of the package.
    pub records: u64,
    /// Records that were read from the spool, over all passes but the last.
    pub read: u64,
    /// Bytes of the package's `data.xml`.
    pub size: u64,
    /// Bytes in the spool.
    pub spooled: u64,
}

/// Indexes the package, reads its tables from the last to the first and again, then writes it anew.
///
/// # Errors
/// The package, the spool or the sink.
pub fn index_read_rewrite<S: Spool, W: Write + Seek>(
    package: &DataPackage,
    spool: S,
    sink: W,
) -> Result<(Seen, W), Box<dyn Error>> {
    let spooled = SpooledPackage::index(package, spool)?;
    let records = spooled.tables().iter().map(|table| table.records().len() as u64).sum();
    let mut seen = Seen { records, size: package.data_size(), spooled: spooled.size(), read: 0 };
    for table in spooled.tables().iter().rev().chain(spooled.tables()) {
        for record in spooled.records(table) {
            record?;
            seen.read += 1;
        }
    }
    let mut writer = PackageWriter::new(sink, spooled.schema(), spooled.timestamp().unwrap_or_default())?;
    for table in spooled.tables() {
        writer.start_table(&table.name, &table.display_name)?;
        for record in spooled.records(table) {
            writer.record(&record?)?;
        }
        for links in spooled.links(table) {
            writer.links(&links?)?;
        }
    }
    Ok((seen, writer.finish()?))
}
