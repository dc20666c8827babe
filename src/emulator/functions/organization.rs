//! The organization as it tells of itself.

use super::{Arguments, Kind, Message};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::system_rows::VERSION as SERVICE_VERSION;
use serde_json::json;

/// `RetrieveVersion()`
pub(super) const VERSION: Message =
    Message { name: "RetrieveVersion", kind: Kind::Function, parameters: &[], run: version };

/// `RetrieveCurrentOrganization(AccessType=…)`
pub(super) const CURRENT: Message = Message {
    name: "RetrieveCurrentOrganization",
    kind: Kind::Function,
    parameters: &[("AccessType", true)],
    run: current,
};

/// The members of `EndpointAccessType`, by Microsoft's reference.
const ACCESS_TYPES: &[&str] = &["Default", "Internet", "Intranet"];

fn version(_: &mut Environment, _: &Call, _: &Arguments) -> Result<Option<Object>, Refusal> {
    let mut version = Object::default();
    version.push("Version", SERVICE_VERSION);
    Ok(Some(version))
}

fn current(
    environment: &mut Environment,
    call: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    arguments.member("AccessType", "EndpointAccessType", ACCESS_TYPES)?;
    let origin = call.origin();
    let mut detail = Object::default();
    detail.push("OrganizationId", environment.identity.organization.to_string());
    detail.push("FriendlyName", environment.name.clone());
    detail.push("OrganizationVersion", SERVICE_VERSION);
    detail.push("EnvironmentId", environment.named_id("environment").to_string());
    detail.push("DatacenterId", environment.named_id("datacenter").to_string());
    detail.push("Geo", environment.region().to_owned());
    detail.push("TenantId", environment.tenant().to_string());
    detail.push("UrlName", url_name(origin));
    detail.push("UniqueName", environment.unique_name());
    detail.push("Endpoints", endpoints(origin));
    detail.push("State", "Enabled");
    let mut response = Object::default();
    response.push("Detail", detail);
    Ok(Some(response))
}

/// The type's members are Microsoft's reference's; no real body was seen.
fn endpoints(origin: &str) -> Object {
    let mut endpoints = Object::default();
    endpoints.push("Count", json!(3));
    endpoints.push("IsReadOnly", json!(false));
    endpoints.push("Keys", json!(["WebApplication", "OrganizationService", "OrganizationDataService"]));
    endpoints.push(
        "Values",
        json!([
            format!("{origin}/"),
            format!("{origin}/XRMServices/2011/Organization.svc"),
            format!("{origin}/XRMServices/2011/OrganizationData.svc"),
        ]),
    );
    endpoints
}

/// `https://contoso.crm.dynamics.com` -> `contoso`
pub(crate) fn url_name(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    host.split(['.', ':']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, refused};
    use serde_json::{Value, json};

    const DEFAULT: &str = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'";

    #[test]
    fn the_version_is_the_organizations() {
        let mut environment = portal();
        let version = get(&mut environment, "RetrieveVersion()")["Version"].clone();
        assert_eq!(
            get(&mut environment, "organizations?$select=initialversion")["value"][0]["initialversion"],
            version
        );
    }

    #[test]
    fn the_organization_tells_of_itself_with_and_without_an_alias() {
        let mut environment = portal();
        let who = get(&mut environment, "WhoAmI");
        for path in [
            format!("RetrieveCurrentOrganization(AccessType=@p1)?@p1={DEFAULT}"),
            format!("RetrieveCurrentOrganization(AccessType={DEFAULT})"),
        ] {
            let detail = get(&mut environment, &path)["Detail"].clone();
            assert_eq!(detail["OrganizationId"], who["OrganizationId"]);
            assert_eq!(
                (&detail["FriendlyName"], &detail["UrlName"], &detail["State"]),
                (&json!("Contoso Test"), &json!("contoso"), &json!("Enabled"))
            );
            assert_eq!(detail["Endpoints"]["Values"][0], "https://contoso.crm.dynamics.com/");
            assert_ne!(detail["TenantId"], detail["EnvironmentId"]);
        }
    }

    #[test]
    fn the_kind_of_access_has_to_be_named_with_its_type() {
        for (path, status) in [
            ("RetrieveCurrentOrganization", 404),
            ("RetrieveCurrentOrganization()", 404),
            ("RetrieveCurrentOrganization(AccessType='Default')", 400),
            ("RetrieveCurrentOrganization(AccessType=@p1)", 400),
        ] {
            assert_eq!(refused(&mut portal(), "GET", path, &Value::Null).0, status, "{path}");
        }
    }
}
