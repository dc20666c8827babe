//! Tokens, what opens with them, and what a test can change.

use super::testing::{
    ADELE, ALEX, BIANCA, Browser, CLIENT, CONTOSO, DEV, FABRIKAM, LOGIN, NATIVE, NOW, VERIFIER, WEB, claims,
    heading, keys, location, returned, text,
};
use super::{Directory, SignIn};
use crate::{Caller, Discovery, Environment};
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use uuid::Uuid;

const DEV_SCOPE: &str =
    "https://contoso-dev.crm.dynamics.com/user_impersonation openid profile offline_access";
const PROD_SCOPE: &str =
    "https://fabrikam-prod.crm4.dynamics.com/user_impersonation openid profile offline_access";

fn code(browser: &mut Browser) -> String {
    let page = browser.authorize("organizations", &[("prompt", "select_account")]);
    returned(&browser.choose(&page, ADELE), "code")
}

fn number(refusal: &Result<Value, Value>) -> i64 {
    refusal.as_ref().unwrap_err()["error_codes"][0].as_i64().unwrap()
}

fn bearer(token: &Value) -> HeaderMap {
    let value = format!("Bearer {}", token["access_token"].as_str().unwrap());
    HeaderMap::from_iter([(http::header::AUTHORIZATION, value.parse().unwrap())])
}

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
    assert_eq!(tokens["client_info"], super::keys::encoded(&json!({"uid": id["oid"], "utid": CONTOSO})));
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
fn who_is_no_guest_or_has_not_agreed_gets_no_token_of_the_other_tenant() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ALEX);
    assert_eq!(number(&browser.refresh(FABRIKAM, &tokens, PROD_SCOPE)), 50_020);
    let bianca = browser.sign_in("organizations", BIANCA);
    let refusal = browser.refresh(CONTOSO, &bianca, DEV_SCOPE);
    assert_eq!(number(&refusal), 50_020);
    let litware = browser.refresh("litware.onmicrosoft.com", &tokens, DEV_SCOPE);
    assert_eq!(number(&litware), 50_020);
}

#[test]
fn an_environment_knows_who_has_a_token_for_it() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    let oid = Uuid::try_parse(claims(&tokens["access_token"])["oid"].as_str().unwrap()).unwrap();
    let service = &browser.service;
    assert_eq!(service.caller("dev", &bearer(&tokens), NOW), Caller::Known(oid));
    assert_eq!(service.caller("dev", &bearer(&tokens), NOW + 3600), Caller::Expired);
    assert_eq!(service.caller("prod", &bearer(&tokens), NOW), Caller::Unknown);
    assert_eq!(service.caller("dev", &HeaderMap::new(), NOW), Caller::Unknown);
    let foreign = json!({"access_token": keys().sign(&claims(&tokens["access_token"])).unwrap()});
    assert_eq!(
        service.caller("dev", &bearer(&foreign), NOW),
        Caller::Known(oid),
        "the same claims, signed again"
    );
    let another = SignIn::new(super::testing::directory(), keys().clone(), 2);
    assert_eq!(another.caller("dev", &bearer(&tokens), NOW), Caller::Unknown, "it has not issued it");
    assert_eq!(service.caller("dev", &bearer(&json!({"access_token": "any"})), NOW), Caller::Unknown);
}

#[test]
fn an_environment_takes_its_api_name_and_a_slash_too() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    for resource in ["https://contoso-dev.api.crm.dynamics.com", "https://contoso-dev.crm.dynamics.com/"] {
        let token =
            browser.refresh("organizations", &tokens, &format!("{resource}/user_impersonation")).unwrap();
        let caller = browser.service.caller("dev", &bearer(&token), NOW);
        assert!(matches!(caller, Caller::Known(_)), "{resource}");
    }
    let foreign = browser.refresh("organizations", &tokens, PROD_SCOPE).unwrap();
    let caller = browser.service.caller("prod", &bearer(&foreign), NOW);
    assert_eq!(caller, Caller::Unknown, "it is of the tenant at home");
    let graph = browser.refresh("organizations", &tokens, "User.Read").unwrap();
    assert_eq!(browser.service.caller("dev", &bearer(&graph), NOW), Caller::Unknown);
}

fn made(browser: &Browser, name: &str) -> Environment {
    let tenancy = browser.service.directory.tenancy(name).unwrap();
    Environment::builder(name).tenancy(tenancy).build().unwrap()
}

fn ask(
    environment: &mut Environment,
    method: &str,
    path: &str,
    caller: Caller,
    body: &str,
) -> (u16, Value, String) {
    let uri = format!("{DEV}/api/data/v9.2/{path}");
    let request = Request::builder().method(method).uri(uri).header("prefer", "return=representation");
    let mut request = request.body(body.as_bytes().to_vec()).unwrap();
    request.extensions_mut().insert(caller);
    let answer = environment.answer(&request);
    let challenge =
        answer.headers().get("www-authenticate").map_or("", |value| value.to_str().unwrap()).to_owned();
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default(), challenge)
}

#[test]
fn who_am_i_and_what_somebody_writes_name_who_is_signed_in() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    let caller = browser.service.caller("dev", &bearer(&tokens), NOW);
    let mut environment = made(&browser, "dev");
    let (_, who, _) = ask(&mut environment, "GET", "WhoAmI", caller, "");
    let user = format!(
        "systemusers({})?$select=fullname,domainname,azureactivedirectoryobjectid",
        who["UserId"].as_str().unwrap()
    );
    let (status, row, _) = ask(&mut environment, "GET", &user, caller, "");
    assert_eq!((status, &row["fullname"], &row["domainname"]), (200, &json!("Adele Vance"), &json!(ADELE)));
    assert_eq!(row["azureactivedirectoryobjectid"], claims(&tokens["access_token"])["oid"]);
    let (status, note, _) = ask(&mut environment, "POST", "annotations", caller, "{\"subject\":\"s\"}");
    assert_eq!(status, 201, "{note}");
    for column in ["_createdby_value", "_modifiedby_value", "_ownerid_value"] {
        assert_eq!(note[column], who["UserId"], "{column}");
    }
}

#[test]
fn who_is_not_signed_in_is_told_where_to_and_who_is_no_user_is_told_that() {
    let browser = Browser::new();
    let mut environment = made(&browser, "dev");
    for caller in [Caller::Unknown, Caller::Expired] {
        let (status, _, challenge) = ask(&mut environment, "GET", "WhoAmI", caller, "");
        let expected = format!(
            "Bearer authorization_uri=https://login.microsoftonline.com/{CONTOSO}/oauth2/authorize, resource_id={DEV}/"
        );
        assert_eq!((status, challenge), (401, expected), "{caller:?}");
    }
    let stranger = Caller::Known(Uuid::from_u128(7));
    let (status, error, _) = ask(&mut environment, "GET", "WhoAmI", stranger, "");
    assert_eq!((status, &error["error"]["code"]), (403, &json!("0x80072560")));
}

#[test]
fn a_disabled_user_gets_nothing() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    let caller = browser.service.caller("dev", &bearer(&tokens), NOW);
    let mut environment = made(&browser, "dev");
    let (_, who, _) = ask(&mut environment, "GET", "WhoAmI", caller, "");
    let path = format!("systemusers({})", who["UserId"].as_str().unwrap());
    let (status, answer, _) = ask(&mut environment, "PATCH", &path, caller, "{\"isdisabled\":true}");
    assert_eq!(status, 200, "{answer}");
    let (status, error, _) = ask(&mut environment, "GET", "WhoAmI", caller, "");
    assert_eq!((status, &error["error"]["code"]), (403, &json!("0x80040225")));
}

/// The names that the discovery service lists under that host.
fn listed(browser: &Browser, token: &Value, host: &str) -> Result<Vec<String>, u16> {
    let instances =
        ["dev", "prod", "china"].map(|name| made(browser, name).instance("https://localhost:9401"));
    let request = Request::builder().uri(format!("https://{host}/api/discovery/v2.0/Instances"));
    let mut request = request.body(Vec::new()).unwrap();
    request.headers_mut().extend(bearer(token));
    let answer = browser.service.discover(&Discovery::new(instances.to_vec()), &request, browser.now);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    let json: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let names = json["value"].as_array().into_iter().flatten();
    let names =
        names.map(|one| format!("{} {}", one["FriendlyName"], one["ApiUrl"]).replace('"', "")).collect();
    if answer.status() == 200 { Ok(names) } else { Err(answer.status().as_u16()) }
}

const DISCOVERY: &str = "globaldisco.crm.dynamics.com";

fn for_discovery(browser: &mut Browser, tenant: &str, tokens: &Value, host: &str) -> Value {
    browser.refresh(tenant, tokens, &format!("https://{host}/user_impersonation")).unwrap()
}

#[test]
fn discovery_lists_the_users_environments_of_the_tokens_tenant_and_cloud() {
    let mut browser = Browser::new();
    let adele = browser.sign_in("organizations", ADELE);
    let token = for_discovery(&mut browser, "organizations", &adele, DISCOVERY);
    let dev = "dev https://contoso-dev.api.crm.dynamics.com".to_owned();
    assert_eq!(listed(&browser, &token, DISCOVERY), Ok(vec![dev.clone()]));
    assert_eq!(listed(&browser, &token, "localhost:9401"), Ok(vec![dev]));
    let token = for_discovery(&mut browser, FABRIKAM, &adele, DISCOVERY);
    let prod = "prod https://fabrikam-prod.api.crm4.dynamics.com".to_owned();
    assert_eq!(listed(&browser, &token, DISCOVERY), Ok(vec![prod]), "as a guest");
    let token = for_discovery(&mut browser, "organizations", &adele, "globaldisco.crm.dynamics.cn");
    let china = "china https://contoso.api.crm.dynamics.cn".to_owned();
    assert_eq!(listed(&browser, &token, "globaldisco.crm.dynamics.cn"), Ok(vec![china]));
    let alex = browser.sign_in("organizations", ALEX);
    let token = for_discovery(&mut browser, "organizations", &alex, DISCOVERY);
    assert_eq!(listed(&browser, &token, DISCOVERY), Ok(Vec::new()), "Alex is no member");
}

#[test]
fn discovery_takes_no_token_for_another_service_and_none_that_is_too_old() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    assert_eq!(listed(&browser, &tokens, DISCOVERY), Err(401));
    let token = for_discovery(&mut browser, "organizations", &tokens, DISCOVERY);
    assert_eq!(listed(&browser, &token, "globaldisco.crm9.dynamics.com"), Err(401));
    browser.now += 3600;
    assert_eq!(listed(&browser, &token, DISCOVERY), Err(401));
}

#[test]
fn discovery_can_be_down_or_empty() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    let token = for_discovery(&mut browser, "organizations", &tokens, DISCOVERY);
    browser.control(&json!({"discovery": "empty"}));
    assert_eq!(listed(&browser, &token, DISCOVERY), Ok(Vec::new()));
    browser.control(&json!({"discovery": "down"}));
    assert_eq!(listed(&browser, &token, DISCOVERY), Err(503));
    browser.control(&json!({"discovery": "up"}));
    assert_eq!(listed(&browser, &token, DISCOVERY).map(|names| names.len()), Ok(1));
}

#[test]
fn who_is_revoked_has_nothing_that_is_good_any_more_and_can_sign_in_again() {
    let mut browser = Browser::new();
    let (alex, adele) = (browser.sign_in("organizations", ALEX), browser.sign_in("organizations", ADELE));
    let unused = code(&mut browser);
    browser.control(&json!({"revoke": ADELE}));
    assert_eq!(number(&browser.refresh("organizations", &adele, DEV_SCOPE)), 50_173);
    assert_eq!(number(&browser.redeem("organizations", &unused, &[])), 54_005);
    assert_eq!(browser.service.caller("dev", &bearer(&adele), NOW), Caller::Unknown);
    let silent = browser.authorize("organizations", &[("prompt", "none"), ("login_hint", ADELE)]);
    assert_eq!(returned(&silent, "error"), "login_required");
    browser.refresh("organizations", &alex, DEV_SCOPE).expect("others keep what they have");
    let again = browser.sign_in("organizations", ADELE);
    assert!(matches!(browser.service.caller("dev", &bearer(&again), NOW), Caller::Known(_)));
}

#[test]
fn lifetimes_are_what_a_test_wants() {
    let mut browser = Browser::new();
    browser.control(&json!({"accessTokenSeconds": 5, "refreshTokenSeconds": 60}));
    let tokens = browser.sign_in("organizations", ADELE);
    assert_eq!((&tokens["expires_in"], &tokens["refresh_token_expires_in"]), (&json!(5), &json!(60)));
    assert_eq!(browser.service.caller("dev", &bearer(&tokens), NOW + 5), Caller::Expired);
    browser.now += 60;
    assert_eq!(number(&browser.refresh("organizations", &tokens, DEV_SCOPE)), 700_084);
}

#[test]
fn the_next_token_request_fails_as_a_test_wants_it() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    browser.control(
        &json!({"nextToken": {"error": "invalid_grant", "aadsts": 53003, "suberror": "message_only"}}),
    );
    let refusal = browser.refresh("organizations", &tokens, DEV_SCOPE);
    assert_eq!((number(&refusal), &refusal.unwrap_err()["suberror"]), (53_003, &json!("message_only")));
    browser.refresh("organizations", &tokens, DEV_SCOPE).expect("it was the next one only");
}

#[test]
fn a_change_that_nobody_knows_changes_nothing() {
    let mut browser = Browser::new();
    for change in [
        json!({"coop": "never"}),
        json!({"colour": "red"}),
        json!({"revoke": "nobody@contoso.onmicrosoft.com", "discovery": "down"}),
    ] {
        let request = Request::builder().method("POST").uri("/emulator/control");
        let answer = browser.service.answer(&request.body(change.to_string().into_bytes()).unwrap(), NOW);
        assert_eq!(answer.status(), 400, "{change}");
        assert!(text(&answer).starts_with("{\"error\":\""));
    }
    let tokens = browser.sign_in("organizations", ADELE);
    let token = for_discovery(&mut browser, "organizations", &tokens, DISCOVERY);
    assert!(listed(&browser, &token, DISCOVERY).is_ok());
}

#[test]
fn what_was_asked_is_listed_without_what_lets_somebody_in() {
    let mut browser = Browser::new();
    let tokens = browser.sign_in("organizations", ADELE);
    browser.refresh("organizations", &tokens, DEV_SCOPE).unwrap();
    let answer = browser.ask("GET", "/emulator/requests", None);
    let listed: Value = serde_json::from_slice(answer.body()).unwrap();
    let requests = listed.as_array().unwrap();
    assert_eq!(requests[0]["path"], "/organizations/oauth2/v2.0/authorize");
    assert_eq!(
        (&requests[0]["host"], &requests[0]["query"]["prompt"]),
        (&json!("login.microsoftonline.com"), &json!("select_account"))
    );
    let token_requests: Vec<&Value> =
        requests.iter().filter(|one| one["path"].as_str().unwrap().ends_with("/token")).collect();
    assert_eq!(token_requests.len(), 2);
    let (first, second) = (&token_requests[0]["form"], &token_requests[1]["form"]);
    assert_eq!((first.get("code"), first.get("code_verifier")), (Some(&Value::Null), Some(&Value::Null)));
    assert_eq!((second.get("refresh_token"), &second["scope"]), (Some(&Value::Null), &json!(DEV_SCOPE)));
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert!(!text(&answer).contains(VERIFIER) && !text(&answer).contains(refresh_token));
}

#[test]
fn signing_out_ends_one_account_or_all_and_goes_back_with_the_state() {
    let mut browser = Browser::new();
    let adele = browser.sign_in("organizations", ADELE);
    browser.sign_in("organizations", ALEX);
    let hint = claims(&adele["id_token"])["login_hint"].as_str().unwrap().to_owned();
    let redirect = "post_logout_redirect_uri=https%3A%2F%2Fportage.example%2Fredirect.html&state=a%7Cb";
    let path = format!("/organizations/oauth2/v2.0/logout?{redirect}&logout_hint={hint}");
    let answer = browser.ask("GET", &path, None);
    assert_eq!(location(&answer), "https://portage.example/redirect.html?state=a%7Cb");
    let silent = |browser: &mut Browser, user| {
        let answer = browser.authorize("organizations", &[("prompt", "none"), ("login_hint", user)]);
        returned(&answer, "error")
    };
    assert_eq!(
        (silent(&mut browser, ADELE).as_str(), silent(&mut browser, ALEX).as_str()),
        ("login_required", "")
    );
    let foreign = "/organizations/oauth2/v2.0/logout?post_logout_redirect_uri=https%3A%2F%2Fevil.example";
    let answer = browser.ask("GET", foreign, None);
    assert_eq!(
        (answer.status().as_u16(), heading(&answer).as_str()),
        (200, "You signed out of your account")
    );
    assert_eq!(silent(&mut browser, ALEX), "login_required");
}

#[test]
fn it_tells_of_itself_under_the_name_by_which_it_is_asked() {
    for login in [
        LOGIN,
        "https://login.microsoftonline.us",
        "https://login.partner.microsoftonline.cn",
        "https://localhost:9443",
    ] {
        let mut browser = Browser::at(login);
        let told = |browser: &mut Browser, path: &str| -> Value {
            let answer = browser.ask("GET", path, None);
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
            serde_json::from_slice(answer.body()).unwrap()
        };
        let every = told(&mut browser, "/organizations/v2.0/.well-known/openid-configuration");
        assert_eq!(every["issuer"], format!("{login}/{{tenantid}}/v2.0"));
        assert_eq!(every["token_endpoint"], format!("{login}/organizations/oauth2/v2.0/token"));
        let one = told(&mut browser, "/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration");
        assert_eq!(one["issuer"], format!("{login}/{CONTOSO}/v2.0"));
        let clouds = told(&mut browser, "/common/discovery/instance?api-version=1.1");
        let host = login.trim_start_matches("https://");
        let known =
            clouds["metadata"].as_array().unwrap().iter().flat_map(|one| one["aliases"].as_array().unwrap());
        assert!(known.into_iter().any(|alias| alias == host), "{host}");
        assert_eq!(told(&mut browser, "/common/discovery/v2.0/keys"), keys().published());
        let id = claims(&browser.sign_in("organizations", ADELE)["id_token"]);
        assert_eq!(id["iss"], format!("{login}/{CONTOSO}/v2.0"));
    }
}

#[test]
fn tokens_of_the_chinese_cloud_have_its_own_issuer() {
    let mut browser = Browser::at("https://login.partner.microsoftonline.cn");
    let tokens = browser.sign_in("organizations", ADELE);
    assert_eq!(claims(&tokens["access_token"])["iss"], format!("https://sts.chinacloudapi.cn/{CONTOSO}/"));
}

#[test]
fn what_the_service_does_not_have_is_not_found() {
    let mut browser = Browser::new();
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/organizations/oauth2/v2.0/token"),
        ("POST", "/organizations/oauth2/v2.0/devicecode"),
        ("GET", "/contoso/discovery/instance"),
        ("PUT", "/emulator/control"),
    ] {
        assert_eq!(browser.ask(method, path, None).status(), 404, "{method} {path}");
    }
}

#[test]
fn the_form_of_the_help_is_a_directory() {
    let form = include_str!("directory/form.md");
    let json = form.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let directory = Directory::read(json.as_bytes()).unwrap();
    assert_eq!(directory.environments().collect::<Vec<_>>(), ["dev"]);
    let hosts = directory.host_names();
    for host in [
        "contoso-dev.crm.dynamics.com",
        "contoso-dev.api.crm.dynamics.com",
        "login.microsoftonline.com",
        DISCOVERY,
    ] {
        assert!(hosts.iter().any(|name| name == host), "{host}");
    }
}
