//! A run as it goes on: the fold of the engine's progress events.

use migration::{Counts, Event, Pass, WaitReason};

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Progress {
    /// When it started, in milliseconds since 1970.
    pub(crate) started: f64,
    /// In the order they started.
    pub(crate) passes: Vec<PassProgress>,
    /// Nothing is sent for so many seconds; `None` once something moved again.
    pub(crate) waiting: Option<(WaitReason, u64)>,
    /// Records by fate, as far as the run told.
    pub(crate) counts: Option<Counts>,
    /// The user asked to stop.
    pub(crate) stopping: bool,
    /// The user asked to pause, and has not let it go on since.
    pub(crate) pausing: Option<Pausing>,
}

/// How far a pause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pausing {
    /// Requests are still under way.
    Wished,
    /// Nothing is under way any more.
    Stands,
}

/// How far a pass is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PassProgress {
    pub(crate) pass: Pass,
    /// When it started, in milliseconds since 1970.
    pub(crate) started: f64,
    pub(crate) tables: Vec<TableProgress>,
    pub(crate) finished: bool,
}

/// How far a pass is in one table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TableProgress {
    /// Logical name, or the intersect table of links.
    pub(crate) table: String,
    pub(crate) total: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
}

impl Progress {
    /// A run that starts now.
    pub(crate) fn started(now: f64) -> Progress {
        Progress { started: now, ..Progress::default() }
    }

    /// Takes in what the run tells.
    pub(crate) fn told(&mut self, event: Event, now: f64) {
        match event {
            Event::PassStarted { pass, totals } => self.passes.push(PassProgress::started(pass, totals, now)),
            Event::Advanced { pass, table, done, failed } => {
                self.waiting = None;
                self.pass(pass, now).advance(table, done, failed);
            }
            Event::PassFinished { pass } => self.pass(pass, now).finished = true,
            Event::Waiting { reason, seconds } => self.waiting = Some((reason, seconds)),
            Event::Counted { counts } => self.counts = Some(counts),
        }
    }

    /// Nothing is under way any more; a pause that ended meanwhile does not stand.
    pub(crate) fn stands(&mut self) {
        self.pausing = self.pausing.map(|_| Pausing::Stands);
    }

    /// The pass under way: the last that is not over.
    pub(crate) fn current(&self) -> Option<&PassProgress> {
        self.passes.iter().rev().find(|pass| !pass.finished)
    }

    /// A run may advance a pass it never announced; it is shown all the same.
    fn pass(&mut self, pass: Pass, now: f64) -> &mut PassProgress {
        let at = self.passes.iter().rposition(|known| known.pass == pass).unwrap_or_else(|| {
            self.passes.push(PassProgress::started(pass, Vec::new(), now));
            self.passes.len() - 1
        });
        &mut self.passes[at]
    }
}

impl PassProgress {
    fn started(pass: Pass, totals: Vec<(String, u64)>, now: f64) -> PassProgress {
        let tables =
            totals.into_iter().map(|(table, total)| TableProgress { table, total, done: 0, failed: 0 });
        PassProgress { pass, started: now, tables: tables.collect(), finished: false }
    }

    fn advance(&mut self, table: String, done: u64, failed: u64) {
        match self.tables.iter_mut().find(|known| known.table == table) {
            Some(known) => {
                known.done += done;
                known.failed += failed;
                known.total = known.total.max(known.done);
            }
            None => self.tables.push(TableProgress { table, total: done, done, failed }),
        }
    }

    /// Rows or links that are through.
    pub(crate) fn done(&self) -> u64 {
        self.tables.iter().map(|table| table.done).sum()
    }

    /// Rows or links the pass handles.
    pub(crate) fn total(&self) -> u64 {
        self.tables.iter().map(|table| table.total).sum()
    }

    /// Rows or links that failed.
    pub(crate) fn failed(&self) -> u64 {
        self.tables.iter().map(|table| table.failed).sum()
    }

    /// Whole percent, 0 to 100.
    pub(crate) fn percent(&self) -> u64 {
        if self.finished {
            return 100;
        }
        (self.done() * 100).checked_div(self.total()).unwrap_or(0)
    }

    /// Seconds that are left at the pace so far; `None` while there is too little to tell.
    pub(crate) fn seconds_left(&self, now: f64) -> Option<u64> {
        let (done, elapsed) = (self.done(), (now - self.started) / 1000.0);
        if self.finished || done == 0 || elapsed < 3.0 {
            return None;
        }
        let left = self.total().saturating_sub(done);
        // Rows are few enough for a float, and the answer is only a guess.
        Some((elapsed / done as f64 * left as f64).ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advanced(table: &str, done: u64, failed: u64) -> Event {
        Event::Advanced { pass: Pass::Write, table: table.into(), done, failed }
    }

    fn writing() -> Progress {
        let mut progress = Progress::started(0.0);
        let totals = vec![("adx_website".into(), 1), ("adx_webpage".into(), 9)];
        progress.told(Event::PassStarted { pass: Pass::Write, totals }, 0.0);
        progress
    }

    #[test]
    fn advances_add_up_per_table_and_per_pass() {
        let mut progress = writing();
        progress.told(advanced("adx_webpage", 3, 1), 1.0);
        progress.told(advanced("adx_webpage", 2, 0), 2.0);
        let pass = progress.current().unwrap();
        assert_eq!((pass.done(), pass.total(), pass.failed(), pass.percent()), (5, 10, 1, 50));
        assert_eq!(
            pass.tables[1],
            TableProgress { table: "adx_webpage".into(), total: 9, done: 5, failed: 1 }
        );
    }

    #[test]
    fn a_finished_pass_is_whole_and_no_longer_current() {
        let mut progress = writing();
        progress.told(Event::PassFinished { pass: Pass::Write }, 1.0);
        assert_eq!(progress.passes[0].percent(), 100);
        assert_eq!(progress.current(), None);
    }

    #[test]
    fn a_pass_without_rows_is_no_division_by_zero() {
        let mut progress = Progress::started(0.0);
        progress.told(Event::PassStarted { pass: Pass::Links, totals: Vec::new() }, 0.0);
        assert_eq!(progress.current().unwrap().percent(), 0);
    }

    #[test]
    fn what_was_never_announced_is_shown_all_the_same() {
        let mut progress = Progress::started(0.0);
        progress.told(advanced("annotation", 4, 0), 0.0);
        assert_eq!(progress.current().unwrap().total(), 4);
    }

    #[test]
    fn waiting_ends_when_something_moves() {
        let mut progress = writing();
        progress.told(Event::Waiting { reason: WaitReason::NoAnswer, seconds: 12 }, 0.0);
        assert_eq!(progress.waiting, Some((WaitReason::NoAnswer, 12)));
        progress.told(advanced("adx_webpage", 1, 0), 0.0);
        assert_eq!(progress.waiting, None);
    }

    #[test]
    fn the_time_left_follows_the_pace_and_is_not_guessed_too_early() {
        let mut progress = writing();
        progress.told(advanced("adx_webpage", 5, 0), 1_000.0);
        assert_eq!(progress.current().unwrap().seconds_left(1_000.0), None);
        assert_eq!(progress.current().unwrap().seconds_left(10_000.0), Some(10));
    }
}
