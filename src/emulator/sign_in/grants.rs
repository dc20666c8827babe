//! What was handed out and can be handed in again: codes, refresh tokens, access tokens.

use std::collections::BTreeMap;
use uuid::Uuid;

/// Everything that is still good, and why the rest is not.
#[derive(Clone, Default)]
pub(super) struct Grants {
    codes: BTreeMap<String, Handed<Code>>,
    refresh_tokens: BTreeMap<String, RefreshToken>,
    /// Usernames by the ids of their access tokens.
    access_tokens: BTreeMap<String, String>,
}

/// A code can be handed in once.
#[derive(Clone)]
enum Handed<T> {
    Out(T),
    In,
}

/// What somebody agreed to on the page.
#[derive(Clone)]
pub(super) struct Code {
    pub(super) username: String,
    pub(super) client: Uuid,
    /// The tenant that the user is signed in to.
    pub(super) tenant: Uuid,
    pub(super) redirect: String,
    pub(super) challenge: String,
    pub(super) scope: String,
    pub(super) nonce: Option<String>,
    pub(super) claims: Option<String>,
    /// Seconds since 1970.
    pub(super) expires: i64,
}

/// One serves every API of every tenant that knows its user.
#[derive(Clone)]
pub(super) struct RefreshToken {
    pub(super) username: String,
    pub(super) client: Uuid,
    /// Seconds since 1970; the tokens that it is exchanged for end at the same time.
    pub(super) expires: i64,
    pub(super) revoked: bool,
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoCode {
    Unknown,
    Used,
}

impl Grants {
    pub(super) fn add_code(&mut self, code: String, grant: Code) {
        self.codes.insert(code, Handed::Out(grant));
    }

    /// Whatever comes of it: it was the only time.
    pub(super) fn take_code(&mut self, code: &str) -> Result<Code, NoCode> {
        let known = self.codes.get_mut(code).ok_or(NoCode::Unknown)?;
        match std::mem::replace(known, Handed::In) {
            Handed::Out(grant) => Ok(grant),
            Handed::In => Err(NoCode::Used),
        }
    }

    pub(super) fn add_refresh_token(&mut self, token: String, grant: RefreshToken) {
        self.refresh_tokens.insert(token, grant);
    }

    /// It stays good until its end: the service does not take it back when it gives the next one.
    pub(super) fn refresh_token(&self, token: &str) -> Option<&RefreshToken> {
        self.refresh_tokens.get(token)
    }

    pub(super) fn add_access_token(&mut self, id: String, username: String) {
        self.access_tokens.insert(id, username);
    }

    pub(super) fn is_good(&self, access_token_id: &str) -> bool {
        self.access_tokens.contains_key(access_token_id)
    }

    /// Takes back what a user was given, codes too.
    pub(super) fn revoke(&mut self, username: &str) {
        for code in self.codes.values_mut() {
            if matches!(code, Handed::Out(grant) if grant.username == username) {
                *code = Handed::In;
            }
        }
        let theirs = self.refresh_tokens.values_mut().filter(|token| token.username == username);
        theirs.for_each(|token| token.revoked = true);
        self.access_tokens.retain(|_, user| user != username);
    }
}
