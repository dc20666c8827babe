//! Functions and the service document.

use super::{Call, Segment};
use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use http::Method;
use serde_json::json;

/// What `RetrieveVersion` says.
const VERSION: &str = "9.2.25084.176";

impl Environment {
    /// `WhoAmI` and the other functions that belong to no table.
    pub(crate) fn function(&self, call: &Call) -> Result<Answer, Refusal> {
        let Some(segment) = call.segments.first() else { return Err(Refusal::no_resource("")) };
        let known =
            ["WhoAmI", "RetrieveVersion", "RetrieveCurrentOrganization", "RetrieveProvisionedLanguages"];
        if !known.contains(&segment.name.as_str()) || call.segments.len() > 1 {
            return Err(Refusal::no_resource(&segment.name));
        }
        if call.method != Method::GET {
            let message = format!("No HTTP resource was found that matches the request URI '{}'.", call.url);
            return Err(Refusal::new(404, "", message));
        }
        Ok(Answer::json(200, &self.function_result(call, segment)))
    }

    fn function_result(&self, call: &Call, segment: &Segment) -> serde_json::Value {
        let context = call.context(&format!("Microsoft.Dynamics.CRM.{}Response", segment.name));
        match segment.name.as_str() {
            "WhoAmI" => json!({
                "@odata.context": context,
                "BusinessUnitId": self.identity.business_unit,
                "UserId": self.identity.user,
                "OrganizationId": self.identity.organization,
            }),
            "RetrieveVersion" => json!({"@odata.context": context, "Version": VERSION}),
            "RetrieveProvisionedLanguages" => json!({
                "@odata.context": context,
                "RetrieveProvisionedLanguages": [self.language()],
            }),
            _ => json!({"@odata.context": context, "Detail": {
                "OrganizationId": self.identity.organization,
                "FriendlyName": self.name,
                "OrganizationVersion": VERSION,
                "UrlName": "emulated",
                "UniqueName": "emulated",
                "State": "Enabled",
            }}),
        }
    }

    fn language(&self) -> i64 {
        let row = self.row("organization", self.identity.organization);
        row.and_then(|row| row.cell("languagecode")?.integer()).unwrap_or_default()
    }

    /// The list of entity sets.
    pub(crate) fn service_document(&self, call: &Call) -> Answer {
        let sets: Vec<_> = self
            .catalog
            .tables
            .iter()
            .map(|t| json!({"name": t.entity_set, "kind": "EntitySet", "url": t.entity_set}))
            .collect();
        Answer::json(200, &json!({"@odata.context": format!("{}$metadata", call.base), "value": sets}))
    }
}
