//! The policy, seen from outside: what goes out, when, and what comes back.

use super::{Errand, Repeat, Sender};
use crate::testing::{Script, Step, answer, refusal, too_many, url};
use crate::{Cancel, Clock, Error, RetryClass, TransportError, Wait};
use futures::future::join_all;
use http::{Request, Response};
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

fn fine() -> Response<Vec<u8>> {
    answer(200, &[], r#"{"Version":"9.2"}"#)
}

fn errand(uri: &str, repeat: Repeat) -> Errand {
    Errand { request: Request::get(uri).body(Vec::new()).unwrap(), repeat, weight: 1, hurried: false }
}

#[test]
fn a_throttled_request_waits_as_asked_and_tells_the_observer() {
    let script = Script::answers(vec![too_many(17), too_many(17), fine()]);
    let told = Rc::new(RefCell::new(Vec::new()));
    let client = script.client().on_wait({
        let told = told.clone();
        move |wait| told.borrow_mut().push(wait)
    });
    assert_eq!(script.run(client.version()).unwrap(), "9.2");
    assert_eq!(script.times(), [0, 17, 34]);
    assert_eq!(*told.borrow(), [Wait::Asked(Duration::from_secs(17)); 2]);
}

#[test]
fn who_has_used_much_of_the_services_time_waits_before_it_is_refused() {
    let script = Script::new(|_| Step::Slow(100, fine()));
    let told = Rc::new(RefCell::new(Vec::new()));
    let client = script.client().on_wait({
        let told = told.clone();
        move |wait| told.borrow_mut().push(wait)
    });
    let versions = script.run(join_all((0..18).map(|_| client.version())));
    assert!(versions.iter().all(Result::is_ok));
    // Six at once, then ten, 100 seconds each: more than 1,000 until the first six are out of the window.
    assert_eq!(script.times()[15..], [100, 400, 400]);
    assert!(told.borrow().contains(&Wait::Sparing(Duration::from_secs(200))), "{:?}", told.borrow());
}

#[test]
fn when_one_request_is_told_to_wait_no_other_starts_before() {
    let mut number = 0;
    let script = Script::new(move |_| {
        number += 1;
        if number == 2 { Step::Slow(1, too_many(30)) } else { Step::Slow(2, fine()) }
    });
    let client = script.client();
    let versions = script.run(join_all((0..10).map(|_| client.version())));
    assert!(versions.iter().all(|version| version.as_deref() == Ok("9.2")));
    // Six at once; then the four that had no place and the one refused, three at once since the complaint.
    assert_eq!(script.times(), [0, 0, 0, 0, 0, 0, 31, 31, 31, 33, 33]);
}

#[test]
fn a_service_that_keeps_refusing_is_an_error_after_the_tenth_wait() {
    let script = Script::answers((0..11).map(|_| too_many(1)).collect());
    let error = script.run(script.client().version()).unwrap_err();
    assert!(matches!(&error, Error::Service(s) if s.is_throttled()), "{error:?}");
    assert_eq!(error.retry_class(), RetryClass::AfterWait);
    assert_eq!(script.times(), (0..11).collect::<Vec<u64>>());
}

#[test]
fn a_gateway_that_says_how_long_it_will_be_away_is_left_alone_by_all() {
    let mut number = 0;
    let script = Script::new(move |_| {
        number += 1;
        let away = answer(503, &[("Retry-After", "20")], "");
        if number == 1 { Step::Answer(away) } else { Step::Answer(fine()) }
    });
    let client = script.client();
    let later = async {
        script.clock().sleep(Duration::from_secs(5)).await;
        client.version().await
    };
    let both = script.run(async { futures::join!(client.version(), later) });
    assert!(both.0.is_ok() && both.1.is_ok());
    assert_eq!(script.times(), [0, 20, 20]);
}

#[test]
fn a_request_that_is_never_answered_ends_by_its_deadline_and_is_sent_again_where_that_is_safe() {
    let script = Script::of([Step::Silence, Step::Answer(fine())]);
    assert_eq!(script.run(script.client().version()).unwrap(), "9.2");
    assert_eq!(script.times(), [0, 241], "four minutes, then a second of rest");

    let script = Script::of((0..7).map(|_| Step::Silence));
    let error = script.run(script.client().deadline(Duration::from_secs(10)).version()).unwrap_err();
    let late = TransportError::TooLate { host: "contoso.crm.dynamics.com".into(), seconds: 10 };
    assert_eq!(error, Error::Transport(late));
    assert_eq!((error.retry_class(), script.times().len()), (RetryClass::Lost, 7));
    assert_eq!(error.to_string(), "No answer came from contoso.crm.dynamics.com within 10 seconds.");
}

#[test]
fn an_address_that_never_answered_is_given_up_soon_and_one_that_did_is_not() {
    let script = Script::of((0..2).map(|_| Step::Cut));
    let error = script.run(script.first_contact().version()).unwrap_err();
    assert_eq!((error.retry_class(), script.times()), (RetryClass::Lost, vec![0, 1]));

    let cuts = (0..6).map(|_| Step::Cut);
    let script = Script::of([Step::Answer(fine())].into_iter().chain(cuts).chain([Step::Answer(fine())]));
    let told = Rc::new(RefCell::new(Vec::new()));
    let client = script.first_contact().on_wait({
        let told = told.clone();
        move |wait| told.borrow_mut().push(wait)
    });
    assert!(script.run(client.version()).is_ok() && script.run(client.version()).is_ok());
    assert_eq!(script.times().len(), 8);
    assert_eq!(*told.borrow(), [1, 2, 4, 8, 16, 32].map(|s| Wait::Unanswered(Duration::from_secs(s))));
}

#[test]
fn who_waits_for_the_end_is_told_soon_that_no_answer_comes() {
    let script = Script::of((0..2).map(|_| Step::Cut));
    assert!(script.run(script.client().hurried().version()).is_err());
    assert_eq!(script.times(), [0, 1]);
}

#[test]
fn what_may_not_be_done_twice_is_not_sent_again_after_a_lost_answer() {
    let away = || Step::Answer(answer(503, &[("Retry-After", "1")], ""));
    for step in [Step::Cut, away(), Step::Answer(answer(504, &[], ""))] {
        let script = Script::of([step]);
        let sender = Sender::new(url(), script.clone(), script.clock());
        let errand = errand("https://contoso.crm.dynamics.com/api/data/v9.2/x", Repeat::IfRefused);
        let sent = script.run(sender.send(&errand, &Cancel::default()));
        assert!(sent.map_or(true, |arrived| arrived.answer.status().is_server_error()));
        assert_eq!(script.times(), [0]);
    }
}

#[test]
fn a_token_that_ran_out_is_renewed_once() {
    let script = Script::answers(vec![answer(401, &[], ""), fine()]);
    assert_eq!(script.run(script.client().version()).unwrap(), "9.2");
    assert_eq!((script.renewed.get(), script.times()), (1, vec![0, 0]));

    let script = Script::answers(vec![answer(401, &[], ""), answer(401, &[], "")]);
    let error = script.run(script.client().version()).unwrap_err();
    assert_eq!((script.renewed.get(), error.retry_class()), (1, RetryClass::AfterSignIn));
}

#[test]
fn a_person_who_signs_in_again_may_take_longer_than_a_request() {
    let script = Script::of([Step::Slow(100, fine())]);
    script.signing_in.set(2_400);
    assert_eq!(script.run(script.client().version()).as_deref(), Ok("9.2"));
    assert_eq!((script.times(), script.clock().now().as_secs()), (vec![2_400], 2_500));
}

#[test]
fn cancelling_ends_the_waiting_for_a_sign_in() {
    let script = Script::of([]);
    script.signing_in.set(u64::from(u32::MAX));
    let (cancel, clock) = (Cancel::default(), script.clock());
    let client = script.client().cancelled_by(&cancel);
    let (version, ()) = script.run(async {
        futures::join!(client.version(), async {
            clock.sleep(Duration::from_secs(7)).await;
            cancel.cancel();
        })
    });
    assert_eq!(version, Err(Error::Transport(TransportError::Cancelled)));
    assert_eq!((script.times().len(), clock.now()), (0, Duration::from_secs(7)));
}

#[test]
fn a_request_to_another_origin_is_not_sent() {
    let script = Script::of([]);
    let sender = Sender::new(url(), script.clone(), script.clock());
    let errand = errand("https://contoso.crm.dynamics.com.evil.example/api/data/v9.2/x", Repeat::Always);
    let error = script.run(sender.send(&errand, &Cancel::default())).unwrap_err();
    let foreign = TransportError::ForeignOrigin { host: "contoso.crm.dynamics.com.evil.example".into() };
    assert_eq!((error.retry_class(), error), (RetryClass::Never, Error::Transport(foreign)));
    assert_eq!(script.times().len(), 0);
}

#[test]
fn cancelling_ends_the_waiting_and_lets_no_request_go_out_any_more() {
    let script = Script::answers(vec![too_many(300)]);
    let cancel = Cancel::default();
    let client = script.client().cancelled_by(&cancel);
    let clock = script.clock();
    let (version, ()) = script.run(async {
        futures::join!(client.version(), async {
            clock.sleep(Duration::from_secs(7)).await;
            cancel.cancel();
        })
    });
    assert_eq!(version, Err(Error::Transport(TransportError::Cancelled)));
    assert_eq!(clock.now(), Duration::from_secs(7), "the rest of the five minutes is not waited for");
    assert_eq!(script.run(client.version()), Err(Error::Transport(TransportError::Cancelled)));
    assert_eq!(script.times(), [0]);
}

#[test]
fn cancelling_ends_the_rest_after_a_lost_answer_and_the_queue_for_a_place() {
    let script = Script::new(|_| Step::Slow(1, answer(504, &[], "")));
    let cancel = Cancel::default();
    let client = script.client().cancelled_by(&cancel);
    let clock = script.clock();
    let (versions, ()) = script.run(async {
        futures::join!(join_all((0..8).map(|_| client.version())), async {
            clock.sleep(Duration::from_millis(1500)).await;
            cancel.cancel();
        })
    });
    let ended = |v: &Result<String, Error>| *v == Err(Error::Transport(TransportError::Cancelled));
    assert_eq!(versions.iter().filter(|v| ended(v)).count(), 8);
    // Six at once, two more in their places: those were under way and were heard to their end.
    assert_eq!((script.times(), clock.now().as_secs()), (vec![0, 0, 0, 0, 0, 0, 1, 1], 2));
}

#[test]
fn what_is_under_way_when_cancelled_is_heard_to_its_end() {
    let script = Script::of([Step::Slow(10, fine())]);
    let cancel = Cancel::default();
    let client = script.client().cancelled_by(&cancel);
    let clock = script.clock();
    let (version, ()) = script.run(async {
        futures::join!(client.version(), async {
            clock.sleep(Duration::from_secs(1)).await;
            cancel.cancel();
        })
    });
    assert_eq!(version.as_deref(), Ok("9.2"));
}

#[test]
fn another_client_of_the_same_environment_goes_on_when_one_is_cancelled() {
    let script = Script::answers(vec![fine()]);
    let (client, cancel) = (script.client(), Cancel::default());
    let cancelled = client.cancelled_by(&cancel);
    cancel.cancel();
    assert!(cancel.is_cancelled() && script.run(cancelled.version()).is_err());
    assert_eq!(script.run(client.version()).as_deref(), Ok("9.2"));
}

#[test]
fn more_are_in_flight_while_more_gets_done_and_half_after_a_complaint() {
    let mut number = 0;
    let script = Script::new(move |_| {
        number += 1;
        if number == 200 { Step::Slow(1, too_many(5)) } else { Step::Slow(1, fine()) }
    });
    let client = script.client();
    assert_eq!(client.requests_at_once(), 6);
    script.run(join_all((0..140).map(|_| client.version())));
    let grown = client.requests_at_once();
    assert!(grown > 20, "a service that does all at once gets more: {grown}");
    script.run(join_all((0..60).map(|_| client.version())));
    assert!(client.requests_at_once() < grown.min(52) / 2 + 10, "{} of {grown}", client.requests_at_once());
    assert!(script.most_in_flight.get() <= 52);
}

#[test]
fn a_refusal_is_not_sent_again() {
    let script = Script::answers(vec![refusal(400, "0x80041103")]);
    let error = script.run(script.client().version()).unwrap_err();
    assert_eq!((error.retry_class(), script.times().len()), (RetryClass::Never, 1));
}

#[test]
fn one_fresh_token_serves_all_whose_token_ran_out_together() {
    let mut number = 0;
    let script = Script::new(move |_| {
        number += 1;
        Step::Slow(number, if number <= 3 { answer(401, &[], "") } else { fine() })
    });
    let client = script.client();
    let versions = script.run(join_all((0..3).map(|_| client.version())));
    assert!(versions.iter().all(Result::is_ok));
    assert_eq!((script.renewed.get(), script.times().len()), (1, 6));
}
