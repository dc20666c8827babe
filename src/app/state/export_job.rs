//! The export: schema, check, run, result.

use super::{Answer, Progress};
use browser::protocol::{Command, ExportCheck, ExportSummary, ReadyMadeSchemas, SchemaSummary, Stage};
use migration::{ExportOptions, ReadyMadeSchema, Survey};

/// From so many rows or bytes on a package should grow where it is to stay.
const LARGE_ROWS: u64 = 50_000;
const LARGE_BYTES: u64 = 200 << 20;

/// How far the export is. Each part holds only while those above it do.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ExportJob {
    /// The ready-made schemas, and which fits the source.
    pub(crate) ready_made: Answer<ReadyMadeSchemas>,
    /// The id of the one that the user looks at; `None`: the one that is proposed.
    pub(crate) looked_at: Option<String>,
    /// What to export.
    pub(crate) schema: Answer<SchemaSummary>,
    /// Whether the source has it.
    pub(crate) check: Answer<ExportCheck>,
    /// What the user decided.
    pub(crate) options: ExportOptions,
    /// What will be found so.
    pub(crate) survey: Answer<Survey>,
    /// Whether the user wants to say first where the package goes; `None`: not decided.
    pub(crate) pick_place: Option<bool>,
    /// The package.
    pub(crate) result: Answer<ExportSummary>,
    /// The run, while it goes on and after.
    pub(crate) progress: Progress,
}

impl ExportJob {
    /// The command the engine works on.
    pub(crate) fn busy(&self) -> Option<Stage> {
        [
            (self.ready_made.is_waiting(), Stage::ListSchemas),
            (self.schema.is_waiting(), Stage::OpenSchema),
            (self.check.is_waiting(), Stage::CheckExport),
            (self.survey.is_waiting(), Stage::Survey),
            (self.result.is_waiting(), Stage::Export),
        ]
        .into_iter()
        .find_map(|(waiting, stage)| waiting.then_some(stage))
    }

    /// The source is another one now.
    pub(crate) fn forget_source(&mut self) {
        self.ready_made = Answer::NotAsked;
        self.looked_at = None;
        self.forget_check();
    }

    /// What was checked no longer holds.
    pub(crate) fn forget_check(&mut self) {
        self.check = Answer::NotAsked;
        self.survey = Answer::NotAsked;
        self.options = ExportOptions::default();
        self.pick_place = None;
        self.result = Answer::NotAsked;
    }

    pub(crate) fn asked(&mut self, command: &Command, now: f64) {
        match command {
            Command::ListSchemas => self.ready_made = Answer::Waiting,
            Command::OpenSchema(_) => {
                self.forget_check();
                self.schema = Answer::Waiting;
            }
            Command::CheckExport => {
                self.forget_check();
                self.check = Answer::Waiting;
            }
            Command::Survey { options } => {
                self.options = options.clone();
                self.survey = Answer::Waiting;
                self.result = Answer::NotAsked;
            }
            Command::Export { .. } => {
                self.result = Answer::Waiting;
                self.progress = Progress::started(now);
            }
            _ => {}
        }
    }

    /// The check came, and with it a first count.
    pub(crate) fn checked(&mut self, check: ExportCheck) {
        self.options = check.options.clone();
        self.survey = Answer::Got(check.survey.clone());
        self.check = Answer::Got(check);
    }

    /// The ready-made schema that the user looks at, else the proposed one.
    pub(crate) fn ready_made_schema(&self) -> Option<&ReadyMadeSchema> {
        let listed = self.ready_made.got()?;
        let id = self.looked_at.as_ref().or(listed.proposal.schema.as_ref())?;
        listed.schemas.iter().find(|schema| schema.id == *id)
    }

    /// Tables the source has, as the check found.
    pub(crate) fn tables_present(&self) -> usize {
        let present = |check: &ExportCheck| check.check.tables.iter().filter(|table| table.present).count();
        self.check.got().map_or(0, present)
    }

    /// Whether the user says first where the package goes: proposed for large ones.
    pub(crate) fn picks_place(&self) -> bool {
        self.pick_place.unwrap_or_else(|| self.survey.got().is_some_and(is_large))
    }
}

fn is_large(survey: &Survey) -> bool {
    let rows: u64 = survey.tables.iter().map(|table| table.rows.rows()).sum();
    let bytes: u64 = survey.tables.iter().map(|table| table.rows.rows() * table.file_bytes).sum();
    rows >= LARGE_ROWS || bytes >= LARGE_BYTES
}
