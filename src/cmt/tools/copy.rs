//! Copies a part of a package into a new one, record by record.

use crate::spool::{Spool, SpooledPackage};
use crate::tools::ToolError;
use crate::{DataPackage, Field, LinkSet, PackageWriter, Record, Schema, Value};
use std::collections::BTreeSet;
use std::io::{Seek, Write};
use uuid::Uuid;

/// Says what of a package is copied.
pub(crate) trait Selection {
    /// Whether the record of that id is copied.
    fn takes_record(&self, table: &str, id: Uuid) -> bool;

    /// What of a set of links is copied; `None`: nothing.
    fn takes_links(&self, table: &str, links: LinkSet) -> Option<LinkSet>;
}

/// Writes the selected records, their links and files in file order, under a schema that lists their tables.
pub(crate) fn copy<S: Spool, W: Write + Seek>(
    package: &SpooledPackage<S>,
    schema: &Schema,
    selection: &impl Selection,
    sink: W,
) -> Result<W, ToolError> {
    let mut writer = PackageWriter::new(sink, schema, package.timestamp().unwrap_or_default())?;
    let mut files = BTreeSet::new();
    for table in package.tables().iter().filter(|table| schema.table(&table.name).is_some()) {
        writer.start_table(&table.name, &table.display_name)?;
        for at in table.records().iter().filter(|at| selection.takes_record(&table.name, at.id)) {
            let record = package.record(at)?;
            files.extend(file_ids(&record));
            writer.record(&record)?;
        }
        for links in package.links(table) {
            if let Some(links) = selection.takes_links(&table.name, links?) {
                writer.links(&links)?;
            }
        }
    }
    copy_files(package.package(), files, &mut writer)?;
    Ok(writer.finish()?)
}

/// The files that a record's columns refer to.
pub(crate) fn file_ids(record: &Record) -> impl Iterator<Item = Uuid> {
    record.fields.iter().filter_map(|Field { value, .. }| match value {
        Value::File(file) => Some(file.id),
        _ => None,
    })
}

/// Copies those of the files that the package holds.
pub(crate) fn copy_files<W: Write + Seek>(
    package: &DataPackage,
    ids: impl IntoIterator<Item = Uuid>,
    writer: &mut PackageWriter<W>,
) -> Result<(), ToolError> {
    for id in ids {
        if let Some(mut content) = package.file(id) {
            writer.file(id, &mut content)?;
        }
    }
    Ok(())
}
