//! What requests take, and models of it that were measured.

use super::operations::Operations;
use crate::random::Random;
use std::time::Duration;

/// A time anywhere between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The shortest.
    pub from: Duration,
    /// The longest.
    pub to: Duration,
}

impl Span {
    /// Between two numbers of milliseconds.
    #[must_use]
    pub const fn millis(from: u64, to: u64) -> Span {
        Span { from: Duration::from_millis(from), to: Duration::from_millis(to) }
    }

    /// Always the same time.
    #[must_use]
    pub const fn always(time: Duration) -> Span {
        Span { from: time, to: time }
    }

    pub(super) fn draw(self, random: &mut Random) -> Duration {
        let width = self.to.saturating_sub(self.from).as_micros();
        self.from
            + Duration::from_micros(random.below(u64::try_from(width).unwrap_or(u64::MAX).saturating_add(1)))
    }
}

/// How long a worker is busy with a request: once for the request, and once for each of its operations, which run
/// one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Each request, whatever it holds.
    pub request: Span,
    /// Each GET, alone or in a batch.
    pub read: Span,
    /// Each other operation, alone or in a batch.
    pub single: Span,
    /// Each row of a `CreateMultiple`, `UpdateMultiple`, `UpsertMultiple` or `DeleteMultiple`.
    pub bulk: Span,
}

impl Cost {
    /// No time at all.
    pub const NOTHING: Cost = Cost::every(Span::millis(0, 0), Span::millis(0, 0));

    /// 5 to 15 ms for every operation, however it comes. Microsoft's own load tests measured 6.5 ms a row within
    /// `CreateMultiple`.
    pub const BRIEF: Cost = Cost::every(Span::millis(10, 15), Span::millis(5, 15));

    /// 35 to 55 ms for an operation, 20 to 30 ms for a row in bulk: what the PPDS SDK's benchmarks measured with
    /// keys (24.8 ms). A read is a fifth of an operation, which nobody published.
    pub const PPDS: Cost = Cost {
        request: Span::millis(10, 15),
        read: Span::millis(7, 11),
        single: Span::millis(35, 55),
        bulk: Span::millis(20, 30),
    };

    /// The same for every operation.
    #[must_use]
    pub const fn every(request: Span, operation: Span) -> Cost {
        Cost { request, read: operation, single: operation, bulk: operation }
    }

    pub(super) fn draw(&self, operations: &Operations, random: &mut Random) -> Duration {
        let mut total = self.request.draw(random);
        for (count, span) in
            [(operations.reads, self.read), (operations.singles, self.single), (operations.bulk, self.bulk)]
        {
            for _ in 0..count {
                total += span.draw(random);
            }
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(cost: Cost, operations: Operations) -> Duration {
        cost.draw(&operations, &mut Random::new(3))
    }

    #[test]
    fn rows_in_bulk_and_operations_one_by_one_cost_what_the_models_say() {
        let hundred_singles = Operations { singles: 100, ..Operations::default() };
        let hundred_in_bulk = Operations { bulk: 100, ..Operations::default() };
        let between = |time: Duration, from, to| {
            assert!((from..=to).contains(&time.as_millis()), "{time:?} is not from {from} to {to} ms");
        };
        between(drawn(Cost::PPDS, hundred_singles.clone()), 4_200, 4_800);
        between(drawn(Cost::PPDS, hundred_in_bulk.clone()), 2_400, 2_650);
        between(drawn(Cost::BRIEF, hundred_singles), 900, 1_120);
        between(drawn(Cost::BRIEF, hundred_in_bulk), 900, 1_120);
    }

    #[test]
    fn nothing_costs_nothing() {
        let much = Operations { reads: 5, singles: 5, bulk: 5, ..Operations::default() };
        assert_eq!(drawn(Cost::NOTHING, much), Duration::ZERO);
    }
}
