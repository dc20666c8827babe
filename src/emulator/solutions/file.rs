//! A solution's zip.

use super::Manifest;
use crate::error::Refusal;
use crate::functions::Arguments;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// What has to lie at the zip's root, by the text of code 0x80048060.
const MEMBERS: [&str; 3] = ["solution.xml", "customizations.xml", "[Content_Types].xml"];

/// A solution's file, read.
#[derive(Clone, Debug)]
pub(super) struct SolutionFile {
    /// The zip in base64, as it came.
    pub(super) encoded: String,
    pub(super) manifest: Manifest,
}

impl SolutionFile {
    /// The file in an argument.
    pub(super) fn of(arguments: &Arguments, name: &str) -> Result<SolutionFile, Refusal> {
        SolutionFile::read(arguments.text(name)?)
    }

    /// Reads the zip and looks at its manifest.
    pub(super) fn read(encoded: &str) -> Result<SolutionFile, Refusal> {
        let bytes = STANDARD.decode(encoded).map_err(|_| Refusal::wrong_literal(encoded, "Edm.Binary"))?;
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| bad_zip())?;
        for member in MEMBERS {
            read_member(&mut archive, member)?;
        }
        let manifest = Manifest::read(&read_member(&mut archive, MEMBERS[0])?).map_err(|_| bad_xml())?;
        refuse_names(&manifest)?;
        Ok(SolutionFile { encoded: encoded.to_owned(), manifest })
    }

    /// The same file with another version and kind, in base64.
    pub(super) fn rewritten(&self, version: &str, managed: bool) -> Result<String, Refusal> {
        let failed = |_| Refusal::new(400, "0x80048035", "An error occurred while exporting a Solution.");
        let bytes = STANDARD.decode(&self.encoded).unwrap_or_default();
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| bad_zip())?;
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
        for name in names.iter().filter(|name| !name.ends_with('/')) {
            let mut bytes = read_member(&mut archive, name)?;
            if name == MEMBERS[0] {
                bytes = self.manifest_text(&bytes, version, managed).into_bytes();
            }
            writer.start_file(name.as_str(), SimpleFileOptions::default()).map_err(failed)?;
            writer.write_all(&bytes).map_err(|error| failed(error.into()))?;
        }
        Ok(STANDARD.encode(writer.finish().map_err(failed)?.into_inner()))
    }

    fn manifest_text(&self, xml: &[u8], version: &str, managed: bool) -> String {
        let of = |element: &str, value: &str| format!("<{element}>{value}</{element}>");
        let kind = if managed { "1" } else { "0" };
        String::from_utf8_lossy(xml)
            .replacen(&of("Version", &self.manifest.version), &of("Version", version), 1)
            .replacen(&of("Managed", &self.manifest.managed), &of("Managed", kind), 1)
    }
}

fn read_member(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut member = archive.by_name(name).map_err(|_| bad_zip())?;
    member.read_to_end(&mut bytes).map_err(|_| bad_zip())?;
    Ok(bytes)
}

fn refuse_names(manifest: &Manifest) -> Result<(), Refusal> {
    let mut letters = manifest.unique_name.bytes();
    let begins = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    if !begins || !letters.all(|letter| letter.is_ascii_alphanumeric() || letter == b'_') {
        let message = "Invalid character specified for solution unique name. Only characters within the ranges [A-Z], \
                       [a-z], [0-9] or _ are allowed. The first character may only be in the ranges [A-Z], [a-z] or _.";
        return Err(Refusal::new(400, "0x8004f002", message));
    }
    let numbers: Vec<_> = manifest.version.split('.').map(str::parse::<u32>).collect();
    if !(2..=4).contains(&numbers.len()) || numbers.iter().any(Result::is_err) {
        return Err(Refusal::new(400, "0x8004f01e", "An invalid solution version was specified."));
    }
    if manifest.publisher.unique_name.is_empty() || !["0", "1"].contains(&manifest.managed.as_str()) {
        return Err(bad_xml());
    }
    Ok(())
}

/// Texts and codes of this file are the table of codes'; the status was not seen and follows the rule for arguments.
fn bad_zip() -> Refusal {
    let message = "The solution file is invalid. The compressed file must contain the following files at its root: \
                   solution.xml, customizations.xml, and [Content_Types].xml. Customization files exported from \
                   previous versions of Microsoft Dynamics 365 are not supported.";
    Refusal::new(400, "0x80048060", message)
}

fn bad_xml() -> Refusal {
    let message = "This solution package cannot be imported because it contains invalid XML. You can attempt to \
                   repair the file by manually editing the XML contents using the information found in the schema \
                   validation errors, or you can contact your solution provider.";
    Refusal::new(400, "0x8004802c", message)
}
