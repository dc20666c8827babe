//! Small tables and columns for unit tests.

use cmt::ColumnType;
use dataverse::{
    ColumnKind, ColumnMetadata, LookupRelationship, ManyToManyRelationship, ManyToManySide, TableMetadata,
};

/// A column that may be read and written.
pub(crate) fn column(name: &str, kind: ColumnKind) -> ColumnMetadata {
    ColumnMetadata {
        name: name.into(),
        display_name: name.into(),
        kind,
        readable: true,
        creatable: true,
        updatable: true,
        required: false,
        max_length: None,
        date_behavior: None,
        max_size_kb: None,
        precision: None,
        image: None,
    }
}

/// A table with the key `<name>id` and these columns.
pub(crate) fn table(name: &str, columns: &[(&str, ColumnKind)]) -> TableMetadata {
    let key = format!("{name}id");
    let mut all = vec![ColumnMetadata { updatable: false, ..column(&key, ColumnKind::Id) }];
    all.extend(columns.iter().map(|(name, kind)| column(name, *kind)));
    TableMetadata {
        name: name.into(),
        display_name: name.into(),
        set: format!("{name}s"),
        primary_id: key,
        primary_name: Some("name".into()),
        is_activity: false,
        is_intersect: false,
        columns: all,
        lookups: Vec::new(),
        many_to_many: Vec::new(),
        keys: Vec::new(),
        id: None,
    }
}

/// A table of a schema with these columns.
pub(crate) fn schema_table(name: &str, columns: &[(&str, ColumnType)]) -> cmt::Table {
    let columns = columns.iter().map(|(name, column_type)| cmt::Column {
        name: (*name).into(),
        display_name: (*name).into(),
        column_type: *column_type,
        primary_key: false,
        lookup_targets: Vec::new(),
        custom: false,
        update_compare: false,
        date_mode: None,
    });
    cmt::Table {
        name: name.into(),
        display_name: name.into(),
        primary_id: format!("{name}id"),
        primary_name: "name".into(),
        columns: columns.collect(),
        ..Default::default()
    }
}

/// A lookup column's way to a table.
pub(crate) fn lookup(column: &str, target: &str) -> LookupRelationship {
    LookupRelationship { column: column.into(), target: target.into(), navigation: column.into() }
}

/// A relationship with navigation names that tell their side.
pub(crate) fn many_to_many(name: &str, first: &str, second: &str) -> ManyToManyRelationship {
    let reflexive = first == second;
    let side = |table: &str, number: &str| ManyToManySide {
        table: table.into(),
        intersect_column: format!("{table}id{}", if reflexive { number } else { "" }),
        navigation: format!("{name}_from_{table}{}", if reflexive { number } else { "" }),
    };
    ManyToManyRelationship {
        schema_name: format!("Schema_{name}"),
        intersect_table: name.into(),
        first: side(first, "one"),
        second: side(second, "two"),
    }
}
