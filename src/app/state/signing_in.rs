//! Signing in and out, and whose environments there are: what the page does, beside drawing, about accounts.

use super::Store;
use super::sign_in::{Failure, Happened, Window};
use browser::clock::utc_now;
use browser::protocol::{Asker, Command};
use browser::sign_in::{AccountKey, Accounts, AuthError, Cloud, Denied, Registration, Setup};
use browser::storage::{self, Kept};
use leptos::prelude::*;
use leptos::task::spawn_local;
use migration::{Place, Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// Names of what the browser keeps.
const OWN_REGISTRATIONS: &str = "registrations";
const ON_THE_WAY: &str = "signing-in";

/// A sign-in that left this page for Microsoft's.
#[derive(Serialize, Deserialize)]
struct OnTheWay {
    cloud: Cloud,
    tenant: Option<String>,
}

impl Store {
    /// Reads how this copy is set up, and takes in a sign-in that has just come back to this page.
    pub(super) fn begin_signing_in(self) {
        let own: Vec<(Cloud, Registration)> =
            storage::read(Kept::ForGood, OWN_REGISTRATIONS).unwrap_or_default();
        own.into_iter().for_each(|(cloud, own)| self.happened(Happened::Registered(cloud, Some(own))));
        spawn_local(async move {
            let setup = Setup::fetch().await.map_err(|error| not_set_up(&error.to_string()));
            self.happened(Happened::SetUp(setup));
            self.finish_redirect().await;
        });
    }

    /// Uses this registration, typed by a person, for a cloud; `None`: the set-up's again.
    pub(crate) fn register(self, cloud: Cloud, registration: Option<Registration>) {
        self.happened(Happened::Registered(cloud, registration));
        let own: Vec<_> = self.peek(|model| model.sign_in.own.clone().into_iter().collect());
        storage::write(Kept::ForGood, OWN_REGISTRATIONS, &own);
        self.prepare(cloud);
    }

    /// Loads the library and makes the cloud's application, so that its window can open at a click.
    pub(crate) fn prepare(self, cloud: Cloud) {
        spawn_local(async move {
            if let Err(error) = self.prepared(cloud).await {
                self.failed(cloud, None, error);
            }
        });
    }

    async fn prepared(self, cloud: Cloud) -> Result<(), AuthError> {
        let registration = || self.peek(|model| model.sign_in.registration(cloud).cloned());
        if registration().is_none() {
            return Ok(());
        }
        let accounts = match self.vault.accounts() {
            Some(accounts) => accounts,
            None => {
                let accounts = Rc::new(Accounts::load().await?);
                // Another cloud may have been prepared meanwhile: its application must not be lost.
                let held = self.vault.accounts().unwrap_or(accounts);
                self.vault.hold_accounts(held.clone());
                held
            }
        };
        // Another one may have been typed while the library came.
        let Some(current) = registration() else { return Ok(()) };
        accounts.prepare(cloud, &current).await?;
        if registration().as_ref() == Some(&current) {
            self.happened(Happened::Ready(cloud, accounts.of(cloud)));
        }
        Ok(())
    }

    /// Opens Microsoft's window; call it inside the click. `tenant`: its id or domain, for guests.
    pub(crate) fn sign_in(self, cloud: Cloud, tenant: Option<String>) {
        let Some(accounts) = self.vault.accounts() else { return };
        let Some(waiting) = accounts.sign_in(cloud, tenant.as_deref()) else { return };
        let this = self.vault.next_try();
        self.happened(Happened::Opened(Window { cloud, tenant: tenant.clone() }));
        spawn_local(async move {
            match waiting.await {
                Ok(arrived) if self.vault.is_current(this) => self.signed_in(cloud, &accounts, &arrived.0),
                // Cancelled too late: the account is there, but has no say in what is shown now.
                Ok(_) => self.happened(Happened::Ready(cloud, accounts.of(cloud))),
                Err(error) if self.vault.is_current(this) => {
                    self.happened(Happened::Closed);
                    self.failed(cloud, tenant, error);
                }
                Err(_) => {}
            }
        });
    }

    /// Leaves for Microsoft's page, where no window may open. What is open on this page is lost.
    pub(crate) fn sign_in_on_this_page(self, cloud: Cloud, tenant: Option<String>) {
        let Some(accounts) = self.vault.accounts() else { return };
        storage::write(Kept::ForTheTab, ON_THE_WAY, &OnTheWay { cloud, tenant: tenant.clone() });
        spawn_local(async move {
            if let Err(error) = accounts.sign_in_on_this_page(cloud, tenant.as_deref()).await {
                storage::remove(Kept::ForTheTab, ON_THE_WAY);
                self.failed(cloud, tenant, error);
            }
        });
    }

    /// Ends the waiting for Microsoft's window and closes it.
    pub(crate) fn cancel_sign_in(self) {
        self.vault.next_try();
        if let Some(accounts) = self.vault.accounts() {
            accounts.close_window();
        }
        self.happened(Happened::Closed);
    }

    /// Takes away what is said about the last sign-in.
    pub(crate) fn dismiss_failure(self) {
        self.happened(Happened::Dismissed);
    }

    /// Forgets an account in this tab; the person stays signed in at Microsoft.
    pub(crate) fn forget(self, key: AccountKey) {
        let Some(accounts) = self.vault.accounts() else { return };
        spawn_local(async move {
            match accounts.forget(&key).await {
                Ok(()) => self.forgotten(key),
                Err(error) => self.failed(key.cloud, None, error),
            }
        });
    }

    /// Signs an account out at Microsoft too; call it inside the click. Here it is forgotten at once, as the library
    /// does: a window that is closed tells nobody.
    pub(crate) fn sign_out(self, key: AccountKey) {
        let Some(waiting) = self.vault.accounts().and_then(|accounts| accounts.sign_out(&key)) else {
            return;
        };
        let (this, cloud) = (self.vault.next_try(), key.cloud);
        self.happened(Happened::Closed);
        self.forgotten(key);
        spawn_local(async move {
            if let Err(error) = waiting.await
                && self.vault.is_current(this)
            {
                self.failed(cloud, None, error);
            }
        });
    }

    /// Asks the discovery service which environments an account has.
    pub(crate) fn list_environments(self, key: &AccountKey) {
        let cloud = key.cloud;
        let source = self.vault.accounts().and_then(|all| all.source(key, cloud.discovery_origin(), None));
        let Some(source) = source else { return };
        let before = self.peek(|model| model.sign_in.listing(key).map(|listing| listing.number));
        let number = self.vault.number();
        self.vault.grant(Asker::Listing(number), cloud.discovery_origin(), Rc::new(source));
        self.happened(Happened::Listing(number, key.clone()));
        before.into_iter().for_each(|before| self.end_listing(before));
        self.send(Command::ListEnvironments { listing: number, cloud });
    }

    /// Nobody waits for the list of who is gone.
    fn forgotten(self, key: AccountKey) {
        let before = self.peek(|model| model.sign_in.listings.clone());
        self.happened(Happened::Forgotten(key));
        let left = self.peek(|model| model.sign_in.listings.clone());
        before.iter().filter(|one| !left.contains(one)).for_each(|one| self.end_listing(one.number));
    }

    /// The list is not asked for any more, whatever it waits for.
    pub(super) fn end_listing(self, number: u32) {
        self.vault.revoke(Asker::Listing(number));
        self.give_up(Asker::Listing(number));
    }

    /// A sign-in, or a token, was denied.
    pub(super) fn failed(self, cloud: Cloud, tenant: Option<String>, error: AuthError) {
        self.happened(Happened::Failed(Failure {
            cloud,
            tenant,
            denied: Denied::SignIn(error),
            at: utc_now(),
        }));
    }

    pub(super) fn happened(self, what: Happened) {
        self.model.update(|model| model.sign_in.happened(what));
    }

    fn signed_in(self, cloud: Cloud, accounts: &Accounts, key: &AccountKey) {
        self.happened(Happened::SignedIn(cloud, accounts.of(cloud)));
        self.list_environments(key);
    }

    async fn finish_redirect(self) {
        let Some(way) = storage::read::<OnTheWay>(Kept::ForTheTab, ON_THE_WAY) else { return };
        storage::remove(Kept::ForTheTab, ON_THE_WAY);
        let arrived = match self.prepared(way.cloud).await {
            Ok(()) => match self.vault.accounts() {
                Some(accounts) => {
                    accounts.finish_redirect(way.cloud).await.map(|key| key.map(|key| (accounts, key)))
                }
                None => Ok(None),
            },
            Err(error) => Err(error),
        };
        match arrived {
            Ok(Some((accounts, arrived))) => self.signed_in(way.cloud, &accounts, &arrived.0),
            // Came back by the browser's own button.
            Ok(None) => {}
            Err(error) => self.failed(way.cloud, way.tenant, error),
        }
    }
}

fn not_set_up(what: &str) -> Problem {
    Problem {
        kind: ProblemKind::Internal,
        place: Place::default(),
        what: format!("How this copy of Portage is set up could not be read: {what}."),
        remedy: "Tell whoever runs it, use an app registration of your own, or paste a token.".into(),
    }
}
