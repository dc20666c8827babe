//! Paging of FetchXML: `page`, `count` and `paging-cookie` of its first tag.

use percent_encoding::percent_decode_str;

/// Attributes of `<fetch>` that are the client's business.
const PAGING: [&str; 3] = ["page", "count", "paging-cookie"];

/// `fetch` with its first tag asking for page `number`. One that asks for its `top` rows has no pages and
/// stays as it is, as does text without a `<fetch>` tag: the service tells what is wrong with it.
pub(crate) fn applied_page(fetch: &str, number: u32, size: Option<u32>, cookie: Option<&str>) -> String {
    let Some((start, end)) = first_tag(fetch) else { return fetch.to_owned() };
    let attributes = attributes(&fetch[start..end]);
    if attributes.iter().any(|(name, _)| *name == "top") {
        return fetch.to_owned();
    }
    let mut tag = String::new();
    for (_, written) in attributes.into_iter().filter(|(name, _)| !PAGING.contains(name)) {
        tag.push_str(&format!(" {written}"));
    }
    tag.push_str(&format!(" page=\"{number}\""));
    if let Some(size) = size {
        tag.push_str(&format!(" count=\"{size}\""));
    }
    if let Some(cookie) = cookie {
        tag.push_str(&format!(" paging-cookie=\"{}\"", escaped(cookie)));
    }
    format!("{}{tag}{}", &fetch[..start], &fetch[end..])
}

/// The cookie inside the annotation, which is itself a tag with the cookie encoded twice over.
pub(crate) fn cookie_of(annotation: &str) -> Option<String> {
    let end = annotation.trim_end().strip_suffix('>')?.trim_end_matches('/').len();
    let start = annotation.find("<cookie")? + "<cookie".len();
    let attributes = attributes(annotation.get(start..end)?);
    let (_, written) = attributes.into_iter().find(|(name, _)| *name == "pagingcookie")?;
    let value = written.split_once('=')?.1.trim().trim_matches(['"', '\'']);
    let once = percent_decode_str(value).decode_utf8().ok()?.into_owned();
    let twice = percent_decode_str(&once).decode_utf8().ok()?.into_owned();
    (!twice.is_empty()).then_some(twice)
}

/// Where the attributes of `<fetch …>` begin and end.
fn first_tag(fetch: &str) -> Option<(usize, usize)> {
    let start = fetch.find("<fetch")? + "<fetch".len();
    let mut quote = None;
    for (at, c) in fetch[start..].char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '>' | '/') => return Some((start, start + at)),
            _ => {}
        }
    }
    None
}

/// Name and full text of each attribute.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start();
    while let Some(equals) = rest.find('=') {
        let value = &rest[equals + 1..];
        let Some(open) = value.find(['"', '\'']) else { break };
        let quote = &value[open..=open];
        let Some(close) = value[open + 1..].find(quote) else { break };
        let end = equals + 1 + open + 1 + close + 1;
        found.push((rest[..equals].trim(), &rest[..end]));
        rest = rest[end..].trim_start();
    }
    found
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{applied_page, cookie_of};

    #[test]
    fn the_page_is_written_into_the_first_tag_and_nowhere_else() {
        let cases = [
            ("<fetch><entity name='a'/></fetch>", r#"<fetch page="2" count="5"><entity name='a'/></fetch>"#),
            (
                r#"<fetch version="1.0" page='9' count="50" distinct = "true"><entity name="page"/></fetch>"#,
                r#"<fetch version="1.0" distinct = "true" page="2" count="5"><entity name="page"/></fetch>"#,
            ),
            ("<fetch a='x>y'\n b='1' />", "<fetch a='x>y' b='1' page=\"2\" count=\"5\"/>"),
            ("<fetch top='3'><entity name='a'/></fetch>", "<fetch top='3'><entity name='a'/></fetch>"),
            ("no fetch", "no fetch"),
        ];
        for (fetch, expected) in cases {
            assert_eq!(applied_page(fetch, 2, Some(5), None), expected);
        }
    }

    #[test]
    fn a_cookie_is_decoded_twice_and_escaped_once() {
        let annotation = r#"<cookie pagenumber="2" pagingcookie="%253ccookie%2520page%253d%25221%2522%253e%253cname%2520last%253d%2522A%2526amp%253bB%2522%2520%252f%253e%253c%252fcookie%253e" istracking="False" />"#;
        let cookie = cookie_of(annotation).unwrap();
        assert_eq!(cookie, r#"<cookie page="1"><name last="A&amp;B" /></cookie>"#);
        assert_eq!(
            applied_page("<fetch/>", 2, None, Some(&cookie)),
            r#"<fetch page="2" paging-cookie="&lt;cookie page=&quot;1&quot;&gt;&lt;name last=&quot;A&amp;amp;B&quot; /&gt;&lt;/cookie&gt;"/>"#
        );
    }

    #[test]
    fn an_answer_without_a_usable_cookie_has_none() {
        for annotation in ["", "<cookie", "<cookie pagenumber=\"2\" />", "<cookie pagingcookie=\"\" />"] {
            assert_eq!(cookie_of(annotation), None, "{annotation}");
        }
    }
}
