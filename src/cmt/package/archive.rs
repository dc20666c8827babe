//! The zip around the parts, whose members are found leniently.

use crate::finding::{Findings, Place};
use crate::package::file_signature::looks_like;
use crate::package::member::Member;
use crate::{Error, Part, Severity};
use std::io::Cursor;
use zip::ZipArchive;

/// How many member names an error lists.
const NAMES_SHOWN: usize = 20;

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
            data: Member::locate(&mut directory, zip, &data)?,
            schema: Member::locate(&mut directory, zip, &schema)?,
        })
    }
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

fn no_zip(zip: &[u8], error: &zip::result::ZipError) -> Error {
    if zip.starts_with(b"PK") {
        return Error::DamagedZip { reason: error.to_string() };
    }
    Error::NotAZip { looks_like: looks_like(zip).map(str::to_owned) }
}
