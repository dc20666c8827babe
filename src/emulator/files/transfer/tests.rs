use crate::Environment;
use crate::testing::{get, id, post, refused, request, send};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Response;
use serde_json::{Value, json};

const SCHEMA: &str = r#"<entities><entity name="contoso_permit" displayname="Permit" primaryidfield="contoso_permitid" primarynamefield="contoso_name"><fields>
 <field displayname="Permit" name="contoso_permitid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string" />
 <field displayname="Plan" name="contoso_plan" type="filedata" />
 <field displayname="Photo" name="contoso_photo" type="imagedata" />
 <field displayname="Second" name="contoso_second" type="imagedata" />
</fields></entity></entities>"#;

/// An environment with a table that has a file and two images.
pub(in crate::files) fn filed() -> Environment {
    Environment::builder("files").tables_xml(SCHEMA.as_bytes()).build().unwrap()
}

/// Sends bytes.
pub(in crate::files) fn exchange(
    environment: &mut Environment,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> (u16, Response<Vec<u8>>) {
    let answer = environment.answer(&request(method, path, headers, body));
    (answer.status().as_u16(), answer)
}

fn with_permit() -> (Environment, String) {
    let mut environment = filed();
    post(&mut environment, "contoso_permits", &json!({"contoso_permitid": id(1)}));
    (environment, format!("contoso_permits({})/contoso_plan", id(1)))
}

const BYTES: (&str, &str) = ("Content-Type", "application/octet-stream");

/// The file's bytes, which come as they are or as base64 in JSON.
fn came_down(answer: &Response<Vec<u8>>) -> Vec<u8> {
    match serde_json::from_slice::<Value>(answer.body()) {
        Ok(body) => STANDARD.decode(body["value"].as_str().unwrap()).unwrap(),
        Err(_) => answer.body().clone(),
    }
}

fn code(answer: &Response<Vec<u8>>) -> String {
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

fn upload(environment: &mut Environment, path: &str, bytes: &[u8]) -> u16 {
    let headers = [BYTES, ("x-ms-file-name", "plan.txt"), ("If-None-Match", "null")];
    exchange(environment, "PATCH", path, &headers, bytes).0
}

#[test]
fn a_file_goes_up_in_one_request_and_comes_down_in_one() {
    let (mut environment, path) = with_permit();
    assert_eq!(upload(&mut environment, &path, b"hello"), 204);
    for (url, kind) in
        [("/$value", "application/octet-stream"), ("?size=full", "application/json; odata.metadata=minimal")]
    {
        let (status, answer) = exchange(&mut environment, "GET", &format!("{path}{url}"), &[], b"");
        assert_eq!((status, came_down(&answer)), (200, b"hello".to_vec()), "{url}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(
            (header("x-ms-file-size"), header("x-ms-file-name")),
            ("5".to_owned(), "plan.txt".to_owned())
        );
        assert_eq!(header("content-type"), kind);
    }
    let row = get(&mut environment, &format!("contoso_permits({})", id(1)));
    assert_eq!(row["contoso_plan_name"], "plan.txt");
    assert_eq!(get(&mut environment, &path)["value"], row["contoso_plan"]);
    let permit = uuid::Uuid::try_parse(&id(1)).unwrap();
    assert_eq!(environment.file("contoso_permit", permit, "contoso_plan"), Some(b"hello".as_slice()));
}

#[test]
fn a_row_goes_with_its_files() {
    let (mut environment, path) = with_permit();
    upload(&mut environment, &path, b"hello");
    let (status, answer) =
        exchange(&mut environment, "DELETE", &format!("contoso_permits({})", id(1)), &[], b"");
    assert_eq!(status, 204, "{}", String::from_utf8_lossy(answer.body()));
    assert_eq!((environment.count("contoso_permit"), environment.count("fileattachment")), (0, 0));
    assert_eq!(environment.files.contents.len(), 0, "and so do their bytes");
}

#[test]
fn another_file_takes_the_place_of_the_first() {
    let (mut environment, path) = with_permit();
    upload(&mut environment, &path, b"first");
    let before = get(&mut environment, &path)["value"].clone();
    upload(&mut environment, &path, b"second");
    assert_ne!(get(&mut environment, &path)["value"], before);
    assert_eq!(environment.count("fileattachment"), 1);
    assert_eq!(environment.files.contents.len(), 1, "the bytes of the first are forgotten");
}

#[test]
fn a_file_goes_up_in_chunks() {
    let (mut environment, path) = with_permit();
    let begin = format!("{path}?x-ms-file-name=%C3%BCbersicht.txt");
    let chunked = ("x-ms-transfer-mode", "chunked");
    let (status, answer) = exchange(&mut environment, "PATCH", &begin, &[chunked], b"");
    assert_eq!((status, answer.headers()["x-ms-chunk-size"].to_str().unwrap()), (200, "4194304"));
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let session = location.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap();
    assert!(session.starts_with(&format!("{path}?sessiontoken=")), "{session}");
    for (range, bytes, expected) in
        [("bytes 0-2/5", b"hel".as_slice(), 206), ("bytes 3-4/5", b"lo".as_slice(), 204)]
    {
        let headers = [BYTES, chunked, ("Content-Range", range)];
        assert_eq!(exchange(&mut environment, "PATCH", session, &headers, bytes).0, expected, "{range}");
    }
    let row = get(&mut environment, &format!("contoso_permits({})", id(1)));
    assert_eq!(row["contoso_plan_name"], "übersicht.txt");
    let (_, answer) = exchange(&mut environment, "GET", &format!("{path}/$value"), &[], b"");
    assert_eq!(
        (answer.body().as_slice(), answer.headers()["x-ms-file-name"].to_str().unwrap()),
        (b"hello".as_slice(), "%C3%BCbersicht.txt")
    );
    let headers = [BYTES, ("Content-Range", "bytes 0-2/5")];
    assert_eq!(
        exchange(&mut environment, "PATCH", session, &headers, b"hel").0,
        400,
        "the token has done its work"
    );
}

#[test]
fn chunks_come_in_order_and_fit_their_range() {
    let (mut environment, path) = with_permit();
    let begin = [("x-ms-transfer-mode", "chunked"), ("x-ms-file-name", "a.txt")];
    let (_, answer) = exchange(&mut environment, "PATCH", &path, &begin, b"");
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let session = location.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap();
    for range in ["bytes 3-4/5", "bytes 0-2/5", "bytes 0-1/1", "bytes 1-0/5", "0-1/5", ""] {
        let headers = [BYTES, ("Content-Range", range)];
        let (status, answer) = exchange(&mut environment, "PATCH", session, &headers, b"he");
        assert_eq!((status, code(&answer).as_str()), (400, "0x80040203"), "{range}");
    }
    let strange = format!("{path}?sessiontoken=abc");
    let headers = [BYTES, ("Content-Range", "bytes 0-1/5")];
    assert_eq!(exchange(&mut environment, "PATCH", &strange, &headers, b"he").0, 400);
    let huge = [BYTES, ("Content-Range", "bytes 0-1/99999999")];
    let (_, answer) = exchange(&mut environment, "PATCH", session, &huge, b"he");
    assert_eq!(code(&answer), "0x80044a02", "refused before the bytes are sent");
}

#[test]
fn a_file_comes_down_in_ranges() {
    let (mut environment, path) = with_permit();
    upload(&mut environment, &path, b"hello world");
    for (range, expected, content_range) in [
        ("bytes=0-4", "hello", "bytes 0-4/11"),
        ("bytes=6-4194303", "world", "bytes 6-10/11"),
        ("bytes=6-", "world", "bytes 6-10/11"),
    ] {
        for url in [format!("{path}/$value"), format!("{path}?size=full"), path.clone()] {
            let (status, answer) = exchange(&mut environment, "GET", &url, &[("Range", range)], b"");
            assert_eq!((status, came_down(&answer)), (206, expected.as_bytes().to_vec()), "{url} {range}");
            assert_eq!(answer.headers()["content-range"], content_range);
            assert_eq!(answer.headers()["x-ms-file-size"], "11");
        }
    }
    for range in ["bytes=11-12", "bytes=4-2", "bytes=a-b"] {
        assert_eq!(
            exchange(&mut environment, "GET", &format!("{path}/$value"), &[("Range", range)], b"").0,
            416
        );
    }
}

#[test]
fn a_file_is_taken_away_by_its_address() {
    let (mut environment, path) = with_permit();
    upload(&mut environment, &path, b"hello");
    assert_eq!(send(&mut environment, "DELETE", &path, &[], &Value::Null).0, 204);
    assert_eq!(send(&mut environment, "GET", &path, &[], &Value::Null).0, 204);
    let (status, code, message) = refused(&mut environment, "GET", &format!("{path}/$value"), &Value::Null);
    assert_eq!((status, code.as_str()), (404, "0x80040217"));
    assert_eq!(message, format!("No file attachment found for attribute: contoso_plan EntityId: {}.", id(1)));
    assert_eq!((environment.count("fileattachment"), environment.files.contents.len()), (0, 0));
}

#[test]
fn files_too_big_blocked_nameless_or_of_another_type_are_refused() {
    let (mut environment, path) = with_permit();
    let named = |name| [BYTES, ("x-ms-file-name", name)];
    let big = vec![0; 32 * 1024 * 1024 + 1];
    let (_, answer) = exchange(&mut environment, "PATCH", &path, &named("a.txt"), &big);
    assert_eq!(code(&answer), "0x80044a02");
    assert!(String::from_utf8_lossy(answer.body()).contains("Attachment file size is too big."));
    assert_eq!(exchange(&mut environment, "PATCH", &path, &named("a.txt"), &big[1..]).0, 204);
    let (_, answer) = exchange(&mut environment, "PATCH", &path, &named("a.JS"), b"x");
    assert_eq!(code(&answer), "0x80043e09");
    assert_eq!(exchange(&mut environment, "PATCH", &path, &[BYTES], b"x").0, 400);
    let json = [("Content-Type", "application/json"), ("x-ms-file-name", "a.txt")];
    assert_eq!(exchange(&mut environment, "PATCH", &path, &json, b"{}").0, 415);
    let text = path.replace("contoso_plan", "contoso_name");
    assert_eq!(exchange(&mut environment, "PATCH", &text, &named("a.txt"), b"x").0, 405);
}

#[test]
fn a_file_is_not_part_of_its_row() {
    let (mut environment, path) = with_permit();
    let row = format!("contoso_permits({})", id(1));
    for body in [
        json!({"contoso_plan": id(2)}),
        json!({"contoso_plan": "aGVsbG8="}),
        json!({"contoso_plan": null}),
        json!({"contoso_plan_name": "a.txt"}),
    ] {
        assert_eq!(refused(&mut environment, "PATCH", &row, &body).0, 400, "{body}");
    }
    assert_eq!(refused(&mut environment, "PUT", &path, &json!({"value": id(2)})).0, 400);
}

#[test]
fn files_survive_saving_and_go_with_their_environment() {
    let (mut environment, path) = with_permit();
    upload(&mut environment, &path, b"\x00\xff hello");
    let mut restored = Environment::restore(&environment.save()).unwrap();
    let (status, answer) = exchange(&mut restored, "GET", &format!("{path}/$value"), &[], b"");
    assert_eq!((status, answer.body().as_slice()), (200, b"\x00\xff hello".as_slice()));
}
