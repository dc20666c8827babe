//! Every recorded answer of a real organization has the shape of the emulator's answer to the same request: names, types,
//! annotations, contexts and versions. What differs is listed here with its reason.

#![cfg(test)]

mod recorded_differences;

use dataverse_emulator::Environment;
use recorded_differences::{EXPECTED, Expected};
use scenarios::recorded::bodies::{Body, bodies, capture};
use scenarios::recorded::json::Json;
use scenarios::recorded::requests::{Case, case};
use scenarios::recorded::shape::differences;
use scenarios::recorded::world::NAME;
use std::collections::BTreeSet;

/// A recorded answer's name, where in it, and how the emulator's differs.
type Found = (String, String, String);

#[test]
fn every_recorded_answer_has_the_shape_of_the_emulators() {
    let Some(bodies) = bodies() else { return };
    assert!(bodies.len() >= 41, "{} recorded answers", bodies.len());
    let known = Environment::builder(NAME).build().unwrap();
    let found: Vec<Found> = bodies.iter().flat_map(|body| compared(&known, body)).collect();
    let mut used = BTreeSet::new();
    let mut unexpected = Vec::new();
    for difference in &found {
        match EXPECTED.iter().position(|expected| expected.covers(difference)) {
            Some(position) => drop(used.insert(position)),
            None => unexpected.push(format!("{} {}: {}", difference.0, difference.1, difference.2)),
        }
    }
    assert!(unexpected.is_empty(), "{} differences:\n{}", unexpected.len(), unexpected.join("\n"));
    let idle: Vec<&Expected> = EXPECTED
        .iter()
        .enumerate()
        .filter(|(at, _)| !used.contains(at))
        .map(|(_, expected)| expected)
        .collect();
    assert!(idle.is_empty(), "no longer needed: {idle:#?}");
}

/// The differences between a recorded answer and the emulator's.
fn compared(known: &Environment, body: &Body) -> Vec<Found> {
    let case = case(known, body).unwrap_or_else(|| panic!("{}: no rule knows its request", body.name));
    let mut case = case.unwrap_or_else(|error| panic!("{}: {error}", body.name));
    let answer = case.answer();
    let told = |at: String, how: String| (body.name.clone(), at, how);
    let status = answer.status().as_u16();
    if status != case.status {
        let text = String::from_utf8_lossy(answer.body());
        return vec![told("status".to_owned(), format!("{status} {text}"))];
    }
    let json = Json::read(answer.body()).unwrap_or_else(|error| panic!("{}: {error}", body.name));
    differences(&body.json, &json).into_iter().map(|(at, how)| told(at, how)).collect()
}

#[test]
fn an_error_across_origins_has_the_recorded_headers_and_words() {
    if bodies().is_none() {
        return;
    }
    let capture = capture().expect("the capture is beside the recorded answers");
    let header = |name: &str| {
        let start = format!("{name}: ");
        let line =
            capture.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_else(|| panic!("{name}"));
        line.to_owned()
    };
    let details = r#"{"tables": {"bot": {"primaryName": "name", "columns": {"name": {"type": "text"}}}}}"#;
    let environment = Environment::builder(NAME).details(details.as_bytes()).build().unwrap();
    let fetch = "<fetch><entity name=\"bot\"><attribute name=\"agentlifecycle\"/></entity></fetch>";
    let encoded = fetch.replace('<', "%3C").replace('>', "%3E").replace('"', "%22");
    let mut case = Case {
        method: "GET",
        path: format!("bots?fetchXml={encoded}"),
        prefer: None,
        body: String::new(),
        status: 400,
        environment,
    };
    let answer = case.answer();
    assert_eq!(answer.status().as_u16(), 400);
    for name in
        ["access-control-allow-origin", "access-control-expose-headers", "content-type", "odata-version"]
    {
        assert_eq!(answer.headers()[name].to_str().unwrap(), header(name), "{name}");
    }
    let recorded = Json::read(&capture.as_bytes()[capture.find('{').unwrap()..]).unwrap();
    let emulated = Json::read(answer.body()).unwrap();
    assert_eq!(differences(&recorded, &emulated), []);
    let text = |json: &Json, name: &str| json.get("error").get(name).text().unwrap().to_owned();
    assert_eq!(text(&emulated, "code"), text(&recorded, "code"));
    let words = |json: &Json| text(json, "message").split("orgIndex").next().unwrap().to_owned();
    assert_eq!(words(&emulated), words(&recorded));
}
