//! What opens with a token.

use super::{PROD_SCOPE, bearer, made};
use crate::sign_in::SignIn;
use crate::sign_in::testing::{ADELE, Browser, CONTOSO, DEV, NOW, claims, directory, keys};
use crate::{Caller, Environment};
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use uuid::Uuid;

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
    let another = SignIn::new(directory(), keys().clone(), 2);
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
