//! Which environments somebody sees.

use super::{DISCOVERY, for_discovery, listed};
use crate::sign_in::testing::{ADELE, ALEX, Browser, FABRIKAM};
use serde_json::json;

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
