//! Updates of rows that are all there: no one waits for another, so they go side by side.

use super::Run;
use super::ledger::Standing;
use super::write::BYTES;
use crate::reading::expected_bytes;
use crate::side_by_side::side_by_side;
use crate::{Pass, Problem};
use dataverse::{BulkMessage, Client, Clock, Error, Operation, Row, ServiceError, TableMetadata, Transport};
use std::collections::{BTreeMap, HashSet, VecDeque};
use uuid::Uuid;

/// From so many rows of a table on a message of their own is worth its request.
const MANY: usize = 10;

/// One request.
enum Request<'a> {
    /// Rows of any tables.
    Batch(Vec<Operation>),
    /// Rows of a table that takes many in one message.
    Bulk(&'a TableMetadata, Vec<(Uuid, Row)>),
}

/// The entries of one request and what became of them.
type Answered = (Vec<usize>, Result<Vec<Result<(), ServiceError>>, Error>);

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
        change: impl Fn(&mut Self, usize) -> Row,
        done: impl Fn(&mut Self, usize),
    ) -> Result<(), Problem> {
        let client = self.client;
        let start = |updates: &mut Updates<'_, 'a, T, C>| {
            if updates.waiting.is_empty() {
                return Ok(None);
            }
            updates.run.progress.go_on()?;
            let (sent, request) = updates.next_request(&change, &done);
            let request = request.map(|request| async move { (sent, request.carried_out(client).await) });
            Ok(request)
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
        (sent, outcomes): Answered,
        done: &impl Fn(&mut Self, usize),
    ) -> Result<(), Problem> {
        if outcomes.is_err() {
            sent.iter().for_each(|&number| self.ledger.entries[number].standing = Standing::InDoubt);
        }
        let mut ended = Ok(());
        for (number, outcome) in sent.into_iter().zip(outcomes?) {
            match outcome {
                Ok(()) => done(self, number),
                Err(refusal) => {
                    let ends = self.refused(pass, number, &refusal);
                    ended = ended.and(ends);
                }
            }
        }
        ended
    }
}

impl<'a, T: Transport, C: Clock> Updates<'_, 'a, T, C> {
    /// Takes what fits into one request; none, where nothing is left to be sent.
    fn next_request(
        &mut self,
        change: &impl Fn(&mut Run<'a, T, C>, usize) -> Row,
        done: &impl Fn(&mut Run<'a, T, C>, usize),
    ) -> (Vec<usize>, Option<Request<'a>>) {
        let most = self.run.client.rows_a_request(self.waiting.len());
        let (mut sent, mut request, mut bytes) = (Vec::new(), None, 0);
        while let Some(&number) = self.waiting.front() {
            bytes += expected_bytes(self.run.ledger.entries[number].record);
            let full = sent.len() == most || (bytes > BYTES && !sent.is_empty());
            let table = self.bulk_table(number);
            if full || request.as_ref().is_some_and(|request: &Request<'_>| !request.takes(table)) {
                break;
            }
            self.waiting.pop_front();
            let body = change(self.run, number);
            if body.is_empty() {
                done(self.run, number);
                continue;
            }
            match request.get_or_insert_with(|| Request::of(table)) {
                Request::Bulk(_, rows) => rows.push((self.run.ledger.entries[number].plan.target_id, body)),
                Request::Batch(operations) => operations.extend(self.run.update(number, body)),
            }
            sent.push(number);
        }
        (sent, request)
    }

    /// The entry's table, where its rows go in messages.
    fn bulk_table(&self, number: usize) -> Option<&'a TableMetadata> {
        let entry = &self.run.ledger.entries[number];
        self.bulk.contains(entry.table).then_some(entry.fit?.metadata)
    }
}

impl<'a> Request<'a> {
    fn of(bulk: Option<&'a TableMetadata>) -> Request<'a> {
        bulk.map_or_else(|| Request::Batch(Vec::new()), |table| Request::Bulk(table, Vec::new()))
    }

    /// Whether rows of a table can go along.
    fn takes(&self, bulk: Option<&TableMetadata>) -> bool {
        match self {
            Request::Batch(_) => bulk.is_none(),
            Request::Bulk(table, _) => bulk.is_some_and(|other| other.name == table.name),
        }
    }

    async fn carried_out<T: Transport, C: Clock>(
        self,
        client: &Client<T, C>,
    ) -> Result<Vec<Result<(), ServiceError>>, Error> {
        match self {
            Request::Bulk(table, rows) => client.update_rows(table, rows).await,
            Request::Batch(operations) => {
                let answers = client.batch(operations).await?;
                Ok(answers.into_iter().map(|answer| answer.map(|_| ())).collect())
            }
        }
    }
}
