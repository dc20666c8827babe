//! The zip around the parts: members are found leniently, inflated as a stream, and checked on the way.

use crate::findings::{Findings, Place};
use crate::{Error, Part, Severity};
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use std::io::{self, Cursor, Read};
use zip::{CompressionMethod, ZipArchive};

/// The biggest part that is read: more cannot be meant, and would fill any machine.
const LARGEST_PART: u64 = 8 << 30;
/// Real packages shrink to a fiftieth at most. A part above [`SUSPICIOUS_SIZE`] that shrank further than this
/// is a trap.
const LARGEST_RATIO: u64 = 400;
const SUSPICIOUS_SIZE: u64 = 256 << 20;
/// How many member names an error lists.
const NAMES_SHOWN: usize = 20;

/// A member of the zip, by what its directory entry says.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    deflated: bool,
    start: usize,
    compressed: usize,
    size: u64,
    crc: u32,
}

/// Where the parts of a data package lie in a zip.
#[derive(Clone, Debug)]
pub(crate) struct Archive {
    pub(crate) data: Member,
    pub(crate) schema: Member,
}

impl Archive {
    /// Reads the zip's directory and finds the parts.
    ///
    /// # Errors
    /// [`Error::NotAZip`], [`Error::DamagedZip`], [`Error::MissingPart`].
    pub(crate) fn open(zip: &[u8], findings: &mut Findings) -> Result<Archive, Error> {
        let mut directory = ZipArchive::new(Cursor::new(zip)).map_err(|error| no_zip(zip, &error))?;
        let names: Vec<String> = directory.file_names().map(str::to_owned).collect();
        let data = find(Part::Data, &["data.xml"], &names, findings)?;
        let schema = find(Part::Schema, &["data_schema.xml", "schema.xml"], &names, findings)?;
        if !names.iter().any(|name| base_name(name) == "[content_types].xml") {
            let text = "The zip holds no [Content_Types].xml; it is not needed for reading.".to_owned();
            findings.add(Severity::Note, Place::default(), Default::default(), text);
        }
        Ok(Archive {
            data: member(&mut directory, zip, &data)?,
            schema: member(&mut directory, zip, &schema)?,
        })
    }
}

impl Member {
    /// The member's bytes, inflated while they are read.
    pub(crate) fn inflate<'z>(&self, zip: &'z [u8]) -> Inflate<'z> {
        // The range was checked against the zip when the member was found.
        let packed = zip.get(self.start..self.start + self.compressed).unwrap_or_default();
        let bytes =
            if self.deflated { Bytes::Deflated(DeflateDecoder::new(packed)) } else { Bytes::Stored(packed) };
        Inflate { bytes, crc: Crc::new(), left: self.size, expected_crc: self.crc }
    }

    /// The size of the inflated part in bytes, as the directory says.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }
}

/// A member being inflated. Its size and checksum are compared with the directory's at the end.
pub(crate) struct Inflate<'z> {
    bytes: Bytes<'z>,
    crc: Crc,
    left: u64,
    expected_crc: u32,
}

enum Bytes<'z> {
    Stored(&'z [u8]),
    Deflated(DeflateDecoder<&'z [u8]>),
}

impl Read for Inflate<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.bytes {
            Bytes::Stored(bytes) => bytes.read(buffer)?,
            Bytes::Deflated(decoder) => decoder.read(buffer)?,
        };
        self.crc.update(&buffer[..count]);
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| damaged("a member is longer than its header says"))?;
        if count == 0 && !buffer.is_empty() {
            self.check_end()?;
        }
        Ok(count)
    }
}

impl Inflate<'_> {
    fn check_end(&self) -> io::Result<()> {
        match (self.left, self.crc.sum() == self.expected_crc) {
            (0, true) => Ok(()),
            (0, false) => Err(damaged("a member's checksum does not match its content")),
            _ => Err(damaged("a member is shorter than its header says")),
        }
    }
}

fn damaged(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

/// Finds a part whatever its folder, separator and case. The shallowest member wins, told as a finding.
fn find(part: Part, accepted: &[&str], names: &[String], findings: &mut Findings) -> Result<String, Error> {
    let mut found: Vec<&String> = Vec::new();
    for wanted in accepted {
        found = names.iter().filter(|name| base_name(name) == *wanted).collect();
        if !found.is_empty() {
            break;
        }
    }
    let depth = |name: &&&String| name.matches(['/', '\\']).count();
    let Some(chosen) = found.iter().min_by_key(depth) else { return Err(missing(part, names)) };
    if found.len() > 1 {
        let text =
            format!("The zip holds {} members that could be {}; {chosen} is read.", found.len(), part.name());
        findings.add(Severity::Warning, Place::default(), Default::default(), text);
    } else if chosen.as_str() != part.name() {
        let text = format!("{} is read from the member {chosen}.", part.name());
        findings.add(Severity::Note, Place::default(), Default::default(), text);
    }
    Ok((*chosen).clone())
}

/// The last component of a member's name, in lower case.
fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_lowercase()
}

fn missing(part: Part, names: &[String]) -> Error {
    let of_solution =
        |name: &String| matches!(base_name(name).as_str(), "solution.xml" | "customizations.xml");
    Error::MissingPart {
        part,
        is_solution: names.iter().any(of_solution),
        members: names.iter().take(NAMES_SHOWN).cloned().collect(),
    }
}

/// Takes down where a member lies, if it can be read at all.
fn member(directory: &mut ZipArchive<Cursor<&[u8]>>, zip: &[u8], name: &str) -> Result<Member, Error> {
    let damaged = |reason: String| Error::DamagedZip { reason };
    let position =
        directory.index_for_name(name).ok_or_else(|| damaged(format!("{name} is not where it should be")))?;
    let entry =
        directory.by_index_raw(position).map_err(|error| damaged(without_period(&error.to_string())))?;
    if entry.encrypted() {
        return Err(damaged(format!("{name} is protected by a password")));
    }
    let deflated = match entry.compression() {
        CompressionMethod::Deflated => true,
        CompressionMethod::Stored => false,
        other => return Err(damaged(format!("{name} is compressed with {other}, not with deflate"))),
    };
    let start = entry.data_start().unwrap_or(u64::MAX);
    let within = start.checked_add(entry.compressed_size()).is_some_and(|end| end <= zip.len() as u64);
    if !within {
        return Err(damaged(format!("the end of {name} is missing")));
    }
    check_size(name, entry.size(), entry.compressed_size())?;
    Ok(Member {
        deflated,
        start: start as usize,
        compressed: entry.compressed_size() as usize,
        size: entry.size(),
        crc: entry.crc32(),
    })
}

/// Refuses what was made to fill the memory.
fn check_size(name: &str, size: u64, compressed: u64) -> Result<(), Error> {
    let swollen = size > SUSPICIOUS_SIZE && size / LARGEST_RATIO > compressed;
    if size > LARGEST_PART || swollen {
        let reason =
            format!("{name} would grow from {compressed} to {size} bytes, which no data package does");
        return Err(Error::DamagedZip { reason });
    }
    Ok(())
}

fn no_zip(zip: &[u8], error: &zip::result::ZipError) -> Error {
    if zip.starts_with(b"PK") {
        return Error::DamagedZip { reason: without_period(&error.to_string()) };
    }
    Error::NotAZip { looks_like: looks_like(zip).map(str::to_owned) }
}

fn without_period(text: &str) -> String {
    text.trim_end_matches('.').to_owned()
}

/// What the first bytes suggest, in the user's words.
fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"\xD0\xCF\x11\xE0", "an Office document of the old kind"),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive"),
        (b"Rar!", "a RAR archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"MZ", "a program"),
    ];
    if bytes.is_empty() {
        return Some("an empty file");
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        return Some(name);
    }
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_lowercase();
    match start.trim_start_matches('\u{feff}').trim_start() {
        text if text.starts_with("<!doctype html") || text.starts_with("<html") => Some("a web page"),
        text if text.starts_with('<') => Some("an XML file"),
        text if text.starts_with(['{', '[']) => Some("a JSON file"),
        _ => None,
    }
}
