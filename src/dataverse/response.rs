//! What every answer has in common: the service's refusals, and JSON that is really there.

use crate::{Error, ServiceError};
use http::Response;
use serde::Deserialize;

#[derive(Deserialize)]
struct Refusal {
    error: RefusalBody,
}

#[derive(Deserialize)]
struct RefusalBody {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// The service's refusal, or the answer itself.
///
/// # Errors
/// [`Error::Service`] for an OData error, and for statuses that say enough without one; [`Error::Shape`] for
/// other failures without an OData error: a proxy's page, or a host that is no environment.
pub(crate) fn accepted(request: &str, response: Response<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
    if response.status().as_u16() < 400 {
        return Ok(response);
    }
    match refusal(&response) {
        Some(refusal) => Err(Error::Service(refusal)),
        None => Err(Error::Shape {
            request: request.to_owned(),
            reason: format!(
                "status {} without an OData error, {}",
                response.status().as_u16(),
                described(&response)
            ),
        }),
    }
}

/// The body as JSON of shape `A`.
///
/// # Errors
/// [`Error::Shape`] where it is none.
pub(crate) fn json<'r, A: Deserialize<'r>>(
    request: &str,
    response: &'r Response<Vec<u8>>,
) -> Result<A, Error> {
    serde_json::from_slice(without_bom(response.body())).map_err(|e| {
        // The library's own text may quote what it met; the kind and place of the fault are enough.
        let reason =
            format!("{:?} fault in JSON at column {}, {}", e.classify(), e.column(), described(response));
        Error::Shape { request: request.to_owned(), reason }
    })
}

/// The refusal that a part of a batch is, if it is one.
pub(crate) fn refusal_of(part: &Response<Vec<u8>>) -> Option<ServiceError> {
    let status = part.status().as_u16();
    let silent = || ServiceError {
        status,
        message: "The service gave no reason.".to_owned(),
        ..ServiceError::default()
    };
    (status >= 400).then(|| refusal(part).unwrap_or_else(silent))
}

/// The service's words, if there are any.
fn refusal(response: &Response<Vec<u8>>) -> Option<ServiceError> {
    let status = response.status().as_u16();
    let words: Option<Refusal> = serde_json::from_slice(without_bom(response.body())).ok();
    let (code, message) = match words {
        Some(Refusal { error }) => (error.code, error.message),
        None => (String::new(), wordless(status)?.to_owned()),
    };
    let request_id = response.headers().get("REQ_ID").and_then(|v| v.to_str().ok()).map(str::to_owned);
    Some(ServiceError { status, code, message, request_id })
}

/// Statuses that are often sent without a readable body.
fn wordless(status: u16) -> Option<&'static str> {
    Some(match status {
        401 => "The service does not accept the access token.",
        403 => "The service refuses access.",
        413 => "The request is too large for the service.",
        429 => "The service received too many requests.",
        502..=504 => "The service is not available at the moment.",
        _ => return None,
    })
}

fn described(response: &Response<Vec<u8>>) -> String {
    let content_type = response.headers().get(http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    format!("{} bytes of {}", response.body().len(), content_type.unwrap_or("unknown type"))
}

fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::{accepted, json};
    use crate::Error;
    use http::Response;

    fn response(status: u16, content_type: &str, body: &str) -> Response<Vec<u8>> {
        Response::builder().status(status).header("content-type", content_type).body(body.into()).unwrap()
    }

    #[test]
    fn a_refusal_keeps_the_words_of_the_service() {
        let body = r#"{"error":{"code":"0x80041103","message":"'bot' entity doesn't contain attribute"}}"#;
        let Err(Error::Service(error)) = accepted("GET bots", response(400, "application/json", body)) else {
            panic!("not a refusal")
        };
        assert_eq!((error.status, error.code.as_str()), (400, "0x80041103"));
        assert_eq!(error.to_string(), "'bot' entity doesn't contain attribute (HTTP 400, 0x80041103)");
    }

    #[test]
    fn a_status_without_a_body_still_says_what_is_wrong() {
        for (status, word) in [(401, "token"), (429, "too many"), (503, "not available")] {
            let error = accepted("GET WhoAmI", response(status, "text/plain", "")).unwrap_err();
            assert!(matches!(&error, Error::Service(s) if s.status == status), "{error:?}");
            assert!(error.to_string().contains(word), "{error}");
        }
    }

    #[test]
    fn a_page_that_is_not_dataverse_is_told_apart_from_a_refusal() {
        let error =
            accepted("GET WhoAmI()", response(404, "text/html", "<html>nothing here</html>")).unwrap_err();
        let expected = "The answer to GET WhoAmI() cannot be read: status 404 without an OData error, 25 bytes of text/html.";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_body_that_is_no_json_is_described_and_never_quoted() {
        let error =
            json::<serde_json::Value>("GET x", &response(200, "text/html", "<b>secret</b>")).unwrap_err();
        assert!(error.to_string().contains("text/html") && !error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_before_json_is_passed_over() {
        assert_eq!(json::<u32>("GET x", &response(200, "text/plain", "\u{feff}17")), Ok(17));
    }
}
