//! Solutions: reading their files, importing and exporting them, at once and by jobs.
//!
//! A solution becomes a row of `solution` with its publisher. What it holds is not made here: tables come from
//! schemas. Sources: the recorded answers of a real import, and Microsoft's page on staging and asynchronous import.

mod export;
mod file;
mod import;
mod install;
mod jobs;
mod manifest;
mod result;
mod stage;

use crate::environment::Environment;
use crate::functions::Message;
use crate::values::Cell;
use file::SolutionFile;
use jobs::Job;
pub(crate) use jobs::Work;
use manifest::Manifest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The messages of this module.
pub(crate) const MESSAGES: &[Message] = &[
    stage::STAGE,
    import::IMPORT,
    import::IMPORT_ASYNC,
    export::EXPORT,
    export::EXPORT_ASYNC,
    export::DOWNLOAD,
    result::RESULT,
    export::PUBLISH_ALL,
];

/// What an environment knows of solutions besides their rows. Files are base64, as they came.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Solutions {
    /// By unique name.
    installed: BTreeMap<String, String>,
    /// By the id that staging gave.
    staged: BTreeMap<Uuid, String>,
    /// By the id of the export job.
    exported: BTreeMap<Uuid, String>,
    /// What is waiting or under way, in order.
    jobs: Vec<Job>,
}

impl Environment {
    /// The row whose column holds that text.
    fn row_with(&self, table: &str, column: &str, text: &str) -> Option<Uuid> {
        let is_meant = |row: &crate::RowView<'_>| row.cell(column) == Some(&Cell::text(text));
        self.rows(table).find(is_meant).map(|row| row.id())
    }

    /// Changes a row past all rules, as the service's own jobs do.
    pub(crate) fn change_row(&mut self, table: &str, id: Uuid, cells: &[(&str, Cell)]) {
        let Some(table) = self.catalog.position(table) else { return };
        let Some(mut row) = self.store.get(table, id).cloned() else { return };
        for (column, cell) in cells {
            self.set(table, &mut row, column, cell.clone());
        }
        self.set(table, &mut row, "modifiedon", Cell::Instant(self.now()));
        self.store.put(table, row);
    }
}

#[cfg(test)]
mod tests;
