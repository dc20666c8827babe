//! All that crosses the border between page and worker: two closed enums.
//!
//! A message is a JS object `{json: "<serde_json text>", attachment?: <transferable or cloneable>}`. What
//! rides as attachment stands at each variant.

mod artifact;
mod command;
mod environment;
mod event;
mod export;
mod import;
mod opened;
mod rows;
mod runs;
mod viewer;

pub use artifact::Artifact;
pub use command::Command;
pub use dataverse::{
    Cloud, EnvironmentKind, ListedEnvironment, Person, PortalKind, Solution, Version, region_name,
};
pub use environment::{Address, Asker, Credential, End, Environment, Token};
pub use event::{Event, Stage};
pub use export::{ExportCheck, ExportSummary, PackagePlace};
pub use import::{LinkCounts, PlanSummary, RemovalCounts, ReportSummary, TableCounts};
pub use opened::{PackageSummary, ReadyMadeSchemas, SchemaSource, SchemaSummary};
pub use rows::{Row, RowState, RowsOf, RowsQuery, RuleFilter};
pub use runs::{Deleted, Ended, HowFar, Keeping, ListedRun, NotStored, RunHead, RunId};
pub use viewer::{
    RecordLine, RecordsQuery, TableFacts, ValuePlace, ViewSource, ViewedColumn, ViewedField, ViewedFile,
    ViewedLinks, ViewedPackage, ViewedRecord, ViewedRecords, ViewedRow, ViewedTable, ViewedValue,
};
