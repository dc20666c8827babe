//! Creates rows and changes columns, many records a request, in the order of the plan.

use super::Run;
use super::drafts::{Draft, row_appeared};
use super::ledger::Standing;
use crate::reading::expected_bytes;
use crate::{Pass, Problem};
use dataverse::{Answer, Clock, Operation, ServiceError, Transport};
use std::collections::VecDeque;

/// Most records a request.
const RECORDS: usize = 50;
/// Most bytes a request, as far as records can be expected to have: notes carry their files.
pub(super) const BYTES: usize = 2_000_000;

/// What one operation brought.
pub(super) type Outcome = Result<Answer, ServiceError>;

/// One operation and the entry it writes.
struct Sent<'a> {
    number: usize,
    draft: Draft<'a>,
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Writes these entries. A record that fails because a row it points to failed is tried again without
    /// that lookup.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn write(&mut self, pass: Pass, numbers: Vec<usize>) -> Result<(), Problem> {
        self.progress.start(pass, self.ledger.totals(&numbers));
        let mut queue = VecDeque::from(numbers);
        while !queue.is_empty() {
            let batch = self.next_batch(&mut queue);
            let (mut sent, mut operations) = (Vec::new(), Vec::new());
            for number in batch {
                let mut draft = self.main_draft(number);
                match self.main_operation(number, std::mem::take(&mut draft.body)) {
                    Some(operation) => {
                        operations.push(operation);
                        sent.push(Sent { number, draft });
                    }
                    // Only state or waiting lookups change: later passes write them.
                    None => self.accepted(pass, Sent { number, draft }),
                }
            }
            let outcomes = self.send(operations, &sent).await?;
            let again = self.settle(pass, sent, outcomes)?;
            again.into_iter().rev().for_each(|number| queue.push_front(number));
        }
        self.progress.finish(pass);
        Ok(())
    }

    /// Takes what fits into one request.
    fn next_batch(&self, queue: &mut VecDeque<usize>) -> Vec<usize> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(&number) = queue.front() {
            bytes += expected_bytes(self.ledger.entries[number].record);
            if batch.len() == RECORDS || (bytes > BYTES && !batch.is_empty()) {
                break;
            }
            batch.extend(queue.pop_front());
        }
        batch
    }

    /// Sends operations; where no answer comes, their entries are in doubt and the run ends.
    async fn send(&mut self, operations: Vec<Operation>, sent: &[Sent<'a>]) -> Result<Vec<Outcome>, Problem> {
        if operations.is_empty() {
            return Ok(Vec::new());
        }
        self.progress.go_on()?;
        let outcomes = self.client.batch(operations).await;
        if outcomes.is_err() {
            sent.iter().for_each(|s| self.ledger.entries[s.number].standing = Standing::InDoubt);
        }
        Ok(outcomes?)
    }

    /// Writes the outcomes down. Brings the entries to be tried again.
    fn settle(
        &mut self,
        pass: Pass,
        sent: Vec<Sent<'a>>,
        outcomes: Vec<Outcome>,
    ) -> Result<Vec<usize>, Problem> {
        let mut again = Vec::new();
        let mut ended = Ok(());
        for (sent, outcome) in sent.into_iter().zip(outcomes) {
            match outcome {
                Ok(_) => self.accepted(pass, sent),
                Err(_) if self.points_to_nothing(&sent.draft) => again.push(sent.number),
                Err(refusal) => {
                    let ends = self.refused(pass, sent.number, &refusal);
                    ended = ended.and(ends);
                }
            }
        }
        ended.map(|()| again)
    }

    /// Whether a row that the request pointed to could not be written after all.
    fn points_to_nothing(&self, draft: &Draft<'_>) -> bool {
        draft.points_to.iter().any(|&target| !self.ledger.entries[target].exists)
    }

    fn accepted(&mut self, pass: Pass, sent: Sent<'a>) {
        let entry = &mut self.ledger.entries[sent.number];
        entry.standing = Standing::Written;
        entry.exists = true;
        entry.later = sent.draft.later;
        sent.draft.warnings.into_iter().for_each(|warning| entry.warn(warning));
        self.progress.advance(pass, entry.table, 1, 0);
    }

    /// The record ends here.
    ///
    /// # Errors
    /// Where the refusal concerns all that would follow too.
    pub(super) fn refused(
        &mut self,
        pass: Pass,
        number: usize,
        refusal: &ServiceError,
    ) -> Result<(), Problem> {
        let problem = match pass {
            Pass::DeferredLookups => Problem::from(refusal.clone())
                .after("The row is there, but not all its columns could be set."),
            Pass::State => {
                Problem::from(refusal.clone()).after("The row is there, but its state could not be set.")
            }
            _ if refusal.is_duplicate_key() && !self.ledger.entries[number].exists => row_appeared(refusal),
            _ => Problem::from(refusal.clone()),
        };
        self.ledger.fail(number, problem.clone());
        self.progress.advance(pass, self.ledger.entries[number].table, 1, 1);
        if problem.ends_the_run() { Err(problem) } else { Ok(()) }
    }
}
