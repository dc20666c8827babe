//! What a sign-in ends with: tokens, and what they say.

use super::SignIn;
use super::call::Call;
use super::directory::Subject;
use super::grants::RefreshToken;
use super::keys::{base64url, encoded, sha256};
use super::refusal::SignInRefusal;
use super::scopes::{GRAPH, Scopes};
use crate::clouds;
use serde_json::{Value, json};
use uuid::Uuid;

/// What tokens are issued for.
pub(super) struct Wanted<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) client: Uuid,
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
    /// The `claims` parameter.
    pub(super) claims: Option<String>,
    /// When the refresh token ends, in seconds since 1970.
    pub(super) refresh_ends: i64,
}

/// Seconds that an id token is good for.
const ID_TOKEN_LIFE: i64 = 3600;

impl SignIn {
    /// The token endpoint's answer.
    pub(super) fn issued(&mut self, call: &Call<'_>, wanted: &Wanted<'_>) -> Result<Value, SignInRefusal> {
        let Wanted { subject, scopes, client, refresh_ends, .. } = wanted;
        let life = self.control.access_token_seconds;
        let (access_id, refresh) = (base64url(self.random.id().as_bytes()), super::secret(&mut self.random));
        let mut answer = json!({
            "token_type": "Bearer",
            "scope": scopes.granted(),
            "expires_in": life,
            "ext_expires_in": life,
            "access_token": self.signed(&access_claims(call, wanted, &access_id, life))?,
        });
        self.grants.add_access_token(access_id, subject.user.username.clone());
        if scopes.asks("offline_access") {
            let token = format!("1.{refresh}");
            let username = subject.user.username.clone();
            let grant = RefreshToken { username, client: *client, expires: *refresh_ends, revoked: false };
            self.grants.add_refresh_token(token.clone(), grant);
            answer["refresh_token"] = json!(token);
            answer["refresh_token_expires_in"] = json!(refresh_ends - call.now);
        }
        if scopes.asks("openid") {
            let id = base64url(self.random.id().as_bytes());
            answer["id_token"] = json!(self.signed(&id_claims(call, wanted, &id))?);
        }
        if call.form.get("client_info") == Some("1") {
            answer["client_info"] = json!(client_info(subject));
        }
        Ok(answer)
    }

    fn signed(&self, claims: &Value) -> Result<String, SignInRefusal> {
        let failed =
            |error: super::keys::KeyError| SignInRefusal::new("server_error", 90_033, error.to_string());
        self.keys.sign(claims).map_err(failed)
    }
}

/// Who it is at home, whatever tenant is asked: clients keep accounts under it.
pub(super) fn client_info(subject: &Subject<'_>) -> String {
    encoded(&json!({"uid": subject.user.id, "utid": subject.home.id}))
}

/// What an id token calls its user, opaque to the client.
pub(super) fn login_hint(user: Uuid) -> String {
    format!("O.{}", base64url(user.as_bytes()))
}

/// As version 1.0 has them: Dataverse accepts no other.
fn access_claims(call: &Call<'_>, wanted: &Wanted<'_>, id: &str, life: i64) -> Value {
    let Wanted { subject, client, scopes, .. } = wanted;
    let permissions: Vec<&str> =
        scopes.permissions.iter().map(String::as_str).filter(|name| *name != ".default").collect();
    let scp = if permissions.is_empty() { "user_impersonation".to_owned() } else { permissions.join(" ") };
    let mut claims = json!({
        "aud": scopes.resource.as_deref().unwrap_or(GRAPH),
        "iss": format!("{}{}/", clouds::token_issuer(call.host()), subject.tenant.id),
        "iat": call.now, "nbf": call.now, "exp": call.now + life,
        "appid": client, "appidacr": "0", "idtyp": "user",
        "oid": subject.id, "tid": subject.tenant.id,
        "name": subject.user.name, "unique_name": subject.user.username,
        "scp": scp, "sub": pairwise(subject.id, scopes.resource.as_deref().unwrap_or(GRAPH)),
        "uti": id, "ver": "1.0",
    });
    let home = if subject.is_guest() { "idp" } else { "upn" };
    claims[home] = if subject.is_guest() { json!(idp(subject)) } else { json!(subject.user.username) };
    claims
}

fn id_claims(call: &Call<'_>, wanted: &Wanted<'_>, id: &str) -> Value {
    let Wanted { subject, client, scopes, nonce, .. } = wanted;
    let mut claims = json!({
        "aud": client,
        "iss": format!("{}/{}/v2.0", call.origin, subject.tenant.id),
        "iat": call.now, "nbf": call.now, "exp": call.now + ID_TOKEN_LIFE,
        "sub": pairwise(subject.id, &client.to_string()), "tid": subject.tenant.id, "uti": id, "ver": "2.0",
    });
    if scopes.asks("profile") {
        claims["oid"] = json!(subject.id);
        claims["name"] = json!(subject.user.name);
        claims["preferred_username"] = json!(subject.user.username);
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    if subject.is_guest() {
        claims["idp"] = json!(idp(subject));
    }
    if wants_login_hint(wanted.claims.as_deref()) {
        claims["login_hint"] = json!(login_hint(subject.user.id));
    }
    claims
}

/// It is optional: only who asks for it gets it.
fn wants_login_hint(claims: Option<&str>) -> bool {
    let asked: Option<Value> = claims.and_then(|text| serde_json::from_str(text).ok());
    asked.is_some_and(|asked| asked["id_token"].get("login_hint").is_some())
}

fn idp(subject: &Subject<'_>) -> String {
    format!("https://sts.windows.net/{}/", subject.home.id)
}

/// Another one for every application, so that they cannot compare their users.
fn pairwise(user: Uuid, audience: &str) -> String {
    base64url(&sha256(format!("{user} {audience}").as_bytes()))
}
