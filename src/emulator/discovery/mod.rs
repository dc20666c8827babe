//! The global discovery service: which environments there are.
//!
//! Source: Microsoft's page on it. A recorded body was not found: the names and types of the properties are that
//! page's, their order is its list's.

mod filter;
mod instance;
mod service;

pub use instance::Instance;

use crate::answer::Answer;
use crate::api::{bearer_token, challenge, origin};
use crate::cors;
use http::{Method, Request, Response};

/// Every path of the service begins with this.
const ROOT: &str = "/api/discovery/v2.0/";

/// The service, and what it knows of.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    instances: Vec<Instance>,
}

impl Discovery {
    /// A service that lists those.
    #[must_use]
    pub fn new(instances: Vec<Instance>) -> Discovery {
        Discovery { instances }
    }

    /// Whether a request is for this service and not for an environment.
    #[must_use]
    pub fn is_asked(path: &str) -> bool {
        path.starts_with(ROOT) || path == ROOT.trim_end_matches('/')
    }

    /// Answers a request. Any bearer token will do.
    #[must_use]
    pub fn answer(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let headers = request.headers();
        if request.method() == Method::OPTIONS {
            return cors::preflight(headers).into_response();
        }
        if bearer_token(headers).is_none() {
            return Discovery::challenged(request);
        }
        let asked = self.service(request, &origin(request.uri(), headers));
        readable(asked.unwrap_or_else(|refusal| Answer::refusal(&refusal)))
    }

    /// The answer to who is not signed in: the page says that it is a challenge with the authority for all tenants.
    /// The body is not known.
    pub(crate) fn challenged(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let challenge = challenge("common", &origin(request.uri(), request.headers()));
        readable(Answer { status: 401, ..Answer::default() }.with("WWW-Authenticate", challenge))
    }

    /// The service as it is for somebody who may see those only.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn only(&self, is_seen: impl Fn(&Instance) -> bool) -> Discovery {
        Discovery { instances: self.instances.iter().filter(|one| is_seen(one)).cloned().collect() }
    }
}

/// The page says that CORS is supported; which headers are exposed was not seen: those of the Web API.
fn readable(answer: Answer) -> Response<Vec<u8>> {
    cors::expose(answer.with("OData-Version", "4.0")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Environment;
    use serde_json::{Value, json};

    fn service() -> Discovery {
        let made = ["Contoso Development", "Contoso Test"].iter().enumerate().map(|(number, name)| {
            let environment = Environment::builder(name).build().unwrap();
            environment.instance(&format!("https://contoso{number}.crm.dynamics.com"))
        });
        Discovery::new(made.collect())
    }

    fn ask(service: &Discovery, method: &str, path: &str, token: bool) -> Response<Vec<u8>> {
        let path = path.replace(' ', "%20");
        let mut request = Request::builder().method(method).uri(format!("https://globaldisco.example{path}"));
        if token {
            request = request.header("authorization", "Bearer any");
        }
        service.answer(&request.body(Vec::new()).unwrap())
    }

    fn get(service: &Discovery, rest: &str) -> Value {
        let answer = ask(service, "GET", &format!("{ROOT}{rest}"), true);
        let json = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!(answer.status(), 200, "{rest}: {json}");
        json
    }

    fn names(service: &Discovery, rest: &str) -> Vec<String> {
        let answer = get(service, rest);
        let found = answer["value"].as_array().unwrap();
        found.iter().map(|one| one["FriendlyName"].as_str().unwrap().to_owned()).collect()
    }

    fn refused(service: &Discovery, method: &str, rest: &str) -> u16 {
        let answer = ask(service, method, &format!("{ROOT}{rest}"), true);
        assert!(answer.status().as_u16() >= 400, "{method} {rest} was not refused");
        answer.status().as_u16()
    }

    #[test]
    fn every_environment_is_listed_with_the_ids_it_gives_itself() {
        let mut environment = Environment::builder("Contoso Test").build().unwrap();
        let instance = environment.instance("https://contoso.crm.dynamics.com");
        let who = crate::testing::get(&mut environment, "WhoAmI");
        let found = get(&Discovery::new(vec![instance]), "Instances");
        assert_eq!(
            found["@odata.context"],
            "https://globaldisco.example/api/discovery/v2.0/$metadata#Instances"
        );
        let [row] = &found["value"].as_array().unwrap()[..] else { panic!("{found}") };
        assert_eq!(row["Id"], who["OrganizationId"]);
        assert_eq!(row["Url"], "https://contoso.crm.dynamics.com/");
        assert_eq!(row["ApiUrl"], "https://contoso.crm.dynamics.com");
        assert_eq!((&row["State"], &row["DatacenterName"]), (&json!(0), &Value::Null));
        assert_eq!(row.as_object().unwrap().len(), 20);
    }

    #[test]
    fn one_environment_comes_as_a_list_too() {
        let service = service();
        let first = get(&service, "Instances")["value"][0].clone();
        let (id, unique) = (first["Id"].as_str().unwrap(), first["UniqueName"].as_str().unwrap());
        for path in [format!("Instances({id})"), format!("Instances(UniqueName='{unique}')")] {
            assert_eq!(names(&service, &path), ["Contoso Development"], "{path}");
        }
        assert_eq!(names(&service, "Instances(Region='NA')").len(), 2);
        assert!(names(&service, "Instances(UniqueName='nothing')").is_empty());
    }

    #[test]
    fn only_what_is_selected_comes() {
        let found = get(&service(), "Instances?$select=ApiUrl,FriendlyName");
        let expected =
            json!({"ApiUrl": "https://contoso0.crm.dynamics.com", "FriendlyName": "Contoso Development"});
        assert_eq!(found["value"][0], expected);
        let context = found["@odata.context"].as_str().unwrap();
        assert!(context.ends_with("/$metadata#Instances(ApiUrl,FriendlyName)"), "{context}");
    }

    #[test]
    fn filters_heed_case() {
        let service = service();
        for (filter, expected) in [
            ("FriendlyName eq 'Contoso Test'", 1),
            ("FriendlyName eq 'contoso test'", 0),
            ("FriendlyName ne 'Contoso Test'", 1),
            ("contains(FriendlyName,'Dev')", 1),
            ("contains(FriendlyName,'dev')", 0),
            ("startswith(FriendlyName,'Contoso') and not endswith(FriendlyName,'Test')", 1),
            ("(State eq 1 or State eq 0) and IsUserSysAdmin eq true", 2),
            ("State gt 0", 0),
            ("State le 0", 2),
            ("FriendlyName ge 'Contoso E'", 1),
            ("TrialExpirationDate eq null", 2),
        ] {
            assert_eq!(names(&service, &format!("Instances?$filter={filter}")).len(), expected, "{filter}");
        }
    }

    #[test]
    fn an_id_is_filtered_with_and_without_quotes() {
        let service = service();
        let id = get(&service, "Instances")["value"][1]["Id"].as_str().unwrap().to_owned();
        assert_eq!(names(&service, &format!("Instances?$filter=Id eq {id}")), ["Contoso Test"]);
    }

    #[test]
    fn nobody_to_list_is_an_empty_list() {
        assert_eq!(get(&Discovery::default(), "Instances")["value"], json!([]));
    }

    #[test]
    fn a_request_without_a_token_is_told_where_to_sign_in() {
        let answer = ask(&service(), "GET", "/api/discovery/v2.0/Instances", false);
        assert_eq!(answer.status(), 401);
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
        assert!(challenge.starts_with("Bearer authorization_uri=https://login.microsoftonline.com/common"));
        assert!(challenge.ends_with("resource_id=https://globaldisco.example/"), "{challenge}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    }

    #[test]
    fn a_preflight_needs_no_token() {
        let answer = ask(&service(), "OPTIONS", "/api/discovery/v2.0/Instances", false);
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["access-control-allow-origin"]),
            (200, &"*".parse().unwrap())
        );
    }

    #[test]
    fn what_the_service_does_not_have_is_refused() {
        let service = service();
        for (method, rest, status) in [
            ("GET", "instances", 404),
            ("GET", "Instances/Url", 404),
            ("POST", "Instances", 405),
            ("GET", "Instances?$select=Nothing", 400),
            ("GET", "Instances?$filter=Nothing eq 1", 400),
            ("GET", "Instances?$filter=State eq 'x'", 400),
            ("GET", "Instances?$filter=State", 400),
            ("GET", "Instances?$filter=toupper(Url) eq 'X'", 400),
            ("GET", "Instances?$orderby=Url", 400),
            ("GET", "Instances(Nothing='x')", 400),
        ] {
            assert_eq!(refused(&service, method, rest), status, "{method} {rest}");
        }
    }

    #[test]
    fn a_filter_of_more_levels_than_any_needs_is_refused() {
        for deep in ["(".repeat(10_000), "not%20".repeat(5_000)] {
            assert_eq!(refused(&service(), "GET", &format!("Instances?$filter={deep}")), 400);
        }
    }

    #[test]
    fn metadata_and_service_document_name_the_one_set() {
        let service = service();
        assert_eq!(get(&service, "")["value"][0]["name"], "Instances");
        let answer = ask(&service, "GET", "/api/discovery/v2.0/$metadata", true);
        let text = String::from_utf8(answer.body().clone()).unwrap();
        assert_eq!(answer.headers()["content-type"], "application/xml");
        assert!(text.contains("<Property Name=\"State\" Type=\"Edm.Int32\" Nullable=\"false\" />"), "{text}");
        assert!(text.contains("<EntitySet Name=\"Instances\""), "{text}");
    }

    #[test]
    fn only_its_own_paths_are_for_this_service() {
        assert!(
            Discovery::is_asked("/api/discovery/v2.0/Instances")
                && Discovery::is_asked("/api/discovery/v2.0")
        );
        assert!(
            !Discovery::is_asked("/api/data/v9.2/accounts") && !Discovery::is_asked("/api/discovery/v2.01")
        );
    }
}
