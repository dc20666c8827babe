//! How dates move.

use super::Checked;
use crate::schema::editing::{ColumnSetting, Edit, ProblemKind, SchemaProblem};
use crate::{ColumnType, Severity};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    for (column, known) in checked.columns() {
        if known.date_mode.is_none() || known.column_type == ColumnType::DateTime {
            continue;
        }
        let table = checked.listing.clone();
        let what = format!("{}.{} has a dateMode and holds no dates.", checked.table.name, known.name);
        let setting = ColumnSetting::DateMode(None);
        let fix = Edit::SetColumn { table, column: column.clone(), setting };
        let then = "The dateMode has no effect.".to_owned();
        let problem = checked.problem(Severity::Note, ProblemKind::DateModeWithoutDates, what, then);
        found.push(problem.of_column(column).mended_by(fix));
    }
}
