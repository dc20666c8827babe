//! What a token is asked for.

use crate::Account;
use serde::Serialize;

/// A request for one resource's token (`PopupRequest`, `RedirectRequest`, `SilentRequest`).
///
/// ```
/// use msal_wasm_bindings::{Prompt, TokenRequest};
/// let request = TokenRequest::new("https://contoso.crm.dynamics.com/user_impersonation")
///     .authority("https://login.microsoftonline.com/contoso.onmicrosoft.com")
///     .prompt(Prompt::SelectAccount);
/// ```
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequest {
    scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<Prompt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login_hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_expiration_offset_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_lookup_policy: Option<u8>,
    force_refresh: bool,
    /// Else a popup that was closed, or a reload, blocks the next try.
    override_interaction_in_progress: bool,
    /// Travels as the library's own object.
    #[serde(skip)]
    pub(crate) account: Option<Account>,
}

/// What the sign-in page asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Which account.
    SelectAccount,
    /// The password again.
    Login,
    /// The permissions again.
    Consent,
}

/// `CacheLookupPolicy.AccessTokenAndRefreshToken`
const WITHOUT_FRAME: u8 = 2;

impl TokenRequest {
    /// For this scope, e.g. `https://contoso.crm.dynamics.com/user_impersonation`. The library adds what it
    /// needs for itself (`openid`, `profile`, `offline_access`).
    #[must_use]
    pub fn new(scope: &str) -> TokenRequest {
        TokenRequest {
            scopes: vec![scope.to_owned()],
            authority: None,
            prompt: None,
            login_hint: None,
            claims: None,
            correlation_id: None,
            refresh_token_expiration_offset_seconds: None,
            cache_lookup_policy: None,
            force_refresh: false,
            override_interaction_in_progress: true,
            account: None,
        }
    }

    /// For this scope too; a token is for one resource, so it must be another scope of the same.
    #[must_use]
    pub fn scope(mut self, scope: &str) -> TokenRequest {
        self.scopes.push(scope.to_owned());
        self
    }

    /// For this account.
    #[must_use]
    pub fn account(mut self, account: &Account) -> TokenRequest {
        self.account = Some(account.clone());
        self
    }

    /// At this authority: a guest's tenant. Name the tenant by its id: by its domain
    /// [`Application::token_silent`](crate::Application::token_silent) cannot tell whether a token that was kept is of it.
    #[must_use]
    pub fn authority(mut self, authority: &str) -> TokenRequest {
        self.authority = Some(authority.to_owned());
        self
    }

    /// The id of the tenant, if the authority names one.
    pub(crate) fn tenant(&self) -> Option<String> {
        let (_, last) = self.authority.as_deref()?.trim_end_matches('/').rsplit_once('/')?;
        is_guid(last).then(|| last.to_ascii_lowercase())
    }

    /// Asks this.
    #[must_use]
    pub fn prompt(mut self, prompt: Prompt) -> TokenRequest {
        self.prompt = Some(prompt);
        self
    }

    /// Proposes this user name on the sign-in page.
    #[must_use]
    pub fn login_hint(mut self, username: &str) -> TokenRequest {
        self.login_hint = Some(username.to_owned());
        self
    }

    /// With the claims an [`AuthError`](crate::AuthError) or a 401 asked for.
    #[must_use]
    pub fn claims(mut self, claims: &str) -> TokenRequest {
        self.claims = Some(claims.to_owned());
        self
    }

    /// Under this id in the sign-in log, a GUID; else the library makes one.
    #[must_use]
    pub fn correlation_id(mut self, id: &str) -> TokenRequest {
        self.correlation_id = Some(id.to_owned());
        self
    }

    /// A new token even if the old one is still good. Of [`Application::token_silent`](crate::Application::token_silent).
    #[must_use]
    pub fn force_refresh(mut self) -> TokenRequest {
        self.force_refresh = true;
        self
    }

    /// Fails with `refresh_token_expired` if silent renewal will end within so many seconds, so that the person
    /// signs in before a long work and not in the middle of it. Looked at only when a token is renewed: go with
    /// [`TokenRequest::force_refresh`]. Of [`Application::token_silent`](crate::Application::token_silent).
    #[must_use]
    pub fn renewable_for(mut self, seconds: u32) -> TokenRequest {
        self.refresh_token_expiration_offset_seconds = Some(seconds);
        self
    }

    /// Does not try a hidden frame where the refresh token is refused. The frame needs cookies that browsers
    /// block for third parties, takes up to ten seconds to fail, and hides why the token was refused behind a
    /// `login_required`. Of [`Application::token_silent`](crate::Application::token_silent).
    #[must_use]
    pub fn without_frame(mut self) -> TokenRequest {
        self.cache_lookup_policy = Some(WITHOUT_FRAME);
        self
    }
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPE: &str = "https://contoso.crm.dynamics.com/user_impersonation";

    #[test]
    fn what_is_not_set_is_left_out() {
        let request = TokenRequest::new(SCOPE).prompt(Prompt::SelectAccount);
        let expected = serde_json::json!({
            "scopes": [SCOPE],
            "prompt": "select_account",
            "forceRefresh": false,
            "overrideInteractionInProgress": true,
        });
        assert_eq!(serde_json::to_value(request).unwrap(), expected);
    }

    #[test]
    fn an_authority_names_a_tenant_by_its_id_only() {
        let tenant = |authority: &str| TokenRequest::new(SCOPE).authority(authority).tenant();
        let id = "aaaaaaaa-2222-4222-8222-222222222222";
        assert_eq!(tenant(&format!("https://login.microsoftonline.com/{id}/")).as_deref(), Some(id));
        assert_eq!(
            tenant(&format!("https://login.microsoftonline.com/{}", id.to_uppercase())).as_deref(),
            Some(id)
        );
        assert_eq!(tenant("https://login.microsoftonline.com/contoso.onmicrosoft.com"), None);
        assert_eq!(tenant("https://login.microsoftonline.com/organizations"), None);
        assert_eq!(TokenRequest::new(SCOPE).tenant(), None);
    }

    #[test]
    fn what_is_set_has_the_librarys_names() {
        let request = TokenRequest::new(SCOPE)
            .scope("another")
            .authority("https://login.microsoftonline.com/contoso.example")
            .login_hint("meike@contoso.example")
            .claims("{}")
            .correlation_id("an-id")
            .force_refresh()
            .renewable_for(3600)
            .without_frame();
        let expected = serde_json::json!({
            "scopes": [SCOPE, "another"],
            "authority": "https://login.microsoftonline.com/contoso.example",
            "loginHint": "meike@contoso.example",
            "claims": "{}",
            "correlationId": "an-id",
            "refreshTokenExpirationOffsetSeconds": 3600,
            "cacheLookupPolicy": 2,
            "forceRefresh": true,
            "overrideInteractionInProgress": true,
        });
        assert_eq!(serde_json::to_value(request).unwrap(), expected);
    }
}
