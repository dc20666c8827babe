//! Fetches the images of rows in full size before their records are laid down: a row's JSON has small ones only.

use super::Run;
use super::reading::Step;
use super::row_reader::Picture;
use super::sorted_runs::Loose;
use crate::Problem;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmt::{RecordPen, Spool};
use dataverse::{Client, Clock, Error, Transport};
use std::collections::VecDeque;
use uuid::Uuid;

/// The rows of a page are fetched for in so many parts side by side.
const PARTS: usize = 8;
/// So many characters of base64 are in memory before they are laid down.
const LAID_DOWN_AT: usize = 4 << 20;

/// Rows of a table whose images are still to come.
#[derive(Debug)]
pub(super) struct Pictured {
    /// The table's number among the exported.
    table: usize,
    set: String,
    waiting: VecDeque<RowWithPictures>,
    complete: Vec<(RowWithPictures, Vec<Picture>)>,
}

/// A row as the service wrote it, and the columns whose images it has.
#[derive(Debug)]
pub(super) struct RowWithPictures {
    pub(super) id: Uuid,
    pub(super) text: String,
    pub(super) columns: Vec<String>,
}

impl Pictured {
    /// Fetches images until there are enough of them, or no more.
    ///
    /// # Errors
    /// Where the environment cannot be asked any more.
    pub(super) async fn fetch<T: Transport, C: Clock>(
        mut self: Box<Self>,
        client: &Client<T, C>,
    ) -> Result<Box<Pictured>, Problem> {
        let mut length = 0;
        while length < LAID_DOWN_AT
            && let Some(row) = self.waiting.pop_front()
        {
            let mut pictures = Vec::new();
            for column in &row.columns {
                pictures.extend(picture(client, &self.set, row.id, column).await?);
            }
            length += pictures.iter().map(Picture::length).sum::<usize>();
            self.complete.push((row, pictures));
        }
        Ok(self)
    }
}

/// Nothing where the environment has the small one only, which the row tells already.
async fn picture<T: Transport, C: Clock>(
    client: &Client<T, C>,
    set: &str,
    row: Uuid,
    column: &str,
) -> Result<Option<Picture>, Problem> {
    let base64 = match client.download_image(set, row, column).await {
        Ok(None) => return Ok(None),
        Ok(Some(image)) => Ok(STANDARD.encode(image)),
        Err(Error::Service(refusal)) => Err(without_it(row, &Problem::from(refusal))),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(Picture { column: column.to_owned(), base64 }))
}

fn without_it(row: Uuid, refusal: &Problem) -> Problem {
    refusal.clone().after("This image could not be read, so its record comes without it.").at_record(row, "")
}

impl<T: Transport, C: Clock, S: Spool> Run<'_, T, C, S> {
    /// Asks for the images of these rows, in several parts.
    pub(super) fn ask_for_pictures(&mut self, table: usize, mut rows: Vec<RowWithPictures>) {
        let part = rows.len().div_ceil(PARTS).max(1);
        while !rows.is_empty() {
            let waiting = rows.drain(..part.min(rows.len())).collect();
            let set = self.tables[table].fit.metadata.set.clone();
            let part = Pictured { table, set, waiting, complete: Vec::new() };
            self.waiting.push_back(Step::Pictures(Box::new(part)));
        }
    }

    /// Lays down the rows whose images are here, and asks for those of the others.
    ///
    /// # Errors
    /// There is no more room, or a refusal concerns all that would follow too.
    pub(super) fn take_pictured(&mut self, mut part: Box<Pictured>) -> Result<(), Problem> {
        let (mut loose, mut pen) = (Loose::default(), RecordPen::default());
        for (row, pictures) in part.complete.drain(..) {
            self.write_row(part.table, &row.text, &pictures, &mut pen, &mut loose)?;
        }
        let table = part.table;
        if !part.waiting.is_empty() {
            self.waiting.push_front(Step::Pictures(part));
        }
        self.lay_down(table, loose)
    }
}
