//! The privileges there are, all of them the caller's role's.

use super::add_pair;
use crate::environment::Environment;
use crate::privileges::{GENERAL, RIGHTS};
use crate::values::Cell;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Environment {
    /// One row for each right to each table, and those that belong to no table.
    pub(super) fn add_privileges(&mut self, role: Uuid) {
        let mut names: BTreeMap<String, i64> = GENERAL.iter().map(|name| ((*name).to_owned(), 0)).collect();
        for table in self.catalog.tables.iter().filter(|table| !table.is_intersect) {
            names.extend(RIGHTS.iter().map(|(right, number)| (right.privilege(table), *number)));
        }
        for (name, right) in names {
            let id = self.random.id();
            let cells = [
                ("name", Cell::Text(name.clone())),
                ("accessright", Cell::Integer(right)),
                ("canbebasic", Cell::Boolean(true)),
                ("canbelocal", Cell::Boolean(true)),
                ("canbedeep", Cell::Boolean(true)),
                ("canbeglobal", Cell::Boolean(true)),
            ];
            self.add_row("privilege", id, &cells);
            if self.has_privilege(&name) {
                add_pair(self, "roleprivileges", (role, id));
            }
        }
    }
}
