//! Headers that answers carry besides their own, as recorded from a browser in September 2026. A page can read
//! two of them only: `OData-Version`, and `REQ_ID`.

use crate::answer::Answer;
use crate::random::fingerprint;
use uuid::Uuid;

/// The parallelism that the service recommends. It is sent, and hidden from pages.
const PARALLELISM: &str = "48";

/// The verbs of a set of rows. Those of other resources were not recorded.
const VERBS: &str = "OPTIONS,GET,HEAD,POST";

/// Adds them to an answer. `Strict-Transport-Security` is left out: browsers would keep it for all that ever listens
/// on `localhost`.
pub(crate) fn add(answer: Answer, path: &str, request_id: &str, organization: Uuid) -> Answer {
    let answer = if path.contains('(') { answer } else { answer.with("Allow", VERBS).with("Public", VERBS) };
    let answer = answer
        .with("OData-Version", "4.0")
        .with("Cache-Control", "no-cache")
        .with("Expires", "-1")
        .with("X-Content-Type-Options", "nosniff")
        .with("x-ms-dop-hint", PARALLELISM)
        .with("x-ms-service-request-id", request_id)
        // Sent twice: a page reads both, with a comma between them.
        .with("REQ_ID", request_id)
        .with("REQ_ID", request_id);
    cookies(answer, organization)
}

/// Nobody gets them back: pages ask without credentials, and `secure` keeps them from plain HTTP.
fn cookies(answer: Answer, organization: Uuid) -> Answer {
    let server = fingerprint(&organization.to_string());
    let affinity = format!("ARRAffinity={server:016x}; path=/; Partitioned; secure; HttpOnly; SameSite=None");
    answer
        .with("Set-Cookie", affinity)
        .with("Set-Cookie", format!("orgId={organization}; path=/; secure; HttpOnly"))
}

#[cfg(test)]
mod tests {
    use crate::testing::{portal, send};
    use serde_json::Value;

    #[test]
    fn headers_of_the_service_are_sent_and_no_page_can_read_them() {
        let (_, _, answer) = send(&mut portal(), "GET", "accounts?$top=1", &[], &Value::Null);
        let headers = answer.headers();
        assert_eq!(headers["x-ms-dop-hint"], "48");
        assert_eq!(headers["cache-control"], "no-cache");
        assert_eq!(headers["allow"], "OPTIONS,GET,HEAD,POST");
        let exposed = headers["access-control-expose-headers"].to_str().unwrap();
        for hidden in ["x-ms-dop-hint", "x-ms-service-request-id", "Allow", "Set-Cookie", "WWW-Authenticate"]
        {
            assert!(headers.contains_key(hidden) != (hidden == "WWW-Authenticate"), "{hidden}");
            assert!(!exposed.split(',').any(|name| name.eq_ignore_ascii_case(hidden)), "{hidden}");
        }
    }

    #[test]
    fn the_request_id_is_sent_twice() {
        let (_, _, answer) = send(&mut portal(), "GET", "WhoAmI", &[], &Value::Null);
        let ids: Vec<_> = answer.headers().get_all("req_id").iter().collect();
        assert_eq!((ids.len(), ids[0]), (2, ids[1]));
    }
}
