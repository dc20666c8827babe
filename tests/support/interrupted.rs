//! Weather in which all goes well at first, until something ends the run.

use dataverse_emulator::{Fault, Rule, Weather};

/// After so many requests, no further one arrives.
#[must_use]
pub fn cut_before(requests: u64) -> Weather {
    Weather::calm().rule(Rule::from_number(requests + 1, Fault::Cut))
}

/// After so many requests, one is carried out but its answer is lost, and no further one arrives.
#[must_use]
pub fn cut_after(requests: u64) -> Weather {
    let lost = Rule::only(requests + 1, Fault::Lost);
    Weather::calm().rule(lost).rule(Rule::from_number(requests + 2, Fault::Cut))
}

/// After so many requests, no token is accepted any more, a fresh one neither.
#[must_use]
pub fn signed_out_after(requests: u64) -> Weather {
    Weather::calm().rule(Rule::from_number(requests + 1, Fault::TokenExpired))
}
