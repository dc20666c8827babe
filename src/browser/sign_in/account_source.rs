//! Tokens of a signed-in account, asked of the library for each request: it keeps and renews them.

use super::token_source::{Denied, TokenSource};
use crate::protocol::{Credential, Token};
use dataverse::Cloud;
use futures::future::{FutureExt, LocalBoxFuture};
use msal_wasm_bindings::{Account, Application, AuthError, TokenRequest};
use std::cell::RefCell;
use std::rc::Rc;

/// An account's tokens for one resource.
pub struct AccountSource {
    application: Application,
    account: Account,
    /// For whom the token is, e.g. `https://contoso.crm.dynamics.com/user_impersonation`.
    scope: String,
    cloud: Cloud,
    /// Who issues it: for a guest not the account's own tenant. A domain gives way to the id that the first token tells:
    /// the library finds what it has kept by ids only.
    tenant: Rc<RefCell<String>>,
}

impl AccountSource {
    /// `account`'s tokens for what stands at `origin`, issued by `tenant`, which is named by its id or a domain.
    pub(super) fn new(
        application: Application,
        account: Account,
        (cloud, origin): (Cloud, &str),
        tenant: &str,
    ) -> AccountSource {
        let tenant = Rc::new(RefCell::new(tenant.to_owned()));
        AccountSource { application, account, scope: Cloud::scope(origin), cloud, tenant }
    }

    fn request(&self) -> TokenRequest {
        let authority = self.cloud.authority(Some(&self.tenant.borrow()));
        TokenRequest::new(&self.scope).account(&self.account).authority(&authority)
    }
}

impl TokenSource for AccountSource {
    fn credential(&self, renew: bool) -> LocalBoxFuture<'static, Result<Credential, Denied>> {
        // A hidden frame seldom helps, and hides why the service refused.
        let request = self.request().without_frame();
        let request = if renew { request.force_refresh() } else { request };
        let (application, tenant) = (self.application.clone(), self.tenant.clone());
        async move {
            let signed_in = application.token_silent(&request).await.map_err(Denied::SignIn)?;
            if !signed_in.tenant.is_empty() {
                tenant.replace(signed_in.tenant);
            }
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
