//! Files in file columns: they go in and come out as they are, and nothing is written twice.

#![cfg(test)]

use dataverse_emulator::{Environment, Records, Weather};
use migration::{Action, Counts, ImportOptions, ProblemKind};
use scenarios::emulated_target::Stubs;
use scenarios::interrupted::cut_after;
use scenarios::job::{Imported, Job};
use scenarios::round_trip::round_trip_of;
use scenarios::small_package::{data_of, zip_of};
use uuid::Uuid;

const SCHEMA: &str = r#"<entities><entity name="contoso_permit" displayname="Permit" primaryidfield="contoso_permitid" primarynamefield="contoso_name" disableplugins="false"><fields>
 <field displayname="Permit" name="contoso_permitid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string" />
 <field displayname="Plan" name="contoso_plan" type="filedata" />
</fields></entity></entities>"#;
const MADE: &str = "2024-07-26T15:51:30.5429904Z";
const FILE: &str = "40ae271b-0000-0000-0000-0000000000f1";
const PERMIT: Uuid = Uuid::from_u128(1);

/// A package of one permit with a file of this name and content.
fn package(name: &str, content: Option<&[u8]>) -> Vec<u8> {
    let record = format!(
        r#"<record id="{PERMIT}"><field name="contoso_permitid" value="{PERMIT}" /><field name="contoso_name" value="Roof" /><field name="contoso_plan" value="{FILE}" filename="{name}" /></record>"#
    );
    let files: Vec<(&str, &[u8])> = content.map(|content| (FILE, content)).into_iter().collect();
    zip_of(SCHEMA, &data_of(MADE, "contoso_permit", &record), &files)
}

fn job(zip: &[u8]) -> Job {
    let builder = Environment::builder("Target").package(zip, Records::Leave).blocked_attachments("exe;js");
    Job::into_environment(zip, builder.build().unwrap()).unwrap()
}

/// Another package into the environment of this job.
fn again(job: &mut Job, zip: &[u8]) -> Imported {
    job.loaded = scenarios::engines::load(zip).unwrap();
    job.import().unwrap()
}

fn there(job: &Job) -> Option<Vec<u8>> {
    job.way().environment().file("contoso_permit", PERMIT, "contoso_plan").map(<[u8]>::to_vec)
}

const CREATED: Counts =
    Counts { created: 1, updated: 0, unchanged: 0, skipped: 0, failed: 0, unconfirmed: 0 };
const UPDATED: Counts =
    Counts { created: 0, updated: 1, unchanged: 0, skipped: 0, failed: 0, unconfirmed: 0 };

#[test]
fn a_file_goes_in_and_comes_out_as_it_is() {
    let trip =
        round_trip_of("files.zip", &package("plän.pdf", Some(b"%PDF-1.7 roof")), Stubs::Present).unwrap();
    assert_eq!(trip.faults, [""; 0]);
    assert_eq!((trip.report.counts(), trip.second_plan_writes), (CREATED, 0));
}

#[test]
fn a_file_of_several_blocks_and_an_empty_one_go_in() {
    for content in [vec![7; 9 * 1024 * 1024], Vec::new()] {
        let mut job = job(&package("plan.pdf", Some(&content)));
        assert_eq!(job.import().unwrap().report.counts(), CREATED);
        assert_eq!(there(&job), Some(content));
    }
}

#[test]
fn another_content_under_the_same_name_and_size_is_an_update() {
    let mut job = job(&package("plan.pdf", Some(b"first")));
    job.import().unwrap();
    let imported = again(&mut job, &package("plan.pdf", Some(b"other")));
    let Action::Update(changes) = &imported.plan.tables[0].records[0].action else { panic!("no update") };
    assert_eq!(changes.iter().map(|c| c.column.as_str()).collect::<Vec<_>>(), ["contoso_plan"]);
    assert_eq!(imported.report.counts(), UPDATED);
    assert_eq!(there(&job), Some(b"other".to_vec()));
    let renamed = again(&mut job, &package("roof.pdf", Some(b"other")));
    assert_eq!(renamed.report.counts(), UPDATED);
    let (_, unchanged) = job.plan().unwrap();
    assert_eq!(unchanged.counts(), Counts { unchanged: 1, ..Counts::default() });
}

#[test]
fn a_file_that_the_package_lacks_is_said_and_the_rest_written() {
    let mut job = job(&package("plan.pdf", None));
    let imported = job.import().unwrap();
    assert_eq!(imported.report.counts(), CREATED);
    let told = imported.report.tables[0].records[0].warnings.iter();
    assert!(told.clone().any(|w| w.place.column.as_deref() == Some("contoso_plan")), "{told:?}");
    assert_eq!(there(&job), None);
}

#[test]
fn a_blocked_type_is_known_before_anything_is_sent_and_lifted_by_consent() {
    let zip = package("menu.js", Some(b"x"));
    let mut blocked = job(&zip);
    let (_, plan) = blocked.plan().unwrap();
    let Action::Blocked(problem) = &plan.tables[0].records[0].action else { panic!("not blocked") };
    assert_eq!(
        (problem.kind, problem.place.column.as_deref()),
        (ProblemKind::Attachment, Some("contoso_plan"))
    );

    let mut lifted = job(&zip);
    lifted.engines.options = ImportOptions { lift_attachment_blocks: true, ..ImportOptions::default() };
    let imported = lifted.import().unwrap();
    assert_eq!(imported.report.counts(), CREATED);
    assert_eq!(there(&lifted), Some(b"x".to_vec()));
}

#[test]
fn a_run_that_is_cut_at_any_request_says_so_and_the_next_one_does_the_rest() {
    let mut cut = 0;
    for requests in 0..40 {
        let mut job = job(&package("plan.pdf", Some(&[7; 5 * 1024 * 1024])));
        let (tables, plan) = job.plan().unwrap();
        job.way().set_weather(cut_after(requests));
        let report = job.engines.import(&job.loaded, &tables, &plan);
        job.way().set_weather(Weather::calm());
        assert_eq!(job.false_claims(&report), [], "{requests}");
        if report.stopped.is_none() {
            break;
        }
        cut += 1;
        let rest = job.import().unwrap().report;
        assert_eq!((rest.counts().failed, rest.counts().total()), (0, 1), "{requests}");
        assert_eq!(there(&job), Some(vec![7; 5 * 1024 * 1024]), "{requests}");
    }
    assert!(cut > 5, "{cut} requests could be cut");
}
