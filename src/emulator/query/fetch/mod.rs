//! `GET set?fetchXml=…`

mod columns;
mod criteria;
mod groups;
mod join;
mod paging;
mod plan;
pub(super) mod query;
mod read;
mod sort;
mod tree;

use super::page::first_of;
use super::{Cookie, Ends};
use crate::answer::{Answer, Object};
use crate::api::{Call, applied, next_link, push_totals};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::privileges::Right;
use crate::rows::etag;
use columns::Shown;
use join::{Joined, cell};
use paging::{Cut, check_page, page_size};
use plan::Plan;
use query::Fetch;
use serde_json::Value;
use sort::Sorted;
use uuid::Uuid;

const COOKIE: &str = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie";
const MORE: &str = "Microsoft.Dynamics.CRM.morerecords";
const ATTRIBUTE: &str = "OData.Community.Display.V1.AttributeName";

impl Environment {
    /// Runs FetchXML; the set must be the one of the root entity.
    pub(crate) fn fetch(&self, call: &Call, table: usize, xml: &str) -> Result<Answer, Refusal> {
        call.options.allow(&["fetchXml", "$count"])?;
        let mut fetch = Fetch::parse(xml)?;
        fetch.total |= call.options.counts()?;
        self.run(call, table, &fetch)
    }

    /// The rows of one table that FetchXML finds: the table's position and their keys.
    pub(crate) fn fetched_ids(&self, xml: &str) -> Result<(usize, Vec<Uuid>), Refusal> {
        let fetch = Fetch::parse(xml)?;
        let table = self.table_of_entity(&fetch.entity.name)?;
        self.require(table, Right::Read)?;
        let plan = self.plan(&fetch.entity, table)?;
        Ok((table, self.join(&plan).iter().filter_map(|joined| Some(joined[0]?.id)).collect()))
    }

    /// Runs a query, whatever it was written in.
    pub(super) fn run(&self, call: &Call, table: usize, fetch: &Fetch) -> Result<Answer, Refusal> {
        if fetch.entity.name != self.catalog.tables[table].name {
            self.table_of_entity(&fetch.entity.name)?;
            let message = "The entity name specified in fetchxml does not match the entity name specified in the \
                           Entity or Query Expression.";
            return Err(Refusal::new(400, "0x80041128", message));
        }
        let plan = self.plan(&fetch.entity, table)?;
        if fetch.aggregate {
            let rows = self.aggregated(call, fetch, &plan)?;
            return self.answer_groups(call, table, fetch, rows);
        }
        let shown = self.shown(fetch, &plan)?;
        let sorted = self.sorted_by(&plan.scopes)?;
        let cut = self.cut(call, fetch, &plan, &shown, &sorted)?;
        self.answer_rows(call, fetch, &plan, &Outcome { shown, sorted, cut })
    }

    fn answer_rows(
        &self,
        call: &Call,
        fetch: &Fetch,
        plan: &Plan<'_>,
        outcome: &Outcome<'_>,
    ) -> Result<Answer, Refusal> {
        let page = fetch.page.unwrap_or(1);
        let Cut { rows, more, total } = &outcome.cut;
        let more = *more;
        let described = &self.catalog.tables[plan.scopes[0].table];
        let columns = self.fetched_columns(plan, &outcome.shown);
        let mut body = Object::default();
        body.push("@odata.context", call.context(&format!("{}{columns}", described.entity_set)));
        push_totals(&mut body, call, *total);
        let ends = self.ends_of(plan, outcome, rows, fetch.distinct).filter(|_| more);
        if let Some(ends) = ends.as_ref().filter(|_| call.prefer.wants(COOKIE) && !fetch.has_links) {
            // Microsoft's page on paging shows the number 2 on the second page too: clients count themselves.
            body.push(format!("@{COOKIE}"), Cookie::text(page.saturating_add(1), ends, 2));
        }
        if call.prefer.wants(MORE) {
            body.push(format!("@{MORE}"), Value::Bool(more));
        }
        let values: Vec<Object> =
            rows.iter().map(|joined| self.fetched_row(call, plan, &outcome.shown, joined)).collect();
        body.push("value", values);
        if more && fetch.has_links {
            let next = page.saturating_add(1);
            let ends =
                ends.ok_or_else(|| Refusal::not_implemented("pages of distinct rows without their key"))?;
            body.push("@odata.nextLink", next_link(&call.url, &Cookie::text(next, &ends, next)));
        }
        Ok(applied(call, Answer::json(200, &body)))
    }

    /// What the cookie tells of a page. There is none where rows are sorted by a link, or distinct without their key.
    fn ends_of<'a>(
        &'a self,
        plan: &Plan<'_>,
        outcome: &Outcome<'_>,
        rows: &[Joined<'_>],
        distinct: bool,
    ) -> Option<Ends<'a>> {
        let table = &self.catalog.tables[plan.scopes[0].table];
        let key = table.position(&table.primary_id)?;
        let has_key = outcome.shown.iter().any(|shown| (shown.scope, shown.column) == (0, key));
        if outcome.sorted.is_far() || (distinct && !has_key) {
            return None;
        }
        let end = |joined: &Joined<'_>| {
            let columns = outcome.sorted.columns.iter().filter(|(_, column, _)| *column != key);
            let values = columns.map(|(scope, column, _)| {
                (table.columns[*column].name.clone(), cell(joined, *scope, *column).clone())
            });
            Some((values.collect(), joined[0]?.id))
        };
        Some(Ends {
            primary_id: &table.primary_id,
            first: end(rows.first()?)?,
            last: end(rows.last()?)?,
            count: None,
        })
    }

    /// Columns without a value are left out.
    fn fetched_row(&self, call: &Call, plan: &Plan<'_>, shown: &[Shown], joined: &Joined<'_>) -> Object {
        let mut object = Object::default();
        if let Some(row) = joined[0] {
            object.push("@odata.etag", etag(row));
        }
        for shown in shown {
            let cell = cell(joined, shown.scope, shown.column);
            if cell.is_empty() {
                continue;
            }
            let table = plan.scopes[shown.scope].table;
            if shown.is_aliased && call.prefer.wants(ATTRIBUTE) {
                let name = self.catalog.tables[table].columns[shown.column].name.as_str();
                object.push(format!("{}@{ATTRIBUTE}", shown.name), name);
            }
            let place = (table, shown.column);
            let row = joined[shown.scope];
            self.push_cell(&mut object, &call.prefer, place, &shown.name, cell.clone(), row);
        }
        object
    }

    /// Groups have pages, but no cookie.
    fn answer_groups(
        &self,
        call: &Call,
        table: usize,
        fetch: &Fetch,
        rows: Vec<Object>,
    ) -> Result<Answer, Refusal> {
        let size = page_size(call, fetch);
        let page = fetch.page.unwrap_or(1);
        check_page(fetch, page, size)?;
        let total = rows.len();
        let start = first_of(page, size);
        let mut body = Object::default();
        body.push("@odata.context", call.context(&self.catalog.tables[table].entity_set));
        push_totals(&mut body, call, fetch.total.then_some(total));
        if call.prefer.wants(MORE) {
            body.push(
                format!("@{MORE}"),
                Value::Bool(start.saturating_add(size) < total && fetch.top.is_none()),
            );
        }
        body.push("value", rows.into_iter().skip(start).take(size).collect::<Vec<_>>());
        Ok(applied(call, Answer::json(200, &body)))
    }
}

/// The rows of a query and how they are shown.
struct Outcome<'a> {
    shown: Vec<Shown>,
    sorted: Sorted,
    cut: Cut<'a>,
}

#[cfg(test)]
mod tests;
