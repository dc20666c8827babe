//! The first minute: the environments are listed, one is chosen, and it introduces itself.

#![cfg(test)]

use dataverse::virtual_time::VirtualClock;
use dataverse::{
    Cancel, Cloud, EnvironmentUrl, ListedEnvironment, Person, PortalKind, Solution, Transport,
    TransportError, Version, list_environments, region_name,
};
use dataverse_emulator::{Builder, Discovery, Environment};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use scenarios::under_weather::UnderWeather;

const SCHEMA: &[u8] = include_bytes!("../schemas/dataverse-blank.xml");

fn portal() -> Builder {
    Environment::builder("Contoso Test").tables_xml(SCHEMA).portal_version("9.3.2402.7")
}

/// The way to a discovery service, for somebody who is signed in.
struct ToDiscovery(Discovery);

impl Transport for ToDiscovery {
    async fn send(&self, mut request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        request.headers_mut().insert(AUTHORIZATION, HeaderValue::from_static("Bearer any"));
        Ok(self.0.answer(&request))
    }
}

fn listed(discovery: Discovery) -> Vec<ListedEnvironment> {
    let clock = VirtualClock::default();
    let cancel = Cancel::default();
    let work =
        list_environments(Cloud::Public.discovery_origin(), ToDiscovery(discovery), clock.clone(), &cancel);
    clock.run(work).unwrap()
}

#[test]
fn whoever_signs_in_can_choose_from_what_discovery_lists() {
    let origins = ["https://contoso-dev.crm.dynamics.com", "https://contoso-test.crm4.dynamics.com"];
    let environment = portal().build().unwrap();
    let found = listed(Discovery::new(origins.map(|origin| environment.instance(origin)).to_vec()));
    assert_eq!(found.iter().map(|one| one.url.as_str()).collect::<Vec<_>>(), origins);
    for one in &found {
        assert_eq!(one.name, "Contoso Test");
        assert!(one.enabled && one.is_admin && one.version.is_some());
        assert_eq!(one.region.as_deref().map(region_name), Some("North America"));
        let (url, api) =
            (EnvironmentUrl::parse(&one.url), EnvironmentUrl::parse(one.api_url.as_ref().unwrap()));
        assert_eq!(url, api, "both addresses lead to one environment");
        assert_eq!(url.unwrap().cloud(), Some(Cloud::Public));
    }
}

#[test]
fn whoever_may_use_no_environment_gets_an_empty_list() {
    assert_eq!(listed(Discovery::default()), []);
}

#[test]
fn an_environment_says_what_discovery_said_of_it_and_who_is_signed_in() {
    let way = UnderWeather::calm(portal().build().unwrap());
    let [listed] = &listed(Discovery::new(vec![
        way.environment().instance("https://contoso-test.crm4.dynamics.com"),
    ]))[..] else {
        panic!("one was to be listed")
    };
    let client = way.client();
    let found = way.clock().run(client.introduce()).unwrap();
    assert_eq!(found.name, listed.name);
    assert_eq!(Some(found.organization.id), listed.id);
    assert_eq!((found.version, found.tenant_id), (listed.version, listed.tenant_id));
    assert_eq!((&found.region, &found.environment_id), (&listed.region, &listed.environment_id));
    let user = Person {
        id: found.user.id,
        name: Some("Avery Howard".to_owned()),
        login: Some("avery.howard@contoso.example".to_owned()),
    };
    assert_eq!(found.user, user);
}

#[test]
fn the_portals_version_is_that_of_its_base_solution() {
    let way = UnderWeather::calm(portal().build().unwrap());
    let portal = way.clock().run(way.client().introduce()).unwrap().portal.unwrap();
    let bases: Vec<_> =
        portal.iter().filter_map(|one| one.base_of().map(|kind| (kind, one.version))).collect();
    assert_eq!(bases, [(PortalKind::Dataverse, Some(Version([9, 3, 2402, 7])))]);
    let names: Vec<&str> = portal.iter().map(|solution: &Solution| solution.unique_name.as_str()).collect();
    assert_eq!(names, ["CDSBasePortal", "MicrosoftPortalBase", "MicrosoftPortalDependencies"]);
}

#[test]
fn an_environment_without_a_portal_says_so() {
    let way = UnderWeather::calm(Environment::builder("Plain").build().unwrap());
    let found = way.clock().run(way.client().introduce()).unwrap();
    assert_eq!((found.name.as_str(), found.portal), ("Plain", Some(Vec::new())));
}
