//! What can go wrong, and how often.

use super::limits::Throttle;
use crate::random::Random;
use std::time::Duration;

/// Something that happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is cut before the service took the request: nothing happened.
    Cut,
    /// The request is carried out, and the connection is cut before its answer came.
    Lost,
    /// The connection is cut, and the request arrives all the same, so much later; at any time within
    /// [`LATEST`] where none is given.
    Late(Option<Duration>),
    /// No answer ever comes.
    Silent(Effect),
    /// Something between client and service answers in the service's place.
    Unavailable(Gateway, Effect),
    /// One of the limits refuses the request, although it was not reached.
    Throttled(Throttle),
    /// The answer's body takes so long.
    Slow(Duration),
    /// The request's token is not accepted any more, from this request on.
    TokenExpired,
}

/// Whether the request is carried out all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing happened.
    Nothing,
    /// It happened.
    Done,
}

/// What answers in the service's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// 502
    BadGateway,
    /// 503
    ServiceUnavailable,
    /// 504
    GatewayTimeout,
}

/// A late request arrives within this time.
pub(super) const LATEST: Duration = Duration::from_secs(60);

/// How long a slow body takes where nothing else is said.
pub(super) const SLOW: Duration = Duration::from_secs(10);

impl Gateway {
    /// All three.
    pub const ALL: [Gateway; 3] = [Gateway::BadGateway, Gateway::ServiceUnavailable, Gateway::GatewayTimeout];

    /// The status and its name.
    pub(super) fn status(self) -> (u16, &'static str) {
        match self {
            Gateway::BadGateway => (502, "Bad Gateway"),
            Gateway::ServiceUnavailable => (503, "Service Unavailable"),
            Gateway::GatewayTimeout => (504, "Gateway Timeout"),
        }
    }
}

/// How often something happens, in parts of a million requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance(u32);

const ALWAYS: u32 = 1_000_000;

impl Chance {
    /// So many of a hundred requests; more than all are all.
    #[must_use]
    pub const fn percent(requests: u32) -> Chance {
        Chance::per_million(requests.saturating_mul(10_000))
    }

    /// So many of a million requests; more than all are all.
    #[must_use]
    pub const fn per_million(requests: u32) -> Chance {
        Chance(if requests > ALWAYS { ALWAYS } else { requests })
    }

    /// Whether some of them can never be met, as only one thing happens to a request.
    pub(super) fn are_more_than_all(chances: &[(Fault, Chance)]) -> bool {
        chances.iter().map(|(_, chance)| u64::from(chance.0)).sum::<u64>() > u64::from(ALWAYS)
    }
}

/// At most one of the faults: one throw decides, so that a chance is what it says whatever else may happen.
pub(super) fn draw(chances: &[(Fault, Chance)], random: &mut Random) -> Option<Fault> {
    let mut left = random.below(u64::from(ALWAYS));
    for (fault, chance) in chances {
        match left.checked_sub(u64::from(chance.0)) {
            None => return Some(*fault),
            Some(rest) => left = rest,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_met_and_only_one_thing_happens_at_a_time() {
        let chances = [(Fault::Cut, Chance::percent(2)), (Fault::Lost, Chance::per_million(500_000))];
        let mut random = Random::new(11);
        let drawn: Vec<_> = (0..100_000).map(|_| draw(&chances, &mut random)).collect();
        let count = |fault| drawn.iter().filter(|drawn| **drawn == Some(fault)).count();
        assert!((1_800..2_200).contains(&count(Fault::Cut)), "{}", count(Fault::Cut));
        assert!((49_000..51_000).contains(&count(Fault::Lost)), "{}", count(Fault::Lost));
    }

    #[test]
    fn a_hundred_percent_is_always_and_none_is_never() {
        let mut random = Random::new(11);
        for _ in 0..1000 {
            assert_eq!(draw(&[(Fault::Cut, Chance::percent(100))], &mut random), Some(Fault::Cut));
            assert_eq!(draw(&[(Fault::Cut, Chance::percent(0))], &mut random), None);
        }
    }
}
