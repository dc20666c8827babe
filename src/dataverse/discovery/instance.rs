//! What the service tells of an environment.

use crate::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

/// An environment that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedEnvironment {
    /// `Id`: the organization's.
    pub id: Option<Uuid>,
    /// `FriendlyName`, or the unique name where it has none.
    pub name: String,
    /// `UniqueName`, e.g. `unq6bcbf6bf1f2a4ab999012605b314d`.
    pub unique_name: Option<String>,
    /// `Url` without the slash at its end, e.g. `https://contoso.crm.dynamics.com`. Not checked:
    /// [`crate::EnvironmentUrl::parse`] does.
    pub url: String,
    /// `ApiUrl`, e.g. `https://contoso.api.crm.dynamics.com`.
    pub api_url: Option<String>,
    /// `TenantId`: where to sign in for it.
    pub tenant_id: Option<Uuid>,
    /// `Region`: a code, which [`crate::region_name`] puts into words.
    pub region: Option<String>,
    /// `Version`
    pub version: Option<Version>,
    /// `Purpose`: what somebody wrote when the environment was made.
    pub purpose: Option<String>,
    /// `OrganizationType`
    pub kind: Option<EnvironmentKind>,
    /// Whether `State` says that it can be used.
    pub enabled: bool,
    /// `EnvironmentId`: the Power Platform's; not always a GUID (`Default-…`).
    pub environment_id: Option<String>,
    /// `LastUpdated`, ISO 8601.
    pub last_updated: Option<String>,
    /// `TrialExpirationDate`, ISO 8601.
    pub trial_expiration: Option<String>,
    /// `IsUserSysAdmin`: whether the account is a system administrator there.
    pub is_admin: bool,
}

/// What an environment is for, as far as it matters to who writes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EnvironmentKind {
    /// People work in it.
    Production,
    /// For trying things out.
    Sandbox,
    /// One developer's.
    Developer,
    /// It ends by itself.
    Trial,
    /// The tenant's, which everybody in it may use.
    Default,
    /// Made for a team in Microsoft Teams.
    Teams,
}

/// The members of `OrganizationType`, by number and name. Source: Microsoft's reference of the Web API. Types that are
/// Microsoft's own affair are left out.
const KINDS: [(i64, &str, EnvironmentKind); 10] = [
    (0, "Customer", EnvironmentKind::Production),
    (4, "Secondary", EnvironmentKind::Production),
    (5, "CustomerTest", EnvironmentKind::Sandbox),
    (6, "CustomerFreeTest", EnvironmentKind::Sandbox),
    (9, "TestDrive", EnvironmentKind::Trial),
    (11, "EmailTrial", EnvironmentKind::Trial),
    (12, "Default", EnvironmentKind::Default),
    (13, "Developer", EnvironmentKind::Developer),
    (14, "Trial", EnvironmentKind::Trial),
    (15, "Teams", EnvironmentKind::Teams),
];

impl EnvironmentKind {
    /// The discovery service writes the member's number, the Web API its name.
    pub(crate) fn of_organization_type(member: &Value) -> Option<EnvironmentKind> {
        let is_it =
            |number: i64, name: &str| member.as_i64() == Some(number) || member.as_str() == Some(name);
        KINDS.iter().find(|(number, name, _)| is_it(*number, name)).map(|(.., kind)| *kind)
    }
}

/// A page of them.
#[derive(Deserialize)]
pub(super) struct Instances {
    pub(super) value: Vec<Instance>,
    #[serde(rename = "@odata.nextLink")]
    pub(super) next_link: Option<String>,
}

/// The properties that are asked for: those of [`Instance`].
pub(super) const SELECTED: &str = "ApiUrl,EnvironmentId,FriendlyName,Id,IsUserSysAdmin,LastUpdated,\
    OrganizationType,Purpose,Region,State,TenantId,TrialExpirationDate,UniqueName,Url,Version";

/// As it comes. That one property is missing must not hide a whole list.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Instance {
    api_url: Option<String>,
    environment_id: Option<String>,
    friendly_name: Option<String>,
    id: Option<Uuid>,
    is_user_sys_admin: Option<bool>,
    last_updated: Option<String>,
    organization_type: Option<Value>,
    purpose: Option<String>,
    region: Option<String>,
    state: Option<i64>,
    tenant_id: Option<Uuid>,
    trial_expiration_date: Option<String>,
    unique_name: Option<String>,
    url: Option<String>,
    version: Option<String>,
}

impl ListedEnvironment {
    /// `None` for an environment without an address, which cannot be opened: it is being made, or its making failed.
    pub(super) fn of(found: Instance) -> Option<ListedEnvironment> {
        let (url, api_url) = (origin(found.url), origin(found.api_url));
        let url = url.or_else(|| api_url.clone())?;
        let unique_name = said(found.unique_name);
        let name = said(found.friendly_name).or_else(|| unique_name.clone());
        Some(ListedEnvironment {
            id: found.id,
            name: name.unwrap_or_else(|| url.clone()),
            unique_name,
            url,
            api_url,
            tenant_id: found.tenant_id,
            region: said(found.region),
            version: found.version.and_then(|version| version.parse().ok()),
            purpose: said(found.purpose),
            kind: found.organization_type.as_ref().and_then(EnvironmentKind::of_organization_type),
            // 0 is enabled, 1 is disabled.
            enabled: found.state.is_none_or(|state| state == 0),
            environment_id: said(found.environment_id),
            last_updated: said(found.last_updated),
            trial_expiration: said(found.trial_expiration_date),
            is_admin: found.is_user_sys_admin.unwrap_or(false),
        })
    }
}

/// A text that says something.
fn said(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn origin(url: Option<String>) -> Option<String> {
    said(url).map(|url| url.trim_end_matches('/').to_owned())
}
