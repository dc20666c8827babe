//! The engines that move configuration data: export a schema's rows into a package; check, plan and
//! run the import of a package; report what became of every record.
//!
//! On `cmt` and `dataverse` only: no browser, no emulator. The plain data (problem, check, plan, event,
//! report) is what the page shows; it is the only part of this crate that crosses to it.

mod check;
mod control;
mod event;
mod outcome;
mod plan;
mod problem;

pub use check::{Check, CheckedTable};
pub use control::{Control, Go};
pub use event::{Event, Pass};
pub use outcome::{ExportedTable, ExportReport, Fate, ImportReport, LinkReport, RecordReport, TableReport};
pub use plan::{Action, Change, Counts, LinkPlan, MatchRule, Plan, RecordPlan, TablePlan};
pub use problem::{Place, Problem, ProblemKind};
