//! The thread between a run and whoever watches it: events go out, the wish to stop comes in.

use crate::{Control, Event, Go, Pass, Problem, ProblemKind};

/// Carried through every step of a run.
pub(crate) struct Progress<'a> {
    control: &'a dyn Control,
    events: &'a mut dyn FnMut(Event),
}

impl<'a> Progress<'a> {
    pub(crate) fn new(control: &'a dyn Control, events: &'a mut dyn FnMut(Event)) -> Progress<'a> {
        Progress { control, events }
    }

    /// Asked before every request.
    ///
    /// # Errors
    /// The problem that a stopped run ends with.
    pub(crate) fn go_on(&self) -> Result<(), Problem> {
        match self.control.go() {
            Go::On => Ok(()),
            Go::Stop => Err(Problem::new(
                ProblemKind::NotTried,
                "The run was stopped.",
                "Start again to do the rest: what is already there is found and not written twice.",
            )),
        }
    }

    /// A pass begins; tables without work are left out of its totals.
    pub(crate) fn start(&mut self, pass: Pass, totals: Vec<(String, u64)>) {
        let totals = totals.into_iter().filter(|(_, total)| *total > 0).collect();
        (self.events)(Event::PassStarted { pass, totals });
    }

    pub(crate) fn advance(&mut self, pass: Pass, table: &str, done: usize, failed: usize) {
        if done > 0 {
            let (done, failed) = (done as u64, failed as u64);
            (self.events)(Event::Advanced { pass, table: table.to_owned(), done, failed });
        }
    }

    pub(crate) fn finish(&mut self, pass: Pass) {
        (self.events)(Event::PassFinished { pass });
    }

    pub(crate) fn tell(&mut self, event: Event) {
        (self.events)(event);
    }
}
