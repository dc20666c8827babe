//! The whole job on one package: into an empty environment, a second plan, out again, and both comparisons.

use crate::accounting::{excused, faults};
use crate::difference::Difference;
use crate::emulated_target::{PlugIns, Target};
use crate::engines::load;
use crate::job::Job;
use crate::package_facts::PackageFacts;
use crate::uninvited::RowCounts;
use crate::{exported_values, target_rows};
use cmt::Finding;
use migration::{Counts, Fate, ImportReport, Plan, TableReport};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// What a round trip showed.
#[derive(Debug)]
pub struct RoundTrip {
    /// The file's name.
    pub package: String,
    /// Whether the portal's plug-ins ran in the target.
    pub plug_ins: PlugIns,
    /// What the package asks of the target, as the emulator's loader reads it.
    pub facts: PackageFacts,
    /// What was unusual about the file, in words.
    pub findings: Vec<String>,
    /// The import's report.
    pub report: ImportReport,
    /// New records of which the target had a row of the same name: what matching by name would have found.
    pub same_names: u64,
    /// Rows and links a second import would write.
    pub second_plan_writes: u64,
    /// Requests the environment answered.
    pub requests: u64,
    /// What the export could not bring; what that loses is found by comparing.
    pub export_problems: Vec<String>,
    /// Everything that is not as a round trip must be, in words. Empty: equal.
    pub faults: Vec<String>,
}

/// Takes the package at `path` through the engines.
///
/// # Errors
/// As [`round_trip_of`], and where the file cannot be read.
pub fn round_trip(path: &Path, target: impl Into<Target>) -> Result<RoundTrip, String> {
    round_trip_by(path, target, Matching::ById)
}

/// The same, with records found by their names where the user asks for it.
///
/// # Errors
/// As [`round_trip`].
pub fn round_trip_by(
    path: &Path,
    target: impl Into<Target>,
    matching: Matching,
) -> Result<RoundTrip, String> {
    let unreadable = |e| format!("{} cannot be read: {e}. Name the zip of a data package.", path.display());
    let zip = std::fs::read(path).map_err(unreadable)?;
    through(&path.file_name().unwrap_or_default().to_string_lossy(), &zip, target.into(), matching)
}

/// How a record without a row of its id is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// By what tells rows apart, and never by mere names.
    #[default]
    ById,
    /// By its name too.
    ByName,
}

/// Takes a package through the engines.
///
/// # Errors
/// Where a step cannot be done at all; what it did wrongly stands in [`RoundTrip::faults`].
pub fn round_trip_of(package: &str, zip: &[u8], target: impl Into<Target>) -> Result<RoundTrip, String> {
    through(package, zip, target.into(), Matching::ById)
}

fn through(package: &str, zip: &[u8], target: Target, matching: Matching) -> Result<RoundTrip, String> {
    let mut job = Job::new(zip, target)?;
    job.engines.options.match_by_name = matching == Matching::ByName;
    let mut facts = PackageFacts::of(&job.package, &job.way().environment());
    let before = RowCounts::of(&job);
    let imported = job.import().map_err(|p| p.to_string())?;
    facts.lead_to_stand_ins(&imported.plan);
    let second = job.engines.plan(&job.loaded, &imported.tables).map_err(|p| p.to_string())?;
    let second_plan_writes = writes(&second);
    let (zip, export_report) = job.engines.export(&job.loaded.schema).map_err(|p| p.to_string())?;
    let exported = load(&zip).map_err(|p| format!("the exported package: {p}"))?;
    let excused = excused(&imported.report, &imported.plan, &facts);
    let mut faults = faults(&imported.report, &imported.plan, &facts, target.stubs);
    faults.extend(before.uninvited(&imported.report, &RowCounts::of(&job)));
    if second_plan_writes > 0 {
        faults.push(format!("a second import would write {second_plan_writes} rows and links"));
    }
    faults.extend(words(&exported_values::compare(&job.loaded, &exported, &excused)));
    faults.extend(words(&target_rows::compare(&job.package, &job.way().environment(), &excused)));
    let requests = job.way().environment().request_count();
    Ok(RoundTrip {
        package: package.to_owned(),
        plug_ins: target.plug_ins,
        facts,
        findings: job.loaded.findings.iter().map(finding).collect(),
        same_names: imported.plan.tables.iter().map(|table| table.same_names).sum(),
        report: imported.report,
        second_plan_writes,
        requests,
        export_problems: export_report.problems.iter().map(ToString::to_string).collect(),
        faults,
    })
}

fn finding(finding: &Finding) -> String {
    let Finding { part, line, table, record, text, .. } = finding;
    let record = record.map(|id| format!(" {id}")).unwrap_or_default();
    format!("{}, line {line}: {}{record}: {text}", part.name(), table.as_deref().unwrap_or_default())
}

fn words(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(ToString::to_string).collect()
}

fn writes(plan: &Plan) -> u64 {
    plan.counts().writes() + plan.links.iter().map(|l| l.create.len() as u64).sum::<u64>()
}

impl RoundTrip {
    /// Whether everything is as it should be.
    #[must_use]
    pub fn equal(&self) -> bool {
        self.faults.is_empty()
    }

    /// Lines for people: per table, each skipped record, each lookup that leads nowhere, each fault.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.report.tables.iter().flat_map(|table| self.table_lines(table)).collect();
        lines.extend(self.report.links.iter().map(|link| {
            let (name, failed) = (&link.relationship, link.failed.len());
            format!("{name}: {} linked, {} unchanged, {failed} failed", link.created, link.unchanged)
        }));
        lines.extend(self.report.notes.iter().map(|note| format!("note: {note}")));
        lines.extend(self.findings.iter().map(|finding| format!("finding: {finding}")));
        lines.extend(self.facts.dangling_lookups.iter().map(|l| format!("lookup missing: {l}")));
        lines.extend(
            self.facts.dangling_links.iter().map(|(name, s, t)| format!("link missing: {name} {s} -> {t}")),
        );
        lines.extend(self.export_problems.iter().map(|problem| format!("export: {problem}")));
        lines.extend(self.faults.iter().map(|fault| format!("NOT EQUAL: {fault}")));
        lines
    }

    fn table_lines(&self, table: &TableReport) -> Vec<String> {
        let Counts { created, updated, unchanged, skipped, failed, .. } =
            table.records.iter().map(|r| &r.fate).collect();
        let name = &table.table;
        let mut lines = vec![format!(
            "{name}: {created} created, {updated} updated, {unchanged} unchanged, {skipped} skipped, {failed} failed"
        )];
        if let Some(columns) = self.facts.not_writable.get(name) {
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            lines.push(format!("  notWritable: {}", columns.join(", ")));
        }
        let skipped = table.records.iter().filter(|r| matches!(r.fate, Fate::Skipped(_)));
        lines.extend(skipped.map(|record| format!("  skipped: {} {}", record.id, record.name)));
        lines
    }

    /// The result as one line of JSON.
    ///
    /// # Errors
    /// Never in practice: numbers and a name are JSON.
    pub fn json(&self) -> serde_json::Result<String> {
        let Counts { created, updated, unchanged, skipped, failed, .. } = self.report.counts();
        serde_json::to_string(&Summary {
            package: &self.package,
            plugins: self.plug_ins.name(),
            records: self.facts.records(),
            created,
            updated,
            unchanged,
            skipped,
            failed,
            links: self.facts.links,
            not_writable: self.facts.not_writable.values().map(BTreeSet::len).sum(),
            requests: self.requests,
            equal: self.equal(),
            not_writable_values: self.facts.not_writable_values,
            lookups_missing: self.facts.dangling_lookups.len(),
            links_missing: self.facts.dangling_links.len(),
            further_parts: self.facts.further_parts,
            second_plan_writes: self.second_plan_writes,
            same_names: self.same_names,
        })
    }
}

/// The last line that `roundtrip` prints; its keys in this order.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary<'a> {
    package: &'a str,
    plugins: &'a str,
    records: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    skipped: u64,
    failed: u64,
    links: u64,
    not_writable: usize,
    requests: u64,
    equal: bool,
    not_writable_values: usize,
    lookups_missing: usize,
    links_missing: usize,
    further_parts: usize,
    second_plan_writes: u64,
    same_names: u64,
}
