//! Schema, package, plan and report in numbers, as the page shows them first.

use browser::protocol::{
    LinkCounts, PackageSummary, PlanSummary, RemovalCounts, ReportSummary, SchemaSummary, TableCounts,
};
use cmt::{Finding, Schema};
use migration::{Check, ImportReport, LinkPlan, LinkReport, LoadedPackage, Plan, Problem, RowRef};
use uuid::Uuid;

pub(crate) fn schema(name: &str, schema: &Schema, findings: Vec<Finding>) -> SchemaSummary {
    SchemaSummary {
        name: name.to_owned(),
        tables: schema.tables.iter().map(|table| table.display_name.clone()).collect(),
        columns: schema.tables.iter().map(|table| table.columns.len()).sum(),
        relationships: schema.tables.iter().map(|table| table.relationships.len()).sum(),
        findings,
    }
}

pub(crate) fn package(name: String, bytes: u64, package: &LoadedPackage) -> PackageSummary {
    let filled = package.tables.iter().filter(|table| !table.records.is_empty());
    PackageSummary {
        name,
        bytes,
        timestamp: package.timestamp.clone(),
        tables: filled.map(|table| (table.display_name.clone(), table.records.len() as u64)).collect(),
        records: package.records() as u64,
        links: package.links() as u64,
        is_undo: package.undo.is_some(),
        findings: package.findings.clone(),
    }
}

/// `check` says which columns of each table nobody may write.
pub(crate) fn plan(plan: &Plan, check: &Check) -> PlanSummary {
    let not_writable = |name: &str| {
        let checked = check.tables.iter().find(|table| table.table == name);
        checked.map(|table| table.not_writable.clone()).unwrap_or_default()
    };
    let tables = plan.tables.iter().map(|table| TableCounts {
        table: table.table.clone(),
        display_name: table.display_name.clone(),
        counts: table.records.iter().map(|record| &record.action).collect(),
        mode: table.mode,
        same_names: table.same_names,
        not_writable: not_writable(&table.table),
    });
    PlanSummary {
        tables: tables.collect(),
        counts: plan.counts(),
        links: plan.links.iter().map(planned_links).collect(),
        warnings: warned(plan.tables.iter().flat_map(|t| &t.records).map(|r| &r.warnings)),
        notes: plan.notes.clone(),
        proposals: plan.proposals.clone(),
        switches: plan.switches.clone(),
        removals: RemovalCounts {
            first: plan.removals.first.len() as u64,
            websites: websites(&plan.removals.first),
            links: plan.removals.links.len() as u64,
            rows: plan.removals.rows.len() as u64,
        },
    }
}

fn websites(first: &[(RowRef, String)]) -> Vec<(Uuid, String)> {
    let websites = first.iter().filter(|(row, _)| row.table == "adx_website");
    websites.map(|(row, name)| (row.id, name.clone())).collect()
}

/// `plan` says what might be done to the rows of each table.
pub(crate) fn report(report: &ImportReport, plan: &Plan, records_in_package: u64) -> ReportSummary {
    let mode = |name: &str| {
        let planned = plan.tables.iter().find(|table| table.table == name);
        planned.map(|table| table.mode).unwrap_or_default()
    };
    let tables = report.tables.iter().map(|table| TableCounts {
        table: table.table.clone(),
        display_name: table.display_name.clone(),
        counts: table.records.iter().map(|record| &record.fate).collect(),
        mode: mode(&table.table),
        same_names: 0,
        not_writable: table.not_writable.clone(),
    });
    ReportSummary {
        tables: tables.collect(),
        counts: report.counts(),
        records_in_package,
        links: report.links.iter().map(reported_links).collect(),
        warnings: warned(report.tables.iter().flat_map(|t| &t.records).map(|r| &r.warnings)),
        notes: report.notes.clone(),
        stopped: report.stopped.clone(),
    }
}

fn planned_links(links: &LinkPlan) -> LinkCounts {
    LinkCounts {
        relationship: links.relationship.clone(),
        created: links.create.len() as u64,
        unchanged: links.unchanged.len() as u64,
        failed: links.blocked.len() as u64,
    }
}

fn reported_links(links: &LinkReport) -> LinkCounts {
    LinkCounts {
        relationship: links.relationship.clone(),
        created: links.created,
        unchanged: links.unchanged,
        failed: links.failed.len() as u64,
    }
}

fn warned<'p>(warnings: impl Iterator<Item = &'p Vec<Problem>>) -> u64 {
    warnings.filter(|warnings| !warnings.is_empty()).count() as u64
}
