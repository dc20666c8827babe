//! The page's wish to stop, as the engines ask for it.

use dataverse::Cancel;
use migration::{Control, Go};
use std::{cell::RefCell, rc::Rc};

/// Shared between the session, which sets it, and the run, which asks.
#[derive(Clone, Default)]
pub(crate) struct StopFlag(Rc<RefCell<Cancel>>);

impl StopFlag {
    /// The next question is answered with "stop", and requests that only wait are given up.
    pub(crate) fn set(&self) {
        self.0.borrow().cancel();
    }

    /// A new run begins: an old wish does not concern it.
    pub(crate) fn clear(&self) {
        self.0.replace(Cancel::default());
    }
}

impl Control for StopFlag {
    fn go(&self) -> Go {
        if self.0.borrow().is_cancelled() { Go::Stop } else { Go::On }
    }

    fn cancel(&self) -> Cancel {
        self.0.borrow().clone()
    }
}
