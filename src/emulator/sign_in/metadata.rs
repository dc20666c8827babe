//! What the service tells of itself: addresses, clouds, and the key that its tokens are signed with.

use super::SignIn;
use super::call::Call;
use super::refusal::SignInRefusal;
use crate::answer::Answer;
use serde_json::{Value, json};

impl SignIn {
    /// `GET /{tenant}/v2.0/.well-known/openid-configuration`
    pub(super) fn openid_configuration(&mut self, call: &Call<'_>) -> Answer {
        let segment = call.target().0;
        let every = ["common", "organizations", "consumers"].contains(&segment);
        let tenant = self.directory.tenant(segment).map(|tenant| tenant.id.to_string());
        let answer = match tenant {
            Some(id) => super::json_answer(200, &configuration(&call.origin, &id, &id)),
            None if every => super::json_answer(200, &configuration(&call.origin, segment, "{tenantid}")),
            None => {
                let text = format!("Tenant '{segment}' not found.");
                SignInRefusal::new("invalid_tenant", 90_002, text).answer(self.trace(call))
            }
        };
        answer.with("Access-Control-Allow-Origin", "*")
    }

    /// `GET /{tenant}/discovery/v2.0/keys`
    pub(super) fn published_keys(&self) -> Answer {
        super::json_answer(200, &self.keys.published()).with("Access-Control-Allow-Origin", "*")
    }
}

fn configuration(origin: &str, segment: &str, issuer: &str) -> Value {
    let base = format!("{origin}/{segment}");
    json!({
        "token_endpoint": format!("{base}/oauth2/v2.0/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "jwks_uri": format!("{base}/discovery/v2.0/keys"),
        "response_modes_supported": ["query", "fragment"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": format!("{origin}/{issuer}/v2.0"),
        "request_uri_parameter_supported": false,
        "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
        "http_logout_supported": true,
        "frontchannel_logout_supported": true,
        "end_session_endpoint": format!("{base}/oauth2/v2.0/logout"),
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "login_hint"
        ],
        "tenant_region_scope": null,
        "cloud_instance_name": origin.split_once("://").map_or(origin, |(_, host)| host).trim_start_matches("login."),
    })
}

/// `GET /common/discovery/instance`: under which names the service is one and the same. Clients ask it for a host
/// that they do not know.
pub(super) fn instances(call: &Call<'_>) -> Answer {
    let cloud = |network: &str, cache: &str, aliases: &[&str]| json!({"preferred_network": network, "preferred_cache": cache, "aliases": aliases});
    let host = call.host();
    let body = json!({
        "tenant_discovery_endpoint": format!("{}/common/v2.0/.well-known/openid-configuration", call.origin),
        "api-version": "1.1",
        "metadata": [
            cloud("login.microsoftonline.com", "login.windows.net", &[
                "login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net",
            ]),
            cloud("login.partner.microsoftonline.cn", "login.partner.microsoftonline.cn", &[
                "login.partner.microsoftonline.cn", "login.chinacloudapi.cn",
            ]),
            cloud("login.microsoftonline.us", "login.microsoftonline.us", &[
                "login.microsoftonline.us", "login.usgovcloudapi.net",
            ]),
            cloud(host, host, &[host]),
        ],
    });
    super::json_answer(200, &body).with("Access-Control-Allow-Origin", "*")
}
