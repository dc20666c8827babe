//! An undo package as it is planned: what its notes say of empty columns joins its records.

use super::UndoNotes;
use crate::{ImportOptions, LoadedPackage, LoadedTable, Owners, Problem, ProblemKind};
use cmt::{ColumnType, Field, Record, Value};
use uuid::Uuid;

impl UndoNotes {
    /// Gives the package's records the columns that are to be emptied, and those rows a record that have none.
    pub(crate) fn clear_columns(&self, package: &mut LoadedPackage) {
        for cleared in &self.clear {
            let Some(described) = package.schema.table(&cleared.row.table) else { continue };
            let display_name = described.display_name.clone();
            let empty = |column: &String| {
                let is_list =
                    described.column(column).is_some_and(|c| c.column_type == ColumnType::PartyList);
                let value = if is_list { Value::Parties(Vec::new()) } else { Value::Empty };
                Field { column: column.clone(), value }
            };
            let fields: Vec<Field> = cleared.columns.iter().map(empty).collect();
            let record = record_of(package, &cleared.row.table, &display_name, cleared.row.id);
            record.fields.extend(fields);
        }
    }

    /// What was there before the import and cannot be brought back.
    pub(crate) fn losses(&self) -> impl Iterator<Item = Problem> {
        self.lost.iter().map(|lost| {
            let what = format!("The former value of {} was not kept: {}.", lost.column, lost.why);
            let problem =
                Problem::new(ProblemKind::NotMoved, what, "Bring it back by hand, e.g. from a backup.");
            problem.in_table(&lost.row.table).at_record(lost.row.id, "").at_column(&lost.column)
        })
    }

    /// The import can be taken back in its own organization only.
    ///
    /// # Errors
    /// Where this is another one.
    pub(crate) fn only_in(&self, organization: Uuid) -> Result<(), Problem> {
        if self.organization == organization {
            return Ok(());
        }
        Err(Problem::new(
            ProblemKind::Address,
            "This undo package takes back an import into another environment; its ids mean nothing here.",
            "Connect to the environment that the import wrote to.",
        ))
    }
}

/// How an undo is planned: every row is the one of its id, and is to be as it was.
pub(crate) fn taking_back(options: &ImportOptions) -> ImportOptions {
    ImportOptions {
        taking_back: true,
        owners: Owners::Kept,
        url_history: true,
        page_plug_ins: options.page_plug_ins,
        lift_attachment_blocks: options.lift_attachment_blocks,
        left_out: options.left_out.clone(),
        ..ImportOptions::default()
    }
}

fn record_of<'p>(
    package: &'p mut LoadedPackage,
    table: &str,
    display_name: &str,
    id: Uuid,
) -> &'p mut Record {
    let at = package.tables.iter().position(|known| known.name == table).unwrap_or_else(|| {
        let (name, display_name) = (table.to_owned(), display_name.to_owned());
        package.tables.push(LoadedTable { name, display_name, ..LoadedTable::default() });
        package.tables.len() - 1
    });
    let records = &mut package.tables[at].records;
    let at = records.iter().position(|record| record.id == id).unwrap_or_else(|| {
        records.push(Record { id, fields: Vec::new() });
        records.len() - 1
    });
    &mut records[at]
}
