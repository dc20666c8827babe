//! Update what a URL names, or create it.

use super::body::Changes;
use super::{Purpose, RowName};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::values::Cell;
use serde_json::{Map, Value};
use uuid::Uuid;

/// What an upsert did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Upserted {
    pub(crate) id: Uuid,
    /// False where the row was there and was updated.
    pub(crate) created: bool,
}

impl Environment {
    /// Source of what happens to key values: Microsoft's page on upsert.
    pub(crate) fn upsert(
        &mut self,
        table: usize,
        name: &RowName,
        body: &Map<String, Value>,
    ) -> Result<Upserted, Refusal> {
        if let Some(id) = self.find(table, name)? {
            let mut changes = self.read_object(table, body, Purpose::Update)?;
            // What finds a row cannot be changed by the same request.
            changes.cells.retain(|(position, _)| !name.values().iter().any(|(key, _)| key == position));
            self.update(table, id, &changes)?;
            return Ok(Upserted { id, created: false });
        }
        let mut changes = self.read_object(table, body, Purpose::Create)?;
        if !changes.nested.is_empty() {
            return Err(Refusal::deep_update());
        }
        self.add_name(&mut changes, name)?;
        let id = self.create(table, &changes)?;
        Ok(Upserted { id, created: true })
    }

    /// The URL's values become the row's; where the body has a value for a part of an alternate key, that wins.
    fn add_name(&self, changes: &mut Changes, name: &RowName) -> Result<(), Refusal> {
        if let RowName::Id(id) = name {
            changes.id = Some(*id);
        }
        for (position, cell) in name.values() {
            if changes.get(*position).is_some() {
                continue;
            }
            if let Cell::Lookup { table, id } = cell {
                let target = self.catalog.position(table).ok_or_else(|| Refusal::no_row(table, *id))?;
                self.existing(target, *id)?;
            }
            changes.cells.push((*position, cell.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, id, keyed, page, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn an_upsert_by_key_creates_with_the_keys_values_and_answers_in_the_keys_form() {
        let mut environment = keyed();
        let path = "adx_webpages(adx_name='A%20b')";
        for order in [1, 2] {
            let body = json!({"adx_displayorder": order});
            let (status, _, answer) = send(&mut environment, "PATCH", path, &[], &body);
            let address = format!("https://contoso.crm.dynamics.com/api/data/v9.2/{path}");
            assert_eq!(
                (status, answer.headers()["odata-entityid"].to_str().unwrap()),
                (204, address.as_str())
            );
            let row = get(&mut environment, path);
            assert_eq!(
                (row["adx_name"].as_str(), row["adx_displayorder"].as_i64()),
                (Some("A b"), Some(order))
            );
        }
        assert_eq!(environment.count("adx_webpage"), 1);
    }

    #[test]
    fn key_values_in_the_body_win_on_create_and_are_dropped_on_update() {
        let mut environment = keyed();
        let body = json!({"adx_name": "B"});
        assert_eq!(send(&mut environment, "PATCH", "adx_webpages(adx_name='A')", &[], &body).0, 204);
        assert_eq!(refused(&mut environment, "GET", "adx_webpages(adx_name='A')", &Value::Null).0, 404);
        let body = json!({"adx_name": "C", "adx_displayorder": 7});
        assert_eq!(send(&mut environment, "PATCH", "adx_webpages(adx_name='B')", &[], &body).0, 204);
        assert_eq!(get(&mut environment, "adx_webpages(adx_name='B')")["adx_displayorder"], 7);
    }

    #[test]
    fn a_lookup_in_the_key_is_set_on_create() {
        let mut environment = keyed();
        post(&mut environment, "adx_websites", &json!({"adx_websiteid": id(8), "adx_name": "S"}));
        let path = |site: u8| format!("adx_webpages(_adx_websiteid_value={},adx_displayorder=3)", id(site));
        assert_eq!(send(&mut environment, "PATCH", &path(8), &[], &json!({"adx_name": "P"})).0, 204);
        assert_eq!(get(&mut environment, &path(8))["_adx_websiteid_value"], id(8).as_str());
        let (status, code, _) = refused(&mut environment, "PATCH", &path(9), &json!({"adx_name": "Q"}));
        assert_eq!((status, code.as_str()), (404, "0x80040217"));
    }

    #[test]
    fn conditions_hold_for_keys_too() {
        let mut environment = keyed();
        let path = "adx_webpages(adx_name='A')";
        let patch = |environment: &mut _, header| {
            let (status, answer, _) =
                send(environment, "PATCH", path, &[header], &json!({"adx_displayorder": 1}));
            (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(patch(&mut environment, ("If-Match", "*")), (404, "0x80060891".to_owned()));
        assert_eq!(patch(&mut environment, ("If-None-Match", "*")).0, 204);
        assert_eq!(patch(&mut environment, ("If-None-Match", "*")), (412, "0x80040237".to_owned()));
        assert_eq!(patch(&mut environment, ("If-None-Match", "null")).0, 204);
        assert_eq!(patch(&mut environment, ("If-Match", "W/\"1\"")), (412, "0x80060882".to_owned()));
    }

    #[test]
    fn a_key_is_taken_once_without_looking_at_case() {
        let mut environment = keyed();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let (status, code, message) = refused(&mut environment, "POST", "adx_webpages", &page(2, "HOME"));
        assert_eq!((status, code.as_str()), (412, "0x80060892"));
        assert_eq!(
            message,
            "Entity Key contoso_Name violated. A record with the same value for Name already exists. A duplicate \
             record cannot be created. Select one or more unique values and try again."
        );
        post(&mut environment, "adx_webpages", &page(2, "Other"));
        let path = format!("adx_webpages({})", id(2));
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"adx_name": "Home"})).1, "0x80060892");
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"adx_name": "Other"})).0, 204);
        send(&mut environment, "DELETE", &format!("adx_webpages({})", id(1)), &[], &Value::Null);
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"adx_name": "Home"})).0, 204);
    }

    #[test]
    fn rows_without_a_value_in_the_key_are_not_compared() {
        let mut environment = keyed();
        for number in [1, 2] {
            let body = json!({"adx_webpageid": id(number), "adx_displayorder": 1});
            post(&mut environment, "adx_webpages", &body);
        }
        assert_eq!(environment.count("adx_webpage"), 2);
    }

    #[test]
    fn keys_hold_in_an_environment_that_was_saved() {
        let mut environment = keyed();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let mut restored = crate::Environment::restore(&environment.save()).unwrap();
        assert_eq!(get(&mut restored, "adx_webpages(adx_name='home')")["adx_webpageid"], id(1).as_str());
        assert_eq!(refused(&mut restored, "POST", "adx_webpages", &page(2, "Home")).1, "0x80060892");
    }

    #[test]
    fn a_refused_request_leaves_its_keys_free() {
        let mut environment = keyed();
        post(&mut environment, "adx_pagetags", &json!({"adx_pagetagid": id(5)}));
        let body = json!({
            "adx_name": "Home",
            "adx_pagetag_webpage": [{"adx_pagetagid": id(5)}],
        });
        assert_eq!(refused(&mut environment, "POST", "adx_webpages", &body).1, "0x80040237");
        post(&mut environment, "adx_webpages", &page(1, "Home"));
    }
}
