//! Units and prices.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use uuid::Uuid;

impl Environment {
    /// A price names its list, its product and a unit of the product's schedule, each combination once.
    pub(super) fn refuse_price(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        let ids = ["pricelevelid", "productid", "uomid"].map(|column| self.cell(table, row, column).id());
        let missing = match ids {
            [None, _, _] => Some(("0x80043b12", "The price level id is missing.")),
            [_, None, _] => Some(("0x80043b11", "The product id is missing.")),
            [_, _, None] => Some(("0x80043b0d", "The unit id is missing.")),
            _ => None,
        };
        if let Some((code, message)) = missing {
            return Err(Refusal::new(400, code, message));
        }
        let same = |other: &Row| {
            ["pricelevelid", "productid", "uomid"].map(|column| self.cell(table, other, column).id()) == ids
        };
        if self.store.rows(table).any(|other| other.id != row.id && same(other)) {
            let message = "This product and unit combination has a price for this price list.";
            return Err(Refusal::new(400, "0x80043b08", message));
        }
        let [_, product, unit] = ids;
        let wanted = self.schedule("product", product, "defaultuomscheduleid");
        if wanted.is_some() && wanted != self.schedule("uom", unit, "uomscheduleid") {
            let message = "The unit does not exist in the specified unit schedule.";
            return Err(Refusal::new(400, "0x80043b16", message));
        }
        Ok(())
    }

    /// A unit belongs to a schedule and counts in a unit of the same; the base unit counts in none.
    pub(super) fn refuse_unit(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        let schedule = self.cell(table, row, "uomscheduleid").id();
        if schedule.is_none() {
            return Err(Refusal::new(400, "0x80043b0a", "The unit schedule id is missing."));
        }
        let base = self.cell(table, row, "baseuom").id();
        if self.is_set(table, row, "isschedulebaseuom") && base.is_some() {
            let message =
                "Do not use a base unit as the value for a primary unit. This value should always be null.";
            return Err(Refusal::new(400, "0x80043b17", message));
        }
        if base.is_some() && self.schedule("uom", base, "uomscheduleid") != schedule {
            return Err(Refusal::new(400, "0x80043b0b", "The base unit does not belong to the schedule."));
        }
        Ok(())
    }

    pub(super) fn refuse_delete_of_unit(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        if self.is_set(table, row, "isschedulebaseuom") {
            let message = "The base unit of a schedule cannot be deleted.";
            return Err(Refusal::new(400, "0x80043b03", message));
        }
        Ok(())
    }

    /// The schedule that a row's lookup `column` points to.
    fn schedule(&self, table: &str, id: Option<Uuid>, column: &str) -> Option<Uuid> {
        let table = self.catalog.position(table)?;
        self.cell(table, self.store.get(table, id?)?, column).id()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sales;
    use crate::Environment;
    use crate::testing::{get, post, refused};
    use serde_json::{Value, json};

    fn schedule(environment: &mut Environment, base: &str) -> (String, String) {
        let schedule =
            post(environment, "uomschedules", &json!({"name": format!("{base}s"), "baseuomname": base}));
        let units = get(environment, &format!("uoms?$filter=_uomscheduleid_value eq {schedule}"));
        assert_eq!(
            (&units["value"][0]["name"], &units["value"][0]["isschedulebaseuom"]),
            (&json!(base), &json!(true))
        );
        (schedule, units["value"][0]["uomid"].as_str().unwrap().to_owned())
    }

    #[test]
    fn a_schedule_comes_with_its_base_unit_which_stays() {
        let mut environment = sales();
        let (hours, hour) = schedule(&mut environment, "Hour");
        let path = format!("uoms({hour})");
        let refusal = refused(&mut environment, "DELETE", &path, &Value::Null);
        let text = "The base unit of a schedule cannot be deleted.";
        assert_eq!(refusal, (400, "0x80043b03".to_owned(), text.to_owned()));
        let day = json!({
            "name": "Day", "quantity": 8, "uomscheduleid@odata.bind": format!("/uomschedules({hours})"),
            "baseuom@odata.bind": format!("/{path}"),
        });
        let day = post(&mut environment, "uoms", &day);
        let turned = json!({"baseuom@odata.bind": format!("/uoms({day})")});
        assert_eq!(refused(&mut environment, "PATCH", &path, &turned).1, "0x80043b17");
        let (pounds, _) = schedule(&mut environment, "Pound");
        let mixed = json!({
            "name": "Stone", "quantity": 14, "uomscheduleid@odata.bind": format!("/uomschedules({pounds})"),
            "baseuom@odata.bind": format!("/{path}"),
        });
        assert_eq!(refused(&mut environment, "POST", "uoms", &mixed).1, "0x80043b0b");
        assert_eq!(refused(&mut environment, "POST", "uoms", &json!({"name": "x"})).1, "0x80043b0a");
    }

    #[test]
    fn a_product_has_one_price_per_list_and_unit_of_its_schedule() {
        let mut environment = sales();
        let (hours, hour) = schedule(&mut environment, "Hour");
        let (_, pound) = schedule(&mut environment, "Pound");
        let product =
            json!({"name": "P", "defaultuomscheduleid@odata.bind": format!("/uomschedules({hours})")});
        let product = post(&mut environment, "products", &product);
        let list = post(&mut environment, "pricelevels", &json!({"name": "L"}));
        let price = |unit: &str| {
            json!({
                "amount": 5, "pricelevelid@odata.bind": format!("/pricelevels({list})"),
                "productid@odata.bind": format!("/products({product})"), "uomid@odata.bind": format!("/uoms({unit})"),
            })
        };
        post(&mut environment, "productpricelevels", &price(&hour));
        let refusal = refused(&mut environment, "POST", "productpricelevels", &price(&hour));
        let text = "This product and unit combination has a price for this price list.";
        assert_eq!(refusal, (400, "0x80043b08".to_owned(), text.to_owned()));
        let other = refused(&mut environment, "POST", "productpricelevels", &price(&pound));
        assert_eq!(other.1, "0x80043b16");
        let empty = refused(&mut environment, "POST", "productpricelevels", &json!({"amount": 5}));
        assert_eq!(empty.1, "0x80043b12");
    }
}
