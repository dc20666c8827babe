//! A pasted token: kept in memory, never renewed.

use super::token_source::{Denied, TokenSource};
use crate::protocol::{Credential, Token};
use futures::future::{FutureExt, LocalBoxFuture, ready};
use msal_wasm_bindings::AuthError;

/// A token that somebody got by other means.
pub struct PastedSource {
    token: Token,
    /// Seconds since 1970, where the token tells it.
    ends: Option<i64>,
    now: fn() -> i64,
}

impl PastedSource {
    /// A token that ends then (seconds since 1970, if known). `now` tells the same.
    #[must_use]
    pub fn new(token: &str, ends: Option<i64>, now: fn() -> i64) -> PastedSource {
        PastedSource { token: Token(token.to_owned()), ends, now }
    }

    fn current(&self, refused: bool) -> Result<Credential, Denied> {
        let ended = self.ends.is_some_and(|ends| ends <= (self.now)());
        if ended || refused { Err(Denied::TokenEnded) } else { Ok(Credential::Bearer(self.token.clone())) }
    }
}

impl TokenSource for PastedSource {
    fn credential(&self, renew: bool) -> LocalBoxFuture<'static, Result<Credential, Denied>> {
        ready(self.current(renew)).boxed_local()
    }

    fn ask_person(&self, _: &Denied) -> Option<LocalBoxFuture<'static, Result<(), AuthError>>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;

    fn source(ends: Option<i64>) -> PastedSource {
        PastedSource::new("pasted", ends, || 1_000)
    }

    #[test]
    fn a_pasted_token_is_handed_out_until_it_ends() {
        let held = Ok(Credential::Bearer(Token("pasted".into())));
        assert_eq!(block_on(source(None).credential(false)), held);
        assert_eq!(block_on(source(Some(1_001)).credential(false)), held);
        assert_eq!(block_on(source(Some(1_000)).credential(false)), Err(Denied::TokenEnded));
    }

    #[test]
    fn one_that_was_refused_is_not_handed_out_again() {
        assert_eq!(block_on(source(None).credential(true)), Err(Denied::TokenEnded));
        assert!(source(None).ask_person(&Denied::TokenEnded).is_none());
    }
}
