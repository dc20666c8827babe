//! The zip around the parts, whose members are found leniently.

use crate::finding::{Findings, Place};
use crate::package::directory::claimed_members;
use crate::package::file_signature::looks_like;
use crate::package::limits::{Limits, size};
use crate::package::member::{Member, damaged_zip};
use crate::package::source::{Stretch, ZipSource};
use crate::{Error, Part, Severity};
use std::collections::BTreeMap;
use std::io::BufReader;
use std::rc::Rc;
use uuid::Uuid;
use zip::ZipArchive;

/// How many member names an error lists.
const NAMES_SHOWN: usize = 20;
/// So many first bytes show what a file is.
const SIGNATURE: u64 = 512;

/// Where the parts of a data package lie in a zip.
#[derive(Clone, Debug)]
pub(crate) struct Archive {
    pub(crate) data: Member,
    pub(crate) schema: Member,
    pub(crate) content_types: Option<Member>,
    /// `files/ID.bin`, by id.
    pub(crate) files: Files,
    /// [`UNDO`]
    pub(crate) undo: Option<Member>,
}

/// What lies beside the data of an undo package: what the format has no words for. Microsoft's tool passes it over, as
/// it has no content type.
pub(crate) const UNDO: &str = "undo.json";

/// The contents of file columns, by their id.
pub(crate) type Files = BTreeMap<Uuid, Member>;

type Directory = ZipArchive<BufReader<Stretch>>;

impl Archive {
    /// Reads the zip's directory and finds the parts.
    ///
    /// # Errors
    /// All of [`Error`] but [`Error::BrokenXml`].
    pub(crate) fn open(
        zip: &Rc<dyn ZipSource>,
        limits: &Limits,
        findings: &mut Findings,
    ) -> Result<Archive, Error> {
        let mut directory = open_directory(zip, limits, findings)?;
        check_members(&mut directory, zip.as_ref(), limits)?;
        let names: Vec<String> = directory.file_names().map(str::to_owned).collect();
        let data = find(Part::Data, &["data.xml"], &names, findings)?;
        let schema = find(Part::Schema, &["data_schema.xml", "schema.xml"], &names, findings)?;
        let content_types = names.iter().find(|name| base_name(name) == "[content_types].xml");
        if content_types.is_none() {
            let text = "The zip holds no [Content_Types].xml; it is not needed for reading.".to_owned();
            findings.add(Severity::Note, Place::default(), Default::default(), text);
        }
        let undo = names.iter().find(|name| base_name(name) == UNDO);
        let known = [Some(&data), Some(&schema), content_types, undo];
        tell_unknown(names.iter().filter(|name| !known.contains(&Some(name)) && !is_carried(name)), findings);
        let mut locate = |name: &str| locate(&mut directory, name, limits);
        Ok(Archive {
            data: locate(&data)?,
            schema: locate(&schema)?,
            content_types: content_types.map(|name| locate(name)).transpose()?,
            undo: undo.map(|name| locate(name)).transpose()?,
            files: files(&names, locate)?,
        })
    }
}

/// Reads the directory, unless it claims more members than are allowed.
fn open_directory(
    zip: &Rc<dyn ZipSource>,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Directory, Error> {
    let unreadable = |error: std::io::Error| damaged_zip(error.to_string());
    let Some(claimed) = claimed_members(zip.as_ref()).map_err(unreadable)? else {
        return Err(no_zip(zip.as_ref()).map_err(unreadable)?);
    };
    if claimed > limits.members {
        let what = format!("it has {claimed} members, and {} are allowed", limits.members);
        return Err(Error::TooMuch { part: Part::Zip, what });
    }
    let whole = Stretch::new(zip.clone(), 0, zip.size().map_err(unreadable)?);
    let directory = ZipArchive::new(BufReader::new(whole)).map_err(|error| damaged_zip(error.to_string()))?;
    if claimed > directory.len() as u64 {
        let text = "Several members of the zip have the same name; the last of each name is read.".to_owned();
        findings.add(Severity::Warning, Place::default(), Default::default(), text);
    }
    Ok(directory)
}

/// Refuses members that lie over one another or behind the end, and what would grow beyond measure.
fn check_members(directory: &mut Directory, zip: &dyn ZipSource, limits: &Limits) -> Result<(), Error> {
    let end = zip.size().map_err(|error| damaged_zip(error.to_string()))?;
    let mut inflated: u64 = 0;
    let mut stretches = Vec::with_capacity(directory.len());
    for position in 0..directory.len() {
        let entry = directory.by_index_raw(position).map_err(|error| damaged_zip(error.to_string()))?;
        inflated = inflated.saturating_add(entry.size());
        let start = entry.data_start().unwrap_or(u64::MAX);
        let behind = start.saturating_add(entry.compressed_size());
        if behind > end {
            return Err(damaged_zip(format!("the end of {} is missing", entry.name())));
        }
        stretches.push((entry.header_start(), behind, entry.name().to_owned()));
    }
    if inflated > limits.inflated_size {
        let (would, may) = (size(inflated), size(limits.inflated_size));
        let what = format!("its members would grow to {would}, and {may} are allowed");
        return Err(Error::TooMuch { part: Part::Zip, what });
    }
    stretches.sort();
    for pair in stretches.windows(2) {
        if let [(_, behind, first), (start, _, second)] = pair
            && start < behind
        {
            return Err(Error::Overlapping { first: first.clone(), second: second.clone() });
        }
    }
    Ok(())
}

fn locate(directory: &mut Directory, name: &str, limits: &Limits) -> Result<Member, Error> {
    let position = directory.index_for_name(name);
    let position = position.ok_or_else(|| damaged_zip(format!("{name} is not where it should be")))?;
    Member::locate(directory, position, limits)
}

/// The members that hold the content of file columns.
fn files(
    names: &[String],
    mut locate: impl FnMut(&str) -> Result<Member, Error>,
) -> Result<BTreeMap<Uuid, Member>, Error> {
    let mut files = BTreeMap::new();
    for name in names {
        if let Some(id) = file_id(name) {
            files.insert(id, locate(name)?);
        }
    }
    Ok(files)
}

/// The id in `files/ID.bin`, whatever the folder around it.
fn file_id(name: &str) -> Option<Uuid> {
    let mut path = name.rsplit(['/', '\\']);
    let id = path.next().and_then(|file| Uuid::parse_str(file.strip_suffix(".bin")?).ok());
    id.filter(|_| path.next().is_some_and(|folder| folder.eq_ignore_ascii_case("files")))
}

/// Whether a member that is none of the three parts needs no telling: a file, a folder's entry, or another member of
/// a part's name, of which is told where the part is chosen.
fn is_carried(name: &str) -> bool {
    let is_part = matches!(base_name(name).as_str(), "data.xml" | "data_schema.xml");
    is_part || file_id(name).is_some() || name.ends_with(['/', '\\'])
}

/// Tells of members that no data package of Microsoft's tool holds, such as another tool's `guids.json`.
fn tell_unknown<'n>(names: impl Iterator<Item = &'n String>, findings: &mut Findings) {
    for name in names {
        let text = format!("The member {name} is not known here: it is not read, and a copy leaves it out.");
        findings.add(Severity::Warning, Place::default(), Default::default(), text);
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

/// What is wrong with a file that has no zip's end.
fn no_zip(zip: &dyn ZipSource) -> std::io::Result<Error> {
    let length = zip.size()?.min(SIGNATURE);
    let mut start = vec![0; length as usize];
    zip.read_at(0, &mut start)?;
    if start.starts_with(b"PK") {
        return Ok(damaged_zip("its end is missing, so the file was cut off"));
    }
    Ok(Error::NotAZip { looks_like: looks_like(&start).map(str::to_owned) })
}
