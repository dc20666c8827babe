//! What can go wrong between a request and its parsed answer.

use crate::TransportError;

/// A request that did not bring what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The service refused.
    #[error("{0}")]
    Service(ServiceError),
    /// The answer is not what the Web API gives: not Dataverse, or a proxy's page.
    #[error("The answer to {request} cannot be read: {reason}.")]
    Shape {
        /// Method and path, without values.
        request: String,
        /// What was expected and what came.
        reason: String,
    },
    /// The environment's address cannot be used.
    #[error("{url} is not an environment's address: {reason}.")]
    Address {
        /// As typed.
        url: String,
        /// Why not.
        reason: String,
    },
}

/// The service's own words: `{"error":{"code":…,"message":…}}`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (HTTP {status}{})", if .code.is_empty() { String::new() } else { format!(", {}", .code) })]
pub struct ServiceError {
    /// HTTP status.
    pub status: u16,
    /// e.g. `0x80040217`; may be empty or `0x0`.
    pub code: String,
    /// As it came.
    pub message: String,
    /// The `REQ_ID` header where it is readable: what Microsoft's support asks for.
    pub request_id: Option<String>,
}
