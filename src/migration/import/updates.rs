//! Updates of rows that are all there: no one waits for another, so they go side by side.

use super::Run;
use super::ledger::Standing;
use super::write::{BYTES, Load, MANY, Outcomes};
use crate::journal::{Outcome, Write};
use crate::reading::expected_bytes;
use crate::side_by_side::side_by_side;
use crate::{Pass, Problem};
use dataverse::{BulkMessage, Clock, Row, TableMetadata, Transport};
use std::collections::{BTreeMap, HashSet, VecDeque};

/// A request, the entries it is about, and what became of them.
type Answered = (u32, Vec<usize>, Outcomes);

/// The columns that are to be set, and their values as they are sent.
pub(super) type Setting<'a> = (Vec<&'a str>, Row);

/// What is still to be updated, in the order of the plan.
struct Updates<'r, 'a, T, C> {
    run: &'r mut Run<'a, T, C>,
    waiting: VecDeque<usize>,
    /// Tables whose rows go in messages.
    bulk: HashSet<&'a str>,
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Updates the rows of these entries with what `change` says at the moment of sending. `done` is told of
    /// each row that is as it should be, also where there was nothing to send.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn update_all(
        &mut self,
        pass: Pass,
        numbers: Vec<usize>,
        change: impl Fn(&mut Self, usize) -> Setting<'a>,
        done: impl Fn(&mut Self, usize),
    ) -> Result<(), Problem> {
        let client = self.client;
        let start = |updates: &mut Updates<'_, 'a, T, C>| {
            if updates.waiting.is_empty() {
                return Ok(None);
            }
            updates.run.progress.go_on()?;
            let (sent, intents, load) = updates.next_request(pass, &change, &done);
            let Some(load) = load else { return Ok(None) };
            let request = updates.run.journal.intend(intents)?;
            Ok(Some(async move { (request, sent, load.carried_out(client).await) }))
        };
        let take =
            |updates: &mut Updates<'_, 'a, T, C>, answered| updates.run.take_updates(pass, answered, &done);
        let bulk = self.bulk_tables(pass, &numbers).await?;
        let mut updates = Updates { run: self, waiting: numbers.into(), bulk };
        side_by_side(&mut updates, || client.requests_at_once(), start, take).await
    }

    /// Tables that have many of these entries and take them in messages. A change of state goes one by one: that
    /// a message takes it, no page of Microsoft's says. So do rows for which plug-in steps are kept from running.
    async fn bulk_tables(&self, pass: Pass, numbers: &[usize]) -> Result<HashSet<&'a str>, Problem> {
        let mut counts: BTreeMap<&'a str, usize> = BTreeMap::new();
        for &number in numbers.iter().filter(|_| pass != Pass::State) {
            *counts.entry(self.ledger.entries[number].table).or_default() += 1;
        }
        let plain = |table: &str| self.plan.page_steps.on_update(table).is_empty();
        let many: Vec<&str> = counts
            .into_iter()
            .filter(|(table, rows)| *rows >= MANY && plain(table))
            .map(|(t, _)| t)
            .collect();
        if many.is_empty() {
            return Ok(HashSet::new());
        }
        let taken = self.client.takes_bulk(BulkMessage::UpdateMultiple, &many).await?;
        Ok(many.into_iter().zip(taken).filter_map(|(table, taken)| taken.then_some(table)).collect())
    }

    /// # Errors
    /// What ends the run.
    fn take_updates(
        &mut self,
        pass: Pass,
        (request, sent, outcomes): Answered,
        done: &impl Fn(&mut Self, usize),
    ) -> Result<(), Problem> {
        if outcomes.is_err() {
            sent.iter().for_each(|&number| self.ledger.entries[number].standing = Standing::InDoubt);
        }
        let (mut ended, mut told) = (Ok(()), Vec::new());
        for (number, outcome) in sent.into_iter().zip(outcomes?) {
            told.push(match outcome {
                Ok(()) => {
                    done(self, number);
                    Outcome::Done
                }
                Err(refusal) => self.refused(pass, number, &refusal).unwrap_or_else(|problem| {
                    ended = Err(problem.clone());
                    Outcome::Refused(problem)
                }),
            });
        }
        self.journal.answered(request, told)?;
        ended
    }
}

impl<'a, T: Transport, C: Clock> Updates<'_, 'a, T, C> {
    /// Takes what fits into one request; none, where nothing is left to be sent.
    fn next_request(
        &mut self,
        pass: Pass,
        change: &impl Fn(&mut Run<'a, T, C>, usize) -> Setting<'a>,
        done: &impl Fn(&mut Run<'a, T, C>, usize),
    ) -> (Vec<usize>, Vec<Write>, Option<Load<'a>>) {
        let most = self.run.client.rows_a_request(self.waiting.len());
        let (mut sent, mut intents, mut load, mut bytes) = (Vec::new(), Vec::new(), None, 0);
        while let Some(&number) = self.waiting.front() {
            bytes += expected_bytes(self.run.ledger.entries[number].record);
            let full = sent.len() == most || (bytes > BYTES && !sent.is_empty());
            let table = self.bulk_table(number);
            if full || load.as_ref().is_some_and(|load: &Load<'_>| !load.takes(table)) {
                break;
            }
            self.waiting.pop_front();
            let (columns, body) = change(self.run, number);
            if body.is_empty() {
                done(self.run, number);
                continue;
            }
            match load.get_or_insert_with(|| Load::of(table)) {
                Load::Bulk(_, _, rows) => rows.push((self.run.ledger.entries[number].target_id, body)),
                Load::Batch(operations) => operations.extend(self.run.update(number, body, None)),
            }
            intents.push(self.run.intent(pass, number, &columns));
            sent.push(number);
        }
        (sent, intents, load)
    }

    /// The entry's table, where its rows go in messages.
    fn bulk_table(&self, number: usize) -> Option<&'a TableMetadata> {
        let entry = &self.run.ledger.entries[number];
        self.bulk.contains(entry.table).then_some(entry.fit?.metadata)
    }
}

impl<'a> Load<'a> {
    fn of(bulk: Option<&'a TableMetadata>) -> Load<'a> {
        let bulk = bulk.map(|table| Load::Bulk(BulkMessage::UpdateMultiple, table, Vec::new()));
        bulk.unwrap_or_else(|| Load::Batch(Vec::new()))
    }

    /// Whether rows of a table can go along.
    fn takes(&self, bulk: Option<&TableMetadata>) -> bool {
        match self {
            Load::Batch(_) => bulk.is_none(),
            Load::Bulk(_, table, _) => bulk.is_some_and(|other| other.name == table.name),
        }
    }
}
