//! Whether the package holds what was there: what differs from the count before is counted again.

use super::survey::{count_again, selection};
use super::{Exported, Run};
use crate::{ExportedTable, Problem, ProblemKind};
use cmt::Spool;
use dataverse::{Clock, Query, Transport};

impl<T: Transport, C: Clock, S: Spool> Run<'_, T, C, S> {
    /// Counts the tables again of which others were written than had been expected, and says of each what is not right.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn verify(&mut self, tables: &mut [ExportedTable]) -> Result<(), Problem> {
        let differs =
            |table: &ExportedTable| table.expected.exact().is_some_and(|rows| rows != table.records);
        let differing: Vec<usize> = (0..tables.len()).filter(|&number| differs(&tables[number])).collect();
        if differing.is_empty() {
            return Ok(());
        }
        self.progress.go_on()?;
        let queries: Vec<Query> =
            differing.iter().map(|&number| self.count_query(&self.tables[number])).collect();
        let counts = count_again(self.client, &queries).await?;
        for (number, count) in differing.into_iter().zip(counts) {
            tables[number].counted_again = count;
            // What was cut short has its reason already.
            if count != Some(tables[number].records) && !self.tables[number].is_cut_short {
                self.left_out(restless(&tables[number]), &tables[number].table)?;
            }
        }
        Ok(())
    }

    fn count_query(&self, exported: &Exported<'_>) -> Query {
        let metadata = exported.fit.metadata;
        let selection = selection(exported.table, &exported.fit, self.order.options);
        Query { fetch_xml: Some(selection.count(&metadata.primary_id)), ..Query::of(&metadata.set) }
    }
}

fn restless(table: &ExportedTable) -> Problem {
    let (before, records) = (table.expected.rows(), table.records);
    let after = table.counted_again.map_or_else(String::new, |rows| format!(", {rows} afterwards"));
    Problem::new(
        ProblemKind::Answer,
        format!(
            "Rows came or went while the export ran: {before} were counted before{after}, and {records} are in the package."
        ),
        "Export again while nobody works on this table if it has to be complete.",
    )
}
