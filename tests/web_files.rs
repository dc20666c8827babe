//! The content of web files goes where the target's version of the portal reads it: into a file column, or a note.

#![cfg(test)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dataverse_emulator::{Cell, Environment};
use migration::{Counts, Fate, ImportReport, Plan, ProblemKind};
use scenarios::emulated_target::Stubs;
use scenarios::job::Job;
use scenarios::round_trip::round_trip_of;
use scenarios::small_package::zip_of;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Web files and notes, as a portal's schema has them below 9.3.2201.
const WITH_NOTES: &str = r#"<entities><entity name="adx_webfile" displayname="Web File" primaryidfield="adx_webfileid" primarynamefield="adx_name" disableplugins="false"><fields>
 <field displayname="Web File" name="adx_webfileid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
</fields></entity>
<entity name="annotation" displayname="Note" primaryidfield="annotationid" primarynamefield="subject" disableplugins="false"><fields>
 <field displayname="Note" name="annotationid" type="guid" primaryKey="true" />
 <field displayname="File" name="filename" type="string" />
 <field displayname="Type" name="mimetype" type="string" />
 <field displayname="Body" name="documentbody" type="string" />
 <field displayname="Is document" name="isdocument" type="bool" />
 <field displayname="Changed" name="modifiedon" type="datetime" />
 <field displayname="Regarding" name="objectid" type="entityreference" lookupType="adx_webfile" />
</fields></entity></entities>"#;
/// Web files from 9.3.2201 on.
const WITH_COLUMN: &str = r#"<entities><entity name="adx_webfile" displayname="Web File" primaryidfield="adx_webfileid" primarynamefield="adx_name" disableplugins="false"><fields>
 <field displayname="Web File" name="adx_webfileid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
 <field displayname="Content" name="adx_filecontent" type="filedata" />
 <field displayname="Migrated" name="adx_migratedtofilecontent" type="bool" />
</fields></entity></entities>"#;
const FILE: &str = "40ae271b-0000-0000-0000-0000000000f1";
const WEB_FILE: Uuid = Uuid::from_u128(1);
const OLD: Uuid = Uuid::from_u128(11);
const NEW: Uuid = Uuid::from_u128(12);
/// `new` and `old` in base64.
const BODIES: [(Uuid, &str, &str); 2] = [(NEW, "bmV3", "2024-05-01"), (OLD, "b2xk", "2023-05-01")];

fn data(web_file: &str, notes: &str) -> String {
    let table = |name: &str, records: &str| match records {
        "" => String::new(),
        records => format!(
            r#"<entity name="{name}" displayname="{name}"><records>{records}</records><m2mrelationships /></entity>"#
        ),
    };
    let web_file = format!(
        r#"<record id="{WEB_FILE}"><field name="adx_webfileid" value="{WEB_FILE}" /><field name="adx_name" value="site.css" />{web_file}</record>"#
    );
    let tables = [table("adx_webfile", &web_file), table("annotation", notes)].concat();
    format!(r#"<entities timestamp="2024-07-26T15:51:30.5429904Z">{tables}</entities>"#)
}

/// The content of a web file in base64, another one for each.
fn body(file: u128) -> String {
    STANDARD.encode(format!("file {file}"))
}

/// A web file with two notes.
fn with_notes() -> Vec<u8> {
    let note = |(id, body, day): &(Uuid, &str, &str)| {
        format!(
            r#"<record id="{id}"><field name="annotationid" value="{id}" /><field name="filename" value="site.css" /><field name="mimetype" value="text/css" /><field name="documentbody" value="{body}" /><field name="isdocument" value="True" /><field name="modifiedon" value="{day}T10:00:00.0000000Z" /><field name="objectid" value="{WEB_FILE}" lookupentity="adx_webfile" /></record>"#
        )
    };
    zip_of(WITH_NOTES, &data("", &BODIES.iter().map(note).collect::<String>()), &[])
}

/// A web file with its content in the column.
fn with_column() -> Vec<u8> {
    let content = format!(r#"<field name="adx_filecontent" value="{FILE}" filename="site.css" />"#);
    zip_of(WITH_COLUMN, &data(&content, ""), &[(FILE, b"new")])
}

fn job(zip: &[u8], target: &str) -> Job {
    let environment = Environment::builder("Target").tables_xml(target.as_bytes()).build().unwrap();
    Job::into_environment(zip, environment).unwrap()
}

/// Imports twice; the second time nothing is left to be written.
fn done(job: &mut Job) -> (Plan, ImportReport) {
    let imported = job.import().unwrap();
    assert_eq!(imported.plan.counts(), imported.report.counts());
    assert_eq!(imported.report.counts().failed, 0, "{:?}", imported.report);
    let second = job.engines.plan(&job.loaded, &imported.tables).unwrap();
    assert_eq!(second.counts().writes(), 0, "nothing is left to be written");
    (imported.plan, imported.report)
}

fn skipped(report: &ImportReport) -> Vec<Uuid> {
    let records = report.tables.iter().flat_map(|t| &t.records);
    let skipped = records.filter(|r| matches!(&r.fate, Fate::Skipped(p) if p.kind == ProblemKind::NotMoved));
    let mut ids: Vec<Uuid> = skipped.map(|r| r.id).collect();
    ids.sort_unstable();
    ids
}

/// The bodies of the web file's notes.
fn notes(job: &Job) -> Vec<Cell> {
    let environment = job.way().environment();
    environment.rows("annotation").map(|row| row.cell("documentbody").cloned().unwrap_or_default()).collect()
}

fn column(job: &Job) -> Option<Vec<u8>> {
    job.way().environment().file("adx_webfile", WEB_FILE, "adx_filecontent").map(<[u8]>::to_vec)
}

#[test]
fn of_several_notes_only_the_newest_goes_where_notes_are_read() {
    let mut job = job(&with_notes(), WITH_NOTES);
    let (_, report) = done(&mut job);
    assert_eq!(skipped(&report), [OLD]);
    assert_eq!(report.counts(), Counts { created: 2, skipped: 1, ..Counts::default() });
    assert_eq!(notes(&job), [Cell::Text("bmV3".into())]);
}

#[test]
fn each_of_eighteen_web_files_brings_its_content() {
    let files = 1..=18_u128;
    let web_file = |n: u128| {
        let id = Uuid::from_u128(n);
        format!(
            r#"<record id="{id}"><field name="adx_webfileid" value="{id}" /><field name="adx_name" value="{n}.css" /></record>"#
        )
    };
    let note = |n: u128| {
        let (id, file, body) = (Uuid::from_u128(100 + n), Uuid::from_u128(n), body(n));
        format!(
            r#"<record id="{id}"><field name="annotationid" value="{id}" /><field name="filename" value="{n}.css" /><field name="mimetype" value="text/css" /><field name="documentbody" value="{body}" /><field name="isdocument" value="True" /><field name="objectid" value="{file}" lookupentity="adx_webfile" /></record>"#
        )
    };
    let (web_files, notes): (String, String) = files.clone().map(|n| (web_file(n), note(n))).unzip();
    let data = format!(
        r#"<entities timestamp="2024-07-26T15:51:30.5429904Z"><entity name="adx_webfile" displayname="Web File"><records>{web_files}</records><m2mrelationships /></entity><entity name="annotation" displayname="Note"><records>{notes}</records><m2mrelationships /></entity></entities>"#
    );
    let zip = zip_of(WITH_NOTES, &data, &[]);
    let mut with_notes = job(&zip, WITH_NOTES);
    done(&mut with_notes);
    let bodies: BTreeSet<String> =
        self::notes(&with_notes).iter().filter_map(Cell::as_text).map(str::to_owned).collect();
    assert_eq!(bodies, files.clone().map(body).collect());
    let mut with_column = job(&zip, WITH_COLUMN);
    done(&mut with_column);
    for n in files {
        let environment = with_column.way().environment();
        let content = environment.file("adx_webfile", Uuid::from_u128(n), "adx_filecontent");
        assert_eq!(content.map(|content| STANDARD.encode(content)), Some(body(n)));
    }
}

#[test]
fn the_newest_note_becomes_the_file_where_the_column_is_read() {
    let mut job = job(&with_notes(), WITH_COLUMN);
    let (_, report) = done(&mut job);
    assert_eq!(skipped(&report), [OLD, NEW]);
    assert_eq!((column(&job), notes(&job)), (Some(b"new".to_vec()), vec![]));
    let environment = job.way().environment();
    let row = environment.row("adx_webfile", WEB_FILE).unwrap();
    assert_eq!(row.cell("adx_filecontent_name"), Some(&Cell::Text("site.css".into())));
    assert_eq!(row.cell("adx_migratedtofilecontent"), Some(&Cell::Boolean(true)));
}

#[test]
fn the_file_becomes_a_note_where_notes_are_read() {
    let mut job = job(&with_column(), WITH_NOTES);
    let (_, report) = done(&mut job);
    assert_eq!(report.counts(), Counts { created: 2, ..Counts::default() }, "the web file and its note");
    assert_eq!(report.notes.len(), 1, "a record more than the package has is told: {:?}", report.notes);
    let warnings: usize = report.tables.iter().flat_map(|t| &t.records).map(|r| r.warnings.len()).sum();
    assert_eq!((warnings, notes(&job)), (0, vec![Cell::Text("bmV3".into())]));
}

#[test]
fn the_file_stays_a_file_where_the_column_is_read() {
    let mut job = job(&with_column(), WITH_COLUMN);
    let (_, report) = done(&mut job);
    assert_eq!(report.counts(), Counts { created: 1, ..Counts::default() });
    assert_eq!(column(&job), Some(b"new".to_vec()));
}

#[test]
fn a_round_trip_knows_which_notes_nobody_reads() {
    let trip = round_trip_of("notes.zip", &with_notes(), Stubs::Present).unwrap();
    assert_eq!(trip.faults, [""; 0]);
    assert_eq!(trip.facts.unread_notes.iter().copied().collect::<Vec<_>>(), [OLD]);
}
