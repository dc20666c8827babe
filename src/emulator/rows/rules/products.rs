//! Products: what is published does not change.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;

const ACTIVE: i64 = 0;
const RETIRED: i64 = 1;
const DRAFT: i64 = 2;
const REVISED: i64 = 3;

impl Environment {
    /// Changes are for drafts and for products under revision; states follow each other in one direction.
    pub(super) fn refuse_product(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let Some(before) = before else { return Ok(()) };
        let state = |row: &Row| self.cell(table, row, "statecode").integer();
        let (Some(from), Some(to)) = (state(before), state(row)) else { return Ok(()) };
        let step = match (from, to) {
            (ACTIVE, DRAFT) => Some(("0x8004f912", "You can't set a published product to the draft state.")),
            (DRAFT, RETIRED) => Some(("0x8004f978", "You can't retire a product that's in the draft state.")),
            (DRAFT | RETIRED, REVISED) => {
                Some(("0x8004f913", "You can't revise a draft or a retired product."))
            }
            (RETIRED, ACTIVE) => Some(("0x8004f977", "You can't set a retired property to an active state.")),
            (RETIRED, DRAFT) => {
                Some(("0x8004f979", "It is not possible to move product from Retired to Draft State."))
            }
            _ => None,
        };
        if let Some((code, message)) = step {
            return Err(Refusal::new(400, code, message));
        }
        if ![DRAFT, REVISED].contains(&from) && self.changed_beyond_state(table, row, before) {
            let message = "Product, product family and bundle can only be updated in draft state.";
            return Err(Refusal::new(400, "0x8004f995", message));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sales;
    use crate::testing::{post, refused, send};
    use serde_json::json;

    #[test]
    fn a_product_is_made_as_a_draft() {
        let (status, code, message) =
            refused(&mut sales(), "POST", "products", &json!({"name": "P", "statecode": 0, "statuscode": 1}));
        assert_eq!((status, code.as_str()), (400, "0x80048408"));
        let text = "1 is not a valid status code for state code ProductState.Draft on product with Id ";
        assert!(message.starts_with(text), "{message}");
    }

    #[test]
    fn a_published_product_does_not_change_and_goes_one_way() {
        let mut environment = sales();
        let product = post(&mut environment, "products", &json!({"name": "P"}));
        let path = format!("products({product})");
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"name": "Q"})).0, 204);
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"statecode": 1})).1, "0x8004f978");
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"statecode": 0})).0, 204);
        let refusal = refused(&mut environment, "PATCH", &path, &json!({"name": "R"}));
        let text = "Product, product family and bundle can only be updated in draft state.";
        assert_eq!(refusal, (400, "0x8004f995".to_owned(), text.to_owned()));
        assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"statecode": 2})).1, "0x8004f912");
        assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"statecode": 1})).0, 204);
        for (state, code) in [(0, "0x8004f977"), (2, "0x8004f979"), (3, "0x8004f913")] {
            assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"statecode": state})).1, code);
        }
    }
}
