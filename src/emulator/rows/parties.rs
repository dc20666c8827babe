//! Parties of an activity: rows of their own that are written with it and in no other way.

use super::Row;
use super::body::Changes;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// Adds the parties of an activity.
    pub(super) fn create_parties(
        &mut self,
        activities: usize,
        activity: Uuid,
        parties: &[Changes],
    ) -> Result<(), Refusal> {
        let Some(table) = self.catalog.position("activityparty") else { return Ok(()) };
        let activity_table = self.catalog.tables[activities].name.clone();
        for party in parties {
            let id = party.id.unwrap_or_else(|| self.random.id());
            let mut row = self.blank_row(table, id);
            for (position, cell) in &party.cells {
                row.cells[*position] = cell.clone();
            }
            let reference = Cell::Lookup { table: activity_table.clone(), id: activity };
            self.set(table, &mut row, "activityid", reference);
            if self.store.get(table, id).is_some() {
                return Err(Refusal::duplicate_key());
            }
            self.store.put(table, row);
        }
        Ok(())
    }

    /// Replaces the parties of an activity.
    pub(crate) fn replace_parties(
        &mut self,
        activities: usize,
        activity: Uuid,
        parties: &[Changes],
    ) -> Result<(), Refusal> {
        let Some(table) = self.catalog.position("activityparty") else { return Ok(()) };
        let of_activity = |row: &&Row| self.cell(table, row, "activityid").id() == Some(activity);
        let old: Vec<Uuid> = self.store.rows(table).filter(of_activity).map(|row| row.id).collect();
        for id in old {
            self.store.remove(table, id);
        }
        self.create_parties(activities, activity, parties)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{CONTACT, get, portal, post, send};
    use serde_json::json;

    #[test]
    fn parties_are_made_with_their_activity_and_replaced_as_a_whole() {
        let mut environment = portal();
        let party = json!([{"partyid_contact@odata.bind": format!("/contacts({CONTACT})"), "participationtypemask": 5}]);
        let made = post(&mut environment, "tasks", &json!({"subject": "T", "task_activity_parties": party}));
        let expanded = get(&mut environment, &format!("tasks({made})?$expand=task_activity_parties"));
        assert_eq!(expanded["task_activity_parties"][0]["_partyid_value"], CONTACT);
        let parties = format!("activityparties?$filter=_activityid_value eq {made}");
        let found = get(&mut environment, &parties);
        assert_eq!(found["value"][0]["_partyid_value"], CONTACT);
        let (status, _, _) = send(
            &mut environment,
            "PUT",
            &format!("tasks({made})/task_activity_parties"),
            &[],
            &json!({"value": []}),
        );
        assert_eq!(status, 204);
        assert_eq!(get(&mut environment, &parties)["value"], json!([]));
    }
    #[test]
    fn parties_go_with_their_activity() {
        let mut environment = portal();
        let before = environment.count("activityparty");
        let party = json!([{"partyid_contact@odata.bind": format!("/contacts({CONTACT})"), "participationtypemask": 5}]);
        let made = post(&mut environment, "tasks", &json!({"subject": "T", "task_activity_parties": party}));
        assert!(environment.count("activityparty") > before);
        let (status, ..) = send(&mut environment, "DELETE", &format!("tasks({made})"), &[], &json!(null));
        assert_eq!((status, environment.count("activityparty")), (204, before));
    }
}
