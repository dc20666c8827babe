//! Create.

use super::Row;
use super::body::Changes;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::plugins::Message;
use crate::tables::{Kind, Ownership};
use crate::values::Cell;
use uuid::Uuid;

/// What a cell holds before anything is written to it. Recorded: nothing locks a row's managed properties.
fn blank(kind: &Kind) -> Cell {
    if *kind == Kind::ManagedProperty { Cell::Managed(true) } else { Cell::Empty }
}

impl Environment {
    /// Adds a row; its id is the body's or a new one.
    pub(crate) fn create(&mut self, table: usize, changes: &Changes) -> Result<Uuid, Refusal> {
        self.refuse_create(table)?;
        let id = changes.id.unwrap_or_else(|| self.random.id());
        if self.store.get(table, id).is_some() {
            return Err(Refusal::duplicate_key());
        }
        let pointed_to = self.create_pointed_to(&changes.nested)?;
        let mut row = self.blank_row(table, id);
        for (position, cell) in changes.cells.iter().chain(&pointed_to) {
            row.cells[*position] = cell.clone();
        }
        self.set_owner(table, &mut row);
        self.set_state_on_create(table, &mut row, changes)?;
        self.set_default_currency(table, &mut row);
        self.stamp_create(table, &mut row);
        self.derive(table, &mut row, None)?;
        self.refuse_row(table, &row, None)?;
        self.refuse_taken_keys(table, &row)?;
        self.before_write(table, &row, Message::Create)?;
        self.store.put(table, row);
        self.after_write(table, id, None)?;
        if let Some(parties) = &changes.parties {
            self.create_parties(table, id, parties)?;
        }
        self.add_companions(table, id);
        self.create_collections(table, id, &changes.nested)?;
        Ok(id)
    }

    /// A row without values but its key.
    pub(crate) fn blank_row(&self, table: usize, id: Uuid) -> Row {
        let described = &self.catalog.tables[table];
        let mut cells: Vec<Cell> = described.columns.iter().map(|column| blank(&column.kind)).collect();
        if let Some(position) = described.position(&described.primary_id) {
            cells[position] = Cell::Id(id);
        }
        Row { id, version: 0, cells }
    }

    /// Sets a cell of a row where its table has the column.
    pub(crate) fn set(&self, table: usize, row: &mut Row, column: &str, cell: Cell) {
        if let Some(position) = self.catalog.tables[table].position(column) {
            row.cells[position] = cell;
        }
    }

    /// A cell of a row; empty where its table has no such column.
    pub(crate) fn cell<'a>(&self, table: usize, row: &'a Row, column: &str) -> &'a Cell {
        const EMPTY: &Cell = &Cell::Empty;
        self.catalog.tables[table].position(column).map_or(EMPTY, |position| &row.cells[position])
    }

    /// A reference to the caller.
    pub(crate) fn caller(&self) -> Cell {
        Cell::Lookup { table: "systemuser".to_owned(), id: self.identity.user }
    }

    /// The caller owns what has no owner.
    fn set_owner(&self, table: usize, row: &mut Row) {
        if self.catalog.tables[table].ownership == Ownership::User
            && self.cell(table, row, "ownerid").is_empty()
        {
            self.set(table, row, "ownerid", self.caller());
        }
    }

    /// Money without a currency is in the organization's.
    fn set_default_currency(&self, table: usize, row: &mut Row) {
        let has_money = self.amounts(table).any(|(position, _)| !row.cells[position].is_empty());
        if has_money && self.cell(table, row, "transactioncurrencyid").is_empty() {
            let base =
                Cell::Lookup { table: "transactioncurrency".to_owned(), id: self.identity.base_currency };
            self.set(table, row, "transactioncurrencyid", base);
        }
    }

    /// Who and when. A given `overriddencreatedon` becomes the creation time; the column keeps the real time.
    fn stamp_create(&self, table: usize, row: &mut Row) {
        let now = Cell::Instant(self.now());
        let created = match self.cell(table, row, "overriddencreatedon").clone() {
            Cell::Empty => now.clone(),
            given => {
                self.set(table, row, "overriddencreatedon", now.clone());
                given
            }
        };
        self.set(table, row, "createdon", created);
        self.set(table, row, "createdby", self.caller());
        self.set(table, row, "modifiedon", now);
        self.set(table, row, "modifiedby", self.caller());
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{get, id, page, portal, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn a_create_keeps_its_id_and_answers_with_the_address() {
        let mut environment = portal();
        let (status, body, answer) = send(&mut environment, "POST", "adx_webpages", &[], &page(1, "Home"));
        assert_eq!((status, body), (204, Value::Null));
        let address = format!("https://contoso.crm.dynamics.com/api/data/v9.2/adx_webpages({})", id(1));
        assert_eq!(answer.headers()["odata-entityid"], address.as_str());
        assert_eq!(get(&mut environment, &format!("adx_webpages({})", id(1)))["adx_name"], "Home");
    }

    #[test]
    fn the_same_id_twice_is_a_duplicate_key() {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        let (status, code, _) = refused(&mut environment, "POST", "adx_webpages", &page(1, "Home"));
        assert_eq!((status, code.as_str()), (412, "0x80040237"));
    }

    #[test]
    fn a_representation_comes_back_when_it_is_wanted() {
        let headers = [("Prefer", "return=representation")];
        let (status, body, answer) =
            send(&mut portal(), "POST", "adx_webpages?$select=adx_name", &headers, &page(1, "Home"));
        assert_eq!((status, body["adx_name"].as_str()), (201, Some("Home")));
        assert!(!answer.headers().contains_key("odata-entityid"));
        assert_eq!(answer.headers()["preference-applied"], "return=representation");
    }

    #[test]
    fn the_caller_owns_a_row_unless_someone_else_is_named() {
        let mut environment = portal();
        let who = get(&mut environment, "WhoAmI");
        let made = post(&mut environment, "accounts", &json!({"name": "A"}));
        let row = get(&mut environment, &format!("accounts({made})"));
        assert_eq!(row["_ownerid_value"], who["UserId"]);
        assert_eq!(row["_owninguser_value"], who["UserId"]);
        assert_eq!(row["_owningbusinessunit_value"], who["BusinessUnitId"]);
        let team = get(&mut environment, "teams")["value"][0]["teamid"].as_str().unwrap().to_owned();
        let made = post(
            &mut environment,
            "accounts",
            &json!({"name": "B", "ownerid@odata.bind": format!("/teams({team})")}),
        );
        let row = get(&mut environment, &format!("accounts({made})"));
        assert_eq!(
            (row["_owningteam_value"].as_str(), row["_owninguser_value"].as_str()),
            (Some(team.as_str()), None)
        );
    }

    #[test]
    fn an_overridden_creation_time_becomes_the_creation_time() {
        let mut environment = portal();
        let made = post(
            &mut environment,
            "accounts",
            &json!({"name": "A", "overriddencreatedon": "2019-04-04T00:00:00Z"}),
        );
        let row = get(&mut environment, &format!("accounts({made})"));
        assert_eq!(row["createdon"], "2019-04-04T00:00:00Z");
        assert_eq!(row["overriddencreatedon"], row["modifiedon"]);
        let body = json!({"overriddencreatedon": "2019-04-04T00:00:00Z"});
        assert_eq!(refused(&mut environment, "PATCH", &format!("accounts({made})"), &body).0, 400);
    }

    #[test]
    fn values_of_another_type_are_refused() {
        let mut environment = portal();
        for (set, body) in [
            ("adx_webpages", json!({"adx_displayorder": "1"})),
            ("adx_webpages", json!({"adx_displayorder": 1.5})),
            ("adx_webpages", json!({"adx_displayorder": 3_000_000_000_i64})),
            ("adx_webpages", json!({"adx_name": 5})),
            ("adx_webpages", json!({"adx_hiddenfromsitemap": "true"})),
            ("adx_webpages", json!({"adx_releasedate": "2022-09-30"})),
            ("adx_webpages", json!({"adx_webpageid": "1"})),
            ("accounts", json!({"revenue": "12"})),
            ("accounts", json!({"entityimage": "not base64"})),
            ("contacts", json!({"birthdate": "1990-04-01T00:00:00Z"})),
        ] {
            let (status, code, message) = refused(&mut environment, "POST", set, &body);
            assert_eq!((status, code.as_str()), (400, "0x0"), "{body}");
            assert!(message.contains("Cannot convert the literal '"), "{message}");
        }
        assert_eq!(environment.count("adx_webpage"), 0);
    }

    #[test]
    fn values_out_of_bounds_are_refused() {
        let mut environment = portal();
        for (set, body, expected) in [
            ("contacts", json!({"lastname": "x".repeat(51)}), "0x80044331"),
            ("accounts", json!({"customertypecode": 99}), "0x8004431a"),
            ("accounts", json!({"contoso_interests": "1,99"}), "0x8004431a"),
            ("accounts", json!({"revenue": 9.3e14}), "0x80044330"),
            ("adx_webpages", json!({"adx_releasedate": "1752-12-31T23:59:59Z"}), "0x80040239"),
        ] {
            let (status, code, message) = refused(&mut environment, "POST", set, &body);
            assert_eq!((status, code.as_str()), (400, expected), "{message}");
        }
        let (_, _, message) =
            refused(&mut environment, "POST", "contacts", &json!({"lastname": "x".repeat(51)}));
        assert_eq!(
            message,
            "A validation error occurred.  The length of the 'lastname' attribute of the 'contact' entity exceeded the \
             maximum allowed length of '50'."
        );
    }
}
