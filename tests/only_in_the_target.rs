//! Links and rows that the target has and the package lacks: nothing goes unless it was asked for, and it can be taken
//! back.

#![cfg(test)]

use dataverse_emulator::{Environment, Records};
use migration::{ImportReport, Plan, PlannedRemovals};
use scenarios::engines::load;
use scenarios::job::Job;
use scenarios::small_package::zip_of;
use uuid::Uuid;

const SCHEMA: &str = r#"<entities><entity name="adx_webrole" displayname="Web Role" primaryidfield="adx_webroleid" primarynamefield="adx_name" disableplugins="false"><fields>
 <field displayname="Web Role" name="adx_webroleid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
</fields><relationships>
 <relationship name="adx_entitypermission_webrole" manyToMany="true" isreflexive="false" relatedEntityName="adx_entitypermission_webrole" m2mTargetEntity="adx_entitypermission" m2mTargetEntityPrimaryKey="adx_entitypermissionid" />
</relationships></entity>
<entity name="adx_entitypermission" displayname="Table Permission" primaryidfield="adx_entitypermissionid" primarynamefield="adx_entityname" disableplugins="false"><fields>
 <field displayname="Table Permission" name="adx_entitypermissionid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_entityname" type="string" />
</fields></entity></entities>"#;
const LINKS: &str = "adx_entitypermission_webrole";
const PERMISSIONS: &str = "adx_entitypermission";
const ROLE: Uuid = Uuid::from_u128(1);
const READ: Uuid = Uuid::from_u128(11);
const WRITE: Uuid = Uuid::from_u128(12);

/// A web role with these table permissions, of all that are there.
fn package(there: &[Uuid], of_the_role: &[Uuid]) -> Vec<u8> {
    let permission = |id: &Uuid| {
        format!(
            r#"<record id="{id}"><field name="adx_entitypermissionid" value="{id}" /><field name="adx_entityname" value="Permission {id}" /></record>"#
        )
    };
    let permissions: String = there.iter().map(permission).collect();
    let targets: String = of_the_role.iter().map(|id| format!("<targetid>{id}</targetid>")).collect();
    let data = format!(
        r#"<entities timestamp="2024-07-26T15:51:30.5429904Z"><entity name="adx_webrole" displayname="Web Role"><records><record id="{ROLE}"><field name="adx_webroleid" value="{ROLE}" /><field name="adx_name" value="Editors" /></record></records><m2mrelationships><m2mrelationship sourceid="{ROLE}" targetentityname="{PERMISSIONS}" targetentitynameidfield="adx_entitypermissionid" m2mrelationshipname="{LINKS}"><targetids>{targets}</targetids></m2mrelationship></m2mrelationships></entity><entity name="{PERMISSIONS}" displayname="Table Permission"><records>{permissions}</records><m2mrelationships /></entity></entities>"#
    );
    zip_of(SCHEMA, &data, &[])
}

/// A package on its way to a target where the role may both read and write.
fn job(zip: &[u8]) -> Job {
    let before = package(&[READ, WRITE], &[READ, WRITE]);
    let target = Environment::builder("Target").package(&before, Records::Load).build().unwrap();
    Job::into_environment(zip, target).unwrap()
}

/// Imports, and brings the plan, the report and what the run wrote down.
fn import(job: &mut Job) -> (Plan, ImportReport, Vec<u8>) {
    let (tables, plan) = job.plan().unwrap();
    let mut journal = Vec::new();
    let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut journal).unwrap();
    assert_eq!((report.stopped.as_ref(), report.counts().failed), (None, 0));
    (plan, report, journal)
}

/// The target's permissions, and those of the role.
fn there(job: &Job) -> (Vec<Uuid>, Vec<Uuid>) {
    let environment = job.way().environment();
    let mut permissions: Vec<Uuid> = environment.rows(PERMISSIONS).map(|row| row.id()).collect();
    let of_links = environment.links(LINKS).into_iter();
    let mut linked: Vec<Uuid> = of_links.map(|(a, b)| if a == ROLE { b } else { a }).collect();
    permissions.sort_unstable();
    linked.sort_unstable();
    (permissions, linked)
}

/// Takes an import back.
fn undo(job: &mut Job, plan: &Plan, journal: &[u8]) {
    let (_, tables) = job.engines.check(&job.loaded).unwrap();
    let zip = migration::undo_package(&tables, plan, journal, "2026-11-27T12:00:00.0000000Z").unwrap();
    job.loaded = load(&zip).unwrap();
    job.engines.options = Default::default();
    import(job);
}

#[test]
fn nothing_is_removed_that_nobody_asked_to_remove() {
    let mut job = job(&package(&[READ], &[]));
    let (plan, report, _) = import(&mut job);
    assert_eq!((plan.removals, report.removals.rows), (PlannedRemovals::default(), 0));
    assert_eq!(there(&job), (vec![READ, WRITE], vec![READ, WRITE]));
}

#[test]
fn a_permission_that_was_taken_from_a_role_in_the_source_is_taken_from_it_in_the_target_by_consent() {
    let mut job = job(&package(&[READ, WRITE], &[READ]));
    job.engines.options.removals.links.insert(LINKS.to_owned());
    let (plan, report, journal) = import(&mut job);
    let planned: Vec<(Uuid, Uuid)> = plan.removals.links.iter().map(|l| (l.source, l.target)).collect();
    assert_eq!((planned, report.removals.links), (vec![(ROLE, WRITE)], 1));
    assert_eq!(there(&job), (vec![READ, WRITE], vec![READ]));
    assert_eq!(job.plan().unwrap().1.removals, PlannedRemovals::default(), "once is enough");
    undo(&mut job, &plan, &journal);
    assert_eq!(there(&job), (vec![READ, WRITE], vec![READ, WRITE]));
}

#[test]
fn rows_that_were_deleted_in_the_source_are_listed_and_deleted_in_the_target_by_consent() {
    let mut job = job(&package(&[READ], &[READ]));
    job.engines.options.removals.rows.insert(PERMISSIONS.to_owned());
    let (plan, report, journal) = import(&mut job);
    let [(row, name)] = plan.removals.rows.as_slice() else { panic!("{:?}", plan.removals) };
    assert_eq!((row.id, name, report.removals.rows), (WRITE, &format!("Permission {WRITE}"), 1));
    assert_eq!(there(&job), (vec![READ], vec![READ]));
    undo(&mut job, &plan, &journal);
    assert_eq!(there(&job), (vec![READ, WRITE], vec![READ, WRITE]), "with the link that went with the row");
}
