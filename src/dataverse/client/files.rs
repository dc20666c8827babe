//! The contents of file columns, block by block: these messages carry everything in their bodies, where a browser may
//! read and write it, and keep a file's media type.

use super::Client;
use crate::part::Part;
use crate::response::{json, refusal_of};
use crate::sending::Repeat;
use crate::{Clock, Error, TableMetadata, Transport, response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{Method, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The most a block has, in bytes.
const BLOCK: usize = 4 * 1024 * 1024;

/// A file as a column holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// A file on its way here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDownload {
    /// Its name.
    pub name: String,
    /// How many bytes it has.
    pub size: u64,
    token: String,
    /// So many bytes are here.
    at: u64,
}

/// A file to be put into a column.
#[derive(Clone, Copy, Debug)]
pub struct NewFile<'a> {
    /// Its name.
    pub name: &'a str,
    /// What kind of file it is, e.g. `text/css`.
    pub media_type: &'a str,
    /// Its content.
    pub content: &'a [u8],
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UploadBegun {
    file_continuation_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DownloadBegun {
    file_name: Option<String>,
    file_size_in_bytes: u64,
    file_continuation_token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Block {
    data: String,
}

impl<T: Transport, C: Clock> Client<T, C> {
    /// The file in a column of a row; `None`: the column is empty, or the row is not there.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn download_file(
        &self,
        table: &TableMetadata,
        id: Uuid,
        column: &str,
    ) -> Result<Option<StoredFile>, Error> {
        let Some(mut download) = self.begin_download(table, id, column).await? else { return Ok(None) };
        let mut content = Vec::with_capacity(usize::try_from(download.size).unwrap_or(0));
        while let Some(block) = self.next_block(&mut download).await? {
            content.extend(block);
        }
        Ok(Some(StoredFile { name: download.name, content }))
    }

    /// Begins to fetch the file in a column of a row; `None`: the column is empty, or the row is not there.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn begin_download(
        &self,
        table: &TableMetadata,
        id: Uuid,
        column: &str,
    ) -> Result<Option<FileDownload>, Error> {
        let body = json!({ "Target": target(table, id), "FileAttributeName": column });
        let begun: DownloadBegun = match self.action("InitializeFileBlocksDownload", &body).await {
            Err(Error::Service(refusal)) if refusal.is_not_found() => return Ok(None),
            begun => json("POST InitializeFileBlocksDownload", &begun?)?,
        };
        Ok(Some(FileDownload {
            name: begun.file_name.unwrap_or_default(),
            size: begun.file_size_in_bytes,
            token: begun.file_continuation_token,
            at: 0,
        }))
    }

    /// The next bytes of the file, at most 4 MB; `None`: that was all.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn next_block(&self, download: &mut FileDownload) -> Result<Option<Vec<u8>>, Error> {
        if download.at >= download.size {
            return Ok(None);
        }
        let length = (BLOCK as u64).min(download.size - download.at);
        let token = &download.token;
        let body = json!({ "Offset": download.at, "BlockLength": length, "FileContinuationToken": token });
        let block = decoded(&self.action("DownloadBlock", &body).await?)?;
        if block.is_empty() {
            return Err(misshapen("the block is empty"));
        }
        download.at += block.len() as u64;
        Ok(Some(block))
    }

    /// Puts a file into a column of a row, in place of the one that is there. Whether it came to be there where the last
    /// answer was lost, only reading it back tells.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn upload_file(
        &self,
        table: &TableMetadata,
        id: Uuid,
        column: &str,
        file: NewFile<'_>,
    ) -> Result<(), Error> {
        let body = json!({ "Target": target(table, id), "FileName": file.name, "FileAttributeName": column });
        let begun = self.action("InitializeFileBlocksUpload", &body).await?;
        let begun: UploadBegun = json("POST InitializeFileBlocksUpload", &begun)?;
        let token = begun.file_continuation_token;
        let mut blocks = Vec::new();
        for (number, block) in file.content.chunks(BLOCK).enumerate() {
            let name = STANDARD.encode(format!("{number:08}"));
            let data = STANDARD.encode(block);
            let body = json!({ "BlockId": name, "BlockData": data, "FileContinuationToken": token });
            self.action("UploadBlock", &body).await?;
            blocks.push(name);
        }
        self.commit(&json!({
            "FileName": file.name,
            "MimeType": file.media_type,
            "BlockList": blocks,
            "FileContinuationToken": token,
        }))
        .await
    }

    /// Takes the file out of a column of a row.
    ///
    /// # Errors
    /// [`Error`], as with every request.
    pub async fn remove_file(&self, table: &TableMetadata, id: Uuid, column: &str) -> Result<(), Error> {
        let path = format!("{}/{column}", crate::operation::row_path(&table.set, id));
        let part = Part::new(Method::DELETE, &path, None);
        let arrived = self.alone(&part, Repeat::Always, 1).await?;
        match refusal_of(&arrived.answer) {
            Some(refusal) if !refusal.is_not_found() => Err(Error::Service(refusal)),
            _ => Ok(()),
        }
    }

    /// After a lost answer a refusal may say that the earlier try used the token up.
    async fn commit(&self, body: &Value) -> Result<(), Error> {
        let part = action_part("CommitFileBlocksUpload", body);
        let arrived = self.alone(&part, Repeat::Always, 1).await?;
        match refusal_of(&arrived.answer) {
            Some(refusal) if arrived.lost.is_none() => Err(Error::Service(refusal)),
            _ => Ok(()),
        }
    }

    async fn action(&self, name: &str, body: &Value) -> Result<Response<Vec<u8>>, Error> {
        let part = action_part(name, body);
        let arrived = self.alone(&part, Repeat::Always, 1).await?;
        response::accepted(&part.label(), arrived.answer)
    }
}

fn action_part(name: &str, body: &Value) -> Part {
    let part = Part::new(Method::POST, name, Some(body.to_string().into_bytes()));
    part.header("Content-Type", "application/json")
}

fn target(table: &TableMetadata, id: Uuid) -> Value {
    json!({ (table.primary_id.as_str()): id, "@odata.type": format!("Microsoft.Dynamics.CRM.{}", table.name) })
}

fn decoded(answer: &Response<Vec<u8>>) -> Result<Vec<u8>, Error> {
    let block: Block = json("POST DownloadBlock", answer)?;
    STANDARD.decode(block.data).map_err(|_| misshapen("the block is no base64"))
}

fn misshapen(reason: &str) -> Error {
    Error::Shape { request: "POST DownloadBlock".to_owned(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, NewFile};
    use crate::testing::{Script, answer, refusal};
    use crate::{Error, TableMetadata};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use uuid::Uuid;

    fn table() -> TableMetadata {
        TableMetadata {
            name: "contoso_permit".into(),
            display_name: "Permit".into(),
            set: "contoso_permits".into(),
            primary_id: "contoso_permitid".into(),
            primary_name: None,
            is_activity: false,
            is_intersect: false,
            columns: Vec::new(),
            lookups: Vec::new(),
            many_to_many: Vec::new(),
            keys: Vec::new(),
            id: None,
        }
    }

    #[test]
    fn a_large_file_goes_up_in_blocks_that_are_committed_in_order() {
        let begun = answer(200, &[], r#"{"FileContinuationToken":"T"}"#);
        let done = || answer(204, &[], "");
        let script = Script::answers(vec![begun, done(), done(), answer(200, &[], r#"{"FileId":"1"}"#)]);
        let content = vec![7; BLOCK + 1];
        let file = NewFile { name: "plän.pdf", media_type: "application/pdf", content: &content };
        script.run(script.client().upload_file(&table(), Uuid::nil(), "contoso_plan", file)).unwrap();
        assert!(script.text(0).contains(r#""FileName":"plän.pdf""#), "{}", script.text(0));
        assert!(script.text(0).contains(r#""@odata.type":"Microsoft.Dynamics.CRM.contoso_permit""#));
        assert!(script.text(2).contains(&format!(r#""BlockData":"{}""#, STANDARD.encode([7]))));
        let names = [0, 1].map(|n| STANDARD.encode(format!("{n:08}")));
        assert!(
            script.text(3).contains(&format!(r#"["{}","{}"]"#, names[0], names[1])),
            "{}",
            script.text(3)
        );
        assert!(script.text(3).contains(r#""MimeType":"application/pdf""#));
    }

    #[test]
    fn a_file_comes_down_block_by_block_and_an_empty_column_has_none() {
        let begun = answer(
            200,
            &[],
            r#"{"FileName":"a.txt","FileSizeInBytes":5,"FileContinuationToken":"T","IsChunkingSupported":true}"#,
        );
        let block = |text: &str| answer(200, &[], &format!(r#"{{"Data":"{}"}}"#, STANDARD.encode(text)));
        let script = Script::answers(vec![begun, block("hel"), block("lo")]);
        let file = script.run(script.client().download_file(&table(), Uuid::nil(), "contoso_plan")).unwrap();
        let file = file.unwrap();
        assert_eq!((file.name.as_str(), file.content.as_slice()), ("a.txt", b"hello".as_slice()));
        assert!(script.text(2).contains(r#""BlockLength":2"#) && script.text(2).contains(r#""Offset":3"#));

        let script = Script::answers(vec![refusal(404, "0x80040217")]);
        let none = script.run(script.client().download_file(&table(), Uuid::nil(), "contoso_plan")).unwrap();
        assert_eq!(none, None);
    }

    #[test]
    fn a_refused_file_is_the_services_word() {
        let script = Script::answers(vec![refusal(400, "0x80043e09")]);
        let file = NewFile { name: "a.js", media_type: "text/javascript", content: b"x" };
        let error = script.run(script.client().upload_file(&table(), Uuid::nil(), "contoso_plan", file));
        assert!(matches!(error, Err(Error::Service(refusal)) if refusal.code == "0x80043e09"));
    }
}
