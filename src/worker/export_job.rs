//! The export: open a schema, check it against the source, read the rows into a package.

use crate::{
    attached_file::read_file, connect::Connection, progress::Progress, ready_made, stop::StopFlag, summaries,
    too_early::too_early,
};
use browser::{
    clock, files,
    package_output::GrowingPackage,
    protocol::{Event, ExportCheck, ExportSummary, PackagePlace, SchemaSource},
    spool::RecordSpool,
};
use cmt::{DataPackage, Finding, Schema};
use migration::{EnvironmentTables, ExportOptions, ExportOrder, Place, Problem, ProblemKind, Survey};
use std::{cell::RefCell, io, rc::Rc};
use wasm_bindgen::JsValue;

/// How far an export has come. Each step voids what stands on an earlier one.
#[derive(Default)]
pub(crate) struct ExportJob {
    schema: Option<OpenedSchema>,
    /// What the source has of the schema.
    tables: Option<Rc<EnvironmentTables>>,
    surveyed: Option<Rc<Surveyed>>,
    exported: Option<Rc<Exported>>,
}

#[derive(Clone)]
struct OpenedSchema {
    /// File name.
    name: String,
    schema: Rc<Schema>,
}

/// What was counted, and what the user decided by then.
struct Surveyed {
    options: ExportOptions,
    survey: Survey,
}

/// A finished package.
pub(crate) struct Exported {
    /// Its file name.
    pub(crate) name: String,
    /// The zip, as a `File` or `Blob`.
    pub(crate) zip: JsValue,
}

impl ExportJob {
    /// The package that was built last.
    pub(crate) fn exported(&self) -> Option<Rc<Exported>> {
        self.exported.clone()
    }

    /// The source is another one now.
    pub(crate) fn forget_check(&mut self) {
        self.tables = None;
        self.surveyed = None;
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
        job.forget_check();
        Ok(Event::SchemaOpened(summary))
    }

    /// Compares the schema with the source and counts what there is.
    pub(crate) async fn check(job: &RefCell<ExportJob>, source: &Connection) -> Result<Event, Problem> {
        let opened = job.borrow().opened()?;
        let (check, tables) = migration::check(&source.client, &opened.schema, None).await?;
        let websites = migration::websites(&source.client, &opened.schema, &tables).await?;
        let only = if let [only] = websites.as_slice() { Some(only.id) } else { None };
        let options = ExportOptions { website: only };
        let survey = migration::survey(&source.client, &opened.schema, &tables, &options).await?;
        let mut job = job.borrow_mut();
        job.tables = Some(Rc::new(tables));
        job.surveyed = Some(Rc::new(Surveyed { options: options.clone(), survey: survey.clone() }));
        let file_name = file_name(&source.environment.name, &opened.name, &clock::utc_now());
        Ok(Event::ExportChecked(Box::new(ExportCheck { check, websites, options, survey, file_name })))
    }

    /// Counts again, as the user decided.
    pub(crate) async fn survey(
        job: &RefCell<ExportJob>,
        source: &Connection,
        options: ExportOptions,
    ) -> Result<Event, Problem> {
        let opened = job.borrow().opened()?;
        let tables = job.borrow().tables()?;
        job.borrow_mut().surveyed = None;
        let survey = migration::survey(&source.client, &opened.schema, &tables, &options).await?;
        job.borrow_mut().surveyed = Some(Rc::new(Surveyed { options, survey: survey.clone() }));
        Ok(Event::Surveyed(survey))
    }

    /// Reads the rows and builds the package. Of one that is not complete nothing is left.
    pub(crate) async fn run(
        job: &RefCell<ExportJob>,
        source: &Connection,
        (place, attachment): (PackagePlace, Option<JsValue>),
        stop: &StopFlag,
        progress: &Progress,
    ) -> Result<Event, Problem> {
        let package = GrowingPackage::begin(place, attachment).await.map_err(|error| no_place(&error))?;
        let (began, asked) = (clock::utc_milliseconds(), source.client.requests_sent());
        let report = match ExportJob::write(job, source, &package, stop, progress).await {
            Ok(report) => report,
            Err(problem) => {
                // Why there is no package matters more than a file that stays empty.
                let _ = package.discard().await;
                return Err(problem);
            }
        };
        let zip = package.finish().await.map_err(|error| no_place(&error))?;
        let saved = place == PackagePlace::PickedFile;
        let name = match files::name(&zip) {
            name if name.is_empty() => job.borrow().file_name(source)?,
            name => name,
        };
        let summary = ExportSummary {
            file_name: name.clone(),
            bytes: files::size(&zip),
            saved,
            seconds: (clock::utc_milliseconds() - began) / 1000,
            requests: source.client.requests_sent() - asked,
            report,
        };
        job.borrow_mut().exported = Some(Rc::new(Exported { name, zip }));
        Ok(Event::Exported(summary))
    }

    async fn write(
        job: &RefCell<ExportJob>,
        source: &Connection,
        package: &GrowingPackage,
        stop: &StopFlag,
        progress: &Progress,
    ) -> Result<migration::ExportReport, Problem> {
        let (opened, tables) = (job.borrow().opened()?, job.borrow().tables()?);
        let surveyed = job.borrow().surveyed.clone();
        let surveyed = surveyed.ok_or_else(|| too_early("The rows are not counted yet.", "Check first."))?;
        let order = ExportOrder {
            schema: &opened.schema,
            tables: &tables,
            options: &surveyed.options,
            survey: &surveyed.survey,
            timestamp: &timestamp(&clock::utc_now()),
        };
        let spool = RecordSpool::open().await;
        let mut tell = |step| progress.push(step);
        migration::export(&source.client, order, spool, package, stop, &mut tell).await
    }

    fn opened(&self) -> Result<OpenedSchema, Problem> {
        self.schema.clone().ok_or_else(|| too_early("No schema is chosen.", "Choose one first."))
    }

    fn tables(&self) -> Result<Rc<EnvironmentTables>, Problem> {
        self.tables.clone().ok_or_else(|| too_early("The schema is not checked yet.", "Check it first."))
    }

    fn file_name(&self, source: &Connection) -> Result<String, Problem> {
        Ok(file_name(&source.environment.name, &self.opened()?.name, &clock::utc_now()))
    }
}

fn no_place(error: &io::Error) -> Problem {
    let (kind, remedy) = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            (ProblemKind::File, "Export again, and allow this page to save to the file.")
        }
        _ => (
            ProblemKind::File,
            "Choose another place, or let the browser download the package, and export again.",
        ),
    };
    let what = format!("The package cannot be written to its place: {error}.");
    Problem { kind, place: Place::default(), what, remedy: remedy.into() }
}

async fn fetch(source: SchemaSource, attachment: Option<JsValue>) -> Result<(String, Vec<u8>), Problem> {
    match source {
        SchemaSource::ReadyMade(name) => {
            let bytes = ready_made::fetch(&name).await?;
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

/// `contoso-development-dataverse-blank-2026-11-22.zip`
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
        let name = file_name("Contoso (Development)", "dataverse-blank.xml", "2026-11-22T22:14:05.123Z");
        assert_eq!(name, "contoso-development-dataverse-blank-2026-11-22.zip");
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
