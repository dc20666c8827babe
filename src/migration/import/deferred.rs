//! Sets the columns that had to wait: lookups in circles, and columns that only an update may write.

use super::Run;
use super::ledger::{Entry, Standing};
use crate::{Pass, Problem};
use dataverse::{Clock, Transport};

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
        let mut numbers = self.ledger.select(waits);
        self.progress.start(Pass::DeferredLookups, self.ledger.totals(&numbers));
        self.set_parties(Pass::DeferredLookups, &numbers).await?;
        numbers.retain(|&number| self.ledger.entries[number].standing == Standing::Written);
        let change = |run: &mut Self, number: usize| {
            let draft = run.later_draft(number);
            draft.warnings.into_iter().for_each(|warning| run.ledger.entries[number].warn(warning));
            (draft.columns, draft.body)
        };
        self.update_all(Pass::DeferredLookups, numbers, change, Self::set).await?;
        self.progress.finish(Pass::DeferredLookups);
        Ok(())
    }

    fn set(&mut self, number: usize) {
        let entry = &mut self.ledger.entries[number];
        entry.later.clear();
        self.progress.advance(Pass::DeferredLookups, entry.table, 1, 0);
    }
}
