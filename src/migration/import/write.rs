//! Creates rows and changes columns, many records a request, requests side by side.

use super::Run;
use super::drafts::Draft;
use super::ledger::{Doing, Entry, Standing};
use super::schedule::{Schedule, Vehicle};
use crate::journal::{Outcome, Write};
use crate::planning::WEB_PAGE;
use crate::reading::expected_bytes;
use crate::side_by_side::side_by_side;
use crate::{Pass, Problem, ProblemKind};
use cmt::Value;
use dataverse::{BulkMessage, Client, Clock, Error, Operation, Row, ServiceError, TableMetadata, Transport};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Most rows of a request that goes before all others.
const ROOTS: usize = 100;
/// Most bytes a request, as far as records can be expected to have: notes carry their files.
pub(super) const BYTES: usize = 2_000_000;
/// From so many rows of a table on a message of their own is worth its request.
pub(super) const MANY: usize = 10;
/// So often a row may turn out to be another than was read before it is given up.
const ROUNDS: usize = 4;

/// What each row of a request brought.
pub(super) type Outcomes = Result<Vec<Result<(), ServiceError>>, Error>;

/// One row of a request.
struct Sent<'a> {
    number: usize,
    draft: Draft<'a>,
}

/// A request that was answered, or not.
struct Answered<'a> {
    request: u32,
    sent: Vec<Sent<'a>>,
    outcomes: Outcomes,
}

/// The rows of a request.
pub(super) enum Load<'a> {
    /// Rows of any tables.
    Batch(Vec<Operation>),
    /// Rows of a table that takes many in one message.
    Bulk(BulkMessage, &'a TableMetadata, Vec<(Uuid, Row)>),
}

/// A pass over rows that may point to each other.
struct Writing<'r, 'a, T, C> {
    run: &'r mut Run<'a, T, C>,
    schedule: Schedule<'a>,
    pass: Pass,
    /// Entries whose rows are not as they were read: to be read again.
    doubtful: Vec<usize>,
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Writes these entries. A record that fails because a row it points to failed is tried again without that
    /// lookup; one whose row is not as the plan found it is planned anew.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn write(&mut self, pass: Pass, numbers: Vec<usize>) -> Result<(), Problem> {
        let found: Vec<usize> =
            numbers.iter().copied().filter(|&n| self.ledger.entries[n].doing != Doing::Create).collect();
        let mut left = numbers;
        self.reread(pass, &found).await?;
        for _ in 0..ROUNDS {
            left.retain(|&number| self.ledger.entries[number].standing == Standing::Waiting);
            if left.is_empty() {
                return Ok(());
            }
            let (doubtful, parked) = self.write_once(pass, &left).await?;
            self.reread(pass, &doubtful).await?;
            left = doubtful.into_iter().chain(parked).collect();
            left.sort_unstable();
        }
        for number in left {
            if self.ledger.entries[number].standing == Standing::Waiting {
                self.give_up(pass, number, restless());
            }
        }
        Ok(())
    }

    /// Brings the entries whose rows must be read again, and those that wait for them.
    async fn write_once(
        &mut self,
        pass: Pass,
        numbers: &[usize],
    ) -> Result<(Vec<usize>, Vec<usize>), Problem> {
        let client = self.client;
        let schedule = self.schedule(numbers).await?;
        let start = |writing: &mut Writing<'_, 'a, T, C>| {
            let Some((sent, load)) = writing.next_request()? else { return Ok(None) };
            let intents = sent.iter().map(|sent| writing.run.intent(pass, sent.number, &sent.draft.columns));
            let intents = intents.collect();
            let request = writing.run.journal.intend(intents)?;
            Ok(Some(async move { Answered { request, sent, outcomes: load.carried_out(client).await } }))
        };
        let take = |writing: &mut Writing<'_, 'a, T, C>, answered| writing.take(answered);
        let mut writing = Writing { run: self, schedule, pass, doubtful: Vec::new() };
        side_by_side(&mut writing, || client.requests_at_once(), start, take).await?;
        Ok((writing.doubtful, writing.schedule.still_parked()))
    }

    async fn schedule(&self, numbers: &[usize]) -> Result<Schedule<'a>, Problem> {
        // In order: a run that is played again asks the same questions.
        let mut many: BTreeMap<BulkMessage, BTreeMap<&'a str, usize>> = BTreeMap::new();
        for (message, entry) in
            numbers.iter().filter_map(|&n| Some((self.bulk_message(n)?, &self.ledger.entries[n])))
        {
            *many.entry(message).or_default().entry(entry.table).or_default() += 1;
        }
        let mut taken: HashSet<(BulkMessage, &str)> = HashSet::new();
        for (message, counts) in many {
            let names: Vec<&str> =
                counts.into_iter().filter(|(_, rows)| *rows >= MANY).map(|(name, _)| name).collect();
            if names.is_empty() {
                continue;
            }
            let found = self.client.takes_bulk(message, &names).await?;
            taken.extend(names.into_iter().zip(found).filter(|(_, takes)| *takes).map(|(n, _)| (message, n)));
        }
        let bulk = |number: usize| {
            let (message, entry) = (self.bulk_message(number)?, &self.ledger.entries[number]);
            taken.contains(&(message, entry.table)).then_some((message, entry.fit?.metadata))
        };
        let uses = |table: &str| self.uses.get(table).into_iter().flatten().map(String::as_str).collect();
        // Where the portal's plug-ins run, a page whose parent comes later is taken for the home page.
        let stopped =
            !self.plan.switches.steps.is_empty() || !self.plan.page_steps.on_create(WEB_PAGE).is_empty();
        let ordered = (!stopped).then_some(WEB_PAGE);
        Ok(Schedule::new(&self.ledger, numbers, bulk, uses, ordered))
    }

    /// The message that the entry's row could go in, if its table takes it: not where plug-in steps are kept from
    /// running.
    fn bulk_message(&self, number: usize) -> Option<BulkMessage> {
        let entry = &self.ledger.entries[number];
        let steps = &self.plan.page_steps;
        let (message, bypassed) = match entry.is_create() {
            true => (BulkMessage::CreateMultiple, steps.on_create(entry.table)),
            false => (BulkMessage::UpdateMultiple, steps.on_update(entry.table)),
        };
        // That a message takes rows inside of rows, no page of Microsoft's says.
        let brings_parties = entry.record.fields.iter().any(|field| matches!(field.value, Value::Parties(_)));
        (bypassed.is_empty() && !brings_parties).then_some(message)
    }

    /// What a request is about to do with an entry's row.
    pub(super) fn intent(&self, pass: Pass, number: usize, columns: &[&str]) -> Write {
        let entry = &self.ledger.entries[number];
        let (record, id) = (entry.row(), entry.target_id);
        match entry.is_create() && !entry.exists {
            true => Write::Create { record, id, pass },
            false => Write::Update { record, id, pass, before: entry.before(columns) },
        }
    }

    /// The record ends here, as the service says.
    ///
    /// # Errors
    /// Where the refusal concerns all that would follow too.
    pub(super) fn refused(
        &mut self,
        pass: Pass,
        number: usize,
        refusal: &ServiceError,
    ) -> Result<Outcome, Problem> {
        let problem = Problem::from(refusal.clone());
        let problem = match pass {
            Pass::DeferredLookups => problem.after("The row is there, but not all its columns could be set."),
            Pass::State => problem.after("The row is there, but its state could not be set."),
            _ => problem,
        };
        self.give_up(pass, number, problem.clone());
        if problem.ends_the_run() { Err(problem) } else { Ok(Outcome::Refused(problem)) }
    }

    /// The record ends here.
    pub(super) fn give_up(&mut self, pass: Pass, number: usize, problem: Problem) {
        self.ledger.fail(number, problem);
        self.progress.advance(pass, self.ledger.entries[number].table, 1, 1);
    }

    /// Every write of the entry's own so far was accepted.
    fn accepted(&mut self, pass: Pass, sent: Sent<'a>) {
        let entry = &mut self.ledger.entries[sent.number];
        entry.standing = Standing::Written;
        entry.exists = true;
        if !sent.draft.columns.is_empty()
            && let Some(present) = &mut entry.present
        {
            // The write gave it another.
            present.version = None;
        }
        entry.later = sent.draft.later;
        sent.draft.warnings.into_iter().for_each(|warning| entry.warn(warning));
        self.progress.advance(pass, entry.table, 1, 0);
    }
}

impl<'a, T: Transport, C: Clock> Writing<'_, 'a, T, C> {
    /// The next request; `None`, where at the moment nothing can go.
    fn next_request(&mut self) -> Result<Option<(Vec<Sent<'a>>, Load<'a>)>, Problem> {
        while let Some(vehicle) = self.schedule.next_vehicle() {
            self.run.progress.go_on()?;
            let (sent, load) = self.load(vehicle);
            if !sent.is_empty() {
                return Ok(Some((sent, load)));
            }
        }
        Ok(None)
    }

    /// Takes what fits into one request.
    fn load(&mut self, vehicle: Vehicle<'a>) -> (Vec<Sent<'a>>, Load<'a>) {
        let most = match vehicle {
            Vehicle::Roots => ROOTS,
            _ => self.run.client.rows_a_request(self.schedule.left()),
        };
        let (mut sent, mut load, mut bytes) = (Vec::new(), Load::by(vehicle), 0);
        let mut aboard = HashSet::new();
        while let Some(number) = self.schedule.front(vehicle) {
            bytes += expected_bytes(self.run.ledger.entries[number].record);
            if sent.len() == most || (bytes > BYTES && !sent.is_empty()) {
                break;
            }
            self.schedule.take(vehicle);
            let mut draft = self.run.main_draft(number, &aboard);
            let ledger = &self.run.ledger;
            if let Some(target) = self.schedule.awaited(ledger, number, &draft.awaits) {
                self.schedule.park(number, target);
                continue;
            }
            let body = std::mem::take(&mut draft.body);
            if self.run.add(&mut load, number, body) {
                // Whether rows of one message may point to each other, no page of Microsoft's says.
                if matches!(load, Load::Batch(_)) {
                    aboard.insert(number);
                }
                sent.push(Sent { number, draft });
            } else {
                // Only state or waiting lookups change: later passes write them.
                self.run.accepted(self.pass, Sent { number, draft });
                self.schedule.through(number);
            }
        }
        (sent, load)
    }

    /// # Errors
    /// What ends the run.
    fn take(&mut self, answered: Answered<'a>) -> Result<(), Problem> {
        let Answered { request, sent, outcomes } = answered;
        if outcomes.is_err() {
            sent.iter().for_each(|s| self.run.ledger.entries[s.number].standing = Standing::InDoubt);
        }
        let (mut ended, mut told) = (Ok(()), Vec::new());
        for (sent, outcome) in sent.into_iter().zip(outcomes?) {
            told.push(self.settle(sent, outcome).unwrap_or_else(|problem| {
                ended = Err(problem.clone());
                Outcome::Refused(problem)
            }));
        }
        self.run.journal.answered(request, told)?;
        ended
    }

    fn settle(&mut self, sent: Sent<'a>, outcome: Result<(), ServiceError>) -> Result<Outcome, Problem> {
        let number = sent.number;
        let entry = &self.run.ledger.entries[number];
        let is_own = |refusal: &ServiceError| entry.sent_before && refusal.is_duplicate_key();
        let told = match outcome {
            Ok(()) => {
                self.run.accepted(self.pass, sent);
                Outcome::Done
            }
            Err(refusal) if entry.is_create() && is_own(&refusal) => {
                self.run.accepted(self.pass, sent);
                Outcome::There
            }
            Err(_) if self.points_to_nothing(&sent.draft) => {
                self.schedule.again(number);
                return Ok(Outcome::NotYet);
            }
            Err(refusal) if is_other_row(entry, &refusal) => {
                // A try whose answer was lost may have changed it.
                let is_change = !entry.is_create();
                self.run.ledger.entries[number].sent_before |= is_change;
                self.doubtful.push(number);
                return Ok(Outcome::NotYet);
            }
            Err(refusal) => {
                self.schedule.through(number);
                return self.run.refused(self.pass, number, &refusal);
            }
        };
        self.schedule.through(number);
        Ok(told)
    }

    /// Whether a row that the request pointed to could not be written after all.
    fn points_to_nothing(&self, draft: &Draft<'_>) -> bool {
        draft.points_to.iter().any(|&target| !self.run.ledger.entries[target].exists)
    }
}

impl<'a, T, C> Run<'a, T, C> {
    /// Adds an entry's row to a request; whether there is anything to send.
    fn add(&self, load: &mut Load<'a>, number: usize, body: Row) -> bool {
        let entry = &self.ledger.entries[number];
        if body.is_empty() && !entry.is_create() {
            return false;
        }
        match load {
            Load::Bulk(_, _, rows) => rows.push((entry.target_id, body)),
            Load::Batch(operations) => operations.extend(self.main_operation(number, body)),
        }
        true
    }
}

impl<'a> Load<'a> {
    fn by(vehicle: Vehicle<'a>) -> Load<'a> {
        match vehicle {
            Vehicle::Roots | Vehicle::Batch => Load::Batch(Vec::new()),
            Vehicle::Bulk(message, table) => Load::Bulk(message, table, Vec::new()),
        }
    }

    /// Sends it; each row has its own outcome.
    pub(super) async fn carried_out<T: Transport, C: Clock>(self, client: &Client<T, C>) -> Outcomes {
        match self {
            Load::Bulk(BulkMessage::CreateMultiple, table, rows) => client.create_rows(table, rows).await,
            Load::Bulk(BulkMessage::UpdateMultiple, table, rows) => client.update_rows(table, rows).await,
            Load::Batch(operations) => {
                let answers = client.batch(operations).await?;
                Ok(answers.into_iter().map(|answer| answer.map(|_| ())).collect())
            }
        }
    }
}

/// Whether the refusal may be because the row is not as it was read: it came, it changed, or it went.
fn is_other_row(entry: &Entry<'_>, refusal: &ServiceError) -> bool {
    let went = || {
        let id = entry.target_id.to_string();
        refusal.is_not_found() && refusal.message.to_ascii_lowercase().contains(&id)
    };
    match entry.is_create() {
        true => refusal.is_duplicate_key(),
        false => refusal.is_version_mismatch() || went(),
    }
}

fn restless() -> Problem {
    Problem::new(
        ProblemKind::Refused,
        "The row is changed by somebody else again and again while it is to be written.",
        "Find out which user, plug-in or flow changes it, then make the plan again.",
    )
}
