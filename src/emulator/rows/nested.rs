//! Deep insert: rows that are made, or linked, together with the row of the request.

use super::body::{Changes, Purpose};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Navigation;
use crate::values::Cell;
use serde_json::Value;
use uuid::Uuid;

/// What stands under one navigation property of a body.
#[derive(Clone, Debug)]
pub(crate) struct Nested {
    navigation: Navigation,
    rows: Vec<Related>,
}

/// A row under a navigation property.
#[derive(Clone, Debug)]
enum Related {
    /// To be created.
    New(Changes),
    /// Already there, named by a bind.
    Existing(Uuid),
}

impl Environment {
    /// `"nav": {…}`, or `"nav": [{…}]` for a collection.
    pub(super) fn read_nested(&self, navigation: Navigation, value: &Value) -> Result<Nested, Refusal> {
        let objects = match value {
            Value::Object(_) if navigation.is_single() => std::slice::from_ref(value),
            Value::Array(objects) if !navigation.is_single() => objects.as_slice(),
            other => return Err(self.no_rows(navigation, other)),
        };
        let target = navigation.target();
        let row = |object: &Value| match object {
            Value::Object(object) => self.read_object(target, object, Purpose::Create).map(Related::New),
            other => Err(self.no_rows(navigation, other)),
        };
        Ok(Nested { navigation, rows: objects.iter().map(row).collect::<Result<_, _>>()? })
    }

    /// `"nav@odata.bind": ["/set(id)"]`
    pub(super) fn read_bound(&self, navigation: Navigation, value: &Value) -> Result<Nested, Refusal> {
        let references = value.as_array().ok_or_else(|| self.no_rows(navigation, value))?;
        let row = |reference: &Value| {
            let text = reference.as_str().ok_or_else(|| self.no_rows(navigation, reference))?;
            let (target, id) = self.resolve(text)?;
            if target != navigation.target() {
                return Err(self.no_rows(navigation, reference));
            }
            Ok(Related::Existing(id))
        };
        Ok(Nested { navigation, rows: references.iter().map(row).collect::<Result<_, _>>()? })
    }

    fn no_rows(&self, navigation: Navigation, value: &Value) -> Refusal {
        let name = &self.catalog.tables[navigation.target()].name;
        let collection = format!("Collection(Microsoft.Dynamics.CRM.{name})");
        let expected =
            if navigation.is_single() { format!("Microsoft.Dynamics.CRM.{name}") } else { collection };
        Refusal::wrong_literal(&value.to_string(), &expected)
    }

    /// Creates the rows that the new row is to point to; the cells of its lookups.
    pub(super) fn create_pointed_to(&mut self, nested: &[Nested]) -> Result<Vec<(usize, Cell)>, Refusal> {
        let mut cells = Vec::new();
        for Nested { navigation, rows } in nested {
            let Navigation::Single { column, target } = *navigation else { continue };
            for row in rows {
                let id = self.create_related(target, row)?;
                cells.push((column, Cell::Lookup { table: self.catalog.tables[target].name.clone(), id }));
            }
        }
        Ok(cells)
    }

    /// Creates and ties the rows of the new row's collections.
    pub(super) fn create_collections(
        &mut self,
        table: usize,
        id: Uuid,
        nested: &[Nested],
    ) -> Result<(), Refusal> {
        for Nested { navigation, rows } in nested {
            for row in rows {
                match *navigation {
                    Navigation::Single { .. } => {}
                    Navigation::Children { table: children, column } => {
                        let parent = Cell::Lookup { table: self.catalog.tables[table].name.clone(), id };
                        self.tie_child(children, column, parent, row)?;
                    }
                    Navigation::Links { intersect, target, from_first } => {
                        let other = self.create_related(target, row)?;
                        let pair = if from_first { (id, other) } else { (other, id) };
                        self.link(intersect, pair)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn tie_child(&mut self, table: usize, column: usize, parent: Cell, row: &Related) -> Result<(), Refusal> {
        match row {
            Related::Existing(id) => self.set_lookup(table, *id, column, parent),
            Related::New(changes) => {
                let mut changes = changes.clone();
                changes.cells.push((column, parent));
                self.create(table, &changes).map(drop)
            }
        }
    }

    fn create_related(&mut self, table: usize, row: &Related) -> Result<Uuid, Refusal> {
        match row {
            Related::Existing(id) => Ok(*id),
            Related::New(changes) => self.create(table, changes),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{ACCOUNT, CONTACT, get, id, portal, post, refused, send};
    use serde_json::{Value, json};

    #[test]
    fn a_row_is_made_with_what_it_points_to_and_with_its_children() {
        let mut environment = portal();
        let body = json!({
            "adx_webpageid": id(1), "adx_name": "Home",
            "adx_websiteid": {"adx_websiteid": id(8), "adx_name": "Site"},
            "adx_webpage_webpage": [
                {"adx_name": "a", "adx_webpage_webpage": [{"adx_name": "a1"}]},
                {"adx_name": "b"},
            ],
            "adx_pagetag_webpage": [{"adx_name": "tag"}],
        });
        post(&mut environment, "adx_webpages", &body);
        assert_eq!(environment.count("adx_webpage"), 4);
        let row = get(&mut environment, &format!("adx_webpages({})", id(1)));
        assert_eq!(row["_adx_websiteid_value"], id(8).as_str());
        let children = format!("adx_webpages?$filter=_adx_parentpageid_value eq {}", id(1));
        assert_eq!(get(&mut environment, &children)["value"].as_array().unwrap().len(), 2);
        let tags = get(&mut environment, &format!("adx_webpages({})/adx_pagetag_webpage", id(1)));
        assert_eq!(tags["value"][0]["adx_name"], "tag");
    }

    #[test]
    fn a_lookup_to_several_tables_is_made_by_the_property_of_its_table() {
        let mut environment = portal();
        let made = post(&mut environment, "contacts", &json!({"parentcustomerid_account": {"name": "New"}}));
        let company = get(&mut environment, &format!("contacts({made})/parentcustomerid_account"));
        assert_eq!(company["name"], "New");
    }

    #[test]
    fn rows_that_are_there_are_bound_to_a_new_one_in_a_list() {
        let mut environment = portal();
        let task = post(&mut environment, "tasks", &json!({"subject": "T"}));
        let collection = "Account_Tasks";
        let body = json!({"name": "A", format!("{collection}@odata.bind"): [format!("/tasks({task})")]});
        let made = post(&mut environment, "accounts", &body);
        let tasks = get(&mut environment, &format!("accounts({made})/{collection}"));
        assert_eq!(tasks["value"][0]["activityid"], task.as_str());
        let wrong = json!({format!("{collection}@odata.bind"): [format!("/contacts({CONTACT})")]});
        assert_eq!(refused(&mut environment, "POST", "accounts", &wrong).0, 400);
        let single = json!({format!("{collection}@odata.bind"): format!("/tasks({task})")});
        assert_eq!(refused(&mut environment, "POST", "accounts", &single).0, 400);
    }

    #[test]
    fn one_refused_row_takes_all_of_them_back() {
        let mut environment = portal();
        let body = json!({
            "adx_name": "Home",
            "adx_websiteid": {"adx_name": "Site"},
            "adx_webpage_webpage": [{"adx_webpageid": id(2)}, {"adx_webpageid": id(2)}],
        });
        let (status, code, _) = refused(&mut environment, "POST", "adx_webpages", &body);
        assert_eq!((status, code.as_str()), (412, "0x80040237"));
        assert_eq!((environment.count("adx_webpage"), environment.count("adx_website")), (0, 0));
        let unknown = json!({"adx_websiteid": {"Adx_name": "Site"}});
        assert!(refused(&mut environment, "POST", "adx_webpages", &unknown).2.contains("'Adx_name'"));
    }

    #[test]
    fn an_update_takes_no_rows_inside_not_even_where_it_creates() {
        let mut environment = portal();
        for (path, body) in [
            (format!("contacts({CONTACT})"), json!({"parentcustomerid_account": {"name": "A"}})),
            (format!("contacts({})", id(9)), json!({"parentcustomerid_account": {"name": "A"}})),
            (format!("accounts({ACCOUNT})"), json!({"Account_Tasks": []})),
            (format!("accounts({ACCOUNT})"), json!({"Account_Tasks@odata.bind": []})),
        ] {
            let (status, code, message) = refused(&mut environment, "PATCH", &path, &body);
            assert_eq!((status, code.as_str()), (400, "0x80060888"), "{path} {body}");
            assert_eq!(message, "Deep update of navigation properties is not allowed.");
        }
    }

    #[test]
    fn the_answer_with_the_row_does_not_expand_what_was_made() {
        let headers = [("Prefer", "return=representation")];
        let path = "contacts?$select=contactid&$expand=parentcustomerid_account";
        let body = json!({"parentcustomerid_account": {"name": "New"}});
        let (status, row, answer) = send(&mut portal(), "POST", path, &headers, &body);
        assert_eq!((status, row.get("parentcustomerid_account")), (201, None::<&Value>));
        assert!(answer.headers().contains_key("etag"));
    }
}
