use super::{EnvironmentKind, ListedEnvironment, list_environments};
use crate::testing::{Script, Step, answer};
use crate::{Cancel, Cloud, Error, RetryClass, TransportError, Version};
use http::Response;
use serde_json::{Value, json};
use uuid::uuid;

const ORIGIN: &str = Cloud::Public.discovery_origin();

fn list(script: &Script) -> Result<Vec<ListedEnvironment>, Error> {
    script.run(list_environments(ORIGIN, script.clone(), script.clock(), &Cancel::default()))
}

fn page(value: &Value, next: Option<&str>) -> Response<Vec<u8>> {
    let mut body =
        json!({"@odata.context": "https://10.0.1.76:20193/api/discovery/v2.0/$metadata#Instances"});
    body["value"] = value.clone();
    if let Some(next) = next {
        body["@odata.nextLink"] = json!(next);
    }
    answer(200, &[], &body.to_string())
}

fn only(instance: Value) -> ListedEnvironment {
    let found = list(&Script::answers(vec![page(&json!([instance]), None)])).unwrap();
    let [environment] = &found[..] else { panic!("{found:?}") };
    environment.clone()
}

#[test]
fn an_environment_is_listed_with_all_that_the_service_tells_of_it() {
    let found = only(json!({
        "ApiUrl": "https://contoso.api.crm4.dynamics.com",
        "EnvironmentId": "Default-11111111-1111-4111-8111-111111111111",
        "FriendlyName": "Contoso Test",
        "Id": "e0000000-0000-4000-8000-00000000000a",
        "IsUserSysAdmin": true,
        "LastUpdated": "2026-11-01T08:00:00Z",
        "OrganizationType": 5,
        "Purpose": "The portal's next version",
        "Region": "EMEA",
        "State": 0,
        "TenantId": "11111111-1111-4111-8111-111111111111",
        "TrialExpirationDate": "2027-01-01T00:00:00Z",
        "UniqueName": "unqcontosotest",
        "Url": "https://contoso.crm4.dynamics.com/",
        "Version": "9.2.25101.00175"
    }));
    let text = |text: &str| Some(text.to_owned());
    let expected = ListedEnvironment {
        id: Some(uuid!("e0000000-0000-4000-8000-00000000000a")),
        name: "Contoso Test".to_owned(),
        unique_name: text("unqcontosotest"),
        url: "https://contoso.crm4.dynamics.com".to_owned(),
        api_url: text("https://contoso.api.crm4.dynamics.com"),
        tenant_id: Some(uuid!("11111111-1111-4111-8111-111111111111")),
        region: text("EMEA"),
        version: Some(Version([9, 2, 25101, 175])),
        purpose: text("The portal's next version"),
        kind: Some(EnvironmentKind::Sandbox),
        enabled: true,
        environment_id: text("Default-11111111-1111-4111-8111-111111111111"),
        last_updated: text("2026-11-01T08:00:00Z"),
        trial_expiration: text("2027-01-01T00:00:00Z"),
        is_admin: true,
    };
    assert_eq!(found, expected);
    let travelled: ListedEnvironment = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert_eq!(travelled, expected, "it crosses to the page unchanged");
}

#[test]
fn what_the_service_leaves_out_is_left_open() {
    let found = only(json!({
        "ApiUrl": "https://contoso.api.crm.dynamics.com", "FriendlyName": null, "UniqueName": "unq1",
        "Purpose": "", "TrialExpirationDate": null, "Version": "unknown", "OrganizationType": 3, "State": 1
    }));
    assert_eq!((found.name.as_str(), found.url.as_str()), ("unq1", "https://contoso.api.crm.dynamics.com"));
    assert_eq!((found.purpose, found.trial_expiration, found.version, found.kind), (None, None, None, None));
    assert!(!found.enabled && !found.is_admin);
}

#[test]
fn an_environment_without_an_address_is_not_listed() {
    let rows =
        json!([{"FriendlyName": "In the making", "Url": null}, {"Url": "https://a.crm.dynamics.com/"}]);
    let found = list(&Script::answers(vec![page(&rows, None)])).unwrap();
    assert_eq!(found.iter().map(|one| one.url.as_str()).collect::<Vec<_>>(), ["https://a.crm.dynamics.com"]);
}

#[test]
fn every_page_is_asked_of_the_service_itself_whatever_host_its_links_name() {
    let row = |host: &str| json!([{"Url": format!("https://{host}.crm.dynamics.com/")}]);
    let next = "https://10.0.1.76:20193/api/discovery/v2.0/Instances?$skiptoken=2";
    let script = Script::answers(vec![page(&row("a"), Some(next)), page(&row("b"), None)]);
    assert_eq!(list(&script).unwrap().len(), 2);
    let asked = script.asked.borrow();
    let uris: Vec<String> = asked.iter().map(|(_, request)| request.uri().to_string()).collect();
    assert!(
        uris[0].starts_with(&format!("{ORIGIN}/api/discovery/v2.0/Instances?$select=ApiUrl,")),
        "{}",
        uris[0]
    );
    assert_eq!(uris[1], format!("{ORIGIN}/api/discovery/v2.0/Instances?$skiptoken=2"));
    let headers: Vec<&str> = asked[0].1.headers().keys().map(http::HeaderName::as_str).collect();
    assert_eq!(headers, ["accept"], "each other header would have to be allowed by the service");
}

#[test]
fn a_next_page_outside_the_service_is_not_asked_for() {
    for next in ["https://evil.example/steal", "/api/data/v9.2/accounts", "not an address"] {
        let script = Script::answers(vec![page(&json!([]), Some(next))]);
        let error = list(&script).unwrap_err().to_string();
        assert!(error.contains("its next page"), "{next}: {error}");
        assert_eq!(script.times().len(), 1, "{next}");
    }
}

#[test]
fn pages_that_lead_in_a_circle_come_to_an_end() {
    let next = format!("{ORIGIN}/api/discovery/v2.0/Instances?$skiptoken=1");
    let script = Script::new(move |_| Step::Answer(page(&json!([]), Some(&next))));
    let error = list(&script).unwrap_err().to_string();
    assert!(error.contains("do not end"), "{error}");
}

#[test]
fn nothing_to_choose_from_is_an_empty_list() {
    assert_eq!(list(&Script::answers(vec![page(&json!([]), None)])), Ok(Vec::new()));
}

#[test]
fn a_service_that_is_down_is_asked_twice_and_the_way_around_is_told() {
    let script = Script::new(|_| Step::Answer(answer(503, &[], "")));
    let error = list(&script).unwrap_err();
    assert_eq!(script.times().len(), 2);
    let expected =
        "The environments cannot be listed. The service is not available at the moment. (HTTP 503)";
    assert_eq!((error.to_string().as_str(), error.retry_class()), (expected, RetryClass::Lost));
    assert!(error.remedy().contains("type the environment's address"), "{}", error.remedy());
}

#[test]
fn each_refusal_says_what_to_do_instead() {
    for (status, words) in
        [(401, "Sign in again"), (403, "Type the environment's address"), (404, "Check the connection")]
    {
        let script = Script::new(move |_| Step::Answer(answer(status, &[], "")));
        let error = list(&script).unwrap_err();
        assert!(error.remedy().contains(words), "{status}: {}", error.remedy());
        assert_eq!(script.renewed.get(), u32::from(status == 401), "a token that ran out is renewed once");
    }
}

#[test]
fn an_answer_that_does_not_come_is_given_up_after_a_minute_and_another() {
    let script = Script::new(|_| Step::Silence);
    let error = list(&script).unwrap_err();
    assert!(error.to_string().contains("within 60 seconds"), "{error}");
    assert_eq!(script.times(), [0, 61]);
}

#[test]
fn a_list_that_nobody_waits_for_any_more_is_not_asked_for() {
    let (script, cancel) = (Script::answers(Vec::new()), Cancel::default());
    cancel.cancel();
    let found = script.run(list_environments(ORIGIN, script.clone(), script.clock(), &cancel));
    assert_eq!(found, Err(TransportError::Cancelled.into()));
}

#[test]
fn a_service_that_is_no_web_address_is_refused() {
    let script = Script::answers(Vec::new());
    let cancel = Cancel::default();
    let found =
        script.run(list_environments("http://disco.example", script.clone(), script.clock(), &cancel));
    assert!(matches!(found, Err(Error::Discovery(_))), "{found:?}");
}
