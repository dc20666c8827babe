//! The answer to `$batch`: `multipart/mixed`, one HTTP response a part.

use http::{Response, header};

/// The parts as responses, in the order of the requests.
///
/// # Errors
/// What is wrong with the answer, without any of its values.
pub(crate) fn parse_batch_answer(response: &Response<Vec<u8>>) -> Result<Vec<Response<Vec<u8>>>, String> {
    let boundary = boundary(response).ok_or("it is not multipart/mixed")?;
    sections(response.body(), &boundary)?.into_iter().map(parse_part).collect()
}

fn boundary(response: &Response<Vec<u8>>) -> Option<String> {
    let content_type = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let mut parameters = content_type.split(';').map(str::trim);
    if !parameters.next()?.eq_ignore_ascii_case("multipart/mixed") {
        return None;
    }
    let (_, value) = parameters
        .filter_map(|p| p.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    let value = value.trim().trim_matches('"');
    (!value.is_empty()).then(|| value.to_owned())
}

/// What stands between the boundary lines. A body may hold anything but a line that is the boundary.
fn sections<'b>(body: &'b [u8], boundary: &str) -> Result<Vec<&'b [u8]>, String> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    while at < body.len() {
        let end = line_end(body, at);
        if let Some(rest) =
            body[at..end].strip_prefix(b"--").and_then(|l| l.strip_prefix(boundary.as_bytes()))
        {
            let rest = rest.trim_ascii_end();
            if rest.is_empty() || rest == b"--" {
                found.extend(open.map(|start| without_line_end(&body[start..at])));
                if rest == b"--" {
                    return Ok(found);
                }
                open = Some(end);
            }
        }
        at = end;
    }
    Err("it ends before its last boundary".to_owned())
}

/// Just behind the line that begins at `at`.
fn line_end(body: &[u8], at: usize) -> usize {
    body[at..].iter().position(|b| *b == b'\n').map_or(body.len(), |n| at + n + 1)
}

/// The line end before a boundary belongs to the boundary.
fn without_line_end(section: &[u8]) -> &[u8] {
    let section = section.strip_suffix(b"\n").unwrap_or(section);
    section.strip_suffix(b"\r").unwrap_or(section)
}

/// A part: its own headers, an empty line, and an HTTP response.
fn parse_part(section: &[u8]) -> Result<Response<Vec<u8>>, String> {
    let (_, message) = head_and_body(section);
    let (head, body) = head_and_body(message);
    let mut lines = head.lines();
    let status_line = lines.next().unwrap_or_default();
    let status = status_line
        .strip_prefix("HTTP/")
        .and_then(|l| l.split(' ').nth(1))
        .and_then(|s| s.parse::<u16>().ok());
    let status = status.ok_or("a part of it has no status line")?;
    let mut response = Response::builder().status(status);
    for (name, value) in lines.filter_map(|l| l.split_once(':')) {
        response = response.header(name.trim(), value.trim());
    }
    response.body(body.to_vec()).map_err(|e| format!("a part of it has a broken header: {e}"))
}

/// Splits at the first empty line.
fn head_and_body(message: &[u8]) -> (String, &[u8]) {
    let mut at = 0;
    while at < message.len() {
        let end = line_end(message, at);
        if message[at..end].trim_ascii().is_empty() {
            return (String::from_utf8_lossy(&message[..at]).into_owned(), &message[end..]);
        }
        at = end;
    }
    (String::from_utf8_lossy(message).into_owned(), &[])
}

#[cfg(test)]
mod tests {
    use super::parse_batch_answer;
    use http::Response;

    fn answer(content_type: &str, body: &str) -> Response<Vec<u8>> {
        let body = body.replace('\n', "\r\n").into_bytes();
        Response::builder().header("content-type", content_type).body(body).unwrap()
    }

    const ANSWER: &str = r#"--batchresponse_5c
Content-Type: application/http
Content-Transfer-Encoding: binary

HTTP/1.1 204 No Content
OData-Version: 4.0
OData-EntityId: https://contoso.crm.dynamics.com/api/data/v9.2/accounts(a1b2c3d4-0000-0000-0000-000000000001)


--batchresponse_5c
Content-Type: application/http
Content-Transfer-Encoding: binary

HTTP/1.1 404 Not Found
REQ_ID: 7a
Content-Type: application/json; odata.metadata=minimal

{
  "error": {"code":"0x80040217","message":"--batchresponse_5c is no boundary here"}
}
--batchresponse_5c
Content-Type: application/http

HTTP/1.1 200 OK

{"value":[]}
--batchresponse_5c--
"#;

    #[test]
    fn every_part_comes_back_with_status_headers_and_body() {
        for content_type in
            ["multipart/mixed; boundary=batchresponse_5c", r#"Multipart/Mixed;boundary="batchresponse_5c""#]
        {
            let parts = parse_batch_answer(&answer(content_type, ANSWER)).unwrap();
            let statuses: Vec<u16> = parts.iter().map(|p| p.status().as_u16()).collect();
            assert_eq!(statuses, [204, 404, 200]);
            assert!(parts[0].headers()["odata-entityid"].to_str().unwrap().ends_with("000001)"));
            assert!(parts[0].body().trim_ascii().is_empty());
            assert_eq!(parts[1].headers()["req_id"], "7a");
            let error: serde_json::Value = serde_json::from_slice(parts[1].body()).unwrap();
            assert_eq!(error["error"]["code"], "0x80040217");
            assert_eq!(parts[2].body(), br#"{"value":[]}"#);
        }
    }

    #[test]
    fn a_line_that_only_begins_like_the_boundary_belongs_to_the_body() {
        let body = "--b\n\nHTTP/1.1 200 OK\n\n[\n--b2\n--b --\n]\n--b--\n";
        let parts = parse_batch_answer(&answer("multipart/mixed; boundary=b", body)).unwrap();
        assert_eq!(parts[0].body(), b"[\r\n--b2\r\n--b --\r\n]");
    }

    #[test]
    fn an_answer_that_was_cut_or_is_no_batch_is_an_error() {
        let cut = &ANSWER[..ANSWER.len() - 25];
        let cases = [
            ("multipart/mixed; boundary=batchresponse_5c", cut, "ends before"),
            ("application/json", "{}", "not multipart"),
            ("multipart/mixed", ANSWER, "not multipart"),
            ("multipart/mixed; boundary=b", "--b\n\nno status\n--b--\n", "no status line"),
        ];
        for (content_type, body, reason) in cases {
            let error = parse_batch_answer(&answer(content_type, body)).expect_err(reason);
            assert!(error.contains(reason), "{error}");
        }
    }
}
