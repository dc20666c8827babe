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
}
