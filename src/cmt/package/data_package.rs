//! The data package: a zip of the schema, the data and the content types.

use crate::finding::Findings;
use crate::package::archive::Archive;
use crate::package::limits::{Limits, size};
use crate::package::member::{Member, damaged_zip};
use crate::package::source::ZipSource;
use crate::{DataReader, Error, Finding, Part, Schema};
use std::fmt;
use std::io::Read;
use std::rc::Rc;
use uuid::Uuid;

/// An opened data package: its schema is read, its data is read anew by each [`DataPackage::read`].
///
/// Source of the shape: `data.xml`, `data_schema.xml` and `[Content_Types].xml` in the zip's root are all that 31 real
/// packages hold; `files/ID.bin` beside them is what Microsoft's engine writes for file columns (TALXIS).
#[derive(Clone)]
pub struct DataPackage {
    zip: Rc<dyn ZipSource>,
    limits: Limits,
    archive: Archive,
    schema: Schema,
    findings: Vec<Finding>,
}

impl DataPackage {
    /// Opens a zip and reads its schema. Folders, separators, case and order of the members do not matter.
    ///
    /// # Errors
    /// [`Error::NotAZip`], [`Error::DamagedZip`], [`Error::Protected`], [`Error::UnknownMethod`],
    /// [`Error::Overlapping`]; [`Error::MissingPart`]; [`Error::BrokenXml`] in the schema; [`Error::TooMuch`] beyond
    /// [`Limits::default`].
    pub fn open(zip: impl ZipSource + 'static) -> Result<DataPackage, Error> {
        DataPackage::open_within(zip, Limits::default())
    }

    /// As [`DataPackage::open`], with limits of one's own.
    ///
    /// # Errors
    /// As [`DataPackage::open`].
    pub fn open_within(zip: impl ZipSource + 'static, limits: Limits) -> Result<DataPackage, Error> {
        let zip: Rc<dyn ZipSource> = Rc::new(zip);
        let mut findings = Findings::of(Part::Zip);
        let archive = Archive::open(&zip, &limits, &mut findings)?;
        let (schema, of_schema) = read_schema(&archive.schema, &zip, &limits)?;
        let mut findings = findings.take();
        findings.extend(of_schema);
        Ok(DataPackage { zip, limits, archive, schema, findings })
    }

    /// The schema of the package.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// What was unusual about the zip and the schema. What is unusual about the data, the reader tells.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The size of `data.xml` in bytes, inflated.
    #[must_use]
    pub fn data_size(&self) -> u64 {
        self.archive.data.size()
    }

    /// A fresh pass over `data.xml`.
    ///
    /// # Errors
    /// None today: what is wrong with the data comes from the reader.
    pub fn read(&self) -> Result<DataReader<'_>, Error> {
        let data = self.archive.data.inflate(&self.zip);
        Ok(DataReader::new(data, &self.schema, &self.archive.files, &self.limits))
    }

    /// A fresh pass over `data.xml` that also tells how each piece is written ([`DataReader::next_piece`]).
    ///
    /// # Errors
    /// As [`DataPackage::read`].
    pub fn read_with_form(&self) -> Result<DataReader<'_>, Error> {
        self.read().map(DataReader::keeping)
    }

    /// `data_schema.xml`, rebuilt from its tables, columns and relationships as it was written.
    ///
    /// # Errors
    /// As [`Schema::parse`].
    pub(crate) fn rebuilt_schema(&self) -> Result<Vec<u8>, Error> {
        let xml = read_whole(&self.archive.schema, Part::Schema, &self.zip, &self.limits)?;
        let (schema, form) = Schema::parse_with_form(&xml, &self.limits)?;
        Ok(schema.to_xml_as(&form))
    }

    /// The ids of the files that come along (`files/ID.bin`).
    pub fn files(&self) -> impl Iterator<Item = Uuid> {
        self.archive.files.keys().copied()
    }

    /// The size of a file column's content in bytes, inflated; `None` where the zip does not hold it.
    #[must_use]
    pub fn file_size(&self, id: Uuid) -> Option<u64> {
        Some(self.archive.files.get(&id)?.size())
    }

    /// The content of a file column, inflated while it is read; `None` where the zip does not hold it.
    #[must_use]
    pub fn file(&self, id: Uuid) -> Option<impl Read + use<>> {
        Some(self.archive.files.get(&id)?.inflate(&self.zip))
    }

    /// What lies beside the data of an undo package (`undo.json`); `None` in every other package.
    ///
    /// # Errors
    /// [`Error::DamagedZip`], [`Error::TooMuch`].
    pub fn undo(&self) -> Result<Option<Vec<u8>>, Error> {
        let member = self.archive.undo.as_ref();
        member.map(|member| read_whole(member, Part::Zip, &self.zip, &self.limits)).transpose()
    }

    /// `[Content_Types].xml` as it stands; `None` where the zip has none.
    ///
    /// # Errors
    /// [`Error::DamagedZip`], [`Error::TooMuch`].
    pub fn content_types(&self) -> Result<Option<Vec<u8>>, Error> {
        let member = self.archive.content_types.as_ref();
        member.map(|member| read_whole(member, Part::ContentTypes, &self.zip, &self.limits)).transpose()
    }
}

impl fmt::Debug for DataPackage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DataPackage").field("archive", &self.archive).finish_non_exhaustive()
    }
}

fn read_schema(
    member: &Member,
    zip: &Rc<dyn ZipSource>,
    limits: &Limits,
) -> Result<(Schema, Vec<Finding>), Error> {
    Schema::parse_within(&read_whole(member, Part::Schema, zip, limits)?, limits)
}

/// A small part, inflated into memory.
fn read_whole(
    member: &Member,
    part: Part,
    zip: &Rc<dyn ZipSource>,
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    if member.size() > limits.schema_size {
        let (is, may) = (size(member.size()), size(limits.schema_size));
        return Err(Error::TooMuch { part, what: format!("it has {is}, and {may} are allowed") });
    }
    let mut bytes = Vec::new();
    let read = member.inflate(zip).read_to_end(&mut bytes);
    read.map_err(|error| damaged_zip(format!("{} cannot be inflated: {error}", part.name())))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;
    use crate::proof::testing::{read, sample_data, sample_schema, zip_of};

    /// A package with these names for its members.
    fn named(data: &str, schema: &str, others: &[&str]) -> Result<DataPackage, Error> {
        let (data_xml, schema_xml) = (sample_data(), sample_schema());
        let mut members = vec![(data, data_xml.as_bytes()), (schema, schema_xml.as_bytes())];
        members.extend(others.iter().map(|name| (*name, b"".as_slice())));
        DataPackage::open(zip_of(&members))
    }

    #[test]
    fn members_are_found_whatever_their_folder_separator_and_case() {
        let expected = read(&named("data.xml", "data_schema.xml", &[]).unwrap()).0;
        for (data, schema) in [
            ("package/data.xml", "package/data_schema.xml"),
            ("PkgFolder\\data.xml", "PkgFolder\\data_schema.xml"),
            ("Data.XML", "DATA_SCHEMA.xml"),
            ("data.xml", "schema.xml"),
        ] {
            let package = named(data, schema, &["[Content_Types].xml", "files/"]).unwrap();
            assert_eq!(read(&package).0, expected, "{data}");
            let told: Vec<&Finding> =
                package.findings().iter().filter(|f| f.severity == Severity::Note).collect();
            assert!(!told.is_empty() && told.len() == package.findings().len(), "{data}: {told:?}");
        }
    }

    #[test]
    fn a_package_as_the_tool_writes_it_needs_no_remark_and_one_without_content_types_does() {
        assert_eq!(named("data.xml", "data_schema.xml", &["[Content_Types].xml"]).unwrap().findings(), []);
        let package = named("data.xml", "data_schema.xml", &[]).unwrap();
        assert!(package.findings()[0].text.contains("[Content_Types].xml"), "{:?}", package.findings());
    }

    #[test]
    fn members_that_no_data_package_has_are_told() {
        let others = [
            "[Content_Types].xml",
            "files/2d59d62c-584b-4f11-a317-0022480bd0f0.bin",
            "guids.json",
            "files/1.bin",
        ];
        let package = named("data.xml", "data_schema.xml", &others).unwrap();
        let [json, file] = package.findings() else { panic!("{:?}", package.findings()) };
        assert!(json.text.contains("guids.json") && file.text.contains("files/1.bin"), "{json:?} {file:?}");
    }

    #[test]
    fn of_several_members_the_shallowest_is_read_with_a_warning() {
        let package =
            named("data.xml", "data_schema.xml", &["backup/data.xml", "[Content_Types].xml"]).unwrap();
        let [finding] = package.findings() else { panic!("{:?}", package.findings()) };
        assert_eq!(finding.severity, Severity::Warning);
        assert!(read(&package).0.items.len() > 1);
    }

    #[test]
    fn what_is_no_zip_is_named_by_what_it_looks_like() {
        let cases: [(&[u8], Option<&str>); 8] = [
            (b"", Some("an empty file")),
            (b"\xEF\xBB\xBF<entities>", Some("an XML file")),
            (b"<!DOCTYPE html><html>", Some("a web page")),
            (b"\xD0\xCF\x11\xE0\xA1\xB1", Some("an Office document of the old kind")),
            (b"7z\xBC\xAF\x27\x1C", Some("a 7-Zip archive")),
            (b"{\"a\":1}", Some("a JSON file")),
            (b"%PDF-1.7", Some("a PDF document")),
            (b"hello", None),
        ];
        for (bytes, expected) in cases {
            let Err(Error::NotAZip { looks_like }) = DataPackage::open(bytes.to_vec()) else {
                panic!("{expected:?}")
            };
            assert_eq!(looks_like.as_deref(), expected);
        }
    }

    #[test]
    fn a_zip_without_data_says_whether_it_is_a_solution() {
        let open = |names: &[&str]| {
            let members: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, b"<x />".as_slice())).collect();
            DataPackage::open(zip_of(&members)).unwrap_err()
        };
        let solution = open(&["solution.xml", "customizations.xml", "[Content_Types].xml"]);
        assert_eq!(solution.to_string(), "This zip holds no data.xml: it is a solution, not a data package.");
        assert!(solution.remedy().contains("Solutions page"));
        let other = open(&["data_schema.xml", "readme.txt"]);
        assert_eq!(
            other,
            Error::MissingPart {
                part: Part::Data,
                is_solution: false,
                members: vec!["data_schema.xml".into(), "readme.txt".into()]
            }
        );
        assert!(matches!(
            open(&["data.xml"]),
            Error::MissingPart { part: Part::Schema, is_solution: false, .. }
        ));
    }
}
