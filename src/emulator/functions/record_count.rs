//! `RetrieveTotalRecordCount`: how many rows tables had not long ago.
//!
//! Microsoft's page on counting rows calls it a snapshot of the last 24 hours. Here it is taken when the environment
//! is made and again at each midnight (UTC) of the virtual time, so that nobody can take it for the count of now.

use super::{Arguments, Kind, Message};
use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// `RetrieveTotalRecordCount(EntityNames=["account"])`
pub(super) const TOTAL: Message = Message {
    name: "RetrieveTotalRecordCount",
    kind: Kind::Function,
    parameters: &[("EntityNames", true)],
    run: total,
};

const SECONDS_OF_A_DAY: i64 = 86_400;

/// The rows of each table on a day, in the catalog's order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct RecordCounts {
    /// Days since 1970; none where nothing has been counted yet.
    day: Option<i64>,
    rows: Vec<usize>,
}

impl RecordCounts {
    /// Forgets a table, whose place the next one takes.
    pub(crate) fn forget(&mut self, table: usize) {
        if table < self.rows.len() {
            self.rows.remove(table);
        }
    }
}

impl Environment {
    /// Counts all rows where the last count was on another day. To be called before a request is answered: nothing
    /// has changed since midnight then, as nothing happens between requests.
    pub(crate) fn count_once_a_day(&mut self) {
        let day = Some(self.now().div_euclid(SECONDS_OF_A_DAY));
        if self.counts.day != day {
            let rows = (0..self.catalog.tables.len()).map(|table| self.store.count(table)).collect();
            self.counts = RecordCounts { day, rows };
        }
    }
}

fn total(environment: &mut Environment, _: &Call, arguments: &Arguments) -> Result<Option<Object>, Refusal> {
    let names = arguments.texts("EntityNames")?;
    let count = |name: &&str| {
        let table = environment.catalog.position(name).ok_or_else(|| no_table(name))?;
        Ok(environment.counts.rows.get(table).copied().unwrap_or_default())
    };
    let rows: Vec<usize> = names.iter().map(count).collect::<Result<_, Refusal>>()?;
    let mut counts = Object::default();
    counts.push("Count", json!(names.len()));
    counts.push("IsReadOnly", json!(false));
    counts.push("Keys", json!(names));
    counts.push("Values", json!(rows));
    let mut response = Object::default();
    response.push("EntityRecordCountCollection", counts);
    Ok(Some(response))
}

/// The code is the table of codes'; its wording for this message was not seen.
fn no_table(name: &str) -> Refusal {
    let message = format!(
        "The entity with a name = '{name}' with namemapping = 'Logical' was not found in the MetadataCache."
    );
    Refusal::new(400, "0x80041102", message)
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, post, refused};
    use serde_json::{Value, json};

    const COUNT: &str = "RetrieveTotalRecordCount(EntityNames=[\"account\",\"contact\"])";

    #[test]
    fn counts_are_those_of_the_last_midnight() {
        let mut environment = portal();
        post(&mut environment, "accounts", &json!({"name": "new"}));
        let counts = get(&mut environment, COUNT)["EntityRecordCountCollection"].clone();
        let expected =
            json!({"Count": 2, "IsReadOnly": false, "Keys": ["account", "contact"], "Values": [1, 1]});
        assert_eq!(counts, expected);
        environment.set_time(environment.now() + 86_400);
        post(&mut environment, "contacts", &json!({"lastname": "new"}));
        assert_eq!(get(&mut environment, COUNT)["EntityRecordCountCollection"]["Values"], json!([2, 1]));
    }

    #[test]
    fn a_restored_environment_keeps_its_count() {
        let mut environment = portal();
        post(&mut environment, "accounts", &json!({"name": "new"}));
        let mut restored = crate::Environment::restore(&environment.save()).unwrap();
        assert_eq!(get(&mut restored, COUNT)["EntityRecordCountCollection"]["Values"], json!([1, 1]));
    }

    #[test]
    fn unknown_tables_and_a_missing_list_are_refused() {
        let (status, code, message) = refused(
            &mut portal(),
            "GET",
            "RetrieveTotalRecordCount(EntityNames=[\"Account\"])",
            &Value::Null,
        );
        assert_eq!((status, code.as_str()), (400, "0x80041102"));
        assert!(message.contains("'Account'"), "{message}");
        let (status, _, _) = refused(&mut portal(), "GET", "RetrieveTotalRecordCount()", &Value::Null);
        assert_eq!(status, 404);
    }
}
