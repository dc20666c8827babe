//! What a successful sign-in brings.

use crate::{Account, AuthError, raw::fields};
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// A bearer token. Neither `Debug` nor anything else but [`AccessToken::secret`] shows it, so that no log has it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

impl AccessToken {
    /// The token itself, for the `Authorization` header of a request to the resource that it was asked for,
    /// and to nobody else.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(…)")
    }
}

/// A token, and whose and what it is for (`AuthenticationResult`).
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The token.
    pub token: AccessToken,
    /// Who signed in.
    pub account: Account,
    /// When the token ends, in milliseconds since 1970 by this device's clock; 0 where the service did not say.
    pub expires_at: f64,
    /// The id of the tenant that gave it: for a guest another than the home tenant.
    pub tenant: String,
    /// What it permits, e.g. `https://contoso.crm.dynamics.com/user_impersonation`, beside `openid` and the like.
    pub scopes: Vec<String>,
    /// It was kept from an earlier request: nobody was asked.
    pub from_cache: bool,
}

impl SignedIn {
    /// From an `AuthenticationResult`.
    pub(crate) fn read(result: JsValue) -> Result<SignedIn, AuthError> {
        let incomplete = || AuthError::own("incomplete_result");
        let result = fields(result).ok_or_else(incomplete)?;
        let token = result.access_token().filter(|token| !token.is_empty()).ok_or_else(incomplete)?;
        Ok(SignedIn {
            token: AccessToken(token),
            account: Account::new(result.account()).ok_or_else(incomplete)?,
            expires_at: result.expires_on().dyn_ref::<js_sys::Date>().map_or(0.0, js_sys::Date::get_time),
            tenant: result.tenant_id().unwrap_or_default(),
            scopes: texts(&result.scopes()),
            from_cache: result.from_cache().unwrap_or_default(),
        })
    }
}

/// The texts of an array; none of anything else.
fn texts(array: &JsValue) -> Vec<String> {
    let array = array.dyn_ref::<js_sys::Array>();
    array.map(|array| array.iter().filter_map(|text| text.as_string()).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_on_purpose_only() {
        let token = AccessToken("a-secret".to_owned());
        assert_eq!(format!("{token:?}"), "AccessToken(…)");
        assert_eq!(token.secret(), "a-secret");
    }
}
