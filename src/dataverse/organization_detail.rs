//! What an organization tells of itself beyond its row: what people call it, and where it stands.

use crate::part::Part;
use crate::response::json;
use crate::{EnvironmentKind, Error, Version};
use http::Response;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// The answer to `RetrieveCurrentOrganization`, as far as it is used. Source: Microsoft's reference of the Web API,
/// `OrganizationDetail`; a real answer was not seen, so each part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OrganizationDetail {
    pub(crate) friendly_name: Option<String>,
    pub(crate) version: Option<Version>,
    pub(crate) kind: Option<EnvironmentKind>,
    pub(crate) region: Option<String>,
    pub(crate) tenant: Option<Uuid>,
    pub(crate) environment: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CurrentOrganization {
    detail: Detail,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Detail {
    friendly_name: Option<String>,
    organization_version: Option<String>,
    organization_type: Option<Value>,
    geo: Option<String>,
    tenant_id: Option<String>,
    environment_id: Option<String>,
}

pub(crate) fn organization_detail_part() -> Part {
    Part::get(
        "RetrieveCurrentOrganization(AccessType=@p1)?@p1=Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
    )
}

pub(crate) fn parse_organization_detail(response: &Response<Vec<u8>>) -> Result<OrganizationDetail, Error> {
    let found: CurrentOrganization = json("GET RetrieveCurrentOrganization()", response)?;
    let detail = found.detail;
    let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    Ok(OrganizationDetail {
        friendly_name: said(detail.friendly_name),
        version: detail.organization_version.and_then(|version| version.parse().ok()),
        kind: detail.organization_type.as_ref().and_then(EnvironmentKind::of_organization_type),
        region: said(detail.geo),
        tenant: detail.tenant_id.and_then(|tenant| tenant.parse().ok()),
        environment: said(detail.environment_id),
    })
}

#[cfg(test)]
mod tests {
    use super::{OrganizationDetail, parse_organization_detail};
    use crate::{EnvironmentKind, Version};
    use http::Response;
    use uuid::uuid;

    #[test]
    fn an_organization_tells_what_it_is_called_and_what_it_is_for() {
        let body = r#"{"Detail":{"FriendlyName":"Contoso Test","OrganizationVersion":"9.2.25084.176",
            "OrganizationType":"CustomerTest","Geo":"EMEA","TenantId":"11111111-1111-4111-8111-111111111111",
            "EnvironmentId":"e0000000-0000-4000-8000-00000000000a"}}"#;
        let expected = OrganizationDetail {
            friendly_name: Some("Contoso Test".to_owned()),
            version: Some(Version([9, 2, 25084, 176])),
            kind: Some(EnvironmentKind::Sandbox),
            region: Some("EMEA".to_owned()),
            tenant: Some(uuid!("11111111-1111-4111-8111-111111111111")),
            environment: Some("e0000000-0000-4000-8000-00000000000a".to_owned()),
        };
        assert_eq!(parse_organization_detail(&Response::new(body.into())), Ok(expected));
    }

    #[test]
    fn whatever_is_missing_is_left_open() {
        let body = r#"{"Detail":{"FriendlyName":" ","OrganizationType":null}}"#;
        let found = parse_organization_detail(&Response::new(body.into()));
        assert_eq!(found, Ok(OrganizationDetail::default()));
    }
}
