//! An environment that many connections share, and its weather in real time.

use super::body::{self, AnswerBody};
use dataverse_emulator::{Counters, Discovery, Exchange, LARGEST_BODY, Traffic};
use http::uri::{PathAndQuery, Scheme};
use http::{Request, Response, Uri, header::HOST};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// An environment behind a port. One request at a time changes it; many may be on their way.
pub(crate) struct Hosted {
    traffic: Mutex<Traffic>,
    discovery: Arc<Discovery>,
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
    pub(crate) fn new(traffic: Traffic, discovery: Arc<Discovery>) -> Hosted {
        Hosted { traffic: Mutex::new(traffic), discovery, began: Instant::now() }
    }

    /// What happened to its requests.
    pub(crate) fn counters(&self) -> Counters {
        self.traffic.lock().unwrap_or_else(PoisonError::into_inner).counters()
    }

    /// Answers a request that came over a connection of that scheme, when its time has come.
    ///
    /// # Errors
    /// The connection is to be cut, or is cut.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        scheme: Scheme,
    ) -> Result<Response<AnswerBody>, NoAnswer> {
        let (mut parts, body) = request.into_parts();
        let body = read(body).await?;
        parts.uri = absolute(&parts, scheme);
        let request = Request::from_parts(parts, body);
        if Discovery::is_asked(request.uri().path()) {
            // A service of its own: an environment's weather does not touch it.
            return Ok(self.discovery.answer(&request).map(|bytes| body::within(bytes, Duration::ZERO)));
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

    fn send(&self, request: &Request<Vec<u8>>) -> Exchange {
        let mut traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        traffic.send(request, self.began.elapsed())
    }
}

/// No more of the body than shows that it is too large.
async fn read(mut body: Incoming) -> Result<Vec<u8>, hyper::Error> {
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        read.extend_from_slice(frame?.data_ref().map_or(&[][..], |data| data));
        if read.len() > LARGEST_BODY {
            break;
        }
    }
    Ok(read)
}

/// The address as the client wrote it: only the connection knows whether it is `https`.
fn absolute(parts: &http::request::Parts, scheme: Scheme) -> Uri {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let path = parts.uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    let address = Uri::builder().scheme(scheme).authority(host).path_and_query(path);
    address.build().unwrap_or_else(|_| parts.uri.clone())
}
