//! Requests on single columns: `set(id)/column`.

use super::Call;
use crate::answer::{Answer, Object};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::files::shown;
use crate::rows::{Purpose, read_only};
use serde_json::{Map, Value};
use uuid::Uuid;

impl Environment {
    /// `GET set(id)/column`
    pub(crate) fn get_value(
        &self,
        call: &Call,
        table: usize,
        id: Uuid,
        column: usize,
    ) -> Result<Answer, Refusal> {
        self.existing(table, id)?;
        let Some(row) = self.store.get(table, id).filter(|row| !row.cells[column].is_empty()) else {
            return Ok(Answer::no_content());
        };
        let described = &self.catalog.tables[table];
        let (kind, property) = (&described.columns[column].kind, described.columns[column].property());
        let mut body = Object::default();
        body.push("@odata.context", call.context(&format!("{}({id})/{property}", described.entity_set)));
        body.push("value", shown(kind, row.cells[column].clone()).to_json());
        Ok(Answer::json(200, &body))
    }

    /// `GET set(id)/column/$value`
    pub(crate) fn get_raw_value(&self, table: usize, id: Uuid, column: usize) -> Result<Answer, Refusal> {
        self.existing(table, id)?;
        let cell = self.store.get(table, id).map(|row| row.cells[column].clone()).unwrap_or_default();
        Ok(match cell.to_json() {
            Value::Null => Answer::no_content(),
            Value::String(text) => Answer::text(text),
            other => Answer::text(other.to_string()),
        })
    }

    /// `PUT set(id)/column`
    pub(crate) fn put_value(
        &mut self,
        call: &Call,
        table: usize,
        id: Uuid,
        column: usize,
    ) -> Result<Answer, Refusal> {
        let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
        let value = body.get("value").ok_or_else(|| Refusal::odata("The body has no 'value'."))?;
        self.change_value(table, id, column, value.clone())
    }

    /// `DELETE set(id)/column`
    pub(crate) fn delete_value(&mut self, table: usize, id: Uuid, column: usize) -> Result<Answer, Refusal> {
        self.change_value(table, id, column, Value::Null)
    }

    fn change_value(
        &mut self,
        table: usize,
        id: Uuid,
        column: usize,
        value: Value,
    ) -> Result<Answer, Refusal> {
        let described = &self.catalog.tables[table];
        let name = described.columns[column].property();
        // In a row's body the key is dropped; here it is all there is.
        if name == described.primary_id {
            return Err(read_only(described, &name, Purpose::Update));
        }
        let changes = self.read_object(table, &Map::from_iter([(name, value)]), Purpose::Update)?;
        self.update(table, id, &changes)?;
        Ok(Answer::no_content())
    }
}
