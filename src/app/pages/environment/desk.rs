//! What has been chosen in the environment step, beside what is known: a cloud, an account, an address.

use crate::effects;
use crate::state::{Access, Answer, Model, Recent, Store};
use crate::texts;
use browser::protocol::{Address, End};
use browser::sign_in::{Account, AccountKey, Cloud};
use leptos::prelude::*;

/// One end's choices. Both ends have their own: they may belong to different accounts.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    pub(super) end: End,
    pub(super) store: Store,
    cloud: RwSignal<Option<Cloud>>,
    account: RwSignal<Option<AccountKey>>,
    wanted: RwSignal<Option<Wanted>>,
    /// The typed URL, and for guests whose organization the environment belongs to.
    pub(super) url: RwSignal<String>,
    pub(super) tenant: RwSignal<String>,
}

/// An environment to connect to as soon as somebody has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    url: String,
}

impl Desk {
    pub(super) fn new(end: End, store: Store) -> Desk {
        let typed = store.peek(|model| match &model.end(end).address {
            Some(Address::Web { url, .. }) => url.clone(),
            _ => String::new(),
        });
        let account = store.peek(|model| used_account(model, end));
        let desk = Desk {
            end,
            store,
            cloud: RwSignal::new(account.as_ref().map(|key| key.cloud)),
            account: RwSignal::new(account),
            wanted: RwSignal::new(None),
            url: RwSignal::new(typed),
            tenant: RwSignal::new(String::new()),
        };
        desk.prepare(move || desk.cloud());
        desk.go_on_after_sign_in();
        desk
    }

    /// The cloud that is shown.
    pub(super) fn cloud(self) -> Cloud {
        self.cloud.get().unwrap_or_else(|| self.store.read(|model| model.sign_in.first_cloud()))
    }

    /// Shows another cloud.
    pub(super) fn choose_cloud(self, cloud: Cloud) {
        self.cloud.set(Some(cloud));
    }

    /// The account that connects in a cloud; `None`: somebody has to sign in first.
    pub(super) fn account(self, cloud: Cloud) -> Option<Account> {
        let wish = self.account.get();
        self.store.read(|model| {
            let newest = model.sign_in.listings.last().map(|listing| &listing.account);
            let accounts = model.sign_in.accounts_of(cloud);
            chosen(&accounts, [wish.as_ref(), newest]).cloned()
        })
    }

    /// Works as another account.
    pub(super) fn choose_account(self, key: AccountKey) {
        self.account.set(Some(key));
    }

    /// Whether a cloud has a registration, its own or the set-up's.
    pub(super) fn is_registered(self, cloud: Cloud) -> bool {
        self.store.read(|model| model.sign_in.registration(cloud).is_some())
    }

    /// Whether a cloud's window can open at once.
    pub(super) fn is_ready(self, cloud: Cloud) -> bool {
        self.store.read(|model| model.sign_in.ready.contains(&cloud))
    }

    /// Opens Microsoft's window for its own sake; call it inside the click.
    pub(super) fn sign_in(self, tenant: Option<String>) {
        self.wanted.set(None);
        self.store.sign_in(untrack(|| self.cloud()), tenant);
    }

    /// Connects as the chosen account, or opens the window first; call it inside the click. `tenant`: whose environment
    /// it is, if not the account's.
    pub(super) fn connect(self, cloud: Cloud, url: &str, tenant: Option<String>) {
        self.choose_cloud(cloud);
        if !self.store.peek(Model::is_free) {
            return;
        }
        match untrack(|| self.account(cloud)) {
            Some(account) => {
                let tenant = tenant.filter(|tenant| *tenant != account.key.tenant);
                self.store.connect_as(self.end, account, url, tenant);
            }
            None => {
                self.wanted.set(Some(Wanted { url: url.to_owned() }));
                self.store.sign_in(cloud, tenant);
            }
        }
    }

    /// Connects to an environment that was used before. Where that needs more than a click its address is put in place.
    pub(super) fn connect_again(self, recent: &Recent) {
        let can = |cloud: &Cloud| untrack(|| self.is_ready(*cloud) || self.account(*cloud).is_some());
        match recent.cloud.filter(can) {
            Some(cloud) => self.connect(cloud, &recent.url, recent.tenant.clone()),
            None => {
                if let Some(cloud) = recent.cloud {
                    self.choose_cloud(cloud);
                }
                self.url.set(recent.url.clone());
                self.tenant.set(recent.tenant.clone().unwrap_or_default());
                effects::focus(&self.id("url"));
            }
        }
    }

    /// An element's id: both ends have the same elements, never at the same time.
    pub(super) fn id(self, element: &str) -> String {
        let end = texts::end(self.end).to_lowercase();
        format!("{end}-{element}")
    }

    /// Sees to it that a cloud's window can open at a click, as soon as it has a registration, and with each new one.
    pub(super) fn prepare(self, cloud: impl Fn() -> Cloud + Send + Sync + 'static) {
        let registered = Memo::new(move |_| {
            let cloud = cloud();
            let registration = self.store.read(|model| model.sign_in.registration(cloud).cloned());
            registration.map(|registration| (cloud, registration))
        });
        Effect::new(move || {
            if let Some((cloud, _)) = registered.get()
                && !untrack(|| self.is_ready(cloud))
            {
                self.store.prepare(cloud);
            }
        });
    }

    /// Who has just signed in is chosen, and connected to what they wanted.
    fn go_on_after_sign_in(self) {
        let seen = self.store.select(|model| Seen {
            open: model.sign_in.window.is_some(),
            newest: model.sign_in.listings.last().map(|listing| (listing.number, listing.account.clone())),
        });
        Effect::new(move |before: Option<Seen>| {
            let now = seen.get();
            if let Some(arrived) = before.and_then(|before| now.arrived_since(&before)) {
                self.arrived(arrived);
            }
            now
        });
        self.ask_for_the_list();
    }

    fn arrived(self, key: AccountKey) {
        let cloud = key.cloud;
        self.choose_cloud(cloud);
        self.choose_account(key);
        match self.wanted.try_update(Option::take).flatten() {
            Some(wanted) => self.connect(cloud, &wanted.url, None),
            None => request_animation_frame(|| effects::focus(effects::LIST_TITLE)),
        }
    }

    /// Who was signed in before this page was opened has environments too.
    fn ask_for_the_list(self) {
        let account = Memo::new(move |_| self.account(self.cloud()).map(|account| account.key));
        Effect::new(move || {
            if let Some(key) = account.get()
                && self.store.peek(|model| model.sign_in.environments(&key) == Answer::NotAsked)
            {
                self.store.list_environments(&key);
            }
        });
    }
}

/// What tells that a sign-in has ended well.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    open: bool,
    newest: Option<(u32, AccountKey)>,
}

impl Seen {
    /// The account that has come since; its environments are asked for when the window closes.
    fn arrived_since(&self, before: &Seen) -> Option<AccountKey> {
        let arrived = before.open && !self.open && self.newest != before.newest;
        self.newest.as_ref().filter(|_| arrived).map(|(_, key)| key.clone())
    }
}

/// The account that was used last at an end.
fn used_account(model: &Model, end: End) -> Option<AccountKey> {
    match &model.end(end).access {
        Some(Access::Account(account, _)) => Some(account.key.clone()),
        _ => None,
    }
}

/// The first wish that is signed in, else the first account.
fn chosen<'a>(accounts: &'a [Account], wishes: [Option<&AccountKey>; 2]) -> Option<&'a Account> {
    let wished = wishes.into_iter().flatten();
    wished
        .filter_map(|key| accounts.iter().find(|account| account.key == *key))
        .next()
        .or_else(|| accounts.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(home: &str) -> AccountKey {
        AccountKey { cloud: Cloud::Public, home: home.into(), tenant: "t".into() }
    }

    fn account(home: &str) -> Account {
        Account { key: key(home), username: home.into(), name: None, guest: false }
    }

    #[test]
    fn the_account_is_the_chosen_one_then_the_newest_then_any() {
        let accounts = [account("adele"), account("bianca")];
        let name = |wishes| chosen(&accounts, wishes).map(|account| account.username.clone());
        let (adele, bianca, gone) = (key("adele"), key("bianca"), key("gone"));
        assert_eq!(name([Some(&bianca), Some(&adele)]).as_deref(), Some("bianca"));
        assert_eq!(
            name([Some(&gone), Some(&bianca)]).as_deref(),
            Some("bianca"),
            "who was forgotten is not chosen"
        );
        assert_eq!(name([None, None]).as_deref(), Some("adele"));
        assert_eq!(chosen(&[], [Some(&adele), None]), None);
    }

    #[test]
    fn a_cancelled_window_brings_nobody_and_a_finished_one_brings_the_newest() {
        let seen =
            |open, number: Option<u32>| Seen { open, newest: number.map(|number| (number, key("adele"))) };
        assert_eq!(seen(false, None).arrived_since(&seen(true, None)), None);
        assert_eq!(seen(false, Some(1)).arrived_since(&seen(true, Some(1))), None);
        assert_eq!(seen(false, Some(2)).arrived_since(&seen(true, Some(1))), Some(key("adele")));
        assert_eq!(
            seen(false, Some(2)).arrived_since(&seen(false, Some(1))),
            None,
            "the list was only asked for again"
        );
    }
}
