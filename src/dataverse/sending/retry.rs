//! What becomes of an answer: it stands, or the request goes out again, and when.

use crate::TransportError;
use http::Response;
use std::time::Duration;

/// A request that the service asks to wait is sent again at most so many times.
const MOST_WAITS: u32 = 10;

/// A request without an answer is sent again at most so many times. Its pauses add up to 63 seconds: longer
/// than a write takes that lands after its connection was cut.
pub(crate) const MOST_REPEATS: u32 = 6;

/// So many times where somebody waits for the outcome: who just typed an address that has never answered, or who
/// stopped a run.
const REPEATS_IN_A_HURRY: u32 = 1;

/// Longer waits are cut: the service names at most the length of its 5-minute window.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Whether a request may be sent again although it may have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It reads, or doing it twice is the same as doing it once.
    Always,
    /// Only an answer that says nothing was carried out allows another try.
    IfRefused,
}

/// How often a request went out, and why again.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tries {
    /// Asked to wait.
    pub(crate) throttled: u32,
    /// Gone without an answer.
    pub(crate) lost: u32,
    /// Somebody waits: an answer that does not come is soon given up.
    pub(crate) hurried: bool,
    /// The token of the last try, by the number of renewals before it.
    pub(crate) token: u32,
    /// That token was not accepted.
    pub(crate) stale: bool,
    /// This request asked for a fresh token and went out with it at once: refusing that one too says that the
    /// sign-in itself is not accepted. After a wait or a loss it is no longer fresh.
    pub(crate) renewed: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing: the answer is the answer.
    Stands,
    /// Nothing ran. Again when the gate is open, which the answer has closed for all ([`throttle`]).
    WhenOpen,
    /// Nothing ran. Again with a fresh token.
    WithFreshToken,
    /// It may have been carried out. Again after this pause.
    AfterLoss(Duration),
}

impl Tries {
    /// Whether another try without an answer is one too many.
    fn is_lost_for_good(&self) -> bool {
        self.lost >= if self.hurried { REPEATS_IN_A_HURRY } else { MOST_REPEATS }
    }
}

/// What an answer, or its lack, asks for.
pub(crate) fn next(
    answer: &Result<Response<Vec<u8>>, TransportError>,
    repeat: Repeat,
    tries: &Tries,
) -> Next {
    match answer {
        // Refused before anything ran, whole batches too.
        Ok(answer) if answer.status() == 429 && tries.throttled < MOST_WAITS => Next::WhenOpen,
        // The token ran out between two requests.
        Ok(answer) if answer.status() == 401 && !tries.renewed => Next::WithFreshToken,
        answer if is_lost(answer) && repeat == Repeat::Always && !tries.is_lost_for_good() => {
            let told = answer.as_ref().ok().and_then(retry_after);
            Next::AfterLoss(told.unwrap_or(growing(tries.lost)))
        }
        _ => Next::Stands,
    }
}

/// How long an answer asks every request to wait, this one and all others. 503 asks only where it says how long.
pub(crate) fn throttle(answer: &Response<Vec<u8>>, tries: &Tries) -> Option<Duration> {
    match answer.status().as_u16() {
        429 => Some(retry_after(answer).unwrap_or(growing(tries.throttled))),
        503 => retry_after(answer),
        _ => None,
    }
}

/// Whether the request may have been carried out although no answer tells. A gateway that gives up
/// (502, 503, 504) does not know what became of the request behind it.
fn is_lost(answer: &Result<Response<Vec<u8>>, TransportError>) -> bool {
    match answer {
        Ok(answer) => matches!(answer.status().as_u16(), 502..=504),
        Err(error) => matches!(error, TransportError::Network { .. } | TransportError::TooLate { .. }),
    }
}

/// `Retry-After` in seconds.
fn retry_after(answer: &Response<Vec<u8>>) -> Option<Duration> {
    let seconds: f64 = answer.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::try_from_secs_f64(seconds).ok()?.min(LONGEST_WAIT))
}

/// 1, 2, 4, 8, 16, 32 seconds.
pub(crate) fn growing(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.min(5))
}

#[cfg(test)]
mod tests {
    use super::{Next, Repeat, Tries, next, throttle};
    use crate::TransportError;
    use http::Response;
    use std::time::Duration;

    fn response(status: u16, retry_after: Option<&str>) -> Result<Response<Vec<u8>>, TransportError> {
        let builder = Response::builder().status(status);
        let builder = retry_after.into_iter().fold(builder, |b, v| b.header("Retry-After", v));
        Ok(builder.body(Vec::new()).unwrap())
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_was_refused_before_it_ran_is_always_sent_again() {
        for (throttled, expected) in [(0, Next::WhenOpen), (9, Next::WhenOpen), (10, Next::Stands)] {
            let tries = Tries { throttled, ..Tries::default() };
            assert_eq!(next(&response(429, Some("7")), Repeat::IfRefused, &tries), expected, "{throttled}");
        }
    }

    #[test]
    fn all_wait_as_long_as_one_was_told() {
        let cases = [
            (429, Some("7"), 3, Some(7)),
            (429, None, 2, Some(4)),
            (429, Some("soon"), 0, Some(1)),
            (429, Some("-1"), 1, Some(2)),
            (429, Some("99999"), 0, Some(300)),
            (503, Some("9"), 0, Some(9)),
            (503, None, 0, None),
            (504, Some("9"), 0, None),
            (200, Some("9"), 0, None),
        ];
        for (status, header, throttled, expected) in cases {
            let tries = Tries { throttled, ..Tries::default() };
            let wait = throttle(&response(status, header).unwrap(), &tries);
            assert_eq!(wait.map(|w| w.as_secs()), expected, "{status} {header:?}");
        }
    }

    #[test]
    fn what_may_have_run_is_sent_again_only_where_that_does_no_harm() {
        let network = || Err(TransportError::Network { host: "h".into() });
        let late = || Err(TransportError::TooLate { host: "h".into(), seconds: 9 });
        let cases = [
            (response(503, Some("2")), Next::AfterLoss(2 * SECOND)),
            (response(502, None), Next::AfterLoss(SECOND)),
            (response(504, None), Next::AfterLoss(SECOND)),
            (network(), Next::AfterLoss(SECOND)),
            (late(), Next::AfterLoss(SECOND)),
        ];
        for (answer, expected) in cases {
            assert_eq!(next(&answer, Repeat::Always, &Tries::default()), expected, "{answer:?}");
            assert_eq!(next(&answer, Repeat::IfRefused, &Tries::default()), Next::Stands, "{answer:?}");
        }
        let often = Tries { lost: 6, ..Tries::default() };
        assert_eq!(next(&network(), Repeat::Always, &often), Next::Stands, "an end must come");
    }

    #[test]
    fn a_token_is_renewed_once() {
        let (first, second) = (Tries::default(), Tries { renewed: true, ..Tries::default() });
        assert_eq!(next(&response(401, None), Repeat::IfRefused, &first), Next::WithFreshToken);
        assert_eq!(next(&response(401, None), Repeat::IfRefused, &second), Next::Stands);
    }

    #[test]
    fn every_other_answer_stands() {
        for status in [200, 204, 400, 403, 404, 412, 413, 500] {
            let answer = response(status, Some("1"));
            assert_eq!(next(&answer, Repeat::Always, &Tries::default()), Next::Stands, "{status}");
        }
        for error in [TransportError::Cancelled, TransportError::NoToken { host: "h".into() }] {
            assert_eq!(next(&Err(error), Repeat::Always, &Tries::default()), Next::Stands);
        }
    }
}
