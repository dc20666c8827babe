//! Tokens, what opens with them, and what a test can change.

mod control;
mod discovery;
mod environments;
mod service;
mod tokens;

use super::testing::{ADELE, Browser, returned};
use crate::{Discovery, Environment};
use http::{HeaderMap, Request};
use serde_json::Value;

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

fn made(browser: &Browser, name: &str) -> Environment {
    let tenancy = browser.service.directory.tenancy(name).unwrap();
    Environment::builder(name).tenancy(tenancy).build().unwrap()
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
