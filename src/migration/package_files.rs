//! The contents of a package's file columns, read from its zip when they are needed.

use crate::{Problem, ProblemKind};
use cmt::DataPackage;
use std::collections::BTreeMap;
use std::io::Read;
use std::rc::Rc;
use uuid::Uuid;

/// The files of a package, by the ids that its records name. None is in memory before it is asked for.
#[derive(Clone, Debug, Default)]
pub struct PackageFiles {
    zip: Option<DataPackage>,
    /// Files that stand elsewhere in the package, such as in a note.
    others: BTreeMap<Uuid, OtherFile>,
}

/// A file that is no member of the zip.
#[derive(Clone, Debug)]
struct OtherFile {
    media_type: String,
    content: Rc<[u8]>,
}

impl PackageFiles {
    /// Those of this package.
    #[must_use]
    pub fn of(package: &DataPackage) -> PackageFiles {
        PackageFiles { zip: Some(package.clone()), others: BTreeMap::new() }
    }

    /// Adds a file that is no member of the zip.
    pub(crate) fn add(&mut self, id: Uuid, media_type: String, content: Vec<u8>) {
        self.others.insert(id, OtherFile { media_type, content: content.into() });
    }

    /// The content of a file; `None`: the package does not hold it.
    ///
    /// # Errors
    /// Kind `File` where the zip is damaged.
    pub fn content(&self, id: Uuid) -> Result<Option<Rc<[u8]>>, Problem> {
        if let Some(file) = self.others.get(&id) {
            return Ok(Some(file.content.clone()));
        }
        let Some(mut member) = self.zip.as_ref().and_then(|zip| zip.file(id)) else { return Ok(None) };
        let mut content = Vec::new();
        member.read_to_end(&mut content).map_err(|error| damaged(id, &error.to_string()))?;
        Ok(Some(content.into()))
    }

    /// The size of a file in bytes; `None`: the package does not hold it.
    #[must_use]
    pub fn size(&self, id: Uuid) -> Option<u64> {
        let other = self.others.get(&id).map(|file| file.content.len() as u64);
        other.or_else(|| self.zip.as_ref()?.file_size(id))
    }

    /// What kind of file it is: as the package says, else by the end of its name.
    pub(crate) fn media_type(&self, id: Uuid, name: &str) -> &str {
        let told = self.others.get(&id).map(|file| file.media_type.as_str()).filter(|told| !told.is_empty());
        told.unwrap_or_else(|| media_type(name))
    }
}

/// Media types of what websites and offices are made of. The format does not say them.
const MEDIA_TYPES: [(&str, &str); 24] = [
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("eot", "application/vnd.ms-fontobject"),
    ("gif", "image/gif"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ico", "image/x-icon"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("map", "application/json"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("ttf", "font/ttf"),
    ("txt", "text/plain"),
    ("webp", "image/webp"),
    ("woff", "font/woff"),
    ("woff2", "font/woff2"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "text/xml"),
];

/// The media type of a file by the end of its name.
pub(crate) fn media_type(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == end);
    known.map_or("application/octet-stream", |(_, media_type)| media_type)
}

fn damaged(id: Uuid, why: &str) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!("The file {id} of the package cannot be read: {why}."),
        "Export again, or copy the package anew from where it came from.",
    )
}

#[cfg(test)]
mod tests {
    use super::{PackageFiles, media_type};
    use uuid::Uuid;

    #[test]
    fn the_end_of_a_name_tells_the_kind() {
        for (name, expected) in [
            ("Site.CSS", "text/css"),
            ("logo.svg", "image/svg+xml"),
            ("README", "application/octet-stream"),
            ("plan.contoso", "application/octet-stream"),
        ] {
            assert_eq!(media_type(name), expected, "{name}");
        }
    }

    #[test]
    fn a_file_from_elsewhere_keeps_its_own_kind() {
        let mut files = PackageFiles::default();
        let id = Uuid::from_u128(1);
        assert_eq!((files.content(id).unwrap(), files.size(id)), (None, None));
        files.add(id, "text/x-liquid".into(), b"hello".to_vec());
        assert_eq!(files.content(id).unwrap().as_deref(), Some(b"hello".as_slice()));
        assert_eq!((files.size(id), files.media_type(id, "a.css")), (Some(5), "text/x-liquid"));
    }
}
