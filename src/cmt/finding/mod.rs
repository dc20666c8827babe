//! What was unusual about a file and how it was read all the same.

mod findings;
mod model;

pub(crate) use findings::{Findings, Place, Subject};
pub use model::{Finding, Severity};
