//! What an access token says of itself.

use super::TokenRefused;
use crate::EnvironmentUrl;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// The claims of an access token that people are shown. Source of the names: Microsoft's reference of access token
/// claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenClaims {
    /// `aud`: what it is for, as it stands there.
    pub audience: String,
    /// `exp`, in seconds since 1970.
    pub expires: u64,
    /// `tid`: the tenant that issued it.
    pub tenant: Option<Uuid>,
    /// `upn`, `unique_name` or `preferred_username`: the name the user signs in with.
    pub login: Option<String>,
    /// `name`: the user's.
    pub name: Option<String>,
    /// `oid`: the user in that tenant.
    pub user: Option<Uuid>,
    /// `appid` or `azp`: the app that it was issued to.
    pub app: Option<Uuid>,
}

/// The middle part of a token.
#[derive(Deserialize)]
pub(super) struct Payload {
    aud: Option<Value>,
    exp: Option<Value>,
    tid: Option<String>,
    upn: Option<String>,
    unique_name: Option<String>,
    preferred_username: Option<String>,
    name: Option<String>,
    oid: Option<String>,
    appid: Option<String>,
    azp: Option<String>,
    /// What a person allowed.
    scp: Option<Value>,
    /// What an app itself was given.
    roles: Option<Value>,
}

impl Payload {
    /// Three parts with dots between them, of which the second is JSON in base64.
    pub(super) fn of(token: &str) -> Result<Payload, TokenRefused> {
        let parts: Vec<&str> = token.split('.').collect();
        let [_, payload, _] = parts[..] else { return Err(opaque(token)) };
        let json = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).map_err(|_| opaque(token))?;
        serde_json::from_slice(&json).map_err(|_| opaque(token))
    }

    /// The claims of a token that `environment` would accept at `now`.
    pub(super) fn claims(self, environment: &EnvironmentUrl, now: u64) -> Result<TokenClaims, TokenRefused> {
        let audience = self.audience_among(environment)?;
        let expires = self.exp.as_ref().and_then(seconds).ok_or(TokenRefused::NoToken)?;
        if expires <= now {
            return Err(TokenRefused::Expired { ago: now - expires });
        }
        let id = |text: Option<String>| text.and_then(|text| text.parse().ok());
        Ok(TokenClaims {
            audience,
            expires,
            tenant: id(self.tid),
            login: self.upn.or(self.unique_name).or(self.preferred_username),
            name: self.name,
            user: id(self.oid),
            app: id(self.appid.or(self.azp)),
        })
    }

    /// The audience that is the environment; an error that names another one otherwise.
    fn audience_among(&self, environment: &EnvironmentUrl) -> Result<String, TokenRefused> {
        let all = self.audiences();
        if let Some(found) = all.iter().find(|audience| environment.is_audience(audience)) {
            return Ok((*found).to_owned());
        }
        let first = all.first().ok_or(TokenRefused::NoToken)?;
        // That a person signed in to an app is said to the app, by its id, and allows nothing.
        if Uuid::parse_str(first).is_ok() && self.scp.is_none() && self.roles.is_none() {
            return Err(TokenRefused::IdToken);
        }
        Err(TokenRefused::OtherAudience { audience: (*first).to_owned() })
    }

    /// One text, or a list of them.
    fn audiences(&self) -> Vec<&str> {
        match &self.aud {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// What is no access token that can be read. Refresh tokens and sign-in codes of Microsoft Entra ID begin so; seen in
/// many public examples.
fn opaque(token: &str) -> TokenRefused {
    if token.starts_with("0.A") || token.starts_with("1.A") {
        TokenRefused::RefreshToken
    } else {
        TokenRefused::NoToken
    }
}

/// Whole seconds; a token may have fractions of them.
fn seconds(value: &Value) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
    value.as_u64().or_else(|| value.as_f64().map(|seconds| seconds as u64))
}
