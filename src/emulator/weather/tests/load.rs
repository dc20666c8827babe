//! Distance, work and waiting.

use super::*;

#[test]
fn in_calm_weather_everything_is_answered_at_once() {
    let mut traffic = under(Weather::calm());
    let exchange = traffic.send(&create(1), seconds(7));
    assert_eq!((status(&exchange), exchange.ends()), (204, Some(seconds(7))));
    assert_eq!(traffic.counters(), Counters { requests: 1, reached: 1, ..Counters::default() });
}

#[test]
fn an_answer_comes_after_both_ways_and_the_work() {
    let cost = Cost::every(Span::millis(10, 10), Span::millis(25, 25));
    let mut traffic = under(Weather::calm().latency(millis(80)).cost(cost));
    assert_eq!(traffic.send(&create(1), seconds(1)).ends(), Some(millis(1_000 + 80 + 35)));
    assert_eq!(traffic.counters().worked, millis(35));
}

#[test]
fn jitter_only_ever_delays_answers() {
    let mut traffic = under(Weather::calm().latency(millis(80)).jitter(millis(50)));
    let ends: Vec<_> = (0..100).map(|_| traffic.send(&read(), Duration::ZERO).ends().unwrap()).collect();
    assert!(ends.iter().all(|end| (millis(80)..=millis(130)).contains(end)), "{ends:?}");
    assert!(ends.iter().any(|end| *end > millis(120)) && ends.iter().any(|end| *end < millis(90)));
}

#[test]
fn requests_wait_in_line_for_a_worker() {
    let cost = Cost::every(Span::millis(0, 0), Span::millis(1_000, 1_000));
    let mut traffic = under(Weather::calm().cost(cost).workers(2));
    let ends = [1, 2, 3, 4, 5].map(|number| traffic.send(&create(number), Duration::ZERO).ends().unwrap());
    assert_eq!(ends, [1, 1, 2, 2, 3].map(seconds));
}

#[test]
fn bodies_share_the_uplink() {
    let mut traffic = under(Weather::calm().uplink(1_000));
    let large = request("POST", "adx_webpages", &[], &[b' '; 2_000]);
    assert_eq!(traffic.send(&large, Duration::ZERO).ends(), Some(seconds(2)));
    assert_eq!(traffic.send(&large, seconds(1)).ends(), Some(seconds(4)), "it waits for the one before");
    assert_eq!(traffic.send(&read(), seconds(9)).ends(), Some(seconds(9)));
}

#[test]
fn rows_are_written_when_a_worker_takes_the_request() {
    let cost = Cost::every(Span::millis(0, 0), Span::millis(10_000, 10_000));
    let mut traffic = under(Weather::calm().latency(seconds(2)).cost(cost).workers(1));
    traffic.send(&create(1), Duration::ZERO);
    traffic.send(&create(2), Duration::ZERO);
    let (crate::Cell::Instant(first), crate::Cell::Instant(second)) =
        (created_on(&traffic, 1), created_on(&traffic, 2))
    else {
        panic!("createdon is a time")
    };
    assert_eq!(second - first, 10, "the second one waited for the only worker");
}

#[test]
fn a_preflight_takes_the_way_and_no_weather_and_is_no_request() {
    let cut = Rule::every(Fault::Cut);
    let mut traffic = under(at_most(1).latency(millis(80)).cost(Cost::PPDS).rule(cut));
    let mut preflight = read();
    *preflight.method_mut() = Method::OPTIONS;
    for _ in 0..3 {
        let exchange = traffic.send(&preflight, Duration::ZERO);
        assert_eq!((status(&exchange), exchange.ends()), (200, Some(millis(80))));
    }
    assert_eq!(traffic.counters(), Counters::default());
}
