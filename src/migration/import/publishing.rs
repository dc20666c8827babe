//! Publishes duplicate detection rules when their conditions are written, and takes those from their work first that the
//! package has unpublished.

use super::Run;
use super::ledger::{Doing, Entry, Standing};
use super::state::is_candidate;
use crate::compare::is_state;
use crate::duplicate_rules::{
    PUBLISHED, RULE, Rule, RuleStatus, Rules, STATUS, publish, rules, rules_once, unpublish,
};
use crate::journal::Outcome;
use crate::{Pass, Problem, ProblemKind};
use cmt::Value;
use dataverse::{Clock, Operation, Transport};
use uuid::Uuid;

/// Most rules a request.
const ROWS: usize = 50;

/// Whether the entry's record is a published rule.
pub(super) fn is_published_rule(entry: &Entry<'_>) -> bool {
    let published = |value: &Value| matches!(value, Value::Choice(status) if i64::from(*status) == PUBLISHED);
    entry.table == RULE && entry.record.value(STATUS).is_some_and(published)
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Unpublishes the rules that are to be unpublished: only then they and their conditions take changes.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn unpublish_rules(&mut self) -> Result<(), Problem> {
        let changes_state = |entry: &Entry<'_>| match (&entry.doing, entry.fit) {
            (Doing::Change(changes), Some(fit)) => changes.iter().any(|change| is_state(change, fit)),
            _ => false,
        };
        let numbers = self.ledger.select(|entry| {
            entry.table == RULE
                && entry.standing == Standing::Waiting
                && changes_state(entry)
                && !is_published_rule(entry)
        });
        if numbers.is_empty() {
            return Ok(());
        }
        // Their old values are kept first.
        self.reread(Pass::Write, &numbers).await?;
        let there = rules(self.client, &self.ids_of(&numbers)).await?;
        let mut published = numbers;
        published.retain(|&number| self.status_in(&there, number) == Some(RuleStatus::Published));
        self.progress.start(Pass::State, self.ledger.totals(&published));
        for sent in self.send_to_rules(&published, unpublish).await? {
            // The row is not as it was read any more, and that is this run's own doing.
            self.ledger.entries[sent].sent_before = true;
            self.progress.advance(Pass::State, RULE, 1, 0);
        }
        self.progress.finish(Pass::State);
        Ok(())
    }

    /// Publishes every written rule that the package has published, and waits until it is.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn publish_rules(&mut self) -> Result<(), Problem> {
        let numbers = self.ledger.select(|entry| is_candidate(entry) && is_published_rule(entry));
        if numbers.is_empty() {
            return Ok(());
        }
        self.progress.start(Pass::State, self.ledger.totals(&numbers));
        let there = rules(self.client, &self.ids_of(&numbers)).await?;
        let mut idle = numbers.clone();
        idle.retain(|&number| self.status_in(&there, number) == Some(RuleStatus::Unpublished));
        self.send_to_rules(&idle, publish).await?;
        let written = |&number: &usize| self.ledger.entries[number].standing == Standing::Written;
        let waiting: Vec<usize> = numbers.into_iter().filter(written).collect();
        let progress = &mut self.progress;
        let tell = |through: &[Uuid]| {
            progress.advance(Pass::State, RULE, through.len(), 0);
            progress.go_on()
        };
        let ids = waiting.iter().map(|&number| self.ledger.entries[number].target_id).collect();
        let left = rules_once(self.client, ids, RuleStatus::Published, tell).await?;
        for number in waiting {
            if let Some(rule) = left.get(&self.ledger.entries[number].target_id) {
                self.give_up(Pass::State, number, not_published(rule));
            }
        }
        self.progress.finish(Pass::State);
        Ok(())
    }

    /// Sends each of these rules a message; brings those that took it, or had taken it before.
    async fn send_to_rules(
        &mut self,
        numbers: &[usize],
        message: fn(Uuid) -> Operation,
    ) -> Result<Vec<usize>, Problem> {
        let mut taken = Vec::new();
        for numbers in numbers.chunks(ROWS) {
            self.progress.go_on()?;
            let ids = self.ids_of(numbers);
            let intents = numbers.iter().map(|&number| self.intent(Pass::State, number, &[STATUS]));
            let request = self.journal.intend(intents.collect())?;
            let before = rules(self.client, &ids).await?;
            let answers = self.client.batch(ids.iter().map(|id| message(*id)).collect()).await;
            if answers.is_err() {
                numbers.iter().for_each(|&number| self.ledger.entries[number].standing = Standing::InDoubt);
            }
            let answers = answers?;
            let after = if answers.iter().any(Result::is_err) {
                rules(self.client, &ids).await?
            } else {
                Rules::new()
            };
            let mut told = Vec::new();
            for ((&number, id), answer) in numbers.iter().zip(&ids).zip(answers) {
                // A first sending whose answer was lost may have been carried out.
                let went_on = after.get(id).map(|rule| rule.status) != before.get(id).map(|rule| rule.status);
                told.push(match answer {
                    Err(refusal) if !went_on => self.refused(Pass::State, number, &refusal)?,
                    _ => {
                        taken.push(number);
                        Outcome::Done
                    }
                });
            }
            self.journal.answered(request, told)?;
        }
        Ok(taken)
    }

    fn ids_of(&self, numbers: &[usize]) -> Vec<Uuid> {
        numbers.iter().map(|&number| self.ledger.entries[number].target_id).collect()
    }

    fn status_in(&self, there: &Rules, number: usize) -> Option<RuleStatus> {
        there.get(&self.ledger.entries[number].target_id).map(|rule| rule.status)
    }
}

/// The job was made, and the rule is not published all the same.
fn not_published(rule: &Rule) -> Problem {
    let (what, remedy) = match rule.status {
        RuleStatus::Publishing => (
            "The rule is there and is being published, but that was not done after three minutes.",
            "Look at the rule later, under Duplicate Detection Rules: large tables take their time.",
        ),
        _ => (
            "The rule is there, but the environment did not publish it.",
            "Look under System Jobs why its publishing failed, then publish the rule under Duplicate Detection Rules.",
        ),
    };
    Problem::new(ProblemKind::NotAsWritten, what, remedy).at_column(STATUS)
}
