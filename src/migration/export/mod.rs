//! Reads the rows that a schema names and builds a data package of them.
//!
//! First the ids of every table are listed: they give the totals, select the links, and let rows be read in
//! the format's order, so that each record goes into the package as it comes and none is held for sorting.

mod ahead;
mod fetch;
mod files;
mod ids;
mod links;
mod records;

use crate::check::schema_problems;
use crate::progress::Progress;
use crate::table_fit::TableFit;
use crate::{Control, EnvironmentTables, Event, ExportReport, ExportedTable, Pass, Problem, ProblemKind};
use ahead::Answers;
use cmt::{LinkSet, PackageWriter, Schema};
use dataverse::{Client, Clock, Transport};
use files::FileAt;
use std::io::{Seek, Write};
use uuid::Uuid;

/// A running export.
struct Run<'a, T, C> {
    client: &'a Client<T, C>,
    schema: &'a Schema,
    tables: &'a EnvironmentTables,
    progress: Progress<'a>,
    report: ExportReport,
}

/// A table on its way into the package.
struct Exported<'a> {
    /// The schema's first listing of the table.
    table: &'a cmt::Table,
    fit: TableFit<'a>,
    /// The rows' ids in the format's order.
    ids: Vec<Uuid>,
    links: Vec<LinkSet>,
}

/// Reads every row and link that `schema` asks for and writes the package to `sink`. `timestamp`: when the
/// export began, ISO 8601 in UTC with seven digits.
///
/// What the environment lacks or refuses is left out and stands in [`ExportReport::problems`].
///
/// # Errors
/// Where the environment cannot be asked any more, the run was stopped, or the sink refuses: no package then.
pub async fn export<T: Transport, C: Clock, W: Write + Seek>(
    client: &Client<T, C>,
    schema: &Schema,
    tables: &EnvironmentTables,
    timestamp: &str,
    sink: W,
    control: &impl Control,
    events: &mut dyn FnMut(Event),
) -> Result<(W, ExportReport), Problem> {
    let report = ExportReport { tables: Vec::new(), problems: schema_problems(schema, tables) };
    let progress = Progress::new(control, events);
    let client = &client.cancelled_by(&progress.cancel());
    let mut run = Run { client, schema, tables, progress, report };
    let mut exported = run.list_ids().await?;
    run.forget_unmoved_columns_without_rows(&exported);
    run.read_links(&mut exported).await?;
    let mut writer = PackageWriter::new(sink, schema, timestamp).map_err(unwritable)?;
    run.progress
        .start(Pass::ReadRows, exported.iter().map(|e| (e.table.name.clone(), e.ids.len() as u64)).collect());
    let files = run.write_tables(&exported, &mut writer).await?;
    run.write_files(&files, &exported, &mut writer).await?;
    run.progress.finish(Pass::ReadRows);
    Ok((writer.finish().map_err(unwritable)?, run.report))
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Writes every table with its records and links, and says where it met files. The rows of the tables that follow are read meanwhile.
    async fn write_tables<W: Write + Seek>(
        &mut self,
        exported: &[Exported<'_>],
        writer: &mut PackageWriter<W>,
    ) -> Result<Vec<FileAt>, Problem> {
        let mut files = Vec::new();
        let mut answers = Answers::new(self.client, exported);
        for (number, table) in exported.iter().enumerate() {
            writer.start_table(&table.table.name, &table.table.display_name).map_err(unwritable)?;
            let mut records = 0;
            while let Some((ask, rows)) = answers.of_table(number, &mut self.progress).await? {
                records += self.write_answer((number, table), &ask, rows, writer, &mut files)?;
            }
            self.finish_table(table, records, writer)?;
        }
        Ok(files)
    }

    fn finish_table<W: Write + Seek>(
        &mut self,
        exported: &Exported<'_>,
        records: u64,
        writer: &mut PackageWriter<W>,
    ) -> Result<(), Problem> {
        for set in &exported.links {
            writer.links(set).map_err(unwritable)?;
        }
        self.report.tables.push(ExportedTable {
            table: exported.table.name.clone(),
            display_name: exported.table.display_name.clone(),
            records,
            links: exported.links.iter().map(|set| set.targets.len() as u64).sum(),
        });
        Ok(())
    }

    /// Where no row is exported, no value is left behind.
    fn forget_unmoved_columns_without_rows(&mut self, exported: &[Exported<'_>]) {
        let has_rows = |name: &String| exported.iter().any(|e| e.table.name == *name && !e.ids.is_empty());
        self.report
            .problems
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
        if !self.report.problems.contains(&problem) {
            self.report.problems.push(problem);
        }
        Ok(())
    }
}

fn unwritable(error: cmt::WriteError) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        error.to_string(),
        "Make room in the browser's storage and export again; if that does not help, report the case.",
    )
}
