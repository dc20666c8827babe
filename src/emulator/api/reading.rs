//! Requests that read rows: `GET set` and `GET set(id)`.

use super::route::wrong_method;
use super::{Call, Options, for_url};
use crate::answer::{Answer, Object};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::{Cookie, Expands, Filter, Gathered, LARGEST_PAGE, Order, Page, Select, Wanted};
use crate::rows::{Row, etag};
use http::Method;
use serde_json::json;
use uuid::Uuid;

/// What a list of rows takes.
const LIST: &[&str] = &["$select", "$filter", "$orderby", "$top", "$count", "$expand", "$skiptoken"];

impl Environment {
    /// `GET set`
    pub(crate) fn get_rows(&self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        let option = |name: &str| call.options.get(name);
        if let Some(fetch) = option("fetchXml") {
            call.options.allow(&["fetchXml", "$count"])?;
            refuse_tracking(call)?;
            return self.fetch(call, table, fetch);
        }
        if call.prefer.track_changes || option("$deltatoken").is_some() {
            return self.tracked(call, table);
        }
        let rows: Vec<&Row> = self.store.rows(table).collect();
        self.list(call, table, rows, &self.catalog.tables[table].entity_set)
    }

    /// Rows filtered, sorted, cut into pages and written.
    pub(super) fn list(
        &self,
        call: &Call,
        table: usize,
        rows: Vec<&Row>,
        of: &str,
    ) -> Result<Answer, Refusal> {
        call.options.allow(LIST)?;
        refuse_tracking(call)?;
        let described = &self.catalog.tables[table];
        let select = Select::parse(described, &call.options.list("$select"))?;
        let expands = Expands::parse(self, table, &call.options)?;
        let mut rows = self.filtered(call, table, rows)?;
        let order = Order::parse(self, table, &call.options, Some(&call.options))?;
        order.sort(self, &mut rows);
        let total = call.options.counts()?.then_some(rows.len());
        let page = cut(call, &rows, &order)?;
        let gathered = Gathered::new(self, &expands);
        let wanted = Wanted { select: &select, etag: true, also: None };
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

    /// The rows that pass `$filter`.
    fn filtered<'a>(
        &'a self,
        call: &Call,
        table: usize,
        mut rows: Vec<&'a Row>,
    ) -> Result<Vec<&'a Row>, Refusal> {
        if let Some(text) = call.options.get("$filter") {
            let filter = Filter::parse(self, table, text, Some(&call.options))?;
            rows.retain(|row| filter.passes(self, row));
        }
        Ok(rows)
    }

    /// `GET set/$count`
    pub(crate) fn count_rows(&self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        if call.options.get("$deltatoken").is_some() {
            return self.count_changes(call, table);
        }
        self.count_of(call, table, self.store.rows(table).collect())
    }

    /// How many rows pass the filter, at most 5,000; the service writes a byte order mark before the digits.
    pub(super) fn count_of(&self, call: &Call, table: usize, rows: Vec<&Row>) -> Result<Answer, Refusal> {
        if call.method != Method::GET {
            return Err(wrong_method(call));
        }
        call.options.allow(&["$filter"])?;
        let rows = self.filtered(call, table, rows)?;
        Ok(Answer::text(format!("\u{feff}{}", rows.len().min(LARGEST_PAGE))))
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
    pub(super) fn one(&self, call: &Call, table: usize, row: &Row, status: u16) -> Result<Answer, Refusal> {
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
        call.options.allow(&["$select", "$expand"])?;
        refuse_tracking(call)?;
        let described = &self.catalog.tables[table];
        let select = Select::parse(described, &call.options.list("$select"))?;
        let expands = Expands::parse(self, table, expand)?;
        let columns = self.context_columns(table, &select, &expands);
        let mut body = Object::default();
        body.push("@odata.context", call.context(&format!("{}{columns}/$entity", described.entity_set)));
        let wanted = Wanted { select: &select, etag: true, also: None };
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

/// The page asked for; with a page size the service does not look at `$top`.
fn cut<'a>(call: &Call, rows: &[&'a Row], order: &Order) -> Result<Page<'a>, Refusal> {
    let top = call.options.top()?;
    if let (Some(top), None) = (top, call.prefer.page_size) {
        let rows = rows.iter().take(top.min(LARGEST_PAGE)).copied().collect();
        return Ok(Page { rows, next: None });
    }
    let size = call.prefer.page_size.unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
    let cookie = call.options.get("$skiptoken").map(Cookie::of_skiptoken).transpose()?;
    Ok(Page::cut(rows, size, cookie.as_ref(), order.is_empty()))
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

/// Goes up with each change of a table; tables do not change here.
const METADATA_VERSION: &str = "1000000";

/// With `Preference-Applied` where a preference was.
pub(crate) fn applied(call: &Call, answer: Answer) -> Answer {
    match call.prefer.applied() {
        Some(applied) => answer.with("Preference-Applied", applied),
        None => answer,
    }
}

/// The same URL with the cookie in `$skiptoken`.
fn next_link(url: &str, cookie: &str) -> String {
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
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, CONTACT, get, id, page, portal, post, refused, send};
    use serde_json::{Value, json};

    fn numbered(count: u8) -> Environment {
        let mut environment = portal();
        for number in 1..=count {
            let body = json!({"adx_webpageid": id(number), "adx_name": format!("p{number:03}"), "adx_displayorder": number % 3});
            post(&mut environment, "adx_webpages", &body);
        }
        environment
    }

    fn names(answer: &Value) -> Vec<&str> {
        answer["value"].as_array().unwrap().iter().map(|row| row["adx_name"].as_str().unwrap()).collect()
    }

    #[test]
    fn the_key_always_comes_along_and_empty_columns_are_null() {
        let mut environment = numbered(1);
        let (_, _, answer) =
            send(&mut environment, "GET", "adx_webpages?$select=adx_name,adx_releasedate", &[], &Value::Null);
        let text = String::from_utf8(answer.body().clone()).unwrap();
        let expected =
            format!("\"adx_name\":\"p001\",\"adx_releasedate\":null,\"adx_webpageid\":\"{}\"}}]}}", id(1));
        assert!(text.ends_with(&expected), "{text}");
        assert!(text.contains("\"value\":[{\"@odata.etag\":\"W/\\\"1"), "{text}");
    }

    #[test]
    fn selected_names_count_by_case() {
        for select in ["Adx_name", "name", "_adx_WebsiteId_value", "adx_websiteid", "adx_name,x"] {
            let (status, code, message) =
                refused(&mut portal(), "GET", &format!("adx_webpages?$select={select}"), &Value::Null);
            assert_eq!((status, code.as_str()), (400, "0x0"), "{select}");
            assert!(message.starts_with("Could not find a property named '"), "{message}");
        }
    }

    #[test]
    fn annotations_come_before_their_value_and_only_when_wanted() {
        let mut environment = portal();
        post(&mut environment, "accounts", &json!({"accountid": id(1), "name": "A", "revenue": 1234.5}));
        let path = format!("accounts({})?$select=revenue,_ownerid_value,statecode,createdon", id(1));
        let plain = get(&mut environment, &path);
        assert!(plain.as_object().unwrap().keys().all(|key| !key.contains("Formatted")), "{plain}");
        let headers = [("Prefer", "odata.include-annotations=\"*\"")];
        let (_, row, answer) = send(&mut environment, "GET", &path, &headers, &Value::Null);
        let formatted = |name: &str| row[format!("{name}@OData.Community.Display.V1.FormattedValue")].clone();
        assert_eq!(
            (formatted("revenue"), formatted("_ownerid_value"), formatted("statecode")),
            (json!("$1,234.50"), json!("Avery Howard"), json!("Active"))
        );
        assert_eq!(row["_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"], "ownerid");
        assert_eq!(row["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "systemuser");
        assert_eq!(answer.headers()["preference-applied"], "odata.include-annotations=\"*\"");
        let text = String::from_utf8(answer.body().clone()).unwrap();
        assert!(text.find("revenue@OData").unwrap() < text.find("\"revenue\":").unwrap());
    }

    #[test]
    fn pages_follow_their_links_to_the_last_row() {
        let mut environment = numbered(7);
        let headers = [("Prefer", "odata.maxpagesize=3")];
        let (mut path, mut seen) =
            ("adx_webpages?$select=adx_name&$orderby=adx_displayorder desc,adx_name".to_owned(), Vec::new());
        for size in [3, 3, 1] {
            let (_, answer, _) = send(&mut environment, "GET", &path, &headers, &Value::Null);
            assert_eq!(names(&answer).len(), size);
            seen.extend(names(&answer).into_iter().map(str::to_owned));
            let Some(link) = answer["@odata.nextLink"].as_str() else { break };
            assert!(link.contains("&$skiptoken=%3Ccookie%20pagenumber=%22"), "{link}");
            assert!(link.contains("pagingcookie=%22%253ccookie%2520page%253d%2522"), "{link}");
            path = link.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap().to_owned();
        }
        assert_eq!(seen, ["p002", "p005", "p001", "p004", "p007", "p003", "p006"]);
    }

    #[test]
    fn no_page_has_more_than_5000_rows() {
        let mut environment = portal();
        let table = environment.catalog.position("adx_webpage").unwrap();
        for number in 0..5001_u128 {
            let row = environment.blank_row(table, uuid::Uuid::from_u128(number + 1));
            environment.store.put(table, row);
        }
        for headers in [&[][..], &[("Prefer", "odata.maxpagesize=9000")]] {
            let (_, answer, _) = send(
                &mut environment,
                "GET",
                "adx_webpages?$select=adx_name&$count=true",
                headers,
                &Value::Null,
            );
            assert_eq!(answer["value"].as_array().unwrap().len(), 5000);
            assert_eq!(answer["@odata.count"], 5000);
            let next = answer["@odata.nextLink"].as_str().unwrap();
            let path = next.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap();
            let (_, rest, _) = send(&mut environment, "GET", path, headers, &Value::Null);
            assert_eq!((rest["value"].as_array().unwrap().len(), rest.get("@odata.nextLink")), (1, None));
        }
    }

    #[test]
    fn top_ends_the_list_unless_a_page_size_is_given() {
        let mut environment = numbered(5);
        let top = get(&mut environment, "adx_webpages?$top=2&$select=adx_name");
        assert_eq!((names(&top).len(), top.get("@odata.nextLink")), (2, None));
        let headers = [("Prefer", "odata.maxpagesize=3")];
        let (_, paged, _) = send(&mut environment, "GET", "adx_webpages?$top=2", &headers, &Value::Null);
        assert_eq!(paged["value"].as_array().unwrap().len(), 3);
        assert!(paged["@odata.nextLink"].is_string());
    }

    #[test]
    fn counts_start_with_a_byte_order_mark() {
        let (_, _, answer) = send(&mut numbered(4), "GET", "adx_webpages/$count", &[], &Value::Null);
        assert_eq!(answer.body(), b"\xef\xbb\xbf4");
    }

    #[test]
    fn related_rows_are_expanded() {
        let mut environment = numbered(2);
        let body = json!({"adx_parentpageid@odata.bind": format!("/adx_webpages({})", id(1))});
        send(&mut environment, "PATCH", &format!("adx_webpages({})", id(2)), &[], &body);
        let path =
            "adx_webpages?$select=adx_name&$expand=adx_parentpageid($select=adx_name)&$orderby=adx_name";
        let answer = get(&mut environment, path);
        assert_eq!(answer["value"][0]["adx_parentpageid"], Value::Null);
        assert_eq!(answer["value"][1]["adx_parentpageid"]["adx_name"], "p001");
        let children = format!(
            "adx_webpages({})?$expand=adx_webpage_adx_webpage_adx_parentpageid($select=adx_name;$filter=adx_name eq 'p002')",
            id(1)
        );
        assert_eq!(
            get(&mut environment, &children)["adx_webpage_adx_webpage_adx_parentpageid"][0]["adx_name"],
            "p002"
        );
        assert_eq!(
            refused(&mut environment, "GET", "adx_webpages?$expand=adx_ParentPageId", &Value::Null).0,
            400
        );
    }

    #[test]
    fn the_service_answers_in_both_spellings_of_the_address() {
        let mut environment = portal();
        for path in [
            format!("accounts({ACCOUNT})"),
            format!("accounts(accountid={ACCOUNT})"),
            format!("accounts%28{ACCOUNT}%29"),
        ] {
            assert_eq!(get(&mut environment, &path)["accountid"], ACCOUNT);
        }
        let context =
            get(&mut environment, &format!("contacts({CONTACT})?$select=lastname"))["@odata.context"].clone();
        assert_eq!(
            context,
            "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#contacts(lastname)/$entity"
        );
    }

    #[test]
    fn a_url_above_the_limit_is_refused() {
        let filter = "x".repeat(33_000);
        assert_eq!(
            refused(&mut portal(), "GET", &format!("accounts?$filter=name eq '{filter}'"), &Value::Null).0,
            414
        );
        post(&mut portal(), "adx_webpages", &page(1, &filter));
    }
}
