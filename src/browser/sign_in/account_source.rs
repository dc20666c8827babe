//! Tokens of a signed-in account, asked of the library for each request: it keeps and renews them.

use super::token_source::{Denied, TokenSource};
use crate::protocol::{Credential, Token};
use futures::future::{FutureExt, LocalBoxFuture};
use msal_wasm_bindings::{Account, Application, AuthError, TokenRequest};

/// An account's tokens for one resource.
pub struct AccountSource {
    application: Application,
    account: Account,
    /// For whom the token is, e.g. `https://contoso.crm.dynamics.com/user_impersonation`.
    scope: String,
    /// The tenant that issues it: for a guest not the account's own.
    authority: String,
}

impl AccountSource {
    pub(super) fn new(
        application: Application,
        account: Account,
        scope: String,
        authority: String,
    ) -> AccountSource {
        AccountSource { application, account, scope, authority }
    }

    fn request(&self) -> TokenRequest {
        TokenRequest::new(&self.scope).account(&self.account).authority(&self.authority)
    }
}

impl TokenSource for AccountSource {
    fn credential(&self, renew: bool) -> LocalBoxFuture<'static, Result<Credential, Denied>> {
        let request = if renew { self.request().force_refresh() } else { self.request() };
        let application = self.application.clone();
        async move {
            let signed_in = application.token_silent(&request).await.map_err(Denied::SignIn)?;
            Ok(Credential::Bearer(Token(signed_in.token.secret().to_owned())))
        }
        .boxed_local()
    }

    fn ask_person(&self, denied: &Denied) -> Option<LocalBoxFuture<'static, Result<(), AuthError>>> {
        let request = match denied {
            Denied::SignIn(AuthError { claims: Some(claims), .. }) => self.request().claims(claims),
            _ => self.request(),
        };
        let waiting = self.application.token_popup(&request);
        Some(async move { waiting.await.map(drop) }.boxed_local())
    }
}
