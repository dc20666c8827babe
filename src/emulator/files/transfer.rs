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
        // Recorded: what is not kept in full size is no content.
        let is_full = call.options.get("size") == Some("full");
        let kept = if is_picture { self.kept_picture(place, is_full) } else { self.kept_file(place) };
        Some(match kept {
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
pub(super) mod tests;
