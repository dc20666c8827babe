//! What the user decides about values before an import: moved dates, dates of creation, emptied columns, owners.

#![cfg(test)]

use dataverse_emulator::{Cell, Environment, Records};
use migration::{Action, Counts, ImportOptions, Owners, Plan, ProblemKind};
use scenarios::job::{Imported, Job};
use scenarios::small_package::{data_of, zip_of};
use time::macros::datetime;
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::{Uuid, uuid};

const SCHEMA: &str = r#"<entities dateMode="relative"><entity name="contoso_visit" displayname="Visit" primaryidfield="contoso_visitid" primarynamefield="contoso_name" disableplugins="false"><fields>
 <field displayname="Visit" name="contoso_visitid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string" />
 <field displayname="Remark" name="contoso_remark" type="string" />
 <field displayname="Rating" name="contoso_rating" type="number" />
 <field displayname="Weight" name="contoso_weight" type="decimal" />
 <field displayname="Guest" name="contoso_guest" type="entityreference" lookupType="contact" />
 <field displayname="Day" name="contoso_day" type="datetime" />
 <field displayname="Deadline" name="contoso_deadline" type="datetime" dateMode="relativeDaily" />
 <field displayname="Created On" name="createdon" type="datetime" />
 <field displayname="Owner" name="ownerid" type="owner" />
</fields></entity></entities>"#;

/// What the schema does not say: how many digits a decimal keeps.
const DETAILS: &[u8] = br#"{"tables": {"contoso_visit": {"columns": {"contoso_weight": {"precision": 2}}}}}"#;

/// Made on a Friday, 16 days and some hours before the import.
const MADE: &str = "2024-07-26T15:51:30.5429904Z";
const NOW: PrimitiveDateTime = datetime!(2024-08-11 20:00);
const VISIT: Uuid = uuid!("00000000-0000-0000-0000-0000000000a1");
const GUEST: &str = "00000000-0000-0000-0000-0000000000c1";

/// A record with these fields beside its id.
fn record(fields: &str) -> String {
    format!(r#"<record id="{VISIT}"><field name="contoso_visitid" value="{VISIT}" />{fields}</record>"#)
}

const DATES: &str = r#"<field name="contoso_name" value="Audit" />
 <field name="contoso_day" value="2024-07-29T08:30:00.0000000Z" />
 <field name="contoso_deadline" value="2024-07-29T08:30:00.0000000Z" />
 <field name="createdon" value="2019-04-04T19:22:50.0000000Z" />"#;

/// The same with a guest, a remark and an owner: what the target may hold already.
const FULL: &str = r#"<field name="contoso_name" value="Audit" /><field name="contoso_remark" value="Bring shoes" />
 <field name="contoso_rating" value="4" />
 <field name="contoso_guest" value="00000000-0000-0000-0000-0000000000c1" lookupentity="contact" lookupentityname="Ng" />"#;

fn job(fields: &str, options: ImportOptions, present: Option<&str>, lacks: Option<&str>) -> Job {
    let zip = zip_of(SCHEMA, &data_of(MADE, "contoso_visit", &record(fields)), &[]);
    let mut builder =
        Environment::builder("Target").package(&zip, Records::Leave).details(DETAILS).stubs(true);
    let guest = format!(r#"<record id="{GUEST}" />"#);
    builder = builder.data_xml(data_of(MADE, "contact", &guest).as_bytes());
    if let Some(present) = present {
        builder = builder.data_xml(data_of(MADE, "contoso_visit", &record(present)).as_bytes());
    }
    if let Some(privilege) = lacks {
        builder = builder.without_privilege(privilege);
    }
    let mut job = Job::into_environment(&zip, builder.build().unwrap()).unwrap();
    job.engines.options = options;
    job
}

fn done(job: &mut Job) -> Imported {
    let imported = job.import().unwrap();
    assert_eq!(imported.plan.counts(), imported.report.counts());
    let second = job.engines.plan(&job.loaded, &imported.tables).unwrap();
    assert_eq!(
        second.counts(),
        Counts { unchanged: 1, ..Counts::default() },
        "nothing is left to be written"
    );
    imported
}

/// A cell of the visit, as the emulator shows it.
fn cell(job: &Job, column: &str) -> String {
    let environment = job.way().environment();
    let row = environment.row("contoso_visit", VISIT).unwrap();
    format!("{:?}", row.cell(column).cloned().unwrap_or_default())
}

/// A date of the visit, as the emulator keeps it.
fn date(job: &Job, column: &str) -> PrimitiveDateTime {
    let environment = job.way().environment();
    let row = environment.row("contoso_visit", VISIT).unwrap();
    let Some(Cell::Instant(seconds)) = row.cell(column) else { panic!("{column} holds no date") };
    let at = OffsetDateTime::from_unix_timestamp(*seconds).unwrap();
    PrimitiveDateTime::new(at.date(), at.time())
}

fn changes(plan: &Plan) -> Vec<(&str, bool)> {
    let [ref record] = plan.tables[0].records[..] else { panic!("one record") };
    let Action::Update(changes) = &record.action else { panic!("{:?}", record.action) };
    changes.iter().map(|c| (c.column.as_str(), c.after.is_none())).collect()
}

#[test]
fn a_number_finer_than_its_column_is_written_once_and_kept_as_the_service_rounds_it() {
    let weighs = |number: &str| format!(r#"<field name="contoso_weight" value="{number}" />"#);
    for present in [None, Some(weighs("7"))] {
        let mut job = job(&weighs("1.23456"), ImportOptions::default(), present.as_deref(), None);
        done(&mut job);
        assert_eq!(cell(&job, "contoso_weight"), "Fixed(Fixed { units: 123, scale: 2 })");
    }
}

#[test]
fn dates_move_by_whole_weeks_or_days_and_the_next_import_of_that_moment_changes_nothing() {
    let moved = ImportOptions { move_dates_to: Some(NOW), ..ImportOptions::default() };
    let mut job = job(DATES, moved, None, None);
    done(&mut job);
    assert_eq!(date(&job, "contoso_day"), datetime!(2024-08-12 8:30));
    assert_eq!(date(&job, "contoso_deadline"), datetime!(2024-08-14 8:30));
}

#[test]
fn dates_stay_as_written_unless_the_user_names_a_time() {
    let mut job = job(DATES, ImportOptions::default(), None, None);
    let imported = done(&mut job);
    assert_eq!(date(&job, "contoso_day"), datetime!(2024-07-29 8:30));
    assert_eq!(imported.plan.notes, []);
}

#[test]
fn a_new_row_keeps_the_date_of_its_creation_where_the_user_may_say_it() {
    let kept = || ImportOptions { keep_created_on: true, ..ImportOptions::default() };
    let mut allowed = job(DATES, kept(), None, None);
    done(&mut allowed);
    assert_eq!(date(&allowed, "createdon"), datetime!(2019-04-04 19:22:50));

    let mut refused = job(DATES, kept(), None, Some("prvOverrideCreatedOnCreatedBy"));
    let imported = done(&mut refused);
    assert_ne!(date(&refused, "createdon").year(), 2019);
    let notes: Vec<_> = imported.report.notes.iter().map(|note| note.kind).collect();
    assert_eq!(notes, [ProblemKind::Privilege]);
}

#[test]
fn columns_without_a_value_are_emptied_only_by_consent() {
    let plain = r#"<field name="contoso_name" value="Audit" />"#;
    let mut careful = job(plain, ImportOptions::default(), Some(FULL), None);
    let (_, plan) = careful.plan().unwrap();
    assert_eq!(plan.counts(), Counts { unchanged: 1, ..Counts::default() });

    let clear = ImportOptions { clear_empty: true, ..ImportOptions::default() };
    let mut clearing = job(plain, clear.clone(), Some(FULL), None);
    let imported = done(&mut clearing);
    let emptied = [("contoso_remark", true), ("contoso_rating", true), ("contoso_guest", true)];
    assert_eq!(changes(&imported.plan), emptied);
    for (column, _) in emptied {
        assert_eq!(cell(&clearing, column), "Empty");
    }
    assert_ne!(cell(&clearing, "ownerid"), "Empty", "a row always has an owner");
    done(&mut job(plain, clear, None, None));
}

#[test]
fn owners_stay_behind_where_the_user_says_so() {
    let mut job = job(
        r#"<field name="contoso_name" value="Audit" /><field name="ownerid" value="00000000-0000-0000-0000-0000000000d1" lookupentity="systemuser" />"#,
        ImportOptions { owners: Owners::Left, ..ImportOptions::default() },
        None,
        None,
    );
    let imported = done(&mut job);
    assert_eq!(imported.report.tables[0].records[0].warnings, []);
    assert_eq!(cell(&job, "ownerid"), cell(&job, "createdby"), "it belongs to whoever imports");
    assert!(!cell(&job, "ownerid").contains("d1"));
}
