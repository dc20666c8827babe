//! Reads a table's rows by their ids and writes them as records.

use super::files::{FileAt, files_of};
use super::{Exported, Run, unwritable};
use crate::reading::{Ask, Rows, Wanted, asks};
use crate::table_fit::TableFit;
use crate::values::from_json;
use crate::{Pass, Problem, ProblemKind};
use cmt::{Field, PackageWriter, Record};
use dataverse::{Clock, Row, Transport};
use std::io::{Seek, Write};
use uuid::Uuid;

/// What a row is expected to have on the wire, in bytes.
const ROW: usize = 8_000;
/// The same for rows that carry a file.
const ROW_WITH_FILE: usize = 200_000;
/// Columns that hold a file as base64 text.
const FILES: [&str; 2] = ["documentbody", "body"];

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Writes one answer. Brings the number of records written.
    pub(super) fn write_answer<W: Write + Seek>(
        &mut self,
        (number, exported): (usize, &Exported<'_>),
        ask: &Ask,
        rows: Result<Rows, Problem>,
        writer: &mut PackageWriter<W>,
        files: &mut Vec<FileAt>,
    ) -> Result<u64, Problem> {
        let name = &exported.table.name;
        let failed = if rows.is_err() { ask.records.len() } else { 0 };
        let records = match rows {
            Ok(rows) => self.write_rows((number, exported), ask, &rows, writer, files)?,
            Err(refusal) => {
                self.left_out(refusal, name)?;
                0
            }
        };
        self.progress.advance(Pass::ReadRows, name, ask.records.len(), failed);
        Ok(records)
    }

    fn write_rows<W: Write + Seek>(
        &mut self,
        (number, exported): (usize, &Exported<'_>),
        ask: &Ask,
        rows: &Rows,
        writer: &mut PackageWriter<W>,
        files: &mut Vec<FileAt>,
    ) -> Result<u64, Problem> {
        let mut records = 0;
        for id in ask.records.iter().map(|&number| exported.ids[number]) {
            match rows.get(&id) {
                Some(row) => {
                    let record = self.record(&exported.fit, id, row)?;
                    writer.record(&record).map_err(unwritable)?;
                    files.extend(files_of(number, &record));
                    records += 1;
                }
                None => self.left_out(gone(id), &exported.table.name)?,
            }
        }
        Ok(records)
    }

    /// The row as a record: the schema's columns that have a value, in the schema's order.
    fn record(&mut self, fit: &TableFit<'_>, id: Uuid, row: &Row) -> Result<Record, Problem> {
        let mut fields = Vec::new();
        for column in &fit.columns {
            let Some(metadata) = column.readable() else { continue };
            match from_json(row, metadata) {
                Ok(value) => fields.extend(value.map(|value| Field { column: metadata.name.clone(), value })),
                Err(unreadable) => self.left_out(unreadable, &fit.metadata.name)?,
            }
        }
        Ok(Record { id, fields })
    }
}

/// The questions for a table's rows.
pub(super) fn asks_for(number: usize, exported: &Exported<'_>) -> Vec<Ask> {
    let columns = exported.fit.columns.iter().filter_map(|c| c.readable());
    let select = exported.fit.properties_of(columns);
    let bytes = if select.iter().any(|c| FILES.contains(&c.as_str())) { ROW_WITH_FILE } else { ROW };
    let wanted = exported.ids.iter().enumerate().map(|(number, id)| Wanted { number, id: *id, bytes });
    asks(number, exported.fit.metadata, &select, wanted)
}

fn gone(id: Uuid) -> Problem {
    Problem::new(
        ProblemKind::Answer,
        "The row was there when the export began, but not when it was read.",
        "Export again if nobody was to remove it.",
    )
    .at_record(id, "")
}
