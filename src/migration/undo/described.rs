//! Tables and columns of an environment as a schema describes them.

use cmt::{Column, ColumnType, Relationship, Table};
use dataverse::{ColumnKind, ColumnMetadata, ManyToManyRelationship, TableMetadata};

/// The table with the columns that are asked for, its id first.
pub(super) fn table(metadata: &TableMetadata, wanted: impl Fn(&str) -> bool) -> Table {
    let id = metadata.columns.iter().filter(|column| column.name == metadata.primary_id);
    let others =
        metadata.columns.iter().filter(|column| column.name != metadata.primary_id && wanted(&column.name));
    Table {
        name: metadata.name.clone(),
        display_name: metadata.display_name.clone(),
        primary_id: metadata.primary_id.clone(),
        primary_name: metadata.primary_name.clone().unwrap_or_default(),
        columns: id.chain(others).filter_map(|column| described(metadata, column)).collect(),
        ..Table::default()
    }
}

/// The relationship, as `table` declares it; `None` where it has no part in it.
pub(super) fn relationship(
    metadata: &ManyToManyRelationship,
    table: &str,
    other: &TableMetadata,
) -> Relationship {
    let reflexive = metadata.first.table == metadata.second.table;
    Relationship {
        name: metadata.intersect_table.clone(),
        intersect_table: metadata.intersect_table.clone(),
        reflexive: reflexive.then_some(table == other.name),
        target_table: other.name.clone(),
        target_primary_id: other.primary_id.clone(),
    }
}

fn described(table: &TableMetadata, column: &ColumnMetadata) -> Option<Column> {
    let targets = table.lookups.iter().filter(|lookup| lookup.column == column.name);
    Some(Column {
        name: column.name.clone(),
        display_name: column.display_name.clone(),
        column_type: column_type(column.kind)?,
        primary_key: column.name == table.primary_id,
        lookup_targets: targets.map(|lookup| lookup.target.clone()).collect(),
        custom: false,
        update_compare: false,
        date_mode: None,
    })
}

/// How a schema calls a column of this kind; `None` where its values do not move.
fn column_type(kind: ColumnKind) -> Option<ColumnType> {
    Some(match kind {
        ColumnKind::Text | ColumnKind::EntityName => ColumnType::Text,
        ColumnKind::Integer => ColumnType::Number,
        ColumnKind::BigInt => ColumnType::BigInt,
        ColumnKind::Decimal => ColumnType::Decimal,
        ColumnKind::Money => ColumnType::Money,
        ColumnKind::Double => ColumnType::Float,
        ColumnKind::Boolean => ColumnType::Bool,
        ColumnKind::DateTime => ColumnType::DateTime,
        ColumnKind::Choice => ColumnType::Choice,
        ColumnKind::Choices => ColumnType::Choices,
        ColumnKind::State => ColumnType::State,
        ColumnKind::Status => ColumnType::Status,
        ColumnKind::Id => ColumnType::Id,
        ColumnKind::Lookup | ColumnKind::Customer => ColumnType::Lookup,
        ColumnKind::Owner => ColumnType::Owner,
        ColumnKind::PartyList => ColumnType::PartyList,
        ColumnKind::Image => ColumnType::Image,
        ColumnKind::File => ColumnType::File,
        ColumnKind::Other => return None,
    })
}
