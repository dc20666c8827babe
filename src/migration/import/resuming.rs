//! Takes up what earlier runs of the same plan did: what they heard of is known from the journal, what they did not
//! hear of is settled by reading.

use super::Run;
use super::ledger::{Doing, Entry, Present, Standing};
use super::switching::SwitchedOff;
use crate::journal::{LinkEnds, Outcome, Replay, Write};
use crate::reading::{Ask, Rows, read_all};
use crate::table_fit::Fit;
use crate::{Pass, Problem, RowRef};
use dataverse::{Clock, LANDS_WITHIN, Transport};
use std::collections::HashMap;

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Brings the ledger to where earlier runs ended; whether one of them came to its end. Of a first run there is
    /// nothing to be taken up.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn take_up(&mut self) -> Result<bool, Problem> {
        let earlier = self.journal.take_earlier();
        self.off = SwitchedOff::left_by(&earlier);
        let Replay { writes, adopted, finished, .. } = earlier;
        for (record, id) in adopted {
            if let Some(number) = self.entry_of(&record) {
                self.takes(number, id);
            }
        }
        let (mut links, mut message_under_way) = (Vec::new(), false);
        for (write, outcome) in writes {
            match write {
                Write::Create { record, id, .. } => {
                    let Some(number) = self.entry_of(&record) else { continue };
                    self.ledger.moves(number, id);
                    self.ledger.entries[number].doing = Doing::Create;
                    self.ledger.entries[number].take_up(Pass::Write, outcome);
                }
                Write::Update { record, pass, .. } => {
                    let Some(number) = self.entry_of(&record) else { continue };
                    self.ledger.entries[number].take_up_update(pass, outcome);
                }
                Write::Link(ends) => links.push((ends, outcome)),
                Write::Unlink(ends) => self.removals.take_up_link(&ends, outcome),
                Write::Delete { row, .. } => self.removals.take_up_row(&row, outcome),
                // It may still be on its way, and no version holds it back.
                Write::DuplicateRule { .. } if outcome.is_none() => message_under_way = true,
                // Whoever does these takes them up.
                Write::File { .. }
                | Write::Step { .. }
                | Write::BlockedAttachments { .. }
                | Write::DuplicateRule { .. } => {}
            }
        }
        self.take_up_links(links);
        if message_under_way && !finished {
            self.client.wait(LANDS_WITHIN).await?;
        }
        self.settle_sent().await?;
        Ok(finished)
    }

    fn entry_of(&self, record: &RowRef) -> Option<usize> {
        self.index.find(record).and_then(|at| self.ledger.number(at))
    }

    fn take_up_links(&mut self, links: Vec<(LinkEnds, Option<Outcome>)>) {
        if links.is_empty() {
            return;
        }
        let outcomes: HashMap<LinkEnds, Option<Outcome>> = links.into_iter().collect();
        for number in 0..self.links.len() {
            for link in std::mem::take(&mut self.links[number].left) {
                let known = outcomes.get(&self.ends(number, link)).cloned();
                let ledger = &mut self.links[number];
                match known {
                    Some(Some(outcome)) if outcome != Outcome::NotYet => ledger.settle(link, outcome),
                    Some(_) => {
                        ledger.in_doubt.insert(link.clone());
                        ledger.left.push_back(link);
                    }
                    None => ledger.left.push_back(link),
                }
            }
        }
    }

    /// Reads every row that was sent: what is there is not sent again, and what it lacks is set later.
    async fn settle_sent(&mut self) -> Result<(), Problem> {
        let sent = self.ledger.select(|entry| {
            entry.standing == Standing::Written
                || (entry.standing == Standing::Waiting && entry.sent_before && entry.is_create())
        });
        let asks = self.asks_for(&sent, Fit::is_compared);
        let take = |run: &mut Self, ask: Ask, answer: Result<Rows, Problem>| {
            let rows = answer.map_err(|problem| problem.in_table(run.table_of(&ask)))?;
            ask.records.iter().try_for_each(|&number| run.settle_sent_row(number, &rows))
        };
        read_all(self.client, self, asks, |run| run.progress.go_on(), take).await
    }

    fn table_of(&self, ask: &Ask) -> &str {
        ask.records.first().map_or("", |&number| self.ledger.entries[number].table)
    }

    fn settle_sent_row(&mut self, number: usize, rows: &Rows) -> Result<(), Problem> {
        let entry = &self.ledger.entries[number];
        // A row that was accepted and is not there any more is told by reading it back.
        let Some(row) = rows.get(&entry.target_id) else { return Ok(()) };
        let changes = self.changes_of(number, row)?;
        let entry = &mut self.ledger.entries[number];
        if !entry.is_new() {
            entry.present = Some(Present { version: None, values: row.clone() });
        }
        entry.takes_for_its_own(&changes);
        Ok(())
    }
}

impl Entry<'_> {
    /// What an earlier run heard of a write of this record.
    fn take_up(&mut self, pass: Pass, outcome: Option<Outcome>) {
        let is_main = !matches!(pass, Pass::DeferredLookups | Pass::State);
        self.sent_before |= outcome.is_none();
        match outcome {
            Some(Outcome::Done | Outcome::There) => {
                self.sent_before = true;
                if is_main {
                    (self.standing, self.exists) = (Standing::Written, true);
                }
            }
            Some(Outcome::Refused(problem)) => self.standing = Standing::Failed(self.placed(problem)),
            Some(Outcome::NotYet) | None => {}
        }
    }

    fn take_up_update(&mut self, pass: Pass, outcome: Option<Outcome>) {
        // A planned create that met a row went on as an update.
        if self.is_create() && !self.exists && !matches!(pass, Pass::DeferredLookups | Pass::State) {
            self.doing = Doing::Change(Vec::new());
        }
        self.sent_before |= outcome == Some(Outcome::NotYet);
        self.take_up(pass, outcome);
    }
}
