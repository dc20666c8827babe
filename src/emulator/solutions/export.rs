//! `ExportSolution`, its asynchronous form, and publishing.

use super::SolutionFile;
use super::jobs::Work;
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use crate::values::Cell;
use serde_json::Value;

/// Parameters by Microsoft's reference: what is exported, and settings that may go along.
const PARAMETERS: &[(&str, bool)] = &[
    ("SolutionName", true),
    ("Managed", true),
    ("ExportAutoNumberingSettings", false),
    ("ExportCalendarSettings", false),
    ("ExportCustomizationSettings", false),
    ("ExportEmailTrackingSettings", false),
    ("ExportGeneralSettings", false),
    ("ExportMarketingSettings", false),
    ("ExportOutlookSynchronizationSettings", false),
    ("ExportRelationshipRoles", false),
    ("ExportIsvConfig", false),
    ("ExportSales", false),
    ("ExportExternalApplications", false),
];

/// `{"SolutionName":"…","Managed":false}`
pub(super) const EXPORT: Message =
    Message { name: "ExportSolution", kind: Kind::Action, parameters: PARAMETERS, run: export };

/// The same, later.
pub(super) const EXPORT_ASYNC: Message =
    Message { name: "ExportSolutionAsync", kind: Kind::Action, parameters: PARAMETERS, run: export_later };

/// `{"ExportJobId":"…"}`
pub(super) const DOWNLOAD: Message = Message {
    name: "DownloadSolutionExportData",
    kind: Kind::Action,
    parameters: &[("ExportJobId", true)],
    run: download,
};

/// Everything is published already.
pub(super) const PUBLISH_ALL: Message =
    Message { name: "PublishAllXml", kind: Kind::Action, parameters: &[], run: |_, _, _| Ok(None) };

fn export(environment: &mut Environment, _: &Call, arguments: &Arguments) -> Result<Option<Object>, Refusal> {
    refuse_settings(arguments)?;
    let file = environment.exported(arguments.text("SolutionName")?, arguments.boolean("Managed")?)?;
    Ok(Some(exported_file(file)))
}

fn export_later(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    refuse_settings(arguments)?;
    let solution = arguments.text("SolutionName")?.to_owned();
    let managed = arguments.boolean("Managed")?;
    environment.exported(&solution, managed)?;
    let job = environment.random.id();
    let work = Work::Export { job, solution, managed };
    let operation = environment.add_job("ExportSolution", "ExportSolutionAsync", work);
    let mut response = Object::default();
    response.push("AsyncOperationId", operation.to_string());
    response.push("ExportJobId", job.to_string());
    Ok(Some(response))
}

/// An environment has no such settings that could be exported.
fn refuse_settings(arguments: &Arguments) -> Result<(), Refusal> {
    match PARAMETERS.iter().skip(2).find(|(name, _)| arguments.get(name) == Some(&Value::Bool(true))) {
        None => Ok(()),
        Some((name, _)) => Err(Refusal::not_implemented(format!("{name} of an export"))),
    }
}

/// What a download says before the job is done was not seen: it is refused as a failed export.
fn download(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    let file = environment.solutions.exported.get(&arguments.id("ExportJobId")?).cloned();
    file.map(|file| Some(exported_file(file)))
        .ok_or_else(|| Refusal::new(400, "0x80048035", "An error occurred while exporting a Solution."))
}

fn exported_file(file: String) -> Object {
    let mut response = Object::default();
    response.push("ExportSolutionFile", file);
    response
}

impl Environment {
    /// The file of an unmanaged solution, in base64. Texts and codes are the table of codes'.
    pub(super) fn exported(&self, name: &str, managed: bool) -> Result<String, Refusal> {
        let id = self.row_with("solution", "uniquename", name);
        let row = id.and_then(|id| self.row("solution", id)).ok_or_else(|| {
            let message =
                "An error occurred while exporting a solution. The solution does not exist in this system.";
            Refusal::new(400, "0x80048037", message)
        })?;
        if row.cell("ismanaged") == Some(&Cell::Boolean(true)) {
            let message =
                "An error occurred while exporting a solution. Managed solutions cannot be exported.";
            return Err(Refusal::new(400, "0x80048036", message));
        }
        if name == "Default" && managed {
            return Err(Refusal::new(
                400,
                "0x80048048",
                "The default solution cannot be exported as a package.",
            ));
        }
        let encoded = self.solutions.installed.get(name);
        let encoded =
            encoded.ok_or_else(|| Refusal::not_implemented("the export of a solution not imported"))?;
        let version = row.cell("version").and_then(Cell::as_text).unwrap_or_default();
        SolutionFile::read(encoded)?.rewritten(version, managed)
    }
}
