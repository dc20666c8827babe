//! What a schema is to be once an edit is made, told without its text.

use crate::schema::editing::{ColumnSetting, Edit, Listing, TableSetting};
use crate::{Column, Schema, Table};

/// What the schema is to be once the edit is made. Written without the text.
pub(super) fn expected(schema: &Schema, edit: &Edit) -> Schema {
    let mut schema = schema.clone();
    let at = |schema: &Schema, listing: &Listing| {
        listing.position(schema.tables.iter().map(|table| table.name.as_str())).unwrap()
    };
    match edit {
        Edit::SetDateMode(mode) => schema.date_mode = *mode,
        Edit::AddTable(table) => {
            if !schema.import_order.is_empty() {
                schema.import_order.push(table.name.clone());
            }
            schema.tables.push(table.clone());
        }
        Edit::RemoveTable(table) => {
            let number = at(&schema, table);
            schema.tables.remove(number);
            if schema.table(&table.name).is_none() {
                schema.import_order.retain(|name| *name != table.name);
            }
        }
        Edit::MoveTable { table, to } => {
            let number = at(&schema, table);
            let moved = schema.tables.remove(number);
            schema.tables.insert((*to).min(schema.tables.len()), moved);
        }
        Edit::SetTable { table, setting } => {
            let number = at(&schema, table);
            set_table(&mut schema.tables[number], setting.clone());
        }
        Edit::SetFilter { table, filter } => {
            let number = at(&schema, table);
            schema.tables[number].filter.clone_from(filter);
        }
        Edit::AddColumns { table, columns } => {
            let number = at(&schema, table);
            schema.tables[number].columns.extend(columns.clone());
        }
        Edit::RemoveColumns { table, columns } => {
            let number = at(&schema, table);
            let known = &mut schema.tables[number].columns;
            let place = |column: &Listing| column.position(known.iter().map(|c| c.name.as_str())).unwrap();
            let mut places: Vec<usize> = columns.iter().map(place).collect();
            places.sort_unstable();
            places.into_iter().rev().for_each(|place| drop(known.remove(place)));
        }
        Edit::SetColumn { table, column, setting } => {
            let number = at(&schema, table);
            let columns = &mut schema.tables[number].columns;
            let place = column.position(columns.iter().map(|column| column.name.as_str())).unwrap();
            set_column(&mut columns[place], setting.clone());
        }
        Edit::AddRelationship { table, relationship } => {
            let number = at(&schema, table);
            schema.tables[number].relationships.push(relationship.clone());
        }
        Edit::RemoveRelationship { table, relationship } => {
            let number = at(&schema, table);
            let known = &mut schema.tables[number].relationships;
            let place = relationship.position(known.iter().map(|known| known.name.as_str())).unwrap();
            known.remove(place);
        }
        Edit::SetImportOrder(names) => schema.import_order.clone_from(names),
        Edit::Several(edits) => return edits.iter().fold(schema, |schema, edit| expected(&schema, edit)),
    }
    schema
}

fn set_table(table: &mut Table, setting: TableSetting) {
    match setting {
        TableSetting::DisplayName(label) => table.display_name = label,
        TableSetting::TypeCode(code) => table.type_code = code,
        TableSetting::PrimaryId(column) => table.primary_id = column,
        TableSetting::PrimaryName(column) => table.primary_name = column,
        TableSetting::DisablePlugins(set) => table.disable_plugins = set,
        TableSetting::SkipUpdate(set) => table.skip_update = set,
        TableSetting::ForceCreate(set) => table.force_create = set,
    }
}

fn set_column(column: &mut Column, setting: ColumnSetting) {
    match setting {
        ColumnSetting::DisplayName(label) => column.display_name = label,
        ColumnSetting::Type(column_type) => column.column_type = column_type,
        ColumnSetting::PrimaryKey(set) => column.primary_key = set,
        ColumnSetting::LookupTargets(targets) => column.lookup_targets = targets,
        ColumnSetting::Custom(set) => column.custom = set,
        ColumnSetting::UpdateCompare(set) => column.update_compare = set,
        ColumnSetting::DateMode(mode) => column.date_mode = mode,
    }
}

/// Spelling is no content.
pub(super) fn meant(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.tables.iter_mut().for_each(|table| table.spelling = Default::default());
    schema
}
