//! Makes the many-to-many links, and keeps count of them.

use super::Run;
use crate::RowRef;
use crate::linking::Linking;
use crate::missing_rows::end_missing;
use crate::side_by_side::side_by_side;
use crate::target_ids::TargetIds;
use crate::{EnvironmentTables, LinkPlan, LinkReport, Pass, Problem, ProblemKind};
use cmt::Link;
use dataverse::{Answer, Clock, Error, Operation, ServiceError, Transport};
use uuid::Uuid;

/// A link and the ledger it stands in.
type Sent<'a> = (usize, &'a Link);

/// The links of one request and what became of them.
type Answered<'a> = (Vec<Sent<'a>>, Result<Vec<Result<Answer, ServiceError>>, Error>);

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
    /// How many links of the plan were taken up, from the first on.
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

    /// Where the links start that were made, to be read back. What was made has a relationship.
    pub(super) fn sources_of_made(&self, ids: &TargetIds) -> Option<(Linking<'a>, Vec<Uuid>)> {
        let source = |link: &&Link| RowRef { table: self.plan.table.clone(), id: link.source };
        let mut sources: Vec<Uuid> = self.made.iter().map(|link| ids.of(&source(link))).collect();
        sources.dedup();
        Some((self.linking?, sources))
    }

    /// What is still to be taken up.
    fn left(&self) -> &'a [Link] {
        &self.plan.create[self.tried..]
    }

    /// The report; what was not tried, or made but not read back, is no success.
    pub(super) fn report(&self) -> LinkReport {
        let untried = self.left().iter().map(|link| (link, not_tried("was not made")));
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
        let client = self.client;
        let start = |run: &mut Self| {
            if run.links.iter().all(|ledger| ledger.left().is_empty()) {
                return Ok(None);
            }
            run.progress.go_on()?;
            let (sent, operations) = run.next_links();
            Ok((!operations.is_empty()).then_some(async move { (sent, client.batch(operations).await) }))
        };
        side_by_side(self, || client.requests_at_once(), start, Self::take_links).await?;
        self.progress.finish(Pass::Links);
        Ok(())
    }

    /// Takes up what fits into one request, of whatever relationships.
    fn next_links(&mut self) -> (Vec<Sent<'a>>, Vec<Operation>) {
        let most = self.client.rows_a_request(self.links.iter().map(|ledger| ledger.left().len()).sum());
        let (mut sent, mut operations) = (Vec::new(), Vec::new());
        for number in 0..self.links.len() {
            while operations.len() < most
                && let Some(link) = self.links[number].left().first()
            {
                self.links[number].tried += 1;
                match (self.missing_end(number, link), self.associate(number, link)) {
                    (None, Some(operation)) => {
                        operations.push(operation);
                        sent.push((number, link));
                    }
                    (missing, _) => {
                        let problem =
                            missing.map_or_else(|| not_tried("was not made"), |row| end_missing(&row));
                        self.settle_link(number, link, Err(problem));
                    }
                }
            }
        }
        (sent, operations)
    }

    /// # Errors
    /// What ends the run.
    fn take_links(&mut self, (sent, outcomes): Answered<'a>) -> Result<(), Problem> {
        if outcomes.is_err() {
            let in_doubt = || not_tried("was sent, but no answer came: it may be made or not");
            sent.iter().for_each(|&(number, link)| self.settle_link(number, link, Err(in_doubt())));
        }
        for ((number, link), outcome) in sent.into_iter().zip(outcomes?) {
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

    /// The ids that the ends of a link have in the environment.
    pub(super) fn ends_of(&self, plan: &LinkPlan, link: &Link) -> [Uuid; 2] {
        let ends = [(&plan.table, link.source), (&plan.target_table, link.target)];
        ends.map(|(table, id)| self.plan.ids.of(&RowRef { table: table.clone(), id }))
    }

    fn associate(&self, number: usize, link: &Link) -> Option<Operation> {
        let LinkLedger { linking, plan, .. } = &self.links[number];
        let linking = (*linking)?;
        let [source, target] = self.ends_of(plan, link);
        Some(Operation::Associate {
            set: linking.source_table.set.clone(),
            id: source,
            navigation: linking.source.navigation.clone(),
            target_set: linking.target_table.set.clone(),
            target_id: target,
        })
    }
}
