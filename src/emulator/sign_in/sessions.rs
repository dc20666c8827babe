//! Who is signed in, browser by browser.

use super::call::Call;
use crate::random::Random;
use std::collections::BTreeMap;

/// The cookie that keeps a browser's session, called as the service calls its own.
const COOKIE: &str = "ESTSAUTH";

/// Usernames by the value of the cookie.
#[derive(Clone, Default)]
pub(super) struct Sessions(BTreeMap<String, Vec<String>>);

impl Sessions {
    /// Who is signed in where the request comes from.
    pub(super) fn of(&self, call: &Call<'_>) -> &[String] {
        call.cookie(COOKIE).and_then(|id| self.0.get(id)).map_or(&[], Vec::as_slice)
    }

    /// Adds a user to the browser's session, which begins with the first one; the cookie to set.
    pub(super) fn add(&mut self, call: &Call<'_>, username: &str, random: &mut Random) -> String {
        let known = call.cookie(COOKIE).filter(|id| self.0.contains_key(*id)).map(ToOwned::to_owned);
        let id = known.unwrap_or_else(|| super::secret(random));
        let users = self.0.entry(id.clone()).or_default();
        if !users.iter().any(|user| user == username) {
            users.push(username.to_owned());
        }
        // A hidden frame of another site is to be able to send it, if the browser lets it.
        format!("{COOKIE}={id}; Path=/; Secure; HttpOnly; SameSite=None")
    }

    /// Takes users out of the browser's session.
    pub(super) fn remove(&mut self, call: &Call<'_>, is_meant: impl Fn(&str) -> bool) {
        if let Some(users) = call.cookie(COOKIE).and_then(|id| self.0.get_mut(id)) {
            users.retain(|user| !is_meant(user));
        }
    }

    /// Takes a user out of every session.
    pub(super) fn end(&mut self, username: &str) {
        self.0.values_mut().for_each(|users| users.retain(|user| user != username));
    }
}
