//! How long a tab lives. When it dies nothing of its run happens any more: what it sent may still arrive.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

/// One tab's life, counted in moments: a line for the journal, or a request that leaves. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Life(Rc<Moments>);

#[derive(Debug, Default)]
struct Moments {
    lived: Cell<u64>,
    death: Cell<Option<Death>>,
    over: Cell<bool>,
    /// What the journal holds. It outlives the tab.
    journal: RefCell<Vec<u8>>,
}

/// When a tab dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Death {
    /// At so many moments.
    pub(super) at: u64,
    pub(super) how: Dying,
}

/// What becomes of that moment's line or request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dying {
    /// It is not kept, or does not leave.
    Before,
    /// Half of the line is kept; a request leaves.
    Amidst,
    /// It is kept, or leaves.
    After,
}

impl Life {
    /// A new tab with the journal of the one before, that dies or not.
    pub(super) fn after(journal: Vec<u8>, death: Option<Death>) -> Life {
        let life = Life::default();
        life.0.death.set(death);
        life.0.journal.replace(journal);
        life
    }

    /// How many moments there were.
    pub(super) fn lived(&self) -> u64 {
        self.0.lived.get()
    }

    pub(super) fn is_over(&self) -> bool {
        self.0.over.get()
    }

    /// What the journal holds.
    pub(super) fn journal(&self) -> Vec<u8> {
        self.0.journal.borrow().clone()
    }

    /// Ready when the tab is dead.
    pub(super) async fn death(&self) {
        poll_fn(|_| if self.is_over() { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// One more moment. Whether it is the last, and how.
    pub(super) fn moment(&self) -> Option<Dying> {
        let lived = self.0.lived.get() + 1;
        self.0.lived.set(lived);
        let last = self.0.death.get().filter(|death| death.at == lived);
        self.0.over.set(self.is_over() || last.is_some());
        last.map(|death| death.how)
    }

    /// Keeps what is written, as far as the tab lives.
    pub(super) fn write(&self, line: &[u8]) {
        if self.is_over() {
            return;
        }
        let kept = match self.moment() {
            None | Some(Dying::After) => line,
            Some(Dying::Amidst) => &line[..line.len() / 2],
            Some(Dying::Before) => &[],
        };
        self.0.journal.borrow_mut().extend_from_slice(kept);
    }
}
