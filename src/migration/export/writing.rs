//! Writes what was read: table after table, its records in the format's order, its links, and all files behind.

use super::output::PackageOutput;
use super::trimming::trimmed;
use super::{Run, no_room};
use crate::outcome::LinksLeftOut;
use crate::{ExportReport, ExportedTable, Pass, Problem, ProblemKind, RowCount};
use cmt::{LinkSet, PackageWriter, Spool, WriteError};
use dataverse::{Clock, Transport};
use std::io;
use uuid::Uuid;

/// Bytes of text between two settlings, about.
const SETTLE: usize = 4 << 20;
/// Bytes of a file that are in memory at once.
const PIECE: u64 = 1 << 20;

/// A package on its way to its place.
struct Growing<'o, O: PackageOutput> {
    output: &'o O,
    writer: PackageWriter<O::Sink>,
    /// Bytes since the last settling.
    unsettled: usize,
}

impl<O: PackageOutput> Growing<'_, O> {
    async fn record(&mut self, text: &[u8]) -> Result<(), Problem> {
        self.writer.record_text(text).map_err(unwritable)?;
        self.passed(text.len()).await
    }

    async fn links(&mut self, links: &LinkSet) -> Result<(), Problem> {
        self.writer.links(links).map_err(unwritable)?;
        self.passed(links.targets.len() * 50).await
    }

    async fn file_piece(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.writer.file_piece(bytes).map_err(unwritable)?;
        self.passed(bytes.len()).await
    }

    async fn passed(&mut self, bytes: usize) -> Result<(), Problem> {
        self.unsettled += bytes;
        if self.unsettled < SETTLE {
            return Ok(());
        }
        self.unsettled = 0;
        self.output.settle().await.map_err(not_carried_on)
    }

    async fn finish(self) -> Result<(), Problem> {
        self.writer.finish().map_err(unwritable)?;
        self.output.settle().await.map_err(not_carried_on)
    }
}

/// What came into the package.
#[derive(Debug, Default)]
pub(super) struct Written {
    tables: Vec<ExportedTable>,
    links_left_out: Vec<LinksLeftOut>,
    files: u64,
}

impl<T: Transport, C: Clock, S: Spool> Run<'_, T, C, S> {
    /// Writes everything that was read.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn write_package<O: PackageOutput>(&mut self, output: &O) -> Result<Written, Problem> {
        let schema = trimmed(self.order.schema, self.order.tables);
        let writer = PackageWriter::new(output.sink(), &schema, self.order.timestamp);
        let mut growing = Growing { output, writer: writer.map_err(unwritable)?, unsettled: 0 };
        let totals = self.tables.iter().map(|e| (e.table.name.clone(), e.read)).collect();
        self.progress.start(Pass::WritePackage, totals);
        let mut written = Written::default();
        for number in 0..self.tables.len() {
            self.write_table(number, &mut growing, &mut written).await?;
        }
        self.write_files(&mut growing, &mut written).await?;
        self.progress.finish(Pass::WritePackage);
        growing.finish().await?;
        Ok(written)
    }

    async fn write_table<O: PackageOutput>(
        &mut self,
        number: usize,
        growing: &mut Growing<'_, O>,
        written: &mut Written,
    ) -> Result<(), Problem> {
        let (name, display_name) = {
            let table = self.tables[number].table;
            (table.name.clone(), table.display_name.clone())
        };
        growing.writer.start_table(&name, &display_name).map_err(unwritable)?;
        let (ids, mut table) = self.write_records(number, growing).await?;
        for set in self.link_sets(number, &ids, written) {
            table.links += set.targets.len() as u64;
            growing.links(&set).await?;
        }
        written.tables.push(table);
        Ok(())
    }

    /// Brings the ids of the records, in their order, where links hang on them.
    async fn write_records<O: PackageOutput>(
        &mut self,
        number: usize,
        growing: &mut Growing<'_, O>,
    ) -> Result<(Vec<Uuid>, ExportedTable), Problem> {
        let has_links = self.links.iter().any(|declared| declared.table == number);
        let mut table = self.tables[number].as_written();
        let mut ids = Vec::new();
        let runs = std::mem::take(&mut self.tables[number].runs);
        let mut merge = self.laid_down.merged(&runs).map_err(no_room)?;
        while let Some(row) = merge.next().map_err(no_room)? {
            growing.record(&row.text).await?;
            if has_links {
                ids.push(row.id);
            }
            table.records += 1;
            table.changed += u64::from(row.changed);
            self.progress.advance(Pass::WritePackage, &table.table, 1, 0);
            if table.records.is_multiple_of(1000) {
                self.progress.go_on()?;
            }
        }
        Ok((ids, table))
    }

    fn link_sets(&mut self, number: usize, ids: &[Uuid], written: &mut Written) -> Vec<LinkSet> {
        let mut sets = Vec::new();
        for declared in self.links.iter_mut().filter(|declared| declared.table == number) {
            if declared.is_left_out() {
                written.links_left_out.extend(declared.left_out(ids));
            } else {
                sets.extend(declared.sets(ids));
            }
        }
        sets
    }

    async fn write_files<O: PackageOutput>(
        &mut self,
        growing: &mut Growing<'_, O>,
        written: &mut Written,
    ) -> Result<(), Problem> {
        for file in std::mem::take(&mut self.files) {
            self.progress.go_on()?;
            growing.writer.begin_file(file.file).map_err(unwritable)?;
            for place in file.places {
                let mut start = place.start;
                while start < place.end {
                    let end = place.end.min(start + PIECE);
                    let piece = self.laid_down.read(&(start..end)).map_err(no_room)?;
                    growing.file_piece(&piece).await?;
                    start = end;
                }
            }
            written.files += 1;
        }
        Ok(())
    }

    /// What the export ends with.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn report(mut self, written: Written) -> Result<ExportReport, Problem> {
        let mut tables = written.tables;
        self.verify(&mut tables).await?;
        Ok(ExportReport {
            tables,
            links_left_out: written.links_left_out,
            files: written.files,
            problems: self.problems,
        })
    }
}

impl super::Exported<'_> {
    /// Before its first record is written.
    fn as_written(&self) -> ExportedTable {
        ExportedTable {
            table: self.table.name.clone(),
            display_name: self.table.display_name.clone(),
            expected: self.surveyed.map_or(RowCount::Unknown, |surveyed| surveyed.rows),
            counted_again: None,
            strays: self.surveyed.and_then(|surveyed| surveyed.strays).unwrap_or(0),
            changed: 0,
            records: 0,
            links: 0,
        }
    }
}

fn unwritable(error: WriteError) -> Problem {
    Problem::new(ProblemKind::Internal, error.to_string(), ROOM)
}

fn not_carried_on(error: io::Error) -> Problem {
    let (what, remedy) = match error.kind() {
        io::ErrorKind::StorageFull => ("There is no more room for the package.", ROOM),
        io::ErrorKind::PermissionDenied => (
            "The browser may not write to the file any more.",
            "Export again, and allow this page to save to the file until the end.",
        ),
        io::ErrorKind::NotFound => {
            ("The file that the package went to is gone.", "Export again and leave the file in its place.")
        }
        _ => ("The package could not be written.", ROOM),
    };
    let what = match error.get_ref() {
        Some(reason) => format!("{what} The browser says: {reason}"),
        None => what.to_owned(),
    };
    Problem::new(ProblemKind::Internal, what, remedy)
}

const ROOM: &str = "Make room on this device, or choose another place, and export again.";
