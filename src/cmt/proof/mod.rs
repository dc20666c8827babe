//! Tests of the whole crate: real packages, damaged files, any record that can be made.

pub(crate) mod corpus;
mod damage;
mod hazards;
mod rebuilding;
mod round_trip;
pub(crate) mod testing;
