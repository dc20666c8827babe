//! What seeds decide.

use super::*;
use crate::Environment;

/// What a stormy day does to 400 requests, as text.
fn story(seed: u64) -> String {
    let mut traffic = Traffic::new(portal(), Weather::stormy(), seed);
    let mut told = String::new();
    for number in 0..400_u64 {
        let request = if number % 3 == 0 { read() } else { create(u8::try_from(number % 250).unwrap()) };
        told += &format!("{:?}\n", traffic.send(&request, millis(number * 300)));
    }
    format!("{told}{:?}", traffic.counters())
}

#[test]
fn the_same_seed_tells_the_same_story_and_another_tells_another() {
    assert_eq!(story(1), story(1));
    assert_ne!(story(1), story(2));
}

#[test]
fn a_storm_has_everything_in_it() {
    let mut traffic = Traffic::new(portal(), Weather::stormy(), 5);
    let mut now = Duration::ZERO;
    for _ in 0..2_000 {
        let exchange = traffic.send(&read(), now);
        let throttled = exchange.response().is_some_and(|response| response.status() == 429);
        now += if throttled { seconds(retry_after(&exchange)) + millis(300) } else { millis(300) };
    }
    let counters = traffic.counters();
    assert!(counters.cut > 0 && counters.late > 0 && counters.slow > 0 && counters.unavailable > 0);
    assert!(counters.throttled > 0 && counters.reached > 1_500, "{counters}");
}

#[test]
fn new_weather_comes_at_once_and_the_environment_stays() {
    let mut traffic = under(Weather::calm().rule(Rule::from_number(1, Fault::Cut)));
    assert!(matches!(traffic.send(&create(1), Duration::ZERO), Exchange::Cut { .. }));
    traffic.set_weather(Weather::calm());
    assert_eq!(status(&traffic.send(&create(1), seconds(1))), 204);
    assert_eq!(traffic.counters().to_string(), "2 requests, 1 reached the service, 1 cut");
    let environment: Environment = traffic.into_environment();
    assert_eq!(environment.count("adx_webpage"), 1);
}
