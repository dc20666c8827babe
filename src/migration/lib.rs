//! The engines that move configuration data: export a schema's rows into a package; check, plan and
//! run the import of a package; report what became of every record.
//!
//! On `cmt` and `dataverse` only: no browser, no emulator. The plain data (problem, check, plan, event,
//! report) is what the page shows; it is the only part of this crate that crosses to it.

mod check;
mod compare;
mod control;
mod csv;
mod csv_line;
mod duplicate_rules;
mod environment_tables;
mod event;
mod export;
mod failed;
mod finding_rows;
mod full_images;
mod import;
mod journal;
mod linking;
mod mapping;
mod missing_rows;
mod options;
mod outcome;
mod package;
mod package_files;
mod package_index;
mod paging;
mod parties;
mod plan;
mod plan_bytes;
mod plan_files;
mod planning;
mod preparing;
mod problem;
mod progress;
mod reading;
mod ready_made;
mod report_files;
mod row_ref;
mod secrets;
mod side_by_side;
mod table_fit;
mod target_ids;
#[cfg(test)]
mod testing;
mod told_in_parts;
mod undo;
mod values;

pub use check::{Check, CheckedTable, check};
pub use control::{Control, Go};
pub use environment_tables::EnvironmentTables;
pub use event::{Event, Pass, WaitReason};
pub use export::{
    ExportOptions, ExportOrder, MemoryOutput, PackageOutput, RowCount, Survey, SurveyedTable, Website,
    export, survey, websites,
};
pub use finding_rows::find_rows;
pub use import::{import, left_off, put_back};
pub use journal::{Journal, JournalStore};
pub use mapping::{MappedRow, Mapping, Proposal, ProposalReason};
pub use options::{ImportOptions, Owners, PagePlugIns, Removals, TableOptions, WriteMode};
pub use outcome::{
    ExportReport, ExportedTable, Fate, ImportReport, LinkReport, LinksLeftOut, RecordReport, RemovalReport,
    RemovedRow, TableReport,
};
pub use package::{LoadedPackage, LoadedTable};
pub use package_files::PackageFiles;
pub use plan::{
    Action, Change, Counts, LinkPlan, LinkRemoval, MatchRule, Plan, PlannedRemovals, RecordPlan, Switches,
    TablePlan,
};
pub use planning::plan;
pub use problem::{Place, Problem, ProblemKind};
pub use ready_made::{
    Fits, FoundPortal, LeftOut, ReadyMadeSchema, SchemaProposal, SchemaSourceNote, find_portal, propose,
};
pub use row_ref::RowRef;
pub use secrets::is_secret;
pub use undo::{ClearedColumns, CreatedRow, LostValue, UndoNotes, undo_package};
