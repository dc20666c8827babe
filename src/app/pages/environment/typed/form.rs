//! What is typed to reach an environment by its URL, and what follows from it.

use crate::effects::focus;
use crate::pages::environment::desk::Desk;
use crate::pages::pasted_token::{self, Read};
use crate::state::Model;
use crate::texts::{environment as text, sign_in};
use browser::sign_in::{Cloud, EnvironmentUrl};
use leptos::prelude::*;

/// How to get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Account,
    Token,
}

impl By {
    pub(super) fn key(self) -> &'static str {
        match self {
            By::Account => "account",
            By::Token => "token",
        }
    }
}

/// What is typed, and what follows from it.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) desk: Desk,
    pub(super) chosen: RwSignal<Option<By>>,
    pub(super) token: RwSignal<String>,
    /// The button was pressed: from then on it is told what is missing.
    pub(super) tried: RwSignal<bool>,
}

impl Form {
    /// The address, or what is wrong with it.
    pub(super) fn url(self) -> Result<EnvironmentUrl, String> {
        let typed = self.desk.url.get();
        if typed.trim().is_empty() {
            return Err(text::URL_MISSING.to_owned());
        }
        let hosts = self.desk.store.read(|model| model.sign_in.hosts());
        EnvironmentUrl::parse_with(&typed, &hosts).map_err(in_words)
    }

    pub(super) fn is_local(self) -> bool {
        self.url().is_ok_and(|url| url.is_local())
    }

    /// Where one signs in for the address.
    pub(super) fn cloud(self) -> Cloud {
        let of_host = self.url().ok().and_then(|url| Cloud::of_host(url.host()));
        of_host.unwrap_or_else(|| self.desk.cloud())
    }

    /// An account helps only where there is a registration, and not on this computer.
    pub(super) fn account_can(self) -> bool {
        !self.is_local() && self.desk.is_registered(self.cloud())
    }

    pub(super) fn by(self) -> By {
        if self.account_can() { self.chosen.get().unwrap_or(By::Account) } else { By::Token }
    }

    /// What the token says, or what is wrong with it; `None`: no word about it yet.
    pub(super) fn read(self) -> Option<Read> {
        let url = self.url().ok()?;
        let token = self.token.get();
        (self.tried.get() || !token.is_empty()).then(|| pasted_token::read(&token, &url))
    }

    /// Whether the button leads somewhere now.
    pub(super) fn can_connect(self) -> bool {
        let ready = || self.desk.account(self.cloud()).is_some() || self.desk.is_ready(self.cloud());
        self.desk.store.read(Model::is_free) && (self.by() == By::Token || ready())
    }

    /// Sends the form; call it inside the click. What is missing gets the keyboard.
    pub(super) fn connect(self) {
        self.tried.set(true);
        let missing = untrack(|| match (self.url(), self.by()) {
            (Err(_), _) => Some("url"),
            (Ok(url), By::Account) => self.connect_by_account(&url),
            (Ok(url), By::Token) => self.connect_by_token(&url),
        });
        if let Some(field) = missing {
            focus(&self.desk.id(field));
        }
    }

    /// `Some`: the field that keeps it from being done.
    fn connect_by_account(self, url: &EnvironmentUrl) -> Option<&'static str> {
        let tenant = Some(self.desk.tenant.get().trim().to_owned()).filter(|typed| !typed.is_empty());
        if tenant.as_deref().and_then(sign_in::tenant_error).is_some() {
            return Some("tenant");
        }
        self.desk.connect(self.cloud(), url.origin(), tenant);
        None
    }

    /// The same with the token.
    fn connect_by_token(self, url: &EnvironmentUrl) -> Option<&'static str> {
        let Some(Ok(token)) = self.read() else { return Some("token") };
        self.desk.store.connect_pasted(self.desk.end, url.origin(), token);
        None
    }
}

/// What is wrong with an address, and where the right one is found.
fn in_words(error: impl Into<migration::Problem>) -> String {
    let migration::Problem { what, remedy, .. } = error.into();
    format!("{what} {remedy}")
}
