//! Reads back what was written and compares it with the package: only what is confirmed counts as done.

use super::Run;
use super::ledger::{Entry, Standing};
use super::reporting::{GO_ON, not_tried};
use crate::compare::differences;
use crate::linking::{Linking, present_pairs};
use crate::reading::{Ask, Rows, read_all};
use crate::table_fit::Fit;
use crate::{Pass, Problem, ProblemKind};
use dataverse::{Clock, Transport};
use uuid::Uuid;

/// Sent, whether an answer came or not.
fn is_sent(entry: &Entry<'_>) -> bool {
    matches!(entry.standing, Standing::Written | Standing::InDoubt)
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Confirms or fails every record and link that was written. After a stop, what lacks columns is not yet
    /// finished rather than wrong.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn verify(&mut self, stopped: bool) -> Result<(), Problem> {
        let numbers = self.ledger.select(is_sent);
        let links = self.links.iter().map(|l| (l.plan.relationship.clone(), l.made.len() as u64));
        let totals = self.ledger.totals(&numbers).into_iter().chain(links).collect();
        self.progress.start(Pass::Verify, totals);
        let asks = self.asks_for(&numbers, Fit::is_compared);
        let take = |run: &mut Self, ask: Ask, answer: Result<Rows, Problem>| {
            for &number in &ask.records {
                let rows = answer.as_ref().map_err(Clone::clone);
                let found = rows.and_then(|rows| run.confirm(number, rows, stopped));
                run.settle_verified(number, found);
            }
            Ok(())
        };
        let tell = |run: &mut Self| {
            run.progress.tell_gathered();
            Ok(())
        };
        read_all(self.client, self, asks, tell, take).await?;
        self.verify_links().await?;
        self.verify_removals().await?;
        self.progress.finish(Pass::Verify);
        Ok(())
    }

    fn settle_verified(&mut self, number: usize, found: Result<(), Problem>) {
        let failed = usize::from(found.is_err());
        match found {
            Ok(()) => self.ledger.entries[number].standing = Standing::Confirmed,
            Err(problem) => self.ledger.fail(number, problem),
        }
        self.progress.advance(Pass::Verify, self.ledger.entries[number].table, 1, failed);
    }

    /// Whether the row is as the record says, apart from what a warning already tells.
    fn confirm(&self, number: usize, rows: &Rows, stopped: bool) -> Result<(), Problem> {
        let entry = &self.ledger.entries[number];
        let Some(fit) = entry.fit else { return Ok(()) };
        let Some(row) = rows.get(&entry.target_id) else { return Err(not_there(entry, stopped)) };
        let different = differences(entry.record, row, fit, self.ledger.ids())?;
        let columns: Vec<&str> =
            different.iter().map(|change| change.column.as_str()).filter(|c| !entry.is_left_out(c)).collect();
        match columns.as_slice() {
            // The same name may stand for another content.
            [] if !entry.files.is_empty() => Err(unfinished(&entry.files)),
            [] => Ok(()),
            columns if stopped => Err(unfinished(columns)),
            columns => Err(not_as_written(columns)),
        }
    }

    async fn verify_links(&mut self) -> Result<(), Problem> {
        let made: Vec<usize> = (0..self.links.len()).filter(|&n| !self.links[n].made.is_empty()).collect();
        // What was made has a relationship.
        let asked: Vec<(Linking<'_>, Vec<Uuid>)> = made
            .iter()
            .filter_map(|&number| Some((self.links[number].linking?, self.sources_of_made(number))))
            .collect();
        let found = present_pairs(self.client, &asked, || Ok(())).await?;
        for ((number, (linking, _)), present) in made.into_iter().zip(asked).zip(found) {
            for link in std::mem::take(&mut self.links[number].made) {
                let ends = self.ends(number, link);
                let there = present.contains(&linking.pair(ends.source, ends.target));
                let ledger = &mut self.links[number];
                match there {
                    true => ledger.confirmed += 1,
                    false => ledger.fail(link, link_not_there()),
                }
                self.progress.advance(Pass::Verify, &ledger.plan.relationship, 1, usize::from(!there));
            }
        }
        Ok(())
    }

    /// Where the links start that were made, to be read back.
    fn sources_of_made(&self, number: usize) -> Vec<Uuid> {
        let made = &self.links[number].made;
        let mut sources: Vec<Uuid> = made.iter().map(|&link| self.ends(number, link).source).collect();
        sources.dedup();
        sources
    }
}

fn not_there(entry: &Entry<'_>, stopped: bool) -> Problem {
    match entry.standing {
        Standing::InDoubt => not_tried(stopped),
        _ => Problem::new(
            ProblemKind::NotAsWritten,
            "The environment accepted the row, but it is not there when read back.",
            "Look for a plug-in or flow that removes rows of this table.",
        ),
    }
}

fn unfinished(columns: &[&str]) -> Problem {
    Problem::new(
        ProblemKind::NotTried,
        format!(
            "The row is there, but the run ended before all of it was written. Missing: {}.",
            columns.join(", ")
        ),
        GO_ON,
    )
    .at_column(columns[0])
}

fn not_as_written(columns: &[&str]) -> Problem {
    Problem::new(
        ProblemKind::NotAsWritten,
        format!("The row was written, but these columns read back differently: {}.", columns.join(", ")),
        "Look for a plug-in, flow or calculated column that changes them; a new plan shows both values.",
    )
    .at_column(columns[0])
}

fn link_not_there() -> Problem {
    Problem::new(
        ProblemKind::NotAsWritten,
        "The environment accepted the link, but it is not there when read back.",
        "Look for a plug-in or flow that removes links of this relationship.",
    )
}
