//! What must not be shown: where credentials come from, and the questions that wait for one.

use browser::protocol::Asker;
use browser::sign_in::{Accounts, TokenSource};
use leptos::prelude::*;
use std::collections::HashMap;
use std::rc::Rc;

/// Beside the model, because tokens are no state to be drawn.
#[derive(Clone, Copy)]
pub(super) struct Vault {
    accounts: StoredValue<Option<Rc<Accounts>>, LocalStorage>,
    grants: StoredValue<HashMap<Asker, Grant>, LocalStorage>,
    waiting: StoredValue<Vec<Question>>,
    numbers: StoredValue<u32>,
    current_try: StoredValue<u32>,
}

/// A credential goes to this origin, and to no other.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) origin: String,
    pub(super) source: Rc<dyn TokenSource>,
}

/// The engine's question for a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) ask: u32,
    pub(super) asker: Asker,
    pub(super) origin: String,
    /// The last credential was refused.
    pub(super) renew: bool,
}

impl Default for Vault {
    fn default() -> Vault {
        Vault {
            accounts: StoredValue::new_local(None),
            grants: StoredValue::new_local(HashMap::new()),
            waiting: StoredValue::default(),
            numbers: StoredValue::default(),
            current_try: StoredValue::default(),
        }
    }
}

impl Vault {
    /// The library, once it is loaded.
    pub(super) fn accounts(self) -> Option<Rc<Accounts>> {
        self.accounts.get_value()
    }

    pub(super) fn hold_accounts(self, accounts: Rc<Accounts>) {
        self.accounts.set_value(Some(accounts));
    }

    /// From now on that asker's credentials come from there.
    pub(super) fn grant(self, asker: Asker, origin: &str, source: Rc<dyn TokenSource>) {
        let grant = Grant { origin: origin.to_owned(), source };
        self.grants.update_value(|grants| drop(grants.insert(asker, grant)));
    }

    /// Where an asker's credentials come from.
    pub(super) fn granted(self, asker: Asker) -> Option<Grant> {
        self.grants.with_value(|grants| grants.get(&asker).cloned())
    }

    /// That asker gets no more.
    pub(super) fn revoke(self, asker: Asker) {
        self.grants.update_value(|grants| drop(grants.remove(&asker)));
    }

    /// A question that waits for a person.
    pub(super) fn wait(self, question: Question) {
        self.waiting.update_value(|waiting| waiting.push(question));
    }

    /// Takes the questions of one asker that wait.
    pub(super) fn take_waiting(self, asker: Asker) -> Vec<Question> {
        let taken = self.waiting.try_update_value(|waiting| {
            let (taken, rest) = waiting.drain(..).partition(|question: &Question| question.asker == asker);
            *waiting = rest;
            taken
        });
        taken.unwrap_or_default()
    }

    /// A number that was not given before.
    pub(super) fn number(self) -> u32 {
        self.numbers.update_value(|number| *number += 1);
        self.numbers.get_value()
    }

    /// The next sign-in: the one before has nothing to say any more.
    pub(super) fn next_try(self) -> u32 {
        let number = self.number();
        self.current_try.set_value(number);
        number
    }

    /// Whether no other sign-in has begun since, and this one was not cancelled.
    pub(super) fn is_current(self, number: u32) -> bool {
        self.current_try.get_value() == number
    }
}
