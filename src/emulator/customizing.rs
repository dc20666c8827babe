//! What somebody else changes while a client is at work: rows that go, columns and tables that are removed.
//!
//! For tests: between two requests of a client. Later requests meet what is left.

use crate::environment::Environment;
use crate::rows::{SavedStore, Store};
use crate::tables::{Kind, Lookup};
use uuid::Uuid;

impl Environment {
    /// Deletes a row past all rules; whether there was one. Lookups to it lead nowhere then, and links stay.
    pub fn remove_row(&mut self, table: &str, id: Uuid) -> bool {
        let found = self.catalog.position(table).filter(|table| self.store.get(*table, id).is_some());
        if let Some(table) = found {
            self.store.remove(table, id);
            self.store.keep();
        }
        found.is_some()
    }

    /// Removes a column with its values; whether there was one to remove. Keys and the column that makes the name of
    /// a row stay, as do columns that are not of somebody's own making.
    pub fn remove_column(&mut self, table: &str, column: &str) -> bool {
        let Some(position) = self.catalog.position(table) else { return false };
        let described = &self.catalog.tables[position];
        let is_named = described.primary_id == column || described.primary_name.as_deref() == Some(column);
        let Some(at) = described.position(column).filter(|_| !is_named && column.contains('_')) else {
            return false;
        };
        let mut saved = self.store.save();
        saved.without_column(position, at);
        self.catalog.tables[position].columns.remove(at);
        self.catalog.tables[position].keys.retain(|key| key.columns.iter().all(|name| name != column));
        self.catalog.many_to_one.retain(|lookup| lookup.table != table || lookup.column != column);
        self.rebuild(saved);
        true
    }

    /// Removes a table with its rows and the lookups that lead to nothing else; whether there was one to remove.
    /// Tables that are not of somebody's own making stay.
    pub fn remove_table(&mut self, table: &str) -> bool {
        let Some(position) = self.catalog.position(table).filter(|_| table.contains('_')) else {
            return false;
        };
        let leads_here = |kind: &Kind| matches!(kind, Kind::Lookup(Lookup::Tables(targets)) if targets.len() == 1 && targets[0] == table);
        let lookups = self.catalog.tables.iter().flat_map(|other| {
            let columns = other.columns.iter().filter(|column| leads_here(&column.kind));
            columns.map(|column| (other.name.clone(), column.name.clone()))
        });
        for (other, column) in lookups.collect::<Vec<_>>() {
            self.remove_column(&other, &column);
        }
        let mut saved = self.store.save();
        saved.without_table(position);
        self.catalog.tables.remove(position);
        self.catalog.many_to_one.retain(|lookup| lookup.table != table && lookup.target != table);
        self.catalog.many_to_many.retain(|links| links.first.table != table && links.second.table != table);
        self.counts.forget(position);
        self.rebuild(saved);
        true
    }

    fn rebuild(&mut self, saved: SavedStore) {
        self.catalog.index();
        self.store = Store::restore(&self.catalog, saved);
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, id, page, portal, post, refused, send};
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use serde_json::{Value, json};

    fn pages() -> Environment {
        let mut environment = portal();
        for number in 1..=6 {
            let mut body = page(number, "p");
            body["adx_displayorder"] = number.into();
            post(&mut environment, "adx_webpages", &body);
        }
        environment
    }

    fn fetch(column: &str) -> String {
        let xml = format!("<fetch><entity name='adx_webpage'><attribute name='{column}'/></entity></fetch>");
        format!("adx_webpages?fetchXml={}", utf8_percent_encode(&xml, NON_ALPHANUMERIC))
    }

    #[test]
    fn a_removed_column_is_refused_by_the_services_words_and_the_others_keep_their_values() {
        let mut environment = pages();
        assert!(environment.remove_column("adx_webpage", "adx_displayorder"));
        let select = "adx_webpages?$select=adx_displayorder";
        let (status, _, message) = refused(&mut environment, "GET", select, &Value::Null);
        assert_eq!(status, 400);
        assert!(message.starts_with("Could not find a property named 'adx_displayorder'"), "{message}");
        let (status, code, _) = refused(&mut environment, "GET", &fetch("adx_displayorder"), &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x80041103"));
        let row = get(&mut environment, &format!("adx_webpages({})", id(1)));
        assert_eq!((row["adx_name"].as_str(), row.get("adx_displayorder")), (Some("p"), None));
        let change = json!({"adx_name": "q"});
        send(&mut environment, "PATCH", &format!("adx_webpages({})", id(1)), &[], &change);
        assert_eq!(get(&mut environment, &format!("adx_webpages({})", id(1)))["adx_name"], "q");
        for column in ["adx_webpageid", "adx_name", "createdon", "adx_nothing"] {
            assert!(!environment.remove_column("adx_webpage", column), "{column}");
        }
    }

    #[test]
    fn a_removed_table_is_gone_with_what_led_to_it() {
        let mut environment = pages();
        assert!(environment.remove_table("adx_website"));
        let (status, code, _) = refused(&mut environment, "GET", "adx_websites", &Value::Null);
        assert_eq!((status, code.as_str()), (404, "0x8006088a"));
        let definition = "EntityDefinitions(LogicalName='adx_website')?$select=LogicalName";
        assert_eq!(refused(&mut environment, "GET", definition, &Value::Null).0, 404);
        assert_eq!(
            get(&mut environment, "adx_webpages?$select=adx_name")["value"].as_array().unwrap().len(),
            6
        );
        assert_eq!(refused(&mut environment, "GET", &fetch("adx_websiteid"), &Value::Null).1, "0x80041103");
        assert!(!environment.remove_table("account"));
    }

    #[test]
    fn a_row_that_goes_between_two_pages_takes_no_other_with_it() {
        let ids = |answer: &Value| -> Vec<Value> {
            answer["value"].as_array().unwrap().iter().map(|row| row["adx_displayorder"].clone()).collect()
        };
        for order in ["", "&$orderby=adx_webpageid", "&$orderby=adx_webpageid desc"] {
            let mut environment = pages();
            let two = [("Prefer", "odata.maxpagesize=2")];
            let path = format!("adx_webpages?$select=adx_displayorder{order}");
            let (_, first, _) = send(&mut environment, "GET", &path, &two, &Value::Null);
            let last = first["value"][1]["adx_webpageid"].as_str().unwrap().parse().unwrap();
            assert!(environment.remove_row("adx_webpage", last), "the row that the cookie names");
            assert!(!environment.remove_row("adx_webpage", last));
            let link = first["@odata.nextLink"].as_str().unwrap();
            let link = link.replace("https://contoso.crm.dynamics.com/api/data/v9.2/", "");
            let (_, second, _) = send(&mut environment, "GET", &link, &two, &Value::Null);
            let expected = if order.ends_with("desc") { [json!(4), json!(3)] } else { [json!(3), json!(4)] };
            assert_eq!(ids(&second), expected, "{order}");
        }
    }
}
