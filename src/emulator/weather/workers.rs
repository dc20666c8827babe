//! Who does the work, and who waits in line: first come, first served.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// When each worker is free again.
#[derive(Clone, Debug, Default)]
pub(super) struct Workers {
    busy: BinaryHeap<Reverse<Duration>>,
}

impl Workers {
    /// When a request begins that comes now and takes so long. Who came before has begun before.
    pub(super) fn begin(&mut self, arrival: Duration, cost: Duration, workers: Option<u32>) -> Duration {
        let Some(workers) = workers else { return arrival };
        let mut start = arrival;
        while self.busy.len() >= workers as usize {
            let Some(Reverse(free)) = self.busy.pop() else { break };
            start = start.max(free);
        }
        self.busy.push(Reverse(start + cost));
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_workers_take_four_requests_in_two_rounds() {
        let mut workers = Workers::default();
        let second = Duration::from_secs(1);
        let starts = [0, 0, 0, 0].map(|_| workers.begin(Duration::ZERO, second, Some(2)).as_secs());
        assert_eq!(starts, [0, 0, 1, 1]);
        assert_eq!(workers.begin(Duration::from_secs(9), second, Some(2)).as_secs(), 9, "all are free again");
    }

    #[test]
    fn without_a_number_nobody_waits() {
        let mut workers = Workers::default();
        let starts =
            [5, 5, 5].map(|now| workers.begin(Duration::from_secs(now), Duration::from_secs(60), None));
        assert_eq!(starts, [Duration::from_secs(5); 3]);
    }
}
