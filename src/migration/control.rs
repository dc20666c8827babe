//! Stopping is asked, not imposed: a run asks at safe points whether it may go on.

use dataverse::Cancel;

/// Answer to "may I go on?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// Yes.
    On,
    /// No: finish the report with what is done.
    Stop,
}

/// Asked before every request of a run.
pub trait Control {
    /// Whether the run may go on.
    fn go(&self) -> Go;

    /// Ends the waiting of requests that have not gone out when the run is to stop: a service that is busy asks
    /// to wait for minutes. What stands here suits whoever only answers questions.
    fn cancel(&self) -> Cancel {
        Cancel::default()
    }
}
