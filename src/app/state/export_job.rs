//! The export: schema, check, run, result.

use super::{Answer, Progress};
use browser::protocol::{Command, ExportSummary, SchemaSummary, Stage};
use migration::Check;

/// How far the export is. Each part holds only while those above it do.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ExportJob {
    /// What to export.
    pub(crate) schema: Answer<SchemaSummary>,
    /// Whether the source has it.
    pub(crate) check: Answer<Check>,
    /// The package.
    pub(crate) result: Answer<ExportSummary>,
    /// The run, while it goes on and after.
    pub(crate) progress: Progress,
}

impl ExportJob {
    /// The command the engine works on.
    pub(crate) fn busy(&self) -> Option<Stage> {
        [
            (self.schema.is_waiting(), Stage::OpenSchema),
            (self.check.is_waiting(), Stage::CheckExport),
            (self.result.is_waiting(), Stage::Export),
        ]
        .into_iter()
        .find_map(|(waiting, stage)| waiting.then_some(stage))
    }

    /// The source changed.
    pub(crate) fn forget_check(&mut self) {
        self.check = Answer::NotAsked;
        self.result = Answer::NotAsked;
    }

    pub(crate) fn asked(&mut self, command: &Command, now: f64) {
        match command {
            Command::OpenSchema(_) => {
                self.forget_check();
                self.schema = Answer::Waiting;
            }
            Command::CheckExport => {
                self.forget_check();
                self.check = Answer::Waiting;
            }
            Command::Export => {
                self.result = Answer::Waiting;
                self.progress = Progress::started(now);
            }
            _ => {}
        }
    }

    /// Tables the source has, as the check found.
    pub(crate) fn tables_present(&self) -> usize {
        self.check.got().map_or(0, |check| check.tables.iter().filter(|table| table.present).count())
    }
}
