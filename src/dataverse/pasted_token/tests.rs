use super::{PastedToken, TokenRefused};
use crate::EnvironmentUrl;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use uuid::uuid;

/// 2026-11-27T00:00:00Z
const NOW: u64 = 1_795_737_600;

fn token(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({"typ": "JWT", "alg": "RS256"})), part(claims))
}

fn good() -> Value {
    json!({
        "aud": "https://contoso.crm.dynamics.com", "exp": NOW + 3600, "scp": "user_impersonation",
        "tid": "11111111-1111-4111-8111-111111111111", "oid": "aaaaaaaa-0000-4000-8000-000000000001",
        "appid": "c0ffee00-0000-4000-8000-000000000001",
        "upn": "adele@contoso.onmicrosoft.com", "name": "Adele Vance",
    })
}

fn with(name: &str, value: Value) -> String {
    let mut claims = good();
    claims[name] = value;
    token(&claims)
}

fn without(name: &str) -> String {
    let mut claims = good();
    claims.as_object_mut().unwrap().remove(name);
    token(&claims)
}

fn read(pasted: &str) -> Result<PastedToken, TokenRefused> {
    PastedToken::read(pasted, &EnvironmentUrl::parse("contoso.crm.dynamics.com").unwrap(), NOW)
}

#[test]
fn a_token_for_the_environment_tells_whose_it_is_and_how_long_it_is_good() {
    let pasted = read(&token(&good())).unwrap();
    let claims = pasted.claims().unwrap();
    assert_eq!(claims.expires, NOW + 3600);
    assert_eq!(claims.audience, "https://contoso.crm.dynamics.com");
    assert_eq!(claims.login.as_deref(), Some("adele@contoso.onmicrosoft.com"));
    assert_eq!(claims.name.as_deref(), Some("Adele Vance"));
    assert_eq!(claims.tenant, Some(uuid!("11111111-1111-4111-8111-111111111111")));
    assert_eq!(claims.user, Some(uuid!("aaaaaaaa-0000-4000-8000-000000000001")));
    assert_eq!(claims.app, Some(uuid!("c0ffee00-0000-4000-8000-000000000001")));
}

#[test]
fn a_token_is_found_in_what_surrounds_it() {
    let token = token(&good());
    let (start, end) = token.split_at(40);
    for pasted in [
        format!("  {token}\n"),
        format!("Bearer {token}"),
        format!("Authorization: bearer {token}"),
        format!("\"Bearer {token}\""),
        format!("'{token}'"),
        format!("{start}\r\n  {end}"),
        format!("{{\"accessToken\": \"{token}\", \"expiresOn\": \"2026-11-27 01:00:00.000000\"}}"),
        format!("{{\"token_type\":\"Bearer\",\"access_token\":\"{token}\",\"refresh_token\":\"1.Ab\"}}\n"),
    ] {
        assert_eq!(read(&pasted).map(|found| found.secret().to_owned()), Ok(token.clone()), "{pasted}");
    }
}

#[test]
fn either_host_of_the_environment_may_be_the_audience_and_it_may_be_one_of_several() {
    for audience in [
        json!("https://contoso.crm.dynamics.com/"),
        json!("https://contoso.api.crm.dynamics.com"),
        json!(["https://graph.microsoft.com", "https://contoso.crm.dynamics.com/"]),
    ] {
        assert!(read(&with("aud", audience.clone())).is_ok(), "{audience}");
    }
}

#[test]
fn a_token_for_something_else_says_what_it_is_for() {
    for audience in ["https://graph.microsoft.com", "https://fabrikam.crm.dynamics.com/"] {
        let refused = TokenRefused::OtherAudience { audience: audience.to_owned() };
        assert_eq!(read(&with("aud", json!(audience))), Err(refused));
    }
    let dataverse = "00000007-0000-0000-c000-000000000000";
    let refused = read(&with("aud", json!(dataverse))).unwrap_err();
    assert_eq!(refused, TokenRefused::OtherAudience { audience: dataverse.to_owned() });
}

#[test]
fn a_token_that_has_expired_says_how_long_ago() {
    assert_eq!(read(&with("exp", json!(NOW))), Err(TokenRefused::Expired { ago: 0 }));
    let expired = read(&with("exp", json!(NOW - 720))).unwrap_err();
    assert_eq!(expired.to_string(), "This token expired 12 minutes ago, by the clock of this computer.");
    assert!(
        read(&with("exp", json!(NOW as f64 + 0.5))).is_err() && read(&with("exp", json!(NOW + 1))).is_ok()
    );
}

#[test]
fn an_id_token_and_a_refresh_token_are_known_for_what_they_are() {
    let mut id_token = good();
    id_token["aud"] = id_token["appid"].take();
    id_token.as_object_mut().unwrap().remove("scp");
    assert_eq!(read(&token(&id_token)), Err(TokenRefused::IdToken));
    for pasted in ["0.AXoAy_3zvsvcqUGueWSPIqMt.AgABAAEAAAD", "1.AXXXWYCXhUVHw97g4oU7GbYEZmnaCHNrvXV7"] {
        assert_eq!(read(pasted), Err(TokenRefused::RefreshToken), "{pasted}");
    }
}

#[test]
fn what_is_no_token_is_refused() {
    let json = URL_SAFE_NO_PAD.encode("no json");
    let cases = ["hello", "a.b.c", "eyJ.eyJ.eyJ.x", "tökén", "{}", "https://contoso.crm.dynamics.com"];
    for pasted in
        cases.map(str::to_owned).into_iter().chain([format!("eyJ.{json}.x"), without("aud"), without("exp")])
    {
        assert_eq!(read(&pasted), Err(TokenRefused::NoToken), "{pasted}");
    }
    for pasted in ["", " \n", "Bearer ", "\"\""] {
        assert_eq!(read(pasted), Err(TokenRefused::Nothing), "{pasted}");
    }
}

#[test]
fn a_token_without_names_is_good_all_the_same() {
    let bare = json!({"aud": "https://contoso.crm.dynamics.com", "exp": NOW + 60, "tid": "no id"});
    let pasted = read(&token(&bare)).unwrap();
    let claims = pasted.claims().unwrap();
    assert_eq!((claims.tenant, claims.user, claims.app), (None, None, None));
    assert_eq!((&claims.login, &claims.name), (&None, &None));
}

#[test]
fn on_this_computer_any_text_is_taken_and_not_checked() {
    for typed in ["http://localhost:9401", "https://localhost:9402"] {
        let url = EnvironmentUrl::parse(typed).unwrap();
        let pasted = PastedToken::read("Bearer anything", &url, NOW).unwrap();
        assert_eq!((pasted.secret(), pasted.claims()), ("anything", None));
        assert_eq!(PastedToken::read(" ", &url, NOW), Err(TokenRefused::Nothing));
        assert_eq!(
            PastedToken::read("tökén", &url, NOW),
            Err(TokenRefused::NoToken),
            "no header can hold it"
        );
    }
}

#[test]
fn neither_a_token_nor_its_refusal_shows_the_token_in_a_log() {
    let token = token(&good());
    let shown = format!("{:?}", read(&token).unwrap());
    let parts = token.split('.').chain(["eyJ"]);
    parts.for_each(|part| assert!(!shown.contains(part), "{shown}"));
    assert!(shown.contains("claims"), "{shown}");
    let refused = read(&with("exp", json!(1))).unwrap_err();
    assert!(!format!("{refused:?} {refused}").contains("eyJ"));
}
