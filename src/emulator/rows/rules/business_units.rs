//! Business units: a tree with one root.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;

impl Environment {
    pub(super) fn refuse_business_unit(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let is_root = row.id == self.identity.business_unit;
        let parent = self.cell(table, row, "parentbusinessunitid");
        let second_root = !is_root && parent.is_empty();
        if second_root || (is_root && before.is_some() && !parent.is_empty()) {
            return Err(Refusal::new(400, "0x8004a10c", "More than one root business unit found"));
        }
        if is_root && self.is_set(table, row, "isdisabled") {
            return Err(Refusal::new(400, "0x80041d63", "Root Business unit cannot be disabled."));
        }
        Ok(())
    }

    /// Only a disabled unit without children goes, so the root never does.
    pub(super) fn refuse_delete_of_business_unit(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        if self.pointing("businessunit", "parentbusinessunitid", row.id).next().is_some() {
            let message = "Business unit has a child business unit and cannot be deleted.";
            return Err(Refusal::new(400, "0x80041d61", message));
        }
        if !self.is_set(table, row, "isdisabled") {
            let message = "Not disabled business unit cannot be deleted.";
            return Err(Refusal::new(400, "0x80041d60", message));
        }
        let teams = self.catalog.position("team");
        let owns = teams.is_some_and(|teams| {
            self.pointing("team", "businessunitid", row.id)
                .any(|team| self.is_set(teams, team, "isdefault") && self.owns_rows(team.id))
        });
        if owns {
            let message = "Business unit default team owns records. Business unit cannot be deleted.";
            return Err(Refusal::new(400, "0x80041d62", message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn there_is_one_root_business_unit() {
        let mut environment = portal();
        let root = get(&mut environment, "WhoAmI")["BusinessUnitId"].as_str().unwrap().to_owned();
        assert_eq!(refused(&mut environment, "POST", "businessunits", &json!({"name": "B"})).1, "0x8004a10c");
        let path = format!("businessunits({root})");
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"isdisabled": true})).1, "0x80041d63");
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80041d60");
        let child = json!({"name": "B", "parentbusinessunitid@odata.bind": format!("/{path}")});
        post(&mut environment, "businessunits", &child);
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80041d61");
    }

    #[test]
    fn a_unit_brings_its_team_and_takes_it_away() {
        let mut environment = portal();
        let root = get(&mut environment, "WhoAmI")["BusinessUnitId"].as_str().unwrap().to_owned();
        let child =
            json!({"name": "Branch", "parentbusinessunitid@odata.bind": format!("/businessunits({root})")});
        let unit = post(&mut environment, "businessunits", &child);
        let teams = "teams?$filter=name eq 'Branch' and isdefault eq true";
        assert_eq!(get(&mut environment, teams)["value"][0]["_businessunitid_value"], unit.as_str());
        let path = format!("businessunits({unit})");
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80041d60");
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"isdisabled": true})).0, 204);
        assert_eq!(send(&mut environment, "DELETE", &path, &[], &Value::Null).0, 204);
        assert_eq!(get(&mut environment, teams)["value"], json!([]));
    }
}
