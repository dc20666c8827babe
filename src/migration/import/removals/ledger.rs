//! What has become of every row and link that is to be removed.

use super::ends_of;
use crate::journal::{LinkEnds, Outcome};
use crate::{LinkRemoval, Plan, Problem, ProblemKind, RemovalReport, RemovedRow, RowRef};

/// What is to be removed, and how far each is.
#[derive(Debug)]
pub(in super::super) struct RemovalLedger<'a> {
    pub(super) rows: Vec<RowEntry<'a>>,
    pub(super) links: Vec<LinkEntry<'a>>,
    /// How many of the rows go before anything is written.
    pub(super) first: usize,
}

#[derive(Debug)]
pub(super) struct RowEntry<'a> {
    pub(super) row: &'a RowRef,
    pub(super) name: &'a str,
    pub(super) standing: Standing,
}

#[derive(Debug)]
pub(super) struct LinkEntry<'a> {
    pub(super) link: &'a LinkRemoval,
    pub(super) standing: Standing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Waiting,
    /// Accepted.
    Removed,
    /// Read back, and it is gone.
    Confirmed,
    /// It was not there any more.
    Gone,
    Failed(Problem),
}

impl<'a> RemovalLedger<'a> {
    pub(in super::super) fn new(plan: &'a Plan) -> RemovalLedger<'a> {
        let planned = plan.removals.first.iter().chain(&plan.removals.rows);
        let rows = planned.map(|(row, name)| RowEntry { row, name, standing: Standing::Waiting });
        let links = plan.removals.links.iter().map(|link| LinkEntry { link, standing: Standing::Waiting });
        RemovalLedger { rows: rows.collect(), links: links.collect(), first: plan.removals.first.len() }
    }

    /// What an earlier run heard of the removal of a row.
    pub(in super::super) fn take_up_row(&mut self, row: &RowRef, outcome: Option<Outcome>) {
        let standing = taken_up(outcome);
        self.rows
            .iter_mut()
            .filter(|entry| entry.row == row)
            .for_each(|entry| entry.standing = standing.clone());
    }

    /// What an earlier run heard of the removal of a link.
    pub(in super::super) fn take_up_link(&mut self, ends: &LinkEnds, outcome: Option<Outcome>) {
        let standing = taken_up(outcome);
        let same = |entry: &&mut LinkEntry<'_>| ends_of(entry.link) == *ends;
        self.links.iter_mut().filter(same).for_each(|entry| entry.standing = standing.clone());
    }

    /// The report; what was not tried, or not read back, is no success.
    pub(in super::super) fn report(&self) -> RemovalReport {
        let mut report = RemovalReport::default();
        for entry in &self.rows {
            match problem_of(&entry.standing) {
                None if entry.standing == Standing::Gone => report.gone += 1,
                None => report.rows += 1,
                Some(problem) => {
                    let problem = problem.in_table(&entry.row.table).at_record(entry.row.id, entry.name);
                    let (row, name) = (entry.row.clone(), entry.name.to_owned());
                    report.failed.push(RemovedRow { row, name, problem });
                }
            }
        }
        for entry in &self.links {
            match problem_of(&entry.standing) {
                None if entry.standing == Standing::Gone => report.gone += 1,
                None => report.links += 1,
                Some(problem) => {
                    report.failed_links.push((entry.link.clone(), problem.in_table(&entry.link.table)))
                }
            }
        }
        report
    }

    /// Whether anything is still to be removed.
    pub(in super::super) fn is_open(&self) -> bool {
        let rows = self.rows.iter().map(|entry| &entry.standing);
        rows.chain(self.links.iter().map(|entry| &entry.standing))
            .any(|standing| *standing == Standing::Waiting)
    }

    pub(super) fn waiting(&self, rows: std::ops::Range<usize>) -> Vec<usize> {
        rows.filter(|&number| self.rows[number].standing == Standing::Waiting).collect()
    }
}

fn taken_up(outcome: Option<Outcome>) -> Standing {
    match outcome {
        Some(Outcome::Done) => Standing::Removed,
        Some(Outcome::There) => Standing::Gone,
        // What was refused may pass by now, and what was not heard of is asked again: nothing goes twice.
        Some(Outcome::Refused(_) | Outcome::NotYet) | None => Standing::Waiting,
    }
}

fn problem_of(standing: &Standing) -> Option<Problem> {
    match standing {
        Standing::Confirmed | Standing::Gone => None,
        Standing::Failed(problem) => Some(problem.clone()),
        Standing::Waiting => Some(not_tried("was not removed, as far as is known")),
        Standing::Removed => Some(not_tried("was removed, but not looked for again")),
    }
}

fn not_tried(what: &str) -> Problem {
    Problem::new(
        ProblemKind::NotTried,
        format!("The run ended early: this {what}."),
        "Go on with the run, or start again: what is gone already is found so.",
    )
}

pub(super) fn still_there() -> Problem {
    Problem::new(
        ProblemKind::NotAsWritten,
        "The environment accepted the removal, but it is still there.",
        "Look for a plug-in or flow that makes it again.",
    )
}
