//! Images go in and come out in full size, although a row tells a thumbnail of them.

#![cfg(test)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cmt::Value;
use dataverse_emulator::{Environment, Records};
use migration::{Action, Counts, ImportReport, ProblemKind};
use scenarios::engines::load;
use scenarios::job::Job;
use scenarios::small_package::{data_of, zip_of};
use uuid::Uuid;

const SCHEMA: &str = r#"<entities><entity name="contoso_permit" displayname="Permit" primaryidfield="contoso_permitid" primarynamefield="contoso_name" disableplugins="false"><fields>
 <field displayname="Permit" name="contoso_permitid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string" />
 <field displayname="Photo" name="contoso_photo" type="imagedata" />
 <field displayname="Plan" name="contoso_plan" type="imagedata" />
</fields></entity></entities>"#;
const MADE: &str = "2024-07-26T15:51:30.5429904Z";
const UNCHANGED: Counts =
    Counts { created: 0, updated: 0, unchanged: 1, skipped: 0, failed: 0, unconfirmed: 0 };

/// The beginning of a PNG of 300 by 428 pixels, and something behind it.
fn picture(content: &str) -> String {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let sizes = [300_u32.to_be_bytes(), 428_u32.to_be_bytes()].concat();
    STANDARD.encode([head.as_slice(), &sizes, content.as_bytes()].concat())
}

fn package(photos: &[(&str, &str)]) -> Vec<u8> {
    let record = |(number, (photo, plan)): (u128, &(&str, &str))| {
        let id = Uuid::from_u128(number);
        let (photo, plan) = (picture(photo), picture(plan));
        format!(
            r#"<record id="{id}"><field name="contoso_permitid" value="{id}" /><field name="contoso_name" value="Roof" /><field name="contoso_photo" value="{photo}" /><field name="contoso_plan" value="{plan}" /></record>"#
        )
    };
    let records: String = (1..).zip(photos).map(record).collect();
    zip_of(SCHEMA, &data_of(MADE, "contoso_permit", &records), &[])
}

fn job_into(zip: &[u8], photo: &str) -> Job {
    let details =
        format!(r#"{{"tables": {{"contoso_permit": {{"columns": {{"contoso_photo": {photo}}}}}}}}}"#);
    let environment = Environment::builder("Target").package(zip, Records::Leave);
    Job::into_environment(zip, environment.details(details.as_bytes()).build().unwrap()).unwrap()
}

fn job(zip: &[u8]) -> Job {
    job_into(zip, r#"{"type": "image", "canStoreFullImage": true}"#)
}

/// Imports, and brings the report and what the run wrote down.
fn import(job: &mut Job) -> (migration::Plan, ImportReport, Vec<u8>) {
    let (tables, plan) = job.plan().unwrap();
    let mut journal = Vec::new();
    let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut journal).unwrap();
    (plan, report, journal)
}

/// The images of all records, by the column.
fn images(zip: Vec<u8>, column: &str) -> Vec<String> {
    let package = load(&zip).unwrap();
    let values = package.tables[0].records.iter().filter_map(|record| match record.value(column) {
        Some(Value::Image(image)) => Some(image.clone()),
        _ => None,
    });
    values.collect()
}

/// Exports what the package's schema names.
fn exported(job: &mut Job) -> Vec<u8> {
    let schema = job.loaded.schema.clone();
    let (zip, report) = job.engines.export(&schema).unwrap();
    assert_eq!(report.problems, []);
    zip
}

#[test]
fn images_go_in_and_come_out_in_full_size() {
    let photos: Vec<(String, String)> =
        (0..40).map(|n| (format!("photo {n}"), format!("plan {n}"))).collect();
    let photos: Vec<(&str, &str)> = photos.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let zip = package(&photos);
    let mut job = job(&zip);
    let (_, report, _) = import(&mut job);
    assert_eq!((report.counts().created, report.counts().total()), (40, 40), "{:?}", report.stopped);
    let (_, second) = job.plan().unwrap();
    assert_eq!(second.counts().unchanged, 40, "the thumbnails differ, and the images do not");
    let back = exported(&mut job);
    for column in ["contoso_photo", "contoso_plan"] {
        assert_eq!(images(back.clone(), column), images(zip.clone(), column));
    }
}

#[test]
fn another_image_with_the_same_thumbnail_is_an_update_that_can_be_taken_back() {
    let first = package(&[("first", "plan")]);
    let mut job = job(&first);
    import(&mut job);
    job.loaded = load(&package(&[("first, with more behind its head", "plan")])).unwrap();
    let (plan, report, journal) = import(&mut job);
    let Action::Update(changes) = &plan.tables[0].records[0].action else { panic!("no update") };
    assert_eq!(changes.iter().map(|c| c.column.as_str()).collect::<Vec<_>>(), ["contoso_photo"]);
    assert_eq!((report.counts().updated, report.stopped), (1, None));

    let (_, tables) = job.engines.check(&job.loaded).unwrap();
    let undo = migration::undo_package(&tables, &plan, &journal, "2026-11-27T12:00:00.0000000Z").unwrap();
    job.loaded = load(&undo).unwrap();
    let (_, undone, _) = import(&mut job);
    assert_eq!((undone.counts().updated, undone.stopped), (1, None));
    job.loaded = load(&first).unwrap();
    assert_eq!(job.plan().unwrap().1.counts(), UNCHANGED);
}

#[test]
fn an_image_that_the_column_has_no_room_for_is_known_before_anything_is_sent() {
    let zip = package(&[(&"x".repeat(3 * 1024), "plan")]);
    let mut job = job_into(&zip, r#"{"type": "image", "canStoreFullImage": true, "maxSizeInKB": 2}"#);
    let (_, plan) = job.plan().unwrap();
    let Action::Blocked(problem) = &plan.tables[0].records[0].action else { panic!("not blocked") };
    assert_eq!(
        (problem.kind, problem.place.column.as_deref()),
        (ProblemKind::Attachment, Some("contoso_photo"))
    );
    assert!(problem.what.contains("2 KB are allowed"), "{}", problem.what);
}

#[test]
fn where_thumbnails_alone_are_kept_the_image_is_written_once_and_its_thumbnail_comes_out() {
    let zip = package(&[("photo", "plan")]);
    let mut job = job_into(&zip, r#"{"type": "image", "canStoreFullImage": false}"#);
    let (_, report, _) = import(&mut job);
    assert_eq!((report.counts().created, report.stopped), (1, None));
    assert_eq!(job.plan().unwrap().1.counts(), UNCHANGED);
    let back = exported(&mut job);
    let photo = images(back.clone(), "contoso_photo");
    assert_eq!(photo.len(), 1);
    assert_ne!(photo, images(zip.clone(), "contoso_photo"));
    assert_eq!(images(back, "contoso_plan"), images(zip, "contoso_plan"));
}
