//! What a test can change, and look at.

use super::{DEV_SCOPE, DISCOVERY, bearer, code, for_discovery, listed, number};
use crate::Caller;
use crate::sign_in::testing::{ADELE, ALEX, Browser, NOW, VERIFIER, returned, text};
use http::Request;
use serde_json::{Value, json};

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
