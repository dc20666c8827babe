//! Asks for rows, links and files, as many side by side as the service likes.

use super::files::{Block, Download};
use super::pictures::{Pictured, RowWithPictures};
use super::queries::{Asked, PAGE, asked, bounds};
use super::row_reader::Picture;
use super::sorted_runs::Loose;
use super::{Run, no_room};
use crate::reading::{chunks, queries_by_id};
use crate::side_by_side::side_by_side;
use crate::{Pass, Problem};
use cmt::{RecordPen, Spool};
use dataverse::{Client, Clock, NextPage, Query, RawPage, ServiceError, Transport};
use std::collections::VecDeque;
use uuid::Uuid;

/// Requests on their way at once: each may bring megabytes.
const AT_ONCE: usize = 8;
/// Most first pages a request, and rows that they are expected to have.
const FIRST_PAGES: usize = 20;
const FIRST_ROWS: usize = 2000;

/// What a page's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Rows of this table.
    Rows(usize),
    /// Ids of rows of this table, that are to be asked for.
    Ids(usize),
    /// Rows of this relationship.
    Links(usize),
}

/// The next request of some kind.
pub(super) enum Step {
    First(Vec<(Purpose, Query)>),
    Next(Purpose, NextPage),
    Pictures(Box<Pictured>),
    File(Box<Download>),
}

/// What a request brought.
pub(super) enum Brought {
    Pages(Vec<(Purpose, Result<RawPage, ServiceError>)>),
    Pictures(Box<Pictured>),
    Block(Box<Download>, Result<Option<Block>, Problem>),
}

impl<'a, T: Transport, C: Clock, S: Spool> Run<'a, T, C, S> {
    /// Reads until nothing is left to be asked.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn read_everything(&mut self) -> Result<(), Problem> {
        let mut totals = Vec::new();
        for exported in &self.tables {
            let rows = exported.surveyed.map_or(0, |surveyed| surveyed.rows.rows());
            totals.push((exported.table.name.clone(), rows));
        }
        self.progress.start(Pass::ReadRows, totals);
        self.waiting = self.first_steps().await?;
        let client = self.client;
        let start = |run: &mut Self| {
            let Some(step) = run.waiting.pop_front() else { return Ok(None) };
            run.progress.go_on()?;
            Ok(Some(carry_out(client, step)))
        };
        let take = |run: &mut Self, brought: Result<Brought, Problem>| run.take(brought?);
        side_by_side(self, || client.requests_at_once().min(AT_ONCE), start, take).await?;
        self.progress.finish(Pass::ReadRows);
        self.tell_links();
        Ok(())
    }

    /// The first page of everything, small ones together.
    async fn first_steps(&self) -> Result<VecDeque<Step>, Problem> {
        let mut first = Vec::new();
        for (number, exported) in self.tables.iter().enumerate() {
            let rows = exported.surveyed.map_or(PAGE.into(), |surveyed| surveyed.rows.rows());
            let weight =
                if exported.surveyed.is_some_and(|s| s.file_bytes > 0) { FIRST_ROWS } else { rows as usize };
            let bounds = bounds(self.client, exported, self.order.options).await?;
            match asked(exported, self.order.options, bounds) {
                Asked::Rows(queries) => {
                    first.extend(queries.into_iter().map(|query| (weight, (Purpose::Rows(number), query))));
                }
                Asked::Ids(query) => first.push((weight, (Purpose::Ids(number), query))),
            }
        }
        let links = self.links.iter().enumerate();
        first.extend(
            links.map(|(number, declared)| (FIRST_ROWS / 10, (Purpose::Links(number), declared.query()))),
        );
        let requests = chunks(first.into_iter(), FIRST_PAGES, FIRST_ROWS).into_iter();
        Ok(requests.map(|asks| Step::First(asks.into_iter().map(|(_, ask)| ask).collect())).collect())
    }

    fn take(&mut self, brought: Brought) -> Result<(), Problem> {
        match brought {
            Brought::Pages(pages) => {
                pages.into_iter().try_for_each(|(purpose, page)| self.take_page(purpose, page))
            }
            Brought::Pictures(part) => self.take_pictured(part),
            Brought::Block(download, block) => self.take_block(download, block),
        }
    }

    fn take_page(&mut self, purpose: Purpose, page: Result<RawPage, ServiceError>) -> Result<(), Problem> {
        let mut page = match page {
            Ok(page) => page,
            Err(refusal) => return self.refused(purpose, refusal),
        };
        if let Some(next) = page.next.take() {
            // Before anything else: the way is long.
            self.waiting.push_front(Step::Next(purpose, next));
        }
        match purpose {
            Purpose::Rows(table) => self.take_rows(table, &page),
            Purpose::Ids(table) => {
                self.ask_by_id(table, &page);
                Ok(())
            }
            Purpose::Links(number) => {
                self.links[number].take(&page);
                Ok(())
            }
        }
    }

    fn refused(&mut self, purpose: Purpose, refusal: ServiceError) -> Result<(), Problem> {
        let problem = Problem::from(refusal);
        match purpose {
            Purpose::Rows(table) | Purpose::Ids(table) => {
                self.tables[table].is_cut_short = true;
                let (name, read) = (self.tables[table].table.name.clone(), self.tables[table].read);
                let so_far = match read {
                    0 => "The rows of this table could not be read.".to_owned(),
                    rows => format!("After {rows} rows of this table no more could be read."),
                };
                self.left_out(problem.after(&so_far), &name)
            }
            Purpose::Links(number) => {
                let (name, table) = self.links[number].names();
                self.left_out(problem.after(&format!("The links of {name} could not be read.")), &table)
            }
        }
    }

    /// Lays a page of rows down, as records; those with images when they are here in full size.
    fn take_rows(&mut self, table: usize, page: &RawPage) -> Result<(), Problem> {
        let (mut loose, mut pen, mut pictured) = (Loose::default(), RecordPen::default(), Vec::new());
        for text in page.rows() {
            match self.tables[table].reader.pictures_of(text) {
                Some((id, columns)) => {
                    pictured.push(RowWithPictures { id, text: text.to_owned(), columns });
                }
                None => self.write_row(table, text, &[], &mut pen, &mut loose)?,
            }
        }
        self.ask_for_pictures(table, pictured);
        self.lay_down(table, loose)
    }

    /// Adds a row to those that are laid down next.
    pub(super) fn write_row(
        &mut self,
        table: usize,
        text: &str,
        pictures: &[Picture],
        pen: &mut RecordPen,
        loose: &mut Loose,
    ) -> Result<(), Problem> {
        let exported = &self.tables[table];
        let Some((id, row)) = exported.reader.read(text) else { return Ok(()) };
        pen.begin(id);
        let told = exported.reader.write(&row, pictures, pen);
        loose.add(id, pen.end());
        self.take_told(table, id, told)
    }

    /// Lays records down and counts them.
    pub(super) fn lay_down(&mut self, table: usize, loose: Loose) -> Result<(), Problem> {
        if loose.is_empty() {
            return Ok(());
        }
        let rows = loose.len();
        let run = self.laid_down.rows(loose).map_err(no_room)?;
        let exported = &mut self.tables[table];
        exported.runs.push(run);
        exported.read += rows as u64;
        self.progress.advance(Pass::ReadRows, &exported.table.name, rows, 0);
        self.progress.tell_gathered();
        Ok(())
    }

    fn ask_by_id(&mut self, table: usize, page: &RawPage) {
        let fit = &self.tables[table].fit;
        let ids: Vec<Uuid> =
            page.rows().filter_map(|row| Some(self.tables[table].reader.read(row)?.0)).collect();
        let columns = fit.properties_of(fit.columns.iter().filter_map(|column| column.readable()));
        let queries = queries_by_id(fit.metadata, &columns, &ids);
        self.waiting.extend(queries.map(|query| Step::First(vec![(Purpose::Rows(table), query)])));
    }
}

async fn carry_out<T: Transport, C: Clock>(client: &Client<T, C>, step: Step) -> Result<Brought, Problem> {
    match step {
        Step::First(asks) => {
            let (purposes, queries): (Vec<Purpose>, Vec<Query>) = asks.into_iter().unzip();
            let pages = client.raw_pages(&queries).await?;
            Ok(Brought::Pages(purposes.into_iter().zip(pages).collect()))
        }
        Step::Next(purpose, next) => {
            let page = match client.next_raw_page(&next).await {
                Ok(page) => Ok(page),
                Err(dataverse::Error::Service(refusal)) => Err(refusal),
                Err(error) => return Err(error.into()),
            };
            Ok(Brought::Pages(vec![(purpose, page)]))
        }
        Step::Pictures(part) => Ok(Brought::Pictures(part.fetch(client).await?)),
        Step::File(download) => {
            let (download, block) = download.next_block(client).await;
            Ok(Brought::Block(download, block))
        }
    }
}
