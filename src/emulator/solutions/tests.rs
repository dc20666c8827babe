//! Solutions through the front door.

use crate::Environment;
use crate::testing::{get, portal, refused, send};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn manifest(name: &str, version: &str, managed: bool) -> String {
    format!(
        "<ImportExportXml version=\"9.2.25084.176\" SolutionPackageVersion=\"9.2\" languagecode=\"1033\"><SolutionManifest>\
         <UniqueName>{name}</UniqueName><LocalizedNames><LocalizedName description=\"Contoso &amp; Parts\" \
         languagecode=\"1033\" /></LocalizedNames><Descriptions /><Version>{version}</Version><Managed>{}</Managed>\
         <Publisher><UniqueName>contoso</UniqueName><LocalizedNames><LocalizedName description=\"Contoso Ltd\" \
         languagecode=\"1033\" /></LocalizedNames><Descriptions /><CustomizationPrefix>con</CustomizationPrefix>\
         <CustomizationOptionValuePrefix>84241</CustomizationOptionValuePrefix></Publisher></SolutionManifest></ImportExportXml>",
        u8::from(managed)
    )
}

fn zipped(members: &[(&str, &str)]) -> String {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    STANDARD.encode(writer.finish().unwrap().into_inner())
}

fn with(manifest: &str) -> String {
    zipped(&[
        ("solution.xml", manifest),
        ("customizations.xml", "<ImportExportXml />"),
        ("[Content_Types].xml", "<Types />"),
    ])
}

fn solution(version: &str, managed: bool) -> String {
    with(&manifest("ContosoParts", version, managed))
}

fn import(file: &str) -> Value {
    json!({"OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true, "CustomizationFile": file})
}

fn act(environment: &mut Environment, action: &str, body: &Value) -> Value {
    let (status, json, _) = send(environment, "POST", action, &[], body);
    assert!(status == 200 || status == 204, "{action}: {status} {json}");
    json
}

fn import_now(environment: &mut Environment, file: &str, job: u8) {
    let mut body = import(file);
    body["ImportJobId"] = json!(crate::testing::id(job));
    act(environment, "ImportSolution", &body);
}

/// Polls as a client does; (state, status) of each answer without repetitions.
fn poll(environment: &mut Environment, operation: &Value) -> Vec<(i64, i64)> {
    let path = format!("asyncoperations({})", operation.as_str().unwrap());
    let mut seen = Vec::new();
    while seen.last().is_none_or(|(state, _)| *state != 3) {
        let row = get(environment, &path);
        let found = (row["statecode"].as_i64().unwrap(), row["statuscode"].as_i64().unwrap());
        if seen.last() != Some(&found) {
            seen.push(found);
        }
        environment.set_time(environment.now() + 1);
    }
    seen
}

fn find(environment: &mut Environment) -> Value {
    let query = "solutions?$expand=publisherid&$filter=uniquename eq 'ContosoParts'";
    get(environment, query)["value"][0].clone()
}

#[test]
fn a_staged_solution_is_imported_by_a_job() {
    let mut environment = portal();
    let staged =
        act(&mut environment, "StageSolution", &json!({"CustomizationFile": solution("1.1.0.0", false)}));
    let results = &staged["StageSolutionResults"];
    assert_eq!(results["StageSolutionStatus"], "Passed");
    assert_eq!(results["SolutionDetails"]["SolutionFriendlyName"], "Contoso & Parts");
    assert_eq!(results["SolutionDetails"]["PreviousSolutionVersion"], Value::Null);
    let body = json!({
        "OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true,
        "SolutionParameters": {"StageSolutionUploadId": results["StageSolutionUploadId"]},
    });
    let begun = act(&mut environment, "ImportSolutionAsync", &body);
    assert_eq!(find(&mut environment), Value::Null);
    assert_eq!(poll(&mut environment, &begun["AsyncOperationId"]), [(0, 0), (2, 20), (3, 30)]);
    let row = find(&mut environment);
    assert_eq!((&row["version"], &row["ismanaged"]), (&json!("1.1.0.0"), &json!(false)));
    assert_eq!(row["publisherid"]["customizationprefix"], "con");
    assert_eq!(row["publisherid"]["customizationoptionvalueprefix"], 84241);
    let job = begun["ImportJobKey"].as_str().unwrap();
    let told = get(&mut environment, &format!("importjobs({job})?$select=progress,data,completedon"));
    assert_eq!(told["progress"].as_f64(), Some(100.0));
    assert!(told["data"].as_str().unwrap().contains("result=\"success\"") && told["completedon"].is_string());
    let path = format!("RetrieveSolutionImportResult(ImportJobId={job})");
    let result = get(&mut environment, &path)["SolutionOperationResult"].clone();
    assert_eq!((&result["Status"], &result["ErrorMessages"]), (&json!("Passed"), &json!([])));
    assert!(result["FormattedResults"].as_str().unwrap().contains("Contoso &amp; Parts"));
}

#[test]
fn a_job_that_fails_says_why() {
    let mut environment = portal();
    import_now(&mut environment, &solution("1.0.0.0", false), 1);
    let begun = act(&mut environment, "ImportSolutionAsync", &import(&solution("1.1.0.0", true)));
    assert_eq!(poll(&mut environment, &begun["AsyncOperationId"]).last(), Some(&(3, 31)));
    let path = format!("asyncoperations({})", begun["AsyncOperationId"].as_str().unwrap());
    let row = get(&mut environment, &path);
    assert_eq!(row["errorcode"], -2_147_188_672);
    assert!(
        row["message"]
            .as_str()
            .unwrap()
            .starts_with("The solution is already installed on this system as an unmanaged")
    );
    let path =
        format!("RetrieveSolutionImportResult(ImportJobId={})", begun["ImportJobKey"].as_str().unwrap());
    let result = get(&mut environment, &path)["SolutionOperationResult"].clone();
    assert_eq!((&result["Status"], &result["ErrorMessages"][0]), (&json!("Failed"), &row["message"]));
    assert_eq!(find(&mut environment)["version"], "1.0.0.0");
}

#[test]
fn a_newer_version_updates_the_row() {
    let mut environment = portal();
    import_now(&mut environment, &solution("1.0.0.0", false), 1);
    let first = find(&mut environment);
    import_now(&mut environment, &solution("1.2.0.0", false), 2);
    let second = find(&mut environment);
    assert_eq!((&second["solutionid"], &second["version"]), (&first["solutionid"], &json!("1.2.0.0")));
    assert!(first["updatedon"].is_null() && second["updatedon"].is_string());
}

#[test]
fn files_that_are_no_solutions_are_refused() {
    let without = zipped(&[("solution.xml", &manifest("ContosoParts", "1.0.0.0", false))]);
    for (file, code) in [
        (STANDARD.encode("no zip"), "0x80048060"),
        (without, "0x80048060"),
        (with("<ImportExportXml>"), "0x8004802c"),
        (with(&manifest("Contoso Parts", "1.0.0.0", false)), "0x8004f002"),
        (with(&manifest("ContosoParts", "one", false)), "0x8004f01e"),
    ] {
        for action in ["StageSolution", "ImportSolutionAsync"] {
            let body =
                if action == "StageSolution" { json!({"CustomizationFile": file}) } else { import(&file) };
            let (status, found, _) = refused(&mut portal(), "POST", action, &body);
            assert_eq!((status, found.as_str()), (400, code), "{action}");
        }
    }
    let (status, code, _) =
        refused(&mut portal(), "POST", "StageSolution", &json!({"CustomizationFile": "§"}));
    assert_eq!((status, code.as_str()), (400, "0x0"));
}

#[test]
fn system_solutions_and_unknown_uploads_are_refused() {
    let mut body = import(&with(&manifest("System", "1.0.0.0", false)));
    body["ImportJobId"] = json!(crate::testing::id(1));
    assert_eq!(refused(&mut portal(), "POST", "ImportSolution", &body).1, "0x80048046");
    let body = json!({
        "OverwriteUnmanagedCustomizations": false, "PublishWorkflows": true,
        "SolutionParameters": {"StageSolutionUploadId": crate::testing::id(9)},
    });
    assert_eq!(refused(&mut portal(), "POST", "ImportSolutionAsync", &body).1, "0x80048033");
}

#[test]
fn an_unmanaged_solution_is_exported_as_either_kind() {
    let mut environment = portal();
    import_now(&mut environment, &solution("1.0.0.0", false), 1);
    for (managed, kind) in [(false, "<Managed>0</Managed>"), (true, "<Managed>1</Managed>")] {
        let body = json!({"SolutionName": "ContosoParts", "Managed": managed});
        let answer = act(&mut environment, "ExportSolution", &body);
        let bytes = STANDARD.decode(answer["ExportSolutionFile"].as_str().unwrap()).unwrap();
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name("solution.xml").unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains(kind) && text.contains("<Version>1.0.0.0</Version>"), "{text}");
        assert_eq!(archive.len(), 3);
    }
}

#[test]
fn what_an_export_or_import_would_need_more_is_refused() {
    let mut environment = portal();
    import_now(&mut environment, &solution("1.0.0.0", false), 1);
    let mut body = json!({"SolutionName": "ContosoParts", "Managed": false, "ExportGeneralSettings": false});
    act(&mut environment, "ExportSolution", &body);
    body["ExportGeneralSettings"] = json!(true);
    assert_eq!(refused(&mut environment, "POST", "ExportSolution", &body).0, 501);
    for (name, value) in
        [("HoldingSolution", json!(true)), ("ComponentParameters", json!([{"connectionid": "x"}]))]
    {
        let mut body = import(&solution("1.1.0.0", false));
        body[name] = value;
        assert_eq!(refused(&mut environment, "POST", "ImportSolutionAsync", &body).0, 501, "{name}");
    }
}

#[test]
fn an_export_by_a_job_is_downloaded_when_it_is_done() {
    let mut environment = portal();
    import_now(&mut environment, &solution("1.0.0.0", false), 1);
    let body = json!({"SolutionName": "ContosoParts", "Managed": false});
    let begun = act(&mut environment, "ExportSolutionAsync", &body);
    let wanted = json!({"ExportJobId": begun["ExportJobId"]});
    assert_eq!(refused(&mut environment, "POST", "DownloadSolutionExportData", &wanted).1, "0x80048035");
    poll(&mut environment, &begun["AsyncOperationId"]);
    let answer = act(&mut environment, "DownloadSolutionExportData", &wanted);
    assert!(!answer["ExportSolutionFile"].as_str().unwrap().is_empty());
}

#[test]
fn managed_and_missing_solutions_are_not_exported() {
    let mut environment = portal();
    import_now(&mut environment, &solution("1.0.0.0", true), 1);
    for (name, code) in [("ContosoParts", "0x80048036"), ("Nothing", "0x80048037"), ("Default", "0x80048048")]
    {
        let body = json!({"SolutionName": name, "Managed": true});
        assert_eq!(refused(&mut environment, "POST", "ExportSolution", &body).1, code, "{name}");
    }
}

#[test]
fn jobs_wait_for_one_another_and_go_on_after_a_restart() {
    let mut environment = portal();
    let first = act(&mut environment, "ImportSolutionAsync", &import(&solution("1.0.0.0", false)));
    let second = act(&mut environment, "ImportSolutionAsync", &import(&solution("2.0.0.0", false)));
    let mut restored = Environment::restore(&environment.save()).unwrap();
    poll(&mut restored, &first["AsyncOperationId"]);
    let path = format!("asyncoperations({})", second["AsyncOperationId"].as_str().unwrap());
    assert_ne!(get(&mut restored, &path)["statecode"], 3);
    poll(&mut restored, &second["AsyncOperationId"]);
    assert_eq!(find(&mut restored)["version"], "2.0.0.0");
}

#[test]
fn everything_is_published_and_actions_take_no_get() {
    act(&mut portal(), "PublishAllXml", &Value::Null);
    let (status, code, _) = refused(&mut portal(), "GET", "PublishAllXml", &Value::Null);
    assert_eq!((status, code.as_str()), (404, ""));
}
