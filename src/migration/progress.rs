//! The thread between a run and whoever watches it: events go out, the wish to stop comes in.

use crate::{Control, Event, Go, Pass, Problem};
use dataverse::Cancel;
use std::collections::BTreeMap;

/// Carried through every step of a run. Advances are gathered and told once a request.
pub(crate) struct Progress<'a> {
    control: &'a dyn Control,
    events: &'a mut dyn FnMut(Event),
    /// Done and failed, since last told.
    gathered: BTreeMap<(Pass, String), (u64, u64)>,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(control: &'a dyn Control, events: &'a mut dyn FnMut(Event)) -> Progress<'a> {
        Progress { control, events, gathered: BTreeMap::new() }
    }

    /// Whether requests that wait should still go out.
    pub(crate) fn cancel(&self) -> Cancel {
        self.control.cancel()
    }

    /// Asked before every request.
    ///
    /// # Errors
    /// The problem that a stopped run ends with.
    pub(crate) fn go_on(&mut self) -> Result<(), Problem> {
        self.tell_gathered();
        match self.control.go() {
            Go::On => Ok(()),
            Go::Stop => Err(Problem::stopped()),
        }
    }

    /// A pass begins. Tables without work are left out of its totals; one that is named twice has the sum, as
    /// a relationship that both its tables declare.
    pub(crate) fn start(&mut self, pass: Pass, named: Vec<(String, u64)>) {
        let mut totals: Vec<(String, u64)> = Vec::new();
        for (table, total) in named.into_iter().filter(|(_, total)| *total > 0) {
            match totals.iter_mut().find(|(known, _)| *known == table) {
                Some((_, sum)) => *sum += total,
                None => totals.push((table, total)),
            }
        }
        self.tell(Event::PassStarted { pass, totals });
    }

    pub(crate) fn advance(&mut self, pass: Pass, table: &str, done: usize, failed: usize) {
        let gathered = self.gathered.entry((pass, table.to_owned())).or_default();
        gathered.0 += done as u64;
        gathered.1 += failed as u64;
    }

    pub(crate) fn finish(&mut self, pass: Pass) {
        self.tell(Event::PassFinished { pass });
    }

    pub(crate) fn tell(&mut self, event: Event) {
        self.tell_gathered();
        (self.events)(event);
    }

    pub(crate) fn tell_gathered(&mut self) {
        for ((pass, table), (done, failed)) in std::mem::take(&mut self.gathered) {
            if done > 0 {
                (self.events)(Event::Advanced { pass, table, done, failed });
            }
        }
    }
}
