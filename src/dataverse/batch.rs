//! `$batch`: many requests in one, each with its own answer.

use crate::environment_url::API;
use crate::part::Part;
use crate::request::{ODATA_HEADERS, single_request};
use crate::{EnvironmentUrl, Error};
use http::{Method, Request};

/// The service refuses batches of more requests.
pub(crate) const MOST_PARTS: usize = 1000;

/// Cannot occur inside a part: bodies are JSON on one line, and paths hold no line ends.
const BOUNDARY: &str = "batch_portage";

/// The request that carries `parts` and asks for an answer to each, whatever became of the others.
pub(crate) fn batch_request(url: &EnvironmentUrl, parts: &[Part]) -> Result<Request<Vec<u8>>, Error> {
    let mut body = Vec::new();
    for part in parts {
        write_part(&mut body, part);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let whole = Part::new(Method::POST, "$batch", Some(body))
        .header("Content-Type", format!("multipart/mixed; boundary={BOUNDARY}"))
        .header("Prefer", "odata.continue-on-error");
    single_request(url, &whole)
}

/// Line ends must be CRLF: the service cannot read others.
fn write_part(out: &mut Vec<u8>, part: &Part) {
    let Part { method, path, headers, body } = part;
    let mut head = format!(
        "--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n\
         {method} {API}{path} HTTP/1.1\r\n"
    );
    let json = body.iter().map(|_| ("Content-Type", "application/json"));
    let own = headers.iter().map(|(name, value)| (*name, value.as_str()));
    for (name, value) in ODATA_HEADERS.into_iter().chain(json).chain(own) {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(body.as_deref().unwrap_or_default());
    out.extend_from_slice(b"\r\n");
}

#[cfg(test)]
mod tests {
    use super::batch_request;
    use crate::part::Part;
    use crate::{EnvironmentUrl, Operation};
    use serde_json::json;
    use uuid::{Uuid, uuid};

    fn url() -> EnvironmentUrl {
        EnvironmentUrl::parse("https://contoso.crm.dynamics.com").unwrap()
    }

    const ID: Uuid = uuid!("a1b2c3d4-0000-0000-0000-000000000001");
    const OTHER: Uuid = uuid!("a1b2c3d4-0000-0000-0000-000000000002");

    fn update(version: Option<&str>) -> Operation {
        let body = json!({"adx_name": "Grüße\r\n--batch_portage--"}).as_object().unwrap().clone();
        let (set, version) = ("adx_webpages".into(), version.map(str::to_owned));
        Operation::Update { set, id: ID, version, body, bypass_steps: Vec::new() }
    }

    fn operations() -> [Operation; 5] {
        let body = json!({"adx_name": "Grüße\r\n--batch_portage--"}).as_object().unwrap().clone();
        [
            Operation::Get { path: "accounts?$select=name".into() },
            Operation::Create {
                set: "adx_webpages".into(),
                key: "adx_webpageid".into(),
                id: ID,
                body,
                bypass_steps: vec![ID, OTHER],
            },
            update(None),
            Operation::Associate {
                set: "adx_webroles".into(),
                id: ID,
                navigation: "adx_webrole_contact".into(),
                target_set: "contacts".into(),
                target_id: OTHER,
            },
            Operation::Delete { set: "contacts".into(), id: OTHER },
        ]
    }

    #[test]
    fn an_update_of_one_version_names_it() {
        let request = batch_request(&url(), &[update(Some("W/\"42\"")).part(&url())]).unwrap();
        assert!(String::from_utf8_lossy(request.body()).contains("\r\nIf-Match: W/\"42\"\r\n"));
    }

    #[test]
    fn every_operation_becomes_its_part_with_crlf_line_ends() {
        let parts: Vec<Part> = operations().iter().map(|o| o.part(&url())).collect();
        let request = batch_request(&url(), &parts).unwrap();
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri(), "https://contoso.crm.dynamics.com/api/data/v9.2/$batch");
        assert_eq!(request.headers()["content-type"], "multipart/mixed; boundary=batch_portage");
        assert_eq!(request.headers()["prefer"], "odata.continue-on-error");
        let expected = r#"--batch_portage
Content-Type: application/http
Content-Transfer-Encoding: binary

GET /api/data/v9.2/accounts?$select=name HTTP/1.1
Accept: application/json
OData-MaxVersion: 4.0
OData-Version: 4.0
Prefer: odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"


--batch_portage
Content-Type: application/http
Content-Transfer-Encoding: binary

POST /api/data/v9.2/adx_webpages HTTP/1.1
Accept: application/json
OData-MaxVersion: 4.0
OData-Version: 4.0
Content-Type: application/json
MSCRM.BypassBusinessLogicExecutionStepIds: a1b2c3d4-0000-0000-0000-000000000001,a1b2c3d4-0000-0000-0000-000000000002

{"adx_webpageid":"a1b2c3d4-0000-0000-0000-000000000001","adx_name":"Grüße\r\n--batch_portage--"}
--batch_portage
Content-Type: application/http
Content-Transfer-Encoding: binary

PATCH /api/data/v9.2/adx_webpages(a1b2c3d4-0000-0000-0000-000000000001) HTTP/1.1
Accept: application/json
OData-MaxVersion: 4.0
OData-Version: 4.0
Content-Type: application/json
If-Match: *

{"adx_name":"Grüße\r\n--batch_portage--"}
--batch_portage
Content-Type: application/http
Content-Transfer-Encoding: binary

POST /api/data/v9.2/adx_webroles(a1b2c3d4-0000-0000-0000-000000000001)/adx_webrole_contact/$ref HTTP/1.1
Accept: application/json
OData-MaxVersion: 4.0
OData-Version: 4.0
Content-Type: application/json

{"@odata.id":"https://contoso.crm.dynamics.com/api/data/v9.2/contacts(a1b2c3d4-0000-0000-0000-000000000002)"}
--batch_portage
Content-Type: application/http
Content-Transfer-Encoding: binary

DELETE /api/data/v9.2/contacts(a1b2c3d4-0000-0000-0000-000000000002) HTTP/1.1
Accept: application/json
OData-MaxVersion: 4.0
OData-Version: 4.0


--batch_portage--
"#;
        assert_eq!(String::from_utf8_lossy(request.body()), expected.replace('\n', "\r\n"));
    }
}
