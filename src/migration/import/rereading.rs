//! Reads rows again right before they are changed: their old values are kept, and what is not as the plan found it is
//! planned anew.

use super::Run;
use super::ledger::{Doing, Entry, Present, Standing};
use crate::compare::{differences, is_state};
use crate::reading::{Ask, Rows, read_all};
use crate::table_fit::Fit;
use crate::{Change, Pass, Problem, ProblemKind, WriteMode};
use dataverse::{Clock, Row, Transport};

/// The version of a row, beside its values.
const VERSION: &str = "@odata.etag";

impl<T: Transport, C: Clock> Run<'_, T, C> {
    /// Reads the rows of these entries, and decides about each once more. Who is to look for its row is left alone
    /// until it is found.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn reread(&mut self, pass: Pass, numbers: &[usize]) -> Result<(), Problem> {
        let known = |number: &usize| self.ledger.entries[*number].doing != Doing::Find;
        let numbers: Vec<usize> = numbers.iter().copied().filter(known).collect();
        let asks = self.asks_for(&numbers, Fit::is_compared);
        let take = |run: &mut Self, ask: Ask, answer: Result<Rows, Problem>| {
            for &number in &ask.records {
                match &answer {
                    Ok(rows) => run.plan_anew(pass, number, rows),
                    Err(problem) if problem.ends_the_run() => return Err(problem.clone()),
                    Err(problem) => run.give_up(pass, number, problem.clone()),
                }
            }
            Ok(())
        };
        read_all(self.client, self, asks, |run| run.progress.go_on(), take).await
    }

    /// Decides about an entry by the row that is there now.
    fn plan_anew(&mut self, pass: Pass, number: usize, rows: &Rows) {
        let entry = &self.ledger.entries[number];
        let decided = match rows.get(&entry.target_id) {
            None => self.row_went(number),
            Some(row) => match self.changes_of(number, row) {
                Err(unreadable) => Err(unreadable),
                Ok(changes) if entry.is_create() => self.row_came(number, row, changes),
                Ok(changes) => self.row_is_there(number, row, changes),
            },
        };
        if let Err(problem) = decided {
            self.give_up(pass, number, problem);
        } else if self.ledger.entries[number].standing != Standing::Waiting {
            self.progress.advance(pass, self.ledger.entries[number].table, 1, 0);
        }
    }

    /// In what the row is not as the record, apart from what is left out.
    pub(super) fn changes_of(&self, number: usize, row: &Row) -> Result<Vec<Change>, Problem> {
        let entry = &self.ledger.entries[number];
        let Some(fit) = entry.fit else { return Ok(Vec::new()) };
        let mut changes = differences(entry.record, row, fit, self.ledger.ids())?;
        changes.retain(|change| !entry.is_left_out(&change.column));
        if self.off.holds(entry.table, entry.target_id) {
            // The run itself unpublished it, and publishes it again.
            changes.retain(|change| !is_state(change, fit));
        }
        Ok(changes)
    }

    fn row_is_there(&mut self, number: usize, row: &Row, changes: Vec<Change>) -> Result<(), Problem> {
        let entry = &mut self.ledger.entries[number];
        let planned = |change: &&Change| {
            entry.changes().iter().any(|p| p.column == change.column && p.before == change.before)
        };
        let others: Vec<&str> =
            changes.iter().filter(|c| !planned(c)).map(|change| change.column.as_str()).collect();
        if !others.is_empty() && !entry.is_new() {
            let warning = changed_since(&others);
            entry.warn(warning);
        }
        // The row tells no more of a file than its name; the plan compared the content.
        let (of_row, fit) = (changes.iter().map(|c| c.column.as_str()).collect::<Vec<_>>(), entry.fit);
        let contents = entry.changes().iter().filter(|change| {
            fit.is_some_and(|fit| fit.is_file(&change.column)) && !of_row.contains(&change.column.as_str())
        });
        let contents: Vec<Change> = contents.cloned().collect();
        entry.exists = true;
        entry.present = Some(present(row));
        entry.doing = Doing::Change(changes.into_iter().chain(contents).collect());
        Ok(())
    }

    /// The plan found no row of this id.
    fn row_came(&mut self, number: usize, row: &Row, changes: Vec<Change>) -> Result<(), Problem> {
        let entry = &mut self.ledger.entries[number];
        entry.exists = true;
        if entry.sent_before {
            entry.takes_for_its_own(&changes);
            return Ok(());
        }
        if entry.mode == WriteMode::CreateOnly && !changes.is_empty() {
            return Err(came_and_stays());
        }
        entry.warn(came());
        entry.present = Some(present(row));
        entry.doing = Doing::Change(changes);
        Ok(())
    }

    /// The plan found a row, and now there is none.
    fn row_went(&mut self, number: usize) -> Result<(), Problem> {
        let entry = &mut self.ledger.entries[number];
        entry.exists = false;
        if entry.is_create() {
            return Ok(());
        }
        if entry.mode != WriteMode::CreateAndUpdate {
            return Err(went_for_good());
        }
        entry.warn(went());
        entry.present = None;
        entry.doing = Doing::Create;
        let id = entry.plan.id;
        self.ledger.moves(number, id);
        Ok(())
    }
}

impl Entry<'_> {
    /// The row that is there was made by this import: what it lacks is set later.
    pub(super) fn takes_for_its_own(&mut self, changes: &[Change]) {
        self.standing = Standing::Written;
        self.exists = true;
        let Some(fit) = self.fit else { return };
        let lacking = |column: &str| {
            changes.iter().any(|c| c.column == column && !is_state(c, fit) && !fit.is_file(column))
        };
        let columns = self.record.fields.iter().map(|field| field.column.as_str());
        self.later = columns.filter(|column| lacking(column)).collect();
    }
}

/// The row's version and values.
pub(super) fn present(row: &Row) -> Present {
    let version = row.get(VERSION).and_then(|version| version.as_str()).map(str::to_owned);
    Present { version, values: row.clone() }
}

/// The words of a warning: what was found and what was done, and no column that it would take out.
fn told(what: String, remedy: &str) -> Problem {
    Problem::new(ProblemKind::ChangedSincePlan, what, remedy)
}

fn changed_since(columns: &[&str]) -> Problem {
    told(
        format!(
            "The row changed after the plan was made: {} had other values by then. It was written as the package says.",
            columns.join(", ")
        ),
        "Look whether somebody works in this environment; the old values are kept for undo.",
    )
}

fn came() -> Problem {
    told(
        "The row came into the environment after the plan was made: it was updated instead of created."
            .to_owned(),
        "Look whether somebody else imports into this environment; the old values are kept for undo.",
    )
}

fn came_and_stays() -> Problem {
    told(
        "The row came into the environment after the plan was made, with other values; rows of this table are only \
         created."
            .to_owned(),
        "Make the plan again: it will then show the differences.",
    )
}

fn went() -> Problem {
    told(
        "The row went from the environment after the plan was made: it was created instead of updated."
            .to_owned(),
        "Look whether somebody else removes rows in this environment.",
    )
}

fn went_for_good() -> Problem {
    told(
        "The row went from the environment after the plan was made, and rows of this table are only updated."
            .to_owned(),
        "Make the plan again, or let rows of this table be created.",
    )
}
