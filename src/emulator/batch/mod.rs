//! `$batch`: up to 1,000 requests in one, alone or in change sets.

mod content_ids;
mod parts;
mod written;

use crate::answer::Answer;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use content_ids::Known;
use http::{HeaderMap, Method};
use parts::{Inner, Part, boundary, ends_lines_in_lf, parse};
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
    let mut written = Written::new(environment);
    if ends_lines_in_lf(&call.body, &boundary) {
        // The service reads nothing from such a batch and says so in its one part, as Microsoft's page on batches shows.
        let unread = Refusal::payload("", "System.ArgumentException: Stream was not readable.");
        written.add(environment, &Answer::refusal(&unread), None);
        return Ok(written.finish(400));
    }
    let parts = parse(&call.body, &boundary)?;
    for part in &parts {
        part.refuse_ids()?;
    }
    let count: usize =
        parts.iter().map(|part| if let Part::ChangeSet(set) = part { set.len() } else { 1 }).sum();
    if count > MOST_REQUESTS {
        return Err(payload(&format!(
            "The current batch has {count} operations; the limit is {MOST_REQUESTS}."
        )));
    }
    for part in parts {
        let succeeded = match part {
            Part::Request(inner) => {
                let answer = answer(environment, call, inner, &mut Known::default());
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
    let (mut known, mut answers) = (Known::default(), Vec::new());
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

/// Answers one inner request; `known` are the earlier items of its change set.
fn answer(environment: &mut Environment, outer: &Call, inner: Inner, known: &mut Known) -> Answer {
    let result = known.in_url(&inner.target).and_then(|target| {
        let body = known.in_body(&inner.body)?;
        if target.len() > LONGEST_URL {
            return Err(Refusal::new(414, "0x0", "The request URI is too long."));
        }
        let target = absolute(&outer.base, &target);
        refuse_foreign(outer.origin(), &target)?;
        let call = Call::parse(inner.method.clone(), &target, outer.origin(), &inner.headers, &body)?;
        environment.perform(&call)
    });
    let answer = result.unwrap_or_else(|refusal| Answer::refusal(&refusal));
    let address =
        answer.headers.iter().find(|(name, _)| *name == "OData-EntityId").map(|(_, value)| value.clone());
    if let (Some(id), Some(address)) = (inner.content_id, address) {
        known.add(id, address);
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

/// Inferred, the stricter reading: a batch is carried out where it was sent.
fn refuse_foreign(origin: &str, target: &str) -> Result<(), Refusal> {
    let start = target.get(..origin.len()).unwrap_or_default();
    if target.starts_with('/') || start.eq_ignore_ascii_case(origin) && target[start.len()..].starts_with('/')
    {
        return Ok(());
    }
    Err(payload(&format!("The URI '{target}' is not valid because it is not based on '{origin}'.")))
}

fn payload(message: &str) -> Refusal {
    Refusal::new(400, "0x80048d19", message)
}

#[cfg(test)]
pub(in crate::batch) mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, get, id, portal, request};

    /// A request part.
    pub(in crate::batch) fn part(request: &str, body: &str) -> String {
        let json = if body.is_empty() { "" } else { "Content-Type: application/json; type=entry\r\n" };
        format!(
            "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n{request} HTTP/1.1\r\n{json}\r\n{body}\r\n"
        )
    }

    pub(in crate::batch) fn change_set(items: &[(&str, &str)]) -> String {
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

    pub(in crate::batch) fn run(
        environment: &mut Environment,
        body: &str,
        headers: &[(&str, &str)],
    ) -> (u16, String) {
        let mut all = vec![("Content-Type", "multipart/mixed; boundary=\"b\"")];
        all.extend_from_slice(headers);
        let answer = environment.answer(&request("POST", "$batch", &all, body.as_bytes()));
        (answer.status().as_u16(), String::from_utf8(answer.body().clone()).unwrap())
    }

    pub(in crate::batch) const PAGES: &str = "POST /api/data/v9.2/adx_webpages";
    const GO_ON: &[(&str, &str)] = &[("Prefer", "odata.continue-on-error")];

    pub(in crate::batch) fn page(number: u8) -> String {
        format!("{{\"adx_webpageid\":\"{}\",\"adx_name\":\"p\"}}", id(number))
    }

    /// The status lines of all parts, in order.
    pub(in crate::batch) fn statuses(text: &str) -> Vec<u16> {
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
    fn lines_that_end_in_lf_alone_are_not_read() {
        let body = (part(PAGES, &page(1)) + "--b--\r\n").replace("\r\n", "\n");
        let (status, text) = run(&mut portal(), &body, &[]);
        assert_eq!(status, 400);
        assert!(text.starts_with("--batchresponse_"), "{text}");
        assert_eq!(statuses(&text), [400]);
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
    fn requests_inside_change_sets_count_too() {
        let name = format!("PATCH /api/data/v9.2/accounts({ACCOUNT})");
        let set = |count: usize| change_set(&vec![(name.as_str(), "{}"); count]);
        let who = part("GET /api/data/v9.2/WhoAmI", "");
        assert_eq!(run(&mut portal(), &(set(500) + &set(499) + &who + "--b--\r\n"), &[]).0, 200);
        assert_eq!(run(&mut portal(), &(set(500) + &set(500) + &who + "--b--\r\n"), &[]).0, 400);
    }

    #[test]
    fn a_batch_inside_a_change_set_is_refused() {
        let nested = change_set(&[("POST /api/data/v9.2/$batch", "{}")]) + "--b--\r\n";
        let (status, text) = run(&mut portal(), &nested, &[]);
        assert_eq!((status, statuses(&text)), (400, vec![400]));
    }

    #[test]
    fn boundaries_need_no_quotes() {
        let body = part(PAGES, &page(1)) + "--b--\r\n";
        let headers = [("Content-Type", "multipart/mixed;boundary=b")];
        let answer = portal().answer(&request("POST", "$batch", &headers, body.as_bytes()));
        assert_eq!(answer.status(), 200);
        let set = change_set(&[(PAGES, &page(1))]).replace("boundary=\"c\"", "boundary=c") + "--b--\r\n";
        assert_eq!(statuses(&run(&mut portal(), &set, &[]).1), [204]);
    }

    #[test]
    fn a_get_may_end_with_one_empty_line_or_two() {
        let get = part("GET /api/data/v9.2/WhoAmI", "");
        for ending in ["", "\r\n", "\r\n\r\n"] {
            let (status, text) = run(&mut portal(), &format!("{get}{ending}--b--\r\n"), &[]);
            assert_eq!((status, statuses(&text)), (200, vec![200]), "{ending:?}");
        }
    }

    #[test]
    fn an_address_may_have_blanks() {
        let get = part("GET /api/data/v9.2/organizations?$select=name&$filter=name ne 'a b'", "");
        let (status, text) = run(&mut portal(), &(get + "--b--\r\n"), &[]);
        assert_eq!((status, statuses(&text)), (200, vec![200]), "{text}");
        for line in ["GET", "GET /api/data/v9.2/WhoAmI HTTP/1.0", "GET  HTTP/1.1", "GET HTTP/1.1"] {
            let body = part("GET x", "").replace("GET x HTTP/1.1", line) + "--b--\r\n";
            assert_eq!(run(&mut portal(), &body, &[]).0, 400, "{line}");
        }
    }

    #[test]
    fn each_part_has_headers_of_its_own() {
        let mut environment = portal();
        let with = |headers: &str, request: &str, body: &str| {
            part(request, body).replace(
                "Content-Type: application/json",
                &format!("{headers}\r\nContent-Type: application/json"),
            )
        };
        let path = format!("PATCH /api/data/v9.2/adx_webpages({})", id(1));
        let body = with("Prefer: return=representation", PAGES, &page(1))
            + &with("If-None-Match: *", &path, "{\"adx_name\":\"x\"}")
            + &with("If-Match: *", &path, "{\"adx_name\":\"y\"}")
            + &with("If-Match: W/\"1\"", &path, "{\"adx_name\":\"z\"}")
            + "--b--\r\n";
        let (_, text) = run(&mut environment, &body, GO_ON);
        assert_eq!(statuses(&text), [201, 412, 204, 412], "{text}");
        assert!(text.contains("Preference-Applied: return=representation"));
        assert_eq!(get(&mut environment, &format!("adx_webpages({})", id(1)))["adx_name"], "y");
    }

    #[test]
    fn preferences_of_the_batch_are_not_those_of_its_parts() {
        let body = part(PAGES, &page(1)) + "--b--\r\n";
        let (_, text) = run(&mut portal(), &body, &[("Prefer", "return=representation")]);
        assert_eq!(statuses(&text), [204]);
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
    fn a_batch_is_carried_out_where_it_was_sent() {
        for (host, status) in [("contoso.crm.dynamics.com", 200), ("fabrikam.crm.dynamics.com", 400)] {
            let body = part(&format!("GET https://{host}/api/data/v9.2/WhoAmI"), "") + "--b--\r\n";
            assert_eq!(statuses(&run(&mut portal(), &body, &[]).1), [status], "{host}");
        }
    }

    #[test]
    fn every_item_of_a_change_set_has_a_number_of_its_own() {
        let set = change_set(&[(PAGES, &page(1)), (PAGES, &page(2))]) + "--b--\r\n";
        for (wrong, message) in [
            (set.replace("Content-ID: 2", "Content-ID: 1"), "The content ID '1' was found more than once"),
            (set.replace("Content-ID: 2\r\n", ""), "has no 'Content-ID' header"),
        ] {
            let mut environment = portal();
            let (status, text) = run(&mut environment, &wrong, &[]);
            assert_eq!((status, environment.count("adx_webpage")), (400, 0));
            assert!(text.contains(message), "{text}");
        }
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
