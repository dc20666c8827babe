//! Brings the contents of file columns into the package, after its records: they are fetched block by block beside
//! everything else, and laid down until their turn comes.

use super::reading::Step;
use super::row_reader::Told;
use super::{Run, no_room};
use crate::{Problem, ProblemKind};
use cmt::Spool;
use dataverse::{Client, Clock, Error, FileDownload, TableMetadata, Transport};
use std::ops::Range;
use uuid::Uuid;

/// A file of a row, on its way.
pub(super) struct Download {
    /// The table's number among the exported.
    table: usize,
    metadata: TableMetadata,
    row: Uuid,
    column: String,
    /// The file's own id: it names the member of the zip.
    file: Uuid,
    begun: Option<FileDownload>,
    laid_down: Vec<Range<u64>>,
}

/// The next bytes of a file.
pub(super) type Block = Vec<u8>;

/// A file that is here, whole.
#[derive(Debug)]
pub(super) struct StoredFile {
    pub(super) file: Uuid,
    pub(super) places: Vec<Range<u64>>,
}

impl Download {
    /// The next block; nothing after the last. A file that is gone is a problem.
    pub(super) async fn next_block<T: Transport, C: Clock>(
        mut self: Box<Self>,
        client: &Client<T, C>,
    ) -> (Box<Download>, Result<Option<Block>, Problem>) {
        let block = self.fetch(client).await;
        (self, block)
    }

    async fn fetch<T: Transport, C: Clock>(
        &mut self,
        client: &Client<T, C>,
    ) -> Result<Option<Block>, Problem> {
        if self.begun.is_none() {
            self.begun = client.begin_download(&self.metadata, self.row, &self.column).await?;
        }
        let Some(begun) = &mut self.begun else { return Err(gone(&self.column)) };
        client.next_block(begun).await.map_err(|error: Error| error.into())
    }
}

impl<T: Transport, C: Clock, S: Spool> Run<'_, T, C, S> {
    /// What a row told beside its record.
    pub(super) fn take_told(&mut self, table: usize, row: Uuid, told: Told) -> Result<(), Problem> {
        let metadata = self.tables[table].fit.metadata;
        for found in told.files {
            self.waiting.push_back(Step::File(Box::new(Download {
                table,
                metadata: metadata.clone(),
                row,
                column: found.column,
                file: found.file,
                begun: None,
                laid_down: Vec::new(),
            })));
        }
        told.problems.into_iter().try_for_each(|problem| self.left_out(problem, &metadata.name))
    }

    /// Lays a block down and asks for the next. A file that cannot be had is reported, and the package lacks it.
    pub(super) fn take_block(
        &mut self,
        mut download: Box<Download>,
        block: Result<Option<Block>, Problem>,
    ) -> Result<(), Problem> {
        match block {
            Ok(Some(block)) => {
                download.laid_down.push(self.laid_down.bytes(&block).map_err(no_room)?);
                self.waiting.push_back(Step::File(download));
            }
            Ok(None) => self.files.push(StoredFile { file: download.file, places: download.laid_down }),
            Err(problem) => {
                let name = self.tables[download.table].table.name.clone();
                self.left_out(problem.at_record(download.row, "").at_column(&download.column), &name)?;
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
