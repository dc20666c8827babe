//! What a test changes while the service runs: `POST /emulator/control`.

use super::SignIn;
use super::refusal::SignInRefusal;
use crate::answer::Answer;
use serde::Deserialize;
use serde_json::json;

/// How the service behaves now.
#[derive(Clone, Debug)]
pub(super) struct Control {
    /// How long the next access tokens are good for.
    pub(super) access_token_seconds: i64,
    /// How long the refresh tokens of the next sign-ins are good for.
    pub(super) refresh_token_seconds: i64,
    pub(super) coop: Coop,
    pub(super) next_token: Option<Failure>,
    pub(super) next_authorize: Option<Failure>,
    pub(super) discovery: DiscoveryState,
}

/// Whether pages cut themselves off from who opened them (`Cross-Origin-Opener-Policy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Coop {
    Off,
    SameOrigin,
    /// Unless the client says that it needs no look at the popup.
    UnlessPocd,
}

/// How the discovery service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum DiscoveryState {
    Up,
    Down,
    /// It lists nothing, as for a delegated administrator.
    Empty,
}

/// How one request is to fail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Failure {
    error: String,
    aadsts: u32,
    suberror: Option<String>,
    #[serde(default)]
    description: String,
    /// On the page, where the application hears nothing of it.
    #[serde(default)]
    pub(super) page: bool,
}

/// A request to change something; what is left out stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Change {
    access_token_seconds: Option<i64>,
    refresh_token_seconds: Option<i64>,
    coop: Option<Coop>,
    next_token: Option<Failure>,
    next_authorize: Option<Failure>,
    discovery: Option<DiscoveryState>,
    /// A username.
    revoke: Option<String>,
}

const HOUR: i64 = 3600;

impl Default for Control {
    /// As the service is.
    fn default() -> Control {
        Control {
            access_token_seconds: HOUR,
            refresh_token_seconds: 24 * HOUR,
            coop: Coop::UnlessPocd,
            next_token: None,
            next_authorize: None,
            discovery: DiscoveryState::Up,
        }
    }
}

impl Control {
    /// Whether a page that was asked for with that `pocd` is cut off from its opener.
    pub(super) fn isolates(&self, pocd: Option<&str>) -> bool {
        match self.coop {
            Coop::Off => false,
            Coop::SameOrigin => true,
            Coop::UnlessPocd => pocd != Some("1"),
        }
    }
}

impl Failure {
    pub(super) fn refusal(&self) -> SignInRefusal {
        let refusal = SignInRefusal::new(&self.error, self.aadsts, self.description.clone());
        SignInRefusal { suberror: self.suberror.clone(), ..refusal }
    }
}

impl SignIn {
    /// Changes all that the body names, or nothing.
    pub(super) fn change(&mut self, body: &[u8]) -> Answer {
        match self.changed(body) {
            Ok(()) => Answer::no_content(),
            Err(problem) => super::json_answer(400, &json!({"error": problem})),
        }
    }

    fn changed(&mut self, body: &[u8]) -> Result<(), String> {
        let change: Change = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if let Some(username) = &change.revoke {
            let user =
                self.directory.user(username).ok_or_else(|| format!("there is no user '{username}'"))?;
            self.grants.revoke(&user.username);
            self.sessions.end(&user.username);
        }
        let control = &mut self.control;
        control.access_token_seconds = change.access_token_seconds.unwrap_or(control.access_token_seconds);
        control.refresh_token_seconds = change.refresh_token_seconds.unwrap_or(control.refresh_token_seconds);
        control.coop = change.coop.unwrap_or(control.coop);
        control.discovery = change.discovery.unwrap_or(control.discovery);
        control.next_token = change.next_token.or(control.next_token.take());
        control.next_authorize = change.next_authorize.or(control.next_authorize.take());
        Ok(())
    }
}
