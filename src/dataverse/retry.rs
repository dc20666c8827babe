//! When and how long to wait before a request is sent again.

use http::Response;
use std::time::Duration;

/// A request is sent again at most so many times.
const MOST_RETRIES: u32 = 5;

/// Longer waits are cut: the service names at most the length of its 5-minute window.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Whether a second sending can do harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It only reads.
    Harmless,
    /// It writes: only an answer that says nothing was carried out allows another try.
    IfRefused,
}

/// How long to wait before sending again; `None`: the answer stands. `tries` have been made so far.
pub(crate) fn wait_before_retry(
    response: &Response<Vec<u8>>,
    repeat: Repeat,
    tries: u32,
) -> Option<Duration> {
    let again = match response.status().as_u16() {
        // Refused before anything ran, whole batches too.
        429 => true,
        // The gateway may have lost the answer of a request that was carried out.
        502..=504 => repeat == Repeat::Harmless,
        _ => false,
    };
    (again && tries <= MOST_RETRIES)
        .then(|| retry_after(response).unwrap_or(growing(tries)).min(LONGEST_WAIT))
}

/// `Retry-After` in seconds.
fn retry_after(response: &Response<Vec<u8>>) -> Option<Duration> {
    let seconds: f64 =
        response.headers().get(http::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// 1, 2, 4, 8, 16 seconds.
fn growing(tries: u32) -> Duration {
    Duration::from_secs(1 << tries.saturating_sub(1).min(8))
}

#[cfg(test)]
mod tests {
    use super::{Repeat, wait_before_retry};
    use http::Response;
    use std::time::Duration;

    fn response(status: u16, retry_after: Option<&str>) -> Response<Vec<u8>> {
        let builder = Response::builder().status(status);
        let builder = retry_after.into_iter().fold(builder, |b, v| b.header("Retry-After", v));
        builder.body(Vec::new()).unwrap()
    }

    #[test]
    fn only_what_can_do_no_harm_is_sent_again() {
        let seconds = |n| Some(Duration::from_secs(n));
        let cases = [
            (429, Some("7"), Repeat::IfRefused, 1, seconds(7)),
            (429, Some("7"), Repeat::IfRefused, 5, seconds(7)),
            (429, Some("7"), Repeat::IfRefused, 6, None),
            (429, None, Repeat::Harmless, 3, seconds(4)),
            (429, Some("soon"), Repeat::Harmless, 1, seconds(1)),
            (429, Some("-1"), Repeat::Harmless, 2, seconds(2)),
            (429, Some("99999"), Repeat::Harmless, 1, seconds(300)),
            (503, Some("2"), Repeat::Harmless, 1, seconds(2)),
            (503, Some("2"), Repeat::IfRefused, 1, None),
            (504, None, Repeat::IfRefused, 1, None),
            (500, Some("1"), Repeat::Harmless, 1, None),
            (200, Some("1"), Repeat::Harmless, 1, None),
        ];
        for (status, header, repeat, tries, expected) in cases {
            let wait = wait_before_retry(&response(status, header), repeat, tries);
            assert_eq!(wait, expected, "{status} {header:?} {repeat:?} {tries}");
        }
    }
}
