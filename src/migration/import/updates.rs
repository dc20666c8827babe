//! Updates of rows that are all there: no one waits for another, so they go side by side.

use super::Run;
use super::ledger::Standing;
use super::write::{BYTES, Outcome};
use crate::reading::expected_bytes;
use crate::side_by_side::side_by_side;
use crate::{Pass, Problem};
use dataverse::{Clock, Error, Operation, Row, Transport};
use std::collections::VecDeque;

/// The entries of one request and what became of them.
type Answered = (Vec<usize>, Result<Vec<Outcome>, Error>);

/// What is still to be updated, in the order of the plan.
struct Updates<'r, R> {
    run: &'r mut R,
    waiting: VecDeque<usize>,
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Updates the rows of these entries with what `change` says at the moment of sending. `done` is told of
    /// each row that is as it should be, also where there was nothing to send.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn update_all(
        &mut self,
        pass: Pass,
        numbers: Vec<usize>,
        change: impl Fn(&mut Self, usize) -> Row,
        done: impl Fn(&mut Self, usize),
    ) -> Result<(), Problem> {
        let client = self.client;
        let start = |updates: &mut Updates<'_, Self>| {
            if updates.waiting.is_empty() {
                return Ok(None);
            }
            updates.run.progress.go_on()?;
            let (sent, operations) = updates.next_request(&change, &done);
            Ok((!operations.is_empty()).then_some(async move { (sent, client.batch(operations).await) }))
        };
        let take =
            |updates: &mut Updates<'_, Self>, answered| updates.run.take_updates(pass, answered, &done);
        let mut updates = Updates { run: self, waiting: numbers.into() };
        side_by_side(&mut updates, || client.requests_at_once(), start, take).await
    }

    /// # Errors
    /// What ends the run.
    fn take_updates(
        &mut self,
        pass: Pass,
        (sent, outcomes): Answered,
        done: &impl Fn(&mut Self, usize),
    ) -> Result<(), Problem> {
        if outcomes.is_err() {
            sent.iter().for_each(|&number| self.ledger.entries[number].standing = Standing::InDoubt);
        }
        let mut ended = Ok(());
        for (number, outcome) in sent.into_iter().zip(outcomes?) {
            match outcome {
                Ok(_) => done(self, number),
                Err(refusal) => {
                    let ends = self.refused(pass, number, &refusal);
                    ended = ended.and(ends);
                }
            }
        }
        ended
    }
}

impl<'a, T: Transport, C: Clock> Updates<'_, Run<'a, T, C>> {
    /// Takes what fits into one request; none, where nothing is left to be sent.
    fn next_request(
        &mut self,
        change: &impl Fn(&mut Run<'a, T, C>, usize) -> Row,
        done: &impl Fn(&mut Run<'a, T, C>, usize),
    ) -> (Vec<usize>, Vec<Operation>) {
        let most = self.run.client.rows_a_request(self.waiting.len());
        let (mut sent, mut operations, mut bytes) = (Vec::new(), Vec::new(), 0);
        while let Some(&number) = self.waiting.front() {
            bytes += expected_bytes(self.run.ledger.entries[number].record);
            if sent.len() == most || (bytes > BYTES && !sent.is_empty()) {
                break;
            }
            self.waiting.pop_front();
            let body = change(self.run, number);
            match self.run.update(number, body) {
                Some(operation) => {
                    operations.push(operation);
                    sent.push(number);
                }
                None => done(self.run, number),
            }
        }
        (sent, operations)
    }
}
