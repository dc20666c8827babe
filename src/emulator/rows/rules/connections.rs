//! Connections and the roles they are made in.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// A row is not connected to itself, and a role that names record types takes only those.
    pub(super) fn refuse_connection(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        let side = |column: &str| self.cell(table, row, column);
        if !side("record1id").is_empty() && side("record1id") == side("record2id") {
            return Err(Refusal::new(400, "0x80048217", "Cannot connect a record to itself."));
        }
        for (record, role) in [("record1id", "record1roleid"), ("record2id", "record2roleid")] {
            let (Some((target, _)), Some(role)) = (side(record).reference(), side(role).id()) else {
                continue;
            };
            if !self.role_takes(role, target) {
                let message = format!(
                    "The record type {target} is not defined for use with the connection role {role}."
                );
                return Err(Refusal::new(400, "0x80048215", message));
            }
        }
        Ok(())
    }

    fn role_takes(&self, role: Uuid, target: &str) -> bool {
        let table = "connectionroleobjecttypecode";
        let Some(types) = self.catalog.position(table) else { return true };
        let mut named = self.pointing(table, "connectionroleid", role).peekable();
        let wanted = Cell::text(target);
        named.peek().is_none()
            || named.any(|row| *self.cell(types, row, "associatedobjecttypecode") == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sales;
    use crate::testing::{post, refused, send};
    use serde_json::json;

    #[test]
    fn a_role_takes_the_record_types_it_names() {
        let mut environment = sales();
        let account = post(&mut environment, "accounts", &json!({"name": "A"}));
        let contact = post(&mut environment, "contacts", &json!({"lastname": "C"}));
        let role = post(&mut environment, "connectionroles", &json!({"name": "Owner"}));
        let kind = json!({
            "associatedobjecttypecode": "contact", "connectionroleid@odata.bind": format!("/connectionroles({role})"),
        });
        post(&mut environment, "connectionroleobjecttypecodes", &kind);
        let connection = |set: &str, id: &str| {
            json!({
                format!("record1id_{}@odata.bind", &set[..set.len() - 1]): format!("/{set}({id})"),
                "record2id_account@odata.bind": format!("/accounts({account})"),
                "record1roleid@odata.bind": format!("/connectionroles({role})"),
            })
        };
        let made = send(&mut environment, "POST", "connections", &[], &connection("contacts", &contact));
        assert_eq!(made.0, 204, "{}", made.1);
        let itself = refused(&mut environment, "POST", "connections", &connection("accounts", &account));
        assert_eq!(itself.1, "0x80048217");
        let other = post(&mut environment, "accounts", &json!({"name": "B"}));
        let refusal = refused(&mut environment, "POST", "connections", &connection("accounts", &other));
        let text = format!("The record type account is not defined for use with the connection role {role}.");
        assert_eq!(refusal, (400, "0x80048215".to_owned(), text));
    }
}
