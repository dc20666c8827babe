//! What happens to requests on their way: distance, load and faults, as plain data.
//!
//! A [`Weather`] says what is to happen, [`Traffic`] lets it happen to an environment under virtual time. The same
//! seed and the same requests at the same times give the same story.

mod cost;
mod exchange;
mod faults;
mod gateway;
mod limits;
mod operations;
mod script;
mod service;
mod suffering;
#[cfg(test)]
mod tests;
mod text;
mod tokens;
mod traffic;
mod windows;
mod workers;

pub use cost::{Cost, Span};
pub use exchange::{Counters, Exchange};
pub use faults::{Chance, Effect, Fault, Gateway};
pub use limits::{Limits, Throttle};
pub use script::{Rule, Turn};
pub use text::WeatherError;
pub use traffic::Traffic;

use std::time::Duration;

/// How far the service is, what its work takes, what it refuses and what goes wrong. Starts from
/// [`Weather::calm`], where nothing does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weather {
    /// From the client to the service and back.
    pub latency: Duration,
    /// At most so much more for an answer's way back.
    pub jitter: Duration,
    /// Bytes of bodies a second that all requests together can send; any number where none is given.
    pub uplink: Option<u64>,
    /// What requests take.
    pub cost: Cost,
    /// How many requests are carried out at a time, the others wait in line; any number where none is given.
    pub workers: Option<u32>,
    /// The numbers of service protection.
    pub limits: Limits,
    /// Which of those limits refuse requests.
    pub enforced: Vec<Throttle>,
    /// How long a token is accepted after it was first seen; for ever where none is given.
    pub token_life: Option<Duration>,
    /// What goes wrong by chance; at most one of them happens to a request.
    pub chances: Vec<(Fault, Chance)>,
    /// What goes wrong by script. The first rule that speaks of a request decides, before any chance.
    pub rules: Vec<Rule>,
}

/// 20 Mbit/s.
const HOME_UPLINK: u64 = 2_500_000;

impl Weather {
    /// Nothing happens, and nothing takes any time.
    #[must_use]
    pub fn calm() -> Weather {
        Weather {
            latency: Duration::ZERO,
            jitter: Duration::ZERO,
            uplink: None,
            cost: Cost::NOTHING,
            workers: None,
            limits: Limits::PUBLISHED,
            enforced: Vec::new(),
            token_life: None,
            chances: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// A service far away that has work to do and limits: 80 ms, 16 workers, 20 Mbit/s, [`Cost::PPDS`].
    #[must_use]
    pub fn busy() -> Weather {
        let far = Weather::calm().latency(Duration::from_millis(80)).uplink(HOME_UPLINK);
        Throttle::ALL.into_iter().fold(far.cost(Cost::PPDS).workers(16), Weather::enforce)
    }

    /// [`Weather::busy`], and everything goes wrong now and then.
    #[must_use]
    pub fn stormy() -> Weather {
        let slow = Fault::Slow(faults::SLOW);
        let faults = [Fault::Cut, Fault::Lost, Fault::Late(None), slow, Fault::Throttled(Throttle::Requests)];
        let windy = Weather::busy().jitter(Duration::from_millis(200));
        let windy =
            faults.into_iter().fold(windy, |weather, fault| weather.chance(fault, Chance::percent(1)));
        let gateways = Gateway::ALL.into_iter().flat_map(|gateway| {
            [Effect::Nothing, Effect::Done].map(|effect| Fault::Unavailable(gateway, effect))
        });
        gateways.fold(windy, |weather, fault| weather.chance(fault, Chance::per_million(2_500)))
    }

    /// Sets the time from the client to the service and back.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Weather {
        self.latency = latency;
        self
    }

    /// Lets answers come up to so much later.
    #[must_use]
    pub fn jitter(mut self, jitter: Duration) -> Weather {
        self.jitter = jitter;
        self
    }

    /// Sets how many bytes of bodies a second all requests together can send.
    #[must_use]
    pub fn uplink(mut self, bytes_a_second: u64) -> Weather {
        self.uplink = Some(bytes_a_second);
        self
    }

    /// Sets what requests take.
    #[must_use]
    pub fn cost(mut self, cost: Cost) -> Weather {
        self.cost = cost;
        self
    }

    /// Sets how many requests are carried out at a time; at least one.
    #[must_use]
    pub fn workers(mut self, workers: u32) -> Weather {
        self.workers = Some(workers.max(1));
        self
    }

    /// Sets the numbers of service protection; [`Weather::enforce`] says which of them refuse.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Weather {
        self.limits = limits;
        self
    }

    /// Lets one of the limits refuse requests.
    #[must_use]
    pub fn enforce(mut self, throttle: Throttle) -> Weather {
        if !self.enforced.contains(&throttle) {
            self.enforced.push(throttle);
        }
        self
    }

    /// Sets how long a token is accepted after it was first seen.
    #[must_use]
    pub fn token_life(mut self, life: Duration) -> Weather {
        self.token_life = Some(life);
        self
    }

    /// Lets something go wrong by chance; a second chance for the same fault takes the place of the first.
    #[must_use]
    pub fn chance(mut self, fault: Fault, chance: Chance) -> Weather {
        self.chances.retain(|(known, _)| *known != fault);
        self.chances.push((fault, chance));
        self
    }

    /// Lets something go wrong by script.
    #[must_use]
    pub fn rule(mut self, rule: Rule) -> Weather {
        self.rules.push(rule);
        self
    }
}
