//! Which tokens are accepted: any, until it expires.

use crate::error::Refusal;
use http::Request;
use http::header::AUTHORIZATION;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Tokens by their text.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    first_seen: HashMap<String, Duration>,
    expired: HashSet<String>,
}

impl Tokens {
    /// Does not accept the request's token any more.
    pub(super) fn expire(&mut self, request: &Request<Vec<u8>>) {
        self.expired.extend(token(request));
    }

    /// Refuses a token that expired. Who sends none is refused by the environment.
    pub(super) fn refuse(
        &mut self,
        request: &Request<Vec<u8>>,
        now: Duration,
        life: Option<Duration>,
    ) -> Option<Refusal> {
        let token = token(request)?;
        let first = *self.first_seen.entry(token.clone()).or_insert(now);
        let too_old = life.is_some_and(|life| now.saturating_sub(first) >= life);
        (too_old || self.expired.contains(&token)).then(Refusal::expired_token)
    }
}

fn token(request: &Request<Vec<u8>>) -> Option<String> {
    let value = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    Some(value.split_once(' ')?.1.trim().to_owned())
}
