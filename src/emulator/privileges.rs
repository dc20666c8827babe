//! What the caller may do. The caller is a system administrator who holds every privilege, but for those that were
//! taken away when the environment was built.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Table;
use crate::values::Cell;
use uuid::Uuid;

/// What can be done to the rows of a table. Each is a privilege of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Create,
    Read,
    Write,
    Delete,
    /// To point to other rows.
    Append,
    /// To be pointed to.
    AppendTo,
    /// To give a row another owner.
    Assign,
    Share,
}

/// All rights, with the number that `privilege.accessright` has for each.
pub(crate) const RIGHTS: [(Right, i64); 8] = [
    (Right::Create, 32),
    (Right::Read, 1),
    (Right::Write, 2),
    (Right::Delete, 65_536),
    (Right::Append, 4),
    (Right::AppendTo, 16),
    (Right::Assign, 524_288),
    (Right::Share, 262_144),
];

/// Privileges that belong to no table.
pub(crate) const GENERAL: &[&str] = &[
    "prvOverrideCreatedOnCreatedBy",
    "prvBypassCustomBusinessLogic",
    "prvBypassCustomPlugins",
    "prvActOnBehalfOfAnotherUser",
    "prvImportCustomization",
    "prvExportCustomization",
    "prvPublishCustomization",
    "prvBulkDelete",
    "prvPublishDuplicateRule",
];

/// Tables whose privileges carry another name than the logical one.
const NAMES: &[(&str, &str)] = &[
    ("account", "Account"),
    ("annotation", "Note"),
    ("asyncoperation", "AsyncOperation"),
    ("businessunit", "BusinessUnit"),
    ("contact", "Contact"),
    ("duplicaterule", "DuplicateRule"),
    ("importjob", "ImportJob"),
    ("lead", "Lead"),
    ("opportunity", "Opportunity"),
    ("organization", "Organization"),
    ("plugintype", "PluginType"),
    ("product", "Product"),
    ("publisher", "Publisher"),
    ("queue", "Queue"),
    ("role", "Role"),
    ("sdkmessage", "SdkMessage"),
    ("sdkmessagefilter", "SdkMessageFilter"),
    ("sdkmessageprocessingstep", "SdkMessageProcessingStep"),
    ("solution", "Solution"),
    ("subject", "Subject"),
    ("systemuser", "User"),
    ("team", "Team"),
    ("transactioncurrency", "TransactionCurrency"),
];

impl Right {
    /// `prvCreateadx_webpage`; all activities share one set of privileges.
    pub(crate) fn privilege(self, table: &Table) -> String {
        let known = NAMES.iter().find(|(name, _)| *name == table.name).map(|(_, name)| *name);
        let name = if table.is_activity { "Activity" } else { known.unwrap_or(&table.name) };
        format!("prv{self:?}{name}")
    }
}

impl Environment {
    /// Whether the caller holds a privilege.
    pub(crate) fn has_privilege(&self, name: &str) -> bool {
        !self.missing_privileges.contains(name)
    }

    /// Refuses where the caller may not do that to a table's rows.
    pub(crate) fn require(&self, table: usize, right: Right) -> Result<(), Refusal> {
        if !matches!(right, Right::Read | Right::Append | Right::AppendTo) {
            self.refuse_generated(table)?;
        }
        if self.missing_privileges.is_empty() {
            return Ok(());
        }
        let described = &self.catalog.tables[table];
        let name = right.privilege(described);
        if self.has_privilege(&name) {
            return Ok(());
        }
        let (code, label) = (described.object_type_code, &described.display_name);
        Err(self.missing(&name, code, &described.name, label))
    }

    /// Refuses where the caller lacks a privilege that belongs to no table.
    pub(crate) fn require_general(&self, name: &str) -> Result<(), Refusal> {
        if self.has_privilege(name) { Ok(()) } else { Err(self.missing(name, 0, "", "")) }
    }

    /// The service's words, as recorded.
    fn missing(&self, name: &str, code: i32, table: &str, label: &str) -> Refusal {
        let user = self.identity.user;
        let count = self.catalog.position("privilege").map_or(0, |privileges| self.store.count(privileges));
        let held = count.saturating_sub(self.missing_privileges.len());
        let message = format!(
            "Principal user (Id={user}, type=8, roleCount=1, privilegeCount={held}, accessMode=0), is missing {name} \
             privilege (Id={}) on OTC={code} for entity '{table}' (LocalizedName='{label}'). context.Caller={user}",
            self.privilege_id(name)
        );
        Refusal::new(403, "0x80040220", message)
    }

    fn privilege_id(&self, name: &str) -> Uuid {
        let Some(privileges) = self.catalog.position("privilege") else { return Uuid::nil() };
        let is_meant = |row: &&crate::rows::Row| *self.cell(privileges, row, "name") == Cell::text(name);
        self.store.rows(privileges).find(is_meant).map_or(Uuid::nil(), |row| row.id)
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, refused};
    use serde_json::json;

    fn without(privilege: &str) -> Environment {
        Environment::builder("rights").without_privilege(privilege).build().unwrap()
    }

    #[test]
    fn a_missing_privilege_is_named_with_user_and_table() {
        let mut environment = without("prvCreateNote");
        let user = get(&mut environment, "WhoAmI")["UserId"].as_str().unwrap().to_owned();
        let privilege =
            get(&mut environment, "privileges?$filter=name eq 'prvCreateNote'")["value"][0]["privilegeid"]
                .as_str()
                .unwrap()
                .to_owned();
        let (status, code, message) =
            refused(&mut environment, "POST", "annotations", &json!({"subject": "s"}));
        assert_eq!((status, code.as_str()), (403, "0x80040220"));
        let start = format!("Principal user (Id={user}, type=8, roleCount=1, privilegeCount=");
        assert!(message.starts_with(&start), "{message}");
        let end = format!(
            ", accessMode=0), is missing prvCreateNote privilege (Id={privilege}) on OTC=5 for entity 'annotation' \
             (LocalizedName='Note'). context.Caller={user}"
        );
        assert!(message.ends_with(&end), "{message}");
    }

    #[test]
    fn a_privilege_there_is_not_cannot_be_taken_away() {
        let built = Environment::builder("rights").without_privilege("prvcreateNote").build();
        assert!(matches!(built, Err(crate::LoadError::NoPrivilege(name)) if name == "prvcreateNote"));
    }

    #[test]
    fn an_own_creation_time_needs_its_privilege() {
        let mut environment = without("prvOverrideCreatedOnCreatedBy");
        let body = json!({"subject": "s", "overriddencreatedon": "2020-01-01T00:00:00Z"});
        let (status, code, message) = refused(&mut environment, "POST", "annotations", &body);
        assert_eq!((status, code.as_str()), (403, "0x80040220"));
        assert!(message.contains("is missing prvOverrideCreatedOnCreatedBy privilege"), "{message}");
        assert!(message.contains("on OTC=0 for entity '' (LocalizedName='')"), "{message}");
    }
}
