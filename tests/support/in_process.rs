//! A transport to an emulated environment in this process, with its weather, and a clock that never waits.

use dataverse::{Clock, Transport, TransportError};
use dataverse_emulator::Environment;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response, StatusCode};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// Hands requests to an environment. Clones share the environment and its weather.
#[derive(Clone)]
pub struct InProcess {
    environment: Rc<RefCell<Environment>>,
    weather: Rc<Cell<Weather>>,
}

/// What goes wrong on the way, and after how many more requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    /// Nothing.
    #[default]
    Fair,
    /// After so many requests, no further one arrives.
    CutBefore(u32),
    /// After so many requests, one is carried out but its answer is lost, and no further one arrives.
    CutAfter(u32),
    /// After so many requests, the token is not accepted any more.
    TokenExpires(u32),
    /// After so many requests, one is refused as one too many; then the weather is fair again.
    Throttled(u32),
}

/// Seconds that a throttled request is asked to wait.
pub const RETRY_AFTER: u64 = 17;

/// What the weather does to one request.
enum Fault {
    None,
    NotSent,
    AnswerLost,
    NoToken,
    TooMany,
}

impl InProcess {
    /// A way to `environment`.
    #[must_use]
    pub fn new(environment: Environment) -> InProcess {
        InProcess { environment: Rc::new(RefCell::new(environment)), weather: Rc::default() }
    }

    /// The environment itself, to look at its rows.
    pub fn environment(&self) -> std::cell::Ref<'_, Environment> {
        self.environment.borrow()
    }

    /// Changes the weather from now on.
    pub fn set_weather(&self, weather: Weather) {
        self.weather.set(weather);
    }

    /// What happens to the request that comes now; the weather moves on by one request.
    fn fault(&self) -> Fault {
        let (fault, next) = match self.weather.get() {
            Weather::Fair => (Fault::None, Weather::Fair),
            Weather::CutBefore(0) => (Fault::NotSent, Weather::CutBefore(0)),
            Weather::CutAfter(0) => (Fault::AnswerLost, Weather::CutBefore(0)),
            Weather::TokenExpires(0) => (Fault::NoToken, Weather::TokenExpires(0)),
            Weather::Throttled(0) => (Fault::TooMany, Weather::Fair),
            Weather::CutBefore(n) => (Fault::None, Weather::CutBefore(n - 1)),
            Weather::CutAfter(n) => (Fault::None, Weather::CutAfter(n - 1)),
            Weather::TokenExpires(n) => (Fault::None, Weather::TokenExpires(n - 1)),
            Weather::Throttled(n) => (Fault::None, Weather::Throttled(n - 1)),
        };
        self.weather.set(next);
        fault
    }
}

impl Transport for InProcess {
    async fn send(&self, mut request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let cut = TransportError::Network { host: request.uri().host().unwrap_or_default().to_owned() };
        let fault = self.fault();
        match fault {
            Fault::NotSent => return Err(cut),
            Fault::TooMany => return Ok(too_many()),
            Fault::NoToken => {}
            Fault::None | Fault::AnswerLost => {
                request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static("Bearer in-process"));
            }
        }
        let answer = self.environment.borrow_mut().answer(&request);
        if matches!(fault, Fault::AnswerLost) { Err(cut) } else { Ok(answer) }
    }
}

/// The service's refusal of a request that is one too many.
fn too_many() -> Response<Vec<u8>> {
    let body = r#"{"error":{"code":"0x80072322","message":"Number of requests exceeded the limit of 6000 over time window of 300 seconds."}}"#;
    let mut answer = Response::new(body.as_bytes().to_vec());
    *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    answer.headers_mut().insert(http::header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER));
    answer
}

/// Time passes only by sleeping, and sleeping takes no time.
#[derive(Clone, Default)]
pub struct NoWait {
    now: Rc<Cell<Duration>>,
}

impl Clock for NoWait {
    fn now(&self) -> Duration {
        self.now.get()
    }

    async fn sleep(&self, duration: Duration) {
        self.now.set(self.now.get() + duration);
    }
}
