//! The messages of the service and the tables that take them.

use crate::environment::Environment;
use crate::tables::MESSAGES;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// One row per message, one filter per message and table.
    pub(super) fn add_messages(&mut self) {
        let offered: Vec<(String, &'static [&'static str])> =
            self.catalog.tables.iter().map(|table| (table.name.clone(), table.messages())).collect();
        for name in MESSAGES {
            let message = self.random.id();
            let cells = [
                ("name", Cell::text(name)),
                ("isprivate", Cell::Boolean(false)),
                ("isreadonly", Cell::Boolean(name.starts_with("Retrieve"))),
            ];
            self.add_row("sdkmessage", message, &cells);
            for (table, _) in offered.iter().filter(|(_, messages)| messages.contains(name)) {
                self.add_filter(message, table);
            }
        }
    }

    fn add_filter(&mut self, message: Uuid, table: &str) {
        let id = self.random.id();
        let cells = [
            ("sdkmessageid", super::lookup("sdkmessage", message)),
            ("primaryobjecttypecode", Cell::text(table)),
            ("secondaryobjecttypecode", Cell::text("none")),
            ("availability", Cell::Integer(0)),
            ("iscustomprocessingstepallowed", Cell::Boolean(true)),
            ("isvisible", Cell::Boolean(true)),
        ];
        self.add_row("sdkmessagefilter", id, &cells);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, portal};

    /// Microsoft's sample for bulk messages asks like this.
    fn offers(message: &str, table: &str) -> bool {
        let filter = format!(
            "sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq '{message}' and \
             primaryobjecttypecode eq '{table}'"
        );
        !get(&mut portal(), &filter)["value"].as_array().unwrap().is_empty()
    }

    #[test]
    fn filters_say_which_tables_take_bulk_messages() {
        for table in ["adx_webpage", "account", "contact"] {
            assert!(offers("CreateMultiple", table) && offers("UpdateMultiple", table), "{table}");
        }
        for table in ["annotation", "team", "activityparty", "systemuser", "adx_pagetag_webpage", "nothing"] {
            assert!(!offers("CreateMultiple", table) && !offers("UpdateMultiple", table), "{table}");
        }
        assert!(offers("Retrieve", "adx_pagetag_webpage") && !offers("Create", "adx_pagetag_webpage"));
        assert!(offers("Create", "annotation") && !offers("DeleteMultiple", "account"));
    }
}
