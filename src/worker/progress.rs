//! A run's events on their way to the page: added up, and at most one batch a frame.

use browser::{clock::BrowserClock, protocol::Event, scope::Scope};
use dataverse::Clock;
use migration::Event as Step;
use std::{cell::RefCell, rc::Rc, time::Duration};

const FRAME: Duration = Duration::from_millis(16);

/// Collects the steps of a run.
#[derive(Clone)]
pub(crate) struct Progress {
    scope: Scope,
    batch: Rc<RefCell<Vec<Step>>>,
}

impl Progress {
    pub(crate) fn new(scope: Scope) -> Progress {
        Progress { scope, batch: Rc::default() }
    }

    /// Takes in a step; it reaches the page within a frame of the run's next pause.
    pub(crate) fn push(&self, step: Step) {
        let first = self.batch.borrow().is_empty();
        add(&mut self.batch.borrow_mut(), step);
        if first {
            let later = self.clone();
            wasm_bindgen_futures::spawn_local(async move {
                BrowserClock.sleep(FRAME).await;
                later.flush();
            });
        }
    }

    /// Sends what waits: before the event that ends a run, so that the order stays right.
    pub(crate) fn flush(&self) {
        let batch = self.batch.take();
        if !batch.is_empty() {
            self.scope.post(&Event::Progress(batch), None);
        }
    }
}

/// Adds a step to the batch. Advances of one table in one pass become one, counts keep only the newest;
/// nothing is moved across the start or end of a pass.
fn add(batch: &mut Vec<Step>, step: Step) {
    let since_border = batch
        .iter()
        .rposition(|s| matches!(s, Step::PassStarted { .. } | Step::PassFinished { .. }))
        .map_or(0, |border| border + 1);
    let same = batch[since_border..].iter_mut().find(|earlier| can_join(earlier, &step));
    match (same, step) {
        (Some(Step::Advanced { done, failed, .. }), Step::Advanced { done: more, failed: worse, .. }) => {
            *done += more;
            *failed += worse;
        }
        (Some(earlier), step) => *earlier = step,
        (None, step) => batch.push(step),
    }
}

fn can_join(earlier: &Step, step: &Step) -> bool {
    match (earlier, step) {
        (Step::Advanced { pass: p, table: t, .. }, Step::Advanced { pass, table, .. }) => {
            p == pass && t == table
        }
        (Step::Counted { .. }, Step::Counted { .. }) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use migration::{Counts, Pass};

    fn advanced(table: &str, done: u64) -> Step {
        Step::Advanced { pass: Pass::Write, table: table.into(), done, failed: 0 }
    }

    fn batched(steps: Vec<Step>) -> Vec<Step> {
        let mut batch = Vec::new();
        steps.into_iter().for_each(|step| add(&mut batch, step));
        batch
    }

    #[test]
    fn advances_of_one_table_are_added_up() {
        let batch = batched(vec![advanced("a", 3), advanced("b", 1), advanced("a", 4)]);
        assert_eq!(batch, [advanced("a", 7), advanced("b", 1)]);
    }

    #[test]
    fn nothing_moves_across_the_border_of_a_pass() {
        let end = Step::PassFinished { pass: Pass::Write };
        let steps = vec![advanced("a", 3), end.clone(), advanced("a", 4)];
        assert_eq!(batched(steps.clone()), steps);
    }

    #[test]
    fn only_the_newest_counts_are_told() {
        let counted = |created| Step::Counted { counts: Counts { created, ..Counts::default() } };
        assert_eq!(batched(vec![counted(1), advanced("a", 1), counted(2)]), [counted(2), advanced("a", 1)]);
    }
}
