//! Reads the rows that a schema names and builds a data package of them.
//!
//! First everything is read, in whatever order it comes, several tables at once: each page of rows is laid down in
//! order, as text of the package. Then the package is written, the pages of a table merged into the format's order:
//! the row that comes last may be the first of its table. In memory are a few pages at a time, and of rows with links
//! their ids.

mod files;
mod links;
mod options;
mod output;
mod pictures;
mod queries;
mod reading;
mod row_reader;
mod selection;
mod sorted_runs;
mod survey;
mod trimming;
mod verifying;
mod website;
mod writing;

pub use options::ExportOptions;
pub use output::{MemoryOutput, PackageOutput};
pub use survey::{RowCount, Survey, SurveyedTable, Website, survey, websites};

use crate::check::schema_problems;
use crate::progress::Progress;
use crate::table_fit::TableFit;
use crate::{Control, EnvironmentTables, Event, ExportReport, Problem, ProblemKind};
use cmt::{Schema, Spool};
use dataverse::{Client, Clock, Transport};
use files::StoredFile;
use links::Declared;
use reading::Step;
use row_reader::RowReader;
use sorted_runs::{LaidDown, SortedRun};
use std::collections::VecDeque;
use std::io;
use survey::wanted;

/// What is to be exported.
#[derive(Clone, Copy, Debug)]
pub struct ExportOrder<'a> {
    /// Which tables, columns and relationships.
    pub schema: &'a Schema,
    /// What the environment has of them, from [`check`](crate::check).
    pub tables: &'a EnvironmentTables,
    /// What the user decided.
    pub options: &'a ExportOptions,
    /// What was counted before.
    pub survey: &'a Survey,
    /// When the export begins: ISO 8601 in UTC with seven digits behind the second.
    pub timestamp: &'a str,
}

/// A running export.
struct Run<'a, T, C, S> {
    client: &'a Client<T, C>,
    order: ExportOrder<'a>,
    progress: Progress<'a>,
    problems: Vec<Problem>,
    tables: Vec<Exported<'a>>,
    links: Vec<Declared<'a>>,
    laid_down: LaidDown<S>,
    files: Vec<StoredFile>,
    /// What is still to be asked.
    waiting: VecDeque<Step>,
}

/// A table on its way into the package.
struct Exported<'a> {
    /// The schema's first listing of the table.
    table: &'a cmt::Table,
    fit: TableFit<'a>,
    reader: RowReader<'a>,
    surveyed: Option<&'a SurveyedTable>,
    runs: Vec<SortedRun>,
    /// Rows that were read, each time they were.
    read: u64,
    /// The service would not give all of its rows.
    is_cut_short: bool,
}

/// Reads every row and link that is ordered and writes the package to `output`; `spool` holds what was read until it
/// is written, about as much as the package has unzipped.
///
/// What the environment lacks or refuses is left out and stands in [`ExportReport::problems`].
///
/// # Errors
/// Where the environment cannot be asked any more, the run was stopped, or there is no more room: no package then, and
/// what `output` has is to be thrown away.
pub async fn export<T: Transport, C: Clock, S: Spool>(
    client: &Client<T, C>,
    order: ExportOrder<'_>,
    spool: S,
    output: &impl PackageOutput,
    control: &impl Control,
    events: &mut dyn FnMut(Event),
) -> Result<ExportReport, Problem> {
    let progress = Progress::new(control, events);
    let client = &client.cancelled_by(&progress.cancel());
    let tables: Vec<Exported<'_>> = wanted(order.schema, order.tables)
        .into_iter()
        .map(|(table, fit)| Exported::new(&order, table, fit))
        .collect();
    let mut run = Run {
        client,
        order,
        progress,
        problems: schema_problems(order.schema, order.tables),
        links: Declared::by(&order, &tables),
        tables,
        laid_down: LaidDown::new(spool),
        files: Vec::new(),
        waiting: VecDeque::new(),
    };
    run.read_everything().await?;
    run.forget_unmoved_columns_without_rows();
    let written = run.write_package(output).await?;
    run.report(written).await
}

impl<'a> Exported<'a> {
    fn new(order: &ExportOrder<'a>, table: &'a cmt::Table, fit: TableFit<'a>) -> Exported<'a> {
        let surveyed = order.survey.tables.iter().find(|surveyed| surveyed.table == table.name);
        let reader = RowReader::new(&fit);
        Exported { table, fit, reader, surveyed, runs: Vec::new(), read: 0, is_cut_short: false }
    }
}

impl<T: Transport, C: Clock, S: Spool> Run<'_, T, C, S> {
    /// Where no row is exported, no value is left behind.
    fn forget_unmoved_columns_without_rows(&mut self) {
        let tables = &self.tables;
        let has_rows = |name: &String| tables.iter().any(|e| e.table.name == *name && e.read > 0);
        self.problems
            .retain(|p| p.kind != ProblemKind::NotMoved || p.place.table.as_ref().is_none_or(has_rows));
    }

    /// A refusal that concerns one table is reported, and the package lacks it.
    ///
    /// # Errors
    /// Where the refusal concerns all that would follow too.
    fn left_out(&mut self, problem: Problem, table: &str) -> Result<(), Problem> {
        if problem.ends_the_run() {
            return Err(problem);
        }
        let problem = problem.in_table(table);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
        Ok(())
    }
}

/// What is said where rows cannot be laid down or read again.
fn no_room(error: io::Error) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        format!("What was read cannot be kept until it is written: {error}."),
        "Make room on this device or delete this app's local data, then export again.",
    )
}
