//! Service protection.

use super::*;

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
