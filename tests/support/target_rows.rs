//! Second comparison: the target's own rows against the package as the emulator's loader reads it. Nothing of
//! the file crate, the client or the engines takes part, so a mistake made on both ways cannot cancel out.

use crate::difference::{Difference, Excused, WRITTEN_AS_CREATED};
use dataverse_emulator::loader::{DataField, DataLink, DataRecord, DataTable, Package};
use dataverse_emulator::{Cell, Environment, LoadError, Table};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What of the package is not in the environment's rows.
#[must_use]
pub fn compare(package: &Package, environment: &Environment, excused: &Excused) -> Vec<Difference> {
    let mut found = Vec::new();
    for data in &package.data.tables {
        for record in data.records.iter().filter(|r| !excused.record(&data.name, r.id)) {
            let differences = record_differences(package, environment, &data.name, record, excused);
            let place = |what| Difference { table: data.name.clone(), record: record.id, what };
            found.extend(differences.into_iter().map(place));
        }
    }
    found.extend(missing_links(package, environment, excused));
    found
}

fn record_differences(
    package: &Package,
    environment: &Environment,
    table: &str,
    record: &DataRecord,
    excused: &Excused,
) -> Vec<String> {
    let Some(metadata) = environment.table(table) else { return vec!["the table is not in the target".to_owned()] };
    let id = excused.target_id(table, record.id);
    let Some(row) = environment.row(table, id) else { return vec!["the row is not in the target".to_owned()] };
    let fields = record.fields.iter().filter(|f| !excused.column(table, record.id, &f.column));
    let compared = fields.filter_map(|field| {
        let kept_in = if field.column == WRITTEN_AS_CREATED { "createdon" } else { &field.column };
        let cell = row.cell(kept_in).cloned().unwrap_or_default();
        match expected(package, metadata, record, field, kept_in, excused) {
            Ok(expected) => (expected != cell).then(|| format!("{kept_in} of the row is not the package's {}", field.column)),
            Err(error) => Some(error.to_string()),
        }
    });
    compared.collect()
}

/// What the loader reads from a field, as the column keeps it.
fn expected(
    package: &Package,
    metadata: &Table,
    record: &DataRecord,
    field: &DataField,
    kept_in: &str,
    excused: &Excused,
) -> Result<Cell, LoadError> {
    let no_column = || LoadError::Value {
        table: metadata.name.clone(),
        record: record.id.to_string(),
        column: kept_in.to_owned(),
        reason: "there is no such column".to_owned(),
    };
    let column = metadata.column(kept_in).ok_or_else(no_column)?;
    let cell = package.cell(&metadata.name, record, column, field)?;
    Ok(match cell {
        Cell::Lookup { table, id } => Cell::Lookup { id: excused.target_id(&table, id), table },
        cell => cell,
    })
}

fn missing_links(package: &Package, environment: &Environment, excused: &Excused) -> Vec<Difference> {
    let mut found = Vec::new();
    for data in &package.data.tables {
        for link in &data.links {
            let there: BTreeSet<(Uuid, Uuid)> = environment.links(&link.intersect).into_iter().collect();
            for target in link.targets.iter().filter(|t| !excused.link(&link.intersect, link.source, **t)) {
                if !is_linked(environment, &there, data, link, *target, excused) {
                    let what = format!("the link to {target} is not in the target");
                    found.push(Difference { table: link.intersect.clone(), record: link.source, what });
                }
            }
        }
    }
    found
}

/// Whether a pair is linked, seen from the side that the relationship has the declaring table on. Which side
/// of a relationship of a table with itself the file declares is not known: either will do.
fn is_linked(
    environment: &Environment,
    there: &BTreeSet<(Uuid, Uuid)>,
    data: &DataTable,
    link: &DataLink,
    target: Uuid,
    excused: &Excused,
) -> bool {
    let Some(relationship) = environment.relationship(&link.intersect) else { return false };
    let (source, target) = (excused.target_id(&data.name, link.source), excused.target_id(&link.target_table, target));
    let forward = relationship.first.table == data.name && there.contains(&(source, target));
    let backward = relationship.second.table == data.name && there.contains(&(target, source));
    forward || backward
}
