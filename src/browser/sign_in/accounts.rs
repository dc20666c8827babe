//! Microsoft's sign-in for every cloud this copy is set up for, and who is signed in.

use super::account_source::AccountSource;
use super::setup::Registration;
use dataverse::Cloud;
use msal_wasm_bindings::{
    Account as Known, Application, AuthError, Msal, Options, Prompt, SignedIn, TokenRequest,
};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The library's bundle and the page that its answers come back to, beside the app.
const BUNDLE: &str = "./msal.js";
const BRIDGE: &str = "redirect.html";

/// One person in one tenant of one cloud.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// Where they signed in.
    pub cloud: Cloud,
    /// The person, the same in all tenants.
    pub home: String,
    /// The tenant's id.
    pub tenant: String,
}

/// A signed-in account as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Which one.
    pub key: AccountKey,
    /// What they sign in with.
    pub username: String,
    /// Display name, where there is one.
    pub name: Option<String>,
    /// Whether the tenant is another one's, and the person a guest there.
    pub guest: bool,
}

/// Who came back from Microsoft's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived(pub AccountKey);

/// The sign-in of this page.
pub struct Accounts {
    msal: Msal,
    applications: RefCell<BTreeMap<Cloud, Ready>>,
}

/// An application that can open its window at once.
struct Ready {
    registration: Registration,
    application: Application,
}

impl Accounts {
    /// Loads the library: a third of the app's weight, so only where somebody signs in.
    ///
    /// # Errors
    /// It cannot be had.
    pub async fn load() -> Result<Accounts, AuthError> {
        let msal = Msal::load(BUNDLE).await?;
        Ok(Accounts { msal, applications: RefCell::default() })
    }

    /// The exact address that a registration has to name.
    #[must_use]
    pub fn redirect_address() -> String {
        let base = web_sys::window().and_then(|w| w.document()).and_then(|d| d.base_uri().ok().flatten());
        let folder = base.as_deref().map(|uri| uri.split(['?', '#']).next().unwrap_or_default());
        match folder.and_then(|uri| uri.rsplit_once('/')) {
            Some((folder, _)) => format!("{folder}/{BRIDGE}"),
            None => BRIDGE.to_owned(),
        }
    }

    /// Makes the cloud's application, so that a click can open its window before anything is awaited.
    ///
    /// # Errors
    /// The registration is refused, or the browser lacks what sign-in needs.
    pub async fn prepare(&self, cloud: Cloud, registration: &Registration) -> Result<(), AuthError> {
        if self.applications.borrow().get(&cloud).is_some_and(|ready| ready.registration == *registration) {
            return Ok(());
        }
        let options = Options::new(&registration.client_id, &Accounts::redirect_address())
            .authority(&cloud.authority(registration.tenant.as_deref()));
        let application = self.msal.application(&options).await?;
        let ready = Ready { registration: registration.clone(), application };
        self.applications.borrow_mut().insert(cloud, ready);
        Ok(())
    }

    /// Everybody who is signed in at a cloud.
    #[must_use]
    pub fn of(&self, cloud: Cloud) -> Vec<Account> {
        let applications = self.applications.borrow();
        let known = applications.get(&cloud).map(|ready| ready.application.accounts());
        known.unwrap_or_default().iter().map(|account| shown(cloud, account)).collect()
    }

    /// Takes in the answer if this page was opened by the way back from Microsoft's; ask once at start.
    ///
    /// # Errors
    /// That sign-in has failed.
    pub async fn finish_redirect(&self, cloud: Cloud) -> Result<Option<Arrived>, AuthError> {
        let Some(application) = self.application(cloud) else { return Ok(None) };
        let signed_in = application.finish_redirect().await?;
        Ok(signed_in.map(|signed_in| arrived(cloud, &signed_in)))
    }

    /// Signs somebody in with a window. Call it inside the click: the window opens before this returns.
    /// `None`: the cloud is not prepared.
    pub fn sign_in(
        &self,
        cloud: Cloud,
        tenant: Option<&str>,
    ) -> Option<impl Future<Output = Result<Arrived, AuthError>> + use<>> {
        let request = self.request(cloud, tenant)?;
        let application = self.application(cloud)?;
        self.close_windows(|other| other != cloud);
        let waiting = application.sign_in_popup(&request);
        Some(async move { waiting.await.map(|signed_in| arrived(cloud, &signed_in)) })
    }

    /// Leaves this page for Microsoft's; [`Accounts::finish_redirect`] goes on after the return.
    ///
    /// # Errors
    /// It is refused before the page is left.
    pub async fn sign_in_on_this_page(&self, cloud: Cloud, tenant: Option<&str>) -> Result<(), AuthError> {
        let prepared = self.application(cloud).zip(self.request(cloud, tenant));
        let Some((application, request)) = prepared else { return Ok(()) };
        application.sign_in_redirect(&request).await
    }

    /// Ends the waiting for a window and closes it, where the browser still lets it.
    pub fn close_window(&self) {
        self.close_windows(|_| true);
    }

    fn close_windows(&self, of: impl Fn(Cloud) -> bool) {
        for (_, ready) in self.applications.borrow().iter().filter(|(cloud, _)| of(**cloud)) {
            // It happens at once; only redirects would have to wait for the rest.
            drop(ready.application.cancel_popup());
        }
    }

    /// That account's tokens for an origin, issued by a tenant (an id or domain; else the account's own).
    /// `None`: the account is not signed in here.
    #[must_use]
    pub fn source(&self, key: &AccountKey, origin: &str, tenant: Option<&str>) -> Option<AccountSource> {
        let (application, account) = self.find(key)?;
        let tenant = tenant.unwrap_or(&key.tenant);
        Some(AccountSource::new(application, account, (key.cloud, origin), tenant))
    }

    /// Forgets an account here; the person stays signed in at Microsoft.
    ///
    /// # Errors
    /// The browser's storage failed.
    pub async fn forget(&self, key: &AccountKey) -> Result<(), AuthError> {
        match self.find(key) {
            Some((application, account)) => application.forget(&account).await,
            None => Ok(()),
        }
    }

    /// Signs an account out at Microsoft too, with a window. Call it inside the click.
    pub fn sign_out(&self, key: &AccountKey) -> Option<impl Future<Output = Result<(), AuthError>> + use<>> {
        let (application, account) = self.find(key)?;
        Some(application.sign_out_popup(&account))
    }

    fn application(&self, cloud: Cloud) -> Option<Application> {
        self.applications.borrow().get(&cloud).map(|ready| ready.application.clone())
    }

    fn find(&self, key: &AccountKey) -> Option<(Application, Known)> {
        let application = self.application(key.cloud)?;
        let account = application.account(&key.home, &key.tenant)?;
        Some((application, account))
    }

    /// For the list of environments: the same consent opens the environments themselves.
    fn request(&self, cloud: Cloud, tenant: Option<&str>) -> Option<TokenRequest> {
        let applications = self.applications.borrow();
        let tenant = tenant.or(applications.get(&cloud)?.registration.tenant.as_deref());
        let scope = Cloud::scope(cloud.discovery_origin());
        Some(TokenRequest::new(&scope).authority(&cloud.authority(tenant)).prompt(Prompt::SelectAccount))
    }
}

fn key(cloud: Cloud, account: &Known) -> AccountKey {
    AccountKey { cloud, home: account.home_account_id(), tenant: account.tenant_id() }
}

fn shown(cloud: Cloud, account: &Known) -> Account {
    let key = key(cloud, account);
    // A home account id ends with the tenant that the account is of.
    let guest = !key.home.ends_with(&format!(".{}", key.tenant));
    Account { username: account.username(), name: account.name(), guest, key }
}

fn arrived(cloud: Cloud, signed_in: &SignedIn) -> Arrived {
    Arrived(key(cloud, &signed_in.account))
}
