//! Stopping is asked, not imposed: a run asks at safe points whether it may go on.

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
}
