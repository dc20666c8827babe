//! The weather of a seed: what may go wrong with any of its requests, and outages that end a run.

use super::dice::Dice;
use dataverse_emulator::{Chance, Effect, Fault, Gateway, Rule, Throttle, Weather};
use std::time::Duration;

/// Weather in which every request may meet something, and sometimes nothing goes at all for a while.
pub(super) fn draw(dice: &mut Dice) -> Weather {
    let mut weather = if dice.chance(50) { Weather::calm() } else { Weather::busy() };
    weather = weather.jitter(Duration::from_millis(dice.below(300)));
    for fault in faults(dice) {
        if dice.chance(50) {
            weather = weather.chance(fault, Chance::percent(1 + u32::try_from(dice.below(5)).unwrap_or(0)));
        }
    }
    if dice.chance(30) {
        weather = weather.token_life(Duration::from_secs(dice.between(5, 100)));
    }
    if dice.chance(20) { weather.rule(outage(dice)) } else { weather }
}

fn faults(dice: &mut Dice) -> Vec<Fault> {
    let gateway = |effect| Fault::Unavailable(Gateway::ServiceUnavailable, effect);
    let mut faults = vec![
        Fault::Cut,
        Fault::Lost,
        Fault::Late(None),
        Fault::Silent(Effect::Nothing),
        Fault::Silent(Effect::Done),
        gateway(Effect::Nothing),
        gateway(Effect::Done),
        Fault::Unavailable(Gateway::BadGateway, Effect::Done),
        Fault::Unavailable(Gateway::GatewayTimeout, Effect::Done),
        Fault::Slow(Duration::from_secs(10)),
        Fault::TokenExpired,
    ];
    faults.push(Fault::Throttled(*dice.pick(&Throttle::ALL)));
    faults
}

/// Nothing arrives, nobody is let in, or nothing is answered, for seconds or minutes.
fn outage(dice: &mut Dice) -> Rule {
    let fault = *dice.pick(&[Fault::Cut, Fault::TokenExpired, Fault::Lost]);
    let from = Duration::from_millis(dice.below(8_000));
    Rule::every(fault).from(from).until(from + Duration::from_secs(dice.between(10, 200)))
}
