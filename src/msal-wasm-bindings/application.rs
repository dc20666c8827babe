//! The application: signs in, hands out tokens, signs out.

use crate::raw::{self, Fields, Module, Pca};
use crate::{Account, AuthError, Options, SignedIn, TokenRequest};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The loaded library.
#[derive(Clone)]
pub struct Msal {
    module: Module,
}

impl Msal {
    /// Loads the bundle from an address relative to the page.
    ///
    /// # Errors
    /// It cannot be had, or is something else.
    pub async fn load(address: &str) -> Result<Msal, AuthError> {
        let module = raw::load(address).await.map_err(AuthError::read)?;
        Ok(Msal { module: module.unchecked_into() })
    }

    /// The library's version, e.g. `5.29.0`.
    #[must_use]
    pub fn version(&self) -> String {
        self.module.version().unwrap_or_default()
    }

    /// Makes the application. A page needs one, for any number of accounts.
    ///
    /// # Errors
    /// The options are refused, or the browser lacks what sign-in needs.
    pub async fn application(&self, options: &Options) -> Result<Application, AuthError> {
        let arguments = js_sys::Array::of1(&plain_object(options)?);
        let made = js_sys::Reflect::construct(&self.module.application_class(), &arguments);
        let pca: Pca = made.map_err(AuthError::read)?.unchecked_into();
        pca.initialize().await.map_err(AuthError::read)?;
        Ok(Application { pca })
    }
}

/// `PublicClientApplication`, initialized.
#[derive(Clone)]
pub struct Application {
    pca: Pca,
}

impl Application {
    /// Takes in the answer if the page was opened by a redirect back from the sign-in page; ask once at start.
    ///
    /// # Errors
    /// The sign-in that ended so has failed.
    pub async fn finish_redirect(&self) -> Result<Option<SignedIn>, AuthError> {
        let result = self.pca.handle_redirect_promise().await.map_err(AuthError::read)?;
        if result.is_null() || result.is_undefined() { Ok(None) } else { SignedIn::read(result).map(Some) }
    }

    /// Everybody who is signed in, one entry for each tenant.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        let accounts = self.pca.get_all_accounts().unwrap_or_default();
        accounts.iter().filter_map(Account::new).collect()
    }

    /// Signs in with a window. Call it inside the click: the window opens before this returns, the future
    /// only waits for it.
    ///
    /// # Errors
    /// The window was blocked, closed, or the sign-in refused.
    pub fn sign_in_popup(
        &self,
        request: &TokenRequest,
    ) -> impl Future<Output = Result<SignedIn, AuthError>> + use<> {
        let opened = request_object(request).and_then(|r| self.pca.login_popup(&r).map_err(AuthError::read));
        wait_for(opened)
    }

    /// Asks for a further permission or resource with a window, as [`Application::sign_in_popup`] does.
    ///
    /// # Errors
    /// The window was blocked, closed, or the token refused.
    pub fn token_popup(
        &self,
        request: &TokenRequest,
    ) -> impl Future<Output = Result<SignedIn, AuthError>> + use<> {
        let opened =
            request_object(request).and_then(|r| self.pca.acquire_token_popup(&r).map_err(AuthError::read));
        wait_for(opened)
    }

    /// Leaves the page for the sign-in page; [`Application::finish_redirect`] goes on after the return.
    ///
    /// # Errors
    /// The request is refused before the page is left.
    pub async fn sign_in_redirect(&self, request: &TokenRequest) -> Result<(), AuthError> {
        let request = request_object(request)?;
        self.pca.login_redirect(&request).await.map(drop).map_err(AuthError::read)
    }

    /// A token without asking the person: kept, or renewed. Ask for each request; it takes milliseconds.
    ///
    /// # Errors
    /// With `interaction_required` where only the person can go on.
    pub async fn token_silent(&self, request: &TokenRequest) -> Result<SignedIn, AuthError> {
        let request = request_object(request)?;
        SignedIn::read(self.pca.acquire_token_silent(&request).await.map_err(AuthError::read)?)
    }

    /// Forgets the account's tokens in this browser; the person stays signed in at Microsoft.
    ///
    /// # Errors
    /// The browser's storage failed.
    pub async fn forget(&self, account: &Account) -> Result<(), AuthError> {
        self.pca
            .clear_cache(&with_account(js_sys::Object::new().into(), Some(account)))
            .await
            .map_err(AuthError::read)?;
        Ok(())
    }

    /// Signs out at Microsoft too, with a window. Call it inside the click.
    ///
    /// # Errors
    /// The window was blocked or closed.
    pub fn sign_out_popup(&self, account: &Account) -> impl Future<Output = Result<(), AuthError>> + use<> {
        let request = with_account(js_sys::Object::new().into(), Some(account));
        let opened = self.pca.logout_popup(&request).map_err(AuthError::read);
        async move { JsFuture::from(opened?).await.map(drop).map_err(AuthError::read) }
    }
}

async fn wait_for(opened: Result<js_sys::Promise, AuthError>) -> Result<SignedIn, AuthError> {
    SignedIn::read(JsFuture::from(opened?).await.map_err(AuthError::read)?)
}

fn request_object(request: &TokenRequest) -> Result<JsValue, AuthError> {
    Ok(with_account(plain_object(request)?, request.account.as_ref()))
}

/// The account goes along as the library's own object.
fn with_account(object: JsValue, account: Option<&Account>) -> JsValue {
    let object: Fields = object.unchecked_into();
    if let Some(account) = account {
        object.set_account(account.object());
    }
    object.into()
}

fn plain_object<T: Serialize>(value: &T) -> Result<JsValue, AuthError> {
    let json =
        serde_json::to_string(value).map_err(|_| AuthError::incomplete("the options cannot be written"))?;
    js_sys::JSON::parse(&json).map_err(AuthError::read)
}
