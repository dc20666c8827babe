//! What goes wrong, done to a request.

use super::cost::Span;
use super::exchange::Exchange;
use super::faults::{Effect, Fault, LATEST};
use super::gateway;
use super::limits::Throttle;
use super::traffic::{Sent, Traffic};
use std::time::Duration;

impl Traffic {
    /// Lets something go wrong with a request.
    pub(super) fn suffer(&mut self, fault: Fault, sent: &Sent<'_>) -> Exchange {
        let arrival = sent.coming.arrival;
        match fault {
            Fault::Cut => self.cut(arrival),
            Fault::Lost => {
                let (end, _) = self.carry_out(sent);
                self.cut(end + sent.way_back)
            }
            Fault::Late(delay) => {
                let delay =
                    delay.unwrap_or_else(|| Span { from: Duration::ZERO, to: LATEST }.draw(&mut self.random));
                self.late.push((arrival.saturating_add(delay), sent.request.clone()));
                self.cut(arrival)
            }
            Fault::Silent(effect) => {
                self.carry_out_if(effect, sent);
                self.counters.silent += 1;
                Exchange::Silence
            }
            Fault::Unavailable(gateway, effect) => {
                let end = self.carry_out_if(effect, sent);
                self.counters.unavailable += 1;
                sent.answer(end, gateway::answer(gateway).into_response())
            }
            Fault::Throttled(throttle) => {
                let pause = self.some_pause(throttle);
                let refused = self.windows.begin(throttle, pause, sent.coming);
                sent.answer(arrival, self.throttled(refused, sent.request))
            }
            Fault::Slow(time) => {
                let (end, response) = self.carry_out(sent);
                self.counters.slow += 1;
                let begins = end + sent.way_back;
                Exchange::Answer { begins, ends: begins.saturating_add(time), response }
            }
            Fault::TokenExpired => {
                self.tokens.expire(sent.request);
                let (end, response) = self.carry_out(sent);
                sent.answer(end, response)
            }
        }
    }

    fn cut(&mut self, at: Duration) -> Exchange {
        self.counters.cut += 1;
        Exchange::Cut { at }
    }

    /// Clients of the service report pauses of up to half a minute.
    fn some_pause(&mut self, throttle: Throttle) -> Duration {
        match throttle {
            Throttle::Concurrency => Duration::from_secs(1),
            _ => Span::millis(1_000, 30_000).draw(&mut self.random),
        }
    }

    /// When it was done, or came.
    fn carry_out_if(&mut self, effect: Effect, sent: &Sent<'_>) -> Duration {
        match effect {
            Effect::Nothing => sent.coming.arrival,
            Effect::Done => self.carry_out(sent).0,
        }
    }
}
