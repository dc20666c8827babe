//! The export: open a schema, check it against the source, read the rows into a package.

use crate::{
    attached_file::read_file, connect::Connection, progress::Progress, stop::StopFlag, summaries,
    too_early::too_early,
};
use browser::{
    assets, clock,
    protocol::{Event, ExportSummary, SchemaSource},
};
use cmt::{DataPackage, Finding, Schema};
use migration::{EnvironmentTables, Place, Problem, ProblemKind};
use std::{cell::RefCell, io::Cursor, rc::Rc};
use wasm_bindgen::JsValue;

/// How far an export has come. Each step voids what stands on an earlier one.
#[derive(Default)]
pub(crate) struct ExportJob {
    schema: Option<OpenedSchema>,
    /// What the source has of the schema.
    tables: Option<Rc<EnvironmentTables>>,
    exported: Option<Rc<Exported>>,
}

#[derive(Clone)]
struct OpenedSchema {
    /// File name.
    name: String,
    schema: Rc<Schema>,
}

/// A finished package.
pub(crate) struct Exported {
    /// Proposed file name.
    pub(crate) name: String,
    /// The zip.
    pub(crate) zip: Vec<u8>,
}

impl ExportJob {
    /// The package that was built last.
    pub(crate) fn exported(&self) -> Option<Rc<Exported>> {
        self.exported.clone()
    }

    /// The source is another one now.
    pub(crate) fn forget_check(&mut self) {
        self.tables = None;
    }

    /// Reads a schema.
    pub(crate) async fn open(
        job: &RefCell<ExportJob>,
        source: SchemaSource,
        attachment: Option<JsValue>,
    ) -> Result<Event, Problem> {
        let (name, bytes) = fetch(source, attachment).await?;
        let (schema, findings) = read(bytes)?;
        let summary = summaries::schema(&name, &schema, findings);
        let mut job = job.borrow_mut();
        job.schema = Some(OpenedSchema { name, schema: Rc::new(schema) });
        job.tables = None;
        Ok(Event::SchemaOpened(summary))
    }

    /// Compares the schema with the source.
    pub(crate) async fn check(job: &RefCell<ExportJob>, source: &Connection) -> Result<Event, Problem> {
        let opened = job.borrow().opened()?;
        let (check, tables) = migration::check(&source.client, &opened.schema, None).await?;
        job.borrow_mut().tables = Some(Rc::new(tables));
        Ok(Event::Checked(check))
    }

    /// Reads the rows and builds the package.
    pub(crate) async fn run(
        job: &RefCell<ExportJob>,
        source: &Connection,
        stop: &StopFlag,
        progress: &Progress,
    ) -> Result<Event, Problem> {
        let opened = job.borrow().opened()?;
        let tables = job.borrow().tables.clone();
        let tables = tables.ok_or_else(|| too_early("The schema is not checked yet.", "Check it first."))?;
        let now = clock::utc_now();
        let mut tell = |step| progress.push(step);
        let sink = Cursor::new(Vec::new());
        let (sink, report) = migration::export(
            &source.client,
            &opened.schema,
            &tables,
            &timestamp(&now),
            sink,
            stop,
            &mut tell,
        )
        .await?;
        let name = file_name(&source.environment.name, &opened.name, &now);
        let zip = sink.into_inner();
        let summary = ExportSummary { file_name: name.clone(), bytes: zip.len() as u64, report };
        job.borrow_mut().exported = Some(Rc::new(Exported { name, zip }));
        Ok(Event::Exported(summary))
    }

    fn opened(&self) -> Result<OpenedSchema, Problem> {
        self.schema.clone().ok_or_else(|| too_early("No schema is chosen.", "Choose one first."))
    }
}

async fn fetch(source: SchemaSource, attachment: Option<JsValue>) -> Result<(String, Vec<u8>), Problem> {
    match source {
        SchemaSource::ReadyMade(name) => {
            let bytes = assets::fetch(&format!("schemas/{name}")).await;
            let bytes = bytes.map_err(|what| Problem {
                kind: ProblemKind::Network,
                place: Place::default(),
                what: format!("{what}."),
                remedy: "Check the connection to the site this app came from, then try again.".into(),
            })?;
            Ok((name, bytes))
        }
        SchemaSource::File => read_file(attachment).await,
    }
}

/// A schema file, or the schema of a data package: a zip tells itself by its first bytes.
fn read(bytes: Vec<u8>) -> Result<(Schema, Vec<Finding>), cmt::Error> {
    if bytes.starts_with(b"PK") {
        let package = DataPackage::open(bytes)?;
        return Ok((package.schema().clone(), package.findings().to_vec()));
    }
    Schema::parse(&bytes)
}

/// The format's timestamps have seven digits of a second, the browser's three.
pub(crate) fn timestamp(utc: &str) -> String {
    utc.strip_suffix('Z').map_or_else(|| utc.to_owned(), |second| format!("{second}0000Z"))
}

/// `contoso-development-portal-blank-2026-11-22.zip`
fn file_name(environment: &str, schema: &str, utc: &str) -> String {
    let stem = schema.rsplit_once('.').map_or(schema, |(stem, _)| stem);
    let day = utc.split('T').next().unwrap_or_default();
    let words = format!("{environment} {stem} {day}").to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    format!("{}.zip", words.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_after_environment_schema_and_day() {
        let name = file_name("Contoso (Development)", "portal-blank.xml", "2026-11-22T22:14:05.123Z");
        assert_eq!(name, "contoso-development-portal-blank-2026-11-22.zip");
    }

    #[test]
    fn a_timestamp_has_seven_digits_of_a_second() {
        assert_eq!(timestamp("2026-11-22T22:14:05.123Z"), "2026-11-22T22:14:05.1230000Z");
    }

    #[test]
    fn a_schema_file_that_is_no_xml_is_refused() {
        assert!(read(b"hello".to_vec()).is_err());
        assert!(matches!(
            read(b"PK but no zip".to_vec()),
            Err(cmt::Error::NotAZip { .. } | cmt::Error::DamagedZip { .. })
        ));
    }
}
