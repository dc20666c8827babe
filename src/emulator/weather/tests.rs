//! Stories of requests under weather.

use super::*;
use crate::Environment;
use crate::testing::{page, portal, request};
use http::{Method, Request, Response};
use serde_json::Value;
use uuid::Uuid;

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn under(weather: Weather) -> Traffic {
    Traffic::new(portal(), weather, 1)
}

/// Creates a page with this number.
fn create(number: u8) -> Request<Vec<u8>> {
    request("POST", "adx_webpages", &[], page(number, "p").to_string().as_bytes())
}

fn read() -> Request<Vec<u8>> {
    request("GET", "adx_webpages?$select=adx_name", &[], b"")
}

fn answered(exchange: &Exchange) -> &Response<Vec<u8>> {
    exchange.response().expect("an answer")
}

fn status(exchange: &Exchange) -> u16 {
    answered(exchange).status().as_u16()
}

fn code(exchange: &Exchange) -> String {
    let body: Value = serde_json::from_slice(answered(exchange).body()).unwrap();
    body["error"]["code"].as_str().unwrap().to_owned()
}

fn message(exchange: &Exchange) -> String {
    let body: Value = serde_json::from_slice(answered(exchange).body()).unwrap();
    body["error"]["message"].as_str().unwrap().to_owned()
}

fn retry_after(exchange: &Exchange) -> u64 {
    answered(exchange).headers()["retry-after"].to_str().unwrap().parse().unwrap()
}

fn header<'a>(exchange: &'a Exchange, name: &str) -> &'a str {
    answered(exchange).headers()[name].to_str().unwrap()
}

fn pages(traffic: &Traffic) -> usize {
    traffic.environment().count("adx_webpage")
}

fn created_on(traffic: &Traffic, number: u8) -> crate::Cell {
    let id = Uuid::from_u128(number.into());
    traffic.environment().row("adx_webpage", id).unwrap().cell("createdon").unwrap().clone()
}

/// A number limit that a test can reach.
fn at_most(requests: u32) -> Weather {
    Weather::calm().limits(Limits { requests, ..Limits::PUBLISHED }).enforce(Throttle::Requests)
}

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
fn a_cut_before_the_write_leaves_nothing_and_one_after_it_leaves_the_row() {
    for (fault, rows, at) in [(Fault::Cut, 0, millis(40)), (Fault::Lost, 1, millis(80))] {
        let mut traffic = under(Weather::calm().latency(millis(80)).rule(Rule::only(1, fault)));
        let exchange = traffic.send(&create(1), Duration::ZERO);
        assert!(matches!(exchange, Exchange::Cut { at: cut } if cut == at), "{fault:?}: {exchange:?}");
        assert_eq!(pages(&traffic), rows, "{fault:?}");
        traffic.pass_time(seconds(600));
        assert_eq!(pages(&traffic), rows, "{fault:?}: that was all");
        assert_eq!(traffic.counters().cut, 1);
    }
}

#[test]
fn a_late_write_lands_after_later_requests_read_and_before_those_after_it() {
    let mut traffic = under(Weather::calm().rule(Rule::only(1, Fault::Late(Some(seconds(20))))));
    assert!(matches!(traffic.send(&create(1), Duration::ZERO), Exchange::Cut { .. }));
    let rows = |exchange: &Exchange| {
        let body: Value = serde_json::from_slice(answered(exchange).body()).unwrap();
        body["value"].as_array().unwrap().len()
    };
    assert_eq!(rows(&traffic.send(&read(), seconds(19))), 0, "nothing there yet");
    let repeated = traffic.send(&create(1), seconds(20));
    assert_eq!((status(&repeated), code(&repeated).as_str()), (412, "0x80040237"), "it landed before");
    assert_eq!(rows(&traffic.send(&read(), seconds(21))), 1);
    assert_eq!(traffic.counters().late, 1);
}

#[test]
fn late_writes_land_in_the_order_of_their_times_and_within_a_minute() {
    let rules = [(1, 30), (2, 10)].map(|(n, s)| Rule::only(n, Fault::Late(Some(seconds(s)))));
    let mut traffic = under(rules.into_iter().fold(Weather::calm(), Weather::rule));
    traffic.send(&create(1), Duration::ZERO);
    traffic.send(
        &request(
            "PATCH",
            "adx_webpages(00000000-0000-0000-0000-000000000001)",
            &[("If-Match", "*")],
            b"{\"adx_name\":\"x\"}",
        ),
        Duration::ZERO,
    );
    traffic.pass_time(seconds(60));
    let name =
        traffic.environment().row("adx_webpage", Uuid::from_u128(1)).unwrap().cell("adx_name").cloned();
    assert_eq!(name, Some(crate::Cell::Text("p".to_owned())), "the update came first and found no row");

    let mut traffic = under(Weather::calm().chance(Fault::Late(None), Chance::percent(100)));
    for number in 1..=100 {
        traffic.send(&create(number), Duration::ZERO);
    }
    traffic.pass_time(seconds(30));
    let half = pages(&traffic);
    assert!((30..70).contains(&half), "{half}");
    traffic.pass_time(seconds(60));
    assert_eq!(pages(&traffic), 100);
}

#[test]
fn silence_may_hide_a_write() {
    for (effect, rows) in [(Effect::Nothing, 0), (Effect::Done, 1)] {
        let mut traffic = under(Weather::calm().rule(Rule::only(1, Fault::Silent(effect))));
        assert_eq!(traffic.send(&create(1), Duration::ZERO).ends(), None);
        assert_eq!((pages(&traffic), traffic.counters().silent), (rows, 1));
    }
}

#[test]
fn a_gateway_answers_without_json_whether_or_not_it_happened() {
    for (gateway, expected) in Gateway::ALL.into_iter().zip([502, 503, 504]) {
        for (effect, rows) in [(Effect::Nothing, 0), (Effect::Done, 1)] {
            let mut traffic = under(Weather::calm().rule(Rule::only(1, Fault::Unavailable(gateway, effect))));
            let exchange = traffic.send(&create(1), Duration::ZERO);
            assert_eq!((status(&exchange), pages(&traffic)), (expected, rows));
            assert_eq!(header(&exchange, "content-type"), "text/html");
            assert_eq!(header(&exchange, "access-control-allow-origin"), "*");
            assert!(!answered(&exchange).headers().contains_key("odata-version"));
        }
    }
}

#[test]
fn a_slow_body_ends_long_after_its_head() {
    let mut traffic =
        under(Weather::calm().latency(seconds(2)).rule(Rule::only(1, Fault::Slow(seconds(30)))));
    let exchange = traffic.send(&read(), Duration::ZERO);
    assert!(
        matches!(exchange, Exchange::Answer { begins, ends, .. } if (begins, ends) == (seconds(2), seconds(32)))
    );
    assert_eq!(traffic.counters().slow, 1);
}

#[test]
fn an_expired_token_is_refused_until_another_comes() {
    let expiring = Rule::only(1, Fault::TokenExpired).from(seconds(60));
    let mut traffic = under(Weather::calm().rule(expiring));
    assert_eq!(status(&traffic.send(&create(1), seconds(59))), 204);
    for second in [60, 61] {
        let refused = traffic.send(&create(2), seconds(second));
        assert_eq!((status(&refused), code(&refused).as_str()), (401, "0x8004a101"));
        assert_eq!(message(&refused), "The ticket specified for authentication is expired");
        assert!(header(&refused, "www-authenticate").starts_with("Bearer authorization_uri="));
    }
    let mut renewed = create(2);
    renewed.headers_mut().insert("authorization", "Bearer another".parse().unwrap());
    assert_eq!(status(&traffic.send(&renewed, seconds(62))), 204);
    assert_eq!((pages(&traffic), traffic.counters().expired), (2, 2));
}

#[test]
fn a_token_lives_as_long_as_the_weather_says() {
    let mut traffic = under(Weather::calm().token_life(seconds(3_600)));
    assert_eq!(status(&traffic.send(&read(), seconds(100))), 200);
    assert_eq!(status(&traffic.send(&read(), seconds(3_699))), 200);
    assert_eq!(status(&traffic.send(&read(), seconds(3_700))), 401);
}

#[test]
fn one_request_too_many_is_refused_until_the_window_has_slid() {
    let mut traffic = under(at_most(3));
    for (number, second) in [(1, 0), (2, 100), (3, 200)] {
        assert_eq!(status(&traffic.send(&create(number), seconds(second))), 204);
    }
    let refused = traffic.send(&create(4), seconds(210));
    assert_eq!((status(&refused), code(&refused).as_str()), (429, "0x80072322"));
    assert_eq!(
        message(&refused),
        "Number of requests exceeded the limit of 3 over time window of 300 seconds."
    );
    assert_eq!(retry_after(&refused), 90, "the first one leaves the window then");
    assert_eq!(pages(&traffic), 3, "nothing ran");
    assert_eq!(status(&traffic.send(&create(4), seconds(300))), 204);
    assert_eq!(status(&traffic.send(&create(5), seconds(301))), 429, "the second one is still in it");
}

#[test]
fn the_numbers_of_the_limits_are_the_published_ones() {
    let texts = Throttle::ALL.map(|throttle| {
        let refused = under(Weather::calm().rule(Rule::only(1, Fault::Throttled(throttle))))
            .send(&read(), Duration::ZERO);
        (status(&refused), code(&refused), message(&refused))
    });
    let expected = [
        ("0x80072322", "Number of requests exceeded the limit of 6000 over time window of 300 seconds."),
        (
            "0x80072321",
            "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window \
             of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.",
        ),
        ("0x80072326", "Number of concurrent requests exceeded the limit of 52."),
    ];
    assert_eq!(texts, expected.map(|(code, text)| (429, code.to_owned(), text.to_owned())));
    assert_eq!(Limits::PUBLISHED.requests, 6_000);
}

#[test]
fn who_comes_again_too_early_waits_longer_but_what_was_on_its_way_changes_nothing() {
    let mut traffic = under(at_most(1).latency(seconds(4)));
    traffic.send(&read(), Duration::ZERO);
    let told = traffic.send(&read(), seconds(240));
    assert_eq!((retry_after(&told), told.ends()), (60, Some(seconds(244))));
    assert_eq!(retry_after(&traffic.send(&read(), seconds(243))), 57, "sent before it was told");
    assert_eq!(retry_after(&traffic.send(&read(), seconds(250))), 50 + 60, "sent after it was told");
    assert_eq!(retry_after(&traffic.send(&read(), seconds(260))), 40 + 120);
    assert_eq!(status(&traffic.send(&read(), seconds(419))), 429);
    assert_eq!(status(&traffic.send(&read(), seconds(1_000))), 200);
    assert_eq!(traffic.counters().throttled, 5);
}

#[test]
fn a_pause_never_grows_beyond_a_window() {
    let mut traffic = under(at_most(1));
    traffic.send(&read(), Duration::ZERO);
    let waits: Vec<_> = (1..=9).map(|second| retry_after(&traffic.send(&read(), seconds(second)))).collect();
    assert_eq!(waits[0], 299);
    assert!(waits[1..].iter().all(|wait| *wait == 300), "{waits:?}");
}

#[test]
fn combined_execution_time_is_refused_until_enough_of_it_left_the_window() {
    let cost = Cost::every(Span::millis(0, 0), Span::millis(100_000, 100_000));
    let limits = Limits { execution: seconds(200), ..Limits::PUBLISHED };
    let mut traffic = under(Weather::calm().cost(cost).limits(limits).enforce(Throttle::Execution));
    for number in 1..=3 {
        assert_eq!(status(&traffic.send(&create(number), Duration::ZERO)), 204, "none has ended yet");
    }
    let refused = traffic.send(&create(4), seconds(150));
    assert_eq!((status(&refused), code(&refused).as_str()), (429, "0x80072321"));
    assert!(
        message(&refused).contains("exceeded limit of 200,000 milliseconds over time window of 300 seconds.")
    );
    assert_eq!(retry_after(&refused), 250, "all three ended at 100 s");
    assert_eq!(status(&traffic.send(&create(4), seconds(400))), 204);
}

#[test]
fn the_53rd_request_at_a_time_is_refused_and_the_next_one_after_an_end_is_not() {
    let cost = Cost::every(Span::millis(0, 0), Span::millis(5_000, 5_000));
    let mut traffic = under(Weather::calm().cost(cost).enforce(Throttle::Concurrency));
    for _ in 0..52 {
        assert_eq!(status(&traffic.send(&read(), Duration::ZERO)), 200);
    }
    let refused = traffic.send(&read(), seconds(1));
    assert_eq!((status(&refused), code(&refused).as_str(), retry_after(&refused)), (429, "0x80072326", 4));
    assert_eq!(status(&traffic.send(&read(), millis(4_999))), 429);
    assert_eq!(status(&traffic.send(&read(), seconds(5))), 200, "nobody else has to wait");
}

#[test]
fn a_batch_is_one_request_whose_whole_work_counts_and_a_throttled_one_runs_nothing() {
    let part = |number: u8| {
        format!(
            "--b\r\nContent-Type: application/http\r\n\r\nPOST /api/data/v9.2/adx_webpages HTTP/1.1\r\n\
             Content-Type: application/json\r\n\r\n{}\r\n",
            page(number, "p")
        )
    };
    let batch = |numbers: std::ops::Range<u8>| {
        let body = numbers.map(part).collect::<String>() + "--b--\r\n";
        request("POST", "$batch", &[("Content-Type", "multipart/mixed; boundary=b")], body.as_bytes())
    };
    let cost = Cost::every(Span::millis(10, 10), Span::millis(25, 25));
    let mut traffic = under(at_most(1).cost(cost));
    let done = traffic.send(&batch(1..11), Duration::ZERO);
    assert_eq!((status(&done), done.ends(), pages(&traffic)), (200, Some(millis(260)), 10));
    let refused = traffic.send(&batch(11..21), seconds(1));
    assert_eq!((status(&refused), code(&refused).as_str(), pages(&traffic)), (429, "0x80072322", 10));
    assert!(header(&refused, "content-type").starts_with("application/json"), "no batch answer");
}

#[test]
fn what_is_left_of_the_limits_is_sent_and_hidden_from_pages() {
    let cost = Cost::every(Span::millis(0, 0), Span::millis(8_000, 8_000));
    let limits = Limits { requests: 8_000, ..Limits::PUBLISHED };
    let mut traffic = under(Weather::calm().cost(cost).limits(limits));
    traffic.send(&read(), Duration::ZERO);
    let exchange = traffic.send(&read(), seconds(9));
    assert_eq!(header(&exchange, "x-ms-ratelimit-burst-remaining-xrm-requests"), "7998");
    assert_eq!(header(&exchange, "x-ms-ratelimit-time-remaining-xrm-requests"), "1,192.00");
    assert!(!header(&exchange, "access-control-expose-headers").contains("ratelimit"));
    assert_eq!(header(&exchange, "access-control-expose-headers").matches("Retry-After").count(), 1);
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
