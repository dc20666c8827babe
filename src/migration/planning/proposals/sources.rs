//! The source's users, teams, business units, currencies and websites that a package brings or points to.

use super::tables::is_mapped;
use crate::RowRef;
use crate::package_index::{PackageIndex, RecordAt, pointed_row};
use cmt::Value;
use std::collections::BTreeMap;

/// A row of the source.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    /// What lookups call it.
    pub(super) name: String,
    /// How many lookups and links point to it.
    pub(super) uses: u64,
    /// Where the package brings it as a record.
    pub(super) record: Option<RecordAt>,
}

/// Sources by table and id.
pub(super) type Sources = BTreeMap<RowRef, Source>;

pub(super) fn sources(index: &PackageIndex<'_>) -> Sources {
    let mut sources = Sources::new();
    for (table, loaded) in index.package.tables.iter().enumerate() {
        for record in 0..loaded.records.len() {
            let at = RecordAt { table, record };
            if is_mapped(&loaded.name) && !index.is_repeated(at) {
                sources.entry(index.row(at)).or_default().record = Some(at);
            }
            take_lookups(index, at, &mut sources);
        }
        for set in loaded.links.iter() {
            if is_mapped(&loaded.name) {
                let row = RowRef { table: loaded.name.clone(), id: set.source };
                sources.entry(row).or_default().uses += set.targets.len() as u64;
            }
            for target in set.targets.iter().filter(|_| is_mapped(&set.target_table)) {
                let row = RowRef { table: set.target_table.clone(), id: *target };
                sources.entry(row).or_default().uses += 1;
            }
        }
    }
    sources
}

fn take_lookups(index: &PackageIndex<'_>, at: RecordAt, sources: &mut Sources) {
    let Some(fit) = &index.fits[at.table] else { return };
    for field in &index.record(at).fields {
        let Value::Lookup(lookup) = &field.value else { continue };
        let row = pointed_row(lookup, &field.column, fit.metadata);
        let written =
            fit.column(&field.column).is_some_and(|c| c.fit.is_sent_on_create() || c.fit.is_compared());
        if !written || !is_mapped(&row.table) {
            continue;
        }
        let source = sources.entry(row).or_default();
        source.uses += 1;
        if source.name.is_empty() {
            source.name = lookup.name.clone().unwrap_or_default();
        }
    }
}

impl Source {
    /// A text of the source, as far as the package tells it: a record's own, else what lookups call the row.
    pub(super) fn text(&self, index: &PackageIndex<'_>, column: &str, is_name: bool) -> Option<String> {
        let of_record = self.record.and_then(|at| match index.record(at).value(column) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        });
        let called = || Some(self.name.clone()).filter(|_| is_name);
        of_record.or_else(called).filter(|text| !text.trim().is_empty())
    }

    /// Whether the package's record says yes in this column.
    pub(super) fn says_yes(&self, index: &PackageIndex<'_>, column: &str) -> bool {
        self.record.is_some_and(|at| index.record(at).value(column) == Some(&Value::Bool(true)))
    }

    /// The row that a lookup of the package's record leads to.
    pub(super) fn lookup(&self, index: &PackageIndex<'_>, column: &str) -> Option<RowRef> {
        let at = self.record?;
        let fit = index.fits[at.table].as_ref()?;
        match index.record(at).value(column) {
            Some(Value::Lookup(lookup)) => Some(pointed_row(lookup, column, fit.metadata)),
            _ => None,
        }
    }
}
