//! What a package asks of a target, as the emulator's loader reads it: lookups and links that lead to rows which
//! are nowhere, and columns that nobody may write.

use dataverse_emulator::loader::Package;
use dataverse_emulator::{Cell, Environment};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A lookup whose target is neither in the package nor in the target environment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DanglingLookup {
    /// Logical name of the record's table.
    pub table: String,
    /// The record.
    pub record: Uuid,
    /// The lookup column.
    pub column: String,
    /// The row it leads to.
    pub target: Uuid,
}

impl std::fmt::Display for DanglingLookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {} -> {}", self.table, self.record, self.column, self.target)
    }
}

/// What leads nowhere.
#[derive(Clone, Debug, Default)]
pub struct Dangling {
    /// Lookups of columns that may be written.
    pub lookups: BTreeSet<DanglingLookup>,
    /// Links: intersect table, source, target.
    pub links: BTreeSet<(String, Uuid, Uuid)>,
}

/// What of `package` leads nowhere, before anything of it is in `environment`.
#[must_use]
pub fn dangling(package: &Package, environment: &Environment) -> Dangling {
    let held: BTreeSet<(&str, Uuid)> = held_records(package).collect();
    let nowhere =
        |table: &str, id: Uuid| !held.contains(&(table, id)) && environment.row(table, id).is_none();
    let mut found = Dangling::default();
    for data in &package.data.tables {
        for record in &data.records {
            for field in &record.fields {
                let column = environment.table(&data.name).and_then(|t| t.column(&field.column));
                let Some(column) = column.filter(|c| c.creatable || c.updatable) else { continue };
                if let Ok(Cell::Lookup { table, id }) = package.cell(&data.name, record, column, field)
                    && nowhere(&table, id)
                {
                    let (table, column) = (data.name.clone(), field.column.clone());
                    found.lookups.insert(DanglingLookup { table, record: record.id, column, target: id });
                }
            }
        }
        for link in &data.links {
            let lost = link
                .targets
                .iter()
                .filter(|t| nowhere(&data.name, link.source) || nowhere(&link.target_table, **t));
            found.links.extend(lost.map(|target| (link.intersect.clone(), link.source, *target)));
        }
    }
    found
}

fn held_records(package: &Package) -> impl Iterator<Item = (&str, Uuid)> {
    package.data.tables.iter().flat_map(|t| t.records.iter().map(|r| (t.name.as_str(), r.id)))
}

/// Columns of the package that nobody may write, by table, and how many values they hold.
#[must_use]
pub fn not_writable(
    package: &Package,
    environment: &Environment,
) -> (BTreeMap<String, BTreeSet<String>>, usize) {
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut values = 0;
    for data in &package.data.tables {
        let Some(table) = environment.table(&data.name) else { continue };
        for field in data.records.iter().flat_map(|r| &r.fields) {
            if table.column(&field.column).is_some_and(|c| !c.creatable && !c.updatable) {
                columns.entry(data.name.clone()).or_default().insert(field.column.clone());
                values += 1;
            }
        }
    }
    (columns, values)
}
