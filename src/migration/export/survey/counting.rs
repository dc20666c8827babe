//! Asks the service to count: all tables in one request, and once more for those that are too large for it.

use super::{RowCount, SurveyedTable, selection};
use crate::Problem;
use crate::export::options::ExportOptions;
use crate::export::queries::LONG_TEXT;
use crate::export::selection::{ROWS, Selection};
use crate::export::website::WayToWebsite;
use crate::table_fit::TableFit;
use dataverse::{Client, Clock, Query, RawPage, RowShape, ServiceError, Transport};
use std::collections::HashMap;

/// The most rows that the service counts.
const MOST_COUNTED: u64 = 50_000;
/// Tables whose rows carry files, by the column that tells their size in bytes.
const FILE_SIZE: &str = "filesize";
const FILE_BYTES: &str = "bytes";
/// So many rows are looked at where texts may be long, and from so many bytes a row on pages have fewer rows.
const SAMPLE: u32 = 5;
const LONG_ROW: u64 = 4_000;

/// What is asked of one table.
#[derive(Debug)]
pub(super) struct Question<'a> {
    table: &'a cmt::Table,
    set: &'a str,
    key: &'a str,
    selection: Selection,
    strays: Option<Selection>,
    of_no_website: bool,
    /// Nothing but the table itself says which rows.
    whole_table: bool,
    has_files: bool,
    /// Columns that may hold long texts: how long they are is seen in a few rows.
    long_texts: Vec<String>,
}

impl<'a> Question<'a> {
    pub(super) fn new(table: &'a cmt::Table, fit: &TableFit<'a>, options: &ExportOptions) -> Question<'a> {
        let filtered = table.filter.as_deref().is_some_and(|filter| !filter.trim().is_empty());
        let way = WayToWebsite::of(fit.metadata).filter(|_| options.website.is_some());
        let strays = way.and_then(|way| way.leads_nowhere());
        Question {
            table,
            set: &fit.metadata.set,
            key: &fit.metadata.primary_id,
            selection: selection(table, fit, options),
            strays: strays.map(|nowhere| Selection::of(table.filter.as_deref(), &table.name).and(&nowhere)),
            of_no_website: options.website.is_some() && way.is_none(),
            whole_table: !filtered && way.is_none(),
            has_files: fit.metadata.column(FILE_SIZE).is_some(),
            long_texts: long_texts(fit),
        }
    }

    /// The rows; after them the strays, where there may be any; after them the size of the files, or a few rows.
    fn queries(&self) -> Vec<Query> {
        let query = |fetch: String| Query { fetch_xml: Some(fetch), ..Query::of(self.set) };
        let strays = self.strays.iter().map(|strays| strays.count(self.key));
        let bytes = self.has_files.then(|| self.selection.sum(FILE_SIZE, FILE_BYTES));
        let counts = std::iter::once(self.selection.count(self.key)).chain(strays).chain(bytes).map(query);
        counts.chain(self.sample()).collect()
    }

    fn sample(&self) -> Option<Query> {
        let is_wanted = !self.has_files && !self.long_texts.is_empty();
        let fetch_xml = is_wanted.then(|| self.selection.read(&self.long_texts, self.key))?;
        Some(Query { fetch_xml: Some(fetch_xml), page_size: Some(SAMPLE), ..Query::of(self.set) })
    }

    fn rows(&self, answer: &Result<RawPage, ServiceError>) -> RowCount {
        let most = self.selection.top().unwrap_or(u64::MAX);
        match number(answer, ROWS) {
            Some(rows) => RowCount::Exact(rows.min(most)),
            None if is_too_many(answer) && most <= MOST_COUNTED => RowCount::Exact(most),
            None if is_too_many(answer) => RowCount::AtLeast(MOST_COUNTED),
            None => RowCount::Unknown,
        }
    }

    fn read(&self, answers: &[Result<RawPage, ServiceError>]) -> SurveyedTable {
        let (rows, more) = answers
            .split_first()
            .map_or((RowCount::Unknown, answers), |(first, more)| (self.rows(first), more));
        let strays = self.strays.as_ref().and_then(|_| number(more.first()?, ROWS));
        let last = more.last();
        let files = last.filter(|_| self.has_files).and_then(|answer| number(answer, FILE_BYTES));
        let of_files = files.unwrap_or(0) / rows.rows().max(1);
        let of_texts = last.filter(|_| self.sample().is_some()).map_or(0, mean_length);
        SurveyedTable {
            table: self.table.name.clone(),
            display_name: self.table.display_name.clone(),
            rows,
            strays,
            of_no_website: self.of_no_website,
            file_bytes: of_files.max(of_texts),
            refused: answers.first().and_then(|answer| self.refusal(answer)),
        }
    }

    /// Why the table cannot be read; that it is too large to be counted is no reason.
    fn refusal(&self, answer: &Result<RawPage, ServiceError>) -> Option<Problem> {
        let refusal = answer.as_ref().err().filter(|_| !is_too_many(answer))?;
        Some(Problem::from(refusal.clone()).in_table(&self.table.name))
    }
}

/// Asks all of it.
///
/// # Errors
/// Where a whole request failed.
pub(super) async fn counted<T: Transport, C: Clock>(
    client: &Client<T, C>,
    questions: &[Question<'_>],
) -> Result<Vec<SurveyedTable>, Problem> {
    let queries: Vec<Vec<Query>> = questions.iter().map(Question::queries).collect();
    if queries.is_empty() {
        return Ok(Vec::new());
    }
    let answers = client.raw_pages(&queries.concat()).await?;
    let mut answers = answers.as_slice();
    let mut surveyed = Vec::new();
    for (question, queries) in questions.iter().zip(&queries) {
        let (own, others) = answers.split_at(queries.len().min(answers.len()));
        answers = others;
        surveyed.push(question.read(own));
    }
    let mut large = Vec::new();
    for (question, table) in questions.iter().zip(&mut surveyed) {
        if question.whole_table && matches!(table.rows, RowCount::AtLeast(_)) {
            large.push(table);
        }
    }
    take_snapshot(client, large).await?;
    Ok(surveyed)
}

/// Asks these counts once more; `None`: the service would not count.
///
/// # Errors
/// Where the whole request failed.
pub(in crate::export) async fn count_again<T: Transport, C: Clock>(
    client: &Client<T, C>,
    queries: &[Query],
) -> Result<Vec<Option<u64>>, Problem> {
    let answers = client.raw_pages(queries).await?;
    Ok(answers.iter().map(|answer| number(answer, ROWS)).collect())
}

/// What the service counted by itself. Where it would not tell, or knew of fewer, what is sure stays.
async fn take_snapshot<T: Transport, C: Clock>(
    client: &Client<T, C>,
    tables: Vec<&mut SurveyedTable>,
) -> Result<(), Problem> {
    let names: Vec<&str> = tables.iter().map(|table| table.table.as_str()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let known: HashMap<String, u64> = match client.record_counts(&names).await {
        Ok(known) => known.into_iter().collect(),
        Err(dataverse::Error::Service(refusal)) if !Problem::from(refusal.clone()).ends_the_run() => {
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    for table in tables {
        if let Some(rows) = known.get(&table.table).filter(|rows| **rows > MOST_COUNTED) {
            table.rows = RowCount::Snapshot(*rows);
        }
    }
    Ok(())
}

/// The schema's columns that may hold texts of a length that counts.
fn long_texts(fit: &TableFit<'_>) -> Vec<String> {
    let columns = fit.columns.iter().filter_map(|column| column.readable());
    let long = columns.filter(|column| column.max_length.is_some_and(|length| length > LONG_TEXT));
    long.map(|column| column.name.clone()).collect()
}

/// Bytes a row, where they are many.
fn mean_length(answer: &Result<RawPage, ServiceError>) -> u64 {
    let Ok(page) = answer else { return 0 };
    let (rows, bytes) = page.rows().fold((0, 0), |(rows, bytes), row| (rows + 1, bytes + row.len() as u64));
    Some(bytes / rows.max(1)).filter(|mean| *mean > LONG_ROW).unwrap_or(0)
}

/// The number of this name in the only row of the answer.
fn number(answer: &Result<RawPage, ServiceError>, name: &str) -> Option<u64> {
    let page = answer.as_ref().ok()?;
    let mut shape = RowShape::default();
    let place = shape.place(name);
    // Nothing to be counted, nothing in the sum: some versions leave it out.
    match page.rows().next().and_then(|row| shape.read(row).ok()) {
        Some(row) => Some(row.value(place).unwrap_or(0)),
        None => Some(0),
    }
}

fn is_too_many(answer: &Result<RawPage, ServiceError>) -> bool {
    answer.as_ref().is_err_and(|refusal| refusal.has_code("0x8004e023"))
}
