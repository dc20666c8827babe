//! Pictures and files in values.

use super::opened::Opened;
use super::rows::Rows;
use super::values::is_content;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use browser::protocol::{ValuePlace, ViewedFile};
use cmt::{Error, Field, Record, Spool, Value};
use std::io::Read;

/// Beginnings of the pictures that every browser shows and none runs: no SVG.
const PICTURES: [(&[u8], &str, &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xFF\xD8\xFF", "image/jpeg", "jpg"),
    (b"GIF8", "image/gif", "gif"),
    (b"BM", "image/bmp", "bmp"),
];

/// So long a text of base64 is shown as a picture; 30 MB is the most Dataverse keeps in an image column.
const MOST_SHOWN: usize = 40 << 20;

/// What is to be known of a value that is a picture or file; `None`: it is something else.
pub(super) fn describe<S: Spool>(
    opened: &Opened<S>,
    table: &str,
    record: &Record,
    field: &Field,
) -> Option<ViewedFile> {
    let of_text = |base64: &str| ViewedFile {
        name: name(table, record, field),
        bytes: Some(decoded_size(base64)),
        picture: data_url(base64),
    };
    match &field.value {
        Value::Image(base64) => Some(of_text(base64)),
        Value::Text(base64) if is_content(table, &field.column) => Some(of_text(base64)),
        Value::File(file) => Some(ViewedFile {
            name: name(table, record, field),
            bytes: opened.spooled.package().file_size(file.id),
            picture: None,
        }),
        _ => None,
    }
}

/// Name and content; `None` where there is no such file or the package does not hold it.
pub(super) fn of<S: Spool>(
    opened: &Opened<S>,
    place: &ValuePlace,
) -> Result<Option<(String, Vec<u8>)>, Error> {
    let Some(record) = Rows::of(opened).record(&place.table, &place.id)? else { return Ok(None) };
    let Some(field) = record.fields.iter().find(|field| field.column == place.column) else {
        return Ok(None);
    };
    let content = match &field.value {
        Value::Image(base64) | Value::Text(base64) => decode(base64),
        Value::File(file) => match opened.spooled.package().file(file.id) {
            Some(content) => Some(read(content)?),
            None => None,
        },
        _ => None,
    };
    Ok(content.map(|content| (name(&place.table, &record, field), content)))
}

/// Three bytes stand in four characters.
pub(super) fn decoded_size(base64: &str) -> u64 {
    let characters = base64.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count();
    characters as u64 * 3 / 4
}

/// Under which name a value is saved. A picture has none of its own.
fn name(table: &str, record: &Record, field: &Field) -> String {
    let own = match &field.value {
        Value::File(file) => file.file_name.clone(),
        Value::Text(_) => record.value("filename").map(Value::display).unwrap_or_default(),
        _ => String::new(),
    };
    if !own.is_empty() {
        return own;
    }
    let extension = match &field.value {
        Value::Image(base64) | Value::Text(base64) => kind(base64).map_or("bin", |(_, extension)| extension),
        _ => "bin",
    };
    format!("{table}-{}-{}.{extension}", record.id, field.column)
}

/// Media type and file ending of a picture, told by its first bytes.
fn kind(base64: &str) -> Option<(&'static str, &'static str)> {
    let head: Vec<u8> = base64.bytes().filter(|byte| !byte.is_ascii_whitespace()).take(16).collect();
    let head = STANDARD.decode(head).ok()?;
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some(("image/webp", "webp"));
    }
    let known = PICTURES.iter().find(|(start, ..)| head.starts_with(start));
    known.map(|(_, media_type, extension)| (*media_type, *extension))
}

fn data_url(base64: &str) -> Option<String> {
    let (media_type, _) = kind(base64)?;
    (base64.len() <= MOST_SHOWN).then(|| format!("data:{media_type};base64,{base64}"))
}

fn decode(base64: &str) -> Option<Vec<u8>> {
    let plain: Vec<u8> = base64.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(plain).ok()
}

fn read(mut content: impl Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = content.read_to_end(&mut bytes);
    read.map_err(|error| Error::DamagedZip { reason: format!("a file in it cannot be inflated: {error}") })?;
    Ok(bytes)
}
