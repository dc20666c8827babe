//! Which rows a list is made of: filtered, sorted and cut into pages, looking at no more of them than it takes.

use super::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::{Cookie, Filter, LARGEST_PAGE, Order, Page, Path, first_of};
use crate::rows::{Course, Key, Row};

/// Where the rows of a list come from.
pub(super) enum Source<'a> {
    /// All rows of the table.
    Table,
    These(Vec<&'a Row>),
}

/// A page of a list.
pub(super) struct Listed<'a> {
    pub(super) page: Page<'a>,
    /// How many rows there are in all, counted as far as the service tells it, where that is asked for.
    pub(super) total: Option<usize>,
}

impl Environment {
    /// The page asked for; with a page size the service does not look at `$top`.
    pub(super) fn listed<'a>(
        &'a self,
        call: &Call,
        table: usize,
        source: Source<'a>,
        order: &Order,
    ) -> Result<Listed<'a>, Refusal> {
        let filter = self.list_filter(call, table)?;
        let source = self.sought(table, source, filter.as_ref());
        match (source, order.kept_direction(self)) {
            (Source::Table, Some(backwards)) => self.listed_as_kept(call, table, filter.as_ref(), backwards),
            (source, direction) => {
                let rows = self.source_rows(table, source, Course::default(), filter.as_ref());
                self.listed_sorted(call, rows.collect(), order, direction)
            }
        }
    }

    /// Rows in the order in which they are kept: those before and after the page are not looked at.
    fn listed_as_kept<'a>(
        &'a self,
        call: &Call,
        table: usize,
        filter: Option<&Filter>,
        backwards: bool,
    ) -> Result<Listed<'a>, Refusal> {
        let rows = |after| {
            let course = Course { after, backwards, numbers: None };
            self.source_rows(table, Source::Table, course, filter)
        };
        let total = call.options.counts()?.then(|| rows(None).take(LARGEST_PAGE + 1).count());
        if let Some(top) = only_top(call)? {
            return Ok(Listed { page: Page { rows: rows(None).take(top).collect(), next: None }, total });
        }
        let (size, cookie) = (page_size(call), cookie(call)?);
        let number = cookie.as_ref().map_or(1, |cookie| cookie.page);
        let after = cookie.and_then(|cookie| cookie.last);
        let skipped = if after.is_some() { 0 } else { first_of(number, size) };
        Ok(Listed { page: Page::of(rows(after).skip(skipped), size, number), total })
    }

    fn listed_sorted<'a>(
        &'a self,
        call: &Call,
        mut rows: Vec<&'a Row>,
        order: &Order,
        direction: Option<bool>,
    ) -> Result<Listed<'a>, Refusal> {
        order.sort(self, &mut rows);
        let total = call.options.counts()?.then_some(rows.len());
        let page = match only_top(call)? {
            Some(top) => Page { rows: rows.into_iter().take(top).collect(), next: None },
            None => Page::cut(&rows, page_size(call), cookie(call)?.as_ref(), direction),
        };
        Ok(Listed { page, total })
    }

    /// `$filter`
    pub(super) fn list_filter(&self, call: &Call, table: usize) -> Result<Option<Filter>, Refusal> {
        let text = call.options.get("$filter");
        text.map(|text| Filter::parse(self, table, text, Some(&call.options))).transpose()
    }

    /// Instead of a whole table the rows that the filter names by their ids: a database seeks them by their key.
    pub(super) fn sought<'a>(
        &'a self,
        table: usize,
        source: Source<'a>,
        filter: Option<&Filter>,
    ) -> Source<'a> {
        let described = &self.catalog.tables[table];
        let primary_id = described.position(&described.primary_id).map(|column| Path::own(table, column));
        let ids = filter.zip(primary_id).and_then(|(filter, primary_id)| filter.ids(&primary_id));
        match (source, ids) {
            (Source::Table, Some(mut ids)) => {
                ids.sort_by_key(|id| Key::of(*id));
                ids.dedup();
                Source::These(ids.into_iter().filter_map(|id| self.store.get(table, id)).collect())
            }
            (source, _) => source,
        }
    }

    /// The rows that pass the filter.
    pub(super) fn source_rows<'a>(
        &'a self,
        table: usize,
        source: Source<'a>,
        course: Course,
        filter: Option<&Filter>,
    ) -> impl Iterator<Item = &'a Row> {
        let (these, all) = match source {
            Source::These(rows) => (rows, None),
            Source::Table => {
                let numbers = filter.and_then(|filter| self.numbers_passing(table, filter));
                let numbers = numbers.or(course.numbers);
                (Vec::new(), Some(self.store.rows_from(table, Course { numbers, ..course })))
            }
        };
        let passes = move |row: &&Row| filter.is_none_or(|filter| filter.passes(self, row));
        these.into_iter().chain(all.into_iter().flatten()).filter(passes)
    }
}

/// `$top`, where it counts.
fn only_top(call: &Call) -> Result<Option<usize>, Refusal> {
    let top = call.options.top()?.filter(|_| call.prefer.page_size.is_none());
    Ok(top.map(|top| top.min(LARGEST_PAGE)))
}

fn page_size(call: &Call) -> usize {
    call.prefer.page_size.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE)
}

fn cookie(call: &Call) -> Result<Option<Cookie>, Refusal> {
    call.options.get("$skiptoken").map(Cookie::of_skiptoken).transpose()
}
