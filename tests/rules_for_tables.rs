//! Rules that hold for certain tables whatever the schema says: site settings and their secrets, histories, website
//! bindings, attachments, and rows that the service makes with others.

#![cfg(test)]

use dataverse_emulator::{Cell, Environment, Records};
use migration::{
    Action, Change, Fate, ImportOptions, LoadedPackage, MappedRow, Plan, ProblemKind, RecordPlan, RowRef,
};
use migration::{TableOptions, WriteMode};
use scenarios::emulated_target::Stubs;
use scenarios::job::Job;
use scenarios::packages::package_bytes;
use scenarios::provisioned::{provisioned_id, provisioned_site};
use scenarios::small_package::{data_of, zip_of};
use uuid::Uuid;

const PORTAL: &str = "education-k12-portal";
const SECRET: &str = "Authentication/OpenAuth/Microsoft/ClientSecret";

fn records<'a>(plan: &'a Plan, table: &str) -> &'a [RecordPlan] {
    &plan.tables.iter().find(|t| t.table == table).unwrap().records
}

/// The portal into an environment where its template is, with its website mapped.
fn into_the_usual_target() -> Option<Job> {
    with_further_notes("")
}

/// The same, with these notes beside those of the template.
fn with_further_notes(notes: &str) -> Option<Job> {
    let zip = package_bytes(PORTAL)?;
    let target = Environment::builder("Target").package(&zip, Records::Leave);
    let target = target.package(&provisioned_site(&zip).unwrap(), Records::Load).stubs(true);
    let target = target.data_xml(data_of("2026-11-22T12:00:00.0000000Z", "annotation", notes).as_bytes());
    let mut job = Job::into_environment(&zip, target.build().unwrap()).unwrap();
    let website = job.loaded.table("adx_website").unwrap().records[0].id;
    let source = RowRef { table: "adx_website".into(), id: website };
    let target = Some(provisioned_id(website));
    job.engines.options.mapping.decide(MappedRow { source, name: String::new(), target });
    Some(job)
}

/// Gives a site setting of the package a value.
fn set(loaded: &mut LoadedPackage, name: &str, value: &str) {
    let settings = loaded.tables.iter_mut().find(|table| table.name == "adx_sitesetting").unwrap();
    let is_it = |r: &&mut cmt::Record| r.value("adx_name") == Some(&cmt::Value::Text(name.into()));
    let record = settings.records.iter_mut().find(is_it).unwrap();
    record.fields.retain(|field| field.column != "adx_value");
    record.fields.push(cmt::Field { column: "adx_value".into(), value: cmt::Value::Text(value.into()) });
}

fn setting<'a>(plan: &'a Plan, name: &str) -> &'a RecordPlan {
    records(plan, "adx_sitesetting").iter().find(|record| record.name == name).unwrap()
}

#[test]
fn site_settings_of_the_target_keep_their_values_unless_the_user_wants_them_changed() {
    let Some(mut job) = into_the_usual_target() else { return };
    set(&mut job.loaded, "Search/Enabled", "quite another");
    let (_, plan) = job.plan().unwrap();
    let found = setting(&plan, "Search/Enabled");
    assert!(
        matches!(&found.action, Action::Skip(reason) if reason.what.contains("keeps")),
        "{:?}",
        found.action
    );
    let chosen = TableOptions { mode: Some(WriteMode::CreateAndUpdate), ..TableOptions::default() };
    job.engines.options.tables.insert("adx_sitesetting".into(), chosen);
    let (_, plan) = job.plan().unwrap();
    let Action::Update(changes) = &setting(&plan, "Search/Enabled").action else { panic!("no update") };
    assert_eq!(changes[0].after.as_deref(), Some("quite another"));
}

#[test]
fn no_plan_shows_a_secret_of_a_site_setting() {
    let Some(mut job) = into_the_usual_target() else { return };
    set(&mut job.loaded, SECRET, "s3cr3t-0f-th3-s0urc3");
    let chosen = TableOptions { mode: Some(WriteMode::CreateAndUpdate), ..TableOptions::default() };
    job.engines.options.tables.insert("adx_sitesetting".into(), chosen);
    let (_, plan) = job.plan().unwrap();
    let Action::Update(changes) = &setting(&plan, SECRET).action else { panic!("no update") };
    let [Change { column, after, .. }] = changes.as_slice() else { panic!("one change, not {changes:?}") };
    assert_eq!((column.as_str(), after.as_deref()), ("adx_value", Some("(not shown)")));
    for file in [plan.to_json(), plan.to_csv(), format!("{plan:?}")] {
        assert!(!file.contains("s3cr3t"), "a secret is shown");
    }
    let report = job.import().unwrap().report;
    assert!(!report.to_json().contains("s3cr3t") && !report.to_csv().contains("s3cr3t"));
    assert_eq!(report.counts().failed, 0, "it is written all the same");
}

#[test]
fn histories_of_page_addresses_stay_where_they_are_unless_the_user_asks_for_them() {
    let Some(zip) = package_bytes(PORTAL) else { return };
    let mut job = Job::new(&zip, Stubs::Present).unwrap();
    job.engines.options = ImportOptions::default();
    let imported = job.import().unwrap();
    let histories = records(&imported.plan, "adx_urlhistory");
    let skipped =
        |r: &RecordPlan| matches!(&r.action, Action::Skip(reason) if reason.what.contains("addresses"));
    assert!(histories.len() == 234 && histories.iter().all(skipped));
    assert_eq!((imported.report.counts().skipped, imported.report.counts().total()), (234, 924));
    assert_eq!(job.way().environment().count("adx_urlhistory"), 0);
}

#[test]
fn a_website_keeps_the_host_of_its_environment() {
    let Some(mut job) = into_the_usual_target() else { return };
    let imported = job.import().unwrap();
    let website = imported.report.tables.iter().find(|table| table.table == "adx_website").unwrap();
    assert!(website.not_writable.contains(&"adx_primarydomainname".to_owned()));
    let environment = job.way().environment();
    let row = environment.rows("adx_website").next().unwrap();
    let text = |column| row.cell(column).and_then(Cell::as_text);
    assert_eq!(text("adx_primarydomainname"), Some("contoso-test.powerappsportals.com"));
    assert_eq!(text("adx_name"), Some("K12 Portal (Custom)"));
}

#[test]
fn a_web_files_content_goes_to_its_newest_note_whatever_that_is_called() {
    let Some(job) = into_the_usual_target() else { return };
    let content = &job.loaded.table("annotation").unwrap().records[0];
    let Some(cmt::Value::Lookup(file)) = content.value("objectid") else { panic!("a note of a web file") };
    let [old, new] = [0xA1, 0xA2].map(Uuid::from_u128);
    let note = |id: Uuid, year: u16, name: &str| {
        let file = provisioned_id(file.id);
        format!(
            r#"<record id="{id}"><field name="annotationid" value="{id}" /><field name="filename" value="{name}" />
               <field name="modifiedon" value="{year}-01-01T00:00:00.0000000Z" />
               <field name="objectid" value="{file}" lookupentity="adx_webfile" lookupentityname="x" /></record>"#
        )
    };
    let notes = note(old, 2020, "older.css") + &note(new, 2099, "renamed.css");
    let mut job = with_further_notes(&notes).unwrap();
    let (_, plan) = job.plan().unwrap();
    let found = records(&plan, "annotation").iter().find(|record| record.id == content.id).unwrap();
    assert_eq!(found.target_id, new);
    assert!(matches!(found.action, Action::Update(_)), "{:?}", found.action);
}

#[test]
fn a_website_binding_is_never_written() {
    const SCHEMA: &str = r#"<entities><entity name="adx_websitebinding" displayname="Binding" primaryidfield="adx_websitebindingid" primarynamefield="adx_name"><fields>
 <field displayname="Binding" name="adx_websitebindingid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" /></fields></entity></entities>"#;
    let record = r#"<record id="00000000-0000-0000-0000-0000000000b1"><field name="adx_name" value="dev.powerappsportals.com" /></record>"#;
    let zip = zip_of(SCHEMA, &data_of("2026-11-22T12:00:00.0000000Z", "adx_websitebinding", record), &[]);
    let mut job = Job::new(&zip, Stubs::Present).unwrap();
    let imported = job.import().unwrap();
    assert!(
        matches!(&imported.report.tables[0].records[0].fate, Fate::Skipped(reason) if reason.what.contains("host"))
    );
    assert_eq!(job.way().environment().count("adx_websitebinding"), 0);
}

#[test]
fn blocked_attachment_types_are_lifted_where_the_user_asks_for_it_and_may_do_it() {
    let Some(zip) = package_bytes(PORTAL) else { return };
    let target = || {
        Environment::builder("Target").package(&zip, Records::Leave).stubs(true).blocked_attachments("js;css")
    };
    let planned = |target: Environment, lift: bool| {
        let mut job = Job::into_environment(&zip, target).unwrap();
        job.engines.options.lift_attachment_blocks = lift;
        let (_, plan) = job.plan().unwrap();
        (plan, job)
    };
    let (plan, _) = planned(target().build().unwrap(), false);
    assert_eq!((plan.counts().failed, plan.switches.attachments.len()), (3, 0));
    let (plan, mut job) = planned(target().build().unwrap(), true);
    assert_eq!(
        (plan.counts().failed, plan.switches.attachments.as_slice()),
        (0, ["css".to_owned()].as_slice())
    );
    assert_eq!(job.import().unwrap().report.counts().failed, 0);
    let blocked =
        job.way().environment().rows("organization").next().unwrap().cell("blockedattachments").cloned();
    assert_eq!(blocked.unwrap().as_text(), Some("js;css"), "and they are blocked again");
    let (plan, _) = planned(target().without_privilege("prvWriteOrganization").build().unwrap(), true);
    assert_eq!((plan.counts().failed, plan.switches.attachments.len()), (3, 0));
    let told = plan
        .notes
        .iter()
        .any(|n| n.kind == ProblemKind::Attachment && n.what.contains("prvWriteOrganization"));
    assert!(told, "{:?}", plan.notes);
}

#[test]
fn a_unit_group_brings_its_base_unit_which_is_the_packages() {
    let Some(zip) = package_bytes("media-default") else { return };
    let mut job = Job::new(&zip, Stubs::Present).unwrap();
    let imported = job.import().unwrap();
    let adopted: Vec<&str> = records(&imported.plan, "uom")
        .iter()
        .filter(|r| r.action == Action::Adopt)
        .map(|r| r.name.as_str())
        .collect();
    assert_eq!(adopted, ["Default Primary Unit", "Primary Unit"]);
    assert_eq!(job.way().environment().count("uom"), job.loaded.table("uom").unwrap().records.len());
    assert_eq!(job.false_claims(&imported.report), []);
    assert_eq!(job.plan().unwrap().1.counts().writes(), 0);
}

#[test]
fn a_new_business_unit_brings_its_team_which_is_the_packages() {
    const SCHEMA: &str = r#"<entities>
<entity name="businessunit" displayname="Unit" primaryidfield="businessunitid" primarynamefield="name"><fields>
 <field displayname="Unit" name="businessunitid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Parent" name="parentbusinessunitid" type="entityreference" lookupType="businessunit" /></fields></entity>
<entity name="team" displayname="Team" primaryidfield="teamid" primarynamefield="name"><fields>
 <field displayname="Team" name="teamid" type="guid" primaryKey="true" />
 <field displayname="Name" name="name" type="string" />
 <field displayname="Default" name="isdefault" type="bool" />
 <field displayname="Unit" name="businessunitid" type="entityreference" lookupType="businessunit" /></fields></entity></entities>"#;
    let [unit, team, parent] = [1, 2, 9].map(Uuid::from_u128);
    let data = format!(
        r#"<entities timestamp="2026-11-22T12:00:00.0000000Z"><entity name="businessunit" displayname="Unit"><records><record id="{unit}">
        <field name="businessunitid" value="{unit}" /><field name="name" value="North" />
        <field name="parentbusinessunitid" value="{parent}" lookupentity="businessunit" lookupentityname="Contoso" /></record></records></entity>
        <entity name="team" displayname="Team"><records><record id="{team}"><field name="teamid" value="{team}" /><field name="name" value="North" />
        <field name="isdefault" value="True" /><field name="businessunitid" value="{unit}" lookupentity="businessunit" lookupentityname="North" />
        </record></records></entity></entities>"#
    );
    let zip = zip_of(SCHEMA, &data, &[]);
    let target = Environment::builder("Target").package(&zip, Records::Leave).build().unwrap();
    let mut job = Job::into_environment(&zip, target).unwrap();
    let imported = job.import().unwrap();
    assert_eq!(records(&imported.plan, "team")[0].action, Action::Adopt);
    assert_eq!((imported.report.counts().created, imported.report.counts().failed), (2, 0));
    assert_eq!(job.way().environment().count("team"), 2, "one a business unit");
    assert_eq!(job.plan().unwrap().1.counts().writes(), 0);
}
