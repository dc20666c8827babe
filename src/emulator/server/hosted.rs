//! An environment that many connections share.

use dataverse_emulator::{Environment, LARGEST_BODY};
use http::uri::{PathAndQuery, Scheme};
use http::{Request, Response, Uri, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// An environment behind a port. One request at a time changes it.
pub(crate) struct Hosted {
    environment: Mutex<Environment>,
}

/// Seconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl Hosted {
    pub(crate) fn new(environment: Environment) -> Hosted {
        Hosted { environment: Mutex::new(environment) }
    }

    /// Answers a request that came over a connection of that scheme.
    ///
    /// # Errors
    /// The client went away while it was sending.
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        scheme: Scheme,
    ) -> Result<Response<Full<Bytes>>, hyper::Error> {
        let (mut parts, body) = request.into_parts();
        let body = read(body).await?;
        parts.uri = absolute(&parts, scheme);
        let mut environment = self.environment.lock().unwrap_or_else(PoisonError::into_inner);
        environment.set_time(now());
        Ok(environment.answer(&Request::from_parts(parts, body)).map(Full::from))
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
