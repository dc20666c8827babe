//! Many requests in flight to one environment, under virtual time.

use super::Weather;
use super::cost::Span;
use super::exchange::{Counters, Exchange};
use super::faults;
use super::operations::Operations;
use super::script::Script;
use super::tokens::Tokens;
use super::windows::{Coming, Windows};
use super::workers::Workers;
use crate::environment::Environment;
use crate::random::Random;
use http::{Method, Request, Response};
use std::time::Duration;

/// An environment and the weather between it and its clients.
///
/// Requests take effect in the order in which they are sent, each at the moment a worker takes it; so
/// [`Traffic::send`] can tell at once what its client will see, and when. A late request takes effect when its
/// time has come, before whatever arrives after it.
#[derive(Clone, Debug)]
pub struct Traffic {
    pub(super) environment: Environment,
    pub(super) weather: Weather,
    pub(super) random: Random,
    /// The environment's time when the traffic began, in milliseconds since 1970.
    pub(super) beginning: i64,
    pub(super) now: Duration,
    /// When all that was sent so far is through the uplink.
    pub(super) uplink_free: Duration,
    pub(super) workers: Workers,
    pub(super) windows: Windows,
    pub(super) tokens: Tokens,
    pub(super) script: Script,
    pub(super) late: Vec<(Duration, Request<Vec<u8>>)>,
    pub(super) counters: Counters,
}

/// A request on its way.
pub(super) struct Sent<'a> {
    pub(super) request: &'a Request<Vec<u8>>,
    pub(super) operations: Operations,
    pub(super) coming: Coming,
    pub(super) way_back: Duration,
}

impl Traffic {
    /// Begins at the environment's time with virtual time zero. The seed decides all chances.
    #[must_use]
    pub fn new(environment: Environment, weather: Weather, seed: u64) -> Traffic {
        Traffic {
            beginning: environment.clock.now,
            environment,
            weather,
            random: Random::new(seed),
            now: Duration::ZERO,
            uplink_free: Duration::ZERO,
            workers: Workers::default(),
            windows: Windows::default(),
            tokens: Tokens::default(),
            script: Script::default(),
            late: Vec::new(),
            counters: Counters::default(),
        }
    }

    /// The environment, to look at its rows as they are now; [`Traffic::pass_time`] lets late requests arrive.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The environment, to change it as somebody else would.
    pub fn environment_mut(&mut self) -> &mut Environment {
        &mut self.environment
    }

    /// Gives the environment back. Requests that are still late never arrive.
    #[must_use]
    pub fn into_environment(self) -> Environment {
        self.environment
    }

    /// What happened so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Changes the weather from now on. Its rules begin to count; what was used of the limits stays used.
    pub fn set_weather(&mut self, weather: Weather) {
        self.weather = weather;
        self.script = Script::default();
    }

    /// Lets time pass, and late requests arrive. Time does not go back.
    pub fn pass_time(&mut self, until: Duration) {
        self.now = self.now.max(until);
        self.let_in_late_ones(self.now);
    }

    /// Sends a request now and tells what its client will see. Time does not go back: a request sent earlier than
    /// the one before is sent with it.
    pub fn send(&mut self, request: &Request<Vec<u8>>, now: Duration) -> Exchange {
        self.now = self.now.max(now);
        let sent = self.on_its_way(request);
        self.let_in_late_ones(sent.coming.arrival);
        // Without a token a preflight belongs to no user, and no limit counts it.
        if request.method() == Method::OPTIONS {
            let at = self.since_1970(sent.coming.arrival);
            return sent.answer(sent.coming.arrival, self.environment.answer_at(request, at));
        }
        self.counters.requests += 1;
        let scripted = self.script.fault(&self.weather.rules, &sent.operations, self.now);
        let by_chance = faults::draw(&self.weather.chances, &mut self.random);
        match scripted.or(by_chance) {
            None => {
                let (end, response) = self.carry_out(&sent);
                sent.answer(end, response)
            }
            Some(fault) => self.suffer(fault, &sent),
        }
    }

    fn on_its_way<'a>(&mut self, request: &'a Request<Vec<u8>>) -> Sent<'a> {
        let half = self.weather.latency / 2;
        self.uplink_free = self.uplink_free.max(self.now) + self.time_on_the_uplink(request.body().len());
        let arrival = self.uplink_free + half;
        let way_back = half + Span { from: Duration::ZERO, to: self.weather.jitter }.draw(&mut self.random);
        let coming = Coming { sent: self.now, arrival, told: arrival + way_back };
        Sent { request, operations: Operations::of(request), coming, way_back }
    }

    fn time_on_the_uplink(&self, bytes: usize) -> Duration {
        let micros = |speed: u64| (bytes as u64).saturating_mul(1_000_000) / speed.max(1);
        self.weather.uplink.map_or(Duration::ZERO, |speed| Duration::from_micros(micros(speed)))
    }

    pub(super) fn since_1970(&self, time: Duration) -> i64 {
        self.beginning.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
    }

    /// Carries out what was held on its way until now, in the order of its times. It waits in no line.
    pub(super) fn let_in_late_ones(&mut self, until: Duration) {
        self.late.sort_by_key(|(at, _)| *at);
        let due = self.late.partition_point(|(at, _)| *at <= until);
        for (at, request) in self.late.drain(..due).collect::<Vec<_>>() {
            let at = self.since_1970(at);
            drop(self.environment.answer_at(&request, at));
            self.counters.late += 1;
            self.counters.reached += 1;
        }
    }
}

impl Sent<'_> {
    /// An answer that is ready at that time.
    pub(super) fn answer(&self, end: Duration, response: Response<Vec<u8>>) -> Exchange {
        let at = end + self.way_back;
        Exchange::Answer { begins: at, ends: at, response }
    }
}
