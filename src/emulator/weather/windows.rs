//! What was used of the limits, and how long whoever used too much must wait.

use super::limits::{Limits, Throttle};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

/// The requests of the last window, and those that still run.
#[derive(Clone, Debug, Default)]
pub(super) struct Windows {
    /// When each request came.
    arrivals: VecDeque<Duration>,
    /// (end, cost) of what is waiting or running.
    running: BinaryHeap<Reverse<(Duration, Duration)>>,
    /// (end, cost) of what ended within the window, in order.
    ended: VecDeque<(Duration, Duration)>,
    /// The cost of all that ended within the window.
    spent: Duration,
    pause: Option<Pause>,
}

/// Nothing is accepted for a time.
#[derive(Clone, Copy, Debug)]
struct Pause {
    throttle: Throttle,
    /// When the client was told.
    told: Duration,
    until: Duration,
    /// What it was told to wait.
    wait: Duration,
}

/// A request that may come, and when it and its answer are where.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coming {
    pub(super) sent: Duration,
    pub(super) arrival: Duration,
    /// When a refusal would be with the client.
    pub(super) told: Duration,
}

/// A refusal, and after how many seconds to come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) throttle: Throttle,
    pub(super) retry_after: u64,
}

const SECOND: Duration = Duration::from_secs(1);

impl Windows {
    /// Counts a request that is carried out.
    pub(super) fn add(&mut self, arrival: Duration, end: Duration, cost: Duration) {
        self.arrivals.push_back(arrival);
        self.running.push(Reverse((end, cost)));
    }

    /// What of the limits is left: requests, and time.
    pub(super) fn left(&self, limits: &Limits) -> (u32, Duration) {
        let used = u32::try_from(self.arrivals.len()).unwrap_or(u32::MAX);
        (limits.requests.saturating_sub(used), limits.execution.saturating_sub(self.spent))
    }

    /// Forgets what lies behind the window, and sees what ended.
    pub(super) fn slide(&mut self, now: Duration, limits: &Limits) {
        while let Some(Reverse((end, cost))) =
            self.running.peek().copied().filter(|Reverse((end, _))| *end <= now)
        {
            self.running.pop();
            self.ended.push_back((end, cost));
            self.spent += cost;
        }
        while let Some((_, cost)) = self.ended.pop_front_if(|(end, _)| *end + limits.window <= now) {
            self.spent -= cost;
        }
        while self.arrivals.pop_front_if(|arrival| *arrival + limits.window <= now).is_some() {}
    }

    /// Whether a limit refuses the request. Who comes again before the time he was told waits longer.
    pub(super) fn refuse(
        &mut self,
        coming: Coming,
        limits: &Limits,
        enforced: &[Throttle],
    ) -> Option<Refused> {
        if let Some(pause) = self.pause.filter(|pause| coming.arrival < pause.until) {
            return Some(self.still_paused(pause, coming, limits));
        }
        self.pause = None;
        let (throttle, wait) = enforced
            .iter()
            .filter_map(|throttle| Some((*throttle, self.wait(*throttle, coming.arrival, limits)?)))
            .max_by_key(|(_, wait)| *wait)?;
        Some(self.begin(throttle, wait, coming))
    }

    /// Refuses for a time, whatever was used.
    pub(super) fn begin(&mut self, throttle: Throttle, wait: Duration, coming: Coming) -> Refused {
        let retry_after = whole_seconds(wait);
        let wait = SECOND * u32::try_from(retry_after).unwrap_or(u32::MAX);
        // Too many at a time is over as soon as one of them ends; nobody else has to wait.
        if throttle != Throttle::Concurrency {
            let until = coming.arrival + wait;
            self.pause = Some(Pause { throttle, told: coming.told, until, wait });
        }
        Refused { throttle, retry_after }
    }

    /// Microsoft's page says that the time grows for who goes on sending, not how: here by what he was told to wait,
    /// up to a window. A request that was on its way when he was told is no such sending.
    fn still_paused(&mut self, mut pause: Pause, coming: Coming, limits: &Limits) -> Refused {
        if coming.sent >= pause.told {
            pause.until = (pause.until + pause.wait).min(coming.arrival + limits.window);
            self.pause = Some(pause);
        }
        Refused { throttle: pause.throttle, retry_after: whole_seconds(pause.until - coming.arrival) }
    }

    /// How long until the limit allows one more; `None` where it does now.
    fn wait(&self, throttle: Throttle, now: Duration, limits: &Limits) -> Option<Duration> {
        match throttle {
            Throttle::Requests => {
                let over = (self.arrivals.len() + 1).checked_sub(limits.requests as usize)?.checked_sub(1)?;
                Some(self.arrivals.get(over).map_or(limits.window, |arrival| *arrival + limits.window - now))
            }
            Throttle::Execution => {
                let mut over = self.spent.checked_sub(limits.execution).filter(|over| !over.is_zero())?;
                let freeing = self.ended.iter().find(|(_, cost)| {
                    over = over.saturating_sub(*cost);
                    over.is_zero()
                });
                Some(freeing.map_or(limits.window, |(end, _)| *end + limits.window - now))
            }
            Throttle::Concurrency => {
                let full = self.running.len() >= limits.concurrent as usize;
                full.then(|| self.running.peek().map_or(SECOND, |Reverse((end, _))| *end - now))
            }
        }
    }
}

/// The header has whole seconds, and at least one.
fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}
