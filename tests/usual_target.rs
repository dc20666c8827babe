//! The usual target of a portal: an environment where the same template was provisioned before, so that all that every
//! site has is there already, under other ids.

#![cfg(test)]

use dataverse::{Operation, Row};
use dataverse_emulator::{Environment, Records};
use migration::{Fate, MappedRow, MatchRule, PagePlugIns, Plan, ProposalReason, RecordPlan, RowRef};
use scenarios::emulated_target::PlugIns;
use scenarios::job::{Imported, Job};
use scenarios::packages::package_bytes;
use scenarios::provisioned::{provisioned_id, provisioned_site};
use std::collections::BTreeMap;
use uuid::{Uuid, uuid};

/// The website of the package.
const WEBSITE: Uuid = uuid!("32feff42-9a70-4818-ad35-6f08d5071f50");
/// Its home page.
const HOME: Uuid = uuid!("ada2db5b-f5c5-4cf8-927d-b5396467021d");
/// Rows of these tables there must not be more of than the package has.
const ONCE: [&str; 9] = [
    "adx_portallanguage",
    "adx_publishingstate",
    "adx_sitemarker",
    "adx_webfile",
    "adx_weblinkset",
    "adx_webpage",
    "adx_webrole",
    "adx_website",
    "adx_websitelanguage",
];

/// Without the portal's plug-ins, and with them, whatever keeps them from making pages.
const WAYS: [(PlugIns, PagePlugIns); 4] = [
    (PlugIns::Off, PagePlugIns::Bypassed),
    (PlugIns::On, PagePlugIns::Bypassed),
    (PlugIns::On, PagePlugIns::Running),
    (PlugIns::On, PagePlugIns::SwitchedOff),
];

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
        name: "K12 Portal".into(),
        target: Some(provisioned_id(WEBSITE)),
    });
}

fn records<'a>(plan: &'a Plan, table: &str) -> &'a [RecordPlan] {
    &plan.tables.iter().find(|t| t.table == table).unwrap().records
}

/// How many rows of these tables the package brings, and how many the target has.
fn rows(job: &Job) -> (BTreeMap<&'static str, usize>, BTreeMap<&'static str, usize>) {
    let brought = |table| job.loaded.table(table).map_or(0, |t| t.records.len());
    let there = |table| job.way().environment().count(table);
    (ONCE.map(|table| (table, brought(table))).into(), ONCE.map(|table| (table, there(table))).into())
}

/// Everything was done as planned, and a second import has nothing left to do.
fn is_done(job: &mut Job, imported: &Imported) {
    assert_eq!(imported.report.stopped, None);
    let failed: Vec<String> = imported
        .report
        .tables
        .iter()
        .flat_map(|table| &table.records)
        .filter_map(|r| match &r.fate {
            Fate::Failed(problem) => Some(format!("{}: {problem}", r.name)),
            _ => None,
        })
        .collect();
    assert_eq!(failed, [""; 0]);
    assert_eq!(imported.plan.counts(), imported.report.counts());
    assert_eq!(job.false_claims(&imported.report), []);
    let (_, second) = job.plan().unwrap();
    assert_eq!(second.counts().writes(), 0);
    assert!(second.links.iter().all(|links| links.create.is_empty()));
}

#[test]
fn what_the_template_brought_is_found_under_its_other_ids() {
    let Some(mut job) = job(PlugIns::Off) else { return };
    map_website(&mut job);
    let (_, plan) = job.plan().unwrap();
    let new = |table| records(&plan, table).iter().filter(|r| r.matched_by == MatchRule::New).count();
    for table in ["adx_website", "adx_portallanguage", "adx_publishingstate", "adx_webrole", "adx_sitemarker"]
    {
        assert_eq!(new(table), 0, "{table}");
    }
    let home = records(&plan, "adx_webpage").iter().find(|page| page.id == HOME).unwrap();
    assert_eq!(home.target_id, provisioned_id(HOME));
    assert_eq!(home.matched_by, MatchRule::Special(vec!["adx_partialurl".into(), "adx_websiteid".into()]));
}

#[test]
fn the_only_website_is_offered_and_not_taken_for_the_packages_before_the_user_says_so() {
    let Some(mut job) = job(PlugIns::Off) else { return };
    let (_, plan) = job.plan().unwrap();
    let proposal = plan.proposals.iter().find(|p| p.source.table == "adx_website").unwrap();
    assert_eq!((proposal.reason, proposal.target), (ProposalReason::OnlyOne, None));
    assert_eq!(proposal.candidates, [(provisioned_id(WEBSITE), "Starter portal - contoso-test".to_owned())]);
    assert_eq!((proposal.name.as_str(), proposal.uses), ("K12 Portal (Custom)", 755));
}

#[test]
fn into_the_mapped_website_nothing_comes_twice_with_plug_ins_or_without() {
    for (plug_ins, way) in WAYS {
        let Some(mut job) = job(plug_ins) else { return };
        map_website(&mut job);
        job.engines.options.page_plug_ins = way;
        let imported = job.import().unwrap();
        is_done(&mut job, &imported);
        let (brought, there) = rows(&job);
        assert_eq!(brought, there, "{plug_ins:?} {way:?}");
    }
}

#[test]
fn what_is_removed_first_is_nobodys_row_any_more() {
    let Some(mut job) = job(PlugIns::Off) else { return };
    let website = RowRef { table: "adx_website".into(), id: provisioned_id(WEBSITE) };
    job.engines.options.removals.first.insert(website.clone());
    let (_, plan) = job.plan().unwrap();
    let first: Vec<&RowRef> = plan.removals.first.iter().map(|(row, _)| row).collect();
    assert!(first.contains(&&website));
    let home = RowRef { table: "adx_webpage".into(), id: provisioned_id(HOME) };
    assert!(first.contains(&&home), "what hangs on the website goes with it");
    for table in plan.tables.iter().filter(|table| table.table != "adx_portallanguage") {
        let found = table
            .records
            .iter()
            .find(|r| first.iter().any(|row| row.table == table.table && row.id == r.target_id));
        assert_eq!(found, None, "{}", table.table);
    }
    let languages = records(&plan, "adx_portallanguage");
    assert!(languages.iter().all(|l| l.matched_by == MatchRule::Special(vec!["adx_languagecode".into()])));
}

/// Somebody renames a website of the target.
fn rename(job: &Job, website: &RowRef, name: &str) {
    let body = Row::from_iter([("adx_name".to_owned(), name.into())]);
    let (set, id) = ("adx_websites".to_owned(), website.id);
    let update = Operation::Update { set, id, version: None, body, bypass_steps: Vec::new() };
    let answers = job.way().clock().run(job.way().client().batch(vec![update])).unwrap();
    assert!(answers.iter().all(Result::is_ok));
}

#[test]
fn a_website_of_the_same_name_that_is_removed_first_stands_for_nothing() {
    let Some(mut job) = job(PlugIns::Off) else { return };
    let website = RowRef { table: "adx_website".into(), id: provisioned_id(WEBSITE) };
    rename(&job, &website, "K12 Portal (Custom)");
    let proposed = |plan: &Plan| plan.proposals.iter().find(|p| p.source.id == WEBSITE).unwrap().clone();
    let before = proposed(&job.plan().unwrap().1);
    assert_eq!((before.reason, before.target), (ProposalReason::Name, Some(website.id)));

    job.engines.options.removals.first = [website].into();
    let (_, plan) = job.plan().unwrap();
    let after = proposed(&plan);
    assert_eq!((after.reason, after.target, after.candidates), (ProposalReason::Nothing, None, Vec::new()));
    assert!(records(&plan, "adx_website").iter().all(|r| r.matched_by == MatchRule::New));
    assert_eq!(plan.counts().failed, 0, "nothing is blocked");
}

#[test]
fn with_the_default_rows_removed_first_the_package_is_all_there_is() {
    for (plug_ins, way) in WAYS {
        let Some(mut job) = job(plug_ins) else { return };
        let website = RowRef { table: "adx_website".into(), id: provisioned_id(WEBSITE) };
        job.engines.options.removals.first = [website].into();
        job.engines.options.page_plug_ins = way;
        let imported = job.import().unwrap();
        // What was to be removed is gone: the next plan is made without.
        job.engines.options.removals.first.clear();
        is_done(&mut job, &imported);
        let (brought, there) = rows(&job);
        assert_eq!(brought, there, "{plug_ins:?} {way:?}");
        let environment = job.way().environment();
        assert!(environment.row("adx_website", WEBSITE).is_some());
        assert!(environment.row("adx_webpage", provisioned_id(HOME)).is_none());
    }
}
