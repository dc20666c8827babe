//! Delete, and what goes, stays or forbids it.

use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::OnDelete;
use crate::values::Cell;
use uuid::Uuid;

/// Rows that point to the one that is to go: their table, the column, and what happens to them.
type Pointing = (usize, usize, OnDelete);

impl Environment {
    /// Takes a row away with its links, its parties and what hangs on it; other lookups to it are emptied.
    pub(crate) fn delete(&mut self, table: usize, id: Uuid) -> Result<(), Refusal> {
        let name = self.catalog.tables[table].name.clone();
        if self.store.get(table, id).is_none() {
            return Err(Refusal::no_row(&name, id));
        }
        self.refuse_delete(table, id)?;
        self.remove_companions(table, id);
        let pointing = self.pointing_columns(&name);
        self.refuse_restricted(&pointing, id)?;
        // Gone before what hangs on it: rows may hang on each other in a circle.
        self.store.remove(table, id);
        // They go with their activity, and are known by it as long as they point to it.
        if self.catalog.tables[table].is_activity {
            self.replace_parties(table, id, &[])?;
        }
        for (child, position, on_delete) in pointing {
            match on_delete {
                OnDelete::Cascade => self.delete_rows(child, position, id)?,
                OnDelete::RemoveLink => self.empty_lookups(child, position, id),
                OnDelete::NoCascade | OnDelete::Restrict => {}
            }
        }
        self.remove_links_of(&name, id);
        Ok(())
    }

    fn pointing_columns(&self, name: &str) -> Vec<Pointing> {
        let relationships = self.catalog.many_to_one.iter().filter(|r| r.target == name);
        relationships
            .filter_map(|r| {
                let table = self.catalog.position(&r.table)?;
                Some((table, self.catalog.tables[table].position(&r.column)?, r.on_delete))
            })
            .collect()
    }

    fn refuse_restricted(&self, pointing: &[Pointing], id: Uuid) -> Result<(), Refusal> {
        let mut restricting = pointing.iter().filter(|(_, _, on_delete)| *on_delete == OnDelete::Restrict);
        if restricting.any(|(table, position, _)| !self.ids_pointing(*table, *position, id).is_empty()) {
            let message =
                "The object you tried to delete is associated with another object and cannot be deleted.";
            return Err(Refusal::new(405, "0x80040227", message));
        }
        Ok(())
    }

    fn ids_pointing(&self, table: usize, position: usize, id: Uuid) -> Vec<Uuid> {
        let is_meant = |row: &&crate::rows::Row| row.cells[position].id() == Some(id);
        self.store.rows(table).filter(is_meant).map(|row| row.id).collect()
    }

    fn delete_rows(&mut self, table: usize, position: usize, id: Uuid) -> Result<(), Refusal> {
        let is_of_files = self.catalog.tables[table].name == "fileattachment";
        for child in self.ids_pointing(table, position, id) {
            // Nobody may delete the row of a file; it goes with what the file belongs to.
            if is_of_files {
                self.store.remove(table, child);
                continue;
            }
            // A circle may have taken it away already.
            if self.store.get(table, child).is_some() {
                self.delete(table, child)?;
            }
        }
        Ok(())
    }

    fn empty_lookups(&mut self, table: usize, position: usize, id: Uuid) {
        for pointing in self.ids_pointing(table, position, id) {
            let Some(mut row) = self.store.get(table, pointing).cloned() else { continue };
            row.cells[position] = Cell::Empty;
            self.store.put(table, row);
        }
    }

    pub(super) fn remove_links_of(&mut self, name: &str, id: Uuid) {
        let intersects: Vec<(usize, bool, bool)> = self
            .catalog
            .many_to_many
            .iter()
            .filter(|r| r.first.table == name || r.second.table == name)
            .filter_map(|r| {
                Some((self.catalog.position(&r.intersect)?, r.first.table == name, r.second.table == name))
            })
            .collect();
        for (intersect, is_first, is_second) in intersects {
            let linked: Vec<(Uuid, Uuid)> = self
                .store
                .links(intersect)
                .filter(|(first, second)| (is_first && *first == id) || (is_second && *second == id))
                .collect();
            for (first, second) in linked {
                if let Some(link) = self.store.link(intersect, first, second) {
                    self.store.remove(intersect, link);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, post, refused, send};
    use serde_json::{Value, json};

    fn delete(environment: &mut Environment, path: &str) -> u16 {
        send(environment, "DELETE", path, &[], &Value::Null).0
    }

    #[test]
    fn notes_activities_and_contacts_go_with_their_account() {
        let mut environment = Environment::builder("deletes").build().unwrap();
        let account = post(&mut environment, "accounts", &json!({"name": "A"}));
        let path = format!("accounts({account})");
        let to = format!("/{path}");
        post(&mut environment, "annotations", &json!({"subject": "n", "objectid_account@odata.bind": to}));
        post(
            &mut environment,
            "tasks",
            &json!({"subject": "t", "regardingobjectid_account_task@odata.bind": to}),
        );
        post(
            &mut environment,
            "contacts",
            &json!({"lastname": "c", "parentcustomerid_account@odata.bind": to}),
        );
        let child =
            post(&mut environment, "accounts", &json!({"name": "B", "parentaccountid@odata.bind": to}));
        assert_eq!(delete(&mut environment, &path), 204);
        for table in ["annotation", "task", "contact"] {
            assert_eq!(environment.count(table), 0, "{table}");
        }
        let child = get(&mut environment, &format!("accounts({child})"));
        assert_eq!(child["_parentaccountid_value"], Value::Null, "only the link goes");
    }

    #[test]
    fn a_restricted_row_stays_and_so_does_what_hangs_on_it() {
        let details = json!({"tables": {
            "contoso_site": {"ownership": "user", "primaryName": "contoso_name",
                "columns": {"contoso_name": {"type": "text"}}},
            "contoso_permit": {"ownership": "user", "columns": {
                "contoso_siteid": {"type": "lookup", "targets": {"contoso_site": {"onDelete": "restrict"}}}}}
        }});
        let builder = Environment::builder("deletes").details(details.to_string().as_bytes());
        let mut environment = builder.build().unwrap();
        let site = post(&mut environment, "contoso_sites", &json!({"contoso_name": "S"}));
        let path = format!("contoso_sites({site})");
        let note = json!({"subject": "n", "objectid_contoso_site@odata.bind": format!("/{path}")});
        post(&mut environment, "annotations", &note);
        let navigation = environment.catalog.many_to_one.iter().find(|r| r.column == "contoso_siteid");
        let navigation = format!("{}@odata.bind", navigation.unwrap().navigation);
        let permit = post(&mut environment, "contoso_permits", &json!({navigation: format!("/{path}")}));
        let refusal = refused(&mut environment, "DELETE", &path, &Value::Null);
        let text = "The object you tried to delete is associated with another object and cannot be deleted.";
        assert_eq!(refusal, (405, "0x80040227".to_owned(), text.to_owned()));
        assert_eq!(environment.count("annotation"), 1);
        assert_eq!(delete(&mut environment, &format!("contoso_permits({permit})")), 204);
        assert_eq!(delete(&mut environment, &path), 204);
        assert_eq!(environment.count("annotation"), 0);
    }

    #[test]
    fn rows_that_hang_on_each_other_go_together() {
        let mut environment = Environment::builder("deletes").build().unwrap();
        let first = post(&mut environment, "contacts", &json!({"lastname": "1"}));
        let to = |id: &str| json!({"parentcustomerid_contact@odata.bind": format!("/contacts({id})")});
        let mut second = to(&first);
        second["lastname"] = "2".into();
        let second = post(&mut environment, "contacts", &second);
        send(&mut environment, "PATCH", &format!("contacts({first})"), &[], &to(&second));
        assert_eq!(delete(&mut environment, &format!("contacts({second})")), 204);
        assert_eq!(environment.count("contact"), 0);
    }
}
