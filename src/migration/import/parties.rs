//! Sets the parties of activities that are there already, or that waited for a row. A new activity brings its parties
//! along; of one that is there the service replaces all of them at once.

use super::Run;
use super::ledger::Standing;
use crate::journal::{Outcome, Write};
use crate::{Pass, Problem, ProblemKind, parties};
use cmt::Value;
use dataverse::{Clock, Operation, Row, Transport};
use serde_json::Value as Json;

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Sets the lists of parties among what waits at these entries.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn set_parties(&mut self, pass: Pass, numbers: &[usize]) -> Result<(), Problem> {
        let waiting = numbers.iter().copied().filter(|&number| !self.waiting_lists(number).is_empty());
        let waiting: Vec<usize> = waiting.collect();
        let mut rest = waiting.as_slice();
        while !rest.is_empty() {
            self.progress.go_on()?;
            let (now, later) = rest.split_at(self.client.rows_a_request(rest.len()).min(rest.len()));
            self.send_parties(pass, now).await?;
            rest = later;
        }
        Ok(())
    }

    async fn send_parties(&mut self, pass: Pass, numbers: &[usize]) -> Result<(), Problem> {
        let (mut sent, mut intents, mut operations) = (Vec::new(), Vec::new(), Vec::new());
        for &number in numbers {
            let Some((intent, operation)) = self.replacing(pass, number) else {
                self.give_up(pass, number, not_restated());
                continue;
            };
            sent.push(number);
            intents.push(intent);
            operations.push(operation);
        }
        if operations.is_empty() {
            return Ok(());
        }
        let request = self.journal.intend(intents)?;
        let answers = self.client.batch(operations).await;
        if answers.is_err() {
            sent.iter().for_each(|&number| self.ledger.entries[number].standing = Standing::InDoubt);
        }
        let (mut ended, mut told) = (Ok(()), Vec::new());
        for (number, answer) in sent.into_iter().zip(answers?) {
            let outcome = match answer {
                Ok(_) => Ok(Outcome::Done),
                Err(refusal) => self.refused(pass, number, &refusal),
            };
            told.push(outcome.unwrap_or_else(|problem| {
                ended = Err(problem.clone());
                Outcome::Refused(problem)
            }));
            let lists = self.waiting_lists(number);
            self.ledger.entries[number].later.retain(|column| !lists.contains(column));
        }
        self.journal.answered(request, told)?;
        ended
    }

    /// The lists of parties that wait at an entry.
    fn waiting_lists(&self, number: usize) -> Vec<&'a str> {
        let entry = &self.ledger.entries[number];
        let is_list = |column: &&&str| matches!(entry.record.value(column), Some(Value::Parties(_)));
        entry.later.iter().filter(is_list).copied().collect()
    }

    /// What replaces all parties of an entry's row: those of its record, and those that the record says nothing of.
    /// `None`: one of them would be lost.
    fn replacing(&self, pass: Pass, number: usize) -> Option<(Write, Operation)> {
        let entry = &self.ledger.entries[number];
        let table = entry.fit?.metadata;
        let collection = parties::collection(&table.name);
        let (roles, mut all) = self.listed_parties(number);
        let present = entry.present.as_ref().and_then(|present| present.values.get(&collection));
        let present = present.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        all.extend(parties::kept(present, &roles, self.tables)?);
        let lists = self.waiting_lists(number);
        let intent =
            Write::Update { record: entry.row(), id: entry.target_id, pass, before: entry.before(&lists) };
        let set = table.set.clone();
        Some((intent, Operation::ReplaceCollection { set, id: entry.target_id, collection, rows: all }))
    }

    /// The roles that an entry's record has lists for, and who is in them.
    fn listed_parties(&self, number: usize) -> (Vec<i32>, Vec<Json>) {
        let entry = &self.ledger.entries[number];
        let (mut roles, mut all) = (Vec::new(), Vec::new());
        for field in entry.record.fields.iter().filter(|field| !entry.is_left_out(&field.column)) {
            let (Value::Parties(list), Some(role)) = (&field.value, parties::role(&field.column)) else {
                continue;
            };
            roles.push(role);
            let target_id = |row: &crate::RowRef| self.ledger.target_id(row);
            all.extend(list.iter().filter_map(|party| parties::to_json(party, role, self.tables, target_id)));
        }
        (roles, all)
    }
}

fn not_restated() -> Problem {
    Problem::new(
        ProblemKind::Value,
        "The activity has parties that the package says nothing of and that cannot be told to the service again; its \
         lists of parties are left as they are.",
        "Set the parties of this activity by hand.",
    )
}

/// Adds parties to the body that creates an activity.
pub(super) fn bring_along(body: &mut Row, table: &str, parties: Vec<Json>) {
    if parties.is_empty() {
        return;
    }
    let all = body.entry(parties::collection(table)).or_insert_with(|| Json::Array(Vec::new()));
    if let Json::Array(all) = all {
        all.extend(parties);
    }
}
