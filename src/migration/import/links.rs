//! Makes the many-to-many links, and keeps count of them.

use super::Run;
use crate::linking::Linking;
use crate::missing_rows::end_missing;
use crate::package_index::RowRef;
use crate::{EnvironmentTables, LinkPlan, LinkReport, Pass, Problem, ProblemKind};
use cmt::Link;
use dataverse::{Clock, Operation, Transport};

/// Most links a request.
const LINKS: usize = 100;

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
    /// How many links of the plan were sent or given up.
    tried: usize,
}

impl<'a> LinkLedger<'a> {
    pub(super) fn new(plan: &'a LinkPlan, tables: &'a EnvironmentTables) -> LinkLedger<'a> {
        let linking = Linking::find(tables, &plan.table, &plan.relationship, &plan.target_table);
        LinkLedger { plan, linking, made: Vec::new(), confirmed: 0, there: 0, failed: Vec::new(), tried: 0 }
    }

    pub(super) fn fail(&mut self, link: &'a Link, problem: Problem) {
        self.failed.push((link, problem.in_table(&self.plan.table)));
    }

    /// The report; what was not tried, or made but not read back, is no success.
    pub(super) fn report(&self) -> LinkReport {
        let untried = self.plan.create[self.tried..].iter().map(|link| (link, not_tried("was not made")));
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
    Problem::new(
        ProblemKind::NotTried,
        format!("The run ended early: the link {what}."),
        "Start again to do the rest: what is already there is found and not written twice.",
    )
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Makes the planned links. One that is there already is as good as made.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn make_links(&mut self) -> Result<(), Problem> {
        let totals = self.plan.links.iter().map(|l| (l.relationship.clone(), l.create.len() as u64));
        self.progress.start(Pass::Links, totals.collect());
        for number in 0..self.links.len() {
            let plan = self.links[number].plan;
            for links in plan.create.chunks(LINKS) {
                self.progress.go_on()?;
                self.make(number, links).await?;
            }
        }
        self.progress.finish(Pass::Links);
        Ok(())
    }

    async fn make(&mut self, number: usize, links: &'a [Link]) -> Result<(), Problem> {
        let (mut sent, mut operations) = (Vec::new(), Vec::new());
        for link in links {
            match (self.missing_end(number, link), self.associate(number, link)) {
                (None, Some(operation)) => {
                    operations.push(operation);
                    sent.push(link);
                }
                (missing, _) => {
                    let problem = missing.map_or_else(|| not_tried("was not made"), |row| end_missing(&row));
                    self.settle_link(number, link, Err(problem));
                }
            }
        }
        if operations.is_empty() {
            return Ok(());
        }
        let outcomes = self.client.batch(operations).await.map_err(Problem::from);
        if outcomes.is_err() {
            let in_doubt = || not_tried("was sent, but no answer came: it may be made or not");
            sent.iter().for_each(|link| self.settle_link(number, link, Err(in_doubt())));
        }
        for (link, outcome) in sent.into_iter().zip(outcomes?) {
            match outcome {
                Ok(_) => self.settle_link(number, link, Ok(true)),
                Err(refusal) if refusal.is_duplicate_key() => self.settle_link(number, link, Ok(false)),
                Err(refusal) => self.settle_link(number, link, Err(refusal.into())),
            }
        }
        Ok(())
    }

    /// Writes down whether the link was made now, was there, or could not be made.
    fn settle_link(&mut self, number: usize, link: &'a Link, outcome: Result<bool, Problem>) {
        let failed = usize::from(outcome.is_err());
        let ledger = &mut self.links[number];
        ledger.tried += 1;
        match outcome {
            Ok(true) => ledger.made.push(link),
            Ok(false) => ledger.there += 1,
            Err(problem) => ledger.fail(link, problem),
        }
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

    fn associate(&self, number: usize, link: &Link) -> Option<Operation> {
        let linking = self.links[number].linking?;
        Some(Operation::Associate {
            set: linking.source_table.set.clone(),
            id: link.source,
            navigation: linking.source.navigation.clone(),
            target_set: linking.target_table.set.clone(),
            target_id: link.target,
        })
    }
}
