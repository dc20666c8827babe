//! Answers of what stands before the service.

use super::faults::Gateway;
use crate::answer::Answer;
use crate::cors;

/// No JSON and nothing of the service's headers: a client must do with the status. Whether a page may read it is
/// not published; here it may, as a page that may not sees a cut, which is a fault of its own.
pub(super) fn answer(gateway: Gateway) -> Answer {
    let (status, name) = gateway.status();
    let body =
        format!("<!DOCTYPE html><html><head><title>{status} {name}</title></head><body></body></html>");
    let answer = Answer { status, headers: Vec::new(), body: body.into_bytes() };
    cors::expose(answer.with("Content-Type", "text/html"))
}
