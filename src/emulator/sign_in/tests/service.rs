//! Signing out, and what the service tells of itself.

use super::DISCOVERY;
use crate::sign_in::Directory;
use crate::sign_in::testing::{
    ADELE, ALEX, Browser, CONTOSO, LOGIN, claims, heading, keys, location, returned,
};
use serde_json::Value;

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
    let form = include_str!("../directory/form.md");
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
