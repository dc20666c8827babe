//! A stand-in of Microsoft Entra ID: the sign-in service that issues the tokens which environments accept.
//!
//! It knows the users and applications of a [`Directory`], shows pages where a person chooses an account and agrees,
//! and answers under any host name, as the one of each cloud. What it does was taken from Microsoft's pages and from
//! the requests that their library for browsers makes; nothing of it was compared with the real service. Where that
//! one's behaviour is not known it takes the stricter one. Nobody types a password, so it is for tests and demos only.

mod admin_consent;
mod admission;
mod authorize;
mod call;
mod control;
mod directory;
mod grants;
mod keys;
mod logout;
mod metadata;
mod pages;
mod record;
mod refusal;
mod scopes;
mod sessions;
mod tenant;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token_endpoint;
mod tokens;

pub use directory::{Directory, DirectoryError};
pub use keys::{KeyError, Keys};

use crate::answer::Answer;
use crate::cors;
use crate::random::Random;
use call::Call;
use control::Control;
use directory::{Consent, Subject, User};
use grants::Grants;
use http::{Method, Request, Response};
use keys::base64url;
use refusal::Trace;
use serde_json::{Value, json};
use sessions::Sessions;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The service: who there is, who is signed in where, and what was handed out.
pub struct SignIn {
    directory: Directory,
    keys: Keys,
    random: Random,
    sessions: Sessions,
    grants: Grants,
    /// Who let which application act for them: (tenant, user, application).
    consents: BTreeSet<(Uuid, Uuid, Uuid)>,
    /// Which application was approved for everybody: (tenant, application).
    approvals: BTreeSet<(Uuid, Uuid)>,
    control: Control,
    requests: Vec<Value>,
}

impl SignIn {
    /// A service for those users, that signs with those keys. The seed decides what its codes and tokens look like.
    #[must_use]
    pub fn new(directory: Directory, keys: Keys, seed: u64) -> SignIn {
        SignIn {
            directory,
            keys,
            random: Random::new(seed),
            sessions: Sessions::default(),
            grants: Grants::default(),
            consents: BTreeSet::new(),
            approvals: BTreeSet::new(),
            control: Control::default(),
            requests: Vec::new(),
        }
    }

    /// Answers a request. `now` is in seconds since 1970.
    pub fn answer(&mut self, request: &Request<Vec<u8>>, now: i64) -> Response<Vec<u8>> {
        let call = Call::read(request, now);
        if call.method == Method::OPTIONS {
            return cors::preflight(request.headers()).into_response();
        }
        let (method, target) = (call.method.as_str(), call.target());
        let answer = match (method, target) {
            ("POST", ("emulator", "control")) => self.change(call.body),
            ("GET", ("emulator", "requests")) => json_answer(200, &json!(self.requests)),
            _ => {
                self.requests.push(record::record(&call));
                self.serve(&call, method, target)
            }
        };
        answer.into_response()
    }

    fn serve(&mut self, call: &Call<'_>, method: &str, (tenant, path): (&str, &str)) -> Answer {
        match (method, path) {
            ("GET", "oauth2/v2.0/authorize") => self.authorize(call),
            ("POST", "login") => self.login(call),
            ("POST", "consent") => self.consent(call),
            ("GET", "v2.0/adminconsent") => self.admin_consent(call),
            ("POST", "adminaccount") => self.admin_account(call),
            ("POST", "adminconsent") => self.admin_answer(call),
            ("POST", "oauth2/v2.0/token") => self.token(call),
            ("GET", "oauth2/v2.0/logout") => self.logout(call),
            ("GET", "v2.0/.well-known/openid-configuration") => self.openid_configuration(call),
            ("GET", "discovery/v2.0/keys") => self.published_keys(),
            ("GET", "discovery/instance") if tenant == "common" => metadata::instances(call),
            _ => json_answer(404, &json!({"error": "not_found", "path": call.path})),
        }
    }

    /// New numbers for an error, but for the client's own.
    fn trace(&mut self, call: &Call<'_>) -> Trace {
        let (trace_id, other) = (self.random.id(), self.random.id());
        Trace { trace_id, correlation_id: call.correlation_id().unwrap_or(other), now: call.now }
    }

    /// Who has to agree still before the application may act for the user.
    fn consent_of(&self, subject: &Subject<'_>, application: Uuid) -> Consent {
        let agreed = self.consents.contains(&(subject.tenant.id, subject.user.id, application));
        let approved = self.approvals.contains(&(subject.tenant.id, application));
        match subject.tenant.consent {
            _ if approved => Consent::Granted,
            Consent::User if agreed => Consent::Granted,
            consent => consent,
        }
    }

    /// The user whom a hint means: by name, or by what an id token called them.
    fn by_hint(&self, hint: &str) -> Option<&User> {
        let by_token = |user: &&User| tokens::login_hint(user.id) == hint;
        self.directory.user(hint).or_else(|| self.directory.users.iter().find(by_token))
    }
}

/// Text that nobody guesses, as far as this service needs it.
fn secret(random: &mut Random) -> String {
    base64url(&[random.id().into_bytes(), random.id().into_bytes()].concat())
}

fn json_answer(status: u16, body: &Value) -> Answer {
    let headers = vec![("Content-Type", "application/json; charset=utf-8".to_owned())];
    Answer { status, headers, body: body.to_string().into_bytes() }
}
