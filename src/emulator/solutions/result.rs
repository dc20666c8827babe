//! `RetrieveSolutionImportResult`: how an import went, as a table for people.

use crate::RowView;
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use crate::values::Cell;
use serde_json::{Value, json};

/// `RetrieveSolutionImportResult(ImportJobId=…)`
pub(super) const RESULT: Message = Message {
    name: "RetrieveSolutionImportResult",
    kind: Kind::Function,
    parameters: &[("ImportJobId", true)],
    run: result,
};

fn result(environment: &mut Environment, _: &Call, arguments: &Arguments) -> Result<Option<Object>, Refusal> {
    let id = arguments.id("ImportJobId")?;
    let job = environment.row("importjob", id).ok_or_else(|| Refusal::no_row("importjob", id))?;
    let failure = failure(&job);
    let mut link = Object::default();
    link.push("Label", Value::Null);
    link.push("Target", Value::Null);
    let mut result = Object::default();
    result.push("FormattedResults", environment.workbook(&job, failure.as_deref()));
    result.push("Type", "Import");
    result.push("Status", status(&job, failure.is_some()));
    result.push("WarningMessages", json!([]));
    result.push("ErrorMessages", json!(failure.as_slice()));
    result.push("ActionLink", link);
    let mut response = Object::default();
    response.push("SolutionOperationResult", result);
    Ok(Some(response))
}

/// `Passed` is recorded; the other two are the reference's.
fn status(job: &RowView<'_>, failed: bool) -> &'static str {
    match job.cell("completedon") {
        Some(Cell::Instant(_)) if failed => "Failed",
        Some(Cell::Instant(_)) => "Passed",
        _ => "Partial",
    }
}

/// What went wrong, out of the job's data.
fn failure(job: &RowView<'_>) -> Option<String> {
    let data = job.cell("data")?.as_text()?;
    let (_, rest) = data.split_once("result=\"failure\"")?;
    let (_, rest) = rest.split_once("errortext=\"")?;
    let (text, _) = rest.split_once('"')?;
    quick_xml::escape::unescape(text).ok().map(|text| text.into_owned())
}

impl Environment {
    /// The recorded form: a workbook of one sheet in Excel's XML, of which the solution's rows are kept.
    fn workbook(&self, job: &RowView<'_>, failure: Option<&str>) -> String {
        let name = job.cell("solutionname").and_then(Cell::as_text).unwrap_or_default();
        let solution = self.row_with("solution", "uniquename", name).and_then(|id| self.row("solution", id));
        let text = |column: &str| {
            let cell = solution.and_then(|row| row.cell(column)).and_then(Cell::as_text);
            cell.unwrap_or_default().to_owned()
        };
        let managed = solution.and_then(|row| row.cell("ismanaged")) == Some(&Cell::Boolean(true));
        let rows = [
            ("Name", name.to_owned()),
            ("Display Name", text("friendlyname")),
            ("Description", text("description")),
            ("Version", text("version")),
            ("Package Type", if managed { "Managed" } else { "Unmanaged" }.to_owned()),
            ("Status", if failure.is_some() { "Failure" } else { "Processed" }.to_owned()),
            ("Message", failure.unwrap_or_default().to_owned()),
        ];
        let rows: String = rows.iter().map(|(label, value)| sheet_row(label, value)).collect();
        format!(
            "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>\
             <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
             xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\
             <Worksheet ss:Name=\"Solution\"><Table>{rows}</Table></Worksheet></Workbook>"
        )
    }
}

fn sheet_row(label: &str, value: &str) -> String {
    let cell = |text: &str| {
        format!("<Cell><Data ss:Type=\"String\">{}</Data></Cell>", quick_xml::escape::escape(text))
    };
    format!("<Row>{}{}</Row>", cell(label), cell(value))
}
