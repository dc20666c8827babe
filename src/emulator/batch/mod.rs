//! `$batch`: up to 1,000 requests in one, alone or in change sets.

mod parts;
mod written;

use crate::answer::Answer;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use http::{HeaderMap, Method};
use parts::{Inner, Part, boundary, parse};
use std::collections::HashMap;
use written::Written;

/// The most requests of a batch.
const MOST_REQUESTS: usize = 1000;
/// Longest URL inside a batch.
const LONGEST_URL: usize = 65_536;

/// The requests in the body of a batch: method, address and body of each; none where it cannot be read.
pub(crate) fn requests(headers: &HeaderMap, body: &[u8]) -> Vec<(Method, String, Vec<u8>)> {
    let parts = boundary(headers).and_then(|boundary| parse(body, &boundary).ok()).unwrap_or_default();
    let inner = parts.into_iter().flat_map(|part| match part {
        Part::Request(inner) => vec![inner],
        Part::ChangeSet(set) => set,
    });
    inner.map(|inner| (inner.method, inner.target, inner.body)).collect()
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

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, id, portal, request};

    /// A request part.
    fn part(request: &str, body: &str) -> String {
        let json = if body.is_empty() { "" } else { "Content-Type: application/json; type=entry\r\n" };
        format!(
            "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{request} HTTP/1.1\r\n{json}\r\n{body}\r\n"
        )
    }

    fn change_set(items: &[(&str, &str)]) -> String {
        let mut text = "--b\r\nContent-Type: multipart/mixed; boundary=\"c\"\r\n\r\n".to_owned();
        for (number, (request, body)) in items.iter().enumerate() {
            text += &part(request, body).replace("--b\r\n", "--c\r\n").replacen(
                "Content-Transfer-Encoding: binary\r\n",
                &format!("Content-Transfer-Encoding: binary\r\nContent-ID: {}\r\n", number + 1),
                1,
            );
        }
        text + "--c--\r\n"
    }

    fn run(environment: &mut Environment, body: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut all = vec![("Content-Type", "multipart/mixed; boundary=\"b\"")];
        all.extend_from_slice(headers);
        let answer = environment.answer(&request("POST", "$batch", &all, body.as_bytes()));
        (answer.status().as_u16(), String::from_utf8(answer.body().clone()).unwrap())
    }

    const PAGES: &str = "POST /api/data/v9.2/adx_webpages";
    const GO_ON: &[(&str, &str)] = &[("Prefer", "odata.continue-on-error")];

    fn page(number: u8) -> String {
        format!("{{\"adx_webpageid\":\"{}\",\"adx_name\":\"p\"}}", id(number))
    }

    /// The status lines of all parts, in order.
    fn statuses(text: &str) -> Vec<u16> {
        text.lines()
            .filter_map(|line| line.strip_prefix("HTTP/1.1 ")?.split(' ').next()?.parse().ok())
            .collect()
    }

    #[test]
    fn requests_run_in_order_and_each_has_its_answer() {
        let mut environment = portal();
        let body = part(PAGES, &page(1))
            + &part("GET https://contoso.crm.dynamics.com/api/data/v9.2/adx_webpages?$select=adx_name", "")
            + "--b--\r\n";
        let (status, text) = run(&mut environment, &body, &[]);
        assert_eq!((status, statuses(&text)), (200, vec![204, 200]));
        let address = format!("https://contoso.crm.dynamics.com/api/data/v9.2/adx_webpages({})", id(1));
        assert!(
            text.contains(&format!("\r\nLocation: {address}\r\nOData-EntityId: {address}\r\n")),
            "{text}"
        );
        assert!(text.starts_with("--batchresponse_") && text.contains("\"adx_name\":\"p\""));
    }

    #[test]
    fn a_refusal_ends_the_batch_unless_it_is_to_go_on() {
        for (headers, status, expected) in [(&[][..], 400, vec![204, 412]), (GO_ON, 200, vec![204, 412, 204])]
        {
            let mut environment = portal();
            let body = part(PAGES, &page(1)) + &part(PAGES, &page(1)) + &part(PAGES, &page(2)) + "--b--\r\n";
            let (found, text) = run(&mut environment, &body, headers);
            assert_eq!((found, statuses(&text)), (status, expected.clone()));
            assert_eq!(environment.count("adx_webpage"), expected.len() - 1);
            assert!(text.contains("\"code\":\"0x80040237\"") && text.contains("REQ_ID: "));
        }
    }

    #[test]
    fn a_change_set_is_all_or_nothing_and_answers_with_its_one_refusal() {
        let mut environment = portal();
        let before = environment.count("adx_webpage");
        let failing = change_set(&[(PAGES, &page(1)), (PAGES, &page(2)), (PAGES, &page(1))]);
        let body = failing + &part(PAGES, &page(3)) + "--b--\r\n";
        let (status, text) = run(&mut environment, &body, GO_ON);
        assert_eq!((status, statuses(&text)), (200, vec![412, 204]));
        assert_eq!(environment.count("adx_webpage"), before + 1);
        assert!(text.contains("boundary=changesetresponse_") && text.contains("Content-ID: 3"));
    }

    #[test]
    fn later_items_of_a_change_set_name_earlier_ones() {
        let mut environment = portal();
        let child = format!("{{\"adx_webpageid\":\"{}\",\"adx_parentpageid@odata.bind\":\"$1\"}}", id(2));
        let body =
            change_set(&[(PAGES, &page(1)), (PAGES, &child), ("PATCH $2", "{\"adx_name\":\"child\"}")])
                + "--b--\r\n";
        let (_, text) = run(&mut environment, &body, &[]);
        assert_eq!(statuses(&text), [204, 204, 204], "{text}");
        let row = get(&mut environment, &format!("adx_webpages({})", id(2)));
        assert_eq!(
            (row["adx_name"].as_str(), row["_adx_parentpageid_value"].as_str()),
            (Some("child"), Some(id(1).as_str()))
        );
        let forward = change_set(&[("PATCH $2", "{\"adx_name\":\"x\"}"), (PAGES, &page(3))]) + "--b--\r\n";
        let (status, text) = run(&mut environment, &forward, &[]);
        assert_eq!(status, 400);
        assert!(text.contains("Content-ID Reference: '$2' does not exist in the batch context."), "{text}");
    }

    #[test]
    fn lines_that_end_in_lf_alone_are_not_read() {
        let body = (part(PAGES, &page(1)) + "--b--\r\n").replace("\r\n", "\n");
        let (status, text) = run(&mut portal(), &body, &[]);
        assert_eq!(status, 400);
        assert!(text.contains("0x80048d19") && text.contains("Stream was not readable."), "{text}");
    }

    #[test]
    fn a_batch_may_start_with_an_empty_line() {
        let (status, _) = run(&mut portal(), &format!("\r\n{}--b--\r\n", part(PAGES, &page(1))), &[]);
        assert_eq!(status, 200);
    }

    #[test]
    fn a_batch_holds_at_most_1000_requests_and_no_batch() {
        let who = part("GET /api/data/v9.2/WhoAmI", "");
        assert_eq!(run(&mut portal(), &(who.repeat(1000) + "--b--\r\n"), &[]).0, 200);
        assert_eq!(run(&mut portal(), &(who.repeat(1001) + "--b--\r\n"), &[]).0, 400);
        let nested = part("POST /api/data/v9.2/$batch", "{}") + "--b--\r\n";
        assert_eq!(statuses(&run(&mut portal(), &nested, GO_ON).1), [400]);
    }

    #[test]
    fn longer_urls_fit_inside_a_batch() {
        let long = |length: usize| {
            format!("GET /api/data/v9.2/accounts?$filter=name%20eq%20'{}'", "x".repeat(length))
        };
        let body = part(&long(60_000), "") + &part(&long(66_000), "") + "--b--\r\n";
        assert_eq!(statuses(&run(&mut portal(), &body, GO_ON).1), [200, 414]);
    }

    #[test]
    fn a_change_set_takes_no_get() {
        let body = change_set(&[("GET /api/data/v9.2/WhoAmI", "")]) + "--b--\r\n";
        assert_eq!(run(&mut portal(), &body, &[]).0, 400);
    }

    #[test]
    fn a_batch_without_its_end_or_boundary_is_refused() {
        assert_eq!(run(&mut portal(), &part(PAGES, &page(1)), &[]).0, 400);
        let answer =
            portal().answer(&request("POST", "$batch", &[("Content-Type", "application/json")], b"{}"));
        assert_eq!(answer.status(), 400);
    }
}
