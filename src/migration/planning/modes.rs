//! What may be done to the rows of a table: as the user says, else the schema, else the rule for the table.

use crate::{ImportOptions, Problem, ProblemKind, WriteMode};
use cmt::Schema;

/// Tables that are never written, each with its reason and what to do instead.
const NEVER_WRITTEN: [(&str, &str, &str); 4] = [
    ("role", "Security roles come with solutions.", "Import the solution that holds the role."),
    (
        "systemuser",
        "Users come from Microsoft Entra ID.",
        "Add the user to the environment in the Power Platform admin center.",
    ),
    (
        "organization",
        "The environment's own row stays as it is.",
        "Change its settings in the Power Platform admin center.",
    ),
    (
        "adx_websitebinding",
        "A website binding ties a website to a host of its own environment.",
        "Nothing is to be done where the portal makes its binding itself; else make it in the Portal Management app.",
    ),
];

/// Tables whose rows keep their values unless the user or the schema says otherwise, or are left out.
const BY_RULE: [(&str, WriteMode); 2] =
    [("adx_sitesetting", WriteMode::CreateOnly), (URL_HISTORY, WriteMode::LeaveOut)];

/// Former addresses of pages.
const URL_HISTORY: &str = "adx_urlhistory";

/// Why a table is never written.
pub(super) fn never_written(table: &str) -> Option<Problem> {
    let (_, what, remedy) = NEVER_WRITTEN.into_iter().find(|(name, ..)| *name == table)?;
    Some(Problem::new(ProblemKind::NotMoved, what, remedy))
}

/// What may be done to the rows of `table`.
pub(super) fn mode(table: &str, schema: &Schema, options: &ImportOptions) -> WriteMode {
    let chosen = options.tables.get(table).and_then(|options| options.mode);
    chosen.or_else(|| of_schema(table, schema)).unwrap_or_else(|| by_rule(table, options))
}

/// `skipupdate` leaves rows alone that are there; `forcecreate` is for rows that are always new.
fn of_schema(table: &str, schema: &Schema) -> Option<WriteMode> {
    let described = schema.tables.iter().filter(|t| t.name == table);
    let creates_only = |t: &cmt::Table| t.skip_update || t.force_create;
    described.into_iter().any(creates_only).then_some(WriteMode::CreateOnly)
}

fn by_rule(table: &str, options: &ImportOptions) -> WriteMode {
    if options.taking_back {
        return WriteMode::CreateAndUpdate;
    }
    let rule = BY_RULE.into_iter().find(|(name, _)| *name == table).map(|(_, mode)| mode);
    rule.filter(|_| table != URL_HISTORY || !options.url_history).unwrap_or_default()
}

/// Why a row that is there keeps its values.
pub(super) fn keeps_values(table: &str, schema: &Schema, options: &ImportOptions) -> Problem {
    let chosen = options.tables.get(table).is_some_and(|options| options.mode.is_some());
    let named = |wanted: fn(&cmt::Table) -> bool| schema.tables.iter().any(|t| t.name == table && wanted(t));
    let (what, remedy) = match () {
        () if !chosen && named(|t| t.skip_update) => (
            "The row is there with other values, and the schema wants rows of this table left alone (skipupdate).",
            "Choose to create and update for this table if the row should be changed.",
        ),
        () if !chosen && named(|t| t.force_create) => (
            "The row is there with other values, and the schema wants rows of this table only created (forcecreate).",
            "Choose to create and update for this table if the row should be changed.",
        ),
        () => (
            "The row is there with other values and keeps them: this table is only to be added to.",
            "Choose to create and update for this table if the row should be changed.",
        ),
    };
    Problem::new(ProblemKind::NotMoved, what, remedy)
}

/// Why a row that is not there is not created.
pub(super) fn not_created() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        "No row of this environment is this record, and this table is only to be updated.",
        "Choose to create and update for this table if the row should be created.",
    )
}

/// Why a whole table is left out.
pub(super) fn left_out_table(table: &str, options: &ImportOptions) -> Problem {
    let chosen = options.tables.get(table).is_some_and(|options| options.mode.is_some());
    let (what, remedy) = match table {
        URL_HISTORY if !chosen => (
            "Former addresses of pages are history of the source and are left out.",
            "Choose to bring the histories of page addresses along if old links should go on working.",
        ),
        _ => (
            "This table is left out.",
            "Choose another mode for this table if the record should be imported.",
        ),
    };
    Problem::new(ProblemKind::NotMoved, what, remedy)
}

/// Why a single record is left out.
pub(super) fn left_out_record() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        "The record was taken out of the plan.",
        "Take it in again if it should be imported.",
    )
}

#[cfg(test)]
mod tests {
    use super::mode;
    use crate::testing::schema_table;
    use crate::{ImportOptions, TableOptions, WriteMode};
    use cmt::Schema;

    fn schema(change: fn(&mut cmt::Table)) -> Schema {
        let mut table = schema_table("adx_webpage", &[]);
        change(&mut table);
        Schema { tables: vec![table], ..Schema::default() }
    }

    #[test]
    fn the_user_has_the_last_word_then_the_schema_then_the_rule() {
        let mut options = ImportOptions::default();
        let plain = schema(|_| {});
        let of = |table, schema: &Schema, options: &ImportOptions| mode(table, schema, options);
        assert_eq!(of("adx_webpage", &plain, &options), WriteMode::CreateAndUpdate);
        assert_eq!(of("adx_webpage", &schema(|t| t.skip_update = true), &options), WriteMode::CreateOnly);
        assert_eq!(of("adx_webpage", &schema(|t| t.force_create = true), &options), WriteMode::CreateOnly);
        assert_eq!(of("adx_sitesetting", &plain, &options), WriteMode::CreateOnly);
        assert_eq!(of("adx_urlhistory", &plain, &options), WriteMode::LeaveOut);
        options.url_history = true;
        assert_eq!(of("adx_urlhistory", &plain, &options), WriteMode::CreateAndUpdate);
        let chosen = TableOptions { mode: Some(WriteMode::UpdateOnly), match_by_name: None };
        options.tables.insert("adx_webpage".into(), chosen);
        let skipping = schema(|t| t.skip_update = true);
        assert_eq!(of("adx_webpage", &skipping, &options), WriteMode::UpdateOnly);
    }
}
