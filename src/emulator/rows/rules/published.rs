//! Rows that do not change while they are at work: service level agreements and processes.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;

/// What is said when an active row is changed.
pub(super) struct Locked {
    code: &'static str,
    message: &'static str,
}

pub(super) const SLA: Locked = Locked {
    code: "0x8004f871",
    message: "You can't edit an active SLA. Deactivate the SLA, and then try editing it.",
};

pub(super) const WORKFLOW: Locked =
    Locked { code: "0x80045002", message: "Cannot update a published workflow definition." };

/// `statecode` of a row that is at work, in both tables.
const ACTIVE: i64 = 1;

impl Environment {
    /// An active row changes its state and nothing else.
    pub(super) fn refuse_active(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
        locked: &Locked,
    ) -> Result<(), Refusal> {
        let active = before.filter(|before| self.is_active(table, before));
        if active.is_some_and(|before| self.changed_beyond_state(table, row, before)) {
            return Err(Refusal::new(400, locked.code, locked.message));
        }
        Ok(())
    }

    pub(super) fn refuse_delete_of_active_sla(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        if self.is_active(table, row) {
            let message = "You can't delete an active SLA. Deactivate the SLA, and then try deleting it.";
            return Err(Refusal::new(400, "0x8004f870", message));
        }
        Ok(())
    }

    fn is_active(&self, table: usize, row: &Row) -> bool {
        self.cell(table, row, "statecode").integer() == Some(ACTIVE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::sales;
    use crate::testing::{post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn an_active_agreement_or_process_does_not_change() {
        let mut environment = sales();
        for (set, code) in [("slas", "0x8004f871"), ("workflows", "0x80045002")] {
            let made = post(&mut environment, set, &json!({"name": "before"}));
            let path = format!("{set}({made})");
            assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"statecode": 1})).0, 204);
            assert_eq!(refused(&mut environment, "PATCH", &path, &json!({"name": "after"})).1, code);
            if set == "slas" {
                assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x8004f870");
            }
            assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"statecode": 0})).0, 204);
            assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"name": "after"})).0, 204);
        }
    }
}
