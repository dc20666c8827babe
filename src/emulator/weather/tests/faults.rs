//! What goes wrong, and what is left of it.

use super::*;

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
