//! The doors to the outside: one that sends, one that tells and waits the time.

use std::time::Duration;

/// Sends one request and brings the whole answer.
///
/// An implementation adds what belongs to the way, never to the request: who asks ([`Transport::authorize`]) and, in
/// the browser, `fetch`'s options. Any status is an answer; only a request without an answer is an error.
#[allow(async_fn_in_trait, reason = "browser futures are not Send, and nothing here needs them to be")]
pub trait Transport {
    /// Adds what says who asks, an access token as a rule. The request's deadline does not run meanwhile: a person may
    /// have to sign in again, and that takes as long as it takes.
    ///
    /// What stands here suits a transport that needs none, or adds it itself.
    async fn authorize(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Request<Vec<u8>>, TransportError> {
        Ok(request)
    }

    /// Sends `request`, whose URI is absolute and which was authorized.
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError>;

    /// The service did not accept the token that went with a request: the next one must go with a fresh one.
    ///
    /// What stands here suits a transport that keeps no token and asks for one with every request.
    async fn renew_token(&self) -> Result<(), TransportError> {
        Ok(())
    }
}

/// Why no answer came. The request may have been carried out or not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection, no name, CORS refused, connection cut: a browser cannot tell these apart.
    #[error("No answer came from {host}.")]
    Network {
        /// The host asked.
        host: String,
    },
    /// The answer did not come in time.
    #[error("No answer came from {host} within {seconds} seconds.")]
    TooLate {
        /// The host asked.
        host: String,
        /// The request's deadline.
        seconds: u64,
    },
    /// The request was cancelled from this side.
    #[error("The request was cancelled.")]
    Cancelled,
    /// No access token could be had.
    #[error("There is no sign-in for {host}.")]
    NoToken {
        /// The host asked.
        host: String,
    },
    /// The request leads to another origin than the environment's, where its token must not go. It was not sent.
    #[error("The request leads to {host}, which is not the environment: it was not sent.")]
    ForeignOrigin {
        /// Where it leads.
        host: String,
    },
}

/// Tells the time and waits.
#[allow(async_fn_in_trait, reason = "browser futures are not Send, and nothing here needs them to be")]
pub trait Clock {
    /// Time since an arbitrary start; never goes back.
    fn now(&self) -> Duration;
    /// Returns after at least `duration`.
    async fn sleep(&self, duration: Duration);
}
