//! `GET set?fetchXml=…`

mod columns;
mod criteria;
mod groups;
mod join;
mod plan;
pub(super) mod query;
mod read;
mod sort;
mod tree;

use super::page::first_of;
use super::{Cookie, Ends, LARGEST_PAGE};
use crate::answer::{Answer, Object};
use crate::api::{Call, applied, push_totals};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::etag;
use columns::Shown;
use join::{Joined, cell};
use plan::Plan;
use query::Fetch;
use serde_json::Value;
use sort::{Sorted, distinct};

const COOKIE: &str = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie";
const MORE: &str = "Microsoft.Dynamics.CRM.morerecords";
const ATTRIBUTE: &str = "OData.Community.Display.V1.AttributeName";
/// Without a cookie no row beyond this one is given (Microsoft's page on paging with FetchXML).
const LAST_WITHOUT_COOKIE: usize = 50_000;

impl Environment {
    /// Runs FetchXML; the set must be the one of the root entity.
    pub(crate) fn fetch(&self, call: &Call, table: usize, xml: &str) -> Result<Answer, Refusal> {
        let mut fetch = Fetch::parse(xml)?;
        fetch.total |= call.options.counts()?;
        self.run(call, table, &fetch)
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
        let mut joined = self.sort(&plan.scopes, &sorted, !fetch.raw_order, self.join(&plan));
        if fetch.distinct {
            joined = distinct(&shown, joined);
        }
        self.answer_rows(call, fetch, &plan, &Outcome { shown, sorted, joined })
    }

    fn answer_rows(
        &self,
        call: &Call,
        fetch: &Fetch,
        plan: &Plan<'_>,
        outcome: &Outcome<'_>,
    ) -> Result<Answer, Refusal> {
        let size = page_size(call, fetch);
        let page = fetch.page.unwrap_or(1);
        check_page(fetch, page, size)?;
        let start = start_of(fetch, page, size, &outcome.joined);
        let rows = &outcome.joined[start..(start + size).min(outcome.joined.len())];
        let more = start + size < outcome.joined.len() && fetch.top.is_none();
        let described = &self.catalog.tables[plan.scopes[0].table];
        let columns = self.fetched_columns(plan, &outcome.shown);
        let mut body = Object::default();
        body.push("@odata.context", call.context(&format!("{}{columns}", described.entity_set)));
        push_totals(&mut body, call, fetch.total.then_some(outcome.joined.len()));
        if let (true, true, Some(ends)) =
            (more, call.prefer.wants(COOKIE), self.ends_of(plan, outcome, rows, fetch.distinct))
        {
            // Microsoft's page on paging shows the number 2 on the second page too: clients count themselves.
            body.push(format!("@{COOKIE}"), Cookie::text(page.saturating_add(1), &ends, 2));
        }
        if call.prefer.wants(MORE) {
            body.push(format!("@{MORE}"), Value::Bool(more));
        }
        let values: Vec<Object> =
            rows.iter().map(|joined| self.fetched_row(call, plan, &outcome.shown, joined)).collect();
        body.push("value", values);
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
            let columns = outcome.sorted.columns.iter();
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
            self.push_cell(&mut object, &call.prefer, (table, shown.column), &shown.name, cell.clone());
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
            body.push(format!("@{MORE}"), Value::Bool(start + size < total && fetch.top.is_none()));
        }
        body.push("value", rows.into_iter().skip(start).take(size).collect::<Vec<_>>());
        Ok(applied(call, Answer::json(200, &body)))
    }
}

/// The rows of a query and how they are shown.
struct Outcome<'a> {
    shown: Vec<Shown>,
    sorted: Sorted,
    joined: Vec<Joined<'a>>,
}

fn page_size(call: &Call, fetch: &Fetch) -> usize {
    let asked = fetch.top.or(fetch.count).or(call.prefer.page_size);
    asked.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE)
}

fn check_page(fetch: &Fetch, page: usize, size: usize) -> Result<(), Refusal> {
    if fetch.cookie.is_some() || page.saturating_mul(size) <= LAST_WITHOUT_COOKIE {
        return Ok(());
    }
    let message = "Over upper limit of records that can be requested without a paging cookie. A paging cookie is required \
                   when retrieving a high page number.";
    Err(Refusal::new(400, "0x8004430a", message))
}

/// After the cookie's row, or where the page's number says. A row that is there several times, as links repeat it,
/// is left behind only as far as the page before went.
fn start_of(fetch: &Fetch, page: usize, size: usize, joined: &[Joined<'_>]) -> usize {
    let by_number = first_of(page, size).min(joined.len());
    let last = fetch.cookie.as_ref().and_then(|inner| Cookie::of_fetch(page, inner).last);
    let is_last = |joined: &Joined<'_>| joined[0].is_some_and(|row| Some(row.id) == last);
    if by_number > 0 && is_last(&joined[by_number - 1]) {
        return by_number;
    }
    joined.iter().rposition(is_last).map_or(by_number, |position| position + 1)
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, id, portal, post, refused, send};
    use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
    use serde_json::{Value, json};

    fn fetch(environment: &mut Environment, set: &str, xml: &str) -> Value {
        get(environment, &path(set, xml))
    }

    fn path(set: &str, xml: &str) -> String {
        format!("{set}?fetchXml={}", utf8_percent_encode(xml, NON_ALPHANUMERIC))
    }

    /// A site with pages 1 and 2, and page 3 without a site; page 1 has two tags.
    fn site() -> Environment {
        let mut environment = portal();
        post(&mut environment, "adx_websites", &json!({"adx_websiteid": id(90), "adx_name": "S"}));
        for number in 1..=3 {
            let mut body = json!({"adx_webpageid": id(number), "adx_name": format!("p{number}"), "adx_displayorder": 9 - number});
            if number < 3 {
                body["adx_websiteid@odata.bind"] = format!("/adx_websites({})", id(90)).into();
            }
            post(&mut environment, "adx_webpages", &body);
        }
        for number in [80, 81] {
            post(&mut environment, "adx_pagetags", &json!({"adx_pagetagid": id(number)}));
            let body = json!({"@odata.id": format!("/adx_pagetags({})", id(number))});
            send(
                &mut environment,
                "POST",
                &format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(1)),
                &[],
                &body,
            );
        }
        environment
    }

    fn names(answer: &Value) -> Vec<&str> {
        answer["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["adx_name"].as_str().unwrap_or("-"))
            .collect()
    }

    #[test]
    fn attributes_conditions_and_order_are_followed() {
        let mut environment = site();
        let entity = |inside: &str| {
            format!("<fetch><entity name='adx_webpage'><attribute name='adx_name'/>{inside}</entity></fetch>")
        };
        for (inside, expected) in [
            ("<order attribute='adx_displayorder'/>", vec!["p3", "p2", "p1"]),
            ("<order attribute='adx_name' descending='true'/>", vec!["p3", "p2", "p1"]),
            (
                "<filter><condition attribute='adx_name' operator='like' value='P%'/><condition attribute='adx_displayorder' operator='ge' value='7'/></filter>",
                vec!["p1", "p2"],
            ),
            (
                "<filter type='or'><condition attribute='adx_name' operator='eq' value='p1'/><condition attribute='adx_websiteid' operator='null'/></filter>",
                vec!["p1", "p3"],
            ),
            (
                "<filter><condition attribute='adx_webpageid' operator='in'><value>00000000-0000-0000-0000-000000000002</value><value>00000000-0000-0000-0000-000000000003</value></condition></filter>",
                vec!["p2", "p3"],
            ),
            (
                "<filter><condition attribute='adx_name' operator='not-in'><value>p1</value></condition></filter>",
                vec!["p2", "p3"],
            ),
            (
                "<filter><condition attribute='createdby' operator='eq-userid'/></filter>",
                vec!["p1", "p2", "p3"],
            ),
        ] {
            assert_eq!(
                names(&fetch(&mut environment, "adx_webpages", &entity(inside))),
                expected,
                "{inside}"
            );
        }
    }

    #[test]
    fn links_join_inner_and_outer() {
        let mut environment = site();
        let link = |kind: &str| {
            format!(
                "<fetch><entity name='adx_webpage'><attribute name='adx_name'/><link-entity name='adx_website' from='adx_websiteid' \
                 to='adx_websiteid' alias='s' link-type='{kind}'><attribute name='adx_name'/></link-entity></entity></fetch>"
            )
        };
        let inner = fetch(&mut environment, "adx_webpages", &link("inner"));
        assert_eq!((names(&inner), &inner["value"][0]["s.adx_name"]), (vec!["p1", "p2"], &json!("S")));
        let outer = fetch(&mut environment, "adx_webpages", &link("outer"));
        assert_eq!((names(&outer), outer["value"][2].get("s.adx_name")), (vec!["p1", "p2", "p3"], None));
    }

    #[test]
    fn links_through_the_intersect_table_repeat_rows_unless_distinct() {
        let mut environment = site();
        let xml = |distinct: &str| {
            format!(
                "<fetch {distinct}><entity name='adx_webpage'><attribute name='adx_name'/><link-entity name='adx_pagetag_webpage' \
                 from='adx_webpageid' to='adx_webpageid' intersect='true'><link-entity name='adx_pagetag' from='adx_pagetagid' \
                 to='adx_pagetagid'/></link-entity></entity></fetch>"
            )
        };
        assert_eq!(names(&fetch(&mut environment, "adx_webpages", &xml(""))), ["p1", "p1"]);
        assert_eq!(names(&fetch(&mut environment, "adx_webpages", &xml("distinct='true'"))), ["p1"]);
    }

    #[test]
    fn empty_columns_are_left_out() {
        let mut environment = site();
        let xml = "<fetch top='1'><entity name='adx_webpage'><all-attributes/></entity></fetch>";
        let row = fetch(&mut environment, "adx_webpages", xml)["value"][0].clone();
        assert!(row.as_object().unwrap().values().all(|value| !value.is_null()), "{row}");
        assert_eq!(row["_adx_websiteid_value"], id(90).as_str());
    }

    #[test]
    fn the_cookie_decoded_twice_leads_to_the_next_page() {
        let mut environment = site();
        let headers = [(
            "Prefer",
            "odata.include-annotations=\"Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords\"",
        )];
        let first = "<fetch count='2' page='1'><entity name='adx_webpage'><attribute name='adx_name'/></entity></fetch>";
        let (_, answer, _) =
            send(&mut environment, "GET", &path("adx_webpages", first), &headers, &Value::Null);
        assert_eq!(
            (names(&answer), &answer["@Microsoft.Dynamics.CRM.morerecords"]),
            (vec!["p1", "p2"], &json!(true))
        );
        let cookie = answer["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"].as_str().unwrap();
        let inner = cookie.split("pagingcookie=\"").nth(1).unwrap().split('"').next().unwrap();
        let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        let escaped = decode(&decode(inner))
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        let second = first.replace("page='1'", &format!("page='2' paging-cookie='{escaped}'"));
        // The row before the page is gone: the cookie still knows where to go on.
        send(&mut environment, "DELETE", &format!("adx_webpages({})", id(1)), &[], &Value::Null);
        let (_, answer, _) =
            send(&mut environment, "GET", &path("adx_webpages", &second), &headers, &Value::Null);
        assert_eq!(
            (names(&answer), &answer["@Microsoft.Dynamics.CRM.morerecords"]),
            (vec!["p3"], &json!(false))
        );
        let plain = fetch(&mut environment, "adx_webpages", first);
        assert_eq!(plain.get("@Microsoft.Dynamics.CRM.morerecords"), None, "only where it is asked for");
    }

    #[test]
    fn what_is_not_there_is_refused_by_the_recorded_code() {
        let mut environment = site();
        for (set, xml, status, code) in [
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><attribute name='Adx_name'/></entity></fetch>",
                400,
                "0x80041103",
            ),
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><filter><condition attribute='x' operator='null'/></filter></entity></fetch>",
                400,
                "0x80041103",
            ),
            ("adx_webpages", "<fetch><entity name='account'/></fetch>", 400, "0x80041128"),
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><link-entity name='nothing' from='a' to='b'/></entity></fetch>",
                400,
                "0x80041102",
            ),
            ("adx_webpages", "<fetch><entity name='adx_webpage'>", 400, "0x80040303"),
        ] {
            let (found, found_code, message) =
                refused(&mut environment, "GET", &path(set, xml), &Value::Null);
            assert_eq!((found, found_code.as_str()), (status, code), "{message}");
        }
        let xml = "<fetch><entity name='adx_webpage'><attribute name='agentlifecycle'/></entity></fetch>";
        let message = refused(&mut environment, "GET", &path("adx_webpages", xml), &Value::Null).2;
        assert!(message.starts_with("'adx_webpage' entity doesn't contain attribute with Name = 'agentlifecycle' and NameMapping = 'Logical'"));
    }
}
