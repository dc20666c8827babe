//! Errors in the service's own form: an OAuth code, an AADSTS number, and words.

use crate::answer::Answer;
use crate::values::instant_text;
use serde_json::json;
use uuid::Uuid;

/// Why nobody is signed in, or no token comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignInRefusal {
    /// OAuth's: `invalid_grant`.
    pub(super) error: String,
    pub(super) aadsts: u32,
    pub(super) suberror: Option<String>,
    pub(super) text: String,
}

/// What tells one refusal from the next when somebody asks about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trace {
    pub(super) trace_id: Uuid,
    pub(super) correlation_id: Uuid,
    /// Seconds since 1970.
    pub(super) now: i64,
}

impl SignInRefusal {
    pub(super) fn new(error: &str, aadsts: u32, text: impl Into<String>) -> SignInRefusal {
        SignInRefusal { error: error.to_owned(), aadsts, suberror: None, text: text.into() }
    }

    pub(super) fn because(mut self, suberror: &str) -> SignInRefusal {
        self.suberror = Some(suberror.to_owned());
        self
    }

    /// A parameter that has to be there.
    pub(super) fn missing(parameter: &str) -> SignInRefusal {
        let text = format!("The request body must contain the following parameter: '{parameter}'.");
        SignInRefusal::new("invalid_request", 900_144, text)
    }

    /// The user has not let the application act for them, nor has an administrator.
    pub(super) fn no_consent(error: &str, application: Uuid, name: &str) -> SignInRefusal {
        let text = format!(
            "The user or administrator has not consented to use the application with ID '{application}' named \
             '{name}'. Send an interactive authorization request for this user and resource."
        );
        SignInRefusal::new(error, 65_001, text).because("consent_required")
    }

    /// `AADSTS65001: … Trace ID: … Correlation ID: … Timestamp: …`
    pub(super) fn description(&self, trace: Trace) -> String {
        let Trace { trace_id, correlation_id, now } = trace;
        format!(
            "AADSTS{}: {} Trace ID: {trace_id} Correlation ID: {correlation_id} Timestamp: {}",
            self.aadsts,
            self.text,
            timestamp(now)
        )
    }

    /// The answer of an endpoint that programs ask.
    pub(super) fn answer(&self, trace: Trace) -> Answer {
        let mut body = json!({
            "error": self.error,
            "error_description": self.description(trace),
            "error_codes": [self.aadsts],
            "timestamp": timestamp(trace.now),
            "trace_id": trace.trace_id,
            "correlation_id": trace.correlation_id,
            "error_uri": format!("https://login.microsoftonline.com/error?code={}", self.aadsts),
        });
        if let Some(suberror) = &self.suberror {
            body["suberror"] = json!(suberror);
        }
        let status = if self.error == "invalid_client" { 401 } else { 400 };
        super::json_answer(status, &body)
    }
}

/// `2026-11-27 03:20:00Z`
fn timestamp(now: i64) -> String {
    instant_text(now).replace('T', " ")
}
