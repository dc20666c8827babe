//! Pages: at most 5,000 rows, and a cookie that says where the next page starts.

use crate::error::Refusal;
use crate::rows::Row;
use percent_encoding::percent_decode_str;
use uuid::Uuid;

/// The most rows of a page.
pub(crate) const LARGEST_PAGE: usize = 5000;

/// Where a page starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cookie {
    /// The page that starts here; the first has no cookie.
    pub(crate) page: usize,
    /// The last row of the page before.
    pub(crate) last: Option<Uuid>,
}

/// The rows of one page.
pub(crate) struct Page<'a> {
    pub(crate) rows: Vec<&'a Row>,
    /// Where the next one starts, if there is one.
    pub(crate) next: Option<Cookie>,
}

impl<'a> Page<'a> {
    /// The page of `size` rows that starts at the cookie.
    pub(crate) fn cut(rows: &[&'a Row], size: usize, cookie: Option<&Cookie>) -> Page<'a> {
        let number = cookie.map_or(1, |cookie| cookie.page);
        let after_last =
            cookie.and_then(|cookie| cookie.last).and_then(|last| rows.iter().position(|r| r.id == last));
        // The last row of the page before may be gone: then the page's number counts.
        let start =
            after_last.map_or_else(|| first_of(number, size), |position| position + 1).min(rows.len());
        let end = (start + size).min(rows.len());
        let page = rows[start..end].to_vec();
        let next = (end < rows.len())
            .then(|| Cookie { page: number.saturating_add(1), last: page.last().map(|row| row.id) });
        Page { rows: page, next }
    }
}

/// Where a page starts by its number alone.
pub(super) fn first_of(page: usize, size: usize) -> usize {
    page.saturating_sub(1).saturating_mul(size)
}

impl Cookie {
    /// As it stands in FetchXML's annotation: the inner cookie is percent-encoded twice. In a URL one of the two is
    /// undone with the URL's own encoding.
    pub(crate) fn text(&self, primary_id: &str, first: Uuid) -> String {
        let last = self.last.unwrap_or_default().to_string().to_uppercase();
        let first = first.to_string().to_uppercase();
        let inner = format!(
            "<cookie page=\"{}\"><{primary_id} last=\"{{{last}}}\" first=\"{{{first}}}\" /></cookie>",
            self.page.saturating_sub(1)
        );
        let twice = encode(&encode(&inner));
        format!("<cookie pagenumber=\"{}\" pagingcookie=\"{twice}\" istracking=\"False\" />", self.page)
    }

    /// Reads a `$skiptoken`, decoded as all options are.
    pub(crate) fn of_skiptoken(token: &str) -> Result<Cookie, Refusal> {
        let broken = || Refusal::new(400, "0x80060888", "The skiptoken is not valid.");
        let page = attribute(token, "pagenumber").and_then(|page| page.parse().ok()).ok_or_else(broken)?;
        let once = attribute(token, "pagingcookie").ok_or_else(broken)?;
        Ok(Cookie { page, last: last_of(&decode(once)) })
    }

    /// Reads the inner cookie, decoded, as a client puts it into FetchXML.
    pub(crate) fn of_fetch(page: usize, inner: &str) -> Cookie {
        Cookie { page, last: last_of(inner) }
    }
}

/// As .NET's `HttpUtility.UrlEncode` but for blanks: escapes in lower case.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02x}")),
        }
    }
    encoded
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn last_of(inner: &str) -> Option<Uuid> {
    attribute(inner, "last").and_then(|last| Uuid::try_parse(last).ok())
}

/// The value of `name="…"`.
fn attribute<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.find(&format!("{name}=\""))? + name.len() + 2;
    let length = text[start..].find('"')?;
    Some(&text[start..start + length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_encoded_twice_and_read_back() {
        let cookie = Cookie { page: 2, last: Some(Uuid::from_u128(42)) };
        let text = cookie.text("accountid", Uuid::from_u128(1));
        assert!(
            text.starts_with(
                "<cookie pagenumber=\"2\" pagingcookie=\"%253ccookie%2520page%253d%25221%2522%253e"
            ),
            "{text}"
        );
        assert_eq!(Cookie::of_skiptoken(&decode(&text)).unwrap(), cookie);
    }

    #[test]
    fn a_page_goes_on_after_the_last_row_even_when_rows_before_are_gone() {
        let rows: Vec<Row> =
            (1..=7).map(|n| Row { id: Uuid::from_u128(n), version: 1, cells: Vec::new() }).collect();
        let all: Vec<&Row> = rows.iter().collect();
        let first = Page::cut(&all, 3, None);
        let cookie = first.next.unwrap();
        let second = Page::cut(&all[1..], 3, Some(&cookie));
        assert_eq!(second.rows.iter().map(|r| r.id.as_u128()).collect::<Vec<_>>(), [4, 5, 6]);
        assert!(Page::cut(&all[1..], 3, second.next.as_ref()).next.is_none());
    }

    #[test]
    fn a_broken_token_is_refused() {
        assert!(Cookie::of_skiptoken("hello").is_err());
        for page in ["0", "18446744073709551615"] {
            let cookie =
                Cookie::of_skiptoken(&format!("<cookie pagenumber=\"{page}\" pagingcookie=\"\" />")).unwrap();
            assert!(Page::cut(&[], 5000, Some(&cookie)).rows.is_empty());
        }
    }
}
