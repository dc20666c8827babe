//! A pasted token: kept in memory, never renewed.

use super::token_source::{Denied, TokenSource};
use crate::protocol::{Credential, Token};
use dataverse::PastedToken;
use futures::future::{FutureExt, LocalBoxFuture, ready};
use msal_wasm_bindings::AuthError;

/// A token that somebody got by other means.
pub struct PastedSource {
    token: PastedToken,
    now: fn() -> u64,
}

impl PastedSource {
    /// Hands out that token until it ends; `now` tells the seconds since 1970.
    #[must_use]
    pub fn new(token: PastedToken, now: fn() -> u64) -> PastedSource {
        PastedSource { token, now }
    }

    fn current(&self, refused: bool) -> Result<Credential, Denied> {
        let ended = self.token.claims().is_some_and(|claims| claims.expires <= (self.now)());
        let token = || Token(self.token.secret().to_owned());
        if ended || refused { Err(Denied::TokenEnded) } else { Ok(Credential::Bearer(token())) }
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
    use base64::Engine;
    use dataverse::EnvironmentUrl;
    use futures::executor::block_on;

    fn token(typed: &str, address: &str) -> PastedToken {
        PastedToken::read(typed, &EnvironmentUrl::parse(address).unwrap(), 0).unwrap()
    }

    /// For an environment in the cloud; ends a thousand seconds after 1970.
    fn checked() -> PastedToken {
        let claims = r#"{"aud":"https://contoso.crm.dynamics.com","exp":1000}"#;
        let part = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
        let jwt = format!("{}.{}.c2lnbmF0dXJl", part(r#"{"alg":"RS256","typ":"JWT"}"#), part(claims));
        token(&jwt, "contoso.crm.dynamics.com")
    }

    #[test]
    fn a_pasted_token_is_handed_out_until_it_ends() {
        let held = |token: &PastedToken| Ok(Credential::Bearer(Token(token.secret().to_owned())));
        let before = PastedSource::new(checked(), || 999);
        assert_eq!(block_on(before.credential(false)), held(&checked()));
        let after = PastedSource::new(checked(), || 1_000);
        assert_eq!(block_on(after.credential(false)), Err(Denied::TokenEnded));
    }

    #[test]
    fn one_that_tells_no_end_is_handed_out_until_it_is_refused() {
        let source = PastedSource::new(token("any", "localhost:9401"), || u64::MAX);
        assert_eq!(block_on(source.credential(false)), Ok(Credential::Bearer(Token("any".into()))));
        assert_eq!(block_on(source.credential(true)), Err(Denied::TokenEnded));
        assert!(source.ask_person(&Denied::TokenEnded).is_none());
    }
}
