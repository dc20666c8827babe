//! Requests that write rows: `POST set`, `PATCH set(id)`, `DELETE set(id)`.

use super::{Call, Options};
use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::Select;
use crate::rows::{Expectation, Purpose, RowName};
use uuid::Uuid;

impl Environment {
    /// `POST set`
    pub(crate) fn post_row(&mut self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        let changes = self.read_body(table, &call.body, Purpose::Create)?;
        let id = self.create(table, &changes)?;
        let address = format!("{}({id})", self.catalog.tables[table].entity_set);
        self.written(call, table, id, 201, &address)
    }

    /// `PATCH set(id)`: update, or create where there is no such row and the request allows it.
    pub(crate) fn patch_row(&mut self, call: &Call, table: usize, name: &RowName) -> Result<Answer, Refusal> {
        let row = self.find(table, name)?.and_then(|id| self.store.get(table, id));
        call.expectation.check(row, || self.no_such_row(table, name))?;
        let body = self.body_object(table, &call.body)?;
        let upserted = self.upsert(table, name, &body)?;
        let set = &self.catalog.tables[table].entity_set;
        let address = match name {
            RowName::Id(id) => format!("{set}({id})"),
            RowName::Key { .. } => call.segments[0].address(),
        };
        self.written(call, table, upserted.id, if upserted.created { 201 } else { 200 }, &address)
    }

    /// 204 with the row's address, or the row itself where it is wanted.
    fn written(
        &self,
        call: &Call,
        table: usize,
        id: Uuid,
        status: u16,
        address: &str,
    ) -> Result<Answer, Refusal> {
        Select::parse(&self.catalog.tables[table], &call.options.list("$select"))?;
        let Some(row) = self.store.get(table, id).filter(|_| call.prefer.representation) else {
            return Ok(Answer::no_content().with("OData-EntityId", format!("{}{address}", call.base)));
        };
        let wanted = ["return=representation".to_owned()].into_iter().chain(call.prefer.applied());
        let applied: Vec<String> = wanted.collect();
        // The service does not expand what it answers to a write.
        Ok(self
            .entity(call, table, row, status, &Options::default())?
            .with("Preference-Applied", applied.join(", ")))
    }

    /// `DELETE set(id)`
    pub(crate) fn delete_row(&mut self, call: &Call, table: usize, id: Uuid) -> Result<Answer, Refusal> {
        if matches!(call.expectation, Expectation::Exists | Expectation::Version(_)) {
            let missing = || Refusal::no_row(&self.catalog.tables[table].name, id);
            call.expectation.check(self.store.get(table, id), missing)?;
        }
        self.delete(table, id)?;
        Ok(Answer::no_content())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACCOUNT, get, id, page, portal, post, refused, send};
    use serde_json::{Value, json};

    const ROW: (&str, &str) = ("Prefer", "return=representation");

    #[test]
    fn an_update_with_its_row_answers_200_and_a_create_201() {
        let mut environment = portal();
        let path = format!("adx_webpages({})?$select=adx_name", id(1));
        for (status, name) in [(201, "first"), (200, "second")] {
            let body = json!({"adx_name": name});
            let (found, row, answer) = send(&mut environment, "PATCH", &path, &[ROW], &body);
            assert_eq!((found, row["adx_name"].as_str()), (status, Some(name)));
            assert_eq!(row.as_object().unwrap().len(), 4, "context, etag, name and key: {row}");
            assert_eq!(answer.headers()["etag"], row["@odata.etag"].as_str().unwrap());
            assert_eq!(answer.headers()["preference-applied"], "return=representation");
            assert!(!answer.headers().contains_key("odata-entityid"));
        }
    }

    #[test]
    fn a_row_that_comes_back_has_its_annotations_and_expands_nothing() {
        let mut environment = portal();
        let headers = [("Prefer", "return=representation,odata.include-annotations=\"*\"")];
        let path = "accounts?$select=revenue&$expand=ownerid";
        let (status, row, answer) = send(&mut environment, "POST", path, &headers, &json!({"revenue": 1.5}));
        assert_eq!((status, row.get("ownerid")), (201, None));
        assert_eq!(row["revenue@OData.Community.Display.V1.FormattedValue"], "$1.50");
        let applied = "return=representation, odata.include-annotations=\"*\"";
        assert_eq!(answer.headers()["preference-applied"], applied);
    }

    #[test]
    fn a_row_is_unchanged_only_where_nothing_else_is_asked_for() {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let path = format!("adx_webpages({})", id(1));
        let etag = get(&mut environment, &path)["@odata.etag"].as_str().unwrap().to_owned();
        let known = ("If-None-Match", etag.as_str());
        let mut status = |path: &str, headers: &[(&str, &str)]| {
            send(&mut environment, "GET", path, headers, &Value::Null).0
        };
        assert_eq!(status(&path, &[known]), 304);
        assert_eq!(status(&format!("{path}?$expand=adx_websiteid"), &[known]), 200);
        assert_eq!(status(&path, &[known, ("Prefer", "odata.include-annotations=\"*\"")]), 200);
        assert_eq!(status(&path, &[("If-None-Match", "null")]), 200);
        assert_eq!(status(&path, &[("If-None-Match", "W/\"1\"")]), 200);
    }

    #[test]
    fn a_delete_minds_if_match_and_a_missing_row() {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let path = format!("adx_webpages({})", id(1));
        let mut delete = |headers: &[(&str, &str)]| {
            let (status, answer, _) = send(&mut environment, "DELETE", &path, headers, &Value::Null);
            (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(delete(&[("If-Match", "W/\"1\"")]), (412, "0x80060882".to_owned()));
        assert_eq!(delete(&[("If-Match", "*")]).0, 204);
        assert_eq!(delete(&[]), (404, "0x80040217".to_owned()));
    }

    #[test]
    fn a_set_takes_no_patch_delete_or_put_and_a_row_no_post() {
        for (method, path) in [
            ("PATCH", "accounts".to_owned()),
            ("DELETE", "accounts".to_owned()),
            ("PUT", "accounts".to_owned()),
            ("POST", format!("accounts({ACCOUNT})")),
            ("PUT", format!("accounts({ACCOUNT})")),
        ] {
            let (status, _, message) = refused(&mut portal(), method, &path, &json!({"name": "x"}));
            let expected = format!("The requested resource does not support http method '{method}'.");
            assert_eq!((status, message), (405, expected), "{path}");
        }
    }
}
