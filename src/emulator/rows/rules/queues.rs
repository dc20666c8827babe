//! Queues. Each user and each team of the start has one, which stays.

use crate::environment::Environment;
use crate::error::Refusal;
use uuid::Uuid;

impl Environment {
    /// A queue goes when nothing is in it and it is nobody's own.
    pub(super) fn refuse_delete_of_queue(&self, id: Uuid) -> Result<(), Refusal> {
        let used = [("queueitem", "queueid"), ("systemuser", "queueid"), ("team", "queueid")];
        if used.iter().any(|(table, column)| self.pointing(table, column, id).next().is_some()) {
            let message = "You can't delete this queue because it has items assigned to it. Assign these items to \
                           another user, team, or queue and try again.";
            return Err(Refusal::new(405, "0x80631117", message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn the_queues_of_users_and_teams_stay() {
        let mut environment = portal();
        let queues = get(&mut environment, "queues")["value"].clone();
        assert_eq!(queues.as_array().unwrap().len(), 2, "one of the user, one of the team");
        for queue in queues.as_array().unwrap() {
            let path = format!("queues({})", queue["queueid"].as_str().unwrap());
            assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80631117");
        }
        let own = post(&mut environment, "queues", &json!({"name": "Q"}));
        assert_eq!(send(&mut environment, "DELETE", &format!("queues({own})"), &[], &Value::Null).0, 204);
    }
}
