//! Columns that are listed for nothing.

use super::Checked;
use crate::schema::editing::{Edit, ProblemKind, SchemaProblem};
use crate::{ColumnType, Severity};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    for (column, known) in checked.columns() {
        let place = format!("{}.{}", checked.table.name, known.name);
        let (severity, what, then) = match known.column_type {
            ColumnType::BigInt => (
                Severity::Note,
                format!("Values of {place} (bigint) are not moved."),
                "The column may stay: the tool lists such columns and writes no values.",
            ),
            ColumnType::Unknown => (
                Severity::Warning,
                format!("The type of {place} is none that the tool can import."),
                "Its values are kept as text and never sent.",
            ),
            _ => continue,
        };
        let fix = Edit::RemoveColumns { table: checked.listing.clone(), columns: vec![column.clone()] };
        let problem = checked.problem(severity, ProblemKind::NeverMoved, what, then.into());
        found.push(problem.of_column(column).mended_by(fix));
    }
}
