//! What changing a row asks of the caller beyond creating it.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::privileges::Right;
use crate::rows::Row;

impl Environment {
    /// Writing needs its right, an own creation time its privilege, and pointing to a row a right on both sides.
    pub(super) fn refuse_unprivileged(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        if before.is_some() {
            self.require(table, Right::Write)?;
        } else if !self.cell(table, row, "overriddencreatedon").is_empty() {
            self.require_general("prvOverrideCreatedOnCreatedBy")?;
        }
        self.refuse_secured(table, row, before)?;
        for (position, column) in self.catalog.tables[table].columns.iter().enumerate() {
            let changed = before.is_none_or(|before| before.cells[position] != row.cells[position]);
            let written = changed && column.creatable;
            let Some((target, _)) = row.cells[position].reference().filter(|_| written) else { continue };
            if column.name != "ownerid" {
                let Some(target) = self.catalog.position(target) else { continue };
                self.require(table, Right::Append)?;
                self.require(target, Right::AppendTo)?;
            } else if before.is_some() {
                // A new row of one's own needs no right to assign it.
                self.require(table, Right::Assign)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, post, refused};
    use serde_json::{Value, json};

    #[test]
    fn each_right_is_asked_for_where_it_is_used() {
        for (privilege, method, path, body) in [
            ("prvWriteContact", "PATCH", "contacts(ID)", json!({"lastname": "x"})),
            ("prvDeleteContact", "DELETE", "contacts(ID)", Value::Null),
            (
                "prvAppendContact",
                "PATCH",
                "contacts(ID)",
                json!({"parentcustomerid_contact@odata.bind": "/contacts(ID)"}),
            ),
            (
                "prvAppendToContact",
                "PATCH",
                "contacts(ID)",
                json!({"parentcustomerid_contact@odata.bind": "/contacts(ID)"}),
            ),
            ("prvAssignContact", "PATCH", "contacts(ID)", json!({"ownerid@odata.bind": "/teams(TEAM)"})),
        ] {
            let mut environment = Environment::builder("r").without_privilege(privilege).build().unwrap();
            let contact = post(&mut environment, "contacts", &json!({"lastname": "Ng"}));
            let team = get(&mut environment, "teams")["value"][0]["teamid"].as_str().unwrap().to_owned();
            let named = |text: &str| text.replace("ID", &contact).replace("TEAM", &team);
            let body: Value = serde_json::from_str(&named(&body.to_string())).unwrap();
            let (status, code, message) = refused(&mut environment, method, &named(path), &body);
            assert_eq!((status, code.as_str()), (403, "0x80040220"), "{privilege}");
            assert!(message.contains(&format!("is missing {privilege} privilege (Id=")), "{message}");
            assert!(message.contains("on OTC=2 for entity 'contact' (LocalizedName='Contact')"), "{message}");
        }
    }

    #[test]
    fn reading_needs_its_right_too() {
        let mut environment = Environment::builder("r").without_privilege("prvReadContact").build().unwrap();
        let contact = post(&mut environment, "contacts", &json!({"lastname": "Ng"}));
        let single = format!("contacts({contact})");
        for path in [
            "contacts",
            &single,
            "contacts?fetchXml=%3Cfetch%3E%3Centity name='contact'/%3E%3C/fetch%3E",
            "contacts/$count",
            "accounts?$expand=primarycontactid",
        ] {
            let (status, code, message) = refused(&mut environment, "GET", path, &Value::Null);
            assert_eq!((status, code.as_str()), (403, "0x80040220"), "{path}");
            assert!(message.contains("is missing prvReadContact privilege (Id="), "{message}");
        }
    }

    #[test]
    fn linking_rows_needs_rights_on_both_sides() {
        let details = br#"{"tables": {"contoso_tag": {"columns": {}}}, "links": {"contoso_tags": ["contact", "contoso_tag"]}}"#;
        for privilege in ["prvAppendContact", "prvAppendTocontoso_tag"] {
            let builder = Environment::builder("r").details(details).without_privilege(privilege);
            let mut environment = builder.build().unwrap();
            let contact = post(&mut environment, "contacts", &json!({"lastname": "Ng"}));
            let tag = post(&mut environment, "contoso_tags", &json!({}));
            let navigation = environment.relationship("contoso_tags").unwrap().first.navigation.clone();
            let path = format!("contacts({contact})/{navigation}/$ref");
            let (status, code, _) = refused(
                &mut environment,
                "POST",
                &path,
                &json!({"@odata.id": format!("contoso_tags({tag})")}),
            );
            assert_eq!((status, code.as_str()), (403, "0x80040220"), "{privilege}");
        }
    }
}
