//! What a token is asked for.

use crate::Account;
use serde::Serialize;

/// A request for one resource's token (`PopupRequest`, `RedirectRequest`, `SilentRequest`).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequest {
    scopes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<Prompt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
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

impl TokenRequest {
    /// For this scope, e.g. `https://contoso.crm.dynamics.com/user_impersonation`.
    #[must_use]
    pub fn new(scope: &str) -> TokenRequest {
        TokenRequest {
            scopes: vec![scope.to_owned()],
            authority: None,
            prompt: None,
            claims: None,
            force_refresh: false,
            override_interaction_in_progress: true,
            account: None,
        }
    }

    /// For this account.
    #[must_use]
    pub fn account(mut self, account: &Account) -> TokenRequest {
        self.account = Some(account.clone());
        self
    }

    /// At this authority: a guest's tenant.
    #[must_use]
    pub fn authority(mut self, authority: &str) -> TokenRequest {
        self.authority = Some(authority.to_owned());
        self
    }

    /// Asks this.
    #[must_use]
    pub fn prompt(mut self, prompt: Prompt) -> TokenRequest {
        self.prompt = Some(prompt);
        self
    }

    /// With the claims an [`AuthError`](crate::AuthError) or a 401 asked for.
    #[must_use]
    pub fn claims(mut self, claims: &str) -> TokenRequest {
        self.claims = Some(claims.to_owned());
        self
    }

    /// A new token even if the old one is still good.
    #[must_use]
    pub fn force_refresh(mut self) -> TokenRequest {
        self.force_refresh = true;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_left_out() {
        let request = TokenRequest::new("https://contoso.crm.dynamics.com/user_impersonation")
            .prompt(Prompt::SelectAccount);
        let expected = serde_json::json!({
            "scopes": ["https://contoso.crm.dynamics.com/user_impersonation"],
            "prompt": "select_account",
            "forceRefresh": false,
            "overrideInteractionInProgress": true,
        });
        assert_eq!(serde_json::to_value(request).unwrap(), expected);
    }
}
