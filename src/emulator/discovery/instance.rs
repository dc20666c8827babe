//! What the service tells of an environment.

use crate::environment::Environment;
use crate::functions::url_name;
use crate::system_rows::VERSION;
use crate::values::instant_text;
use serde_json::{Value, json};

/// (property, type) in the order in which they come.
pub(super) const PROPERTIES: [(&str, &str); 20] = [
    ("ApiUrl", "Edm.String"),
    ("DatacenterId", "Edm.String"),
    ("DatacenterName", "Edm.String"),
    ("EnvironmentId", "Edm.String"),
    ("FriendlyName", "Edm.String"),
    ("Id", "Edm.Guid"),
    ("IsUserSysAdmin", "Edm.Boolean"),
    ("LastUpdated", "Edm.DateTimeOffset"),
    ("OrganizationType", "Edm.Int32"),
    ("Purpose", "Edm.String"),
    ("Region", "Edm.String"),
    ("SchemaType", "Edm.String"),
    ("State", "Edm.Int32"),
    ("StatusMessage", "Edm.Int32"),
    ("TenantId", "Edm.Guid"),
    ("TrialExpirationDate", "Edm.DateTimeOffset"),
    ("UniqueName", "Edm.String"),
    ("UrlName", "Edm.String"),
    ("Version", "Edm.String"),
    ("Url", "Edm.String"),
];

/// `StatusMessage` of an environment that can be used.
const PICKER_READY: i32 = 6;

/// An environment as the discovery service lists it.
#[derive(Clone, Debug)]
pub struct Instance {
    /// In the order of [`PROPERTIES`].
    values: [Value; PROPERTIES.len()],
}

impl Instance {
    /// The value of a property.
    pub(super) fn get(&self, property: &str) -> Option<&Value> {
        PROPERTIES.iter().position(|(name, _)| *name == property).map(|position| &self.values[position])
    }

    /// The address by which it is listed.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn url(&self) -> Option<&str> {
        self.get("Url").and_then(Value::as_str)
    }
}

impl Environment {
    /// What the discovery service tells of it where it is reached at `origin`, e.g. `https://contoso.crm.dynamics.com`;
    /// one that has a public address is listed by that.
    #[must_use]
    pub fn instance(&self, origin: &str) -> Instance {
        let told = self.tenancy.as_ref().map(|tenancy| (tenancy.url.as_str(), tenancy.api_url.as_str()));
        let (origin, api) = told.unwrap_or((origin, origin));
        Instance {
            values: [
                json!(api),
                json!(self.named_id("datacenter")),
                Value::Null,
                json!(self.named_id("environment")),
                json!(self.name),
                json!(self.identity.organization),
                json!(true),
                json!(instant_text(self.now())),
                json!(0),
                json!(""),
                json!(self.region()),
                json!("Standard"),
                json!(0),
                json!(PICKER_READY),
                json!(self.tenant()),
                Value::Null,
                json!(self.unique_name()),
                json!(url_name(origin)),
                json!(VERSION),
                json!(format!("{origin}/")),
            ],
        }
    }
}
