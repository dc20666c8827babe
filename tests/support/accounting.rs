//! Whether a report accounts for all of a package, and what the comparisons may leave out because of it.

use crate::difference::Excused;
use crate::emulated_target::Stubs;
use crate::package_facts::{DanglingLookup, NEVER_WRITTEN, PackageFacts};
use migration::{Fate, ImportReport, LinkReport, Plan, ProblemKind, RecordReport, TableReport};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What the comparisons leave out: only what the report names or the metadata forbids.
#[must_use]
pub fn excused(report: &ImportReport, plan: &Plan, facts: &PackageFacts) -> Excused {
    let mut excused = Excused { not_writable: facts.not_writable.clone(), ..Excused::default() };
    for table in &report.tables {
        for record in &table.records {
            if record.target_id != record.id {
                excused.moved.insert((table.table.clone(), record.id), record.target_id);
            }
            if matches!(record.fate, Fate::Skipped(_)) && may_be_skipped(table, record, facts) {
                excused.records.insert((table.table.clone(), record.id));
            }
        }
    }
    for proposal in &plan.proposals {
        if let Some(target) = proposal.target.filter(|target| *target != proposal.source.id) {
            excused.moved.insert((proposal.source.table.clone(), proposal.source.id), target);
        }
    }
    let named = named_lookups(report);
    let lookups = facts.dangling_lookups.iter().map(|l| (l.table.clone(), l.record, l.column.clone()));
    excused.lookups = lookups.filter(|lookup| named.contains(lookup)).collect();
    excused.links = facts.dangling_links.intersection(&named_links(report)).cloned().collect();
    excused
}

/// The lookups that the report warns of as leading nowhere: table, record, column.
fn named_lookups(report: &ImportReport) -> BTreeSet<(String, Uuid, String)> {
    let mut named = BTreeSet::new();
    for table in &report.tables {
        for record in &table.records {
            let missing = record.warnings.iter().filter(|w| w.kind == ProblemKind::LookupTargetMissing);
            let columns = missing.filter_map(|w| w.place.column.clone());
            named.extend(columns.map(|column| (table.table.clone(), record.id, column)));
        }
    }
    named
}

/// The links that the report says could not be made: intersect table, source, target.
fn named_links(report: &ImportReport) -> BTreeSet<(String, Uuid, Uuid)> {
    let failed = |link: &LinkReport| link.failed.iter().map(|(s, t, _)| (*s, *t)).collect::<Vec<_>>();
    let named = report.links.iter().map(|link| (link, failed(link)));
    named
        .flat_map(|(link, pairs)| pairs.into_iter().map(|(s, t)| (link.relationship.clone(), s, t)))
        .collect()
}

/// What does not add up, or is left out without an excuse. Empty: all is well.
#[must_use]
pub fn faults(report: &ImportReport, plan: &Plan, facts: &PackageFacts, stubs: Stubs) -> Vec<String> {
    let counts = report.counts();
    let links: u64 = report.links.iter().map(|l| l.created + l.unchanged + l.failed.len() as u64).sum();
    let dangling = facts.dangling_lookups.len() + facts.dangling_links.len();
    let demands = [
        (
            counts.total() == facts.records(),
            format!("{} records have {} fates", facts.records(), counts.total()),
        ),
        (
            record_ids(report) == facts.record_ids,
            "the report names other records than the package holds".to_owned(),
        ),
        (counts.failed == 0, format!("{} records failed", counts.failed)),
        (plan.counts() == counts, format!("planned {:?}, done {counts:?}", plan.counts())),
        (links == facts.links, format!("{} links have {links} fates", facts.links)),
        (report.stopped.is_none(), "the import stopped before its end".to_owned()),
        (
            stubs == Stubs::Absent || dangling == 0,
            format!("{dangling} lookups and links lead nowhere in spite of stubs"),
        ),
    ];
    let mut faults: Vec<String> =
        demands.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| what).collect();
    for table in &report.tables {
        faults.extend(table.records.iter().filter_map(|record| unexcused_fate(table, record, facts)));
        faults.extend(untold_columns(table, facts));
    }
    faults.extend(untold_losses(report, facts));
    faults
}

/// Every record of the report, sorted.
fn record_ids(report: &ImportReport) -> Vec<(String, Uuid)> {
    let records = report.tables.iter().flat_map(|t| t.records.iter().map(|r| (t.table.clone(), r.id)));
    let mut ids: Vec<_> = records.collect();
    ids.sort();
    ids
}

/// Columns that nobody may write, and of which the report does not say so.
fn untold_columns(table: &TableReport, facts: &PackageFacts) -> Option<String> {
    let expected = facts.not_writable.get(&table.table)?;
    let told: BTreeSet<String> = table.not_writable.iter().cloned().collect();
    let untold: Vec<&String> = expected.difference(&told).collect();
    (!untold.is_empty())
        .then(|| format!("{}: the report does not name as not writable: {untold:?}", table.table))
}

/// Lookups that lead nowhere without a word, and links that were not made without a reason.
fn untold_losses(report: &ImportReport, facts: &PackageFacts) -> Vec<String> {
    let (lookups, links) = (named_lookups(report), named_links(report));
    let told = |l: &DanglingLookup| lookups.contains(&(l.table.clone(), l.record, l.column.clone()));
    let untold = facts.dangling_lookups.iter().filter(|lookup| !told(lookup));
    let untold = untold.map(|l| format!("the report does not name the lookup {l}"));
    let unlinked = links.difference(&facts.dangling_links);
    untold.chain(unlinked.map(|(name, s, t)| format!("{name} {s} -> {t} was not linked"))).collect()
}

/// Whether the record is one that no import has to write.
fn may_be_skipped(table: &TableReport, record: &RecordReport, facts: &PackageFacts) -> bool {
    let is_unread = table.table == "annotation" && facts.unread_notes.contains(&record.id);
    is_unread || NEVER_WRITTEN.contains(&table.table.as_str())
}

/// A fate that a round trip does not accept.
fn unexcused_fate(table: &TableReport, record: &RecordReport, facts: &PackageFacts) -> Option<String> {
    match &record.fate {
        Fate::Skipped(_) if !may_be_skipped(table, record, facts) => {
            Some(format!("{} {} was skipped", table.table, record.id))
        }
        Fate::Failed(problem) | Fate::Unconfirmed(problem) => {
            Some(format!("{} {} failed: {problem}", table.table, record.id))
        }
        _ => None,
    }
}
