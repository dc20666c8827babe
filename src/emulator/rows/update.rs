//! Update, and upsert where the request leaves it open.

use super::Row;
use super::body::Changes;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::plugins::Message;
use crate::values::Cell;
use uuid::Uuid;

/// What the request expects to find: `If-Match` and `If-None-Match`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Expectation {
    /// Nothing said.
    #[default]
    Any,
    /// `If-Match: *`
    Exists,
    /// `If-None-Match: *`
    Missing,
    /// `If-Match: W/"…"`
    Version(String),
}

impl Expectation {
    /// Refuses where the row is not what the request expects; `missing` is said where it is not there at all.
    pub(crate) fn check(&self, row: Option<&Row>, missing: impl FnOnce() -> Refusal) -> Result<(), Refusal> {
        match (self, row) {
            (Expectation::Exists | Expectation::Version(_), None) => Err(missing()),
            (Expectation::Missing, Some(_)) => {
                Err(Refusal::new(412, "0x80040237", "A record with matching key values already exists."))
            }
            (Expectation::Version(expected), Some(row)) if *expected != etag(row) => Err(Refusal::new(
                412,
                "0x80060882",
                "The version of the existing record doesn't match the RowVersion property provided.",
            )),
            _ => Ok(()),
        }
    }
}

/// `W/"1000042"`
pub(crate) fn etag(row: &Row) -> String {
    format!("W/\"{}\"", row.version)
}

impl Environment {
    /// Changes a row that is there.
    pub(crate) fn update(&mut self, table: usize, id: Uuid, changes: &Changes) -> Result<(), Refusal> {
        let name = &self.catalog.tables[table].name;
        let before = self.store.get(table, id).cloned().ok_or_else(|| Refusal::no_row(name, id))?;
        let mut row = before.clone();
        for (position, cell) in &changes.cells {
            row.cells[*position] = cell.clone();
        }
        self.set_state_on_update(table, &mut row, &before, changes)?;
        self.set(table, &mut row, "modifiedon", Cell::Instant(self.now()));
        self.set(table, &mut row, "modifiedby", self.caller());
        self.derive(table, &mut row, Some(&before))?;
        self.refuse_row(table, &row, Some(&before))?;
        self.refuse_taken_keys(table, &row)?;
        self.before_write(table, &row, Message::Update)?;
        self.store.put(table, row);
        self.after_write(table, id, Some(&before))?;
        if let Some(parties) = &changes.parties {
            self.replace_parties(table, id, parties)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACCOUNT, get, id, page, portal, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn a_patch_updates_or_creates_and_says_not_which() {
        let mut environment = portal();
        let path = format!("adx_webpages({})", id(1));
        for name in ["first", "second"] {
            let (status, _, answer) = send(&mut environment, "PATCH", &path, &[], &json!({"adx_name": name}));
            assert_eq!(status, 204);
            assert!(answer.headers()["odata-entityid"].to_str().unwrap().ends_with(&path));
            assert_eq!(get(&mut environment, &path)["adx_name"], name);
        }
        let wanted = [("Prefer", "return=representation")];
        assert_eq!(send(&mut environment, "PATCH", &path, &wanted, &json!({"adx_name": "third"})).0, 200);
        let other = format!("adx_webpages({})", id(2));
        assert_eq!(send(&mut environment, "PATCH", &other, &wanted, &json!({"adx_name": "new"})).0, 201);
    }

    #[test]
    fn conditions_decide_between_update_and_create() {
        let mut environment = portal();
        let path = format!("adx_webpages({})", id(1));
        let body = json!({"adx_name": "x"});
        let (status, answer, _) = send(&mut environment, "PATCH", &path, &[("If-Match", "*")], &body);
        assert_eq!((status, answer["error"]["code"].as_str()), (404, Some("0x80040217")));
        assert_eq!(send(&mut environment, "PATCH", &path, &[("If-None-Match", "*")], &body).0, 204);
        let (status, answer, _) = send(&mut environment, "PATCH", &path, &[("If-None-Match", "*")], &body);
        assert_eq!(
            (status, answer["error"]["message"].as_str()),
            (412, Some("A record with matching key values already exists."))
        );
        assert_eq!(send(&mut environment, "PATCH", &path, &[("If-Match", "*")], &body).0, 204);
    }

    #[test]
    fn an_etag_guards_a_row_and_saves_a_read() {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let path = format!("adx_webpages({})", id(1));
        let row = get(&mut environment, &path);
        let old = row["@odata.etag"].as_str().unwrap().to_owned();
        assert_eq!(old, format!("W/\"{}\"", row["versionnumber"]));
        assert_eq!(send(&mut environment, "GET", &path, &[("If-None-Match", &old)], &Value::Null).0, 304);
        assert_eq!(
            send(&mut environment, "PATCH", &path, &[("If-Match", &old)], &json!({"adx_name": "a"})).0,
            204
        );
        let (status, answer, _) =
            send(&mut environment, "PATCH", &path, &[("If-Match", &old)], &json!({"adx_name": "b"}));
        assert_eq!((status, answer["error"]["code"].as_str()), (412, Some("0x80060882")));
        assert_eq!(send(&mut environment, "DELETE", &path, &[("If-Match", &old)], &Value::Null).0, 412);
        assert!(get(&mut environment, &path)["versionnumber"].as_u64() > row["versionnumber"].as_u64());
    }

    #[test]
    fn rows_changed_since_a_version_are_found() {
        let mut environment = portal();
        for number in [1, 2] {
            post(&mut environment, "adx_webpages", &page(number, "p"));
        }
        let version = get(&mut environment, &format!("adx_webpages({})", id(2)))["versionnumber"].to_string();
        send(
            &mut environment,
            "PATCH",
            &format!("adx_webpages({})", id(1)),
            &[],
            &json!({"adx_name": "changed"}),
        );
        let changed = get(&mut environment, &format!("adx_webpages?$filter=versionnumber gt {version}"));
        assert_eq!(changed["value"].as_array().unwrap().len(), 1);
        assert_eq!(changed["value"][0]["adx_name"], "changed");
    }

    #[test]
    fn a_key_in_the_body_is_dropped() {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let path = format!("adx_webpages({})", id(1));
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &page(2, "Moved")).0, 204);
        assert_eq!(get(&mut environment, &path)["adx_name"], "Moved");
        assert_eq!(environment.count("adx_webpage"), 1);
    }

    #[test]
    fn one_column_is_read_written_and_cleared_by_its_own_address() {
        let mut environment = portal();
        let path = format!("accounts({ACCOUNT})/name");
        assert_eq!(get(&mut environment, &path)["value"], "Contoso & Sons");
        assert_eq!(send(&mut environment, "PUT", &path, &[], &json!({"value": "New"})).0, 204);
        let (_, _, raw) = send(&mut environment, "GET", &format!("{path}/$value"), &[], &Value::Null);
        assert_eq!(raw.body(), b"New");
        assert_eq!(send(&mut environment, "DELETE", &path, &[], &Value::Null).0, 204);
        assert_eq!(send(&mut environment, "GET", &path, &[], &Value::Null).0, 204);
    }

    #[test]
    fn the_key_is_not_written_by_its_own_address() {
        let mut environment = portal();
        let path = format!("accounts({ACCOUNT})/accountid");
        assert_eq!(refused(&mut environment, "PUT", &path, &json!({"value": id(5)})).0, 400);
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).0, 400);
    }

    #[test]
    fn a_deleted_row_leaves_no_lookup_to_it() {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let child = post(
            &mut environment,
            "adx_webpages",
            &json!({"adx_parentpageid@odata.bind": format!("/adx_webpages({})", id(1))}),
        );
        let path = format!("adx_webpages({})", id(1));
        assert_eq!(send(&mut environment, "DELETE", &path, &[], &Value::Null).0, 204);
        assert_eq!(
            get(&mut environment, &format!("adx_webpages({child})"))["_adx_parentpageid_value"],
            Value::Null
        );
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).0, 404);
        assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).1, "0x80040217");
    }

    #[test]
    fn a_collection_takes_no_patch_and_no_delete() {
        for method in ["PATCH", "DELETE"] {
            assert_eq!(refused(&mut portal(), method, "accounts", &json!({"name": "x"})).0, 405);
        }
    }

    #[test]
    fn a_refused_write_changes_nothing() {
        let mut environment = portal();
        let before = environment.save();
        let path = format!("accounts({ACCOUNT})");
        refused(&mut environment, "PATCH", &path, &json!({"name": "x", "revenue": "y"}));
        let name = get(&mut environment, &path)["name"].clone();
        assert_eq!(name, "Contoso & Sons");
        assert_ne!(before, environment.save(), "time goes on");
    }
}
