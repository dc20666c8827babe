//! Columns that no row is without.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::tables::Required;

impl Environment {
    /// Refuses a row without a value in a column that the system requires. Rows that came without one before the
    /// first request may stay so.
    pub(super) fn refuse_missing(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let columns = self.catalog.tables[table].columns.iter().enumerate();
        for (position, _) in columns.filter(|(_, c)| c.required == Required::System && c.creatable) {
            let had_one = before.is_none_or(|before| !before.cells[position].is_empty());
            if had_one && row.cells[position].is_empty() {
                let message = "One of the attributes passed cannot be NULL";
                return Err(Refusal::new(400, "0x8004203e", message));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, refused, send};
    use serde_json::json;

    #[test]
    fn what_the_system_requires_cannot_be_empty() {
        let mut environment = portal();
        let base =
            get(&mut environment, "transactioncurrencies")["value"][0]["transactioncurrencyid"].clone();
        let path = format!("transactioncurrencies({})", base.as_str().unwrap());
        for body in [json!({"currencyname": null}), json!({"currencyname": ""})] {
            let refusal = refused(&mut environment, "PATCH", &path, &body);
            let text = "One of the attributes passed cannot be NULL";
            assert_eq!(refusal, (400, "0x8004203e".to_owned(), text.to_owned()));
        }
        let incomplete = json!({"isocurrencycode": "EUR", "exchangerate": 1});
        assert_eq!(refused(&mut environment, "POST", "transactioncurrencies", &incomplete).1, "0x8004203e");
        let contact = send(&mut environment, "POST", "contacts", &[], &json!({"firstname": "only"}));
        assert_eq!(contact.0, 204, "the Web API does not ask for what forms ask for");
    }
}
