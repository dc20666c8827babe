//! A token that somebody pasted: what it says of itself, and whether it is one for the environment.
//!
//! Nobody's signature is checked here: the environment does that. This tells people beforehand what it would refuse.

mod claims;
mod refused;

pub use claims::TokenClaims;
pub use refused::TokenRefused;

use crate::EnvironmentUrl;
use claims::Payload;
use serde_json::Value;
use std::fmt;

/// An access token in its bare form. To be kept in memory only.
#[derive(Clone, PartialEq, Eq)]
pub struct PastedToken {
    secret: String,
    claims: Option<TokenClaims>,
}

impl fmt::Debug for PastedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PastedToken").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl PastedToken {
    /// Reads what was pasted for `environment`: the token itself, also after `Bearer`, within quotes, broken into lines,
    /// or in the JSON that `az account get-access-token` prints. `now` is in seconds since 1970.
    ///
    /// On this computer any text is a token: an emulator asks for no more.
    ///
    /// # Errors
    /// [`TokenRefused`] where the environment would not accept it.
    pub fn read(pasted: &str, environment: &EnvironmentUrl, now: u64) -> Result<PastedToken, TokenRefused> {
        let secret = bare(pasted);
        if secret.is_empty() {
            return Err(TokenRefused::Nothing);
        }
        if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenRefused::NoToken);
        }
        if environment.is_local() {
            return Ok(PastedToken { secret, claims: None });
        }
        let claims = Payload::of(&secret)?.claims(environment, now)?;
        Ok(PastedToken { secret, claims: Some(claims) })
    }

    /// The token, for the `Authorization` header of requests to that environment and for nothing else.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// What it says of itself; `None`: it was not checked.
    #[must_use]
    pub fn claims(&self) -> Option<&TokenClaims> {
        self.claims.as_ref()
    }
}

/// The token alone. No token has white space in it, but a terminal breaks it into lines.
fn bare(pasted: &str) -> String {
    let pasted = from_json(pasted).unwrap_or_else(|| pasted.to_owned());
    let words = pasted.split_whitespace().map(|word| word.trim_matches(['"', '\'', '`']));
    words.skip_while(|word| BEFORE_IT.iter().any(|before| word.eq_ignore_ascii_case(before))).collect()
}

/// What stands before a token in a header.
const BEFORE_IT: [&str; 3] = ["", "authorization:", "bearer"];

/// `{"accessToken": "…"}` of Azure's command line, `{"access_token": "…"}` of the sign-in service.
fn from_json(pasted: &str) -> Option<String> {
    let found: Value = serde_json::from_str(pasted.trim()).ok()?;
    let token = found.get("accessToken").or_else(|| found.get("access_token"))?;
    token.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
