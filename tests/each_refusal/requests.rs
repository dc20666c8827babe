//! Requests that are refused before anybody looks at their rows.

use crate::case::{Refused, URL, assert_advice, create, environment, raw};
use dataverse::{Client, EnvironmentUrl, Error, Operation, Query, Transport, TransportError};
use http::{HeaderValue, Request, Response};
use scenarios::under_weather::UnderWeather;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;

/// Keeps what it sends.
#[derive(Clone)]
struct Kept(UnderWeather, Rc<RefCell<Vec<Request<Vec<u8>>>>>);

impl Transport for Kept {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        self.1.borrow_mut().push(request.clone());
        self.0.send(request).await
    }
}

/// The client never sends one, so it has no advice for it.
#[test]
fn a_batch_whose_lines_end_in_lf_alone() {
    let way = Kept(UnderWeather::calm(environment()), Rc::default());
    let client = Client::new(EnvironmentUrl::parse(URL).unwrap(), way.clone(), way.0.clock().clone());
    let operation = create("accounts", "accountid", 5, json!({"name": "x"}));
    way.0.clock().run(client.batch(vec![operation])).unwrap().remove(0).unwrap();
    let (mut head, body) = way.1.borrow()[0].clone().into_parts();
    let body = String::from_utf8(body).unwrap();
    assert_eq!(body.matches('\n').count(), body.matches("\r\n").count(), "every line ends in CRLF");

    head.headers.insert("Authorization", HeaderValue::from_static("Bearer any"));
    let broken = Request::from_parts(head, body.replace("\r\n", "\n").into_bytes());
    let answer = environment().answer(&broken);
    assert_eq!(answer.status(), 400);
    let text = String::from_utf8(answer.body().clone()).unwrap();
    assert!(text.contains("0x80048d19"), "{text}");
    assert!(text.contains("System.ArgumentException: Stream was not readable."), "{text}");
}

#[test]
fn an_address_that_is_too_long() {
    let filter = format!("name eq '{}'", "x".repeat(33_000));
    let path = format!("accounts?$filter={}", filter.replace(' ', "%20"));
    let answer = environment().answer(&raw(&Operation::Get { path }));
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(
        (answer.status().as_u16(), &body["error"]["message"]),
        (414, &json!("The request URI is too long."))
    );

    let query = |length: usize| {
        let filter = Some(format!("name eq '{}'", "x".repeat(length)));
        Query { select: vec!["name".to_owned()], filter, ..Query::of("accounts") }
    };
    let way = UnderWeather::calm(environment());
    let (client, clock) = (way.client(), way.clock());
    let page = clock.run(client.page(&query(33_000))).unwrap();
    assert_eq!(page.rows.len(), 0, "inside a batch the address may be longer");
    let Err(Error::Service(refusal)) = clock.run(client.page(&query(66_000))) else { panic!("refused") };
    let text = "The request URI is too long.";
    let remedy = "Change what the service objects to";
    assert_advice(&refusal, &Refused { status: 414, code: "0x0", text, remedy });
}

#[test]
fn a_request_without_a_token() {
    let mut request = raw(&Operation::Get { path: "accounts".to_owned() });
    request.headers_mut().remove("Authorization");
    let answer = environment().answer(&request);
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(body["error"]["message"], "The ticket specified for authentication is invalid");
}
