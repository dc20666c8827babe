//! Requests that read rows: `GET set` and `GET set(id)`.

use super::listing::{Listed, Source};
use super::route::wrong_method;
use super::{Call, Options, for_url};
use crate::answer::{Answer, Object};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::privileges::Right;
use crate::query::{Cookie, Expands, Gathered, LARGEST_PAGE, Order, Select, Wanted};
use crate::rows::{Course, Row, etag};
use http::Method;
use serde_json::json;
use uuid::Uuid;

/// What a list of rows takes.
const LIST: &[&str] = &["$select", "$filter", "$orderby", "$top", "$count", "$expand", "$skiptoken"];

impl Environment {
    /// `GET set`
    pub(crate) fn get_rows(&self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        self.require(table, Right::Read)?;
        let option = |name: &str| call.options.get(name);
        if call.prefer.track_changes || option("$deltatoken").is_some() {
            return self.tracked(call, table);
        }
        if let Some(fetch) = option("fetchXml") {
            return self.fetch(call, table, fetch);
        }
        if let Some(sql) = option("sql") {
            return self.sql(call, table, sql);
        }
        if let Some(apply) = option("$apply") {
            return self.apply(call, table, apply);
        }
        self.list(call, table, Source::Table, &self.catalog.tables[table].entity_set)
    }

    /// Rows filtered, sorted, cut into pages and written.
    pub(super) fn list(
        &self,
        call: &Call,
        table: usize,
        source: Source<'_>,
        of: &str,
    ) -> Result<Answer, Refusal> {
        self.require(table, Right::Read)?;
        call.options.allow(LIST)?;
        refuse_tracking(call)?;
        let described = &self.catalog.tables[table];
        let select = Select::parse(described, &call.options.list("$select"))?;
        let expands = Expands::parse(self, table, &call.options)?;
        let order = Order::parse(self, table, &call.options, Some(&call.options))?;
        let Listed { page, total } = self.listed(call, table, source, &order)?;
        let gathered = Gathered::new(self, &expands);
        let wanted = Wanted { select: &select, etag: true, also: expands.references() };
        let each = page.rows.iter();
        let values: Vec<Object> =
            each.map(|row| self.expanded(call, table, row, &wanted, &gathered)).collect();
        let columns = self.context_columns(table, &select, &expands);
        let mut body = Object::default();
        body.push("@odata.context", call.context(&format!("{of}{columns}")));
        push_totals(&mut body, call, total);
        body.push("value", values);
        if let (Some(next), [first, .., last] | [first @ last]) = (&page.next, page.rows.as_slice()) {
            let count = expands.nested.then_some(page.rows.len());
            let ends = self.ends(&described.primary_id, &order, (first, last), count);
            body.push("@odata.nextLink", next_link(&call.url, &Cookie::text(next.page, &ends, next.page)));
        }
        Ok(applied(call, Answer::json(200, &body)))
    }

    /// `GET set/$count`
    pub(crate) fn count_rows(&self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        if call.options.get("$deltatoken").is_some() {
            return self.count_changes(call, table);
        }
        self.count_of(call, table, Source::Table)
    }

    /// How many rows pass the filter, at most 5,000; the service writes a byte order mark before the digits.
    pub(super) fn count_of(&self, call: &Call, table: usize, source: Source<'_>) -> Result<Answer, Refusal> {
        if call.method != Method::GET {
            return Err(wrong_method(call));
        }
        self.require(table, Right::Read)?;
        call.options.allow(&["$filter"])?;
        let filter = self.list_filter(call, table)?;
        let source = self.sought(table, source, filter.as_ref());
        let rows = self.source_rows(table, source, Course::default(), filter.as_ref());
        Ok(Answer::text(format!("\u{feff}{}", rows.take(LARGEST_PAGE).count())))
    }

    /// `GET set(id)`
    pub(crate) fn get_row(&self, call: &Call, table: usize, id: Uuid) -> Result<Answer, Refusal> {
        let described = &self.catalog.tables[table];
        let row = self.store.get(table, id).ok_or_else(|| Refusal::no_row(&described.name, id))?;
        // Never with related rows or annotations: those can be newer than the row.
        let is_plain = call.options.get("$expand").is_none() && call.prefer.annotations.is_empty();
        if is_plain && call.known_version.as_deref() == Some(etag(row).as_str()) {
            return Ok(Answer { status: 304, ..Answer::default() }.with("ETag", etag(row)));
        }
        Ok(applied(call, self.one(call, table, row, 200)?))
    }

    /// A single row with its context.
    pub(crate) fn one(&self, call: &Call, table: usize, row: &Row, status: u16) -> Result<Answer, Refusal> {
        self.entity(call, table, row, status, &call.options)
    }

    /// As [`Environment::one`], expanding what is given instead of what the request asks for.
    pub(super) fn entity(
        &self,
        call: &Call,
        table: usize,
        row: &Row,
        status: u16,
        expand: &Options,
    ) -> Result<Answer, Refusal> {
        self.require(table, Right::Read)?;
        call.options.allow(&["$select", "$expand"])?;
        refuse_tracking(call)?;
        let described = &self.catalog.tables[table];
        let select = Select::parse(described, &call.options.list("$select"))?;
        let expands = Expands::parse(self, table, expand)?;
        let columns = self.context_columns(table, &select, &expands);
        let mut body = Object::default();
        body.push("@odata.context", call.context(&format!("{}{columns}/$entity", described.entity_set)));
        let wanted = Wanted { select: &select, etag: true, also: expands.references() };
        body.append(self.expanded(call, table, row, &wanted, &Gathered::new(self, &expands)));
        Ok(Answer::json(status, &body).with("ETag", etag(row)))
    }
}

/// Changes are tracked of whole tables.
fn refuse_tracking(call: &Call) -> Result<(), Refusal> {
    if call.prefer.track_changes && call.method == Method::GET {
        return Err(Refusal::not_implemented("odata.track-changes here"));
    }
    Ok(())
}

/// How many rows there are in all, where that is asked for, and the annotations on it.
pub(crate) fn push_totals(body: &mut Object, call: &Call, total: Option<usize>) {
    if let Some(total) = total {
        body.push("@odata.count", json!(total.min(LARGEST_PAGE)));
    }
    let counted = total.map_or(json!(-1), |total| json!(total.min(LARGEST_PAGE)));
    let exceeded = total.is_some_and(|total| total > LARGEST_PAGE);
    for (name, value) in [
        ("Microsoft.Dynamics.CRM.totalrecordcount", counted),
        ("Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded", json!(exceeded)),
        ("Microsoft.Dynamics.CRM.globalmetadataversion", json!(METADATA_VERSION)),
    ] {
        if call.prefer.wants(name) {
            body.push(format!("@{name}"), value);
        }
    }
}

/// Goes up with each change of a table in the service; here it does not tell of what is removed.
pub(crate) const METADATA_VERSION: &str = "1000000";

/// With `Preference-Applied` where a preference was.
pub(crate) fn applied(call: &Call, answer: Answer) -> Answer {
    match call.prefer.applied() {
        Some(applied) => answer.with("Preference-Applied", applied),
        None => answer,
    }
}

/// The same URL with the cookie in `$skiptoken`.
pub(crate) fn next_link(url: &str, cookie: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !is_skiptoken(pair)).collect();
    let token = format!("$skiptoken={}", for_url(cookie));
    kept.push(&token);
    format!("{path}?{}", kept.join("&"))
}

fn is_skiptoken(pair: &str) -> bool {
    pair.starts_with("$skiptoken=") || pair.starts_with("%24skiptoken=")
}

#[cfg(test)]
mod tests;
