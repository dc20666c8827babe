//! How long much work takes, as it does on paper.

use super::*;

/// How long it takes to send them all, so many in flight, obeying `Retry-After`.
fn time_for(
    traffic: &mut Traffic,
    requests: usize,
    in_flight: usize,
    request: &Request<Vec<u8>>,
) -> Duration {
    let mut free = vec![Duration::ZERO; in_flight];
    let (mut left, mut pause, mut last) = (requests, Duration::ZERO, Duration::ZERO);
    while left > 0 {
        let next = free.iter_mut().min().unwrap();
        let exchange = traffic.send(request, (*next).max(pause));
        *next = exchange.ends().unwrap();
        if status(&exchange) == 429 {
            pause = pause.max(*next + seconds(retry_after(&exchange)));
        } else {
            left -= 1;
            last = last.max(*next);
        }
    }
    last
}

#[test]
fn three_thousand_rows_in_bulk_take_five_to_six_seconds_with_sixteen_workers() {
    let rows = format!("{{\"Targets\":[{}]}}", vec!["{}"; 100].join(","));
    let bulk = request("POST", "adx_webpages/Microsoft.Dynamics.CRM.UpsertMultiple", &[], rows.as_bytes());
    let time = time_for(&mut under(Weather::busy()), 30, 16, &bulk);
    assert!((millis(5_000)..millis(6_000)).contains(&time), "two rounds of 2.5 s each: {time:?}");
}

#[test]
fn five_windows_full_of_requests_take_four_windows_of_waiting() {
    let weather = Weather::busy().limits(Limits { requests: 600, ..Limits::PUBLISHED });
    let mut traffic = under(weather);
    let time = time_for(&mut traffic, 3_000, 16, &read());
    assert!((seconds(1_200)..seconds(1_260)).contains(&time), "{time:?}");
    assert!(traffic.counters().throttled >= 4, "{}", traffic.counters());
}

#[test]
fn in_the_long_run_a_second_holds_four_seconds_of_work() {
    let cost = Cost::every(Span::millis(0, 0), Span::millis(2_500, 2_500));
    let weather = Weather::calm().cost(cost).enforce(Throttle::Execution);
    let time = time_for(&mut under(weather), 4_800, 40, &read());
    // 12,000 s of work in windows of 1,200 s: nine windows of waiting, and a burst at either end.
    assert!((seconds(2_600)..seconds(3_100)).contains(&time), "{time:?}");
}
