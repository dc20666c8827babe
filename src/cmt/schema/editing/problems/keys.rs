//! The id column and the name column.

use super::Checked;
use crate::schema::editing::{Edit, ProblemKind, SchemaProblem};
use crate::{Column, ColumnType, Severity};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    found.extend(id(checked));
    found.extend(name(checked));
}

fn id(checked: &Checked<'_>) -> Option<SchemaProblem> {
    let table = checked.table;
    if table.column(&table.primary_id).is_some() {
        return None;
    }
    let problem = checked.problem(
        Severity::Note,
        ProblemKind::NoIdColumn,
        format!("The id column {} is not among the columns of {}.", table.primary_id, table.name),
        "Records still carry their id, but it cannot be made a uniqueness condition.".into(),
    );
    Some(problem.mended_by(add(checked, id_column(checked))))
}

fn name(checked: &Checked<'_>) -> Option<SchemaProblem> {
    let table = checked.table;
    if table.primary_name.is_empty() || table.column(&table.primary_name).is_some() {
        return None;
    }
    let problem = checked.problem(
        Severity::Warning,
        ProblemKind::NoNameColumn,
        format!("The name column {} is not among the columns of {}.", table.primary_name, table.name),
        "New rows have no name, and rows cannot be matched by it.".into(),
    );
    Some(problem.mended_by(add(checked, column(&table.primary_name, "Name", ColumnType::Text))))
}

/// The id column as the tool lists it: under the label of the table.
pub(super) fn id_column(checked: &Checked<'_>) -> Column {
    let table = checked.table;
    Column { primary_key: true, ..column(&table.primary_id, &table.display_name, ColumnType::Id) }
}

fn column(name: &str, label: &str, column_type: ColumnType) -> Column {
    Column {
        name: name.to_owned(),
        display_name: label.to_owned(),
        column_type,
        primary_key: false,
        lookup_targets: Vec::new(),
        // The id is marked by `primaryKey`; names with a publisher's prefix are custom columns.
        custom: column_type != ColumnType::Id && name.contains('_'),
        update_compare: false,
        date_mode: None,
    }
}

pub(super) fn add(checked: &Checked<'_>, column: Column) -> Edit {
    Edit::AddColumns { table: checked.listing.clone(), columns: vec![column] }
}
