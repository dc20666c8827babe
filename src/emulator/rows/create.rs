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

    fn create_parties(
        &mut self,
        activities: usize,
        activity: Uuid,
        parties: &[Changes],
    ) -> Result<(), Refusal> {
        let Some(table) = self.catalog.position("activityparty") else { return Ok(()) };
        let activity_table = self.catalog.tables[activities].name.clone();
        for party in parties {
            let id = party.id.unwrap_or_else(|| self.random.id());
            let mut row = self.blank_row(table, id);
            for (position, cell) in &party.cells {
                row.cells[*position] = cell.clone();
            }
            let reference = Cell::Lookup { table: activity_table.clone(), id: activity };
            self.set(table, &mut row, "activityid", reference);
            if self.store.get(table, id).is_some() {
                return Err(Refusal::duplicate_key());
            }
            self.store.put(table, row);
        }
        Ok(())
    }

    /// Replaces the parties of an activity.
    pub(crate) fn replace_parties(
        &mut self,
        activities: usize,
        activity: Uuid,
        parties: &[Changes],
    ) -> Result<(), Refusal> {
        let Some(table) = self.catalog.position("activityparty") else { return Ok(()) };
        let of_activity = |row: &&Row| self.cell(table, row, "activityid").id() == Some(activity);
        let old: Vec<Uuid> = self.store.rows(table).filter(of_activity).map(|row| row.id).collect();
        for id in old {
            self.store.remove(table, id);
        }
        self.create_parties(activities, activity, parties)
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACCOUNT, CONTACT, get, id, page, portal, post, refused, send};
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
    fn values_come_back_as_the_service_keeps_them() {
        let mut environment = portal();
        let base = get(&mut environment, "organizations")["value"][0]["_basecurrencyid_value"].clone();
        let body = json!({
            "name": "", "revenue": 20000.00005, "customertypecode": 3, "contoso_interests": "2, 1",
            "accountid": id(7).to_uppercase(),
        });
        post(&mut environment, "accounts", &body);
        let (_, row, answer) =
            send(&mut environment, "GET", &format!("accounts({})", id(7)), &[], &Value::Null);
        let text = String::from_utf8(answer.body().clone()).unwrap();
        assert_eq!(row["name"], Value::Null);
        assert!(
            text.contains("\"revenue\":20000.0001,") && text.contains("\"exchangerate\":1.000000000000"),
            "{text}"
        );
        assert!(text.contains("\"revenue_base\":20000.0001"), "{text}");
        assert_eq!(row["contoso_interests"], "1,2");
        assert_eq!(row["accountid"], id(7).as_str());
        assert_eq!(row["_transactioncurrencyid_value"], base);
        let made = post(
            &mut environment,
            "adx_webpages",
            &json!({"adx_releasedate": "2022-09-30T21:25:01.987+02:00"}),
        );
        assert_eq!(
            get(&mut environment, &format!("adx_webpages({made})"))["adx_releasedate"],
            "2022-09-30T19:25:01Z"
        );
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

    #[test]
    fn names_count_by_case() {
        let mut environment = portal();
        let (status, code, message) = refused(&mut environment, "POST", "accounts", &json!({"Name": "A"}));
        assert_eq!((status, code.as_str()), (400, "0x0"));
        assert!(
            message.contains("Invalid property 'Name' was found in entity 'Microsoft.Dynamics.CRM.account'"),
            "{message}"
        );
        assert_eq!(refused(&mut environment, "POST", "Accounts", &json!({})).1, "0x8006088a");
    }

    #[test]
    fn a_lookup_is_set_by_its_navigation_property_only() {
        let mut environment = portal();
        let site = post(&mut environment, "adx_websites", &json!({"adx_name": "S"}));
        let bind = format!("/adx_websites({site})");
        for name in ["adx_WebsiteId@odata.bind", "_adx_websiteid_value@odata.bind"] {
            let (status, code, message) =
                refused(&mut environment, "POST", "adx_webpages", &json!({name: bind}));
            assert_eq!((status, code.as_str()), (400, "0x80048d19"));
            assert!(message.contains("An undeclared property '"), "{message}");
        }
        assert_eq!(
            refused(&mut environment, "POST", "adx_webpages", &json!({"_adx_websiteid_value": site})).1,
            "0x80048d19"
        );
        for reference in [
            bind.clone(),
            bind[1..].to_owned(),
            format!("https://contoso.crm.dynamics.com/api/data/v9.2{bind}"),
        ] {
            let made =
                post(&mut environment, "adx_webpages", &json!({"adx_websiteid@odata.bind": reference}));
            assert_eq!(
                get(&mut environment, &format!("adx_webpages({made})"))["_adx_websiteid_value"],
                site.as_str()
            );
        }
    }

    #[test]
    fn a_lookup_to_nowhere_or_to_another_table_is_refused() {
        let mut environment = portal();
        let body = json!({"adx_websiteid@odata.bind": format!("/adx_websites({})", id(9))});
        let (status, code, message) = refused(&mut environment, "POST", "adx_webpages", &body);
        assert_eq!((status, code.as_str()), (404, "0x80040217"));
        assert_eq!(message, format!("Entity 'adx_website' With Id = {} Does Not Exist", id(9)));
        let body = json!({"adx_websiteid@odata.bind": format!("/accounts({ACCOUNT})")});
        assert_eq!(refused(&mut environment, "POST", "adx_webpages", &body).0, 400);
        let body = json!({"parentcustomerid_account@odata.bind": format!("/contacts({CONTACT})")});
        assert_eq!(refused(&mut environment, "POST", "contacts", &body).0, 400);
    }

    #[test]
    fn the_last_target_of_a_polymorphic_lookup_counts() {
        let mut environment = portal();
        let path = format!("contacts({CONTACT})");
        for (navigation, target) in [
            ("parentcustomerid_account", format!("/accounts({ACCOUNT})")),
            ("parentcustomerid_contact", format!("/{path}")),
        ] {
            let body = json!({format!("{navigation}@odata.bind"): target});
            assert_eq!(send(&mut environment, "PATCH", &path, &[], &body).0, 204);
        }
        let headers = [("Prefer", "odata.include-annotations=\"*\"")];
        let (_, row, _) = send(
            &mut environment,
            "GET",
            &format!("{path}?$select=_parentcustomerid_value"),
            &headers,
            &Value::Null,
        );
        assert_eq!(row["_parentcustomerid_value"], CONTACT);
        assert_eq!(row["_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "contact");
        assert_eq!(
            row["_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"],
            "parentcustomerid_contact"
        );
        assert_eq!(
            send(&mut environment, "PATCH", &path, &[], &json!({"parentcustomerid_account": null})).0,
            204
        );
        assert_eq!(get(&mut environment, &path)["_parentcustomerid_value"], Value::Null);
    }

    #[test]
    fn what_the_service_sets_itself_cannot_be_sent() {
        let mut environment = portal();
        for body in [
            json!({"createdon": "2020-01-01T00:00:00Z"}),
            json!({"modifiedon": "2020-01-01T00:00:00Z"}),
            json!({"versionnumber": 5}),
            json!({"exchangerate": 1}),
            json!({"revenue_base": 1}),
            json!({"entityimageid": id(1)}),
            json!({"entityimage_timestamp": 1}),
        ] {
            assert_eq!(refused(&mut environment, "POST", "accounts", &body).0, 400, "{body}");
        }
        assert_eq!(refused(&mut environment, "POST", "contacts", &json!({"fullname": "A B"})).0, 400);
    }

    #[test]
    fn first_and_last_name_make_the_full_name() {
        let mut environment = portal();
        let made = post(&mut environment, "contacts", &json!({"firstname": "Ada", "lastname": "Ng"}));
        assert_eq!(get(&mut environment, &format!("contacts({made})"))["fullname"], "Ada Ng");
    }

    #[test]
    fn a_new_picture_gets_a_new_id_and_the_same_picture_keeps_it() {
        let mut environment = portal();
        let made = post(&mut environment, "accounts", &json!({"entityimage": "iVBORw=="}));
        let path = format!("accounts({made})");
        let first = get(&mut environment, &path)["entityimageid"].clone();
        assert!(first.is_string());
        send(&mut environment, "PATCH", &path, &[], &json!({"entityimage": "iVBORw==", "name": "A"}));
        assert_eq!(get(&mut environment, &path)["entityimageid"], first);
        send(&mut environment, "PATCH", &path, &[], &json!({"entityimage": "/9j/4A=="}));
        assert_ne!(get(&mut environment, &path)["entityimageid"], first);
    }

    #[test]
    fn parties_are_made_with_their_activity_and_replaced_as_a_whole() {
        let mut environment = portal();
        let party = json!([{"partyid_contact@odata.bind": format!("/contacts({CONTACT})"), "participationtypemask": 5}]);
        let made = post(&mut environment, "tasks", &json!({"subject": "T", "task_activity_parties": party}));
        let parties = format!("activityparties?$filter=_activityid_value eq {made}");
        let found = get(&mut environment, &parties);
        assert_eq!(found["value"][0]["_partyid_value"], CONTACT);
        let (status, _, _) = send(
            &mut environment,
            "PUT",
            &format!("tasks({made})/task_activity_parties"),
            &[],
            &json!({"value": []}),
        );
        assert_eq!(status, 204);
        assert_eq!(get(&mut environment, &parties)["value"], json!([]));
    }
}
