//! What a successful sign-in brings.

use crate::{Account, AuthError, raw::fields};
use wasm_bindgen::{JsCast, JsValue};

/// An access token and whose it is. `Debug` hides it.
#[derive(Clone)]
pub struct SignedIn {
    /// The bearer token: for the resource it was asked for, and for nobody else.
    pub access_token: String,
    /// Who signed in.
    pub account: Account,
    /// When the token ends, in milliseconds since 1970 by this device's clock.
    pub expires_at: f64,
}

impl SignedIn {
    /// From an `AuthenticationResult`.
    pub(crate) fn read(result: JsValue) -> Result<SignedIn, AuthError> {
        let incomplete = || AuthError::incomplete("the sign-in brought no account or no token");
        let result = fields(result).ok_or_else(incomplete)?;
        Ok(SignedIn {
            access_token: result.access_token().filter(|token| !token.is_empty()).ok_or_else(incomplete)?,
            account: Account::new(result.account()).ok_or_else(incomplete)?,
            expires_at: result.expires_on().dyn_ref::<js_sys::Date>().map_or(0.0, js_sys::Date::get_time),
        })
    }
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}
