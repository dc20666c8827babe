//! A package without its records.

use super::opened::Opened;
use browser::protocol::{TableFacts, ViewedPackage, ViewedTable};
use cmt::{Spool, SpooledTable, Table};

pub(super) fn package<S: Spool>(opened: &Opened<S>) -> ViewedPackage {
    let (spooled, schema) = (&opened.spooled, opened.spooled.schema());
    ViewedPackage {
        name: opened.name.clone(),
        bytes: opened.bytes,
        timestamp: spooled.timestamp().map(str::to_owned),
        date_mode: schema.date_mode.map(|mode| mode.name().to_owned()),
        import_order: schema.import_order.clone(),
        tables: opened.tables().into_iter().map(|name| table(opened, name)).collect(),
        files: spooled.package().files().count() as u64,
        findings: spooled.findings().to_vec(),
    }
}

fn table<S: Spool>(opened: &Opened<S>, name: &str) -> ViewedTable {
    let schema = opened.spooled.schema().table(name);
    let label = schema.map(|table| table.display_name.clone());
    let label =
        label.or_else(|| opened.spooled.listings(name).next().map(|table| table.display_name.clone()));
    ViewedTable {
        name: name.to_owned(),
        display_name: label.filter(|label| !label.is_empty()).unwrap_or_else(|| name.to_owned()),
        records: opened.places(name).count() as u64,
        links: opened.spooled.listings(name).map(SpooledTable::linked_rows).sum(),
        schema: schema.map(facts),
    }
}

fn facts(table: &Table) -> TableFacts {
    let unique = table.columns.iter().filter(|column| column.update_compare);
    let relationships = table.relationships.iter();
    TableFacts {
        primary_id: table.primary_id.clone(),
        primary_name: table.primary_name.clone(),
        columns: table.columns.len() as u64,
        unique: unique.map(|column| column.name.clone()).collect(),
        disable_plugins: table.disable_plugins,
        skip_update: table.skip_update,
        force_create: table.force_create,
        filter: table.filter.clone(),
        relationships: relationships.map(|r| (r.intersect_table.clone(), r.target_table.clone())).collect(),
    }
}
