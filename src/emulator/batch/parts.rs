//! A batch's body, taken apart.

use super::payload;
use crate::error::Refusal;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::collections::HashSet;

/// One part of the outer body.
pub(super) enum Part {
    Request(Inner),
    ChangeSet(Vec<Inner>),
}

impl Part {
    /// Every item of a change set has a `Content-ID` of its own, as OData 4.0 demands.
    pub(super) fn refuse_ids(&self) -> Result<(), Refusal> {
        let Part::ChangeSet(items) = self else { return Ok(()) };
        let mut seen = HashSet::new();
        for item in items {
            let id = item.content_id.as_deref();
            let id = id.ok_or_else(|| payload("An item of a change set has no 'Content-ID' header."))?;
            if !seen.insert(id) {
                return Err(payload(&format!(
                    "The content ID '{id}' was found more than once in the same change set."
                )));
            }
        }
        Ok(())
    }
}

/// A request inside a batch.
pub(super) struct Inner {
    pub(super) content_id: Option<String>,
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// `multipart/mixed; boundary="batch_x"` -> `batch_x`
pub(super) fn boundary(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parameters = value.split(';').map(str::trim);
    if !parameters.next()?.eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let (_, boundary) =
        parameters.filter_map(|p| p.split_once('=')).find(|(n, _)| n.eq_ignore_ascii_case("boundary"))?;
    Some(boundary.trim_matches('"').to_owned())
}

/// Whether a boundary's line ends in LF alone.
pub(super) fn ends_lines_in_lf(body: &[u8], boundary: &str) -> bool {
    let line = format!("--{boundary}\n");
    body.windows(line.len()).any(|window| window == line.as_bytes())
}

/// All parts of a body.
pub(super) fn parse(body: &[u8], boundary: &str) -> Result<Vec<Part>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| payload("The batch is not UTF-8."))?;
    split(text, boundary)?.into_iter().map(parse_part).collect()
}

/// The texts between the boundary lines.
fn split<'a>(text: &'a str, boundary: &str) -> Result<Vec<&'a str>, Refusal> {
    let line = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    for raw in text.split_inclusive("\r\n") {
        let content = raw.trim_end();
        let is_end = content.strip_prefix(line.as_str()) == Some("--");
        if content == line || is_end {
            if let Some(start) = start {
                let part: &str = &text[start..at];
                parts.push(part.strip_suffix("\r\n").unwrap_or(part));
            }
            start = Some(at + raw.len());
            if is_end {
                return Ok(parts);
            }
        }
        at += raw.len();
    }
    Err(payload("The batch has no closing boundary."))
}

fn parse_part(text: &str) -> Result<Part, Refusal> {
    let (headers, rest) = headers(text)?;
    if let Some(boundary) = boundary(&headers) {
        let items = split(rest, &boundary)?.into_iter().map(parse_inner).collect::<Result<Vec<_>, _>>()?;
        return Ok(Part::ChangeSet(items));
    }
    parse_inner(text).map(Part::Request)
}

fn parse_inner(text: &str) -> Result<Inner, Refusal> {
    let (outer, rest) = headers(text)?;
    let content_type = outer.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/http") {
        return Err(payload("A part of the batch is not of the type application/http."));
    }
    let (line, rest) = rest.split_once("\r\n").unwrap_or((rest, ""));
    let (method, target) =
        request_line(line).ok_or_else(|| payload("A part of the batch has no request line."))?;
    let method =
        Method::from_bytes(method.as_bytes()).map_err(|_| payload("A request line has no method."))?;
    let (headers, body) = headers(rest)?;
    let content_id = outer.get("content-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = body.trim_end_matches("\r\n").as_bytes().to_vec();
    Ok(Inner { content_id, method, target: target.to_owned(), headers, body })
}

/// `GET /api/data/v9.2/accounts HTTP/1.1` -> method and address. The address may have blanks: Microsoft's client for
/// Python sends its filters so.
fn request_line(line: &str) -> Option<(&str, &str)> {
    let (method, target) = line.strip_suffix(" HTTP/1.1")?.split_once(' ')?;
    (!target.trim().is_empty()).then_some((method, target))
}

/// Header lines up to an empty line, and what follows it.
fn headers(text: &str) -> Result<(HeaderMap, &str), Refusal> {
    let mut headers = HeaderMap::new();
    let mut rest = text;
    while let Some((line, tail)) = rest.split_once("\r\n") {
        rest = tail;
        if line.is_empty() {
            return Ok((headers, rest));
        }
        let (name, value) =
            line.split_once(':').ok_or_else(|| payload("A header line of the batch has no colon."))?;
        let name = HeaderName::from_bytes(name.trim().as_bytes())
            .map_err(|_| payload("A header name is not valid."))?;
        let value =
            HeaderValue::from_str(value.trim()).map_err(|_| payload("A header value is not valid."))?;
        headers.append(name, value);
    }
    Ok((headers, ""))
}
