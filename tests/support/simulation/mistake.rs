//! Mistakes that an engine could make, made on purpose: each is laid over the engine's own work from outside, so that
//! the product knows nothing of it.

use http::{Request, Response};
use migration::ImportReport;

/// A mistake. Every way in which an engine meets the outside can be bent.
pub trait Mistake {
    /// A request that is about to leave may be changed, or be answered without having left.
    fn bend_request(&mut self, _request: &mut Request<Vec<u8>>) -> Option<Response<Vec<u8>>> {
        None
    }

    /// Whether this line of the journal is kept only with the next one.
    fn holds_back(&mut self, _line: &[u8]) -> bool {
        false
    }

    /// The report may be changed.
    fn bend_report(&mut self, _report: &mut ImportReport) {}
}

/// The engine as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMistake;

impl Mistake for NoMistake {}
