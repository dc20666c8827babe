//! Service protection: the three limits, their codes and texts as Microsoft's page on API limits has them.

use crate::error::Refusal;
use std::time::Duration;

/// Numbers that hold for a user, in a window that slides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests in a window; a batch is one.
    pub requests: u32,
    /// Time of all requests together in a window; that of a batch's requests, too.
    pub execution: Duration,
    /// Requests at one time.
    pub concurrent: u32,
    /// The window's length.
    pub window: Duration,
}

/// One of the three limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// The number of requests in a window.
    Requests,
    /// The time of requests in a window.
    Execution,
    /// The number of requests at one time.
    Concurrency,
}

impl Limits {
    /// 6,000 requests and 1,200 s of work in 300 s, 52 requests at a time. Environments of 2026 allow 8,000.
    pub const PUBLISHED: Limits = Limits {
        requests: 6_000,
        execution: Duration::from_secs(1_200),
        concurrent: 52,
        window: Duration::from_secs(300),
    };
}

impl Throttle {
    /// All three.
    pub const ALL: [Throttle; 3] = [Throttle::Requests, Throttle::Execution, Throttle::Concurrency];

    pub(super) fn refusal(self, limits: &Limits) -> Refusal {
        let (seconds, requests, concurrent) = (limits.window.as_secs(), limits.requests, limits.concurrent);
        match self {
            Throttle::Requests => Refusal::new(
                429,
                "0x80072322",
                format!(
                    "Number of requests exceeded the limit of {requests} over time window of {seconds} seconds."
                ),
            ),
            Throttle::Execution => Refusal::new(
                429,
                "0x80072321",
                format!(
                    "Combined execution time of incoming requests exceeded limit of {} milliseconds over time window \
                     of {seconds} seconds. Decrease number of concurrent requests or reduce the duration of requests \
                     and try again later.",
                    grouped(limits.execution.as_millis())
                ),
            ),
            Throttle::Concurrency => Refusal::new(
                429,
                "0x80072326",
                format!("Number of concurrent requests exceeded the limit of {concurrent}."),
            ),
        }
    }
}

/// `1,200,000`
pub(super) fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let grouped = [0, 999, 1_192, 1_200_000].map(grouped);
        assert_eq!(grouped, ["0", "999", "1,192", "1,200,000"]);
    }
}
