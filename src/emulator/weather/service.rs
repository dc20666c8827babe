//! What the service does with a request that reached it.

use super::limits::grouped;
use super::traffic::{Sent, Traffic};
use super::windows::Refused;
use http::header::RETRY_AFTER;
use http::{HeaderName, HeaderValue, Request, Response};
use std::time::Duration;

impl Traffic {
    /// The service has the request: refused at the door, or done when a worker was free. When, and the answer.
    pub(super) fn carry_out(&mut self, sent: &Sent<'_>) -> (Duration, Response<Vec<u8>>) {
        let arrival = sent.coming.arrival;
        self.counters.reached += 1;
        if let Some(refusal) = self.tokens.refuse(sent.request, arrival, self.weather.token_life) {
            self.counters.expired += 1;
            return (arrival, self.environment.refuse(&refusal, sent.request));
        }
        let limits = self.weather.limits;
        self.windows.slide(arrival, &limits);
        if let Some(refused) = self.windows.refuse(sent.coming, &limits, &self.weather.enforced) {
            return (arrival, self.throttled(refused, sent.request));
        }
        self.work(sent)
    }

    fn work(&mut self, sent: &Sent<'_>) -> (Duration, Response<Vec<u8>>) {
        let arrival = sent.coming.arrival;
        let cost = self.weather.cost.draw(&sent.operations, &mut self.random);
        let start = self.workers.begin(arrival, cost, self.weather.workers);
        self.let_in_late_ones(start);
        let at = self.since_1970(start);
        let response = self.environment.answer_at(sent.request, at);
        self.windows.add(arrival, start + cost, cost);
        self.counters.worked += cost;
        (start + cost, self.told_what_is_left(response))
    }

    pub(super) fn throttled(&mut self, refused: Refused, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.counters.throttled += 1;
        let refusal = refused.throttle.refusal(&self.weather.limits);
        let mut response = self.environment.refuse(&refusal, request);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(refused.retry_after));
        self.told_what_is_left(response)
    }

    /// Headers that the service sends and no page can read.
    fn told_what_is_left(&self, mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        let (requests, time) = self.windows.left(&self.weather.limits);
        let seconds = format!("{}.{:02}", grouped(u128::from(time.as_secs())), time.subsec_millis() / 10);
        let headers = response.headers_mut();
        let burst = HeaderName::from_static("x-ms-ratelimit-burst-remaining-xrm-requests");
        headers.insert(burst, HeaderValue::from(requests));
        // Digits, commas and a point: always a header's value.
        if let Ok(seconds) = HeaderValue::try_from(seconds) {
            headers.insert(HeaderName::from_static("x-ms-ratelimit-time-remaining-xrm-requests"), seconds);
        }
        response
    }
}
