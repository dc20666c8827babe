//! How many requests are in flight at once: more while more gets done, half when the service complains.
//!
//! The service recommends a number in `x-ms-dop-hint`, which scripts of another origin cannot read. So the
//! number is found by trying.

use std::time::Duration;

/// In flight at the start.
pub(crate) const FIRST: usize = 6;

/// The service refuses more at once (Microsoft's page on service protection limits).
pub(crate) const MOST: usize = 52;

/// In flight more after a round that got more done.
const STEP: usize = 4;

/// A round counts as better from this much more on; less is chance.
const BETTER: f64 = 1.05;

/// After so many rounds without growth it is tried again: the work may have become another.
const ROUNDS_AT_REST: u32 = 8;

/// Rows a request: fewer waste round trips, more let other workers of the service stand idle.
const ROWS: std::ops::RangeInclusive<usize> = 10..=100;

/// Learns from every answer.
#[derive(Debug)]
pub(crate) struct Pace {
    limit: usize,
    round: Round,
    /// The most weight a second that a round brought, since it was last forgotten.
    best: Option<f64>,
    rested: u32,
    halved: Option<Duration>,
}

/// As many answers as are in flight.
#[derive(Debug, Default)]
struct Round {
    began: Duration,
    answers: usize,
    weight: usize,
    /// All places were taken at some time: only then the limit is what held the work back.
    full: bool,
}

impl Pace {
    pub(crate) fn new(now: Duration) -> Pace {
        let round = Round { began: now, ..Round::default() };
        Pace { limit: FIRST, round, best: None, rested: 0, halved: None }
    }

    /// How many requests may be in flight.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// How many of the rows that are left should go into the next request, so that all places get some.
    pub(crate) fn rows_a_request(&self, left: usize) -> usize {
        left.div_ceil(self.limit).clamp(*ROWS.start(), *ROWS.end())
    }

    /// A request went out; now so many are in flight.
    pub(crate) fn started(&mut self, in_flight: usize) {
        self.round.full |= in_flight >= self.limit;
    }

    /// A request that carried so many rows or questions was answered.
    pub(crate) fn answered(&mut self, now: Duration, weight: usize) {
        self.round.answers += 1;
        self.round.weight += weight;
        if self.round.answers >= self.limit {
            let round = std::mem::replace(&mut self.round, Round { began: now, ..Round::default() });
            if round.full {
                self.judge(&round, now);
            }
        }
    }

    /// A request that began at `began` was one too many. Those that were in flight together count once.
    pub(crate) fn throttled(&mut self, began: Duration, now: Duration) {
        if self.halved.is_some_and(|halved| began < halved) {
            return;
        }
        self.limit = (self.limit / 2).max(1);
        self.round = Round { began: now, ..Round::default() };
        (self.best, self.rested, self.halved) = (None, 0, Some(now));
    }

    /// More where the last step paid, back where it did harm.
    fn judge(&mut self, round: &Round, now: Duration) {
        let rate = round.weight.max(1) as f64 / now.saturating_sub(round.began).as_secs_f64();
        match self.best {
            Some(best) if rate * BETTER < best => self.limit = self.limit.saturating_sub(STEP).max(FIRST),
            Some(best) if rate <= best * BETTER => {}
            _ => {
                self.limit = (self.limit + STEP).min(MOST);
                (self.best, self.rested) = (Some(rate), 0);
                return;
            }
        }
        self.rested += 1;
        if self.rested == ROUNDS_AT_REST {
            (self.best, self.rested) = (None, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST, MOST, Pace};
    use std::time::Duration;

    /// A round of answers of a service that does so many at once and takes a second for each.
    fn round(pace: &mut Pace, now: &mut Duration, workers: usize) {
        let limit = pace.limit();
        pace.started(limit);
        *now += Duration::from_secs_f64(limit.div_ceil(workers) as f64);
        (0..limit).for_each(|_| pace.answered(*now, 1));
    }

    #[test]
    fn it_grows_while_more_gets_done_and_then_rests() {
        let (mut pace, mut now) = (Pace::new(Duration::ZERO), Duration::ZERO);
        assert_eq!(pace.limit(), FIRST);
        let mut limits = Vec::new();
        for _ in 0..6 {
            round(&mut pace, &mut now, 14);
            limits.push(pace.limit());
        }
        assert_eq!(
            limits,
            [10, 14, 18, 14, 14, 14],
            "eighteen keep fourteen workers waiting for the last four"
        );
    }

    #[test]
    fn it_never_goes_beyond_what_the_service_allows() {
        let (mut pace, mut now) = (Pace::new(Duration::ZERO), Duration::ZERO);
        (0..40).for_each(|_| round(&mut pace, &mut now, 1000));
        assert_eq!(pace.limit(), MOST);
    }

    #[test]
    fn what_does_not_fill_its_places_says_nothing_about_more() {
        let mut pace = Pace::new(Duration::ZERO);
        for n in 1..100 {
            pace.started(2);
            pace.answered(Duration::from_secs(n), 1);
        }
        assert_eq!(pace.limit(), FIRST);
    }

    #[test]
    fn a_complaint_halves_it_once_for_all_that_were_in_flight_together() {
        let (mut pace, mut now) = (Pace::new(Duration::ZERO), Duration::ZERO);
        (0..3).for_each(|_| round(&mut pace, &mut now, 1000));
        assert_eq!(pace.limit(), 18);
        let (began, refused) = (now, now + Duration::from_secs(1));
        (0..18).for_each(|_| pace.throttled(began, refused));
        assert_eq!(pace.limit(), 9);
        pace.throttled(refused, refused + Duration::from_secs(1));
        assert_eq!(pace.limit(), 4, "those that went out later are a new complaint");
        (0..9).for_each(|n| pace.throttled(refused * (n + 2), refused * (n + 3)));
        assert_eq!(pace.limit(), 1, "one is always allowed");
    }

    #[test]
    fn after_a_rest_growth_is_tried_again() {
        let (mut pace, mut now) = (Pace::new(Duration::ZERO), Duration::ZERO);
        let mut limits = Vec::new();
        for _ in 0..12 {
            round(&mut pace, &mut now, 6);
            limits.push(pace.limit());
        }
        assert_eq!(limits, [10, 6, 6, 6, 6, 6, 6, 6, 6, 10, 6, 6]);
    }

    #[test]
    fn few_rows_are_spread_and_many_are_sent_by_the_hundred() {
        let pace = Pace::new(Duration::ZERO);
        let sizes = [0, 5, 61, 300, 600, 100_000].map(|left| pace.rows_a_request(left));
        assert_eq!(sizes, [10, 10, 11, 50, 100, 100]);
    }
}
