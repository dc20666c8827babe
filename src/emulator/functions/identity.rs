//! Who asks.

use super::{Arguments, Kind, Message};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;

/// `WhoAmI` and `WhoAmI()`
pub(super) const WHO_AM_I: Message =
    Message { name: "WhoAmI", kind: Kind::Function, parameters: &[], run: who_am_i };

fn who_am_i(environment: &mut Environment, _: &Call, _: &Arguments) -> Result<Option<Object>, Refusal> {
    let mut who = Object::default();
    who.push("BusinessUnitId", environment.identity.business_unit.to_string());
    who.push("UserId", environment.identity.user.to_string());
    who.push("OrganizationId", environment.identity.organization.to_string());
    Ok(Some(who))
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal};

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
    }
}
