//! Teams. The default team of a business unit is the unit's shadow: it cannot be changed by itself.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use uuid::Uuid;

impl Environment {
    pub(super) fn refuse_team(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        let Some(before) = before.filter(|before| self.is_set(table, before, "isdefault")) else {
            return Ok(());
        };
        if self.changed(table, row, before, "name") {
            let message = "The default business unit team name can't be updated.";
            return Err(Refusal::new(400, "0x8004830a", message));
        }
        if self.changed(table, row, before, "businessunitid") {
            let message = "The default business unit team parent can't be set.";
            return Err(Refusal::new(400, "0x80048308", message));
        }
        Ok(())
    }

    pub(super) fn refuse_delete_of_team(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        if self.is_set(table, row, "isdefault") {
            let message = "The default business unit team can't be deleted.";
            return Err(Refusal::new(400, "0x80048307", message));
        }
        if self.owns_rows(row.id) {
            let message = "Can't delete a team which owns records. Reassign the records and try again.";
            return Err(Refusal::new(400, "0x8004830e", message));
        }
        Ok(())
    }

    /// Refuses to add members to a default team, or to take them away: its members are the unit's users.
    pub(super) fn refuse_membership(
        &self,
        intersect: usize,
        team: Uuid,
        adding: bool,
    ) -> Result<(), Refusal> {
        if self.catalog.tables[intersect].name != "teammembership" {
            return Ok(());
        }
        let Some(teams) = self.catalog.position("team") else { return Ok(()) };
        let is_default = self.store.get(teams, team).is_some_and(|row| self.is_set(teams, row, "isdefault"));
        match (is_default, adding) {
            (false, _) => Ok(()),
            (true, true) => {
                let message = "Can't add members to the default business unit team.";
                Err(Refusal::new(400, "0x8004830b", message))
            }
            (true, false) => {
                let message = "Can't remove members from the default business unit team.";
                Err(Refusal::new(400, "0x8004830c", message))
            }
        }
    }

    /// Whether some row has that owner. The queue that came with a team goes with it.
    pub(super) fn owns_rows(&self, owner: Uuid) -> bool {
        let owned = self.catalog.tables.iter().enumerate().filter(|(_, table)| table.name != "queue");
        owned.filter_map(|(table, described)| Some((table, described.position("ownerid")?))).any(
            |(table, position)| self.store.rows(table).any(|row| row.cells[position].id() == Some(owner)),
        )
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn the_default_team_stays_what_it_is() {
        let mut environment = portal();
        let who = get(&mut environment, "WhoAmI");
        let root = who["BusinessUnitId"].as_str().unwrap();
        let team = get(&mut environment, "teams")["value"][0]["teamid"].as_str().unwrap().to_owned();
        let path = format!("teams({team})");
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"name": "other"})).1, "0x8004830a");
        let child =
            json!({"name": "B", "parentbusinessunitid@odata.bind": format!("/businessunits({root})")});
        let unit = post(&mut environment, "businessunits", &child);
        let elsewhere = json!({"businessunitid@odata.bind": format!("/businessunits({unit})")});
        assert_eq!(refused(&mut environment, "PATCH", &path, &elsewhere).1, "0x80048308");
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80048307");
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"description": "d"})).0, 204);
    }

    #[test]
    fn members_of_a_default_team_come_and_go_with_their_unit() {
        let mut environment = portal();
        let user = get(&mut environment, "WhoAmI")["UserId"].as_str().unwrap().to_owned();
        let team = get(&mut environment, "teams")["value"][0]["teamid"].as_str().unwrap().to_owned();
        let members = format!("teams({team})/teammembership_association");
        assert_eq!(get(&mut environment, &members)["value"][0]["systemuserid"], user.as_str());
        let reference = json!({"@odata.id": format!("systemusers({user})")});
        assert_eq!(
            refused(&mut environment, "POST", &format!("{members}/$ref"), &reference).1,
            "0x80040237",
            "a member already"
        );
        let stranger = environment.random.id();
        environment.add_row("systemuser", stranger, &[]);
        let reference = json!({"@odata.id": format!("systemusers({stranger})")});
        assert_eq!(refused(&mut environment, "POST", &format!("{members}/$ref"), &reference).1, "0x8004830b");
        let member = format!("{members}({user})/$ref");
        assert_eq!(refused(&mut environment, "DELETE", &member, &Value::Null).1, "0x8004830c");
    }

    #[test]
    fn a_team_that_owns_rows_is_not_deleted() {
        let mut environment = portal();
        let root = get(&mut environment, "WhoAmI")["BusinessUnitId"].as_str().unwrap().to_owned();
        let body = json!({"name": "T", "businessunitid@odata.bind": format!("/businessunits({root})")});
        let team = post(&mut environment, "teams", &body);
        let owned = json!({"name": "A", "ownerid@odata.bind": format!("/teams({team})")});
        let account = post(&mut environment, "accounts", &owned);
        let path = format!("teams({team})");
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x8004830e");
        send(&mut environment, "DELETE", &format!("accounts({account})"), &[], &Value::Null);
        assert_eq!(send(&mut environment, "DELETE", &path, &[], &Value::Null).0, 204);
    }
}
