//! Duplicate detection rules arrive published when their conditions are there, and are at work again where an import had
//! to unpublish them.

#![cfg(test)]

use dataverse_emulator::{Environment, Weather};
use migration::{Fate, ImportReport, undo_package};
use scenarios::interrupted::cut_after;
use scenarios::job::Job;
use scenarios::small_package::zip_of;
use uuid::Uuid;

const SCHEMA: &str = r#"<entities>
<entity name="duplicaterule" displayname="Rule" primaryidfield="duplicateruleid" primarynamefield="name"><fields>
 <field displayname="Rule" name="duplicateruleid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Description" name="description" type="string" />
 <field displayname="Base" name="baseentityname" type="string" />
 <field displayname="Matching" name="matchingentityname" type="string" />
 <field displayname="Status" name="statuscode" type="status" />
</fields></entity>
<entity name="duplicaterulecondition" displayname="Condition" primaryidfield="duplicateruleconditionid"><fields>
 <field displayname="Condition" name="duplicateruleconditionid" type="guid" primaryKey="true" />
 <field displayname="Base" name="baseattributename" type="string" />
 <field displayname="Matching" name="matchingattributename" type="string" />
 <field displayname="Operator" name="operatorcode" type="optionsetvalue" />
 <field displayname="Rule" name="regardingobjectid" type="entityreference" lookupType="duplicaterule" />
</fields></entity>
</entities>"#;

const UNPUBLISHED: i64 = 0;
const PUBLISHED: i64 = 2;
const RULE: u128 = 0xA1;

fn rule(number: u128, description: &str, status: i64) -> String {
    let id = Uuid::from_u128(number);
    format!(
        r#"<record id="{id}"><field name="duplicateruleid" value="{id}" /><field name="name" value="Rule {number}" />
           <field name="description" value="{description}" /><field name="baseentityname" value="account" />
           <field name="matchingentityname" value="account" /><field name="statuscode" value="{status}" /></record>"#
    )
}

fn condition(number: u128, column: &str) -> String {
    let (id, rule) = (Uuid::from_u128(number), Uuid::from_u128(RULE));
    format!(
        r#"<record id="{id}"><field name="duplicateruleconditionid" value="{id}" />
           <field name="baseattributename" value="{column}" /><field name="matchingattributename" value="{column}" />
           <field name="operatorcode" value="0" />
           <field name="regardingobjectid" value="{rule}" lookupentity="duplicaterule" lookupentityname="x" /></record>"#
    )
}

fn data(rules: &str, conditions: &str) -> String {
    let table = |name: &str, records: &str| {
        format!(
            r#"<entity name="{name}" displayname="{name}"><records>{records}</records><m2mrelationships /></entity>"#
        )
    };
    let tables = table("duplicaterule", rules) + &table("duplicaterulecondition", conditions);
    format!(r#"<entities timestamp="2026-11-22T12:00:00.0000000Z">{tables}</entities>"#)
}

fn zip(rules: &str, conditions: &str) -> Vec<u8> {
    zip_of(SCHEMA, &data(rules, conditions), &[])
}

/// A job into an environment that has these rules and conditions.
fn job(zip: &[u8], there: &str) -> Job {
    let target = Environment::builder("Target").tables_xml(SCHEMA.as_bytes());
    let target = if there.is_empty() { target } else { target.data_xml(there.as_bytes()) };
    Job::into_environment(zip, target.build().unwrap()).unwrap()
}

fn statuses(job: &Job) -> Vec<Option<i64>> {
    let environment = job.way().environment();
    environment
        .rows("duplicaterule")
        .map(|row| row.cell("statuscode").and_then(|cell| cell.integer()))
        .collect()
}

fn fates(report: &ImportReport) -> Vec<&Fate> {
    report.tables.iter().flat_map(|table| &table.records).map(|record| &record.fate).collect()
}

#[test]
fn a_published_rule_arrives_published_with_its_conditions_and_a_second_import_leaves_it_alone() {
    let zip = zip(&rule(RULE, "new", PUBLISHED), &condition(1, "name"));
    let mut job = job(&zip, "");
    let imported = job.import().unwrap();
    assert_eq!(fates(&imported.report), [&Fate::Created, &Fate::Created], "{:?}", imported.report);
    assert_eq!(statuses(&job), [Some(PUBLISHED)]);
    assert_eq!(job.false_claims(&imported.report), []);
    let (_, second) = job.plan().unwrap();
    assert_eq!((second.counts().writes(), second.switches.is_empty()), (0, true));
}

#[test]
fn a_rule_that_cannot_be_published_says_why_and_what_to_do() {
    let zip = zip(&rule(RULE, "new", PUBLISHED), "");
    let mut job = job(&zip, "");
    let report = job.import().unwrap().report;
    let [Fate::Failed(problem)] = fates(&report)[..] else { panic!("{report:?}") };
    assert!(problem.what.contains("The row is there") && problem.what.contains("criteria"), "{problem:?}");
    assert!(problem.remedy.contains("conditions"), "{problem:?}");
    assert_eq!((report.counts().failed, report.counts().total()), (1, 1));
}

#[test]
fn a_published_rule_is_taken_from_its_work_for_a_new_condition_and_put_to_it_again_and_undo_does_the_same() {
    let there = data(&rule(RULE, "old", PUBLISHED), &condition(1, "name"));
    let zip = zip(&rule(RULE, "new", PUBLISHED), &(condition(1, "name") + &condition(2, "telephone1")));
    let mut first = job(&zip, &there);
    let (tables, plan) = first.plan().unwrap();
    assert_eq!(plan.switches.rules.len(), 1, "the plan says that it is taken from its work");
    let mut kept = Vec::new();
    let report = first.engines.import_after(&first.loaded, &tables, &plan, &[], &mut kept).unwrap();
    assert_eq!(
        fates(&report),
        [&Fate::Updated(vec!["description".into()]), &Fate::Unchanged, &Fate::Created],
        "{report:?}"
    );
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    assert_eq!(statuses(&first), [Some(PUBLISHED)]);
    let undo = undo_package(&tables, &plan, &kept, "2026-11-22T13:00:00.0000000Z").unwrap();
    let environment = first.way().environment().clone();
    let mut back = Job::into_environment(&undo, environment).unwrap();
    let report = back.import().unwrap().report;
    assert_eq!((report.stopped.as_ref(), report.counts().failed, report.removals.rows), (None, 0, 1));
    assert_eq!(statuses(&back), [Some(PUBLISHED)]);
    assert_eq!(back.way().environment().count("duplicaterulecondition"), 1);
}

#[test]
fn a_rule_that_the_package_has_unpublished_is_unpublished_before_it_changes() {
    let there = data(&rule(RULE, "old", PUBLISHED), &condition(1, "name"));
    let mut job = job(&zip(&rule(RULE, "new", UNPUBLISHED), &condition(1, "phone")), &there);
    let imported = job.import().unwrap();
    assert_eq!(imported.report.counts().updated, 2, "{:?}", imported.report);
    assert_eq!(statuses(&job), [Some(UNPUBLISHED)]);
    assert_eq!(job.false_claims(&imported.report), []);
}

#[test]
fn wherever_a_run_was_cut_the_next_one_publishes_the_rule_once() {
    let zip = zip(&rule(RULE, "new", PUBLISHED), &condition(1, "name"));
    for requests in 0.. {
        let mut job = job(&zip, "");
        let (tables, plan) = job.plan().unwrap();
        job.way().set_weather(cut_after(requests));
        let mut kept = Vec::new();
        let first = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut kept).unwrap();
        job.way().set_weather(Weather::calm());
        let earlier = kept.clone();
        let report = job.engines.import_after(&job.loaded, &tables, &plan, &earlier, &mut kept).unwrap();
        assert_eq!((report.stopped.as_ref(), report.counts().created), (None, 2), "{requests}: {report:?}");
        assert_eq!(statuses(&job), [Some(PUBLISHED)], "{requests}");
        assert_eq!(job.way().environment().count("duplicaterulecondition"), 1, "{requests}");
        if first.stopped.is_none() {
            assert!(requests > 3, "only {requests} requests");
            return;
        }
    }
}
