//! What the signed-in user may do.

use crate::Error;
use crate::part::Part;
use crate::response::json;
use http::Response;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// The answer holds an entry for each role that grants the privilege.
#[derive(Deserialize)]
struct RolePrivileges {
    #[serde(rename = "RolePrivileges")]
    granted: Vec<Value>,
}

pub(crate) fn privilege_part(user: Uuid, privilege: &str) -> Part {
    let function = "Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName";
    Part::get(&format!("systemusers({user})/{function}(PrivilegeName='{privilege}')"))
}

pub(crate) fn parse_privilege(response: &Response<Vec<u8>>) -> Result<bool, Error> {
    let answer: RolePrivileges = json("GET RetrieveUserPrivilegeByPrivilegeName()", response)?;
    Ok(!answer.granted.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{parse_privilege, privilege_part};
    use http::Response;
    use uuid::uuid;

    #[test]
    fn the_user_and_the_privilege_are_named_in_the_address() {
        let part = privilege_part(uuid!("00000000-0000-0000-0000-000000000001"), "prvReadAuditSummary");
        assert_eq!(
            part.path,
            "systemusers(00000000-0000-0000-0000-000000000001)/\
             Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadAuditSummary')"
        );
    }

    #[test]
    fn a_privilege_is_held_where_a_role_grants_it() {
        let answer = |body: &str| Response::new(body.as_bytes().to_vec());
        let granted = r#"{"RolePrivileges":[{"Depth":"Global","PrivilegeName":"prvReadAuditSummary"}]}"#;
        assert_eq!(parse_privilege(&answer(granted)), Ok(true));
        assert_eq!(parse_privilege(&answer(r#"{"RolePrivileges":[]}"#)), Ok(false));
        assert!(parse_privilege(&answer("{}")).is_err());
    }
}
