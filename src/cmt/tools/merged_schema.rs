//! One schema of two.

use crate::tools::ToolError;
use crate::{Schema, Table};

/// The tables, columns and relationships of both, each once, in the order of the first, then of the second. What both
/// list, the first describes.
///
/// # Errors
/// [`ToolError::Unlike`] where both list a table under different id columns, or a column with different types.
pub(crate) fn merged_schema(first: &Schema, second: &Schema) -> Result<Schema, ToolError> {
    let mut merged = Schema { tables: Vec::new(), ..first.clone() };
    for table in first.tables.iter().chain(&second.tables) {
        match merged.tables.iter_mut().find(|known| known.name == table.name) {
            Some(known) => add_table(known, table)?,
            None => merged.tables.push(table.clone()),
        }
    }
    for table in &second.import_order {
        if !merged.import_order.contains(table) {
            merged.import_order.push(table.clone());
        }
    }
    merged.date_mode = merged.date_mode.or(second.date_mode);
    Ok(merged)
}

fn add_table(known: &mut Table, other: &Table) -> Result<(), ToolError> {
    if known.primary_id != other.primary_id {
        let (name, one, two) = (&known.name, &known.primary_id, &other.primary_id);
        return Err(ToolError::Unlike(format!(
            "the id column of {name} is {one} in one and {two} in the other"
        )));
    }
    for column in &other.columns {
        match known.column(&column.name) {
            Some(same) if same.column_type != column.column_type => {
                let place = format!("{}.{}", known.name, column.name);
                let (one, two) = (same.column_type, column.column_type);
                return Err(ToolError::Unlike(format!("{place} is {one:?} in one and {two:?} in the other")));
            }
            Some(_) => {}
            None => known.columns.push(column.clone()),
        }
    }
    for relationship in &other.relationships {
        if !known.relationships.iter().any(|same| same.name == relationship.name) {
            known.relationships.push(relationship.clone());
        }
    }
    Ok(())
}
