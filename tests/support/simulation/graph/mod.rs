//! Packages that nobody made: tables that point to each other in every way there is, and records that do.

mod desk;
mod links;
mod records;
mod site;
mod tables;
mod values;

use super::dice::Dice;
use cmt::{PackageWriter, Schema, WriteError};
use migration::LoadedTable;
use std::io::Cursor;
use uuid::Uuid;

/// When every drawn package was exported.
pub(super) const EXPORTED: &str = "2025-11-03T09:30:00.0000000Z";

/// A schema and its records, not yet a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    pub(super) schema: Schema,
    pub(super) tables: Vec<LoadedTable>,
    /// The contents of file columns.
    pub(super) files: Vec<(Uuid, Vec<u8>)>,
}

impl Graph {
    /// Tables of somebody's own, a small site of a portal, or what people at a desk do.
    pub(super) fn draw(dice: &mut Dice) -> Graph {
        match dice.below(100) {
            0..20 => return site::draw(dice),
            20..32 => return desk::draw(dice),
            _ => {}
        }
        let schema = tables::draw(dice);
        records::draw(dice, schema)
    }

    /// The package as a file.
    pub(super) fn zip(&self) -> Result<Vec<u8>, WriteError> {
        zip(&self.schema, &self.tables, &self.files)
    }
}

/// These records as a data package.
pub(super) fn zip(
    schema: &Schema,
    tables: &[LoadedTable],
    files: &[(Uuid, Vec<u8>)],
) -> Result<Vec<u8>, WriteError> {
    let mut writer = PackageWriter::new(Cursor::new(Vec::new()), schema, EXPORTED)?;
    for table in tables {
        writer.start_table(&table.name, &table.display_name)?;
        table.records.iter().try_for_each(|record| writer.record(record))?;
        table.links.iter().try_for_each(|links| writer.links(links))?;
    }
    for (id, content) in files {
        writer.file(*id, &mut content.as_slice())?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use crate::engines::load;
    use crate::simulation::dice::Dice;
    use cmt::{ColumnType, Severity, Value};
    use std::collections::BTreeSet;

    /// Every way to point that the seeds below draw must be there: what is never drawn is never tried.
    #[test]
    fn graphs_point_in_every_way() {
        let mut met = BTreeSet::new();
        for seed in 0..60 {
            let graph = Graph::draw(&mut Dice::new(seed));
            let package = load(&graph.zip().unwrap()).unwrap();
            let told = package.findings.iter().all(|finding| finding.severity == Severity::Note);
            assert!(told, "seed {seed}: {:?}", package.findings);
            met.extend(package.schema.tables.iter().flat_map(ways_of_table));
            for (table, record) in package.tables.iter().flat_map(|t| t.records.iter().map(move |r| (t, r))) {
                met.extend(record.fields.iter().filter_map(|field| match &field.value {
                    Value::Lookup(lookup) if lookup.id == record.id => Some("a row that points to itself"),
                    Value::Lookup(lookup) if lookup.table == table.name => Some("a tree"),
                    Value::Lookup(lookup) if package.table(&lookup.table).is_none() => {
                        Some("a row elsewhere")
                    }
                    Value::Parties(_) => Some("parties"),
                    Value::Choice(2) if table.name == "duplicaterule" => Some("a rule at work"),
                    _ => None,
                }));
            }
        }
        let all = [
            "a row elsewhere",
            "a row that points to itself",
            "a rule at work",
            "a tree",
            "activities",
            "closed by a message",
            "customer",
            "declared from one side",
            "files",
            "notes",
            "parties",
            "pictures",
            "polymorphic",
            "reflexive",
            "rules against duplicates",
            "states",
            "uniqueness columns",
        ];
        assert_eq!(met.into_iter().collect::<Vec<_>>(), all);
    }

    fn ways_of_table(table: &cmt::Table) -> Vec<&'static str> {
        let mut ways = Vec::new();
        for column in &table.columns {
            match (column.column_type, column.lookup_targets.as_slice()) {
                (ColumnType::Lookup, [a, b]) if a == "account" && b == "contact" => ways.push("customer"),
                (ColumnType::Lookup, [_, _, ..]) => ways.push("polymorphic"),
                (ColumnType::State, _) => ways.push("states"),
                (ColumnType::File, _) => ways.push("files"),
                (ColumnType::Image, _) => ways.push("pictures"),
                _ if column.update_compare && column.name != table.primary_id => {
                    ways.push("uniqueness columns");
                }
                _ => {}
            }
        }
        match table.name.as_str() {
            "annotation" => ways.push("notes"),
            "duplicaterule" => ways.push("rules against duplicates"),
            "phonecall" => ways.push("activities"),
            "incident" => ways.push("closed by a message"),
            _ => {}
        }
        for relationship in &table.relationships {
            let reflexive = relationship.reflexive == Some(true);
            ways.push(if reflexive { "reflexive" } else { "declared from one side" });
        }
        ways
    }
}
