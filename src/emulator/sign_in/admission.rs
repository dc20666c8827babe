//! Which tokens open an environment and the discovery service.

use super::SignIn;
use super::control::DiscoveryState;
use super::scopes::is_discovery;
use crate::answer::Answer;
use crate::api::{bearer_token, origin};
use crate::caller::Caller;
use crate::cors;
use crate::discovery::{Discovery, Instance};
use http::{HeaderMap, Method, Request, Response};
use serde_json::Value;
use uuid::Uuid;

impl SignIn {
    /// Who asks the environment of that name in the directory: only an access token that this service issued for it, to
    /// a user of its tenant, says so. `now` is in seconds since 1970.
    #[must_use]
    pub fn caller(&self, environment: &str, headers: &HeaderMap, now: i64) -> Caller {
        let Some(place) = self.directory.environments.get(environment) else { return Caller::Unknown };
        let Some(claims) = self.claims(headers) else { return Caller::Unknown };
        let tenant = self.directory.tenant(&place.tenant).map(|tenant| tenant.id);
        let is_here = claims["aud"].as_str().is_some_and(|audience| place.is_at(audience));
        match id(&claims, "oid") {
            Some(user) if is_here && id(&claims, "tid") == tenant => in_time(&claims, now, user),
            _ => Caller::Unknown,
        }
    }

    /// Answers for the discovery service: it lists the environments of the token's tenant that have its user.
    #[must_use]
    pub fn discover(&self, discovery: &Discovery, request: &Request<Vec<u8>>, now: i64) -> Response<Vec<u8>> {
        if request.method() == Method::OPTIONS {
            return discovery.answer(request);
        }
        if self.control.discovery == DiscoveryState::Down {
            return cors::expose(Answer { status: 503, ..Answer::default() }).into_response();
        }
        let Some(claims) = self.claims(request.headers()).filter(|claims| is_for(claims, request)) else {
            return Discovery::challenged(request);
        };
        match id(&claims, "oid").map(|user| in_time(&claims, now, user)) {
            Some(Caller::Known(user)) => {
                discovery.only(|instance| self.lists(instance, &claims, user)).answer(request)
            }
            _ => Discovery::challenged(request),
        }
    }

    /// What a token says that this service has issued and not taken back.
    fn claims(&self, headers: &HeaderMap) -> Option<Value> {
        let claims = self.keys.verified(bearer_token(headers)?)?;
        self.grants.is_good(claims["uti"].as_str()?).then_some(claims)
    }

    /// Clouds know nothing of each other.
    fn lists(&self, instance: &Instance, claims: &Value, user: Uuid) -> bool {
        let tenant = claims["tid"].as_str().and_then(|id| self.directory.tenant(id));
        let place = instance.url().and_then(|url| self.directory.place_at(url));
        let (Some(tenant), Some(place)) = (tenant, place) else { return false };
        let is_member = place.members.iter().any(|username| {
            let member = self.directory.user(username).and_then(|user| self.directory.subject(user, tenant));
            member.is_some_and(|member| member.id == user)
        });
        let audience = claims["aud"].as_str().unwrap_or_default();
        let is_here = self.directory.tenant(&place.tenant).is_some_and(|here| here.id == tenant.id);
        self.control.discovery != DiscoveryState::Empty
            && is_here
            && is_member
            && crate::clouds::lists(audience, &place.url)
    }
}

/// Whether a token is for the discovery service under the name by which it is asked; under any name of this machine
/// itself every cloud's will do.
fn is_for(claims: &Value, request: &Request<Vec<u8>>) -> bool {
    let asked = origin(request.uri(), request.headers());
    let audience = claims["aud"].as_str().unwrap_or_default().trim_end_matches('/');
    is_discovery(audience) && (audience == asked || !is_discovery(&asked))
}

fn in_time(claims: &Value, now: i64, user: Uuid) -> Caller {
    if claims["exp"].as_i64().is_some_and(|end| now < end) { Caller::Known(user) } else { Caller::Expired }
}

fn id(claims: &Value, name: &str) -> Option<Uuid> {
    Uuid::try_parse(claims[name].as_str()?).ok()
}
