//! A page of rows and the way to the next one.

use crate::RawPage;
use crate::fetch_paging::{applied_page, cookie_of};
use crate::part::Part;
use crate::query::{Query, rows_part};
use crate::response::json;
use crate::{EnvironmentUrl, Error, Row};
use http::Response;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::ops::Range;

/// Rows of one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The rows, annotations beside their columns (`name@OData.Community.Display.V1.FormattedValue`).
    pub rows: Vec<Row>,
    /// The rows that follow; `None`: these were the last.
    pub next: Option<NextPage>,
}

/// Where the next rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextPage {
    query: Query,
    way: Way,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Below `/api/data/v9.2/`, as the service gave it.
    Link(String),
    /// The number of the page, from 1, and the cookie the last answer gave with it.
    Fetch { number: u32, cookie: Option<String> },
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>"))]
struct RowsAnswer<R> {
    value: Vec<R>,
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
    #[serde(rename = "@Microsoft.Dynamics.CRM.fetchxmlpagingcookie")]
    cookie: Option<String>,
    #[serde(rename = "@Microsoft.Dynamics.CRM.morerecords")]
    more: Option<Value>,
}

impl NextPage {
    /// The query whose rows go on.
    pub(crate) fn query(&self) -> &Query {
        &self.query
    }

    /// The request for those rows.
    pub(crate) fn part(&self) -> Part {
        match &self.way {
            Way::Link(path) => rows_part(path, false, self.query.page_size),
            Way::Fetch { number, cookie } => fetch_part(&self.query, *number, cookie.as_deref()),
        }
    }
}

/// The request for the first page of `query`.
pub(crate) fn first_page_part(query: &Query) -> Part {
    if query.fetch_xml.is_some() { fetch_part(query, 1, None) } else { query.part() }
}

/// Reads a page of `query`: the one that `after` asked for, or the first.
///
/// # Errors
/// [`Error::Shape`] where it holds no rows, or leads to another environment: a token must not follow there.
pub(crate) fn parse_page(
    url: &EnvironmentUrl,
    query: &Query,
    after: Option<&NextPage>,
    response: &Response<Vec<u8>>,
) -> Result<Page, Error> {
    let answer: RowsAnswer<Row> = json(&label(query), response)?;
    let next = answer.next(url, query, after)?;
    Ok(Page { rows: answer.value, next })
}

/// The same, with its rows as they are written.
///
/// # Errors
/// As [`parse_page`].
pub(crate) fn parse_raw_page(
    url: &EnvironmentUrl,
    query: &Query,
    after: Option<&NextPage>,
    response: Response<Vec<u8>>,
) -> Result<RawPage, Error> {
    let answer: RowsAnswer<&RawValue> = json(&label(query), &response)?;
    let next = answer.next(url, query, after)?;
    let start = response.body().as_ptr() as usize;
    let place = |row: &&RawValue| {
        let at = row.get().as_ptr() as usize - start;
        at..at + row.get().len()
    };
    let rows: Vec<Range<usize>> = answer.value.iter().map(place).collect();
    let body = String::from_utf8(response.into_body())
        .map_err(|_| Error::Shape { request: label(query), reason: "it is no UTF-8".to_owned() })?;
    Ok(RawPage::new(body, rows, next))
}

fn label(query: &Query) -> String {
    format!("GET {}", query.set)
}

impl<R> RowsAnswer<R> {
    fn next(
        &self,
        url: &EnvironmentUrl,
        query: &Query,
        after: Option<&NextPage>,
    ) -> Result<Option<NextPage>, Error> {
        let way = match (&query.fetch_xml, &self.next_link) {
            (Some(_), _) => next_fetch(after, self.more.as_ref(), self.cookie.as_deref()),
            (None, Some(link)) => {
                let path = url.own_path(link).ok_or_else(|| Error::Shape {
                    request: label(query),
                    reason: "its next page is in another environment".to_owned(),
                })?;
                Some(Way::Link(path.to_owned()))
            }
            (None, None) => None,
        };
        Ok(way.map(|way| NextPage { query: query.clone(), way }))
    }
}

fn next_fetch(after: Option<&NextPage>, more: Option<&Value>, cookie: Option<&str>) -> Option<Way> {
    let more =
        matches!(more, Some(Value::Bool(true))) || matches!(more, Some(Value::String(s)) if s == "true");
    // The number inside the cookie is not to be relied on: pages are counted here.
    let number = match after.map(|a| &a.way) {
        Some(Way::Fetch { number, .. }) => number + 1,
        _ => 2,
    };
    more.then(|| Way::Fetch { number, cookie: cookie.and_then(cookie_of) })
}

fn fetch_part(query: &Query, number: u32, cookie: Option<&str>) -> Part {
    let fetch = query.fetch_xml.as_deref().unwrap_or_default();
    let paged =
        Query { fetch_xml: Some(applied_page(fetch, number, query.page_size, cookie)), ..query.clone() };
    paged.part()
}

#[cfg(test)]
mod tests {
    use super::{first_page_part, parse_page, parse_raw_page};
    use crate::{EnvironmentUrl, Query};
    use http::Response;

    fn url() -> EnvironmentUrl {
        EnvironmentUrl::parse("https://contoso.crm.dynamics.com").unwrap()
    }

    fn response(body: &str) -> Response<Vec<u8>> {
        Response::new(body.as_bytes().to_vec())
    }

    #[test]
    fn the_next_link_is_followed_word_for_word() {
        let query = Query { page_size: Some(2), ..Query::of("accounts") };
        let link = "accounts?$select=name&$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522%253e%22%20istracking=%22False%22%20/%3E";
        let body = format!(
            r#"{{"value":[{{"name":"A"}}],"@odata.nextLink":"https://contoso.crm.dynamics.com/api/data/v9.2/{link}"}}"#
        );
        let page = parse_page(&url(), &query, None, &response(&body)).unwrap();
        assert_eq!(page.rows[0]["name"], "A");
        let next = page.next.unwrap().part();
        assert_eq!(next.path, link);
        assert!(next.headers[0].1.ends_with("odata.maxpagesize=2"), "the page size is to be asked again");
    }

    #[test]
    fn raw_rows_are_the_text_that_the_service_wrote() {
        let query = Query::of("accounts");
        let link = "https://contoso.crm.dynamics.com/api/data/v9.2/accounts?$skiptoken=2";
        let body = format!(
            "\u{feff}{{\"value\":[{{\"a\": 1.00}}, {{\"b\":\"ü\"}}],\"@odata.nextLink\":\"{link}\"}}"
        );
        let page = parse_raw_page(&url(), &query, None, response(&body)).unwrap();
        assert_eq!(page.rows().collect::<Vec<_>>(), [r#"{"a": 1.00}"#, r#"{"b":"ü"}"#]);
        assert_eq!((page.len(), page.is_empty(), page.next.is_some()), (2, false, true));
    }

    #[test]
    fn a_next_link_to_another_environment_is_refused() {
        let body =
            r#"{"value":[],"@odata.nextLink":"https://evil.example/api/data/v9.2/accounts?$skiptoken=1"}"#;
        let error = parse_page(&url(), &Query::of("accounts"), None, &response(body)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The answer to GET accounts cannot be read: its next page is in another environment."
        );
    }

    #[test]
    fn fetch_xml_pages_are_counted_here_and_carry_the_cookie_of_the_last_answer() {
        let fetch = Some("<fetch version='1.0'><entity name='account'/></fetch>".to_owned());
        let query = Query { fetch_xml: fetch, page_size: Some(2), ..Query::of("accounts") };
        assert!(
            first_page_part(&query).path.contains("page%3D")
                || first_page_part(&query).path.contains("page=")
        );
        let cookie = r#"<cookie pagenumber=\"2\" pagingcookie=\"%253ccookie%2520page%253d%25221%2522%253e%253c%252fcookie%253e\" istracking=\"False\" />"#;
        let answer = |more: &str| {
            response(&format!(
                r#"{{"@Microsoft.Dynamics.CRM.fetchxmlpagingcookie":"{cookie}","@Microsoft.Dynamics.CRM.morerecords":{more},"value":[]}}"#
            ))
        };
        let second = parse_page(&url(), &query, None, &answer("true")).unwrap().next.unwrap();
        let path =
            percent_encoding::percent_decode_str(&second.part().path).decode_utf8().unwrap().into_owned();
        let expected = r#"accounts?fetchXml=<fetch version='1.0' page="2" count="2" paging-cookie="&lt;cookie page=&quot;1&quot;&gt;&lt;/cookie&gt;"><entity name='account'/></fetch>"#;
        assert_eq!(path, expected);
        let third = parse_page(&url(), &query, Some(&second), &answer("\"true\"")).unwrap().next.unwrap();
        assert!(third.part().path.contains("page=%223%22"), "{}", third.part().path);
        assert_eq!(parse_page(&url(), &query, Some(&third), &answer("false")).unwrap().next, None);
    }
}
