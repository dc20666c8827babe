//! `StageSolution`: a solution's file is looked at and kept for an import.

use super::{Manifest, SolutionFile};
use crate::RowView;
use crate::answer::{Node, Object};
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use crate::values::Cell;
use serde_json::{Value, json};

/// `{"CustomizationFile":"…"}`
pub(super) const STAGE: Message = Message {
    name: "StageSolution",
    kind: Kind::Action,
    parameters: &[("CustomizationFile", true)],
    run: stage,
};

/// The shape is recorded. Of the components only the solution itself is told: the others are not looked into.
fn stage(environment: &mut Environment, _: &Call, arguments: &Arguments) -> Result<Option<Object>, Refusal> {
    let file = SolutionFile::of(arguments, "CustomizationFile")?;
    let id = environment.random.id();
    environment.solutions.staged.insert(id, file.encoded.clone());
    let mut results = Object::default();
    results.push("StageSolutionUploadId", id.to_string());
    results.push("StageSolutionStatus", "Passed");
    results.push("SolutionComponentsDetails", vec![component(&file.manifest)]);
    results.push("SolutionDetails", environment.solution_details(&file.manifest));
    results.push("MissingDependencies", Vec::new());
    results.push("SolutionValidationResults", Vec::new());
    let mut response = Object::default();
    response.push("StageSolutionResults", results);
    Ok(Some(response))
}

fn component(manifest: &Manifest) -> Object {
    let mut attributes = Object::default();
    attributes.push("Count", json!(2));
    attributes.push("Keys", json!(["localizedname", "description"]));
    attributes.push("Values", json!([manifest.friendly_name, manifest.description]));
    let mut component = Object::default();
    component.push("ComponentName", manifest.friendly_name.as_str());
    component.push("ComponentTypeName", "solution");
    component.push("IsPresentInOrg", "Unknown");
    component.push("Attributes", attributes);
    component
}

impl Environment {
    /// The solution beside the one that is there.
    fn solution_details(&self, manifest: &Manifest) -> Object {
        let id = self.row_with("solution", "uniquename", &manifest.unique_name);
        let previous = id.and_then(|id| self.row("solution", id));
        let text = |column| previous.map_or(Value::Null, |row| json_of(&row, column));
        let publisher = previous.and_then(|row| self.row("publisher", row.cell("publisherid")?.id()?));
        let of_publisher = |column| publisher.map_or(Value::Null, |row| json_of(&row, column));
        let was_managed = previous.is_some_and(|row| row.cell("ismanaged") == Some(&Cell::Boolean(true)));
        let members: [(&str, Node); 17] = [
            ("SolutionUniqueName", manifest.unique_name.as_str().into()),
            ("SolutionFriendlyName", manifest.friendly_name.as_str().into()),
            ("SolutionDescription", manifest.description.as_str().into()),
            ("PublisherUniqueName", manifest.publisher.unique_name.as_str().into()),
            ("PublisherFriendlyName", manifest.publisher.friendly_name.as_str().into()),
            ("PreviousSolutionUniqueName", text("uniquename").into()),
            ("PreviousSolutionFriendlyName", text("friendlyname").into()),
            ("PreviousPublisherUniqueName", of_publisher("uniquename").into()),
            ("PreviousPublisherFriendlyName", of_publisher("friendlyname").into()),
            ("IsPatchSolution", json!(false).into()),
            ("IsManaged", json!(manifest.is_managed()).into()),
            ("PreviousIsManaged", json!(was_managed).into()),
            ("SolutionVersion", manifest.version.as_str().into()),
            ("PreviousSolutionVersion", text("version").into()),
            ("PreviousPatchSolutionsNames", json!([]).into()),
            ("IsPrerequisitesExport", json!(false).into()),
            ("HasPendingUpgrade", json!(false).into()),
        ];
        let mut details = Object::default();
        members.into_iter().for_each(|(name, node)| details.push(name, node));
        details
    }
}

fn json_of(row: &RowView<'_>, column: &str) -> Value {
    row.cell(column).cloned().unwrap_or_default().to_json()
}
