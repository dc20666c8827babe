//! Links between the service's own tables: which relationship joins them, its metadata says.

#![cfg(test)]

use dataverse_emulator::Environment;
use scenarios::job::Job;
use scenarios::small_package::zip_of;
use uuid::Uuid;

const SCHEMA: &str = r#"<entities><entity name="team" displayname="Team" primaryidfield="teamid" primarynamefield="name" disableplugins="false"><fields>
 <field displayname="Team" name="teamid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
</fields><relationships>
 <relationship name="teamroles" manyToMany="true" isreflexive="false" relatedEntityName="teamroles" m2mTargetEntity="role" m2mTargetEntityPrimaryKey="roleid" />
</relationships></entity></entities>"#;
/// What the target has already: a role comes with a solution, and never with a package.
const ROLES: &str = r#"<entities><entity name="role" displayname="Role" primaryidfield="roleid" primarynamefield="name" disableplugins="false"><fields>
 <field displayname="Role" name="roleid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
</fields></entity></entities>"#;
/// The team, which is in the target too.
const EDITORS: &str = r#"<record id="00000000-0000-0000-0000-000000000001"><field name="teamid" value="00000000-0000-0000-0000-000000000001" /><field name="name" value="Editors" /></record>"#;
const TEAM: Uuid = Uuid::from_u128(1);
const ROLE: Uuid = Uuid::from_u128(2);

fn package() -> Vec<u8> {
    let data = format!(
        r#"<entities timestamp="2024-07-26T15:51:30.5429904Z"><entity name="team" displayname="Team"><records>{EDITORS}</records><m2mrelationships><m2mrelationship sourceid="{TEAM}" targetentityname="role" targetentitynameidfield="roleid" m2mrelationshipname="teamroles"><targetids><targetid>{ROLE}</targetid></targetids></m2mrelationship></m2mrelationships></entity></entities>"#
    );
    zip_of(SCHEMA, &data, &[])
}

fn job(roles: &[Uuid]) -> Job {
    let record = |id: &Uuid| {
        format!(
            r#"<record id="{id}"><field name="roleid" value="{id}" /><field name="name" value="Editor" /></record>"#
        )
    };
    let records: String = roles.iter().map(record).collect();
    let data = format!(
        r#"<entities timestamp="2024-07-26T15:51:30.5429904Z"><entity name="team" displayname="Team"><records>{EDITORS}</records><m2mrelationships /></entity><entity name="role" displayname="Role"><records>{records}</records><m2mrelationships /></entity></entities>"#
    );
    let target = Environment::builder("Target").tables_xml(SCHEMA.as_bytes()).tables_xml(ROLES.as_bytes());
    let target = target.data_xml(data.as_bytes()).build().unwrap();
    Job::into_environment(&package(), target).unwrap()
}

#[test]
fn a_team_is_given_its_roles() {
    let mut job = job(&[ROLE]);
    let report = job.import().unwrap().report;
    assert_eq!(
        (report.counts().unchanged, report.links[0].created, &report.links[0].failed),
        (1, 1, &vec![])
    );
    assert_eq!(job.way().environment().links("teamroles"), [(TEAM, ROLE)]);
    let (_, second) = job.plan().unwrap();
    assert_eq!(second.counts().writes(), 0);
}

#[test]
fn a_role_that_the_target_lacks_is_told_and_not_made() {
    let mut job = job(&[]);
    let report = job.import().unwrap().report;
    let [(source, target, _)] = report.links[0].failed.as_slice() else { panic!("{:?}", report.links) };
    assert_eq!((report.counts().unchanged, *source, *target), (1, TEAM, ROLE));
    assert!(job.way().environment().row("role", ROLE).is_none());
}
