//! What an import switches off for everybody is on again in every ending, or the user is told what is not, and the
//! next start puts it back.

#![cfg(test)]

use cmt::Schema;
use dataverse_emulator::{Environment, Weather};
use migration::{EnvironmentTables, Journal, PagePlugIns, Plan, ProblemKind, left_off, put_back};
use scenarios::engines::Engines;
use scenarios::interrupted::cut_after;
use scenarios::job::Job;
use scenarios::under_weather::UnderWeather;

const SCHEMA: &[u8] = include_bytes!("../schemas/dataverse-blank.xml");
const DEVELOPMENT: &[u8] = include_bytes!("../src/demo/contoso_development.xml");
const BYPASS: &str = "prvBypassCustomBusinessLogic";

/// The portal that Contoso Development exports, on its way into an empty portal where nobody may bypass plug-ins, with
/// consent to switch them off and to let its script in.
fn job() -> (Job, EnvironmentTables, Plan) {
    let source = Environment::builder("Source").tables_xml(SCHEMA).data_xml(DEVELOPMENT).build().unwrap();
    let schema = Schema::parse(SCHEMA).unwrap().0;
    let zip = Engines::new(&UnderWeather::calm(source)).export(&schema).unwrap().0;
    let target = Environment::builder("Target").tables_xml(SCHEMA).without_privilege(BYPASS).build().unwrap();
    let mut job = Job::into_environment(&zip, target).unwrap();
    job.engines.options.page_plug_ins = PagePlugIns::SwitchedOff;
    job.engines.options.lift_attachment_blocks = true;
    let (tables, plan) = job.plan().unwrap();
    assert!(plan.switches.steps.len() > 1 && plan.switches.attachments == ["js"], "{:?}", plan.switches);
    (job, tables, plan)
}

/// How many steps run, and the blocked attachments.
fn switches(job: &Job) -> (usize, String) {
    let environment = job.way().environment();
    let on = environment.rows("sdkmessageprocessingstep");
    let on = on.filter(|step| step.cell("statecode").and_then(|cell| cell.integer()) == Some(0)).count();
    let organization = environment.rows("organization").next().unwrap();
    (on, organization.cell("blockedattachments").unwrap().as_text().unwrap().to_owned())
}

/// Pages that the package brings, and pages that the target has.
fn pages(job: &Job) -> (usize, usize) {
    let brought = job.loaded.table("adx_webpage").unwrap().records.len();
    (brought, job.way().environment().count("adx_webpage"))
}

#[test]
fn after_a_whole_run_all_is_on_again_and_no_page_came_twice() {
    let (mut job, tables, plan) = job();
    let before = switches(&job);
    let mut kept = Vec::new();
    let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut kept).unwrap();
    assert_eq!((report.stopped.as_ref(), report.counts().failed), (None, 0));
    assert_eq!(switches(&job), before);
    assert_eq!(left_off(&kept).unwrap(), [""; 0]);
    let (brought, there) = pages(&job);
    assert_eq!(brought, there);
}

#[test]
fn after_a_stop_at_any_question_all_is_on_again() {
    for questions in 0.. {
        let (mut job, tables, plan) = job();
        let before = switches(&job);
        job.engines.stop_after(Some(questions));
        let mut kept = Vec::new();
        let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut kept).unwrap();
        assert_eq!(switches(&job), before, "stopped at question {questions}");
        assert_eq!(left_off(&kept).unwrap(), [""; 0], "stopped at question {questions}");
        if report.stopped.is_none() {
            assert!(questions > 5, "only {questions} questions");
            return;
        }
    }
}

#[test]
fn what_a_lost_network_leaves_off_is_told_and_put_back_at_the_next_start() {
    let mut left = 0;
    for requests in 0.. {
        let (mut job, tables, plan) = job();
        let before = switches(&job);
        job.way().set_weather(cut_after(requests));
        let mut kept = Vec::new();
        let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut kept).unwrap();
        job.way().set_weather(Weather::calm());
        let case = format!("cut after {requests} requests");
        let is_off = switches(&job) != before;
        let told = report.notes.iter().any(|note| {
            matches!(note.kind, ProblemKind::PlugIns | ProblemKind::Attachment)
                && note.what.contains(" still ")
        });
        assert!(!is_off || (told && !left_off(&kept).unwrap().is_empty()), "{case}: {:?}", report.notes);
        left += usize::from(is_off);
        let earlier = kept.clone();
        let journal = Journal::reopen(&earlier, &mut kept).unwrap();
        let client = job.way().client();
        let problems = job.way().clock().run(put_back(&client, journal));
        assert_eq!(problems, [], "{case}");
        assert_eq!(switches(&job), before, "{case}");
        assert_eq!(left_off(&kept).unwrap(), [""; 0], "{case}");
        let earlier = kept.clone();
        let rest = job.engines.import_after(&job.loaded, &tables, &plan, &earlier, &mut kept).unwrap();
        assert_eq!((rest.stopped.as_ref(), rest.counts().failed), (None, 0), "{case}");
        assert_eq!(switches(&job), before, "{case}");
        let (brought, there) = pages(&job);
        assert_eq!(brought, there, "{case}");
        if report.stopped.is_none() {
            assert!(left > 5, "only {left} runs left something off");
            return;
        }
    }
}
