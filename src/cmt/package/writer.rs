//! A data package, written as the newest Configuration Migration Tool writes it.

use crate::data::writer::DataXml;
use crate::form::{Conventions, Form};
use crate::package::archive::UNDO;
use crate::package::sink::{Refusal, Sink};
use crate::tools::ToolError;
use crate::{DataPackage, DataPiece, DateTime, LinkSet, Part, Record, Schema, Section};
use std::io::{self, Read, Seek, Write};
use uuid::Uuid;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The third member, which never differs: 191 bytes with its byte order mark.
const CONTENT_TYPES: &str = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/octet-stream\" /></Types>";
/// What the third member says besides, where files come along.
const FILE_TYPE: &str = "<Default Extension=\"bin\" ContentType=\"application/octet-stream\" /></Types>";
/// Level 4 of 9 takes half the time of the usual 6 for a few percent more bytes.
const DEFLATE_LEVEL: i64 = 4;
/// How much of `data.xml` is gathered before it is deflated.
const CHUNK: usize = 1 << 16;

/// A package that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The sink refused, or the package outgrew the zip format.
    #[error("The data package cannot be written: {0}.")]
    Sink(#[from] io::Error),
    /// A record or link came where the file has no place for it.
    #[error("The data package cannot be written: {0}.")]
    OutOfOrder(&'static str),
}

impl From<zip::result::ZipError> for WriteError {
    fn from(error: zip::result::ZipError) -> Self {
        WriteError::Sink(error.into())
    }
}

/// Writes a data package record by record. Members stand in the tool's order, with size and checksum in their
/// headers, deflated.
///
/// Source of the form: 31 real packages; of `[Content_Types].xml`, whose 191 bytes are the same in all. What it says
/// where files come along was never seen and is what System.IO.Packaging needs. A table without records is left out,
/// as 71 were there.
pub struct PackageWriter<W: Write + Seek> {
    zip: ZipWriter<Sink<W>>,
    refusal: Refusal,
    options: SimpleFileOptions,
    schema: Vec<u8>,
    data: DataXml,
    stage: Stage,
    has_files: bool,
    /// What lies beside the data of an undo package.
    undo: Option<Vec<u8>>,
    /// The third member of the package that is copied, where another tool wrote it otherwise.
    foreign_content_types: Option<Vec<u8>>,
}

/// What `data.xml` was last given.
enum Stage {
    BeforeTables,
    /// A table was started; nothing of it is written before its first record.
    Pending {
        name: String,
        display_name: String,
    },
    Records,
    Links,
    /// The data is whole; files may follow.
    Closed,
}

impl<W: Write + Seek> PackageWriter<W> {
    /// Starts a package. `timestamp`: when the export began, ISO 8601 in UTC with seven digits behind the second.
    ///
    /// # Errors
    /// [`WriteError::Sink`].
    pub fn new(sink: W, schema: &Schema, timestamp: &str) -> Result<Self, WriteError> {
        let mut writer = PackageWriter::start(sink, schema.to_xml(), timestamp)?;
        writer.put(DataPiece::Start { timestamp: Some(timestamp.to_owned()) });
        writer.check()?;
        Ok(writer)
    }

    /// Starts the copy of a package, whose pieces follow one by one. `timestamp`: in ISO form, for the members.
    pub(crate) fn rebuilding(sink: W, package: &DataPackage, timestamp: &str) -> Result<Self, ToolError> {
        let mut writer = PackageWriter::start(sink, package.rebuilt_schema()?, timestamp)?;
        let usual =
            |written: &Vec<u8>| [false, true].iter().any(|files| content_types(*files).as_bytes() == written);
        writer.foreign_content_types = package.content_types()?.filter(|written| !usual(written));
        Ok(writer)
    }

    /// Writes a piece as it was written before, by the conventions known by then. The pieces bring their own order.
    pub(crate) fn piece(
        &mut self,
        piece: &DataPiece,
        form: &Form,
        conventions: &Conventions,
    ) -> Result<(), WriteError> {
        self.data.learn(conventions);
        self.data.piece(piece, form);
        if *piece == DataPiece::End {
            self.stage = Stage::Closed;
            return self.pass_on(0);
        }
        self.pass_on(CHUNK)
    }

    fn start(sink: W, schema: Vec<u8>, timestamp: &str) -> Result<Self, WriteError> {
        let options = options(timestamp);
        let refusal = Refusal::default();
        let mut zip = ZipWriter::new(Sink::new(sink, refusal.clone()));
        zip.start_file(Part::Data.name(), options)?;
        Ok(PackageWriter {
            zip,
            refusal,
            options,
            schema,
            data: DataXml::default(),
            stage: Stage::BeforeTables,
            has_files: false,
            undo: None,
            foreign_content_types: None,
        })
    }

    /// Starts a table; one that gets no record is left out of the file.
    ///
    /// # Errors
    /// [`WriteError::Sink`].
    pub fn start_table(&mut self, name: &str, display_name: &str) -> Result<(), WriteError> {
        if matches!(self.stage, Stage::Closed) {
            return Err(WriteError::OutOfOrder("a table came after the files"));
        }
        self.end_table();
        self.stage = Stage::Pending { name: name.to_owned(), display_name: display_name.to_owned() };
        self.pass_on(CHUNK)
    }

    /// Writes a record of the table started last.
    ///
    /// # Errors
    /// [`WriteError::Sink`]; [`WriteError::OutOfOrder`] when no table was started or its links were written already.
    pub fn record(&mut self, record: &Record) -> Result<(), WriteError> {
        self.open_records()?;
        self.data.record(record, Form::PLAIN);
        self.pass_on(CHUNK)
    }

    /// Writes a record of the table started last, as a [`RecordPen`](crate::RecordPen) gave it.
    ///
    /// # Errors
    /// As [`PackageWriter::record`].
    pub fn record_text(&mut self, text: &[u8]) -> Result<(), WriteError> {
        self.open_records()?;
        self.data.record_text(text);
        self.pass_on(CHUNK)
    }

    /// Writes the links of one record of the table started last.
    ///
    /// # Errors
    /// [`WriteError::Sink`]; [`WriteError::OutOfOrder`] when no table was started.
    pub fn links(&mut self, links: &LinkSet) -> Result<(), WriteError> {
        self.open_table()?;
        if matches!(self.stage, Stage::Records) {
            self.put(DataPiece::SectionEnd(Section::Records));
            self.put(DataPiece::SectionStart { section: Section::Links, empty: false });
            self.stage = Stage::Links;
        }
        self.data.links(links, Form::PLAIN);
        self.pass_on(CHUNK)
    }

    /// Writes the content of a file column as `files/ID.bin`. Files stand behind the data: no table can follow.
    ///
    /// # Errors
    /// [`WriteError::Sink`], also when `content` cannot be read.
    pub fn file(&mut self, id: Uuid, content: &mut dyn Read) -> Result<(), WriteError> {
        self.close_data()?;
        self.has_files = true;
        self.zip.start_file(format!("files/{id}.bin"), self.options)?;
        io::copy(content, &mut self.zip)?;
        self.check()
    }

    /// Begins the content of a file column, as `files/ID.bin`, which comes in pieces.
    ///
    /// # Errors
    /// [`WriteError::Sink`].
    pub fn begin_file(&mut self, id: Uuid) -> Result<(), WriteError> {
        self.file(id, &mut io::empty())
    }

    /// The next bytes of the file begun last.
    ///
    /// # Errors
    /// [`WriteError::Sink`].
    pub fn file_piece(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.zip.write_all(bytes)?;
        self.check()
    }

    /// Lays `undo.json` beside the data: what the format has no words for. Microsoft's tool passes it over.
    #[must_use]
    pub fn with_undo(mut self, json: Vec<u8>) -> Self {
        self.undo = Some(json);
        self
    }

    /// Closes the data, writes the schema and the content types, and hands the sink back.
    ///
    /// # Errors
    /// [`WriteError::Sink`].
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.close_data()?;
        self.zip.start_file(Part::Schema.name(), self.options)?;
        self.zip.write_all(&self.schema)?;
        if let Some(undo) = &self.undo {
            self.zip.start_file(UNDO, self.options)?;
            self.zip.write_all(undo)?;
        }
        self.zip.start_file(Part::ContentTypes.name(), self.options)?;
        let usual = || content_types(self.has_files).into_bytes();
        let content_types = self.foreign_content_types.take().unwrap_or_else(usual);
        self.zip.write_all(&content_types)?;
        let sink = self.zip.finish()?;
        match self.refusal.take() {
            Some(error) => Err(error.into()),
            None => Ok(sink.into_inner()),
        }
    }

    /// Ends `data.xml`, once.
    fn close_data(&mut self) -> Result<(), WriteError> {
        if matches!(self.stage, Stage::Closed) {
            return Ok(());
        }
        self.end_table();
        self.put(DataPiece::End);
        self.stage = Stage::Closed;
        self.pass_on(0)
    }

    /// A piece in the tool's own form.
    fn put(&mut self, piece: DataPiece) {
        self.data.piece(&piece, Form::PLAIN);
    }

    /// Whether the sink took everything so far.
    fn check(&self) -> Result<(), WriteError> {
        self.refusal.take().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Writes the start of the pending table.
    fn open_table(&mut self) -> Result<(), WriteError> {
        match &self.stage {
            Stage::BeforeTables => {
                return Err(WriteError::OutOfOrder("a record or link came before any table"));
            }
            Stage::Pending { name, display_name } => {
                let table = DataPiece::Table { name: name.clone(), display_name: display_name.clone() };
                self.put(table);
                self.put(DataPiece::SectionStart { section: Section::Records, empty: false });
                self.stage = Stage::Records;
            }
            Stage::Closed => return Err(WriteError::OutOfOrder("a record or link came after the files")),
            Stage::Records | Stage::Links => {}
        }
        Ok(())
    }

    fn open_records(&mut self) -> Result<(), WriteError> {
        self.open_table()?;
        match self.stage {
            Stage::Links => Err(WriteError::OutOfOrder("a record came after the links of its table")),
            _ => Ok(()),
        }
    }

    fn end_table(&mut self) {
        match self.stage {
            Stage::Records => {
                self.put(DataPiece::SectionEnd(Section::Records));
                self.put(DataPiece::SectionStart { section: Section::Links, empty: true });
                self.put(DataPiece::TableEnd);
            }
            Stage::Links => {
                self.put(DataPiece::SectionEnd(Section::Links));
                self.put(DataPiece::TableEnd);
            }
            Stage::BeforeTables | Stage::Pending { .. } | Stage::Closed => {}
        }
    }

    /// Gives the zip what was gathered, once it is more than `threshold` bytes.
    fn pass_on(&mut self, threshold: usize) -> Result<(), WriteError> {
        let out = self.data.out();
        if out.len() > threshold {
            self.zip.write_all(out)?;
            out.clear();
            out.shrink_to(2 * CHUNK);
        }
        self.check()
    }
}

/// The third member's text.
fn content_types(has_files: bool) -> String {
    if has_files { CONTENT_TYPES.replacen("</Types>", FILE_TYPE, 1) } else { CONTENT_TYPES.to_owned() }
}

/// Members carry the time of the export, as far as a zip can say it.
fn options(timestamp: &str) -> SimpleFileOptions {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(DEFLATE_LEVEL));
    match DateTime::parse(timestamp).and_then(zip_time) {
        Some(time) => options.last_modified_time(time),
        None => options,
    }
}

fn zip_time(at: DateTime) -> Option<zip::DateTime> {
    let (date, time) = (at.at.date(), at.at.time());
    let year = u16::try_from(date.year()).ok()?;
    zip::DateTime::from_date_and_time(
        year,
        date.month().into(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second(),
    )
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::testing::{member, sample_schema};
    use std::io::Cursor;
    use uuid::Uuid;

    fn writer() -> PackageWriter<Cursor<Vec<u8>>> {
        let (schema, _) = Schema::parse(sample_schema().as_bytes()).unwrap();
        PackageWriter::new(Cursor::new(Vec::new()), &schema, "2024-07-26T15:51:30.0000000Z").unwrap()
    }

    fn record() -> Record {
        Record { id: Uuid::nil(), fields: Vec::new() }
    }

    fn links() -> LinkSet {
        LinkSet {
            relationship: "a_b".into(),
            source: Uuid::nil(),
            target_table: "b".into(),
            target_primary_id: "bid".into(),
            targets: Vec::new(),
        }
    }

    #[test]
    fn a_table_without_records_is_left_out() {
        let mut writer = writer();
        writer.start_table("empty", "Empty").unwrap();
        writer.start_table("full", "Full").unwrap();
        writer.record(&record()).unwrap();
        writer.start_table("last", "Last").unwrap();
        let data = String::from_utf8(member(&writer.finish().unwrap().into_inner(), "data.xml")).unwrap();
        assert_eq!(data.matches("<entity ").count(), 1, "{data}");
        assert!(
            data.contains("<entity name=\"full\" displayname=\"Full\">") && data.ends_with("</entities>")
        );
        assert!(data.contains("    </records>\r\n    <m2mrelationships />\r\n  </entity>\r\n"), "{data}");
    }

    #[test]
    fn a_column_that_is_empty_on_purpose_has_no_field() {
        let mut writer = writer();
        writer.start_table("full", "Full").unwrap();
        let field = crate::Field { column: "name".into(), value: crate::Value::Empty };
        writer.record(&Record { id: Uuid::nil(), fields: vec![field] }).unwrap();
        let data = String::from_utf8(member(&writer.finish().unwrap().into_inner(), "data.xml")).unwrap();
        assert!(!data.contains("<field") && data.contains("<record id="), "{data}");
    }

    #[test]
    fn an_empty_package_is_a_whole_one() {
        let zip = writer().finish().unwrap().into_inner();
        let data = String::from_utf8(member(&zip, "data.xml")).unwrap();
        assert!(data.ends_with("timestamp=\"2024-07-26T15:51:30.0000000Z\">\r\n</entities>"), "{data}");
        assert_eq!(member(&zip, "[Content_Types].xml").len(), 191);
        assert_eq!(crate::DataPackage::open(zip).unwrap().read().unwrap().count(), 0);
    }

    #[test]
    fn what_lies_beside_the_data_is_found_again_without_a_remark() {
        let zip = writer().with_undo(b"{}".to_vec()).finish().unwrap().into_inner();
        let package = crate::DataPackage::open(zip).unwrap();
        assert_eq!(package.undo().unwrap().as_deref(), Some(b"{}".as_slice()));
        assert_eq!(package.findings(), []);
    }

    #[test]
    fn what_comes_out_of_order_is_refused() {
        assert!(matches!(writer().record(&record()), Err(WriteError::OutOfOrder(_))));
        assert!(matches!(writer().links(&links()), Err(WriteError::OutOfOrder(_))));
        let mut writer = writer();
        writer.start_table("a", "A").unwrap();
        writer.links(&links()).unwrap();
        assert!(matches!(writer.record(&record()), Err(WriteError::OutOfOrder(_))));
    }

    /// A disk that is full after so many bytes.
    struct Full(Cursor<Vec<u8>>, usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0.get_ref().len() + bytes.len() > self.1 {
                return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is full"));
            }
            self.0.write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Full {
        fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }

    #[test]
    fn a_sink_that_refuses_is_told() {
        for space in [0, 20, 60, 200, 400] {
            let written = PackageWriter::new(Full(Cursor::new(Vec::new()), space), &Schema::default(), "")
                .and_then(PackageWriter::finish)
                .map(|_| ());
            assert!(written.is_err_and(|error| error.to_string().contains("the disk is full")), "{space}");
        }
    }

    #[test]
    fn the_members_carry_the_time_of_the_export() {
        let zip = writer().finish().unwrap().into_inner();
        let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
        let time = archive.by_index(0).unwrap().last_modified().unwrap();
        assert_eq!(
            (time.year(), time.month(), time.day(), time.hour(), time.minute()),
            (2024, 7, 26, 15, 51)
        );
    }
}
