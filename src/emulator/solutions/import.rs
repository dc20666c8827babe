//! `ImportSolution` and `ImportSolutionAsync`.

use super::SolutionFile;
use super::jobs::Work;
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use serde_json::Value;
use uuid::Uuid;

/// Parameters by Microsoft's reference. What they ask for beyond the solution's row has nothing to act on here.
pub(super) const IMPORT: Message = Message {
    name: "ImportSolution",
    kind: Kind::Action,
    parameters: &[
        ("OverwriteUnmanagedCustomizations", true),
        ("PublishWorkflows", true),
        ("CustomizationFile", true),
        ("ImportJobId", true),
        ("ConvertToManaged", false),
        ("SkipProductUpdateDependencies", false),
        ("HoldingSolution", false),
        ("ComponentParameters", false),
        ("SolutionParameters", false),
    ],
    run: import,
};

/// The file comes with the request, or was staged.
pub(super) const IMPORT_ASYNC: Message = Message {
    name: "ImportSolutionAsync",
    kind: Kind::Action,
    parameters: &[
        ("OverwriteUnmanagedCustomizations", true),
        ("PublishWorkflows", true),
        ("CustomizationFile", false),
        ("ImportJobId", false),
        ("ConvertToManaged", false),
        ("SkipProductUpdateDependencies", false),
        ("HoldingSolution", false),
        ("ComponentParameters", false),
        ("SolutionParameters", false),
    ],
    run: import_later,
};

fn import(environment: &mut Environment, _: &Call, arguments: &Arguments) -> Result<Option<Object>, Refusal> {
    refuse_more(arguments)?;
    let file = SolutionFile::of(arguments, "CustomizationFile")?;
    let job = arguments.id("ImportJobId")?;
    environment.add_import_job(job, &file)?;
    let solution = environment.install(&file)?;
    environment.finish_import_job(job, Some(solution), None);
    Ok(None)
}

fn import_later(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    refuse_more(arguments)?;
    let encoded = environment.file_to_import(arguments)?;
    let file = SolutionFile::read(&encoded)?;
    let given = arguments.get("ImportJobId").map(|_| arguments.id("ImportJobId")).transpose()?;
    let job = given.unwrap_or_else(|| environment.random.id());
    environment.add_import_job(job, &file)?;
    let operation =
        environment.add_job("ImportSolution", "ImportSolutionAsync", Work::Import { job, file: encoded });
    let mut response = Object::default();
    response.push("ImportJobKey", job.to_string());
    response.push("AsyncOperationId", operation.to_string());
    Ok(Some(response))
}

/// A holding solution waits for an upgrade, and values for components need components: neither is emulated.
fn refuse_more(arguments: &Arguments) -> Result<(), Refusal> {
    if arguments.get("HoldingSolution") == Some(&Value::Bool(true)) {
        return Err(Refusal::not_implemented("holding solutions"));
    }
    match arguments.get("ComponentParameters").and_then(Value::as_array) {
        Some(given) if !given.is_empty() => {
            Err(Refusal::not_implemented("values for a solution's components"))
        }
        _ => Ok(()),
    }
}

impl Environment {
    /// The request's own file, or the staged one that it names.
    fn file_to_import(&self, arguments: &Arguments) -> Result<String, Refusal> {
        if arguments.get("CustomizationFile").is_some() {
            return arguments.text("CustomizationFile").map(str::to_owned);
        }
        let parameters = arguments.get("SolutionParameters");
        let named = parameters.and_then(|parameters| parameters.get("StageSolutionUploadId")?.as_str());
        let staged = named.and_then(|id| self.solutions.staged.get(&Uuid::try_parse(id).ok()?));
        let missing = || Refusal::new(400, "0x80048033", "An error occurred while importing a Solution.");
        staged.cloned().ok_or_else(missing)
    }
}
