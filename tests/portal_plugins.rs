//! A portal that makes pages by itself: an import must not end with more pages than the package has, and must say so
//! beforehand where it cannot help it.

#![cfg(test)]

use cmt::Schema;
use dataverse_emulator::{Builder, Cell, Environment};
use http::Request;
use migration::{Action, PagePlugIns, Plan, ProblemKind};
use scenarios::emulated_target::{PlugIns, Stubs, Target};
use scenarios::engines::Engines;
use scenarios::job::Job;
use scenarios::packages::package;
use scenarios::round_trip::round_trip;
use scenarios::under_weather::UnderWeather;
use serde_json::{Value, json};
use uuid::Uuid;

const SCHEMA: &[u8] = include_bytes!("../schemas/dataverse-blank.xml");
const DEVELOPMENT: &[u8] = include_bytes!("../src/demo/contoso_development.xml");
const BYPASS: &str = "prvBypassCustomBusinessLogic";
const SWITCH: &str = "prvWriteSdkMessageProcessingStep";

/// An empty portal.
fn portal() -> Builder {
    Environment::builder("Target").tables_xml(SCHEMA)
}

/// The portal that Contoso Development exports, on its way into `target`.
fn job(target: Environment) -> Job {
    let development =
        Environment::builder("Source").tables_xml(SCHEMA).data_xml(DEVELOPMENT).build().unwrap();
    let schema = Schema::parse(SCHEMA).unwrap().0;
    let zip = Engines::new(&UnderWeather::calm(development)).export(&schema).unwrap().0;
    Job::into_environment(&zip, target).unwrap()
}

/// Pages that the package brings, and pages that the target has.
fn pages(job: &Job) -> (usize, usize) {
    let brought = job.loaded.tables.iter().find(|t| t.name == "adx_webpage").unwrap().records.len();
    (brought, job.way().environment().count("adx_webpage"))
}

/// Sends a request that has to succeed.
fn send(environment: &mut Environment, method: &str, path: &str, body: &Value) {
    let request = Request::builder()
        .method(method)
        .uri(format!("https://target.crm.dynamics.com/api/data/v9.2/{path}"))
        .header("Authorization", "Bearer any")
        .header("Content-Type", "application/json")
        .body(body.to_string().into_bytes());
    let answer = environment.answer(&request.unwrap());
    assert_eq!(answer.status(), 204, "{}", String::from_utf8_lossy(answer.body()));
}

/// Switches the steps of web pages off, for everybody.
fn switch_steps_off(environment: &mut Environment) {
    let ids: Vec<_> = environment.rows("sdkmessageprocessingstep").map(|step| step.id()).collect();
    for id in ids {
        let path = format!("sdkmessageprocessingsteps({id})");
        send(environment, "PATCH", &path, &json!({"statecode": 1, "statuscode": 2}));
    }
}

/// Registers steps of that plug-in beside those of the portal, for the same message as its first.
fn register(environment: &mut Environment, plug_in: &str, steps: usize) {
    let like = environment.rows("sdkmessageprocessingstep").next().unwrap();
    let id = |column: &str| match like.cell(column) {
        Some(Cell::Lookup { id, .. }) => *id,
        other => panic!("{column} points to {other:?}"),
    };
    let (message, filter) = (id("sdkmessageid"), id("sdkmessagefilterid"));
    let plug_in_type = Uuid::from_u128(7);
    let body = json!({"plugintypeid": plug_in_type, "name": plug_in, "typename": plug_in});
    send(environment, "POST", "plugintypes", &body);
    for number in 0..steps {
        let body = json!({
            "name": format!("{plug_in}: {number}"), "stage": 40, "mode": 0, "rank": 1, "supporteddeployment": 0,
            "asyncautodelete": false,
            "sdkmessageid@odata.bind": format!("/sdkmessages({message})"),
            "sdkmessagefilterid@odata.bind": format!("/sdkmessagefilters({filter})"),
            "eventhandler_plugintype@odata.bind": format!("/plugintypes({plug_in_type})"),
        });
        send(environment, "POST", "sdkmessageprocessingsteps", &body);
    }
}

#[test]
fn an_import_ends_with_the_packages_pages_and_no_others() {
    for plug_ins in [true, false] {
        let mut job = job(portal().plugins(plug_ins).build().unwrap());
        let imported = job.import().unwrap();
        let (brought, there) = pages(&job);
        assert_eq!((imported.report.counts().failed, brought), (1, there), "only the script is blocked");
        assert_eq!((imported.plan.notes.len(), imported.report.notes.len()), (0, 0));
        assert_eq!(job.false_claims(&imported.report), []);
    }
}

#[test]
fn the_k12_portal_comes_out_as_it_went_in_whether_plug_ins_run_or_not() {
    let Some(path) = package("education-k12-portal") else { return };
    for plug_ins in [PlugIns::On, PlugIns::Off] {
        let trip = round_trip(&path, Target { stubs: Stubs::Present, plug_ins }).unwrap();
        assert_eq!(trip.faults, [""; 0], "{plug_ins:?}");
        assert_eq!((trip.report.counts().created, trip.report.notes.len()), (924, 0), "{plug_ins:?}");
        let name = plug_ins.name();
        assert!(trip.json().unwrap().contains(&format!(r#""plugins":"{name}""#)));
    }
}

/// Content pages that the plan takes from the service.
fn adopted(plan: &Plan) -> usize {
    let pages =
        plan.tables.iter().filter(|table| table.table == "adx_webpage").flat_map(|table| &table.records);
    pages.filter(|page| page.action == Action::Adopt).count()
}

/// Imports with plug-ins that run: the package's content pages are those that the service made, and no other is there
/// than the plan says.
fn takes_the_made_pages(mut job: Job) {
    let imported = job.import().unwrap();
    assert_eq!(adopted(&imported.plan), 14);
    assert_eq!(imported.plan.counts(), imported.report.counts());
    assert_eq!(imported.report.counts().failed, 1, "only the script is blocked");
    assert_eq!(job.false_claims(&imported.report), []);
    let note = imported.plan.notes.last().unwrap();
    assert!(note.what.contains("14 of the package's content pages"), "{note}");
    assert!(note.what.contains("About us (Deutsch)") || note.what.contains("About us (German)"), "{note}");
    // Six root pages have a content page in one of the site's two languages only.
    assert!(note.what.contains("For 6 root pages"), "{note}");
    let (brought, there) = pages(&job);
    assert_eq!(there, brought + 6);
    let (_, second) = job.plan().unwrap();
    assert_eq!(second.counts().writes(), 0);
}

#[test]
fn without_the_privilege_the_pages_that_the_service_makes_are_the_packages() {
    let mut job = job(portal().without_privilege(BYPASS).build().unwrap());
    let (_, plan) = job.plan().unwrap();
    assert_eq!(plan.notes[0].kind, ProblemKind::PlugIns);
    assert!(plan.notes[0].what.contains(BYPASS), "{}", plan.notes[0]);
    takes_the_made_pages(job);
}

#[test]
fn who_lets_the_plug_ins_run_gets_the_packages_pages_all_the_same() {
    let mut job = job(portal().build().unwrap());
    job.engines.options.page_plug_ins = PagePlugIns::Running;
    takes_the_made_pages(job);
}

#[test]
fn switching_the_steps_off_takes_the_users_word_and_the_privilege() {
    let planned = |target: Environment| {
        let mut job = job(target);
        job.engines.options.page_plug_ins = PagePlugIns::SwitchedOff;
        job.plan().unwrap().1
    };
    let plan = planned(portal().build().unwrap());
    assert_eq!((plan.switches.steps.len(), adopted(&plan)), (4, 0));
    assert!(plan.notes[0].what.contains("4 plug-in steps"), "{}", plan.notes[0]);
    let plan = planned(portal().without_privilege(SWITCH).build().unwrap());
    assert_eq!((plan.switches.steps.len(), adopted(&plan)), (0, 0), "the requests bypass them then");
    assert!(plan.notes[0].what.contains(SWITCH), "{}", plan.notes[0]);
    let plan = planned(portal().without_privilege(SWITCH).without_privilege(BYPASS).build().unwrap());
    assert_eq!((plan.switches.steps.len(), adopted(&plan)), (0, 14), "nothing keeps them from running");
}

#[test]
fn pages_come_after_their_parents_so_that_none_is_taken_for_the_home_page() {
    let mut job = job(portal().without_privilege(BYPASS).build().unwrap());
    let imported = job.import().unwrap();
    assert_eq!(imported.report.counts().failed, 1, "only the script is blocked");
}

#[test]
fn steps_that_somebody_switched_off_need_no_privilege_and_no_note() {
    let mut target = portal().without_privilege(BYPASS).build().unwrap();
    switch_steps_off(&mut target);
    let mut job = job(target);
    let imported = job.import().unwrap();
    assert_eq!(imported.plan.notes, []);
    let (brought, there) = pages(&job);
    assert_eq!(brought, there);
}

#[test]
fn more_steps_than_a_request_may_name_are_told_beforehand() {
    let mut target = portal().build().unwrap();
    register(&mut target, "Microsoft.Portals.FurtherPlugin", 2);
    let (_, plan) = job(target).plan().unwrap();
    let [note, pages] = plan.notes.as_slice() else { panic!("two notes, not {:?}", plan.notes) };
    assert!(note.what.contains("4 plug-in steps"), "{note}");
    assert!(note.remedy.contains("switched off"), "{note}");
    assert!(pages.what.contains("content pages"), "{pages}");
}

#[test]
fn steps_of_the_environments_own_rules_are_left_to_run() {
    let mut target = portal().build().unwrap();
    register(&mut target, "Contoso.Plugins.CheckPage", 5);
    let mut job = job(target);
    let imported = job.import().unwrap();
    assert_eq!(imported.plan.notes, [], "they do not count among those that must not run");
    let (brought, there) = pages(&job);
    assert_eq!(brought, there);
}

#[test]
fn a_plan_that_writes_no_page_has_nothing_to_say_of_them() {
    let mut job = job(portal().without_privilege(BYPASS).build().unwrap());
    job.import().unwrap();
    let (_, second) = job.plan().unwrap();
    assert_eq!((second.counts().writes(), second.notes), (0, vec![]));
}
