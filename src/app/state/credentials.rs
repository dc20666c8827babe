//! Credentials for the engine's requests, each to the origin it is for; and what waits until a person has signed in.

use super::sign_in::{Failure, Happened};
use super::vault::Question;
use super::{Access, Answer, Store, now};
use browser::clock::utc_now;
use browser::content_policy;
use browser::protocol::{Address, Asker, Command, Credential, End};
use browser::sign_in::{
    Account, Denied, EnvironmentUrl, PageSession, PastedSource, PastedToken, TokenSource,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use migration::{Place, Problem, ProblemKind};
use std::rc::Rc;

impl Store {
    /// Connects one end as an account. `tenant`: who issues the token, if it is not the account's own (guests).
    pub(crate) fn connect_as(self, end: End, account: Account, url: &str, tenant: Option<String>) {
        self.connect(end, url, |origin| {
            let accounts = self.vault.accounts()?;
            let source = accounts.source(&account.key, origin, tenant.as_deref())?;
            Some((Access::Account(account.clone(), tenant.clone()), Rc::new(source)))
        });
    }

    /// Connects one end with a pasted token, which was read for that address. It stays on this page.
    pub(crate) fn connect_pasted(self, end: End, url: &str, token: PastedToken) {
        self.connect(end, url, |_| Some((Access::Pasted(token.claims().cloned()), pasted(token))));
    }

    /// Connects one end to the environment that this page lies in.
    pub(crate) fn connect_here(self, end: End) {
        if let Some(origin) = PageSession::origin() {
            self.connect(end, &origin, |_| Some((Access::Session, Rc::new(PageSession))));
        }
    }

    fn connect(
        self,
        end: End,
        typed: &str,
        grant: impl FnOnce(&str) -> Option<(Access, Rc<dyn TokenSource>)>,
    ) {
        self.give_up(Asker::End(end));
        let hosts = self.peek(|model| model.sign_in.hosts());
        let url = match EnvironmentUrl::parse_with(typed, &hosts) {
            Ok(url) => url,
            Err(error) => return self.refuse(end, error.into()),
        };
        if !content_policy::admits(url.origin()) {
            return self.refuse(end, not_admitted(url.host()));
        }
        let Some((access, source)) = grant(url.origin()) else { return self.refuse(end, signed_out()) };
        self.vault.grant(Asker::End(end), url.origin(), source);
        self.model.update(|model| model.end_mut(end).access = Some(access));
        let address = Address::Web { url: url.origin().to_owned(), hosts };
        self.send(Command::Connect { end, address });
    }

    fn refuse(self, end: End, problem: Problem) {
        self.model.update(|model| {
            let end = model.end_mut(end);
            // What was asked for before is not what was refused.
            end.address = None;
            end.access = None;
            end.environment = Answer::Refused(problem);
        });
    }

    /// Answers the engine's question, now or when a person has signed in again.
    pub(super) fn answer(self, question: Question) {
        if self.peek(|model| model.sign_in.pause(question.asker).is_some()) {
            return self.vault.wait(question);
        }
        let granted = self.vault.granted(question.asker);
        // A credential goes only to the origin it is for.
        let Some(grant) = granted.filter(|grant| grant.origin == question.origin) else {
            return self.hand_out(question.ask, None);
        };
        spawn_local(async move {
            match grant.source.credential(question.renew).await {
                Ok(credential) => self.hand_out(question.ask, Some(credential)),
                Err(denied) => self.denied(question, denied),
            }
        });
    }

    fn denied(self, question: Question, denied: Denied) {
        let asker = question.asker;
        if self.peek(|model| model.can_wait(asker, &denied)) {
            // Another request may have been denied meanwhile: one pause is for all.
            if self.peek(|model| model.sign_in.pause(asker).is_none()) {
                self.happened(Happened::Paused(asker, denied));
            }
            self.vault.wait(question);
        } else if denied == Denied::TokenEnded && question.renew {
            // There is no other: the environment's own words say what is wrong with this one.
            self.answer(Question { renew: false, ..question });
        } else {
            self.happened(Happened::Failed(self.failure(asker, denied)));
            self.hand_out(question.ask, None);
        }
    }

    /// Opens Microsoft's window for requests that wait; call it inside the click.
    pub(crate) fn sign_in_again(self, asker: Asker) {
        let pause = self.peek(|model| model.sign_in.pause(asker).cloned());
        let Some((pause, grant)) = pause.zip(self.vault.granted(asker)) else { return };
        let Some(waiting) = grant.source.ask_person(&pause.denied) else { return };
        self.happened(Happened::Lifting(asker));
        let this = self.vault.next_try();
        spawn_local(async move {
            match waiting.await {
                Ok(()) => self.go_on(asker, false),
                Err(mut error) if self.vault.is_current(this) => {
                    // What a policy asked for has to go along with the next window too.
                    error.claims = error.claims.or_else(|| claims(&pause.denied));
                    self.happened(Happened::Paused(asker, Denied::SignIn(error)));
                }
                Err(_) => {}
            }
        });
    }

    /// Ends the waiting for the window that [`Store::sign_in_again`] opened; the requests wait on.
    pub(crate) fn cancel_again(self, asker: Asker) {
        self.cancel_sign_in();
        if let Some(pause) = self.peek(|model| model.sign_in.pause(asker).cloned()) {
            self.happened(Happened::Paused(asker, pause.denied));
        }
    }

    /// Asks once more without a window: the connection may be back.
    pub(crate) fn try_again(self, asker: Asker) {
        self.go_on(asker, true);
    }

    /// Goes on with another pasted token, which was read for the same address.
    pub(crate) fn paste_again(self, end: End, token: PastedToken) {
        let asker = Asker::End(end);
        let Some(grant) = self.vault.granted(asker) else { return };
        let access = Access::Pasted(token.claims().cloned());
        self.vault.grant(asker, &grant.origin, pasted(token));
        self.model.update(|model| model.end_mut(end).access = Some(access));
        self.go_on(asker, false);
    }

    /// Lets the requests that wait end without a credential, and in this run those that will be denied one.
    pub(crate) fn give_up(self, asker: Asker) {
        self.happened(Happened::GivenUp(asker));
        self.vault.take_waiting(asker).into_iter().for_each(|question| self.hand_out(question.ask, None));
    }

    /// What waited is asked again; after a sign-in there is no need for another new token.
    fn go_on(self, asker: Asker, renew: bool) {
        self.happened(Happened::Resumed(asker));
        for question in self.vault.take_waiting(asker) {
            self.answer(Question { renew: renew && question.renew, ..question });
        }
    }

    fn hand_out(self, ask: u32, credential: Option<Credential>) {
        self.send(Command::Credential { ask, credential });
    }

    fn failure(self, asker: Asker, denied: Denied) -> Failure {
        self.peek(|model| {
            let (cloud, tenant) = match model.access(asker) {
                Some(Access::Account(account, tenant)) => (account.key.cloud, tenant),
                Some(Access::Pasted(_) | Access::Session) | None => (model.sign_in.cloud_of(asker), None),
            };
            Failure { cloud, tenant, denied, at: utc_now() }
        })
    }
}

fn claims(denied: &Denied) -> Option<String> {
    match denied {
        Denied::SignIn(error) => error.claims.clone(),
        Denied::TokenEnded | Denied::SessionEnded => None,
    }
}

fn signed_out() -> Problem {
    Problem {
        kind: ProblemKind::SignIn,
        place: Place::default(),
        what: "The account is no longer signed in here.".into(),
        remedy: "Sign in again, then connect.".into(),
    }
}

/// The browser would refuse it, and say no more than that there is no connection.
fn not_admitted(host: &str) -> Problem {
    Problem {
        kind: ProblemKind::Address,
        place: Place::default(),
        what: format!("This copy of Portage may not talk to {host}: its content security policy does not name it."),
        remedy: "Ask whoever runs it to add the host to \"hosts\" in config.json and to build it again; a copy started \
                 with cargo xtask demo may talk to this computer."
            .into(),
    }
}

fn pasted(token: PastedToken) -> Rc<dyn TokenSource> {
    Rc::new(PastedSource::new(token, now_in_seconds))
}

/// Since 1970.
fn now_in_seconds() -> u64 {
    (now() / 1000.0) as u64
}
