//! `statecode` and `statuscode`.

use super::Row;
use super::body::Changes;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Table;
use crate::values::Cell;

/// "Let the service choose the status."
const CHOOSE: i64 = -1;

impl Environment {
    /// A new row is in the table's default state; another is refused, as many tables do.
    pub(crate) fn set_state_on_create(
        &self,
        table: usize,
        row: &mut Row,
        changes: &Changes,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        let Some(default) = described.default_state() else { return Ok(()) };
        let default = i64::from(default.value);
        let status = self.given(table, changes, "statuscode").filter(|status| *status != CHOOSE);
        let state = self.given(table, changes, "statecode").unwrap_or(default);
        let status = status.or_else(|| described.default_status(state).map(i64::from));
        if let Some(status) = status {
            check_status(described, row, default, status)?;
            self.refuse_status_of_rule(table, None, status)?;
        }
        if state != default {
            return Err(mismatch(described, row, default, status.unwrap_or(state)));
        }
        self.set(table, row, "statecode", Cell::Integer(state));
        self.set(table, row, "statuscode", status.map_or(Cell::Empty, Cell::Integer));
        Ok(())
    }

    /// A status must fit its state; the missing one of the two is filled in.
    pub(crate) fn set_state_on_update(
        &self,
        table: usize,
        row: &mut Row,
        before: &Row,
        changes: &Changes,
    ) -> Result<(), Refusal> {
        let described = &self.catalog.tables[table];
        let state = self.given(table, changes, "statecode");
        let status = self.given(table, changes, "statuscode").filter(|status| *status != CHOOSE);
        if state.is_none() && status.is_none() {
            // An emptied state is no state: the old one stays.
            self.set(table, row, "statecode", self.cell(table, before, "statecode").clone());
            self.set(table, row, "statuscode", self.cell(table, before, "statuscode").clone());
            return Ok(());
        }
        let current = self.cell(table, before, "statecode").integer().unwrap_or_default();
        let implied = status.and_then(|status| described.state_of(status)).map(i64::from);
        let state = state.or(implied).unwrap_or(current);
        if described.states.iter().all(|s| i64::from(s.value) != state) {
            return Err(mismatch(described, row, state, status.unwrap_or(state)));
        }
        if !changes.closes {
            self.refuse_state_of_message(table, current, state)?;
        }
        let status = match status {
            Some(status) => Some(status),
            None if state == current => self.cell(table, before, "statuscode").integer(),
            None => described.default_status(state).map(i64::from),
        };
        if let Some(status) = status {
            check_status(described, row, state, status)?;
            self.refuse_status_of_rule(table, Some(before), status)?;
        }
        self.set(table, row, "statecode", Cell::Integer(state));
        self.set(table, row, "statuscode", status.map_or(Cell::Empty, Cell::Integer));
        Ok(())
    }

    fn given(&self, table: usize, changes: &Changes, column: &str) -> Option<i64> {
        self.catalog.tables[table]
            .position(column)
            .and_then(|position| changes.get(position))
            .and_then(Cell::integer)
    }
}

fn check_status(table: &Table, row: &Row, state: i64, status: i64) -> Result<(), Refusal> {
    let known = table.statuses.iter().find(|s| i64::from(s.value) == status);
    match known {
        None if table.statuses_known => Err(mismatch(table, row, state, status)),
        Some(known) if known.state.is_some_and(|s| i64::from(s) != state) => {
            Err(mismatch(table, row, state, status))
        }
        _ => Ok(()),
    }
}

/// The service's words; a state there is not has words of its own.
fn mismatch(table: &Table, row: &Row, state: i64, status: i64) -> Refusal {
    let Some(known) = table.states.iter().find(|s| i64::from(s.value) == state) else {
        let message = "State code is invalid or state code is valid but status code is invalid for a specified state code.";
        return Refusal::new(400, "0x80048408", message);
    };
    let message = format!(
        "{status} is not a valid status code for state code {}State.{} on {} with Id {}.",
        schema_name(&table.name),
        known.label,
        table.name,
        row.id
    );
    Refusal::new(400, "0x80048408", message)
}

/// `Task`; what makers named keeps its case.
fn schema_name(table: &str) -> String {
    let mut letters = table.chars();
    match letters.next() {
        Some(first) if !table.contains('_') => first.to_uppercase().chain(letters).collect(),
        _ => table.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACCOUNT, get, id, portal, post, refused, send};
    use serde_json::json;

    #[test]
    fn a_new_row_is_active_and_cannot_be_created_otherwise() {
        let mut environment = portal();
        let made = post(&mut environment, "adx_webpages", &json!({"statecode": 0, "statuscode": 1}));
        let row = get(&mut environment, &format!("adx_webpages({made})"));
        assert_eq!((row["statecode"].as_i64(), row["statuscode"].as_i64()), (Some(0), Some(1)));
        for body in
            [json!({"statecode": 1}), json!({"statecode": 1, "statuscode": 2}), json!({"statuscode": 2})]
        {
            let (status, code, message) = refused(&mut environment, "POST", "adx_webpages", &body);
            assert_eq!((status, code.as_str()), (400, "0x80048408"), "{body}");
            assert!(
                message.starts_with("2 is not a valid status code for state code adx_webpageState.Active"),
                "{message}"
            );
        }
    }

    #[test]
    fn a_status_must_fit_its_state() {
        let mut environment = portal();
        let path = format!("tasks({})", id(1));
        post(&mut environment, "tasks", &json!({"activityid": id(1), "subject": "T"}));
        assert_eq!(get(&mut environment, &path)["statuscode"], 2);
        for body in
            [json!({"statecode": 1, "statuscode": 3}), json!({"statecode": 9}), json!({"statuscode": 99})]
        {
            assert_eq!(refused(&mut environment, "PATCH", &path, &body).1, "0x80048408", "{body}");
        }
        for (body, state, status) in [
            (json!({"statecode": 1, "statuscode": 5}), 1, 5),
            (json!({"statecode": 0}), 0, 2),
            (json!({"statuscode": 7}), 0, 7),
            (json!({"statuscode": 6}), 2, 6),
            (json!({"statecode": 1, "statuscode": -1}), 1, 5),
        ] {
            assert_eq!(send(&mut environment, "PATCH", &path, &[], &body).0, 204, "{body}");
            let row = get(&mut environment, &path);
            assert_eq!(
                (row["statecode"].as_i64(), row["statuscode"].as_i64()),
                (Some(state), Some(status)),
                "{body}"
            );
        }
    }

    #[test]
    fn a_status_that_nobody_added_is_refused() {
        let path = format!("accounts({ACCOUNT})");
        for (status, expected) in [(1, 204), (2, 204), (77, 400)] {
            let body = json!({"statuscode": status});
            assert_eq!(send(&mut portal(), "PATCH", &path, &[], &body).0, expected, "{status}");
        }
    }
}
