//! Signing in: how this copy is set up, who is signed in, whose environments are known, and what waits for a person.

use super::Answer;
use browser::protocol::{Asker, ListedEnvironment};
use browser::sign_in::{Account, AccountKey, AuthError, Cloud, Denied, Reason, Registration, Setup};
use migration::Problem;
use std::collections::BTreeMap;

/// All that the page knows of signing in. Tokens are not part of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SignIn {
    /// What `config.json` says.
    pub(crate) setup: Answer<Setup>,
    /// Registrations that were typed on this page: they come before those of the set-up.
    pub(crate) own: BTreeMap<Cloud, Registration>,
    /// Clouds whose window can open at once.
    pub(crate) ready: Vec<Cloud>,
    /// Everybody who is signed in.
    pub(crate) accounts: Vec<Account>,
    /// The sign-in under way.
    pub(crate) window: Option<Window>,
    /// Why the last sign-in did not succeed.
    pub(crate) failure: Option<Failure>,
    /// Whose environments were asked for.
    pub(crate) listings: Vec<Listing>,
    /// Requests that wait until a person has signed in again.
    pub(crate) pauses: Vec<Pause>,
    /// Who is not waited for any more in the run under way: what was on its way then is denied later.
    pub(crate) given_up: Vec<Asker>,
}

/// A window of Microsoft's that is open, as far as this page can know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// At which cloud.
    pub(crate) cloud: Cloud,
    /// The tenant that was named, if any.
    pub(crate) tenant: Option<String>,
}

/// A sign-in that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// At which cloud.
    pub(crate) cloud: Cloud,
    /// The tenant that was asked, if one was named: the library loses the reason when that is the wrong one.
    pub(crate) tenant: Option<String>,
    /// Why.
    pub(crate) denied: Denied,
    /// When, in UTC as ISO 8601: administrators look for it in the sign-in log.
    pub(crate) at: String,
}

/// The environments of one account.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Listing {
    /// The question's number.
    pub(crate) number: u32,
    /// Whose.
    pub(crate) account: AccountKey,
    /// What the discovery service says.
    pub(crate) found: Answer<Vec<ListedEnvironment>>,
}

/// Requests of one asker wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    /// Whose requests.
    pub(crate) asker: Asker,
    /// What has to be lifted.
    pub(crate) denied: Denied,
    /// Whether it is being lifted just now.
    pub(crate) lifting: bool,
}

/// Whether the person gets on by signing in once more, and need not ask anybody else.
pub(crate) fn a_click_lifts(error: &AuthError) -> bool {
    match error.reason() {
        // The library does not mark each of these: a refresh token that was taken back is a plain refusal to it.
        Reason::SignInAgain | Reason::ConsentNeeded => true,
        Reason::Unknown => error.interaction_required,
        _ => false,
    }
}

/// What happened about signing in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Happened {
    /// `config.json` was read, or could not be.
    SetUp(Result<Setup, Problem>),
    /// A registration was typed, or taken back.
    Registered(Cloud, Option<Registration>),
    /// That cloud's window can open at once now; who is signed in there.
    Ready(Cloud, Vec<Account>),
    /// A window was opened.
    Opened(Window),
    /// It ended well: everybody who is signed in at the cloud now.
    SignedIn(Cloud, Vec<Account>),
    /// A sign-in, or a token, was denied.
    Failed(Failure),
    /// What was said about the last sign-in was read.
    Dismissed,
    /// The window was closed from here, whatever it was for.
    Closed,
    /// An account is no longer signed in here.
    Forgotten(AccountKey),
    /// An account's environments are asked for.
    Listing(u32, AccountKey),
    /// Requests wait for a person.
    Paused(Asker, Denied),
    /// A person is about to lift that.
    Lifting(Asker),
    /// They go on.
    Resumed(Asker),
    /// They end, and so do those that are denied later in the same run.
    GivenUp(Asker),
}

impl SignIn {
    /// The registration for a cloud: the typed one, else the set-up's.
    pub(crate) fn registration(&self, cloud: Cloud) -> Option<&Registration> {
        self.own.get(&cloud).or_else(|| self.setup.got()?.applications.get(&cloud))
    }

    /// The cloud that is shown at first: the set-up's choice, else the first it has a registration for.
    pub(crate) fn first_cloud(&self) -> Cloud {
        let setup = self.setup.got();
        let chosen = setup.and_then(|setup| setup.cloud);
        let registered = || Cloud::ALL.into_iter().find(|cloud| self.registration(*cloud).is_some());
        chosen.or_else(registered).unwrap_or(Cloud::Public)
    }

    /// Hosts of environments that the set-up adds to Microsoft's.
    pub(crate) fn hosts(&self) -> Vec<String> {
        self.setup.got().map(|setup| setup.hosts.clone()).unwrap_or_default()
    }

    /// Who is signed in at a cloud.
    pub(crate) fn accounts_of(&self, cloud: Cloud) -> Vec<Account> {
        self.accounts.iter().filter(|account| account.key.cloud == cloud).cloned().collect()
    }

    /// What is known of an account's environments.
    pub(crate) fn environments(&self, account: &AccountKey) -> Answer<Vec<ListedEnvironment>> {
        self.listing(account).map(|listing| listing.found.clone()).unwrap_or_default()
    }

    /// The last question for an account's environments.
    pub(crate) fn listing(&self, account: &AccountKey) -> Option<&Listing> {
        self.listings.iter().find(|listing| listing.account == *account)
    }

    /// The cloud of a listing's account; for others the first.
    pub(crate) fn cloud_of(&self, asker: Asker) -> Cloud {
        let listing = self.listings.iter().find(|listing| asker == Asker::Listing(listing.number));
        listing.map_or_else(|| self.first_cloud(), |listing| listing.account.cloud)
    }

    /// What waits for a person.
    pub(crate) fn pause(&self, asker: Asker) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.asker == asker)
    }

    /// Takes in what happened.
    pub(crate) fn happened(&mut self, what: Happened) {
        match what {
            Happened::SetUp(Ok(setup)) => self.setup = Answer::Got(setup),
            Happened::SetUp(Err(problem)) => self.setup = Answer::Refused(problem),
            Happened::Registered(cloud, registration) => self.registered(cloud, registration),
            Happened::Ready(cloud, accounts) => {
                self.ready.retain(|ready| *ready != cloud);
                self.ready.push(cloud);
                self.signed_in(cloud, accounts);
            }
            Happened::Opened(window) => {
                self.no_window();
                self.failure = None;
                self.window = Some(window);
            }
            Happened::SignedIn(cloud, accounts) => {
                self.window = None;
                self.failure = None;
                self.signed_in(cloud, accounts);
            }
            // A window that is open has nothing to do with what was denied elsewhere.
            Happened::Failed(failure) => self.failure = Some(failure),
            Happened::Dismissed => self.failure = None,
            Happened::Closed => {
                self.no_window();
                self.failure = None;
            }
            Happened::Forgotten(key) => self.forgotten(&key),
            Happened::Listing(number, account) => {
                self.listings.retain(|listing| listing.account != account);
                self.listings.push(Listing { number, account, found: Answer::Waiting });
            }
            Happened::Paused(asker, denied) => {
                self.pauses.retain(|pause| pause.asker != asker);
                self.pauses.push(Pause { asker, denied, lifting: false });
            }
            Happened::Lifting(asker) => {
                self.no_window();
                self.pauses.iter_mut().filter(|p| p.asker == asker).for_each(|p| p.lifting = true);
            }
            Happened::Resumed(asker) => self.pauses.retain(|pause| pause.asker != asker),
            Happened::GivenUp(asker) => {
                self.pauses.retain(|pause| pause.asker != asker);
                self.given_up.push(asker);
            }
        }
    }

    /// A new window ends the one before it, and whoever opened that one can open theirs again.
    fn no_window(&mut self) {
        self.window = None;
        self.pauses.iter_mut().for_each(|pause| pause.lifting = false);
    }

    /// The discovery service answered, or did not.
    pub(crate) fn listed(&mut self, number: u32, found: Answer<Vec<ListedEnvironment>>) {
        if let Some(listing) = self.listings.iter_mut().find(|listing| listing.number == number) {
            listing.found = found;
        }
    }

    /// What was prepared for another registration is void.
    fn registered(&mut self, cloud: Cloud, registration: Option<Registration>) {
        self.ready.retain(|ready| *ready != cloud);
        self.failure = None;
        match registration {
            Some(registration) => drop(self.own.insert(cloud, registration)),
            None => drop(self.own.remove(&cloud)),
        }
    }

    fn signed_in(&mut self, cloud: Cloud, accounts: Vec<Account>) {
        self.accounts.retain(|account| account.key.cloud != cloud);
        self.accounts.extend(accounts);
    }

    /// The library forgets a person in all tenants at once.
    fn forgotten(&mut self, key: &AccountKey) {
        let same = |other: &AccountKey| other.cloud == key.cloud && other.home == key.home;
        self.accounts.retain(|account| !same(&account.key));
        self.listings.retain(|listing| !same(&listing.account));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use browser::protocol::End;

    fn key(home: &str, tenant: &str) -> AccountKey {
        AccountKey { cloud: Cloud::Public, home: home.into(), tenant: tenant.into() }
    }

    fn account(home: &str, tenant: &str) -> Account {
        Account { key: key(home, tenant), username: home.into(), name: None, guest: false }
    }

    fn after(steps: impl IntoIterator<Item = Happened>) -> SignIn {
        let mut sign_in = SignIn::default();
        steps.into_iter().for_each(|step| sign_in.happened(step));
        sign_in
    }

    fn window() -> Window {
        Window { cloud: Cloud::Public, tenant: None }
    }

    fn failure() -> Failure {
        Failure { cloud: Cloud::Public, tenant: None, denied: Denied::TokenEnded, at: String::new() }
    }

    #[test]
    fn a_typed_registration_comes_before_the_set_up() {
        let mut setup = Setup::default();
        setup.applications.insert(Cloud::Public, Registration::new("from the set-up", ""));
        let typed = Happened::Registered(Cloud::Public, Some(Registration::new("typed", "")));
        let mut sign_in = after([Happened::SetUp(Ok(setup)), typed]);
        let id = |sign_in: &SignIn| sign_in.registration(Cloud::Public).map(|r| r.client_id.clone());
        assert_eq!(id(&sign_in).as_deref(), Some("typed"));
        sign_in.happened(Happened::Registered(Cloud::Public, None));
        assert_eq!(id(&sign_in).as_deref(), Some("from the set-up"));
    }

    #[test]
    fn another_registration_has_to_be_prepared_anew() {
        let typed = Happened::Registered(Cloud::Public, Some(Registration::new("typed", "")));
        let sign_in = after([Happened::Ready(Cloud::Public, Vec::new()), typed]);
        assert!(sign_in.ready.is_empty());
    }

    #[test]
    fn the_first_cloud_is_the_one_this_copy_is_set_up_for() {
        assert_eq!(SignIn::default().first_cloud(), Cloud::Public);
        let typed = Happened::Registered(Cloud::China, Some(Registration::new("typed", "")));
        assert_eq!(after([typed.clone()]).first_cloud(), Cloud::China);
        let setup = Setup { cloud: Some(Cloud::Dod), ..Setup::default() };
        assert_eq!(after([typed, Happened::SetUp(Ok(setup))]).first_cloud(), Cloud::Dod);
    }

    #[test]
    fn a_new_try_takes_away_what_was_said_about_the_last() {
        let sign_in = after([Happened::Failed(failure()), Happened::Opened(window())]);
        assert_eq!((sign_in.failure, sign_in.window), (None, Some(window())));
    }

    #[test]
    fn what_is_denied_elsewhere_leaves_the_open_window_alone() {
        let sign_in = after([Happened::Opened(window()), Happened::Failed(failure())]);
        assert_eq!((sign_in.window, sign_in.failure), (Some(window()), Some(failure())));
    }

    #[test]
    fn of_all_windows_the_last_one_is_open() {
        let (source, target) = (Asker::End(End::Source), Asker::End(End::Target));
        let mut sign_in = after([
            Happened::Paused(source, Denied::TokenEnded),
            Happened::Paused(target, Denied::TokenEnded),
            Happened::Lifting(source),
            Happened::Lifting(target),
        ]);
        let lifting = |sign_in: &SignIn| sign_in.pauses.iter().map(|p| p.lifting).collect::<Vec<_>>();
        assert_eq!(lifting(&sign_in), [false, true]);
        sign_in.happened(Happened::Opened(window()));
        assert_eq!((lifting(&sign_in), sign_in.window.is_some()), (vec![false, false], true));
        sign_in.happened(Happened::Lifting(source));
        assert_eq!((lifting(&sign_in), sign_in.window.is_some()), (vec![true, false], false));
        sign_in.happened(Happened::Closed);
        assert_eq!(lifting(&sign_in), [false, false]);
    }

    #[test]
    fn a_window_stays_open_while_what_was_said_is_put_away() {
        let sign_in = after([Happened::Opened(window()), Happened::Dismissed]);
        assert_eq!(sign_in.window, Some(window()));
    }

    #[test]
    fn accounts_of_another_cloud_stay_when_one_signs_in() {
        let mut german = account("adele", "t");
        german.key.cloud = Cloud::China;
        let steps = [
            Happened::SignedIn(Cloud::China, vec![german]),
            Happened::SignedIn(Cloud::Public, vec![account("bianca", "u")]),
        ];
        assert_eq!(after(steps).accounts.len(), 2);
    }

    #[test]
    fn who_is_forgotten_is_forgotten_in_all_tenants_with_their_environments() {
        let accounts = vec![account("adele", "home"), account("adele", "guest"), account("bianca", "u")];
        let sign_in = after([
            Happened::SignedIn(Cloud::Public, accounts),
            Happened::Listing(1, key("adele", "home")),
            Happened::Forgotten(key("adele", "guest")),
        ]);
        assert_eq!(sign_in.accounts, [account("bianca", "u")]);
        assert!(sign_in.listings.is_empty());
    }

    #[test]
    fn a_late_answer_to_an_old_listing_is_dropped() {
        let mut sign_in = after([Happened::Listing(1, key("a", "t")), Happened::Listing(2, key("a", "t"))]);
        sign_in.listed(1, Answer::Got(Vec::new()));
        assert_eq!(sign_in.environments(&key("a", "t")), Answer::Waiting);
        sign_in.listed(2, Answer::Got(Vec::new()));
        assert_eq!(sign_in.environments(&key("a", "t")), Answer::Got(Vec::new()));
    }

    #[test]
    fn a_click_lifts_what_the_person_alone_can_lift_marked_by_the_library_or_not() {
        let error = |code: &str, aadsts, marked| {
            let mut error = AuthError::default();
            error.code = code.into();
            error.aadsts = aadsts;
            error.interaction_required = marked;
            error
        };
        assert!(a_click_lifts(&error("invalid_grant", Some(50173), false)));
        assert!(a_click_lifts(&error("login_required", None, true)));
        assert!(!a_click_lifts(&error("invalid_grant", Some(53003), true)), "a rule of the organization");
        assert!(!a_click_lifts(&error("something_new", None, false)));
    }

    #[test]
    fn each_asker_waits_once_and_goes_on_alone() {
        let (source, target) = (Asker::End(End::Source), Asker::End(End::Target));
        let mut sign_in = after([
            Happened::Paused(source, Denied::TokenEnded),
            Happened::Paused(target, Denied::TokenEnded),
            Happened::Lifting(source),
            Happened::Paused(source, Denied::SessionEnded),
        ]);
        let pause = Pause { asker: source, denied: Denied::SessionEnded, lifting: false };
        assert_eq!(sign_in.pause(source), Some(&pause));
        sign_in.happened(Happened::Resumed(source));
        assert_eq!((sign_in.pause(source), sign_in.pauses.len()), (None, 1));
    }
}
