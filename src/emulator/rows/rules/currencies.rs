//! Currencies.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;

impl Environment {
    /// One row per ISO code; the base currency is the measure of all others.
    pub(super) fn refuse_currency(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let code = self.cell(table, row, "isocurrencycode");
        let twice = self.store.rows(table).any(|other| {
            other.id != row.id && self.cell(table, other, "isocurrencycode") == code && !code.is_empty()
        });
        if twice {
            let message = "Cannot insert duplicate currency record. Currency with the same currency code already exist \
                           in the system.";
            return Err(Refusal::new(400, "0x80048cf3", message));
        }
        let Some(before) = before.filter(|_| row.id == self.identity.base_currency) else { return Ok(()) };
        if self.changed(table, row, before, "exchangerate") {
            let message = "The exchange rate of the base currency cannot be modified.";
            return Err(Refusal::new(400, "0x80048cf5", message));
        }
        if self.changed(table, row, before, "statecode") {
            return Err(Refusal::new(400, "0x80048cf4", "The base currency cannot be deactivated."));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal, post, refused};
    use serde_json::{Value, json};

    fn currency(code: &str, rate: f64) -> Value {
        json!({
            "currencyname": code, "isocurrencycode": code, "currencysymbol": "¤", "currencyprecision": 2,
            "exchangerate": rate,
        })
    }

    #[test]
    fn the_base_currency_is_as_it_is() {
        let mut environment = portal();
        let base =
            get(&mut environment, "transactioncurrencies")["value"][0]["transactioncurrencyid"].clone();
        let path = format!("transactioncurrencies({})", base.as_str().unwrap());
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"exchangerate": 2})).1, "0x80048cf5");
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"statecode": 1})).1, "0x80048cf4");
        assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80048cff");
        let twice = currency("USD", 1.0);
        assert_eq!(refused(&mut environment, "POST", "transactioncurrencies", &twice).1, "0x80048cf3");
        post(&mut environment, "transactioncurrencies", &currency("EUR", 0.9));
    }

    #[test]
    fn amounts_in_the_base_currency_follow_the_rate() {
        let mut environment = portal();
        let euro = post(&mut environment, "transactioncurrencies", &currency("EUR", 0.5));
        let body = json!({"revenue": 10, "transactioncurrencyid@odata.bind": format!("/transactioncurrencies({euro})")});
        let made = post(&mut environment, "accounts", &body);
        let path = format!("accounts({made})");
        assert_eq!(get(&mut environment, &path)["revenue_base"].to_string(), "20.0000");
        let without = json!({"transactioncurrencyid": null});
        let refusal = refused(&mut environment, "PATCH", &path, &without);
        assert_eq!(refusal, (400, "0x80048cfb".to_owned(), "The currency cannot be null.".to_owned()));
        let currency = format!("transactioncurrencies({euro})");
        let (status, code, _) = refused(&mut environment, "DELETE", &currency, &Value::Null);
        assert_eq!((status, code.as_str()), (405, "0x80040227"), "amounts are in it");
    }
}
