//! CORS as the service has it: every origin, and a fixed list of headers that script can read.

use crate::answer::Answer;
use http::HeaderMap;

/// Recorded from a browser in September 2026. Nothing else of an answer's headers reaches script.
const EXPOSED: &str = "Preference-Applied,OData-EntityId,Location,ETag,OData-Version,Content-Encoding,Transfer-Encoding,\
Content-Length,Retry-After,REQ_ID";

/// The answer to a browser's question before the request.
pub(crate) fn preflight(headers: &HeaderMap) -> Answer {
    let asked =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    Answer { status: 200, ..Answer::default() }
        .with("Access-Control-Allow-Origin", "*")
        .with("Access-Control-Allow-Methods", asked("access-control-request-method"))
        .with("Access-Control-Allow-Headers", asked("access-control-request-headers"))
        .with("Access-Control-Max-Age", "3600")
        .with("Vary", "Origin")
}

/// What every real answer carries.
pub(crate) fn expose(answer: Answer) -> Answer {
    answer.with("Access-Control-Allow-Origin", "*").with("Access-Control-Expose-Headers", EXPOSED)
}
