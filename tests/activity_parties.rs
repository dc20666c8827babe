//! Who takes part in an activity: brought along by a new one, replaced in one that is there.

#![cfg(test)]

use dataverse::Operation;
use dataverse_emulator::{Cell, Environment, Records};
use migration::{Action, Counts, ProblemKind};
use scenarios::job::{Imported, Job};
use scenarios::small_package::{data_of, zip_of};
use serde_json::json;
use uuid::Uuid;

const SCHEMA: &str = r#"<entities><entity name="phonecall" displayname="Call" primaryidfield="activityid" primarynamefield="subject" disableplugins="false"><fields>
 <field displayname="Call" name="activityid" type="guid" primaryKey="true" />
 <field displayname="Subject" name="subject" type="string" />
 <field displayname="From" name="from" type="partylist" />
 <field displayname="To" name="to" type="partylist" />
</fields></entity></entities>"#;
const MADE: &str = "2024-07-26T15:51:30.5429904Z";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn party(contact: u128, role: u8) -> String {
    let (own, contact) = (id(1000 + contact), id(contact));
    format!(
        r#"<activitypointerrecords id="{own}"><field name="partyid" value="{contact}" lookupentity="contact" lookupentityname="Ng" /><field name="participationtypemask" value="{role}" /></activitypointerrecords>"#
    )
}

/// A call to these contacts.
fn call(to: &[u128]) -> String {
    let parties: String = to.iter().map(|contact| party(*contact, 2)).collect();
    let call = id(1);
    format!(
        r#"<record id="{call}"><field name="activityid" value="{call}" /><field name="subject" value="Call" /><field name="to" value="" lookupentity="" lookupentityname="">{parties}</field></record>"#
    )
}

fn job(to: &[u128], contacts: &[u128]) -> Job {
    let zip = zip_of(SCHEMA, &data_of(MADE, "phonecall", &call(to)), &[]);
    let contacts: String = contacts.iter().map(|c| format!(r#"<record id="{}" />"#, id(*c))).collect();
    let builder = Environment::builder("Target").package(&zip, Records::Leave).stubs(false);
    let environment = builder.data_xml(data_of(MADE, "contact", &contacts).as_bytes()).build().unwrap();
    Job::into_environment(&zip, environment).unwrap()
}

/// Another package into the environment of this job.
fn again(job: &mut Job, to: &[u128]) -> Imported {
    let zip = zip_of(SCHEMA, &data_of(MADE, "phonecall", &call(to)), &[]);
    job.loaded = scenarios::engines::load(&zip).unwrap();
    job.import().unwrap()
}

/// Who takes part in the call in which role.
fn taking_part(job: &Job) -> Vec<(u128, i64)> {
    let environment = job.way().environment();
    let mut all = Vec::new();
    for row in environment.rows("activityparty") {
        let Some(Cell::Lookup { id, .. }) = row.cell("partyid") else { continue };
        let Some(Cell::Integer(role)) = row.cell("participationtypemask") else { continue };
        all.push((id.as_u128(), *role));
    }
    all.sort_unstable();
    all
}

/// Somebody else sets the parties of the call.
fn somebody_sets(job: &Job, parties: &[(u128, u8)]) {
    let row = |(contact, role): &(u128, u8)| json!({"partyid_contact@odata.bind": format!("/contacts({})", id(*contact)), "participationtypemask": role});
    let rows = parties.iter().map(row).collect();
    let (set, collection) = ("phonecalls".to_owned(), "phonecall_activity_parties".to_owned());
    let put = Operation::ReplaceCollection { set, id: id(1), collection, rows };
    let client = job.way().client();
    job.way().clock().run(client.batch(vec![put])).unwrap().remove(0).unwrap();
}

#[test]
fn a_new_activity_brings_its_parties_and_they_are_compared_whatever_their_order() {
    let mut job = job(&[11, 12], &[11, 12, 13]);
    let imported = job.import().unwrap();
    assert_eq!(imported.report.counts(), Counts { created: 1, ..Counts::default() });
    assert_eq!(taking_part(&job), [(11, 2), (12, 2)]);
    let second = again(&mut job, &[12, 11]);
    assert_eq!(second.plan.counts(), Counts { unchanged: 1, ..Counts::default() });
}

#[test]
fn a_changed_list_is_replaced_and_what_the_package_says_nothing_of_stays() {
    let mut job = job(&[11, 12], &[11, 12, 13]);
    job.import().unwrap();
    somebody_sets(&job, &[(12, 1), (11, 2)]);
    let imported = again(&mut job, &[13]);
    let Action::Update(changes) = &imported.plan.tables[0].records[0].action else { panic!("no update") };
    assert_eq!(changes.iter().map(|c| c.column.as_str()).collect::<Vec<_>>(), ["to"]);
    assert_eq!(imported.report.counts(), Counts { updated: 1, ..Counts::default() });
    assert_eq!(taking_part(&job), [(12, 1), (13, 2)], "the sender stays, the list is the package's");
    let emptied = again(&mut job, &[]);
    assert_eq!(emptied.report.counts(), Counts { updated: 1, ..Counts::default() });
    assert_eq!(taking_part(&job), [(12, 1)]);
}

#[test]
fn a_list_with_a_party_that_is_nowhere_is_left_out_and_the_report_says_so() {
    let mut job = job(&[11, 12], &[11]);
    let imported = job.import().unwrap();
    assert_eq!(imported.report.counts(), Counts { created: 1, ..Counts::default() });
    let warnings = &imported.report.tables[0].records[0].warnings;
    let told: Vec<_> = warnings.iter().map(|w| (w.kind, w.place.column.as_deref())).collect();
    assert_eq!(told, [(ProblemKind::LookupTargetMissing, Some("to"))]);
    assert_eq!(taking_part(&job), []);
}

#[test]
fn a_list_that_was_empty_is_empty_again_when_the_import_is_taken_back() {
    let mut job = job(&[], &[1, 2]);
    job.import().unwrap();
    let zip = zip_of(SCHEMA, &data_of(MADE, "phonecall", &call(&[1, 2])), &[]);
    job.loaded = scenarios::engines::load(&zip).unwrap();
    let (tables, plan) = job.plan().unwrap();
    let mut journal = Vec::new();
    let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut journal).unwrap();
    assert_eq!((report.counts().updated, taking_part(&job)), (1, vec![(1, 2), (2, 2)]));
    let undo = migration::undo_package(&tables, &plan, &journal, "2026-11-27T12:00:00.0000000Z").unwrap();
    job.loaded = scenarios::engines::load(&undo).unwrap();
    let undone = job.import().unwrap().report;
    assert_eq!((undone.counts().updated, undone.counts().failed), (1, 0));
    assert_eq!(taking_part(&job), []);
}
