//! An environment that many connections share, and its weather in real time.

use super::body::{self, AnswerBody};
use super::connection::Behind;
use super::incoming;
use super::signing_in::Guard;
use dataverse_emulator::{Counters, Discovery, Exchange, Traffic};
use http::uri::Scheme;
use http::{Request, Response};
use hyper::body::Incoming;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// An environment behind a port. One request at a time changes it; many may be on their way.
pub(crate) struct Hosted {
    traffic: Mutex<Traffic>,
    discovery: Arc<Discovery>,
    /// Without one every token will do.
    guard: Option<Guard>,
    began: Instant,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// The weather wants it so.
    #[error("the connection is cut")]
    Cut,
    /// The client went away while it was sending.
    #[error(transparent)]
    Gone(#[from] hyper::Error),
}

impl Hosted {
    /// Virtual time begins now, and goes on as time does.
    pub(crate) fn new(traffic: Traffic, discovery: Arc<Discovery>, guard: Option<Guard>) -> Hosted {
        Hosted { traffic: Mutex::new(traffic), discovery, guard, began: Instant::now() }
    }

    /// What happened to its requests.
    pub(crate) fn counters(&self) -> Counters {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner).counters()
    }

    /// A service of its own: an environment's weather does not touch it.
    fn discover(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        match &self.guard {
            Some(guard) => guard.discover(&self.discovery, request),
            None => self.discovery.answer(request),
        }
    }

    fn send(&self, request: &Request<Vec<u8>>) -> Exchange {
        let mut traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        traffic.send(request, self.began.elapsed())
    }
}

impl Behind for Hosted {
    async fn answer(
        &self,
        request: Request<Incoming>,
        scheme: Scheme,
    ) -> Result<Response<AnswerBody>, NoAnswer> {
        let mut request = incoming::whole(request, scheme).await?;
        if Discovery::is_asked(request.uri().path()) {
            return Ok(self.discover(&request).map(|bytes| body::within(bytes, Duration::ZERO)));
        }
        if let Some(guard) = &self.guard {
            let caller = guard.caller(request.headers());
            request.extensions_mut().insert(caller);
        }
        match self.send(&request) {
            Exchange::Answer { begins, ends, response } => {
                sleep_until(self.began + begins).await;
                Ok(response.map(|bytes| body::within(bytes, ends - begins)))
            }
            Exchange::Cut { at } => {
                sleep_until(self.began + at).await;
                Err(NoAnswer::Cut)
            }
            Exchange::Silence => std::future::pending().await,
        }
    }
}
