//! Rows that came with an import although nobody reports them, such as pages that a portal makes by itself.

use crate::job::Job;
use migration::{Fate, ImportReport};
use std::collections::BTreeMap;

/// A new row of the first table comes with a row of the second, made by the service: a unit group's primary unit, a
/// business unit's team. Where the package brings that row, an import takes the made one for it.
const BROUGHT: [(&str, &str); 2] = [("uomschedule", "uom"), ("businessunit", "team")];

/// How many rows a target has, by table.
#[derive(Clone, Debug)]
pub struct RowCounts(BTreeMap<String, usize>);

impl RowCounts {
    /// How many there are now in each of the package's tables.
    #[must_use]
    pub fn of(job: &Job) -> RowCounts {
        let environment = job.way().environment();
        let tables = job.package.data.tables.iter().map(|table| table.name.clone());
        RowCounts(tables.map(|table| (table.clone(), environment.count(&table))).collect())
    }

    /// In words, the tables whose rows are more or fewer than `self` and what the report says was created.
    #[must_use]
    pub fn uninvited(&self, report: &ImportReport, after: &RowCounts) -> Vec<String> {
        let RowCounts(before) = self;
        let expected = before
            .iter()
            .map(|(table, count)| (table, count + created(report, table) + brought(report, table)));
        let surprising = expected.filter(|(table, count)| after.0.get(*table) != Some(count));
        surprising
            .map(|(table, count)| {
                let found = after.0.get(table).copied().unwrap_or_default();
                format!("{table} has {found} rows after the import instead of {count}")
            })
            .collect()
    }
}

/// Rows of a table that the report says were created.
fn created(report: &ImportReport, table: &str) -> usize {
    let records = report.tables.iter().filter(|t| t.table == table).flat_map(|t| &t.records);
    records.filter(|record| record.fate == Fate::Created).count()
}

/// Rows that came with those of other tables, and that no record of the package was found to be.
fn brought(report: &ImportReport, table: &str) -> usize {
    let bringing = BROUGHT.iter().filter(|(_, brought)| *brought == table);
    let came: usize = bringing.map(|(bringing, _)| created(report, bringing)).sum();
    let records = report.tables.iter().filter(|t| t.table == table).flat_map(|t| &t.records);
    let taken =
        records.filter(|record| record.fate == Fate::Created && record.target_id != record.id).count();
    came.saturating_sub(taken)
}
