//! What can go wrong between a request and its parsed answer.

use crate::TransportError;
use crate::remedy::{LATER, RetryClass, advice};

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
    /// The discovery service does not tell which environments there are.
    #[error("The environments cannot be listed. {0}")]
    Discovery(Box<Error>),
}

impl Error {
    /// Whether the same request may be sent again.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        match self {
            Error::Transport(error) => error.retry_class(),
            Error::Service(error) => error.retry_class(),
            // Something answered, but what it did with the request cannot be read.
            Error::Shape { .. } => RetryClass::Lost,
            Error::Address { .. } => RetryClass::Never,
            Error::Discovery(cause) => cause.retry_class(),
        }
    }

    /// What to do next, in plain words.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Error::Discovery(cause) => without_a_list(cause.retry_class()),
            Error::Transport(error) => error.remedy(),
            Error::Service(error) => error.remedy(),
            Error::Shape { .. } => {
                "Check that the address is that of a Dataverse environment and that no proxy stands between."
            }
            Error::Address { .. } => {
                "Find the address in Power Apps under Settings, Session details, Instance url, or in the Power Platform admin center as Environment URL."
            }
        }
    }
}

/// The list is a convenience: an address can always be typed.
fn without_a_list(class: RetryClass) -> &'static str {
    match class {
        RetryClass::AfterSignIn => "Sign in again, or type the environment's address.",
        RetryClass::AfterWait | RetryClass::Lost => {
            "Check the connection and try again in some minutes, or type the environment's address."
        }
        RetryClass::Never => {
            "Type the environment's address: it is shown in the Power Platform admin center, e.g. https://contoso.crm.dynamics.com."
        }
    }
}

impl TransportError {
    /// Whether the same request may be sent again.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        match self {
            // Cancelled may mean: between a lost answer and the next try.
            TransportError::Network { .. } | TransportError::TooLate { .. } | TransportError::Cancelled => {
                RetryClass::Lost
            }
            TransportError::NoToken { .. } => RetryClass::AfterSignIn,
            TransportError::ForeignOrigin { .. } => RetryClass::Never,
        }
    }

    /// What to do next, in plain words.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            TransportError::Network { .. } => {
                "Check the connection and the address, then start again: what is already there is found and not written twice."
            }
            TransportError::TooLate { .. } => LATER,
            TransportError::Cancelled => "Start again: what is already there is found and not written twice.",
            TransportError::NoToken { .. } => "Sign in again, then start again.",
            TransportError::ForeignOrigin { .. } => {
                "Connect to the environment that answers, by the address shown in the Power Platform admin center."
            }
        }
    }
}

/// The service's own words: `{"error":{"code":…,"message":…}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
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

impl ServiceError {
    /// Whether the same request may be sent again.
    #[must_use]
    pub fn retry_class(&self) -> RetryClass {
        advice(self.status, &self.code).class
    }

    /// What to do next, in plain words.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        advice(self.status, &self.code).remedy
    }

    /// A row of that id (or a link between those rows) exists already.
    #[must_use]
    pub fn is_duplicate_key(&self) -> bool {
        self.has_code("0x80040237")
    }

    /// The row was changed since its version was read.
    #[must_use]
    pub fn is_version_mismatch(&self) -> bool {
        self.has_code("0x80060882")
    }

    /// The row, or a row that the request points to, is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status == 404 || self.has_code("0x80040217")
    }

    /// The access token is not accepted: expired, or of another environment.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.status == 401
    }

    /// The user may not do this.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        self.status == 403 || self.has_code("0x80040220")
    }

    /// Too many requests, too much work, or too many at once within the service's window.
    #[must_use]
    pub fn is_throttled(&self) -> bool {
        self.status == 429 || ["0x80072322", "0x80072321", "0x80072326"].iter().any(|c| self.has_code(c))
    }

    /// The file's extension is blocked, or it is too large.
    #[must_use]
    pub fn is_attachment_refused(&self) -> bool {
        self.has_code("0x80043e09") || self.has_code("0x80044a02")
    }

    /// Whether the service's code is `code`, e.g. `0x80040217`.
    #[must_use]
    pub fn has_code(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code)
    }
}
