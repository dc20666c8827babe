//! The actions that move the files of notes by blocks.

use super::messages::{action, members};
use super::uploads::{Destination, Upload, invalid, unknown_token};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Message};
use crate::rows::RowName;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// `InitializeAnnotationBlocksUpload`
pub(super) const BEGIN: Message = action("InitializeAnnotationBlocksUpload", &[("Target", true)], begin_note);

/// `CommitAnnotationBlocksUpload`
pub(super) const COMMIT: Message = action(
    "CommitAnnotationBlocksUpload",
    &[("Target", true), ("BlockList", true), ("FileContinuationToken", true)],
    commit_note,
);

/// `InitializeAnnotationBlocksDownload`
pub(super) const DOWNLOAD: Message =
    action("InitializeAnnotationBlocksDownload", &[("Target", true)], begin_note_download);

fn begin_note(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    environment.note(arguments)?;
    let token = environment.begin(Upload::new(Destination::Note, ""));
    Ok(Some(members([("FileContinuationToken", token.into())])))
}

/// The note is updated, or made where there is none of that id.
fn commit_note(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let token = arguments.text("FileContinuationToken")?;
    let (table, id, mut note) = environment.note(arguments)?;
    let upload = environment.files.upload(token)?;
    if upload.destination != Destination::Note {
        return Err(unknown_token());
    }
    let bytes = upload.join(&arguments.texts("BlockList")?)?;
    note.insert("documentbody".to_owned(), STANDARD.encode(&bytes).into());
    environment.upsert(table, &RowName::Id(id), &note)?;
    environment.files.uploads.remove(token);
    Ok(Some(members([("AnnotationId", json!(id)), ("FileSizeInBytes", json!(bytes.len()))])))
}

fn begin_note_download(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let (table, id, _) = environment.note(arguments)?;
    environment.existing(table, id)?;
    let text = |column| {
        let row = environment.store.get(table, id);
        row.and_then(|row| environment.cell(table, row, column).as_text()).unwrap_or_default().to_owned()
    };
    let bytes = STANDARD.decode(text("documentbody")).unwrap_or_default();
    Ok(Some(environment.begin_sending(text("filename"), bytes)))
}

impl Environment {
    /// `Target` where it is a note. Notes of an upload have an id, even new ones: without one there is nothing to
    /// upload to, as Microsoft's page says.
    fn note(&self, arguments: &Arguments) -> Result<(usize, Uuid, Map<String, Value>), Refusal> {
        let target = self.target_row(arguments)?;
        let name = &self.catalog.tables[target.0].name;
        if name == "annotation" {
            Ok(target)
        } else {
            Err(invalid(format!("'{name}' is not the table of notes.")))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::files::messages::tests::{act, block};
    use crate::testing::{ACCOUNT, get, id, portal, refused, send};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::{Value, json};

    #[test]
    fn a_notes_body_goes_up_and_comes_down_in_blocks() {
        let mut environment = portal();
        let note = json!({
            "annotationid": id(1), "subject": "s", "filename": "a.txt", "mimetype": "text/plain",
            "objectid_account@odata.bind": format!("accounts({ACCOUNT})"),
            "@odata.type": "Microsoft.Dynamics.CRM.annotation",
        });
        let body = json!({"Target": note});
        let token =
            act(&mut environment, "InitializeAnnotationBlocksUpload", &body)["FileContinuationToken"].clone();
        act(&mut environment, "UploadBlock", &block(&token, "one", b"hello"));
        let commit =
            json!({"Target": note, "BlockList": [STANDARD.encode("one")], "FileContinuationToken": token});
        let committed = act(&mut environment, "CommitAnnotationBlocksUpload", &commit);
        assert_eq!(
            (committed["AnnotationId"].as_str(), committed["FileSizeInBytes"].as_u64()),
            (Some(&*id(1)), Some(5))
        );
        let path = format!("annotations({})", id(1));
        assert_eq!(get(&mut environment, &path)["filesize"], 5);
        let value = format!("{path}/documentbody/$value");
        let (status, _, answer) = send(&mut environment, "GET", &value, &[], &Value::Null);
        assert_eq!((status, answer.body().as_slice()), (200, b"aGVsbG8=".as_slice()));
        assert_eq!(answer.headers()["content-type"], "text/plain");
        let download = act(&mut environment, "InitializeAnnotationBlocksDownload", &body);
        let next = json!({"Offset": 1, "BlockLength": 3, "FileContinuationToken": download["FileContinuationToken"]});
        assert_eq!(act(&mut environment, "DownloadBlock", &next)["Data"], STANDARD.encode("ell"));
    }

    #[test]
    fn notes_of_blocks_have_an_id_and_obey_the_rules_of_notes() {
        let mut environment = Environment::builder("small").max_upload_size(8).build().unwrap();
        let nameless = json!({"Target": {"@odata.type": "Microsoft.Dynamics.CRM.annotation"}});
        assert_eq!(
            refused(&mut environment, "POST", "InitializeAnnotationBlocksUpload", &nameless).1,
            "0x80040203"
        );
        let note = json!({"annotationid": id(1), "filename": "a.txt", "@odata.type": "Microsoft.Dynamics.CRM.annotation"});
        let body = json!({"Target": note});
        let token =
            act(&mut environment, "InitializeAnnotationBlocksUpload", &body)["FileContinuationToken"].clone();
        act(&mut environment, "UploadBlock", &block(&token, "one", b"hello world"));
        let commit =
            json!({"Target": note, "BlockList": [STANDARD.encode("one")], "FileContinuationToken": token});
        assert_eq!(
            refused(&mut environment, "POST", "CommitAnnotationBlocksUpload", &commit).1,
            "0x80043e09"
        );
        assert_eq!(environment.count("annotation"), 0);
        let other = json!({"Target": {"teamid": id(1), "@odata.type": "Microsoft.Dynamics.CRM.team"}});
        assert_eq!(
            refused(&mut environment, "POST", "InitializeAnnotationBlocksUpload", &other).1,
            "0x80040203"
        );
    }
}
