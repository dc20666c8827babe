//! The recorded steps of a solution's import: staged, begun, and its result.

use super::requests::Case;
use super::world::World;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dataverse_emulator::LoadError;
use serde_json::json;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// The solution that the recorded answers are about, without what it holds.
const MANIFEST: &str = "<ImportExportXml version=\"9.2.23094.185\" SolutionPackageVersion=\"9.2\" languagecode=\"1033\">\
<SolutionManifest><UniqueName>TerraformTestSolution</UniqueName><LocalizedNames>\
<LocalizedName description=\"Terraform Test Solution\" languagecode=\"1033\" /></LocalizedNames><Descriptions />\
<Version>1.1.0.0</Version><Managed>0</Managed><Publisher><UniqueName>Crefda7</UniqueName><LocalizedNames>\
<LocalizedName description=\"CDS Default Publisher\" languagecode=\"1033\" /></LocalizedNames><Descriptions />\
<CustomizationPrefix>cra6e</CustomizationPrefix><CustomizationOptionValuePrefix>84241</CustomizationOptionValuePrefix>\
</Publisher></SolutionManifest></ImportExportXml>";

/// The import whose result is asked for.
const JOB: &str = "00000000-0000-0000-0000-0000000000aa";

/// The request of a step; `None` where the message is none of an import.
#[must_use]
pub fn case(message: &str) -> Option<Result<Case, LoadError>> {
    let file = packed().unwrap_or_default();
    let import = json!({
        "OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true, "CustomizationFile": file,
    });
    match message {
        "StageSolution" => Some(post(message, json!({"CustomizationFile": file}))),
        "ImportSolutionAsync" => Some(post(message, import)),
        "RetrieveSolutionImportResult" => {
            let mut import = import;
            import["ImportJobId"] = json!(JOB);
            Some(post("ImportSolution", import).map(imported))
        }
        _ => None,
    }
}

fn post(message: &str, body: serde_json::Value) -> Result<Case, LoadError> {
    let mut case = Case::get(message.to_owned(), World::default().build()?);
    (case.method, case.body) = ("POST", body.to_string());
    Ok(case)
}

/// The question about an import that is over.
fn imported(mut import: Case) -> Case {
    let _ = import.answer();
    Case::get(format!("RetrieveSolutionImportResult(ImportJobId={JOB})"), import.environment)
}

/// The solution's file in base64.
fn packed() -> Result<String, ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("solution.xml", MANIFEST),
        ("customizations.xml", "<ImportExportXml />"),
        ("[Content_Types].xml", "<Types />"),
    ] {
        writer.start_file(name, SimpleFileOptions::default())?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(STANDARD.encode(writer.finish()?.into_inner()))
}
