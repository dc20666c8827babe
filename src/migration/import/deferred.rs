//! Sets the columns that had to wait: lookups in circles, and columns that only an update may write.

use super::Run;
use super::ledger::{Entry, Standing};
use super::write::Sent;
use crate::{Pass, Problem};
use dataverse::{Clock, Transport};
use std::collections::VecDeque;

/// Written, with columns still to be set.
fn waits(entry: &Entry<'_>) -> bool {
    entry.standing == Standing::Written && !entry.later.is_empty()
}

impl<T: Transport, C: Clock> Run<'_, T, C> {
    pub(super) fn has_deferred(&self) -> bool {
        self.ledger.entries.iter().any(waits)
    }

    /// Sets what waits, now that every row is there that could be written.
    ///
    /// # Errors
    /// What ends the run.
    pub(super) async fn set_deferred(&mut self) -> Result<(), Problem> {
        let numbers = self.ledger.select(waits);
        self.progress.start(Pass::DeferredLookups, self.ledger.totals(&numbers));
        let mut queue = VecDeque::from(numbers);
        while !queue.is_empty() {
            let (mut sent, mut operations) = (Vec::new(), Vec::new());
            for number in self.next_batch(&mut queue) {
                let mut draft = self.later_draft(number);
                let warnings = std::mem::take(&mut draft.warnings);
                warnings.into_iter().for_each(|warning| self.ledger.entries[number].warn(warning));
                match self.update(number, std::mem::take(&mut draft.body)) {
                    Some(operation) => {
                        operations.push(operation);
                        sent.push(Sent { number, draft });
                    }
                    None => self.set(number),
                }
            }
            let outcomes = self.send(operations, &sent).await?;
            for (Sent { number, .. }, outcome) in sent.into_iter().zip(outcomes) {
                match outcome {
                    Ok(_) => self.set(number),
                    Err(refusal) => self.refused(Pass::DeferredLookups, number, &refusal)?,
                }
            }
        }
        self.progress.finish(Pass::DeferredLookups);
        Ok(())
    }

    fn set(&mut self, number: usize) {
        let entry = &mut self.ledger.entries[number];
        entry.later.clear();
        self.progress.advance(Pass::DeferredLookups, entry.table, 1, 0);
    }
}
