//! The actions that move files by blocks.

use super::LARGEST_BLOCK;
use super::kept::{File, Place, UNKNOWN_TYPE};
use super::notes;
use super::uploads::{Destination, Upload, invalid, unknown_token};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind as MessageKind, Message};
use crate::tables::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// All of them.
pub(crate) const MESSAGES: &[Message] = &[
    action(
        "InitializeFileBlocksUpload",
        &[("Target", true), ("FileName", true), ("FileAttributeName", true)],
        begin_upload,
    ),
    action(
        "UploadBlock",
        &[("BlockId", true), ("BlockData", true), ("FileContinuationToken", true)],
        upload_block,
    ),
    action(
        "CommitFileBlocksUpload",
        &[("FileName", true), ("MimeType", true), ("BlockList", true), ("FileContinuationToken", true)],
        commit,
    ),
    action("InitializeFileBlocksDownload", &[("Target", true), ("FileAttributeName", true)], begin_download),
    action(
        "DownloadBlock",
        &[("Offset", true), ("BlockLength", true), ("FileContinuationToken", true)],
        download_block,
    ),
    action("DeleteFile", &[("FileId", true)], delete_file),
    notes::BEGIN,
    notes::COMMIT,
    notes::DOWNLOAD,
];

/// What runs a message.
type Run = fn(&mut Environment, &Call, &Arguments) -> Result<Option<Object>, Refusal>;

/// An action that takes these parameters.
pub(super) const fn action(
    name: &'static str,
    parameters: &'static [(&'static str, bool)],
    run: Run,
) -> Message {
    Message { name, kind: MessageKind::Action, parameters, run }
}

fn begin_upload(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let place = environment.place(arguments)?;
    let name = arguments.text("FileName")?;
    environment.refuse_file(place, name, 0)?;
    let token = environment.begin(Upload::new(Destination::Column(place), name));
    Ok(Some(members([("FileContinuationToken", token.into())])))
}

fn upload_block(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let upload = environment.files.upload(arguments.text("FileContinuationToken")?)?;
    upload.add(arguments.text("BlockId")?, arguments.text("BlockData")?)?;
    Ok(None)
}

fn commit(environment: &mut Environment, _: &Call, arguments: &Arguments) -> Result<Option<Object>, Refusal> {
    let token = arguments.text("FileContinuationToken")?;
    let upload = environment.files.upload(token)?;
    let Destination::Column(place) = upload.destination else { return Err(unknown_token()) };
    let bytes = upload.join(&arguments.texts("BlockList")?)?;
    let size = bytes.len();
    let (name, mime_type) = (arguments.text("FileName")?, arguments.text("MimeType")?);
    let file = File { name: name.to_owned(), mime_type: mime_type.to_owned(), bytes };
    let id = environment.keep_file(place, file)?;
    environment.files.uploads.remove(token);
    Ok(Some(members([("FileId", json!(id)), ("FileSizeInBytes", json!(size))])))
}

fn begin_download(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let place = environment.place(arguments)?;
    let file = environment.sent_file(place)?;
    let mut response = environment.begin_sending(file.name, file.bytes);
    response.push("IsChunkingSupported", json!(true));
    Ok(Some(response))
}

fn download_block(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let token = arguments.text("FileContinuationToken")?;
    let bytes = environment.files.downloads.get(token).ok_or_else(unknown_token)?;
    let number = |name| {
        let value = arguments.get(name).unwrap_or(&Value::Null);
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| Refusal::wrong_literal(&value.to_string(), "Edm.Int64"))
    };
    let (offset, length) = (number("Offset")?, number("BlockLength")?);
    if length > LARGEST_BLOCK || offset >= bytes.len().max(1) {
        return Err(invalid(format!("There is no block of {length} bytes at {offset}.")));
    }
    let end = bytes.len().min(offset + length);
    Ok(Some(members([("Data", STANDARD.encode(&bytes[offset..end]).into())])))
}

fn delete_file(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let id = arguments.id("FileId")?;
    let place = environment.place_of_file(id).ok_or_else(|| Refusal::no_row("fileattachment", id))?;
    environment.drop_file(place)?;
    Ok(None)
}

/// An object of these members.
pub(super) fn members<const N: usize>(members: [(&str, Value); N]) -> Object {
    let mut object = Object::default();
    for (name, value) in members {
        object.push(name, value);
    }
    object
}

impl Environment {
    /// Gives out the token of an upload.
    pub(super) fn begin(&mut self, upload: Upload) -> String {
        let token = STANDARD.encode(self.random.id().to_string());
        self.files.uploads.insert(token.clone(), upload);
        token
    }

    /// Gives out the token of a download, with what is known of the file.
    pub(super) fn begin_sending(&mut self, name: String, bytes: Vec<u8>) -> Object {
        let token = STANDARD.encode(self.random.id().to_string());
        let response = members([
            ("FileSizeInBytes", json!(bytes.len())),
            ("FileName", name.into()),
            ("FileContinuationToken", token.clone().into()),
        ]);
        self.files.downloads.insert(token, bytes);
        response
    }

    /// `Target` and `FileAttributeName`: a file or image column of a row that is there.
    fn place(&self, arguments: &Arguments) -> Result<Place, Refusal> {
        let (table, id, _) = self.target_row(arguments)?;
        self.existing(table, id)?;
        let name = arguments.text("FileAttributeName")?;
        let described = &self.catalog.tables[table];
        let column = described.position(name);
        let column = column.filter(|p| matches!(described.columns[*p].kind, Kind::File | Kind::Image));
        let column = column.ok_or_else(|| {
            invalid(format!("The attribute '{name}' of entity '{}' holds no files.", described.name))
        })?;
        Ok(Place { table, id, column })
    }

    /// `Target`: table and id, and its other properties.
    pub(super) fn target_row(
        &self,
        arguments: &Arguments,
    ) -> Result<(usize, Uuid, Map<String, Value>), Refusal> {
        let target = arguments.get("Target").and_then(Value::as_object).cloned().unwrap_or_default();
        let kind = target.get("@odata.type").and_then(Value::as_str).unwrap_or_default();
        let kind = kind.trim_start_matches('#').strip_prefix("Microsoft.Dynamics.CRM.").unwrap_or_default();
        let table = self.catalog.position(kind);
        let table = table.ok_or_else(|| invalid("The Target does not say its '@odata.type'.".to_owned()))?;
        let id = target.get(&self.catalog.tables[table].primary_id).and_then(Value::as_str);
        let id = id.and_then(|text| Uuid::try_parse(text).ok());
        let id = id.ok_or_else(|| invalid("The Target has no id.".to_owned()))?;
        Ok((table, id, target))
    }
}

/// What a plain upload says a file is.
pub(super) fn plain(name: String, bytes: Vec<u8>) -> File {
    File { name, mime_type: UNKNOWN_TYPE.to_owned(), bytes }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::Environment;
    use crate::files::transfer::tests::filed;
    use crate::testing::{get, id, post, refused, send};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};

    fn with_permit() -> Environment {
        let mut environment = filed();
        post(&mut environment, "contoso_permits", &json!({"contoso_permitid": id(1)}));
        environment
    }

    fn target() -> Value {
        json!({"contoso_permitid": id(1), "@odata.type": "Microsoft.Dynamics.CRM.contoso_permit"})
    }

    pub(in crate::files) fn act(environment: &mut Environment, name: &str, body: &Value) -> Value {
        let (status, answer, _) = send(environment, "POST", name, &[], body);
        assert!(status == 200 || status == 204, "{name}: {answer}");
        answer
    }

    fn begin(environment: &mut Environment) -> Value {
        let body = json!({"Target": target(), "FileName": "a.pdf", "FileAttributeName": "contoso_plan"});
        act(environment, "InitializeFileBlocksUpload", &body)["FileContinuationToken"].clone()
    }

    pub(in crate::files) fn block(token: &Value, name: &str, data: &[u8]) -> Value {
        json!({"BlockId": STANDARD.encode(name), "BlockData": STANDARD.encode(data), "FileContinuationToken": token})
    }

    fn list(token: &Value, names: &[&str]) -> Value {
        let names: Vec<String> = names.iter().map(|name| STANDARD.encode(name)).collect();
        json!({"FileName": "b.pdf", "MimeType": "application/pdf", "BlockList": names, "FileContinuationToken": token})
    }

    #[test]
    fn a_file_goes_up_and_comes_down_in_blocks() {
        let mut environment = with_permit();
        let token = begin(&mut environment);
        act(&mut environment, "UploadBlock", &block(&token, "two", b"world"));
        act(&mut environment, "UploadBlock", &block(&token, "one", b"hello "));
        let committed = act(&mut environment, "CommitFileBlocksUpload", &list(&token, &["one", "two"]));
        assert_eq!(committed["FileSizeInBytes"], 11);
        let row = get(&mut environment, &format!("contoso_permits({})", id(1)));
        assert_eq!(
            (&row["contoso_plan"], row["contoso_plan_name"].as_str()),
            (&committed["FileId"], Some("b.pdf"))
        );
        let body = json!({"Target": target(), "FileAttributeName": "contoso_plan"});
        let download = act(&mut environment, "InitializeFileBlocksDownload", &body);
        assert_eq!(
            (download["FileSizeInBytes"].as_u64(), download["FileName"].as_str()),
            (Some(11), Some("b.pdf"))
        );
        assert_eq!(download["IsChunkingSupported"], true);
        let next = |offset| json!({"Offset": offset, "BlockLength": 6, "FileContinuationToken": download["FileContinuationToken"]});
        let first = act(&mut environment, "DownloadBlock", &next(0));
        let last = act(&mut environment, "DownloadBlock", &next(6));
        assert_eq!((first["Data"].as_str(), last["Data"].as_str()), (Some("aGVsbG8g"), Some("d29ybGQ=")));
        assert_eq!(refused(&mut environment, "POST", "DownloadBlock", &next(11)).0, 400);
    }

    #[test]
    fn the_rows_files_are_told_of_beside_it() {
        let mut environment = with_permit();
        let token = begin(&mut environment);
        act(&mut environment, "UploadBlock", &block(&token, "one", b"hello"));
        act(&mut environment, "CommitFileBlocksUpload", &list(&token, &["one"]));
        let path = format!(
            "contoso_permits({})?$select=contoso_permitid&$expand=contoso_permit_FileAttachments($select=filename,mimetype,filesizeinbytes,regardingfieldname)",
            id(1)
        );
        let attached = &get(&mut environment, &path)["contoso_permit_FileAttachments"][0];
        assert_eq!(
            (attached["filename"].as_str(), attached["mimetype"].as_str()),
            (Some("b.pdf"), Some("application/pdf"))
        );
        assert_eq!(
            (attached["filesizeinbytes"].as_u64(), attached["regardingfieldname"].as_str()),
            (Some(5), Some("contoso_plan"))
        );
        assert_eq!(refused(&mut environment, "POST", "fileattachments", &json!({})).0, 405);
    }

    #[test]
    fn a_file_is_deleted_by_its_id() {
        let mut environment = with_permit();
        let token = begin(&mut environment);
        act(&mut environment, "UploadBlock", &block(&token, "one", b"hello"));
        let file = act(&mut environment, "CommitFileBlocksUpload", &list(&token, &["one"]))["FileId"].clone();
        act(&mut environment, "DeleteFile", &json!({"FileId": file}));
        let row = get(&mut environment, &format!("contoso_permits({})", id(1)));
        assert_eq!((&row["contoso_plan"], &row["contoso_plan_name"]), (&Value::Null, &Value::Null));
        assert_eq!(refused(&mut environment, "POST", "DeleteFile", &json!({"FileId": file})).1, "0x80040217");
        let body = json!({"Target": target(), "FileAttributeName": "contoso_plan"});
        let (status, code, message) =
            refused(&mut environment, "POST", "InitializeFileBlocksDownload", &body);
        assert_eq!((status, code.as_str()), (404, "0x80040217"));
        assert_eq!(
            message,
            format!("No file attachment found for attribute: contoso_plan EntityId: {}.", id(1))
        );
    }

    #[test]
    fn blocks_and_tokens_that_nobody_knows_are_refused() {
        let mut environment = with_permit();
        let token = begin(&mut environment);
        let code = |environment: &mut Environment, name: &str, body: &Value| {
            refused(environment, "POST", name, body).1
        };
        let strange = json!("bm9ib2R5");
        assert_eq!(code(&mut environment, "UploadBlock", &block(&strange, "one", b"x")), "0x80040203");
        assert_eq!(code(&mut environment, "CommitFileBlocksUpload", &list(&token, &["one"])), "0x80040203");
        act(&mut environment, "UploadBlock", &block(&token, "one", b"x"));
        assert_eq!(code(&mut environment, "UploadBlock", &block(&token, "three", b"x")), "0x80040203");
        let long = "x".repeat(65);
        assert_eq!(code(&mut environment, "UploadBlock", &block(&token, &long, b"x")), "0x80040203");
        let big = vec![0; 4 * 1024 * 1024 + 1];
        assert_eq!(code(&mut environment, "UploadBlock", &block(&token, "two", &big)), "0x80040203");
        let garbled = json!({"BlockId": "b25l", "BlockData": "?", "FileContinuationToken": token});
        assert_eq!(code(&mut environment, "UploadBlock", &garbled), "0x0");
        act(&mut environment, "CommitFileBlocksUpload", &list(&token, &["one"]));
        let again = list(&token, &["one"]);
        assert_eq!(code(&mut environment, "CommitFileBlocksUpload", &again), "0x80040203");
    }

    #[test]
    fn files_go_to_file_columns_of_rows_that_are_there() {
        let mut environment = with_permit();
        let begin = |target: &Value, column: &str| json!({"Target": target, "FileName": "a.pdf", "FileAttributeName": column});
        let mut missing = target();
        missing["contoso_permitid"] = id(9).into();
        for (body, code) in [
            (begin(&target(), "contoso_name"), "0x80040203"),
            (begin(&target(), "nothing"), "0x80040203"),
            (begin(&missing, "contoso_plan"), "0x80040217"),
            (begin(&json!({"contoso_permitid": id(1)}), "contoso_plan"), "0x80040203"),
        ] {
            assert_eq!(
                refused(&mut environment, "POST", "InitializeFileBlocksUpload", &body).1,
                code,
                "{body}"
            );
        }
        let blocked = json!({"Target": target(), "FileName": "a.js", "FileAttributeName": "contoso_plan"});
        assert_eq!(refused(&mut environment, "POST", "InitializeFileBlocksUpload", &blocked).1, "0x80043e09");
    }
}
