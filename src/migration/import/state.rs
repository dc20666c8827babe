//! Sets state and status, when everything else is written: new rows begin in the state the service gives them.

use super::Run;
use super::ledger::{Doing, Entry, Standing};
use super::publishing::is_published_rule;
use super::updates::Setting;
use crate::compare::{differences, is_state};
use crate::planning::WEB_PAGE;
use crate::reading::{Ask, Rows, read_all};
use crate::table_fit::Fit;
use crate::values::to_json;
use crate::{Pass, Problem};
use cmt::Value;
use dataverse::{Clock, Transport};

/// Written, and its state may have to be set.
pub(super) fn is_candidate(entry: &Entry<'_>) -> bool {
    let Some(fit) = entry.fit.filter(|_| entry.standing == Standing::Written) else { return false };
    match &entry.doing {
        Doing::Create => {
            entry.record.fields.iter().any(|f| fit.column(&f.column).is_some_and(|c| c.fit == Fit::State))
        }
        Doing::Change(changes) => changes.iter().any(|change| is_state(change, fit)),
        Doing::Nothing | Doing::Find => false,
    }
}

/// A web page that was written and whose record tells its state.
fn is_page(entry: &Entry<'_>) -> bool {
    let tells = |column: &str| entry.record.fields.iter().any(|field| field.column == column);
    entry.table == WEB_PAGE && entry.standing == Standing::Written && tells("statecode")
}

fn is_root_page(entry: &Entry<'_>) -> bool {
    entry.table == WEB_PAGE && entry.record.value("adx_isroot") == Some(&Value::Bool(true))
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Sets the state of every written row that is not in its record's state.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn set_states(&mut self) -> Result<(), Problem> {
        let follow = self.pages_follow();
        // Rules are published when no condition changes any more.
        let candidates = self
            .ledger
            .select(|entry| (is_candidate(entry) && !is_published_rule(entry)) || (follow && is_page(entry)));
        self.progress.start(Pass::State, self.ledger.totals(&candidates));
        let is_root = |number: &usize| follow && is_root_page(&self.ledger.entries[*number]);
        let (roots, others): (Vec<usize>, Vec<usize>) = candidates.into_iter().partition(is_root);
        for candidates in [roots, others] {
            let wrong = self.in_wrong_state(&candidates).await?;
            let (closed, plain): (Vec<usize>, Vec<usize>) =
                wrong.into_iter().partition(|&number| self.is_closed_by_message(number));
            self.write_states(plain).await?;
            self.close(&closed).await?;
        }
        self.progress.finish(Pass::State);
        Ok(())
    }

    /// Whether the portal's plug-ins run, which deactivate the content pages of a root page that is deactivated: then
    /// root pages come first, and content pages are looked at again.
    fn pages_follow(&self) -> bool {
        self.plan.page_steps.on_update(WEB_PAGE).is_empty() && self.plan.switches.steps.is_empty()
    }

    /// Those of the rows that are in another state than their record's.
    pub(super) async fn in_wrong_state(&mut self, candidates: &[usize]) -> Result<Vec<usize>, Problem> {
        let mut wrong = Vec::new();
        let asks = self.asks_for(candidates, |fit| fit == Fit::State);
        let take = |run: &mut Self, ask: Ask, answer: Result<Rows, Problem>| {
            for &number in &ask.records {
                let rows = answer.as_ref().map_err(Clone::clone);
                if run.take_state(number, rows)? {
                    wrong.push(number);
                }
            }
            Ok(())
        };
        read_all(self.client, self, asks, |run| run.progress.go_on(), take).await?;
        // Answers come as they like; rows are written in the order of the plan.
        wrong.sort_unstable();
        Ok(wrong)
    }

    /// Whether the state has to be set; if not, the record is through this pass.
    ///
    /// # Errors
    /// What ends the run.
    fn take_state(&mut self, number: usize, rows: Result<&Rows, Problem>) -> Result<bool, Problem> {
        let failed = match rows.and_then(|rows| self.state_differs(number, rows)) {
            Ok(true) => return Ok(true),
            Ok(false) => 0,
            Err(problem) if problem.ends_the_run() => return Err(problem),
            Err(problem) => {
                self.ledger.fail(number, problem);
                1
            }
        };
        self.progress.advance(Pass::State, self.ledger.entries[number].table, 1, failed);
        Ok(false)
    }

    fn state_differs(&self, number: usize, rows: &Rows) -> Result<bool, Problem> {
        let entry = &self.ledger.entries[number];
        let (Some(fit), Some(row)) = (entry.fit, rows.get(&entry.target_id)) else { return Ok(true) };
        Ok(differences(entry.record, row, fit, self.ledger.ids())?.iter().any(|change| is_state(change, fit)))
    }

    async fn write_states(&mut self, numbers: Vec<usize>) -> Result<(), Problem> {
        let change = |run: &mut Self, number: usize| run.state_setting(number);
        let done = |run: &mut Self, number: usize| {
            run.progress.advance(Pass::State, run.ledger.entries[number].table, 1, 0)
        };
        self.update_all(Pass::State, numbers, change, done).await
    }

    /// State and status together, as far as the record has them: the service checks one against the other.
    pub(super) fn state_setting(&self, number: usize) -> Setting<'a> {
        let entry = &self.ledger.entries[number];
        let fields = entry.record.fields.iter().filter_map(|field| {
            let column = entry.fit?.column(&field.column).filter(|c| c.fit == Fit::State)?;
            Some((field.column.as_str(), to_json(&field.value, column.metadata?)?))
        });
        let (columns, values): (Vec<&str>, Vec<_>) = fields.unzip();
        let body = columns.iter().map(|column| (*column).to_owned()).zip(values).collect();
        (columns, body)
    }
}
