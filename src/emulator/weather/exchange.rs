//! What a client sees of its request, and what happened to all of them.

use http::Response;
use std::fmt;
use std::time::Duration;

/// What a client sees of its request. Times are since the traffic began.
#[derive(Clone, Debug)]
pub enum Exchange {
    /// An answer.
    Answer {
        /// When its status and headers are there.
        begins: Duration,
        /// When its body is there, too.
        ends: Duration,
        /// The answer.
        response: Response<Vec<u8>>,
    },
    /// The connection is cut, and nothing tells whether the request was carried out.
    Cut {
        /// When.
        at: Duration,
    },
    /// Nothing, ever.
    Silence,
}

/// What happened so far, in requests without preflights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// All that were sent.
    pub requests: u64,
    /// Carried out or refused by the service, whether or not the client saw it; late ones, too.
    pub reached: u64,
    /// Seen as a cut connection.
    pub cut: u64,
    /// Arrived after their connection was cut.
    pub late: u64,
    /// Never answered.
    pub silent: u64,
    /// Answered with a slow body.
    pub slow: u64,
    /// 502, 503 and 504.
    pub unavailable: u64,
    /// 429
    pub throttled: u64,
    /// 401 as the token expired.
    pub expired: u64,
    /// What the service worked, all requests together.
    pub worked: Duration,
}

impl Exchange {
    /// When the client knows all it will ever know; `None` where it waits for ever.
    #[must_use]
    pub fn ends(&self) -> Option<Duration> {
        match self {
            Exchange::Answer { ends, .. } => Some(*ends),
            Exchange::Cut { at } => Some(*at),
            Exchange::Silence => None,
        }
    }

    /// The answer, where one comes.
    #[must_use]
    pub fn response(&self) -> Option<&Response<Vec<u8>>> {
        match self {
            Exchange::Answer { response, .. } => Some(response),
            Exchange::Cut { .. } | Exchange::Silence => None,
        }
    }
}

/// `120 requests, 118 reached the service, 2 cut`: what did not happen is not told.
impl fmt::Display for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} requests, {} reached the service", self.requests, self.reached)?;
        let rest = [
            (self.cut, "cut"),
            (self.late, "late"),
            (self.silent, "never answered"),
            (self.slow, "slow"),
            (self.unavailable, "unavailable"),
            (self.throttled, "throttled"),
            (self.expired, "with an expired token"),
        ];
        rest.into_iter()
            .filter(|(count, _)| *count > 0)
            .try_for_each(|(count, what)| write!(f, ", {count} {what}"))
    }
}
