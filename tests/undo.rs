//! What an import did can be taken back: values, empty columns, created rows, links, and rows that went first.

#![cfg(test)]

use dataverse_emulator::{Environment, Records};
use migration::{Counts, ImportReport, MappedRow, Plan, RowRef};
use scenarios::engines::load;
use scenarios::job::Job;
use scenarios::packages::package_bytes;
use scenarios::provisioned::{provisioned_id, provisioned_site};
use std::collections::BTreeMap;
use uuid::{Uuid, uuid};

/// The website of the package.
const WEBSITE: Uuid = uuid!("32feff42-9a70-4818-ad35-6f08d5071f50");
/// Columns that tell when and by whom something was written, and how often.
const OF_WRITING: [&str; 8] = [
    "createdon",
    "createdby",
    "modifiedon",
    "modifiedby",
    "versionnumber",
    "overriddencreatedon",
    "organizationid",
    "owningbusinessunit",
];

/// Every row with its values, and every link.
fn snapshot(environment: &Environment) -> BTreeMap<String, String> {
    let mut rows = BTreeMap::new();
    for table in environment.tables() {
        let columns = || table.columns.iter().filter(|column| !OF_WRITING.contains(&column.name.as_str()));
        if table.is_intersect {
            for (source, target) in environment.links(&table.name) {
                rows.insert(format!("{} {source} {target}", table.name), String::new());
            }
            continue;
        }
        for row in environment.rows(&table.name) {
            let values: Vec<String> =
                columns().map(|column| format!("{}={:?}", column.name, row.cell(&column.name))).collect();
            rows.insert(format!("{} {}", table.name, row.id()), values.join(" "));
        }
    }
    rows
}

/// What is in one of them only, or differs; long values are cut.
fn differences(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let lost =
        before.iter().filter(|(row, _)| !after.contains_key(*row)).map(|(row, _)| format!("lost: {row}"));
    let new = after.keys().filter(|row| !before.contains_key(*row)).map(|row| format!("new: {row}"));
    let changed = before.iter().filter_map(|(row, values)| {
        let now = after.get(row)?;
        let column = values.split(' ').zip(now.split(' ')).find(|(a, b)| a != b)?;
        Some(format!("changed: {row}: {:.80} -> {:.80}", column.0, column.1))
    });
    lost.chain(new).chain(changed).collect()
}

/// K12 on its way into an environment with the provisioned site.
fn job() -> Option<(Vec<u8>, Job)> {
    let zip = package_bytes("education-k12-portal")?;
    let site = provisioned_site(&zip).unwrap();
    let target = Environment::builder("Target").package(&zip, Records::Leave).package(&site, Records::Load);
    let target = target.plugins(true).stubs(true).blocked_attachments("exe").build().unwrap();
    Some((zip.clone(), Job::into_environment(&zip, target).unwrap()))
}

/// Imports, and brings the plan, the report and what the run wrote down.
fn import(job: &mut Job) -> (Plan, ImportReport, Vec<u8>) {
    let (tables, plan) = job.plan().unwrap();
    let mut journal = Vec::new();
    let report = job.engines.import_after(&job.loaded, &tables, &plan, &[], &mut journal).unwrap();
    (plan, report, journal)
}

/// Makes the undo package, plans it, runs it.
fn undo(job: &mut Job, plan: &Plan, journal: &[u8]) -> (Plan, ImportReport) {
    let (_, tables) = job.engines.check(&job.loaded).unwrap();
    let zip = migration::undo_package(&tables, plan, journal, "2026-11-27T12:00:00.0000000Z").unwrap();
    let package = load(&zip).unwrap();
    let (_, tables) = job.engines.check(&package).unwrap();
    let plan = job.engines.plan(&package, &tables).unwrap();
    let report = job.engines.import(&package, &tables, &plan);
    let again = job.engines.plan(&package, &tables).unwrap();
    assert_eq!((again.counts().writes(), again.removals), (0, migration::PlannedRemovals::default()));
    (plan, report)
}

fn assert_all_done(report: &ImportReport) {
    let failed: Vec<_> = report
        .tables
        .iter()
        .flat_map(|t| &t.records)
        .filter(|r| matches!(r.fate, migration::Fate::Failed(_)))
        .collect();
    assert_eq!(failed, Vec::<&migration::RecordReport>::new());
    assert_eq!(
        (&report.stopped, &report.removals.failed, &report.removals.failed_links),
        (&None, &vec![], &vec![])
    );
    assert!(report.links.iter().all(|links| links.failed.is_empty()), "{:?}", report.links);
}

#[test]
fn an_import_into_a_provisioned_site_is_taken_back_to_the_last_value() {
    let Some((_, mut job)) = job() else { return };
    job.engines.options.mapping.decide(MappedRow {
        source: RowRef { table: "adx_website".into(), id: WEBSITE },
        name: "K12".into(),
        target: Some(provisioned_id(WEBSITE)),
    });
    let before = snapshot(&job.way().environment());
    let (plan, report, journal) = import(&mut job);
    assert!(report.counts().created > 300 && report.counts().updated > 5, "{:?}", report.counts());
    assert!(differences(&before, &snapshot(&job.way().environment())).len() > 300);
    let (undo, undone) = undo(&mut job, &plan, &journal);
    assert!(undo.removals.rows.len() > 300, "{}", undo.removals.rows.len());
    assert_all_done(&undone);
    let Counts { created, skipped, .. } = undone.counts();
    assert_eq!((created, skipped), (0, 0));
    let differences = differences(&before, &snapshot(&job.way().environment()));
    assert!(
        differences.is_empty(),
        "{} differ: {:#?}",
        differences.len(),
        &differences[..differences.len().min(20)]
    );
}

#[test]
fn default_rows_go_first_and_come_back_when_the_import_is_taken_back() {
    let Some((_, mut job)) = job() else { return };
    let website = RowRef { table: "adx_website".into(), id: provisioned_id(WEBSITE) };
    job.engines.options.removals.first.insert(website);
    let before = snapshot(&job.way().environment());
    let (plan, report, journal) = import(&mut job);
    assert!(plan.removals.first.len() > 20, "{}", plan.removals.first.len());
    assert_all_done(&report);
    assert_eq!(report.removals.rows as usize, plan.removals.first.len());
    assert_eq!(job.way().environment().count("adx_website"), 1);
    job.engines.options = Default::default();
    let (_, second) = job.plan().unwrap();
    assert_eq!(second.counts().writes(), 0);
    let (_, undone) = undo(&mut job, &plan, &journal);
    assert_all_done(&undone);
    let differences = differences(&before, &snapshot(&job.way().environment()));
    assert!(
        differences.is_empty(),
        "{} differ: {:#?}",
        differences.len(),
        &differences[..differences.len().min(20)]
    );
}
