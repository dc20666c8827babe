//! The usual target of a portal: an environment where the same template was provisioned before, so that all that every
//! site has is there already, under other ids.

#![cfg(test)]

use dataverse_emulator::{Environment, Records};
use migration::{Action, MappedRow, MatchRule, Plan, RecordPlan, RowRef};
use scenarios::emulated_target::PlugIns;
use scenarios::job::Job;
use scenarios::packages::package_bytes;
use scenarios::provisioned::{provisioned_id, provisioned_site};
use uuid::{Uuid, uuid};

/// The website of the package.
const WEBSITE: Uuid = uuid!("32feff42-9a70-4818-ad35-6f08d5071f50");
/// Its home page.
const HOME: Uuid = uuid!("ada2db5b-f5c5-4cf8-927d-b5396467021d");

/// The package on its way into an environment with the provisioned site.
fn job(plug_ins: PlugIns) -> Option<Job> {
    let zip = package_bytes("education-k12-portal")?;
    let site = provisioned_site(&zip).unwrap();
    let target = Environment::builder("Target").package(&zip, Records::Leave).package(&site, Records::Load);
    let target = target.plugins(plug_ins == PlugIns::On).stubs(true).blocked_attachments("exe");
    Job::into_environment(&zip, target.build().unwrap()).ok()
}

/// The user says which website it is.
fn map_website(job: &mut Job) {
    job.engines.options.mapping.decide(MappedRow {
        source: RowRef { table: "adx_website".into(), id: WEBSITE },
        name: "K12".into(),
        target: Some(provisioned_id(WEBSITE)),
    });
}

fn records<'a>(plan: &'a Plan, table: &str) -> &'a [RecordPlan] {
    &plan.tables.iter().find(|t| t.table == table).unwrap().records
}

fn count(plan: &Plan, table: &str, wanted: fn(&RecordPlan) -> bool) -> usize {
    records(plan, table).iter().filter(|record| wanted(record)).count()
}

#[test]
fn what_the_template_brought_is_found_under_its_other_ids() {
    let Some(mut job) = job(PlugIns::Off) else { return };
    map_website(&mut job);
    let (_, plan) = job.plan().unwrap();
    for table in ["adx_website", "adx_portallanguage", "adx_publishingstate", "adx_webrole", "adx_sitemarker"]
    {
        assert_eq!(count(&plan, table, |r| r.matched_by == MatchRule::New), 0, "{table}");
    }
    let home = records(&plan, "adx_webpage").iter().find(|page| page.id == HOME).unwrap();
    assert_eq!(home.target_id, provisioned_id(HOME));
    assert_eq!(home.matched_by, MatchRule::Special(vec!["adx_partialurl".into(), "adx_websiteid".into()]));
    assert_eq!(count(&plan, "adx_webpage", |r| matches!(r.action, Action::Update(_))), 10);
}
