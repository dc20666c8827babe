//! `GET /{tenant}/oauth2/v2.0/logout`: ends the browser's session, or one account's part of it.

use super::SignIn;
use super::call::Call;
use super::pages;
use crate::answer::Answer;

impl SignIn {
    pub(super) fn logout(&mut self, call: &Call<'_>) -> Answer {
        let hint =
            call.query.get("logout_hint").map(|hint| self.by_hint(hint).map(|user| user.username.clone()));
        // A hint that means nobody ends nothing.
        self.sessions.remove(call, |user| hint.as_ref().is_none_or(|meant| meant.as_deref() == Some(user)));
        let answer = match call.query.get("post_logout_redirect_uri").filter(|to| self.is_registered(to)) {
            Some(redirect) => back(redirect, call.query.get("state")),
            None => pages::signed_out(),
        };
        if self.control.isolates(call.query.get("pocd")) {
            answer.with("Cross-Origin-Opener-Policy", "same-origin")
        } else {
            answer
        }
    }

    /// The request does not say which application it comes from: any one's address will do.
    fn is_registered(&self, redirect: &str) -> bool {
        self.directory.applications.iter().any(|application| application.has_redirect(redirect))
    }
}

fn back(redirect: &str, state: Option<&str>) -> Answer {
    let mark = if redirect.contains('?') { '&' } else { '?' };
    let address = state.map_or_else(
        || redirect.to_owned(),
        |state| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            format!("{redirect}{mark}{}", query.append_pair("state", state).finish())
        },
    );
    Answer { status: 302, ..Answer::default() }.with("Location", address)
}
