//! For tests: a transport that answers by script.

use crate::virtual_time::VirtualClock;
use crate::{Client, Clock, EnvironmentUrl, Transport, TransportError};
use http::{Request, Response};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

/// What happens to one request.
pub(crate) enum Step {
    Answer(Response<Vec<u8>>),
    /// After so many seconds.
    Slow(u64, Response<Vec<u8>>),
    /// The connection is cut.
    Cut,
    /// No answer ever.
    Silence,
}

/// When, in seconds, and what.
pub(crate) type Asked = (u64, Request<Vec<u8>>);

type Play = Box<dyn FnMut(&Request<Vec<u8>>) -> Step>;

/// Answers as told and keeps what was asked, and when.
#[derive(Clone)]
pub(crate) struct Script {
    clock: VirtualClock,
    play: Rc<RefCell<Play>>,
    pub(crate) asked: Rc<RefCell<Vec<Asked>>>,
    pub(crate) renewed: Rc<Cell<u32>>,
    /// How many seconds a person takes to sign in, for each request.
    pub(crate) signing_in: Rc<Cell<u64>>,
    in_flight: Rc<Cell<usize>>,
    pub(crate) most_in_flight: Rc<Cell<usize>>,
}

impl Script {
    pub(crate) fn new(play: impl FnMut(&Request<Vec<u8>>) -> Step + 'static) -> Script {
        Script {
            clock: VirtualClock::default(),
            play: Rc::new(RefCell::new(Box::new(play))),
            asked: Rc::default(),
            renewed: Rc::default(),
            signing_in: Rc::default(),
            in_flight: Rc::default(),
            most_in_flight: Rc::default(),
        }
    }

    /// One step a request, in the order of asking.
    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Script {
        let mut steps: VecDeque<Step> = steps.into_iter().collect();
        Script::new(move |request| steps.pop_front().unwrap_or_else(|| panic!("no step for {request:?}")))
    }

    /// One answer at once for each request.
    pub(crate) fn answers(answers: Vec<Response<Vec<u8>>>) -> Script {
        Script::of(answers.into_iter().map(Step::Answer))
    }

    /// A client whose environment has answered before.
    pub(crate) fn client(&self) -> Client<Script, VirtualClock> {
        let client = self.first_contact();
        client.sender.is_no_stranger();
        client
    }

    /// A client whose environment was never heard of.
    pub(crate) fn first_contact(&self) -> Client<Script, VirtualClock> {
        Client::new(url(), self.clone(), self.clock.clone())
    }

    pub(crate) fn clock(&self) -> VirtualClock {
        self.clock.clone()
    }

    pub(crate) fn run<F: Future>(&self, work: F) -> F::Output {
        self.clock.run(work)
    }

    /// When the requests went out, in seconds.
    pub(crate) fn times(&self) -> Vec<u64> {
        self.asked.borrow().iter().map(|(at, _)| *at).collect()
    }

    /// Method, path and body of what was asked.
    pub(crate) fn text(&self, number: usize) -> String {
        let asked = self.asked.borrow();
        let (_, request) = &asked[number];
        format!("{} {}\n{}", request.method(), request.uri(), String::from_utf8_lossy(request.body()))
    }
}

impl Transport for Script {
    async fn authorize(&self, request: Request<Vec<u8>>) -> Result<Request<Vec<u8>>, TransportError> {
        self.clock.sleep(Duration::from_secs(self.signing_in.get())).await;
        Ok(request)
    }

    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let step = (self.play.borrow_mut())(&request);
        self.asked.borrow_mut().push((self.clock.now().as_secs(), request));
        self.in_flight.set(self.in_flight.get() + 1);
        self.most_in_flight.set(self.most_in_flight.get().max(self.in_flight.get()));
        let answer = match step {
            Step::Answer(answer) => Ok(answer),
            Step::Slow(seconds, answer) => {
                self.clock.sleep(Duration::from_secs(seconds)).await;
                Ok(answer)
            }
            Step::Cut => Err(TransportError::Network { host: "contoso.crm.dynamics.com".into() }),
            Step::Silence => std::future::pending().await,
        };
        self.in_flight.set(self.in_flight.get() - 1);
        answer
    }

    async fn renew_token(&self) -> Result<(), TransportError> {
        self.renewed.set(self.renewed.get() + 1);
        Ok(())
    }
}

pub(crate) fn url() -> EnvironmentUrl {
    EnvironmentUrl::parse("https://contoso.crm.dynamics.com").unwrap()
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Vec<u8>> {
    let builder = headers.iter().fold(Response::builder().status(status), |b, (n, v)| b.header(*n, *v));
    builder.body(body.as_bytes().to_vec()).unwrap()
}

/// A request too many, to be sent again after so many seconds.
pub(crate) fn too_many(seconds: u64) -> Response<Vec<u8>> {
    answer(429, &[("Retry-After", &seconds.to_string())], "")
}

/// A refusal with this status and code.
pub(crate) fn refusal(status: u16, code: &str) -> Response<Vec<u8>> {
    answer(status, &[], &refusal_body(code))
}

pub(crate) fn refusal_body(code: &str) -> String {
    format!(r#"{{"error":{{"code":"{code}","message":"No."}}}}"#)
}

/// The answer to a batch: status line and body of each part.
pub(crate) fn batch_answer(parts: &[(&str, &str)]) -> Response<Vec<u8>> {
    let part = |(status, body): &(&str, &str)| {
        format!("--r\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status}\r\n\r\n{body}\r\n")
    };
    let body = parts.iter().map(part).collect::<String>() + "--r--\r\n";
    answer(200, &[("content-type", "multipart/mixed; boundary=r")], &body)
}
