//! What a run's folder is called: the time it began, so that one without a head has an age too, and chance.

use crate::clock::utc_milliseconds;
use crate::protocol::RunId;

/// Runs are deleted when nothing was written for so many days.
const KEPT_FOR_DAYS: u64 = 30;
const MILLISECONDS_A_DAY: u64 = 24 * 60 * 60 * 1000;

/// The name of a run that begins now.
#[must_use]
pub fn new_run() -> RunId {
    named(utc_milliseconds(), js_sys::Math::random())
}

/// `now`: milliseconds since 1970; `chance`: 0 to 1.
fn named(now: u64, chance: f64) -> RunId {
    RunId(format!("{now:013}-{:08x}", (chance * f64::from(u32::MAX)) as u32))
}

/// When a run began, as its name says.
pub(super) fn started(run: &RunId) -> Option<u64> {
    run.0.split_once('-')?.0.parse().ok()
}

/// Whether what was written last at `last` is no longer to be kept.
#[must_use]
pub fn is_old(last: u64, now: u64) -> bool {
    now.saturating_sub(last) > KEPT_FOR_DAYS * MILLISECONDS_A_DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_when_the_run_began_and_later_runs_stand_later() {
        let (first, second) = (named(999_999_999_999, 0.9), named(1_700_000_000_000, 0.1));
        assert_eq!(started(&first), Some(999_999_999_999));
        assert!(first.0 < second.0);
        assert_ne!(named(5, 0.25), named(5, 0.5));
    }

    #[test]
    fn what_is_no_name_of_a_run_has_no_age() {
        assert_eq!(started(&RunId("something".into())), None);
    }

    #[test]
    fn a_run_is_kept_for_thirty_days() {
        let day = MILLISECONDS_A_DAY;
        assert!(!is_old(0, 30 * day));
        assert!(is_old(0, 30 * day + 1));
        assert!(!is_old(day, 0), "a clock that was set back makes nothing old");
    }
}
