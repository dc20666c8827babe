//! Makes the many-to-many links, and keeps count of them.

use super::Run;
use super::ledger::Ledger;
use super::reporting::GO_ON;
use crate::RowRef;
use crate::journal::{LinkEnds, Outcome, Write};
use crate::linking::Linking;
use crate::missing_rows::end_missing;
use crate::side_by_side::side_by_side;
use crate::{EnvironmentTables, LinkPlan, LinkReport, Pass, Problem, ProblemKind};
use cmt::Link;
use dataverse::{Answer, Clock, Error, Operation, ServiceError, Transport};
use std::collections::{HashSet, VecDeque};
use uuid::Uuid;

/// A link and the ledger it stands in.
type Sent<'a> = (usize, &'a Link);

/// The links of one request and what became of them.
type Answered<'a> = (u32, Vec<Sent<'a>>, Result<Vec<Result<Answer, ServiceError>>, Error>);

/// What has become of the links of one plan so far.
#[derive(Debug)]
pub(crate) struct LinkLedger<'a> {
    pub(super) plan: &'a LinkPlan,
    /// `None` where the plan blocks every link.
    pub(super) linking: Option<Linking<'a>>,
    pub(super) made: Vec<&'a Link>,
    pub(super) confirmed: u64,
    /// Found to be there already when they were to be made.
    pub(super) there: u64,
    pub(super) failed: Vec<(&'a Link, Problem)>,
    /// What an earlier run sent without hearing an answer.
    pub(super) in_doubt: HashSet<Link>,
    /// What is still to be taken up, in the order of the plan.
    pub(super) left: VecDeque<&'a Link>,
}

impl<'a> LinkLedger<'a> {
    pub(super) fn new(plan: &'a LinkPlan, tables: &'a EnvironmentTables) -> LinkLedger<'a> {
        let linking = Linking::find(tables, &plan.table, &plan.relationship, &plan.target_table);
        LinkLedger {
            plan,
            linking,
            made: Vec::new(),
            confirmed: 0,
            there: 0,
            failed: Vec::new(),
            in_doubt: HashSet::new(),
            left: plan.create.iter().collect(),
        }
    }

    /// Writes down what became of a link.
    pub(super) fn settle(&mut self, link: &'a Link, outcome: Outcome) {
        match outcome {
            Outcome::Done => self.made.push(link),
            Outcome::There => self.there += 1,
            Outcome::Refused(problem) => self.fail(link, problem),
            Outcome::NotYet => {}
        }
    }

    pub(super) fn fail(&mut self, link: &'a Link, problem: Problem) {
        self.failed.push((link, problem.in_table(&self.plan.table)));
    }

    /// A link in the target's ids.
    pub(super) fn ends(&self, link: &Link, ledger: &Ledger<'_>) -> LinkEnds {
        let LinkPlan { relationship, table, target_table, .. } = self.plan;
        let id = |table: &String, id: Uuid| ledger.target_id(&RowRef { table: table.clone(), id });
        LinkEnds {
            relationship: relationship.clone(),
            table: table.clone(),
            target_table: target_table.clone(),
            source: id(table, link.source),
            target: id(target_table, link.target),
        }
    }

    /// The report; what was not tried, or made but not read back, is no success.
    pub(super) fn report(&self) -> LinkReport {
        let untried = self.left.iter().map(|&link| (link, not_tried("was not made")));
        let unconfirmed = self.made.iter().map(|&link| (link, not_tried("was made, but not read back")));
        let blocked = self.plan.blocked.iter().map(|(link, problem)| (link, problem.clone()));
        let failed = self.failed.iter().map(|(link, problem)| (*link, problem.clone()));
        let failed = blocked.chain(failed).chain(untried).chain(unconfirmed);
        LinkReport {
            relationship: self.plan.relationship.clone(),
            table: self.plan.table.clone(),
            created: self.confirmed,
            unchanged: self.plan.unchanged.len() as u64 + self.there,
            failed: failed.map(|(link, problem)| (link.source, link.target, problem)).collect(),
        }
    }
}

fn not_tried(what: &str) -> Problem {
    Problem::new(ProblemKind::NotTried, format!("The run ended early: the link {what}."), GO_ON)
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Makes the planned links. One that is there already is as good as made.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn make_links(&mut self) -> Result<(), Problem> {
        let totals = self.links.iter().map(|l| (l.plan.relationship.clone(), l.left.len() as u64));
        self.progress.start(Pass::Links, totals.collect());
        let client = self.client;
        let start = |run: &mut Self| {
            if run.links.iter().all(|ledger| ledger.left.is_empty()) {
                return Ok(None);
            }
            run.progress.go_on()?;
            let (sent, operations) = run.next_links();
            if operations.is_empty() {
                return Ok(None);
            }
            let intents = sent.iter().map(|&(number, link)| Write::Link(run.ends(number, link))).collect();
            let request = run.journal.intend(intents).inspect_err(|_| run.not_sent(&sent))?;
            Ok(Some(async move { (request, sent, client.batch(operations).await) }))
        };
        side_by_side(self, || client.requests_at_once(), start, Self::take_links).await?;
        self.progress.finish(Pass::Links);
        Ok(())
    }

    /// These links stay to be made.
    fn not_sent(&mut self, links: &[Sent<'a>]) {
        links.iter().rev().for_each(|&(number, link)| self.links[number].left.push_front(link));
    }

    /// Takes up what fits into one request, of whatever relationships.
    fn next_links(&mut self) -> (Vec<Sent<'a>>, Vec<Operation>) {
        let most = self.client.rows_a_request(self.links.iter().map(|ledger| ledger.left.len()).sum());
        let (mut sent, mut operations) = (Vec::new(), Vec::new());
        for number in 0..self.links.len() {
            while operations.len() < most
                && let Some(link) = self.links[number].left.pop_front()
            {
                match (self.missing_end(number, link), self.associate(number, link)) {
                    (None, Some(operation)) => {
                        operations.push(operation);
                        sent.push((number, link));
                    }
                    (missing, _) => {
                        let problem =
                            missing.map_or_else(|| not_tried("was not made"), |row| end_missing(&row));
                        self.settle_link(number, link, Outcome::Refused(problem));
                    }
                }
            }
        }
        (sent, operations)
    }

    /// # Errors
    /// What ends the run.
    fn take_links(&mut self, (request, sent, outcomes): Answered<'a>) -> Result<(), Problem> {
        if outcomes.is_err() {
            let in_doubt = || not_tried("was sent, but no answer came: it may be made or not");
            sent.iter()
                .for_each(|&(number, link)| self.settle_link(number, link, Outcome::Refused(in_doubt())));
        }
        let mut told = Vec::new();
        for ((number, link), outcome) in sent.into_iter().zip(outcomes?) {
            let settled = match outcome {
                Ok(_) => Outcome::Done,
                // What an earlier run sent without an answer is its own.
                Err(refusal) if refusal.is_duplicate_key() && self.links[number].in_doubt.contains(link) => {
                    Outcome::Done
                }
                Err(refusal) if refusal.is_duplicate_key() => Outcome::There,
                Err(refusal) => Outcome::Refused(refusal.into()),
            };
            self.settle_link(number, link, settled.clone());
            told.push(settled);
        }
        self.journal.answered(request, told)
    }

    /// Writes down whether the link was made now, was there, or could not be made.
    fn settle_link(&mut self, number: usize, link: &'a Link, outcome: Outcome) {
        let ledger = &mut self.links[number];
        let failed = usize::from(matches!(outcome, Outcome::Refused(_)));
        ledger.settle(link, outcome);
        self.progress.advance(Pass::Links, &ledger.plan.relationship, 1, failed);
    }

    /// An end of the link whose row this run could not write.
    fn missing_end(&self, number: usize, link: &Link) -> Option<RowRef> {
        let plan = self.links[number].plan;
        let ends = [(&plan.table, link.source), (&plan.target_table, link.target)];
        ends.into_iter().map(|(table, id)| RowRef { table: table.clone(), id }).find(|row| {
            let entry = self.index.find(row).and_then(|at| self.ledger.number(at));
            entry.is_some_and(|number| !self.ledger.entries[number].exists)
        })
    }

    pub(super) fn ends(&self, number: usize, link: &Link) -> LinkEnds {
        self.links[number].ends(link, &self.ledger)
    }

    fn associate(&self, number: usize, link: &Link) -> Option<Operation> {
        let linking = self.links[number].linking?;
        let ends = self.ends(number, link);
        Some(Operation::Associate {
            set: linking.source_table.set.clone(),
            id: ends.source,
            navigation: linking.source.navigation.clone(),
            target_set: linking.target_table.set.clone(),
            target_id: ends.target,
        })
    }
}
