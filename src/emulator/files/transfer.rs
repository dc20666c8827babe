//! Files by plain requests: `PATCH set(id)/column` in one piece or in chunks, `GET set(id)/column/$value` whole or in
//! ranges.

use super::LARGEST_BLOCK;
use super::kept::{File, Place};
use super::messages::plain;
use super::uploads::{Destination, Upload, invalid, unknown_token};
use crate::answer::{Answer, Object};
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

/// Headers carry ASCII. How the service writes other names there was not seen.
const IN_HEADERS: &AsciiSet = &CONTROLS.add(b'"').add(b'%');

impl Environment {
    /// The place of files that a path names, if it is one.
    fn file_place(&self, table: usize, id: Uuid, column: usize) -> Option<Place> {
        let kind = &self.catalog.tables[table].columns[column].kind;
        matches!(kind, Kind::File | Kind::Image).then_some(Place { table, id, column })
    }

    /// `PATCH set(id)/column`; `None` where the column holds no files.
    pub(crate) fn patch_file(
        &mut self,
        call: &Call,
        table: usize,
        id: Uuid,
        column: usize,
    ) -> Option<Result<Answer, Refusal>> {
        let place = self.file_place(table, id, column)?;
        // Clients repeat the header with every chunk: the token tells those apart from the beginning.
        Some(if let Some(token) = call.options.get("sessiontoken") {
            self.take_chunk(call, place, token)
        } else if call.header("x-ms-transfer-mode") == Some("chunked") {
            self.begin_chunks(call, place)
        } else {
            self.take_whole(call, place)
        })
    }

    fn take_whole(&mut self, call: &Call, place: Place) -> Result<Answer, Refusal> {
        refuse_other_content(call)?;
        self.keep_file(place, plain(file_name(call)?, call.body.clone()))?;
        Ok(Answer::no_content())
    }

    fn begin_chunks(&mut self, call: &Call, place: Place) -> Result<Answer, Refusal> {
        let name = file_name(call)?;
        self.refuse_file(place, &name, 0)?;
        let token = self.begin(Upload::new(Destination::Column(place), &name));
        let path = call.url.split('?').next().unwrap_or_default();
        let location = format!("{path}?sessiontoken={}", utf8_percent_encode(&token, NON_ALPHANUMERIC));
        Ok(Answer { status: 200, ..Answer::default() }
            .with("Accept-Ranges", "bytes")
            .with("Location", location)
            .with("x-ms-chunk-size", LARGEST_BLOCK.to_string())
            .with("Access-Control-Expose-Headers", "x-ms-chunk-size"))
    }

    fn take_chunk(&mut self, call: &Call, place: Place, token: &str) -> Result<Answer, Refusal> {
        refuse_other_content(call)?;
        let range = call.header("content-range").unwrap_or_default();
        let (start, end, size) = content_range(range)
            .ok_or_else(|| invalid(format!("The Content-Range '{range}' cannot be read.")))?;
        let name = self.files.upload(token)?.file_name.clone();
        self.refuse_file(place, &name, size)?;
        let upload = self.files.upload(token)?;
        if upload.destination != Destination::Column(place) {
            return Err(unknown_token());
        }
        let fits = start == upload.chunks.len() && call.body.len() == end + 1 - start && end < size;
        if !fits || call.body.len() > LARGEST_BLOCK {
            return Err(invalid(format!("The chunk does not fit the Content-Range '{range}'.")));
        }
        upload.chunks.extend_from_slice(&call.body);
        if upload.chunks.len() < size {
            return Ok(Answer { status: 206, ..Answer::default() });
        }
        let bytes = std::mem::take(&mut upload.chunks);
        self.files.uploads.remove(token);
        self.keep_file(place, plain(name, bytes))?;
        Ok(Answer::no_content())
    }

    /// `GET set(id)/column/$value`, or `GET set(id)/column` with `size=full` or a range, as DynamicsWebApi asks;
    /// `None` where the column holds no files.
    pub(crate) fn get_file(
        &self,
        call: &Call,
        table: usize,
        id: Uuid,
        column: usize,
    ) -> Option<Result<Answer, Refusal>> {
        let place = self.file_place(table, id, column)?;
        let is_picture = self.catalog.tables[table].columns[column].kind == Kind::Image;
        Some(match self.kept_file(place) {
            Some(file) => {
                let described = &self.catalog.tables[table];
                let property = described.columns[column].property();
                send(call, &file, &call.context(&format!("{}({id})/{property}", described.entity_set)))
            }
            // Recorded: a file that is not there is not found, a picture that is not there is no content.
            None if is_picture => Ok(Answer::no_content()),
            None => Err(self.no_file(place)),
        })
    }

    /// `DELETE set(id)/column`; `None` where the column holds no file.
    pub(crate) fn delete_file(
        &mut self,
        table: usize,
        id: Uuid,
        column: usize,
    ) -> Option<Result<Answer, Refusal>> {
        let place = self.file_place(table, id, column)?;
        if self.catalog.tables[table].columns[column].kind == Kind::Image {
            return None;
        }
        Some(self.drop_file(place).map(|()| Answer::no_content()))
    }
}

/// Whether a `GET set(id)/column` asks for bytes instead of the value.
pub(crate) fn asks_for_bytes(call: &Call) -> bool {
    call.options.get("size") == Some("full") || call.header("range").is_some()
}

/// The header wins over the query, which is there for names outside ASCII.
fn file_name(call: &Call) -> Result<String, Refusal> {
    let name = call.header("x-ms-file-name").or_else(|| call.options.get("x-ms-file-name"));
    let name = name.filter(|name| !name.is_empty());
    name.map(str::to_owned)
        .ok_or_else(|| invalid("The file has no name: x-ms-file-name is missing.".to_owned()))
}

fn refuse_other_content(call: &Call) -> Result<(), Refusal> {
    let kind = call.header("content-type").unwrap_or_default();
    if kind.starts_with("application/octet-stream") {
        return Ok(());
    }
    Err(Refusal::new(415, "0x0", format!("A file is not of the type '{kind}' but application/octet-stream.")))
}

/// `bytes 0-4/5`
fn content_range(text: &str) -> Option<(usize, usize, usize)> {
    let (range, size) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let (start, end) = (start.parse().ok()?, end.parse().ok()?);
    (start <= end).then_some((start, end, size.parse().ok()?))
}

/// `bytes=0-4`; the end may be left out.
fn range(text: &str, size: usize) -> Option<(usize, usize)> {
    let (start, end) = text.strip_prefix("bytes=")?.split_once('-')?;
    let start = start.parse().ok()?;
    let end = if end.is_empty() { size.checked_sub(1)? } else { end.parse().ok()? };
    (start <= end && start < size).then_some((start, end.min(size.saturating_sub(1))))
}

/// The list of readable headers is as documented, semicolons and all: a browser takes it for one odd name.
fn send(call: &Call, file: &File, context: &str) -> Result<Answer, Refusal> {
    let size = file.bytes.len();
    let name = utf8_percent_encode(&file.name, IN_HEADERS).to_string();
    let asked =
        match call.header("range") {
            None => None,
            Some(asked) => Some(range(asked, size).ok_or_else(|| {
                Refusal::new(416, "0x0", format!("The range '{asked}' is not in the file."))
            })?),
        };
    let bytes = asked.map_or(&file.bytes[..], |(start, end)| &file.bytes[start..=end]);
    let answer = content(call, if asked.is_some() { 206 } else { 200 }, bytes, context)
        .with("Content-Disposition", format!("inline; filename=\"{name}\""))
        .with("x-ms-file-size", size.to_string())
        .with("x-ms-file-name", name)
        .with("mimetype", file.mime_type.clone());
    let Some((start, end)) = asked else {
        return Ok(answer.with("Access-Control-Expose-Headers", "x-ms-file-size; x-ms-file-name; mimetype"));
    };
    Ok(answer
        .with("Content-Range", format!("bytes {start}-{end}/{size}"))
        .with("x-ms-chunk-size", LARGEST_BLOCK.to_string())
        .with("Access-Control-Expose-Headers", "x-ms-file-size; x-ms-file-name; x-ms-chunk-size; mimetype"))
}

/// Bytes behind `$value`; without it base64 in JSON, which is all that DynamicsWebApi reads and what the answers in
/// its tests look like. Microsoft's page on file columns shows `$value` only.
fn content(call: &Call, status: u16, bytes: &[u8], context: &str) -> Answer {
    if call.segments.last().is_some_and(|last| last.name == "$value") {
        let headers = vec![("Content-Type", "application/octet-stream".to_owned())];
        return Answer { status, headers, body: bytes.to_vec() };
    }
    let mut body = Object::default();
    body.push("@odata.context", context);
    body.push("value", STANDARD.encode(bytes));
    Answer::json(status, &body)
}

#[cfg(test)]
pub(super) mod tests {
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
        for (url, kind) in [
            ("/$value", "application/octet-stream"),
            ("?size=full", "application/json; odata.metadata=minimal"),
        ] {
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
                assert_eq!(
                    (status, came_down(&answer)),
                    (206, expected.as_bytes().to_vec()),
                    "{url} {range}"
                );
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
        let (status, code, message) =
            refused(&mut environment, "GET", &format!("{path}/$value"), &Value::Null);
        assert_eq!((status, code.as_str()), (404, "0x80040217"));
        assert_eq!(
            message,
            format!("No file attachment found for attribute: contoso_plan EntityId: {}.", id(1))
        );
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
}
