//! Requests that write rows: `POST set`, `PATCH set(id)`, `DELETE set(id)`.

use super::Call;
use crate::answer::Answer;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::{Expectation, Purpose};
use uuid::Uuid;

impl Environment {
    /// `POST set`
    pub(crate) fn post_row(&mut self, call: &Call, table: usize) -> Result<Answer, Refusal> {
        let changes = self.read_body(table, &call.body, Purpose::Create)?;
        let id = self.create(table, &changes)?;
        self.written(call, table, id, 201)
    }

    /// `PATCH set(id)`: update, or create where there is no such row and the request allows it.
    pub(crate) fn patch_row(&mut self, call: &Call, table: usize, id: Uuid) -> Result<Answer, Refusal> {
        let row = self.store.get(table, id);
        call.expectation.check(&self.catalog.tables[table].name, id, row)?;
        if row.is_some() {
            let changes = self.read_body(table, &call.body, Purpose::Update)?;
            self.update(table, id, &changes)?;
            return self.written(call, table, id, 200);
        }
        let mut changes = self.read_body(table, &call.body, Purpose::Create)?;
        changes.id = Some(id);
        self.create(table, &changes)?;
        self.written(call, table, id, 201)
    }

    /// 204 with the row's address, or the row itself where it is wanted.
    fn written(&self, call: &Call, table: usize, id: Uuid, status: u16) -> Result<Answer, Refusal> {
        let row = self.store.get(table, id).filter(|_| call.prefer.representation);
        match row {
            Some(row) => {
                Ok(self.one(call, table, row, status)?.with("Preference-Applied", "return=representation"))
            }
            None => {
                let address = format!("{}{}({id})", call.base, self.catalog.tables[table].entity_set);
                Ok(Answer::no_content().with("OData-EntityId", address))
            }
        }
    }

    /// `DELETE set(id)`
    pub(crate) fn delete_row(&mut self, call: &Call, table: usize, id: Uuid) -> Result<Answer, Refusal> {
        if matches!(call.expectation, Expectation::Exists | Expectation::Version(_)) {
            call.expectation.check(&self.catalog.tables[table].name, id, self.store.get(table, id))?;
        }
        self.delete(table, id)?;
        Ok(Answer::no_content())
    }
}
