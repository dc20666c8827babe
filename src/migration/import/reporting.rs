//! From the ledger to the report: every record of the plan once, and no success without confirmation.

use super::Run;
use super::ledger::{Entry, Standing};
use super::links::LinkLedger;
use crate::table_fit::Fit;
use crate::{Action, Fate, ImportReport, Problem, ProblemKind, RecordReport, TableReport};

impl<T, C> Run<'_, T, C> {
    pub(super) fn report(&self, stopped: Option<Problem>) -> ImportReport {
        let tables = self.plan.tables.iter().map(|table| {
            let own: Vec<&Entry<'_>> =
                self.ledger.entries.iter().filter(|e| e.table == table.table).collect();
            TableReport {
                table: table.table.clone(),
                display_name: table.display_name.clone(),
                not_writable: own
                    .first()
                    .and_then(|e| e.fit)
                    .map(|f| f.names(Fit::NotWritable))
                    .unwrap_or_default(),
                records: own.into_iter().map(|entry| report_record(entry, stopped.as_ref())).collect(),
            }
        });
        ImportReport {
            tables: tables.collect(),
            links: self.links.iter().map(LinkLedger::report).collect(),
            notes: self.plan.notes.clone(),
            removals: self.removals.report(),
            stopped: stopped.clone(),
        }
    }
}

fn report_record(entry: &Entry<'_>, stopped: Option<&Problem>) -> RecordReport {
    RecordReport {
        id: entry.plan.id,
        target_id: entry.target_id,
        name: entry.plan.name.clone(),
        fate: fate(entry, stopped),
        matched_by: entry.plan.matched_by.clone(),
        warnings: entry.plan.warnings.iter().chain(&entry.warnings).cloned().collect(),
    }
}

fn fate(entry: &Entry<'_>, stopped: Option<&Problem>) -> Fate {
    let failed = |problem: Problem| Fate::Failed(entry.placed(problem));
    match (&entry.plan.action, &entry.standing) {
        (Action::Skip(reason), _) => Fate::Skipped(reason.clone()),
        (Action::Blocked(reason), _) => Fate::Failed(reason.clone()),
        (Action::Unchanged, _) => Fate::Unchanged,
        (_, Standing::Failed(problem)) => Fate::Failed(problem.clone()),
        (_, Standing::Confirmed) => done(entry),
        (_, Standing::InDoubt) if entry.is_new() && entry.exists => {
            Fate::Unconfirmed(entry.placed(unconfirmed()))
        }
        (_, Standing::InDoubt) => failed(in_doubt(stopped)),
        (_, Standing::Written) => Fate::Unconfirmed(entry.placed(unconfirmed())),
        (_, Standing::Waiting) if entry.sent_before => failed(in_doubt(stopped)),
        (_, Standing::Waiting | Standing::Settled) => failed(not_tried(stopped.is_some())),
    }
}

/// The fate of a record that was read back.
fn done(entry: &Entry<'_>) -> Fate {
    if entry.is_new() {
        return Fate::Created;
    }
    let earlier = match &entry.plan.action {
        Action::Update(changes) if entry.sent_before => changes.as_slice(),
        _ => &[],
    };
    let mut columns: Vec<String> = Vec::new();
    for change in earlier.iter().chain(entry.changes()) {
        if !entry.is_left_out(&change.column) && !columns.contains(&change.column) {
            columns.push(change.column.clone());
        }
    }
    if columns.is_empty() { Fate::Unchanged } else { Fate::Updated(columns) }
}

/// What to do about a run that ended early.
pub(super) const GO_ON: &str =
    "Go on with this run, or make the plan again: what is there already is found and not written twice.";

/// Why the run ended, told to whoever may go on with it.
pub(super) fn ended(why: Problem) -> Problem {
    if why == Problem::stopped() { Problem { remedy: GO_ON.to_owned(), ..why } } else { why }
}

pub(super) fn not_tried(stopped: bool) -> Problem {
    let why = if stopped { "the run ended before it was written" } else { "it was not reached" };
    Problem::new(ProblemKind::NotTried, format!("The record is not written: {why}."), GO_ON)
}

fn in_doubt(stopped: Option<&Problem>) -> Problem {
    Problem::new(
        stopped.map_or(ProblemKind::NotTried, |p| p.kind),
        "The record was sent, but no answer came: it may be written or not.",
        GO_ON,
    )
}

fn unconfirmed() -> Problem {
    Problem::new(
        ProblemKind::NotTried,
        "The row is written, at least in part, but the run ended before it was finished and read back.",
        "Go on with this run, or make the plan again: the row is found, and what it lacks is written.",
    )
}
