//! The page's wish to stop, as the engines ask for it.

use migration::{Control, Go};
use std::{cell::Cell, rc::Rc};

/// Shared between the session, which sets it, and the run, which asks.
#[derive(Clone, Default)]
pub(crate) struct StopFlag(Rc<Cell<bool>>);

impl StopFlag {
    /// The next question is answered with "stop".
    pub(crate) fn set(&self) {
        self.0.set(true);
    }

    /// A new run begins: an old wish does not concern it.
    pub(crate) fn clear(&self) {
        self.0.set(false);
    }
}

impl Control for StopFlag {
    fn go(&self) -> Go {
        if self.0.get() { Go::Stop } else { Go::On }
    }
}
