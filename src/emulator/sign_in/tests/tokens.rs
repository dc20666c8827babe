//! What codes and refresh tokens become, and for whom.

use super::{DEV_SCOPE, PROD_SCOPE, code, number};
use crate::sign_in::testing::{
    ADELE, ALEX, BIANCA, Browser, CLIENT, CONTOSO, DEV, FABRIKAM, LOGIN, NATIVE, NOW, WEB, claims, returned,
};
use serde_json::{Value, json};

#[test]
fn tokens_say_who_it_is_where_and_for_what() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    let access = claims(&tokens["access_token"]);
    assert_eq!((&access["aud"], &access["scp"]), (&json!(DEV), &json!("user_impersonation")));
    assert_eq!((&access["tid"], &access["upn"]), (&json!(CONTOSO), &json!(ADELE)));
    assert_eq!((access["exp"].as_i64(), tokens["expires_in"].as_i64()), (Some(NOW + 3600), Some(3600)));
    assert_eq!(access["iss"], format!("https://sts.windows.net/{CONTOSO}/"));
    let id = claims(&tokens["id_token"]);
    assert_eq!((&id["aud"], &id["nonce"]), (&json!(CLIENT), &json!("a-nonce")));
    assert_eq!(id["iss"], format!("{LOGIN}/{CONTOSO}/v2.0"));
    assert_eq!((&id["preferred_username"], &id["oid"]), (&json!(ADELE), &access["oid"]));
    assert_eq!(tokens["scope"], format!("openid profile {DEV}/user_impersonation"));
    assert_eq!(
        tokens["client_info"],
        crate::sign_in::keys::encoded(&json!({"uid": id["oid"], "utid": CONTOSO}))
    );
    assert_eq!(tokens["refresh_token_expires_in"], 86_400);
}

#[test]
fn what_is_not_asked_for_does_not_come() {
    let mut browser = Browser::new();
    let page = browser.authorize("organizations", &[("scope", &format!("{DEV}/.default")), ("claims", "")]);
    let code = returned(&browser.choose(&page, ADELE), "code");
    let tokens = browser.redeem("organizations", &code, &[("client_info", "0")]).unwrap();
    for name in ["id_token", "refresh_token", "client_info"] {
        assert!(tokens.get(name).is_none(), "{name}");
    }
    let page =
        browser.authorize("organizations", &[("scope", "openid"), ("claims", ""), ("prompt", "login")]);
    let code = returned(&browser.choose(&page, ADELE), "code");
    let id = claims(&browser.redeem("organizations", &code, &[]).unwrap()["id_token"]);
    for name in ["name", "preferred_username", "oid", "login_hint"] {
        assert!(id.get(name).is_none(), "{name} needs the profile or is optional");
    }
}

#[test]
fn a_code_is_good_once_for_ten_minutes() {
    let mut browser = Browser::new();
    let first = code(&mut browser);
    browser.redeem("organizations", &first, &[]).unwrap();
    assert_eq!(number(&browser.redeem("organizations", &first, &[])), 54_005);
    let second = code(&mut browser);
    browser.now += 600;
    assert_eq!(number(&browser.redeem("organizations", &second, &[])), 70_008);
    assert_eq!(number(&browser.redeem("organizations", "1.any", &[])), 9_002_313);
}

#[test]
fn a_code_is_for_the_client_the_redirect_the_verifier_and_the_tenant_that_it_was_asked_for_with() {
    for (tenant, changed, expected) in [
        ("organizations", ("redirect_uri", "http://localhost/redirect.html"), 500_112),
        ("organizations", ("code_verifier", "another"), 501_481),
        ("organizations", ("code_verifier", ""), 900_144),
        (FABRIKAM, ("client_info", "1"), 700_005),
    ] {
        let mut browser = Browser::new();
        let code = code(&mut browser);
        assert_eq!(number(&browser.redeem(tenant, &code, &[changed])), expected, "{changed:?}");
        assert_eq!(number(&browser.redeem("organizations", &code, &[])), 54_005, "it was the only time");
    }
    let mut browser = Browser::new();
    let code = code(&mut browser);
    browser.origin = None;
    let other = browser.redeem("organizations", &code, &[("client_id", NATIVE)]);
    assert_eq!(number(&other), 70_000);
}

#[test]
fn only_pages_redeem_what_a_page_was_given_and_only_programs_what_a_program_was() {
    let mut browser = Browser::new();
    let code = code(&mut browser);
    for (origin, client, expected) in [
        (None, CLIENT, 9_002_327),
        (Some("https://portage.example"), NATIVE, 9_002_326),
        (Some("https://portage.example"), WEB, 9_002_326),
        (None, WEB, 7_000_218),
        (Some("https://portage.example"), "c0ffee00-0000-4000-8000-00000000ffff", 700_016),
    ] {
        browser.origin = origin.map(ToOwned::to_owned);
        let refusal = browser.redeem("organizations", &code, &[("client_id", client)]);
        assert_eq!(number(&refusal), expected, "{origin:?} {client}");
    }
    browser.origin = Some("https://portage.example".to_owned());
    browser.redeem("organizations", &code, &[]).expect("the code is not used up by who was not admitted");
}

#[test]
fn an_error_has_the_services_own_form() {
    let mut browser = Browser::new();
    let form = [("client_id", CLIENT), ("grant_type", "password")];
    let path = "/organizations/oauth2/v2.0/token?client-request-id=01a204c3-d47a-7961-99e5-0d799d3fa48a";
    let answer = browser.ask("POST", path, Some(&form));
    let error: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!((answer.status().as_u16(), &error["error"]), (400, &json!("unsupported_grant_type")));
    assert_eq!(
        (&error["error_codes"], &error["timestamp"]),
        (&json!([70_003]), &json!("2026-11-27 08:00:00Z"))
    );
    assert_eq!(error["correlation_id"], "01a204c3-d47a-7961-99e5-0d799d3fa48a");
    let description = format!(
        "AADSTS70003: The app requested an unsupported grant type 'password'. Trace ID: {} Correlation ID: {} Timestamp: \
         2026-11-27 08:00:00Z",
        error["trace_id"].as_str().unwrap(),
        error["correlation_id"].as_str().unwrap()
    );
    assert_eq!(error["error_description"], description);
}

#[test]
fn a_refresh_token_brings_tokens_for_every_api_until_its_day_is_over() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    browser.now += 3600;
    let scope = "https://globaldisco.crm.dynamics.com/user_impersonation offline_access";
    let next = browser.refresh("organizations", &tokens, scope).unwrap();
    assert_eq!(claims(&next["access_token"])["aud"], "https://globaldisco.crm.dynamics.com");
    assert_ne!(next["refresh_token"], tokens["refresh_token"]);
    assert_eq!(next["refresh_token_expires_in"], 86_400 - 3600, "its end does not move");
    browser.now = NOW + 86_400;
    for old in [&tokens, &next] {
        assert_eq!(number(&browser.refresh("organizations", old, DEV_SCOPE)), 700_084);
    }
}

#[test]
fn a_guest_has_an_id_of_the_other_tenant_and_keeps_the_account() {
    let mut browser = Browser::new();
    let home = browser.sign_in("organizations", ADELE);
    let abroad = browser.refresh(FABRIKAM, &home, PROD_SCOPE).unwrap();
    let (at_home, guest) = (claims(&home["id_token"]), claims(&abroad["id_token"]));
    assert_eq!((&guest["tid"], &guest["preferred_username"]), (&json!(FABRIKAM), &json!(ADELE)));
    assert_ne!(guest["oid"], at_home["oid"]);
    assert_eq!(guest["idp"], format!("https://sts.windows.net/{CONTOSO}/"));
    assert_eq!(abroad["client_info"], home["client_info"]);
    assert_eq!(claims(&abroad["access_token"])["oid"], guest["oid"]);
}

#[test]
fn who_is_no_guest_gets_no_token_of_the_other_tenant() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ALEX);
    assert_eq!(number(&browser.refresh(FABRIKAM, &tokens, PROD_SCOPE)), 50_020);
    let litware = browser.refresh("litware.onmicrosoft.com", &tokens, DEV_SCOPE);
    assert_eq!(number(&litware), 50_020);
}

#[test]
fn tokens_of_the_chinese_cloud_have_its_own_issuer() {
    let mut browser = Browser::at("https://login.partner.microsoftonline.cn");
    let tokens = browser.sign_in("organizations", ADELE);
    assert_eq!(claims(&tokens["access_token"])["iss"], format!("https://sts.chinacloudapi.cn/{CONTOSO}/"));
}

#[test]
fn a_guest_agrees_in_the_other_tenant_too_before_a_token_comes_silently() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", BIANCA);
    let refusal = browser.refresh(CONTOSO, &tokens, DEV_SCOPE);
    assert_eq!((number(&refusal), &refusal.unwrap_err()["suberror"]), (65_001, &json!("consent_required")));
    browser.sign_in(CONTOSO, BIANCA);
    browser.refresh(CONTOSO, &tokens, DEV_SCOPE).expect("Bianca has agreed there");
}
