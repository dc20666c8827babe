//! Pages: at most 5,000 rows, and a cookie that says where the next page starts.

use crate::error::Refusal;
use crate::rows::{Key, Row};
use crate::values::Cell;
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

/// What a cookie tells of the page before: the ends of the columns it is sorted by, and of its key.
pub(crate) struct Ends<'a> {
    pub(crate) primary_id: &'a str,
    /// Columns with their values.
    pub(crate) first: (Vec<(String, Cell)>, Uuid),
    /// The same of the last row.
    pub(crate) last: (Vec<(String, Cell)>, Uuid),
    /// With rows expanded in rows expanded: how many rows the page had. Such a cookie writes ids in lower case.
    pub(crate) count: Option<usize>,
}

impl<'a> Page<'a> {
    /// The page of `size` rows that starts at the cookie. `backwards` is there where rows stand in the order of their
    /// keys, or in the opposite one.
    pub(crate) fn cut(
        rows: &[&'a Row],
        size: usize,
        cookie: Option<&Cookie>,
        backwards: Option<bool>,
    ) -> Page<'a> {
        let number = cookie.map_or(1, |cookie| cookie.page);
        let start = cookie.and_then(|cookie| cookie.last).and_then(|last| after(rows, last, backwards));
        let start = start.unwrap_or_else(|| first_of(number, size)).min(rows.len());
        Page::of(rows[start..].iter().copied(), size, number)
    }

    /// The page of that number, taken from the rows from its first one on.
    pub(crate) fn of(mut rows: impl Iterator<Item = &'a Row>, size: usize, number: usize) -> Page<'a> {
        let page: Vec<&Row> = rows.by_ref().take(size).collect();
        let next = rows
            .next()
            .map(|_| Cookie { page: number.saturating_add(1), last: page.last().map(|row| row.id) });
        Page { rows: page, next }
    }
}

/// Where the rows after that one start. It may be gone: then its place among the keys counts, or else, with `None`,
/// the page's number.
fn after(rows: &[&Row], last: Uuid, backwards: Option<bool>) -> Option<usize> {
    if let Some(backwards) = backwards {
        let is_before = |row: &&Row| row.id == last || (Key::of(row.id) > Key::of(last)) == backwards;
        return Some(rows.partition_point(is_before));
    }
    rows.iter().position(|row| row.id == last).map(|position| position + 1)
}

/// Where a page starts by its number alone.
pub(crate) fn first_of(page: usize, size: usize) -> usize {
    page.saturating_sub(1).saturating_mul(size)
}

impl Cookie {
    /// As it stands in an annotation: the inner cookie is percent-encoded twice. In a URL one of the two is undone
    /// with the URL's own encoding.
    pub(crate) fn text(page: usize, ends: &Ends<'_>, number: usize) -> String {
        let count = ends.count.map_or_else(String::new, |count| format!(" countOfRecords=\"{count}\""));
        let inner = format!("<cookie page=\"{}\"{count}>{}</cookie>", page.saturating_sub(1), ends.text());
        let twice = encode(&encode(&inner));
        format!("<cookie pagenumber=\"{number}\" pagingcookie=\"{twice}\" istracking=\"False\" />")
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

impl Ends<'_> {
    /// `<name last="b" first="a" /><accountid last="{…}" first="{…}" />`
    fn text(&self) -> String {
        let mut text = String::new();
        for ((name, last), (_, first)) in self.last.0.iter().zip(&self.first.0) {
            text.push_str(&format!("<{name} {} {} />", end("last", last), end("first", first)));
        }
        let id = |id: Uuid| match self.count {
            Some(_) => id.to_string(),
            None => id.to_string().to_uppercase(),
        };
        let (last, first) = (id(self.last.1), id(self.first.1));
        text + &format!("<{} last=\"{{{last}}}\" first=\"{{{first}}}\" />", self.primary_id)
    }
}

/// `last="value"`, or `lastnull="1"` where there is none.
fn end(which: &str, cell: &Cell) -> String {
    match cell.to_json() {
        serde_json::Value::Null => format!("{which}null=\"1\""),
        serde_json::Value::String(text) => format!("{which}=\"{}\"", quick_xml::escape::escape(text)),
        other => format!("{which}=\"{other}\""),
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

/// The key is the last column of a cookie.
fn last_of(inner: &str) -> Option<Uuid> {
    let start = inner.rfind(" last=\"")?;
    attribute(&inner[start..], "last").and_then(|last| Uuid::try_parse(last).ok())
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

    fn ends(count: Option<usize>) -> Ends<'static> {
        let names = |name: &str| vec![("name".to_owned(), Cell::text(name))];
        let last = (names("a\"b"), Uuid::from_u128(42));
        Ends { primary_id: "accountid", first: (names(""), Uuid::from_u128(1)), last, count }
    }

    #[test]
    fn a_cookie_is_encoded_twice_and_read_back() {
        let text = Cookie::text(2, &ends(None), 2);
        assert!(
            text.starts_with(
                "<cookie pagenumber=\"2\" pagingcookie=\"%253ccookie%2520page%253d%25221%2522%253e%253cname%2520last"
            ),
            "{text}"
        );
        let inner = decode(&decode(&text));
        assert!(inner.contains("<name last=\"a&quot;b\" firstnull=\"1\" />"), "{inner}");
        let cookie = Cookie { page: 2, last: Some(Uuid::from_u128(42)) };
        assert_eq!(Cookie::of_skiptoken(&decode(&text)).unwrap(), cookie);
        let counted = decode(&decode(&Cookie::text(2, &ends(Some(3)), 2)));
        assert!(counted.contains("<cookie page=\"1\" countOfRecords=\"3\">"), "{counted}");
    }

    #[test]
    fn a_page_goes_on_after_the_last_row_even_when_rows_before_are_gone() {
        let rows: Vec<Row> =
            (1..=7).map(|n| Row { id: Uuid::from_u128(n), version: 1, cells: Vec::new() }).collect();
        let all: Vec<&Row> = rows.iter().collect();
        let first = Page::cut(&all, 3, None, Some(false));
        let cookie = first.next.unwrap();
        for gone in [0, 2] {
            let left: Vec<&Row> =
                all.iter().enumerate().filter(|(i, _)| *i != gone).map(|(_, r)| *r).collect();
            let second = Page::cut(&left, 3, Some(&cookie), Some(false));
            assert_eq!(second.rows.iter().map(|r| r.id.as_u128()).collect::<Vec<_>>(), [4, 5, 6]);
            assert!(Page::cut(&left, 3, second.next.as_ref(), Some(false)).next.is_none());
        }
    }

    #[test]
    fn a_broken_token_is_refused() {
        assert!(Cookie::of_skiptoken("hello").is_err());
        for page in ["0", "18446744073709551615"] {
            let cookie =
                Cookie::of_skiptoken(&format!("<cookie pagenumber=\"{page}\" pagingcookie=\"\" />")).unwrap();
            assert!(Page::cut(&[], 5000, Some(&cookie), Some(false)).rows.is_empty());
        }
    }
}
