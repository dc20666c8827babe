//! Which of the rows found are the page asked for.

use super::columns::Shown;
use super::join::Joined;
use super::plan::Plan;
use super::query::{Fetch, LinkKind};
use super::sort::{Sorted, distinct};
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::LARGEST_PAGE;
use crate::query::page::first_of;
use crate::rows::{Course, Key};

/// Without a cookie no row beyond this one is given (Microsoft's page on paging with FetchXML).
const LAST_WITHOUT_COOKIE: usize = 50_000;

/// A page of rows.
pub(super) struct Cut<'a> {
    pub(super) rows: Vec<Joined<'a>>,
    /// Whether others follow.
    pub(super) more: bool,
    /// How many there are in all, counted as far as the service tells it, where that is asked for.
    pub(super) total: Option<usize>,
}

impl Environment {
    pub(super) fn cut<'a>(
        &'a self,
        call: &Call,
        fetch: &Fetch,
        plan: &Plan<'_>,
        shown: &[Shown],
        sorted: &Sorted,
    ) -> Result<Cut<'a>, Refusal> {
        let size = page_size(call, fetch);
        let page = fetch.page.unwrap_or(1);
        check_page(fetch, page, size)?;
        match self.direction(plan, sorted) {
            Some(backwards) if !fetch.distinct && is_one_row_each(plan) => {
                Ok(self.cut_by_key(fetch, plan, backwards, size))
            }
            _ => Ok(self.cut_of_all(fetch, plan, shown, sorted, size)),
        }
    }

    /// Whether rows come in the order in which they are kept, and then whether backwards.
    fn direction(&self, plan: &Plan<'_>, sorted: &Sorted) -> Option<bool> {
        let root = plan.scopes[0].table;
        match sorted.columns.first() {
            None => Some(false),
            Some((0, column, descending)) => self.is_kept_by(root, *column).then_some(*descending),
            Some(_) => None,
        }
    }

    /// Only the rows of the page are looked at, and one more.
    fn cut_by_key<'a>(&'a self, fetch: &Fetch, plan: &Plan<'_>, backwards: bool, size: usize) -> Cut<'a> {
        let after = fetch.cookie.as_ref().and_then(|cookie| cookie.last);
        let skipped = if after.is_some() { 0 } else { first_of(fetch.page.unwrap_or(1), size) };
        let course = |after| Course { after, backwards, numbers: self.numbers_of_root(plan) };
        let mut rows = self.join_from(plan, course(after), skipped.saturating_add(size).saturating_add(1));
        rows.drain(..skipped.min(rows.len()));
        let more = rows.len() > size && fetch.top.is_none();
        rows.truncate(size);
        let total = fetch.total.then(|| self.join_from(plan, course(None), LARGEST_PAGE + 1).len());
        Cut { rows, more, total }
    }

    fn cut_of_all<'a>(
        &'a self,
        fetch: &Fetch,
        plan: &Plan<'_>,
        shown: &[Shown],
        sorted: &Sorted,
        size: usize,
    ) -> Cut<'a> {
        let mut joined = self.sort(&plan.scopes, sorted, !fetch.raw_order, self.join(plan));
        if fetch.distinct {
            joined = distinct(shown, joined);
        }
        let total = fetch.total.then_some(joined.len());
        let start = start_of(fetch, size, &joined, self.direction(plan, sorted));
        let end = start.saturating_add(size).min(joined.len());
        let more = end < joined.len() && fetch.top.is_none();
        joined.truncate(end);
        Cut { rows: joined.split_off(start), more, total }
    }
}

pub(super) fn page_size(call: &Call, fetch: &Fetch) -> usize {
    let asked = fetch.top.or(fetch.count).or(call.prefer.page_size);
    asked.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE)
}

pub(super) fn check_page(fetch: &Fetch, page: usize, size: usize) -> Result<(), Refusal> {
    if fetch.cookie.is_some() || page.saturating_mul(size) <= LAST_WITHOUT_COOKIE {
        return Ok(());
    }
    let message = "Over upper limit of records that can be requested without a paging cookie. A paging cookie is required \
                   when retrieving a high page number.";
    Err(Refusal::new(400, "0x8004430a", message))
}

/// Whether no link repeats a row.
fn is_one_row_each(plan: &Plan<'_>) -> bool {
    let joins = plan.scopes.iter().filter_map(|scope| scope.join.as_ref());
    joins.into_iter().all(|join| join.by_id || join.kind == LinkKind::First)
}

/// After the cookie's row, or where the page's number says. A row that is there several times, as links repeat it,
/// is left behind only as far as the page before went. Where the row is gone, its place among the keys counts.
fn start_of(fetch: &Fetch, size: usize, joined: &[Joined<'_>], direction: Option<bool>) -> usize {
    let by_number = first_of(fetch.page.unwrap_or(1), size).min(joined.len());
    let Some(last) = fetch.cookie.as_ref().and_then(|cookie| cookie.last) else { return by_number };
    let is_last = |joined: &Joined<'_>| joined[0].is_some_and(|row| row.id == last);
    if by_number > 0 && is_last(&joined[by_number - 1]) {
        return by_number;
    }
    let gone = || match direction {
        None => by_number,
        Some(backwards) => joined.partition_point(|joined| {
            joined[0].is_some_and(|row| (Key::of(row.id) > Key::of(last)) == backwards)
        }),
    };
    joined.iter().rposition(is_last).map_or_else(gone, |position| position + 1)
}
