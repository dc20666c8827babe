//! Brings the contents of file columns into the package, after its records.

use super::{Run, unwritable};
use crate::{Problem, ProblemKind};
use cmt::{PackageWriter, Record, Value};
use dataverse::{Clock, Error, Transport};
use std::io::{Seek, Write};
use uuid::Uuid;

/// A file of a row.
#[derive(Debug)]
pub(super) struct FileAt {
    /// The table's number among the exported.
    table: usize,
    row: Uuid,
    column: String,
    /// The file's own id: it names the member of the zip.
    file: Uuid,
}

/// The files that a record names.
pub(super) fn files_of(table: usize, record: &Record) -> impl Iterator<Item = FileAt> {
    record.fields.iter().filter_map(move |field| {
        let Value::File(file) = &field.value else { return None };
        Some(FileAt { table, row: record.id, column: field.column.clone(), file: file.id })
    })
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Writes the content of each file. One that cannot be had is reported, and the package lacks it.
    pub(super) async fn write_files<W: Write + Seek>(
        &mut self,
        files: &[FileAt],
        exported: &[super::Exported<'_>],
        writer: &mut PackageWriter<W>,
    ) -> Result<(), Problem> {
        for file in files {
            self.progress.go_on()?;
            let table = exported[file.table].fit.metadata;
            let lost = match self.client.download_file(table, file.row, &file.column).await {
                Ok(Some(found)) => {
                    writer.file(file.file, &mut found.content.as_slice()).map_err(unwritable)?;
                    None
                }
                Ok(None) => Some(gone(&file.column)),
                Err(Error::Service(refusal)) => Some(Problem::from(refusal)),
                Err(error) => return Err(error.into()),
            };
            if let Some(problem) = lost {
                self.left_out(problem.at_record(file.row, "").at_column(&file.column), &table.name)?;
            }
        }
        Ok(())
    }
}

fn gone(column: &str) -> Problem {
    Problem::new(
        ProblemKind::Answer,
        format!("The file of {column} was there when its row was read, but not when it was to be fetched."),
        "Export again if nobody was to remove it.",
    )
}
