//! A page of rows and the way to the next one.

use crate::fetch_paging::{applied_page, cookie_of};
use crate::part::Part;
use crate::query::{Query, rows_part};
use crate::response::json;
use crate::{EnvironmentUrl, Error, Row};
use http::Response;
use serde::Deserialize;
use serde_json::Value;

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
struct RowsAnswer {
    value: Vec<Row>,
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
    let request = format!("GET {}", query.set);
    let answer: RowsAnswer = json(&request, response)?;
    let way = match (&query.fetch_xml, answer.next_link) {
        (Some(_), _) => next_fetch(after, answer.more.as_ref(), answer.cookie.as_deref()),
        (None, Some(link)) => match url.own_path(&link) {
            Some(path) => Some(Way::Link(path.to_owned())),
            None => {
                return Err(Error::Shape {
                    request,
                    reason: "its next page is in another environment".to_owned(),
                });
            }
        },
        (None, None) => None,
    };
    Ok(Page { rows: answer.value, next: way.map(|way| NextPage { query: query.clone(), way }) })
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
    use super::{first_page_part, parse_page};
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
