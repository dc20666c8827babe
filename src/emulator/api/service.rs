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

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, refused};
    use serde_json::Value;

    #[test]
    fn who_am_i_names_rows_that_are_there() {
        let mut environment = portal();
        for path in ["WhoAmI", "WhoAmI()"] {
            let who = get(&mut environment, path);
            let id = |name: &str| who[name].as_str().unwrap().to_owned();
            for (set, name) in [
                ("systemusers", "UserId"),
                ("businessunits", "BusinessUnitId"),
                ("organizations", "OrganizationId"),
            ] {
                get(&mut environment, &format!("{set}({})", id(name)));
            }
        }
        let version = get(&mut environment, "RetrieveVersion()");
        assert!(version["Version"].as_str().unwrap().starts_with("9.2."));
    }

    #[test]
    fn functions_take_no_post_and_unknown_segments_are_not_found() {
        let mut environment = portal();
        let (status, code, message) = refused(&mut environment, "POST", "WhoAmI", &Value::Null);
        assert_eq!((status, code.as_str()), (404, ""));
        assert!(message.starts_with("No HTTP resource was found that matches the request URI"));
        let (status, code, message) = refused(&mut environment, "GET", "Account", &Value::Null);
        assert_eq!(
            (status, code.as_str(), message.as_str()),
            (404, "0x8006088a", "Resource not found for the segment 'Account'.")
        );
    }

    #[test]
    fn there_is_one_organization_with_what_an_import_asks_for() {
        let answer = get(
            &mut portal(),
            "organizations?$select=name,languagecode,maxuploadfilesize,blockedattachments,_basecurrencyid_value",
        );
        let [row] = &answer["value"].as_array().unwrap()[..] else { panic!("{answer}") };
        assert_eq!(
            (row["languagecode"].as_i64(), row["maxuploadfilesize"].as_i64()),
            (Some(1033), Some(5_242_880))
        );
        assert!(row["blockedattachments"].as_str().unwrap().split(';').any(|extension| extension == "js"));
    }
}
