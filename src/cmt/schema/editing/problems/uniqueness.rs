//! By which columns rows of the target are recognized.

use super::Checked;
use super::keys::{add, id_column};
use crate::schema::editing::{ColumnSetting, Edit, Listing, ProblemKind, SchemaProblem, TableSetting};
use crate::{Column, Severity};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    let table = checked.table;
    if table.force_create {
        // Nothing is matched: there is no condition to speak of.
        found.extend(table.skip_update.then(|| contradiction(checked)));
        return;
    }
    let compared: Vec<&Column> = table.columns.iter().filter(|column| column.update_compare).collect();
    if compared.is_empty() {
        found.push(none(checked));
    } else if compared.iter().all(|column| column.name == table.primary_id) {
        found.push(id_alone(checked));
    }
}

fn none(checked: &Checked<'_>) -> SchemaProblem {
    let table = checked.table;
    let then = match table.primary_name.as_str() {
        "" => "Rows are matched by their id alone: a row that was made by hand in the target is created a second time.".to_owned(),
        name => format!("Microsoft's tool then compares the id and after it the name, {name}: a row of the target that only shares the name is overwritten."),
    };
    let what = format!("The table {} has no uniqueness condition.", table.name);
    checked.problem(Severity::Warning, ProblemKind::NoUniqueness, what, then).mended_by(by_id(checked))
}

/// The id as condition: what the real portal packages do in all their tables.
fn by_id(checked: &Checked<'_>) -> Edit {
    let table = checked.listing.clone();
    match checked.table.column(&checked.table.primary_id) {
        Some(id) => {
            let column = Listing::from(&id.name);
            Edit::SetColumn { table, column, setting: ColumnSetting::UpdateCompare(true) }
        }
        None => add(checked, Column { update_compare: true, ..id_column(checked) }),
    }
}

fn id_alone(checked: &Checked<'_>) -> SchemaProblem {
    let what = format!("The id alone is the uniqueness condition of {}.", checked.table.name);
    let then = "A row of the target with the same content and another id is not recognized: a second one is created.";
    checked.problem(Severity::Note, ProblemKind::UniqueByIdAlone, what, then.into())
}

fn contradiction(checked: &Checked<'_>) -> SchemaProblem {
    let table = checked.listing.clone();
    let what = format!("The table {} is set both to force create and to create only.", checked.table.name);
    let then = "Rows are always created and never matched: there is nothing that could be left alone.";
    let fix = Edit::SetTable { table, setting: TableSetting::SkipUpdate(false) };
    checked
        .problem(Severity::Warning, ProblemKind::ForceCreateAndSkipUpdate, what, then.into())
        .mended_by(fix)
}
