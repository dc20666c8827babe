//! `data.xml`, read record by record.

use crate::data::nameless::Nameless;
use crate::data::open_table::{ElementReader, OpenTable, ignore_rest, pass_over};
use crate::data::piece::{DataPiece, Section, level, root_attributes, table_attributes};
use crate::finding::{Place, Subject};
use crate::form::{Attribute, Before, Conventions, Form};
use crate::package::archive::Files;
use crate::package::member::Inflate;
use crate::value::date_time::{DateOrder, DateStyle};
use crate::xml::markup::{Markup, Tag, Token};
use crate::{DateTime, Error, Finding, Limits, LinkSet, Part, Record, Schema, Severity};
use std::collections::BTreeMap;
use std::io::BufReader;

/// What a pass over `data.xml` yields. A table precedes its records, its records precede its links.
#[derive(Clone, Debug, PartialEq)]
pub enum DataItem {
    /// The start of a table (`<entity>`). The file may list a table more than once.
    Table {
        /// Logical name.
        name: String,
        /// Label.
        display_name: String,
    },
    /// A record of the table that was started last.
    Record(Record),
    /// Links of the table that was started last.
    Links(LinkSet),
}

/// One pass over `data.xml`: inflates, parses and yields as far as it is asked to. After an error it ends.
pub struct DataReader<'p> {
    markup: Markup<BufReader<Inflate>>,
    schema: &'p Schema,
    stage: Stage,
    table: Option<OpenTable<'p>>,
    /// The tables seen, with their lookups that have no name.
    seen: BTreeMap<String, Nameless>,
    files: &'p Files,
    timestamp: Option<String>,
    date_order: Option<DateOrder>,
    /// How the piece read last was written, where that is kept.
    form: Form,
    /// The section that is open is an empty element.
    section_is_empty: bool,
}

/// Where in the file the reader stands: what the next tag may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    BeforeRoot,
    Tables,
    InTable,
    Section(Section),
    AfterRoot,
    Ended,
}

impl<'p> DataReader<'p> {
    pub(crate) fn new(
        data: Inflate,
        schema: &'p Schema,
        files: &'p Files,
        limits: &Limits,
    ) -> DataReader<'p> {
        let source = BufReader::with_capacity(1 << 16, data);
        DataReader {
            markup: Markup::new(source, Part::Data, limits),
            schema,
            stage: Stage::BeforeRoot,
            table: None,
            seen: BTreeMap::new(),
            files,
            timestamp: None,
            date_order: None,
            form: Form::default(),
            section_is_empty: false,
        }
    }

    /// From the start, keeps how the file is written.
    pub(crate) fn keeping(mut self) -> Self {
        self.markup.keep(Conventions::default());
        self
    }

    /// The conventions of the file's writer, as far as they showed. Those of today's tool where the reader does
    /// not keep how the file is written.
    #[must_use]
    pub fn conventions(&self) -> Conventions {
        self.markup.conventions().cloned().unwrap_or_default()
    }

    /// The root's `timestamp` as written; known after the first `next()`.
    #[must_use]
    pub fn timestamp(&self) -> Option<&str> {
        self.timestamp.as_deref()
    }

    /// What was unusual since the last call.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        self.markup.findings.take()
    }

    /// The next piece, with how it was written where the reader keeps that. All pieces make up the file.
    ///
    /// # Errors
    /// [`Error::BrokenXml`], [`Error::DamagedZip`], [`Error::TooMuch`]; after one comes `None`.
    pub fn next_piece(&mut self) -> Option<Result<(DataPiece, Form), Error>> {
        while self.stage != Stage::Ended {
            match self.step() {
                Ok(Some(piece)) => return Some(Ok((piece, std::mem::take(&mut self.form)))),
                Ok(None) => {}
                Err(error) => {
                    self.stage = Stage::Ended;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// Reads one tag and what belongs to it.
    fn step(&mut self) -> Result<Option<DataPiece>, Error> {
        match (self.stage, self.markup.next()?) {
            (Stage::BeforeRoot, Token::Open(tag)) => self.root(tag),
            (Stage::Tables, Token::Open(tag)) if tag.name == "entity" => self.start_table(tag).map(Some),
            (Stage::InTable, Token::Open(tag)) if tag.name == "records" => {
                Ok(self.enter_section(&tag, Section::Records))
            }
            (Stage::InTable, Token::Open(tag)) if tag.name == "m2mrelationships" => {
                Ok(self.enter_section(&tag, Section::Links))
            }
            (Stage::Section(Section::Records), Token::Open(tag)) if tag.name == "record" => self.record(tag),
            (Stage::Section(Section::Links), Token::Open(tag)) if tag.name == "m2mrelationship" => {
                self.links(tag)
            }
            (Stage::AfterRoot | Stage::Ended, Token::Open(tag)) => Err(self
                .markup
                .broken(tag.place, format!("<{}> stands behind the end of <entities>", tag.name))),
            (_, Token::Open(tag)) => self.pass_over(&tag).map(|()| None),
            (_, Token::Close) => Ok(self.leave()),
            (Stage::BeforeRoot, Token::End) => {
                Err(self.markup.broken(Place { line: 1, column: 1 }, "the file holds no <entities>"))
            }
            (_, Token::End) => Ok(Some(self.end())),
        }
    }

    fn enter_section(&mut self, tag: &Tag, section: Section) -> Option<DataPiece> {
        self.stage = Stage::Section(section);
        self.section_is_empty = tag.empty;
        self.keep_start(level::SECTION, (section.element(), Vec::new(), tag.empty));
        Some(DataPiece::SectionStart { section, empty: tag.empty })
    }

    /// The innermost open element ends.
    fn leave(&mut self) -> Option<DataPiece> {
        let (level, name, piece, outside) = match self.stage {
            Stage::Section(section) => {
                let piece = (!self.section_is_empty).then_some(DataPiece::SectionEnd(section));
                (level::SECTION, section.element(), piece, Stage::InTable)
            }
            Stage::InTable => (level::TABLE, "entity", Some(DataPiece::TableEnd), Stage::Tables),
            // The root's end is told at the end of the file, with what stands behind it.
            Stage::Tables => (0, "entities", None, Stage::AfterRoot),
            Stage::BeforeRoot | Stage::AfterRoot | Stage::Ended => return None,
        };
        self.stage = outside;
        if let Some((keeper, _)) = self.markup.keeper() {
            self.form.add(0, keeper.form_of_end(&Before::Level(level), name));
        }
        piece
    }

    fn end(&mut self) -> DataPiece {
        self.stage = Stage::Ended;
        for (table, nameless) in &self.seen {
            nameless.tell(table, &mut self.markup.findings);
        }
        if let Some((keeper, _)) = self.markup.keeper() {
            keeper.conventions.epilogue = keeper.take_gap();
        }
        DataPiece::End
    }

    /// Keeps how a start tag was written, that alone is a piece.
    fn keep_start(&mut self, level: usize, ours: (&str, Vec<Attribute<'_>>, bool)) {
        let held = self.markup.hold();
        let form = self.markup.form_of(held, &Before::Level(level), |_| ours);
        self.form.add(0, form);
    }

    fn root(&mut self, mut tag: Tag) -> Result<Option<DataPiece>, Error> {
        match tag.name.as_str() {
            // A wrapper that another tool puts around the root.
            "ImportExportXml" => {
                self.tell(Severity::Note, tag.place, "The root is wrapped into an <ImportExportXml>.");
                Ok(None)
            }
            "entities" => {
                self.timestamp = tag.take("timestamp");
                self.read_timestamp(tag.place);
                self.keep_root();
                self.stage = Stage::Tables;
                Ok(Some(DataPiece::Start { timestamp: self.timestamp.clone() }))
            }
            other => {
                let words = format!("<{other}> stands where the root <entities> of a data file is expected");
                Err(self.markup.broken(tag.place, words))
            }
        }
    }

    /// What stands before the root, and the dates of its timestamp, are conventions of the file.
    fn keep_root(&mut self) {
        let timestamp = self.timestamp.as_deref();
        let Some((keeper, buffer)) = self.markup.keeper() else { return };
        keeper.conventions.prologue = keeper.take_gap();
        keeper.conventions.dates = timestamp.map(DateStyle::shown_by).unwrap_or_default();
        let held = keeper.hold();
        let ours = root_attributes(timestamp);
        let form = keeper.form_of(held, &Before::Anything, ("entities", &ours, false), buffer);
        self.form.add(0, form);
    }

    /// The timestamp also shows in which culture the writer's machine wrote dates.
    fn read_timestamp(&mut self, place: Place) {
        let Some(written) = self.timestamp.as_deref() else {
            let text = "The file has no timestamp: dates cannot be moved forward at import.";
            return self.tell(Severity::Note, place, text);
        };
        if DateTime::parse(written).is_some() {
            return;
        }
        self.date_order = DateOrder::shown_by(written);
        match self.date_order {
            Some(order) => {
                let text = format!("The timestamp is written as {}, and so dates are read.", order.name());
                self.tell(Severity::Note, place, text);
            }
            None => {
                let text = "The timestamp cannot be read: dates cannot be moved forward at import.";
                self.tell(Severity::Warning, place, text);
            }
        }
    }

    /// Tells of the file as a whole.
    fn tell(&mut self, severity: Severity, place: Place, text: impl Into<String>) {
        self.markup.findings.add(severity, place, Subject::default(), text.into());
    }

    fn start_table(&mut self, mut tag: Tag) -> Result<DataPiece, Error> {
        let place = tag.place;
        let Some(name) = tag.take("name").filter(|name| !name.is_empty()) else {
            return Err(self.markup.broken(place, "an <entity> has no name"));
        };
        let display_name = tag.take("displayname").unwrap_or_else(|| name.clone());
        ignore_rest(&mut self.markup.findings, &tag, &name);
        let subject = Subject { table: Some(&name), record: None };
        if self.schema.table(&name).is_none() {
            let text =
                "The table is not in the schema; Microsoft's tool would pass over its records.".to_owned();
            self.markup.findings.add(Severity::Warning, place, subject, text);
        }
        if self.seen.contains_key(&name) {
            let text = "The table is listed more than once.".to_owned();
            self.markup.findings.add(Severity::Note, place, subject, text);
        }
        self.seen.entry(name.clone()).or_default();
        self.table = Some(OpenTable::new(name.clone(), self.schema, self.files, self.date_order));
        self.stage = Stage::InTable;
        self.keep_start(level::TABLE, ("entity", table_attributes(&name, &display_name), false));
        Ok(DataPiece::Table { name, display_name })
    }

    fn record(&mut self, tag: Tag) -> Result<Option<DataPiece>, Error> {
        let Some(table) = &self.table else { return Ok(None) };
        let mut reader = ElementReader::new(table, &mut self.markup);
        let record = reader.record(tag)?;
        let nameless = reader.nameless;
        self.form = reader.form;
        if let Some(counted) = self.seen.get_mut(&table.name) {
            counted.add(nameless);
        }
        Ok(record.map(DataPiece::Record))
    }

    fn links(&mut self, tag: Tag) -> Result<Option<DataPiece>, Error> {
        let Some(table) = &self.table else { return Ok(None) };
        let mut reader = ElementReader::new(table, &mut self.markup);
        let links = reader.links(tag)?;
        self.form = reader.form;
        Ok(links.map(DataPiece::Links))
    }

    fn pass_over(&mut self, tag: &Tag) -> Result<(), Error> {
        if tag.name == "fields" {
            let words = "<fields> stands here: this is a data_schema.xml, not a data file";
            return Err(self.markup.broken(tag.place, words));
        }
        let table = self.table.as_ref().map(|table| table.name.as_str());
        pass_over(&mut self.markup, tag, table)
    }
}

impl Iterator for DataReader<'_> {
    type Item = Result<DataItem, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let item = match self.next_piece()? {
                Ok((DataPiece::Table { name, display_name }, _)) => DataItem::Table { name, display_name },
                Ok((DataPiece::Record(record), _)) => DataItem::Record(record),
                Ok((DataPiece::Links(links), _)) => DataItem::Links(links),
                Ok(_) => continue,
                Err(error) => return Some(Err(error)),
            };
            return Some(Ok(item));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::testing::{package_of, read, read_to_error, sample_data, sample_schema, write, zip_of};
    use crate::{Lookup, Value};

    /// The sample's findings and records when one text in its data is replaced.
    fn with(original: &str, replacement: &str) -> (Vec<Record>, Vec<Finding>) {
        let data = sample_data();
        assert!(data.contains(original), "the sample holds no {original}");
        let package = package_of(&sample_schema(), &data.replacen(original, replacement, 1));
        let (content, findings) = read(&package);
        let records = content.items.into_iter().filter_map(|item| match item {
            DataItem::Record(record) => Some(record),
            _ => None,
        });
        (records.collect(), findings)
    }

    fn error_of(data: &str) -> (u64, u64, String) {
        let zip = zip_of(&[("data.xml", data.as_bytes()), ("data_schema.xml", sample_schema().as_bytes())]);
        match read_to_error(zip) {
            Err(Error::BrokenXml { part: Part::Data, line, column, construct }) => (line, column, construct),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_kind_of_value_is_read_as_what_it_is() {
        let (records, findings) = with("timestamp", "timestamp");
        assert_eq!(findings, []);
        let value = |column: &str| records[0].value(column).unwrap();
        assert_eq!(value("subject"), &Value::Text("Tea & <cake> at Zoë's\r\n一".into()));
        let account = "1a59d62c-584b-4f11-a317-0022480bd0f1".parse().unwrap();
        let named = Lookup { id: account, table: "account".into(), name: Some("Café & \"Bar\"".into()) };
        assert_eq!(value("regardingobjectid"), &Value::Lookup(named));
        assert!(matches!(value("ownerid"), Value::Lookup(Lookup { name: Some(_), .. })));
        let Value::Parties(parties) = value("organizer") else { panic!("no parties") };
        assert_eq!((parties.len(), parties[0].fields.len()), (1, 6));
        assert_eq!(parties[0].fields[2].value, Value::Choice(7));
        assert_eq!(value("optionalattendees"), &Value::Parties(Vec::new()));
        assert_eq!(value("versionnumber"), &Value::Number(9_007_199_254_740_993));
        assert_eq!(value("exchangerate"), &Value::Decimal("1.0000000000".into()));
        assert_eq!(value("new_topics"), &Value::Choices(vec![100_000_000, 100_000_001]));
        assert_eq!(value("new_minutes").display(), "minutes & notes.txt");
        assert_eq!(records[1].fields, []);
    }

    #[test]
    fn the_sample_is_written_back_byte_by_byte() {
        let package = package_of(&sample_schema(), &sample_data());
        let zip = write(package.schema(), &read(&package).0);
        let member = |name| String::from_utf8(crate::proof::testing::member(&zip, name)).unwrap();
        assert_eq!(member("data.xml"), sample_data());
        assert_eq!(member("data_schema.xml"), sample_schema());
    }

    /// Each row: what is changed in the sample, and what the one finding must speak of.
    #[test]
    fn every_leniency_reads_the_same_and_is_told_once() {
        let (expected, _) = with("timestamp", "timestamp");
        let cases = [
            (
                "\r\n<entities ",
                "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<entities ",
                "byte order mark",
            ),
            ("<records>", "<records>\u{feff}", "Text between tags"),
            ("<records>", "<!-- a comment --><records tall=\"yes\">", ""),
            (" timestamp=\"2024-07-26T15:51:30.5429904Z\"", "", "no timestamp"),
            (
                "<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f0\"",
                "<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f0\" mood=\"fine\"",
                "mood",
            ),
            (
                "value=\"2d59d62c-584b-4f11-a317-0022480bd0f0\" />",
                "value=\"{2D59D62C-584B-4F11-A317-0022480BD0F0}\" />",
                "lower case",
            ),
            ("value=\"True\"", "value=\"true\"", "another case"),
            ("value=\"[-1,100000000,100000001,-1]\"", "value=\"100000000,100000001\"", "-1 at both ends"),
            (
                "<field name=\"subject\"",
                "<unheard of=\"it\"><x /></unheard><field name=\"subject\"",
                "<unheard>",
            ),
            ("</records>", "</records><relationships><relationship /></relationships>", "<relationships>"),
            ("name=\"subject\"", "value2=\"x\" name=\"subject\"", "value2"),
        ];
        for (original, replacement, told) in cases {
            let (records, findings) = with(original, replacement);
            assert_eq!(records, expected, "{replacement}");
            match told {
                "" => assert_eq!(findings, [], "{replacement}"),
                _ => assert!(
                    findings.len() == 1 && findings[0].text.contains(told),
                    "{replacement}: {findings:?}"
                ),
            }
        }
    }

    #[test]
    fn line_ends_attribute_order_and_quotes_do_not_matter() {
        let (expected, _) = with("timestamp", "timestamp");
        let data = sample_data()
            .replace("\r\n", "\n")
            .replace("name=\"statecode\" value=\"3\"", "value='3'\n name='statecode'");
        let (content, findings) = read(&package_of(&sample_schema(), &data));
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert!(finding.severity == Severity::Note && finding.text.contains("LF"), "{finding:?}");
        assert_eq!(content.items[1], DataItem::Record(expected[0].clone()));
    }

    #[test]
    fn lookups_without_a_name_are_read_and_counted_in_one_note_for_the_table() {
        let data = sample_data();
        let (names, records) =
            (" lookupentityname=\"Sam\"", "<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f5\" />");
        let another = "<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f5\"><field name=\"activityid\" value=\"2d59d62c-584b-4f11-a317-0022480bd0f5\" /><field name=\"owninguser\" value=\"3c59d62c-584b-4f11-a317-0022480bd0f2\" lookupentity=\"systemuser\" /><field name=\"ownerid\" value=\"3c59d62c-584b-4f11-a317-0022480bd0f2\" lookupentity=\"systemuser\" /></record>";
        let (content, findings) =
            read(&package_of(&sample_schema(), &data.replacen(names, "", 1).replace(records, another)));
        let DataItem::Record(record) = &content.items[1] else { panic!("{content:?}") };
        assert!(matches!(record.value("ownerid"), Some(Value::Lookup(Lookup { name: None, .. }))));
        // The schema does not list owninguser, for which the tool never has a name.
        let [_, finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.severity, finding.table.as_deref()), (Severity::Note, Some("appointment")));
        assert!(finding.text.starts_with("2 lookups") && finding.line == 9, "{finding:?}");
    }

    #[test]
    fn a_file_that_did_not_come_along_is_told_at_its_record() {
        let (records, findings) = with(
            "value=\"5e59d62c-584b-4f11-a317-0022480bd0f4\"",
            "value=\"5e59d62c-584b-4f11-a317-0022480bd0ff\"",
        );
        assert!(matches!(records[0].value("new_minutes"), Some(Value::File(_))));
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.severity, finding.record), (Severity::Warning, Some(records[0].id)));
        assert!(finding.text.contains("files/5e59d62c-584b-4f11-a317-0022480bd0ff.bin"), "{finding:?}");
    }

    #[test]
    fn a_wrapper_around_the_root_is_passed_over() {
        let data = format!("<ImportExportXml>{}</ImportExportXml>", sample_data());
        let (content, findings) = read(&package_of(&sample_schema(), &data));
        assert_eq!(content.items, read(&package_of(&sample_schema(), &sample_data())).0.items);
        assert!(findings.len() == 1 && findings[0].text.contains("ImportExportXml"), "{findings:?}");
    }

    #[test]
    fn a_value_that_does_not_fit_is_left_out_and_told_with_its_place() {
        let (records, findings) = with("value=\"-30\"", "value=\"half an hour\"");
        assert_eq!(records[0].value("actualdurationminutes"), None);
        assert_eq!(records[0].fields.len(), 19);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((finding.severity, finding.line, finding.column), (Severity::Error, 21, 9));
        assert_eq!((finding.table.as_deref(), finding.record), (Some("appointment"), Some(records[0].id)));
        assert!(
            finding.text.contains("actualdurationminutes") && !finding.text.contains("half"),
            "{}",
            finding.text
        );
    }

    #[test]
    fn the_primary_key_decides_over_the_records_id() {
        let (records, findings) = with("<record id=\"2d59d62c", "<record id=\"ffffffff");
        assert!(records[0].id.to_string().starts_with("2d59d62c"));
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Warning));
        let (records, findings) =
            with("<record id=\"2d59d62c-584b-4f11-a317-0022480bd0f5\" />", "<record />");
        assert_eq!(records.len(), 1);
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Error));
    }

    #[test]
    fn what_the_schema_does_not_list_is_read_and_told() {
        let (records, findings) = with("name=\"subject\"", "name=\"surprise\"");
        assert_eq!(records[0].value("surprise"), Some(&Value::Text("Tea & <cake> at Zoë's\r\n一".into())));
        assert_eq!((findings.len(), findings[0].severity), (1, Severity::Warning));
        let (_, findings) =
            with("m2mrelationshipname=\"new_appointment_tag\"", "m2mrelationshipname=\"new_other\"");
        assert!(findings.len() == 1 && findings[0].text.contains("new_other"), "{findings:?}");
        let (records, findings) = with("<entity name=\"appointment\"", "<entity name=\"task\"");
        assert_eq!(records.len(), 2);
        assert!(findings[0].text.contains("not in the schema"), "{findings:?}");
    }

    #[test]
    fn dates_of_the_old_tool_are_read_in_the_culture_of_the_timestamp() {
        let cases = [
            ("4/5/2019 8:59:23 AM", "4/7/2019 7:22:50 PM", "2019-04-07T19:22:50.0000000Z"),
            ("05/04/2019 08:59:23", "07/04/2019 19:22:50", "2019-04-07T19:22:50.0000000Z"),
        ];
        for (timestamp, written, literal) in cases {
            let data = sample_data()
                .replace("2024-07-26T15:51:30.5429904Z", timestamp)
                .replace("2024-07-26T15:00:00.0000000Z", written);
            let (content, findings) = read(&package_of(&sample_schema(), &data));
            let DataItem::Record(record) = &content.items[1] else { panic!("no record") };
            assert_eq!(record.value("scheduledstart").unwrap().literal(), literal);
            assert_eq!(findings.len(), 2, "{findings:?}");
        }
    }

    /// Each row: the data, and where and what is broken.
    #[test]
    fn broken_xml_is_told_with_line_column_and_construct() {
        let head = "<entities>\n  <entity name=\"appointment\">\n";
        let cases = [
            (
                format!("{head}    <records>\n      <record id=\"x\">\n"),
                (5, 1, "the tag <record> of line 4 is never closed"),
            ),
            (
                format!("{head}    <records>\n    </record>"),
                (4, 5, "</record> stands where </records> must close the tag of line 3"),
            ),
            (format!("{head}    <records id=\"a\" id=\"b\">"), (3, 5, "an attribute is given twice")),
            (format!("{head}    <records id=a>"), (3, 5, "in no quotation marks")),
            (format!("{head}    <records id>"), (3, 5, "no = behind its name")),
            (format!("{head}  ü <field name=\"a value=\"b\" />"), (3, 5, "")),
            (
                format!("{head}    <field name=\"a>\n    <field name=\"b\" />"),
                (3, 5, "never closed with a quotation mark"),
            ),
            (format!("{head}    <record id=\"&nbsp;\" />"), (3, 5, "the attribute id holds an &")),
            (format!("{head}    <record id=\"a"), (3, 5, "never closed with a quotation mark")),
            (format!("{head}    <record"), (3, 5, "never closed with >")),
            (format!("{head}    &unknown;"), (3, 5, "&unknown;")),
            ("<!DOCTYPE entities [<!ENTITY a \"b\">]><entities />".into(), (1, 1, "DTD")),
            ("<entities /><entities />".into(), (1, 13, "behind the end")),
            ("<html><body /></html>".into(), (1, 1, "<html> stands where the root")),
            ("".into(), (1, 1, "holds no <entities>")),
            (
                "<entities><entity name=\"a\"><fields /></entity></entities>".into(),
                (1, 28, "data_schema.xml"),
            ),
            ("<entities><entity /></entities>".into(), (1, 11, "no name")),
            ("\u{feff}\0<".into(), (1, 2, "never closed with >")),
        ];
        for (data, (line, column, words)) in cases {
            let (found_line, found_column, construct) = error_of(&data);
            assert_eq!((found_line, found_column), (line, column), "{data}: {construct}");
            assert!(construct.contains(words), "{data}: {construct}");
        }
    }

    #[test]
    fn text_in_another_encoding_is_refused() {
        let schema = sample_schema();
        let utf16: Vec<u8> = sample_data().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin1 = sample_data()
            .into_bytes()
            .iter()
            .map(|b| if *b == 0xC3 { 0xE9 } else { *b })
            .collect::<Vec<u8>>();
        for (data, words) in [(utf16, "UTF-16"), (latin1, "UTF-8")] {
            // UTF-16 without a mark starts with a blank here: cut to the root as a tool would write it.
            let start = data.iter().position(|byte| *byte == b'<').unwrap();
            let error = read_to_error(zip_of(&[
                ("data.xml", &data[start..]),
                ("data_schema.xml", schema.as_bytes()),
            ]));
            assert!(error.as_ref().is_err_and(|e| e.to_string().contains(words)), "{error:?}");
        }
    }
}
