//! `$batch`: up to 1,000 requests in one, alone or in change sets.

use crate::answer::Answer;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use std::collections::HashMap;

/// The most requests of a batch.
const MOST_REQUESTS: usize = 1000;
/// Longest URL inside a batch.
const LONGEST_URL: usize = 65_536;

/// One part of the outer body.
enum Part {
    Request(Inner),
    ChangeSet(Vec<Inner>),
}

/// A request inside a batch.
struct Inner {
    content_id: Option<String>,
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Runs a batch in order. Without `odata.continue-on-error` the first refusal ends it and is the batch's status.
pub(crate) fn run(
    environment: &mut Environment,
    call: &Call,
    headers: &HeaderMap,
) -> Result<Answer, Refusal> {
    let boundary = boundary(headers).ok_or_else(|| payload("The boundary of the batch is missing."))?;
    let parts = parse(&call.body, &boundary)?;
    let count: usize =
        parts.iter().map(|part| if let Part::ChangeSet(set) = part { set.len() } else { 1 }).sum();
    if count > MOST_REQUESTS {
        return Err(payload(&format!(
            "The current batch has {count} operations; the limit is {MOST_REQUESTS}."
        )));
    }
    let mut written = Written::new(environment);
    for part in parts {
        let succeeded = match part {
            Part::Request(inner) => {
                let answer = answer(environment, call, inner, &mut HashMap::new());
                let succeeded = answer.is_success();
                written.add(environment, &answer, None);
                succeeded
            }
            Part::ChangeSet(set) => run_change_set(environment, call, set, &mut written),
        };
        if !succeeded && !call.prefer.continue_on_error {
            return Ok(written.finish(400));
        }
    }
    Ok(written.finish(200))
}

/// All or nothing: a failing change set answers with its one refusal.
fn run_change_set(
    environment: &mut Environment,
    call: &Call,
    set: Vec<Inner>,
    written: &mut Written,
) -> bool {
    let mark = environment.store.mark();
    let (mut known, mut answers) = (HashMap::new(), Vec::new());
    for inner in set {
        let content_id = inner.content_id.clone();
        let answer = if inner.method == Method::GET {
            Answer::refusal(&payload("A change set cannot contain a GET request."))
        } else {
            answer(environment, call, inner, &mut known)
        };
        if !answer.is_success() {
            environment.store.undo_to(mark);
            written.add_set(environment, &[(answer, content_id)]);
            return false;
        }
        answers.push((answer, content_id));
    }
    written.add_set(environment, &answers);
    true
}

/// Answers one inner request. `known` holds the addresses of earlier items of the change set.
fn answer(
    environment: &mut Environment,
    outer: &Call,
    inner: Inner,
    known: &mut HashMap<String, String>,
) -> Answer {
    let result = resolve(&inner, known).and_then(|(target, body)| {
        if target.len() > LONGEST_URL {
            return Err(Refusal::new(414, "0x0", "The request URI is too long."));
        }
        let origin = outer.base.split("/api/data/").next().unwrap_or_default();
        let target = absolute(&outer.base, &target);
        let call = Call::parse(inner.method.clone(), &target, origin, &inner.headers, &body)?;
        environment.perform(&call)
    });
    let answer = result.unwrap_or_else(|refusal| Answer::refusal(&refusal));
    let address =
        answer.headers.iter().find(|(name, _)| *name == "OData-EntityId").map(|(_, value)| value.clone());
    if let (Some(id), Some(address)) = (inner.content_id, address) {
        known.insert(id, address);
    }
    answer
}

/// A path may be relative to the service.
fn absolute(base: &str, target: &str) -> String {
    if target.starts_with('/') || target.contains("://") {
        target.to_owned()
    } else {
        format!("{base}{target}")
    }
}

/// Puts addresses in the place of `$1` in the URL and in the body's references.
fn resolve(inner: &Inner, known: &HashMap<String, String>) -> Result<(String, Vec<u8>), Refusal> {
    let target = match content_reference(&inner.target) {
        None => inner.target.clone(),
        Some((id, rest)) => format!("{}{rest}", known.get(id).ok_or_else(|| unknown_reference(id))?),
    };
    let Ok(text) = std::str::from_utf8(&inner.body) else { return Ok((target, inner.body.clone())) };
    if !text.contains("\"$") {
        return Ok((target, inner.body.clone()));
    }
    let Ok(mut body) = serde_json::from_str::<serde_json::Value>(text) else {
        return Ok((target, inner.body.clone()));
    };
    if let Some(members) = body.as_object_mut() {
        for (name, value) in members {
            let reference = value.as_str().filter(|_| name.ends_with("@odata.bind") || name == "@odata.id");
            if let Some((id, _)) = reference.and_then(content_reference) {
                *value = known.get(id).ok_or_else(|| unknown_reference(id))?.clone().into();
            }
        }
    }
    Ok((target, body.to_string().into_bytes()))
}

/// `$1` or `/$1/collection/$ref` -> (`1`, what follows)
fn content_reference(text: &str) -> Option<(&str, &str)> {
    let rest = text.trim_start_matches('/').strip_prefix('$')?;
    let end = rest.find('/').unwrap_or(rest.len());
    let id = &rest[..end];
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some((id, &rest[end..]))
}

fn unknown_reference(id: &str) -> Refusal {
    payload(&format!("Content-ID Reference: '${id}' does not exist in the batch context."))
}

fn payload(message: &str) -> Refusal {
    Refusal::new(400, "0x80048d19", message)
}

/// `multipart/mixed; boundary="batch_x"` -> `batch_x`
fn boundary(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let mut parameters = value.split(';').map(str::trim);
    if !parameters.next()?.eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let (_, boundary) =
        parameters.filter_map(|p| p.split_once('=')).find(|(n, _)| n.eq_ignore_ascii_case("boundary"))?;
    Some(boundary.trim_matches('"').to_owned())
}

fn parse(body: &[u8], boundary: &str) -> Result<Vec<Part>, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| payload("The batch is not UTF-8."))?;
    // The service reads nothing from a batch whose lines end in LF alone.
    if text.contains(&format!("--{boundary}\n")) {
        return Err(payload(
            "An error occurred while reading the batch: System.ArgumentException: Stream was not readable.",
        ));
    }
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
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some("HTTP/1.1")) = (words.next(), words.next(), words.next()) else {
        return Err(payload("A part of the batch has no request line."));
    };
    let method =
        Method::from_bytes(method.as_bytes()).map_err(|_| payload("A request line has no method."))?;
    let (headers, body) = headers(rest)?;
    let content_id = outer.get("content-id").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = body.trim_end_matches("\r\n").as_bytes().to_vec();
    Ok(Inner { content_id, method, target: target.to_owned(), headers, body })
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

/// The answer's body as it grows.
struct Written {
    boundary: String,
    text: Vec<u8>,
}

impl Written {
    fn new(environment: &mut Environment) -> Written {
        Written { boundary: format!("batchresponse_{}", environment.random.id()), text: Vec::new() }
    }

    fn add(&mut self, environment: &mut Environment, answer: &Answer, content_id: Option<&str>) {
        self.line(&format!("--{}", self.boundary));
        self.part(environment, answer, content_id);
    }

    fn add_set(&mut self, environment: &mut Environment, answers: &[(Answer, Option<String>)]) {
        let inner = format!("changesetresponse_{}", environment.random.id());
        self.line(&format!("--{}", self.boundary));
        self.line(&format!("Content-Type: multipart/mixed; boundary={inner}"));
        self.line("");
        for (answer, content_id) in answers {
            self.line(&format!("--{inner}"));
            self.part(environment, answer, content_id.as_deref());
        }
        self.line(&format!("--{inner}--"));
    }

    fn part(&mut self, environment: &mut Environment, answer: &Answer, content_id: Option<&str>) {
        self.line("Content-Type: application/http");
        self.line("Content-Transfer-Encoding: binary");
        if let Some(id) = content_id {
            self.line(&format!("Content-ID: {id}"));
        }
        self.line("");
        let reason = http::StatusCode::from_u16(answer.status).ok().and_then(|s| s.canonical_reason());
        self.line(&format!("HTTP/1.1 {} {}", answer.status, reason.unwrap_or_default()));
        if !answer.is_success() {
            let id = environment.random.id();
            self.line(&format!("REQ_ID: {id}"));
        }
        self.line("OData-Version: 4.0");
        for (name, value) in &answer.headers {
            if *name == "OData-EntityId" {
                self.line(&format!("Location: {value}"));
            }
            self.line(&format!("{name}: {value}"));
        }
        self.line("");
        self.text.extend_from_slice(&answer.body);
        self.line("");
    }

    fn line(&mut self, line: &str) {
        self.text.extend_from_slice(line.as_bytes());
        self.text.extend_from_slice(b"\r\n");
    }

    fn finish(mut self, status: u16) -> Answer {
        self.line(&format!("--{}--", self.boundary));
        let content_type = format!("multipart/mixed; boundary={}", self.boundary);
        Answer { status, headers: vec![("Content-Type", content_type)], body: self.text }
    }
}
