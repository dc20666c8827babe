//! The application: signs in, hands out tokens, signs out.

use crate::account::AccountFilter;
use crate::plain_object::plain_object;
use crate::raw::{Fields, Pca};
use crate::{Account, AuthError, Event, Listening, Options, SignedIn, TokenRequest};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// `PublicClientApplication`, initialized.
///
/// **Popups.** Call `…_popup` inside the click: the window opens before the call returns, and the future only
/// waits for it. Dropping the future harms nothing: the window stays, and what comes of it is kept. A person who
/// closes the window tells nobody, so the future then waits on: offer a button that calls
/// [`Application::cancel_popup`]. A new popup ends the one that waits.
#[derive(Clone)]
pub struct Application {
    pca: Pca,
    /// All applications of an origin share one store of accounts: these are the cloud's.
    of_this_cloud: AccountFilter,
}

impl Application {
    pub(crate) fn new(pca: Pca, options: &Options) -> Application {
        Application { pca, of_this_cloud: AccountFilter::of_cloud(options.host()) }
    }

    pub(crate) async fn initialize(&self) -> Result<(), AuthError> {
        self.pca.initialize().await.map(drop).map_err(AuthError::read)
    }

    /// Takes in the answer of a redirect. Ask once at every start of the page, before anything else: it also
    /// clears away what a reload in the middle of a popup left behind.
    ///
    /// The bridge page has brought the person back to the very address they left, with its query and fragment;
    /// whose token it is and of which tenant and resource stands in the answer. `None` if nobody came back.
    ///
    /// # Errors
    /// The sign-in that ended so has failed.
    pub async fn finish_redirect(&self) -> Result<Option<SignedIn>, AuthError> {
        let result = match self.pca.handle_redirect_promise().await.map_err(AuthError::read) {
            // A popup was open when the page was left: the mark is there, the request of a redirect is not.
            Err(error) if error.code == "no_token_request_cache_error" => return Ok(None),
            result => result?,
        };
        if result.is_null() || result.is_undefined() { Ok(None) } else { SignedIn::read(result).map(Some) }
    }

    /// Everybody who is signed in at the application's cloud, one entry for each tenant.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        let everybody = plain_object(&self.of_this_cloud);
        let accounts = everybody.ok().and_then(|filter| self.pca.get_all_accounts(&filter).ok());
        accounts.unwrap_or_default().iter().filter_map(Account::new).collect()
    }

    /// One person in one tenant, by [`Account::home_account_id`] and [`Account::tenant_id`].
    #[must_use]
    pub fn account(&self, home_account_id: &str, tenant_id: &str) -> Option<Account> {
        let filter = plain_object(&self.of_this_cloud.one(home_account_id, tenant_id)).ok()?;
        Account::new(self.pca.get_account(&filter).ok()?)
    }

    /// Signs in with a window.
    ///
    /// # Errors
    /// The window was blocked, cancelled, or the sign-in refused.
    pub fn sign_in_popup(
        &self,
        request: &TokenRequest,
    ) -> impl Future<Output = Result<SignedIn, AuthError>> + use<> {
        signed_in(opened(request, |request| self.pca.login_popup(request)))
    }

    /// Asks for a further permission or resource with a window.
    ///
    /// # Errors
    /// The window was blocked, cancelled, or the token refused.
    pub fn token_popup(
        &self,
        request: &TokenRequest,
    ) -> impl Future<Output = Result<SignedIn, AuthError>> + use<> {
        signed_in(opened(request, |request| self.pca.acquire_token_popup(request)))
    }

    /// Ends the popup that waits: its window closes where the browser still lets it, and its future fails with
    /// [`Reason::Cancelled`](crate::Reason::Cancelled). Happens at once; the future resolves when another sign-in
    /// may begin, which only redirects and signing out need to wait for.
    pub fn cancel_popup(&self) -> impl Future<Output = ()> + use<> {
        let ended = self.pca.cancel_popup();
        async move {
            if let Ok(ended) = ended {
                // It never fails: how the popup ended is told to whom it was opened for.
                let _ = JsFuture::from(ended).await;
            }
        }
    }

    /// Leaves the page for the sign-in page; [`Application::finish_redirect`] goes on after the return. Ends a
    /// popup that waits.
    ///
    /// # Errors
    /// The request is refused before the page is left, or the person came back with the browser's button.
    pub async fn sign_in_redirect(&self, request: &TokenRequest) -> Result<(), AuthError> {
        let request = request_object(request)?;
        self.cancel_popup().await;
        self.pca.login_redirect(&request).await.map(drop).map_err(AuthError::read)
    }

    /// Asks for a further permission or resource, as [`Application::sign_in_redirect`] does.
    ///
    /// # Errors
    /// The request is refused before the page is left, or the person came back with the browser's button.
    pub async fn token_redirect(&self, request: &TokenRequest) -> Result<(), AuthError> {
        let request = request_object(request)?;
        self.cancel_popup().await;
        self.pca.acquire_token_redirect(&request).await.map(drop).map_err(AuthError::read)
    }

    /// A token without asking the person: kept, or renewed. The request must name the account. Ask for each
    /// request to the resource and keep no token: it takes milliseconds.
    ///
    /// # Errors
    /// With `interaction_required` where only the person can go on.
    pub async fn token_silent(&self, request: &TokenRequest) -> Result<SignedIn, AuthError> {
        let request = request_object(&self.in_its_tenant(request))?;
        SignedIn::read(self.pca.acquire_token_silent(&request).await.map_err(AuthError::read)?)
    }

    /// The library looks for a kept token in the tenant of the account, whatever the authority says: it would hand
    /// a guest the token of the home tenant, or find none and renew at each request. So the account goes along as
    /// the one it is in that tenant; as long as it is not known there, nothing that was kept can be meant.
    fn in_its_tenant(&self, request: &TokenRequest) -> TokenRequest {
        let (Some(account), Some(tenant)) = (&request.account, request.tenant()) else {
            return request.clone();
        };
        if account.tenant_id() == tenant {
            return request.clone();
        }
        match self.account(&account.home_account_id(), &tenant) {
            Some(there) => request.clone().account(&there),
            None => request.clone().force_refresh(),
        }
    }

    /// Forgets the account's tokens in this browser; the person stays signed in at Microsoft.
    ///
    /// # Errors
    /// The browser's storage failed.
    pub async fn forget(&self, account: &Account) -> Result<(), AuthError> {
        self.pca.clear_cache(&of_account(account)).await.map(drop).map_err(AuthError::read)
    }

    /// Signs out at Microsoft too, with a window. This browser forgets the account even if the window is closed.
    ///
    /// # Errors
    /// The window was blocked, or another popup waits: await [`Application::cancel_popup`] before.
    pub fn sign_out_popup(&self, account: &Account) -> impl Future<Output = Result<(), AuthError>> + use<> {
        let opened = self.pca.logout_popup(&of_account(account)).map_err(AuthError::read);
        async move { JsFuture::from(opened?).await.map(drop).map_err(AuthError::read) }
    }

    /// Signs out at Microsoft too, and leaves the page for it; it comes back to the folder of the bridge page.
    ///
    /// # Errors
    /// It is refused before the page is left.
    pub async fn sign_out_redirect(&self, account: &Account) -> Result<(), AuthError> {
        self.cancel_popup().await;
        self.pca.logout_redirect(&of_account(account)).await.map(drop).map_err(AuthError::read)
    }

    /// Calls back at events of this application, and of the same application in other tabs, until the guard is
    /// dropped.
    #[must_use = "dropping the guard ends the listening"]
    pub fn on_event(&self, callback: impl Fn(Event) + 'static) -> Listening {
        Listening::new(&self.pca, callback)
    }
}

/// The promise of a window that was opened for the request.
fn opened(
    request: &TokenRequest,
    open: impl FnOnce(&JsValue) -> Result<js_sys::Promise, JsValue>,
) -> Result<js_sys::Promise, AuthError> {
    open(&request_object(request)?).map_err(AuthError::read)
}

async fn signed_in(opened: Result<js_sys::Promise, AuthError>) -> Result<SignedIn, AuthError> {
    SignedIn::read(JsFuture::from(opened?).await.map_err(AuthError::read)?)
}

/// The account goes along as the library's own object.
fn request_object(request: &TokenRequest) -> Result<JsValue, AuthError> {
    let object: Fields = plain_object(request)?.unchecked_into();
    if let Some(account) = &request.account {
        object.set_account(account.object());
    }
    Ok(object.into())
}

/// `ClearCacheRequest`, `EndSessionRequest`
fn of_account(account: &Account) -> JsValue {
    let request: Fields = JsValue::from(js_sys::Object::new()).unchecked_into();
    request.set_account(account.object());
    request.into()
}
