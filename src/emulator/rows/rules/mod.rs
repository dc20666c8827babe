//! What single tables refuse. Codes and texts: Microsoft's table of error codes.

mod attachments;
mod business_units;
mod companions;
mod connections;
mod currencies;
mod duplicate_rules;
mod prices;
mod privileges;
mod products;
mod published;
mod queues;
mod required;
mod teams;

use super::Row;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::privileges::Right;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// Refuses creates in tables that take none.
    pub(crate) fn refuse_create(&self, table: usize) -> Result<(), Refusal> {
        self.refuse_unsupported_message(table, "Create")?;
        self.require(table, Right::Create)
    }

    /// Refuses a row as it would be kept. `before` is the row as it was.
    pub(crate) fn refuse_row(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        if before.is_some() {
            self.refuse_unsupported_message(table, "Update")?;
        }
        self.refuse_unprivileged(table, row, before)?;
        self.refuse_missing(table, row, before)?;
        self.refuse_pictures(table, row, before)?;
        match self.catalog.tables[table].name.as_str() {
            "transactioncurrency" => self.refuse_currency(table, row, before),
            "businessunit" => self.refuse_business_unit(table, row, before),
            "team" => self.refuse_team(table, row, before),
            "annotation" => self.refuse_attachment(table, row, "documentbody"),
            "activitymimeattachment" => self.refuse_attachment(table, row, "body"),
            "product" => self.refuse_product(table, row, before),
            "productpricelevel" => self.refuse_price(table, row),
            "uom" => self.refuse_unit(table, row),
            "connection" => self.refuse_connection(table, row),
            "duplicaterule" => self.refuse_rule(table, row, before),
            "duplicaterulecondition" => self.refuse_condition(table, row, before),
            "sla" => self.refuse_active(table, row, before, &published::SLA),
            "workflow" => self.refuse_active(table, row, before, &published::WORKFLOW),
            _ => Ok(()),
        }
    }

    /// Refuses to take away what an environment cannot be without.
    pub(crate) fn refuse_delete(&self, table: usize, id: Uuid) -> Result<(), Refusal> {
        self.refuse_unsupported_message(table, "Delete")?;
        self.require(table, Right::Delete)?;
        let Some(row) = self.store.get(table, id) else { return Ok(()) };
        match self.catalog.tables[table].name.as_str() {
            "transactioncurrency" if id == self.identity.base_currency => {
                let message = "The base currency of an organization cannot be deleted.";
                Err(Refusal::new(405, "0x80048cff", message))
            }
            "businessunit" => self.refuse_delete_of_business_unit(table, row),
            "team" => self.refuse_delete_of_team(table, row),
            "queue" => self.refuse_delete_of_queue(id),
            "uom" => self.refuse_delete_of_unit(table, row),
            "sla" => self.refuse_delete_of_active_sla(table, row),
            "duplicaterule" => self.refuse_delete_of_rule(table, row),
            "duplicaterulecondition" => self.refuse_condition(table, row, None),
            _ => Ok(()),
        }
    }

    /// Refuses to link rows of two tables, or to part them: the caller may lack a right, the first row may forbid it.
    pub(crate) fn refuse_link(&self, intersect: usize, first: Uuid, adding: bool) -> Result<(), Refusal> {
        let relationship =
            self.catalog.many_to_many.iter().find(|r| r.intersect == self.catalog.tables[intersect].name);
        for side in relationship.into_iter().flat_map(|r| [&r.first, &r.second]) {
            let Some(table) = self.catalog.position(&side.table) else { continue };
            self.require(table, Right::Append)?;
            self.require(table, Right::AppendTo)?;
        }
        self.refuse_membership(intersect, first, adding)
    }

    /// Refuses what the table has no message for: rows that are one per organization, made by licences, or made
    /// through others. Whether `POST systemusers` is refused online is not known: the stricter reading.
    fn refuse_unsupported_message(&self, table: usize, message: &str) -> Result<(), Refusal> {
        if self.catalog.tables[table].messages().contains(&message) {
            return Ok(());
        }
        let text = "The method being invoked does not support provided entity type.";
        Err(Refusal::new(405, "0x80040800", text))
    }

    /// True where the cell of that column holds yes.
    fn is_set(&self, table: usize, row: &Row, column: &str) -> bool {
        *self.cell(table, row, column) == Cell::Boolean(true)
    }

    /// True where the row is new or the column changed.
    fn changed(&self, table: usize, row: &Row, before: &Row, column: &str) -> bool {
        self.cell(table, row, column) != self.cell(table, before, column)
    }

    /// True where anything changed that a request can change, but state and status.
    fn changed_beyond_state(&self, table: usize, row: &Row, before: &Row) -> bool {
        let columns = &self.catalog.tables[table].columns;
        columns.iter().enumerate().any(|(position, column)| {
            let is_state = ["statecode", "statuscode"].contains(&column.name.as_str());
            column.updatable && !is_state && row.cells[position] != before.cells[position]
        })
    }

    /// The rows of a table whose lookup `column` points to `id`; none where there is no such table.
    fn pointing<'a>(&'a self, table: &str, column: &'a str, id: Uuid) -> impl Iterator<Item = &'a Row> {
        let table = self.catalog.position(table);
        table.into_iter().flat_map(move |table| {
            let is_meant = move |row: &&Row| self.cell(table, row, column).id() == Some(id);
            self.store.rows(table).filter(is_meant)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, portal, refused};
    use serde_json::{Value, json};

    /// An environment with tables that not every environment has.
    pub(super) fn sales() -> Environment {
        let tables =
            ["product", "productpricelevel", "sla", "workflow", "connection", "connectionroleobjecttypecode"];
        let tables: serde_json::Map<String, Value> =
            tables.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
        let details = json!({ "tables": tables }).to_string();
        Environment::builder("sales").details(details.as_bytes()).build().unwrap()
    }

    #[test]
    fn some_tables_take_no_new_rows() {
        let mut environment = portal();
        for set in [
            "organizations",
            "systemusers",
            "owners",
            "activitypointers",
            "activityparties",
            "adx_pagetag_webpageset",
            "sdkmessages",
            "sdkmessagefilters",
            "privileges",
            "solutioncomponents",
            "importjobs",
            "asyncoperations",
        ] {
            let refusal = refused(&mut environment, "POST", set, &json!({}));
            let text = "The method being invoked does not support provided entity type.";
            assert_eq!(refusal, (405, "0x80040800".to_owned(), text.to_owned()), "{set}");
        }
    }

    #[test]
    fn users_and_the_organization_are_not_deleted() {
        let mut environment = portal();
        let who = get(&mut environment, "WhoAmI");
        for (set, id) in [("systemusers", "UserId"), ("organizations", "OrganizationId")] {
            let path = format!("{set}({})", who[id].as_str().unwrap());
            assert_eq!(refused(&mut environment, "DELETE", &path, &Value::Null).1, "0x80040800");
        }
    }
}
