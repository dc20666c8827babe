//! What must hold after an import, whatever happened on the way.

use super::comparing::{self, Known};
use super::setting::Setting;
use crate::emulated_target::Stubs;
use crate::job::false_claims;
use dataverse_emulator::Environment;
use migration::{Action, Fate, ImportReport, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// An import that came to its end, and what it left behind.
pub(super) struct Ended<'a> {
    pub(super) plan: &'a Plan,
    pub(super) report: &'a ImportReport,
    pub(super) target: &'a Environment,
}

/// What every ended import owes, disturbed or not.
pub(super) fn of_any(setting: &Setting, ended: &Ended<'_>) -> Vec<String> {
    let mut faults = accounting(setting, ended);
    faults.extend(put_back(&setting.start, ended.target));
    if setting.literally {
        let claims = false_claims(&setting.package, ended.target, ended.report);
        faults.extend(claims.into_iter().map(|claim| format!("the report claims otherwise: {claim}")));
    }
    faults.extend(nothing_twice(setting, ended));
    faults.extend(removed(ended));
    faults
}

/// What was to go is gone, and told.
fn removed(ended: &Ended<'_>) -> Vec<String> {
    let (planned, told) = (&ended.plan.removals, &ended.report.removals);
    let mut faults: Vec<String> = told.failed.iter().map(|r| format!("not removed: {}", r.problem)).collect();
    faults.extend(told.failed_links.iter().map(|(_, problem)| format!("link not removed: {problem}")));
    let (ought, is) = (
        (planned.first.len() + planned.rows.len() + planned.links.len()) as u64,
        told.rows + told.links + told.gone + (told.failed.len() + told.failed_links.len()) as u64,
    );
    if ought != is {
        faults.push(format!("{ought} removals have {is} fates"));
    }
    let rows = planned.first.iter().chain(&planned.rows).map(|(row, _)| row);
    let there = rows.filter(|row| ended.target.row(&row.table, row.id).is_some());
    faults.extend(there.map(|row| format!("{} {} is still there", row.table, row.id)));
    faults
}

/// What an undisturbed import owes besides: that it does what was to be done.
pub(super) fn of_undisturbed(setting: &Setting, ended: &Ended<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let planned = ended.plan.counts();
    if let Some(expected) = setting.expected {
        let planned = [planned.created, planned.updated, planned.unchanged];
        if planned != expected {
            faults.push(format!(
                "created, updated and unchanged should be {expected:?}, planned is {planned:?}"
            ));
        }
    }
    let blocked = ended.plan.tables.iter().flat_map(|t| &t.records);
    let blocked = blocked.filter(|r| matches!(r.action, Action::Blocked(_))).count() as u64;
    for table in &ended.report.tables {
        faults.extend(table.records.iter().filter_map(|record| match &record.fate {
            Fate::Failed(problem) if ended.report.counts().failed > blocked => {
                Some(format!("{} {} failed: {problem}", table.table, record.id))
            }
            _ => None,
        }));
    }
    let is_whole = setting.stubs == Stubs::Present && setting.literally && blocked == 0;
    let unlinked = ended.report.links.iter().flat_map(|links| &links.failed);
    faults
        .extend(unlinked.filter(|_| is_whole).map(|(s, t, why)| format!("{s} -> {t} was not linked: {why}")));
    faults
}

/// What a disturbed import owes besides: all that the undisturbed one did and said.
pub(super) fn of_disturbed(undisturbed: &Ended<'_>, ended: &Ended<'_>, known: &Known) -> Vec<String> {
    let mut faults = comparing::differences(undisturbed.target, ended.target, known);
    let (ought, is) = (undisturbed.report.counts(), ended.report.counts());
    if ought != is {
        faults.push(format!("the undisturbed run reports {ought:?}, this one {is:?}"));
        faults.extend(failures(ended.report));
    }
    let links = |report: &ImportReport| {
        let mut links: BTreeMap<String, (u64, usize)> = BTreeMap::new();
        for link in &report.links {
            let sum = links.entry(link.relationship.clone()).or_default();
            *sum = (sum.0 + link.created + link.unchanged, sum.1 + link.failed.len());
        }
        links
    };
    let (ought, is) = (links(undisturbed.report), links(ended.report));
    if ought != is {
        faults.push(format!("links done and failed: {ought:?} undisturbed, {is:?} here"));
    }
    faults
}

/// What the report says of records that failed.
fn failures(report: &ImportReport) -> impl Iterator<Item = String> {
    let records = report.tables.iter().flat_map(|table| table.records.iter().map(move |r| (&table.table, r)));
    records.filter_map(|(table, record)| match &record.fate {
        Fate::Failed(problem) => Some(format!("{table} {} failed: {problem}", record.id)),
        _ => None,
    })
}

/// Every record and link has one fate.
fn accounting(setting: &Setting, ended: &Ended<'_>) -> Vec<String> {
    let report = ended.report;
    let mut faults = Vec::new();
    if let Some(why) = &report.stopped {
        faults.push(format!("the import did not come to its end: {why}"));
    }
    let told = report.tables.iter().flat_map(|t| t.records.iter().map(|r| (t.table.clone(), r.id)));
    let held = setting.loaded.tables.iter().flat_map(|t| t.records.iter().map(|r| (t.name.clone(), r.id)));
    let (mut told, mut held): (Vec<_>, Vec<_>) = (told.collect(), held.collect());
    told.sort();
    held.sort();
    if told != held {
        faults.push(format!("the package holds {} records, the report tells of {}", held.len(), told.len()));
    }
    let links: u64 = report.links.iter().map(|l| l.created + l.unchanged + l.failed.len() as u64).sum();
    if links != setting.loaded.links() as u64 {
        faults.push(format!("{} links have {links} fates", setting.loaded.links()));
    }
    faults
}

/// Plug-in steps and the list of blocked attachments are as before.
fn put_back(start: &Environment, target: &Environment) -> Vec<String> {
    let mut faults = Vec::new();
    for (table, column) in [("sdkmessageprocessingstep", "statecode"), ("organization", "blockedattachments")]
    {
        for row in start.rows(table) {
            let now = target.row(table, row.id()).and_then(|row| row.cell(column).cloned());
            if row.cell(column) != now.as_ref() {
                faults.push(format!("{table} {}: {column} was not put back", row.id()));
            }
        }
    }
    faults
}

/// Every row of the package's tables was there, or the report tells of its creation.
fn nothing_twice(setting: &Setting, ended: &Ended<'_>) -> Vec<String> {
    let tables: BTreeSet<&String> = setting.loaded.tables.iter().map(|table| &table.name).collect();
    let own = tables.into_iter().filter(|table| is_nobodys_but_ours(table));
    let surprising = own.filter_map(|table| {
        let of_table = ended.report.tables.iter().filter(|t| t.table == *table).flat_map(|t| &t.records);
        let created = of_table.filter(|record| record.fate == Fate::Created).count();
        let planned = &ended.plan.removals;
        let removed =
            planned.first.iter().chain(&planned.rows).filter(|(row, _)| row.table == *table).count();
        let (ought, is) = (setting.start.count(table) + created - removed, ended.target.count(table));
        (ought != is).then(|| format!("{table} has {is} rows instead of {ought}"))
    });
    surprising.collect()
}

/// Tables in which rows come by imports alone; content pages that a portal makes are taken for the package's.
fn is_nobodys_but_ours(table: &str) -> bool {
    let of_people = ["account", "contact", "incident", "opportunity", "phonecall", "quote", "salesorder"];
    let of_rules = ["duplicaterule", "duplicaterulecondition"];
    ["new_", "adx_"].iter().any(|start| table.starts_with(start))
        || of_people.contains(&table)
        || of_rules.contains(&table)
}
