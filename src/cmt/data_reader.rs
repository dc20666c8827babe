//! `data.xml`, read record by record.

use crate::archive::{Inflate, Member};
use crate::date_time::DateOrder;
use crate::findings::{Place, Subject};
use crate::markup::{Markup, Tag, Token};
use crate::record_reader::{OpenTable, ignore_rest, skip_unknown};
use crate::{DateTime, Error, Finding, LinkSet, Part, Record, Schema, Severity};
use std::collections::HashSet;
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
    markup: Markup<BufReader<Inflate<'p>>>,
    schema: &'p Schema,
    stage: Stage,
    table: Option<OpenTable<'p>>,
    seen: HashSet<String>,
    timestamp: Option<String>,
    date_order: Option<DateOrder>,
}

/// Where in the file the reader stands: what the next tag may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    BeforeRoot,
    Tables,
    InTable,
    Records,
    Links,
    AfterRoot,
    Ended,
}

impl<'p> DataReader<'p> {
    pub(crate) fn new(zip: &'p [u8], data: &Member, schema: &'p Schema) -> DataReader<'p> {
        let source = BufReader::with_capacity(1 << 16, data.inflate(zip));
        DataReader {
            markup: Markup::new(source, Part::Data),
            schema,
            stage: Stage::BeforeRoot,
            table: None,
            seen: HashSet::new(),
            timestamp: None,
            date_order: None,
        }
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

    /// Reads one tag and what belongs to it.
    fn step(&mut self) -> Result<Option<DataItem>, Error> {
        match (self.stage, self.markup.next()?) {
            (Stage::BeforeRoot, Token::Open(tag)) => self.root(tag).map(|()| None),
            (Stage::Tables, Token::Open(tag)) if tag.name == "entity" => self.start_table(tag).map(Some),
            (Stage::InTable, Token::Open(tag)) if tag.name == "records" => Ok(self.enter(Stage::Records)),
            (Stage::InTable, Token::Open(tag)) if tag.name == "m2mrelationships" => {
                Ok(self.enter(Stage::Links))
            }
            (Stage::Records, Token::Open(tag)) if tag.name == "record" => self.record(tag),
            (Stage::Links, Token::Open(tag)) if tag.name == "m2mrelationship" => self.links(tag),
            (Stage::AfterRoot | Stage::Ended, Token::Open(tag)) => Err(self
                .markup
                .broken(tag.place, format!("<{}> stands behind the end of <entities>", tag.name))),
            (_, Token::Open(tag)) => self.pass_over(&tag).map(|()| None),
            (stage, Token::Close) => Ok(self.enter(stage.outside())),
            (Stage::BeforeRoot, Token::End) => {
                Err(self.markup.broken(Place { line: 1, column: 1 }, "the file holds no <entities>"))
            }
            (_, Token::End) => Ok(self.enter(Stage::Ended)),
        }
    }

    fn enter(&mut self, stage: Stage) -> Option<DataItem> {
        self.stage = stage;
        None
    }

    fn root(&mut self, mut tag: Tag) -> Result<(), Error> {
        match tag.name.as_str() {
            // A wrapper that another tool puts around the root.
            "ImportExportXml" => Ok(()),
            "entities" => {
                self.timestamp = tag.take("timestamp");
                self.read_timestamp(tag.place);
                self.stage = Stage::Tables;
                Ok(())
            }
            other => {
                let words = format!("<{other}> stands where the root <entities> of a data file is expected");
                Err(self.markup.broken(tag.place, words))
            }
        }
    }

    /// The timestamp also shows in which culture the writer's machine wrote dates.
    fn read_timestamp(&mut self, place: Place) {
        let text = match self.timestamp.as_deref() {
            None => "The file has no timestamp: dates cannot be moved forward at import.".to_owned(),
            Some(written) if DateTime::parse(written).is_some() => return,
            Some(written) => {
                self.date_order = DateOrder::shown_by(written);
                match self.date_order {
                    Some(order) => {
                        format!("The timestamp is written as {}, and so dates are read.", order.name())
                    }
                    None => {
                        "The timestamp cannot be read: dates cannot be moved forward at import.".to_owned()
                    }
                }
            }
        };
        self.markup.findings.add(Severity::Note, place, Subject::default(), text);
    }

    fn start_table(&mut self, mut tag: Tag) -> Result<DataItem, Error> {
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
        if !self.seen.insert(name.clone()) {
            let text = "The table is listed more than once.".to_owned();
            self.markup.findings.add(Severity::Note, place, subject, text);
        }
        self.table = Some(OpenTable::new(name.clone(), self.schema, self.date_order));
        self.stage = Stage::InTable;
        Ok(DataItem::Table { name, display_name })
    }

    fn record(&mut self, tag: Tag) -> Result<Option<DataItem>, Error> {
        let Some(table) = &self.table else { return Ok(None) };
        Ok(table.record(&mut self.markup, tag)?.map(DataItem::Record))
    }

    fn links(&mut self, tag: Tag) -> Result<Option<DataItem>, Error> {
        let Some(table) = &self.table else { return Ok(None) };
        Ok(table.links(&mut self.markup, tag)?.map(DataItem::Links))
    }

    fn pass_over(&mut self, tag: &Tag) -> Result<(), Error> {
        if tag.name == "fields" {
            let words = "<fields> stands here: this is a data_schema.xml, not a data file";
            return Err(self.markup.broken(tag.place, words));
        }
        let table = self.table.as_ref().map_or("", |table| table.name.as_str());
        skip_unknown(&mut self.markup, tag, table)
    }
}

impl Stage {
    /// The stage behind the end of the innermost open element.
    fn outside(self) -> Stage {
        match self {
            Stage::Records | Stage::Links => Stage::InTable,
            Stage::InTable => Stage::Tables,
            Stage::Tables | Stage::AfterRoot => Stage::AfterRoot,
            Stage::BeforeRoot => Stage::BeforeRoot,
            Stage::Ended => Stage::Ended,
        }
    }
}

impl Iterator for DataReader<'_> {
    type Item = Result<DataItem, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.stage != Stage::Ended {
            match self.step() {
                Ok(Some(item)) => return Some(Ok(item)),
                Ok(None) => {}
                Err(error) => {
                    self.stage = Stage::Ended;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
