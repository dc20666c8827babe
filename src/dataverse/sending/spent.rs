//! How much of the service's time was spent lately. It allows 1,200 seconds of work in 300 (Microsoft's page on
//! service protection limits) and refuses everything for a time where that is overdrawn: stopping short of it is
//! quicker than being stopped.

use std::collections::VecDeque;
use std::time::Duration;

/// The service's window.
const WINDOW: Duration = Duration::from_secs(300);

/// What may be spent in it: less than the service allows, since what is in flight will count too.
const BUDGET: Duration = Duration::from_secs(1_000);

/// The way there and back takes no longer: where every answer does, it is work.
const LONGEST_WAY: Duration = Duration::from_millis(300);

/// Learns from every answer.
#[derive(Debug, Default)]
pub(crate) struct Spent {
    /// When each answer of the last window came, and what it took.
    answers: VecDeque<(Duration, Duration)>,
    sum: Duration,
    /// The shortest time an answer took: what the way there and back takes at most.
    way: Option<Duration>,
}

impl Spent {
    /// An answer came that took so long. Brings the time until which nothing should be sent, if the budget is spent.
    pub(crate) fn answered(&mut self, now: Duration, took: Duration) -> Option<Duration> {
        let way = self.way.unwrap_or(LONGEST_WAY).min(took);
        self.way = Some(way);
        let work = took.saturating_sub(way);
        self.answers.push_back((now, work));
        self.sum += work;
        while let Some((_, old)) = self.answers.pop_front_if(|(at, _)| *at + WINDOW <= now) {
            self.sum -= old;
        }
        self.over_until()
    }

    /// When enough of what was spent is out of the window.
    fn over_until(&self) -> Option<Duration> {
        let mut left = self.sum;
        let mut until = None;
        for (at, work) in &self.answers {
            if left <= BUDGET {
                break;
            }
            left -= *work;
            until = Some(*at + WINDOW);
        }
        until
    }
}

#[cfg(test)]
mod tests {
    use super::Spent;
    use std::time::Duration;

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn a_service_that_is_not_kept_busy_is_asked_without_a_pause() {
        let mut spent = Spent::default();
        spent.answered(seconds(0), Duration::ZERO);
        // Three seconds of work a second are 900 in a window.
        for n in 0..3_000 {
            assert_eq!(spent.answered(seconds(n / 3), seconds(1)), None, "{n}");
        }
    }

    #[test]
    fn what_is_overdrawn_waits_until_enough_is_out_of_the_window() {
        let mut spent = Spent::default();
        assert_eq!(spent.answered(seconds(1), Duration::ZERO), None);
        for n in 0..50 {
            assert_eq!(spent.answered(seconds(2 + n), seconds(20)), None, "{n}");
        }
        // 1,000 seconds are spent: one more is too many until the first twenty are gone, 300 seconds after they came.
        assert_eq!(spent.answered(seconds(60), seconds(20)), Some(seconds(302)));
        assert_eq!(spent.answered(seconds(70), seconds(21)), Some(seconds(304)));
        assert_eq!(spent.answered(seconds(400), seconds(1)), None);
    }

    #[test]
    fn the_way_there_and_back_is_no_work() {
        let mut spent = Spent::default();
        for n in 0..10_000 {
            assert_eq!(spent.answered(seconds(n / 100), Duration::from_millis(200)), None, "{n}");
        }
    }
}
