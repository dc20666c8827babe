//! Files for the user: the package that was exported, the report of the import.

use crate::{
    export_job::{ExportJob, timestamp},
    import_job::ImportJob,
    too_early::too_early,
};
use browser::{clock, files, protocol::Artifact};
use migration::{ImportReport, Place, Plan, Problem, ProblemKind};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// The proposed name and the blob.
pub(crate) fn file(
    artifact: Artifact,
    export: &ExportJob,
    import: &ImportJob,
) -> Result<(String, JsValue), Problem> {
    match artifact {
        Artifact::PlanJson => {
            Ok(("import-plan.json".into(), blob(plan(import)?.to_json().as_bytes(), "application/json")?))
        }
        Artifact::PlanCsv => {
            Ok(("import-plan.csv".into(), blob(plan(import)?.to_csv().as_bytes(), "text/csv;charset=utf-8")?))
        }
        Artifact::FailedPackage => {
            Ok(("failed-records.zip".into(), blob(&import.failed_package()?, "application/zip")?))
        }
        Artifact::UndoPackage => Ok((
            "undo-import.zip".into(),
            blob(&import.undo_package(&timestamp(&clock::utc_now()))?, "application/zip")?,
        )),
        Artifact::Package => {
            let exported = export.exported();
            let exported =
                exported.ok_or_else(|| too_early("No package was exported yet.", "Export one first."))?;
            Ok((exported.name.clone(), exported.zip.clone()))
        }
        Artifact::ReportJson => {
            Ok(("import-report.json".into(), blob(report(import)?.to_json().as_bytes(), "application/json")?))
        }
        Artifact::ReportCsv => Ok((
            "import-report.csv".into(),
            blob(report(import)?.to_csv().as_bytes(), "text/csv;charset=utf-8")?,
        )),
    }
}

fn plan(import: &ImportJob) -> Result<Rc<Plan>, Problem> {
    import.plan.clone().ok_or_else(|| too_early("There is no plan yet.", "Compare first."))
}

fn report(import: &ImportJob) -> Result<Rc<ImportReport>, Problem> {
    import.report.clone().ok_or_else(|| too_early("Nothing was imported yet.", "Run an import first."))
}

fn blob(bytes: &[u8], media_type: &str) -> Result<JsValue, Problem> {
    files::blob(bytes, media_type).ok_or_else(|| Problem {
        kind: ProblemKind::Internal,
        place: Place::default(),
        what: "The browser has no room for the file.".into(),
        remedy: "Close other tabs and save again; the result is still here.".into(),
    })
}
