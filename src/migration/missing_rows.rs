//! What a user is told of rows that the package points to and that are not there.

use crate::RowRef;
use crate::planning::is_mapped;
use crate::{Problem, ProblemKind};

/// The lookup is left out because the row it points to is not there.
pub(crate) fn lookup_target_missing(column: &str, row: &RowRef) -> Problem {
    Problem::new(
        ProblemKind::LookupTargetMissing,
        format!(
            "The column {column} points to {} {}, which is not in this environment and is not written by this import.",
            row.table, row.id
        ),
        if is_mapped(&row.table) {
            format!("Choose the row of {} that stands for it in the mapping, or set the lookup by hand.", row.table)
        } else {
            format!("Bring the row of {} first and import again, or set the lookup by hand.", row.table)
        },
    )
    .at_column(column)
}

/// The lookup is left out because the user wants no row to stand for the one it points to.
pub(crate) fn lookup_left_empty(column: &str, row: &RowRef) -> Problem {
    Problem::new(
        ProblemKind::LookupTargetMissing,
        format!(
            "The column {column} is left empty: the mapping says that no row stands for {} {}.",
            row.table, row.id
        ),
        "Choose a row in the mapping if the lookup should be set.",
    )
    .at_column(column)
}

/// The link is not made because an end of it is not there.
pub(crate) fn end_missing(row: &RowRef) -> Problem {
    Problem::new(
        ProblemKind::LookupTargetMissing,
        format!("The link cannot be made: {} {} is not in this environment.", row.table, row.id),
        format!("Bring the row of {} first and import again.", row.table),
    )
}
