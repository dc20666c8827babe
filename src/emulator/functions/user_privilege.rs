//! `RetrieveUserPrivilegeByPrivilegeName`, which belongs to a user: the roles through which the user holds a
//! privilege. Microsoft's page on security roles and their privileges shows question and answer.

use super::{Arguments, wrong_verb};
use crate::answer::Answer;
use crate::api::{Call, Segment};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

/// The last step of its path.
pub(crate) const USER_PRIVILEGE: &str = "Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName";

impl Environment {
    /// `GET systemusers(id)/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvX')`
    pub(crate) fn user_privilege(
        &self,
        call: &Call,
        user: Uuid,
        segment: &Segment,
    ) -> Result<Answer, Refusal> {
        if call.method != Method::GET {
            return Err(wrong_verb(call));
        }
        let arguments = Arguments::of_function(segment, &call.options, &[("PrivilegeName", true)])?;
        let name = arguments.text("PrivilegeName")?;
        self.row("systemuser", user).ok_or_else(|| Refusal::no_row("systemuser", user))?;
        let privilege = self.privilege_named(name)?;
        let roles = self.links("systemuserroles").into_iter().filter(|(who, _)| *who == user);
        let grants = self.links("roleprivileges");
        let granting = roles.filter(|(_, role)| grants.contains(&(*role, privilege)));
        let granted: Vec<Value> = granting.map(|(_, role)| self.granted(role, privilege, name)).collect();
        let context = call.context("Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeNameResponse");
        Ok(Answer::json(200, &json!({"@odata.context": context, "RolePrivileges": granted})))
    }

    /// That an unknown name is refused with 400 is seen in programs that ask; that the code is that of an invalid privilege is inferred.
    fn privilege_named(&self, name: &str) -> Result<Uuid, Refusal> {
        let mut rows = self.rows("privilege");
        let found = rows.find(|row| row.cell("name").and_then(Cell::as_text) == Some(name));
        found.map(|row| row.id()).ok_or_else(|| {
            Refusal::new(400, "0x8004024b", format!("There is no privilege of the name '{name}'."))
        })
    }

    fn granted(&self, role: Uuid, privilege: Uuid, name: &str) -> Value {
        let unit = self.row("role", role).and_then(|row| row.cell("businessunitid")?.id());
        json!({
            "Depth": "Global",
            "PrivilegeId": privilege,
            "BusinessUnitId": unit.unwrap_or(self.identity.business_unit),
            "PrivilegeName": name,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, refused};
    use serde_json::{Value, json};

    fn path(environment: &mut Environment, privilege: &str) -> String {
        let user = get(environment, "WhoAmI")["UserId"].as_str().unwrap().to_owned();
        format!("systemusers({user})/{}(PrivilegeName='{privilege}')", super::USER_PRIVILEGE)
    }

    #[test]
    fn a_privilege_is_held_through_a_role() {
        let mut environment = Environment::builder("rights").build().unwrap();
        let path = path(&mut environment, "prvBypassCustomBusinessLogic");
        let answer = get(&mut environment, &path);
        let granted = answer["RolePrivileges"].as_array().unwrap();
        assert_eq!(granted.len(), 1);
        assert_eq!(granted[0]["Depth"], "Global");
        assert_eq!(granted[0]["PrivilegeName"], "prvBypassCustomBusinessLogic");
    }

    #[test]
    fn a_privilege_that_no_role_grants_has_no_entry() {
        let privilege = "prvBypassCustomBusinessLogic";
        let mut environment = Environment::builder("rights").without_privilege(privilege).build().unwrap();
        let path = path(&mut environment, privilege);
        assert_eq!(get(&mut environment, &path)["RolePrivileges"], json!([]));
    }

    #[test]
    fn an_unknown_privilege_is_refused() {
        let mut environment = Environment::builder("rights").build().unwrap();
        let path = path(&mut environment, "prvNone");
        let (status, code, _) = refused(&mut environment, "GET", &path, &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x8004024b"));
    }
}
