//! The sign-in service that a port and all environments share.

use super::body::{self, AnswerBody};
use super::connection::Behind;
use super::hosted::NoAnswer;
use super::{clock, incoming};
use dataverse_emulator::{Caller, Discovery, SignIn};
use http::uri::Scheme;
use http::{HeaderMap, Request, Response};
use hyper::body::Incoming;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The service, in real time. One request at a time changes it.
pub(crate) struct SigningIn(Mutex<SignIn>);

impl SigningIn {
    pub(crate) fn new(service: SignIn) -> SigningIn {
        SigningIn(Mutex::new(service))
    }

    fn service(&self) -> MutexGuard<'_, SignIn> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Behind for SigningIn {
    async fn answer(
        &self,
        request: Request<Incoming>,
        scheme: Scheme,
    ) -> Result<Response<AnswerBody>, NoAnswer> {
        let request = incoming::whole(request, scheme).await?;
        Ok(self.service().answer(&request, clock::now()).map(|bytes| body::within(bytes, Duration::ZERO)))
    }
}

/// Where an environment asks who somebody is.
pub(crate) struct Guard {
    pub(crate) service: Arc<SigningIn>,
    /// The environment's name in the directory.
    pub(crate) environment: String,
}

impl Guard {
    pub(super) fn caller(&self, headers: &HeaderMap) -> Caller {
        self.service.service().caller(&self.environment, headers, clock::now())
    }

    pub(super) fn discover(&self, discovery: &Discovery, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        self.service.service().discover(discovery, request, clock::now())
    }
}
