//! What a request makes the service do: how much, and to what.

use crate::batch;
use http::{Method, Request};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The operations of a request, of all requests of a batch together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operations {
    /// GETs.
    pub(super) reads: usize,
    /// Writes of one row, actions, links.
    pub(super) singles: usize,
    /// Rows of bulk messages.
    pub(super) bulk: usize,
    /// What is asked of what; a batch itself, and each of its requests.
    pub(super) asked: Vec<(Method, String)>,
}

/// The body of a bulk message, as far as it says how many rows it has.
#[derive(Deserialize)]
struct Bulk {
    #[serde(rename = "Targets")]
    targets: Vec<IgnoredAny>,
}

const BULK_MESSAGES: [&str; 4] = ["CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple"];

impl Operations {
    pub(super) fn of(request: &Request<Vec<u8>>) -> Operations {
        let mut operations = Operations::default();
        let target = request.uri().path_and_query().map_or("/", |path| path.as_str());
        if request.method() == Method::POST && request.uri().path().ends_with("/$batch") {
            operations.asked.push((Method::POST, target.to_owned()));
            for (method, target, body) in batch::requests(request.headers(), request.body()) {
                operations.add(method, &target, &body);
            }
        } else {
            operations.add(request.method().clone(), target, request.body());
        }
        operations
    }

    fn add(&mut self, method: Method, target: &str, body: &[u8]) {
        let path = target.split('?').next().unwrap_or_default();
        if method == Method::GET || method == Method::HEAD {
            self.reads += 1;
        } else if BULK_MESSAGES.iter().any(|message| path.ends_with(message)) {
            // Cannot be read: the service finds that out at once.
            self.bulk += serde_json::from_slice::<Bulk>(body).map_or(0, |bulk| bulk.targets.len());
        } else {
            self.singles += 1;
        }
        self.asked.push((method, target.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::request;

    fn counts(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (usize, usize, usize) {
        let operations = Operations::of(&request(method, path, headers, body.as_bytes()));
        (operations.reads, operations.singles, operations.bulk)
    }

    #[test]
    fn a_request_is_one_operation_and_a_bulk_message_as_many_as_it_has_rows() {
        assert_eq!(counts("GET", "accounts?$top=1", &[], ""), (1, 0, 0));
        assert_eq!(counts("PATCH", "accounts(00000000-0000-0000-0000-0000000000a1)", &[], "{}"), (0, 1, 0));
        let bulk = "accounts/Microsoft.Dynamics.CRM.UpsertMultiple";
        assert_eq!(counts("POST", bulk, &[], r#"{"Targets":[{"name":"a"},{"name":"b"}]}"#), (0, 0, 2));
        assert_eq!(counts("POST", bulk, &[], "{"), (0, 0, 0));
    }

    #[test]
    fn a_batch_is_all_its_requests() {
        let part = |line: &str, body: &str| {
            format!("--b\r\nContent-Type: application/http\r\n\r\n{line} HTTP/1.1\r\n\r\n{body}\r\n")
        };
        let body = part("GET /api/data/v9.2/accounts", "")
            + &part("POST /api/data/v9.2/accounts", "{}")
            + &part(
                "POST /api/data/v9.2/accounts/Microsoft.Dynamics.CRM.CreateMultiple",
                r#"{"Targets":[{}]}"#,
            )
            + "--b--\r\n";
        let headers = [("Content-Type", "multipart/mixed; boundary=b")];
        assert_eq!(counts("POST", "$batch", &headers, &body), (1, 1, 1));
        assert_eq!(counts("POST", "$batch", &headers, "no batch"), (0, 0, 0));
    }
}
