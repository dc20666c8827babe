//! Associate and disassociate.

use super::body::{Changes, Purpose};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Navigation;
use crate::values::Cell;
use uuid::Uuid;

impl Environment {
    /// `POST set(id)/collection/$ref`, `PUT set(id)/single/$ref`: links a row to another.
    pub(crate) fn associate(
        &mut self,
        table: usize,
        id: Uuid,
        navigation: &str,
        other: (usize, Uuid),
    ) -> Result<(), Refusal> {
        self.existing(table, id)?;
        let found =
            self.catalog.navigation(table, navigation).ok_or_else(|| Refusal::no_resource(navigation))?;
        if !found.is_single() && other.0 != found.target() {
            return Err(self.misfit(navigation, other.0));
        }
        self.existing(other.0, other.1)?;
        match found {
            Navigation::Single { column, .. } => {
                let reference = self.reference(table, navigation, other)?;
                self.set_lookup(table, id, column, reference)
            }
            Navigation::Children { table: children, column } => {
                let reference = Cell::Lookup { table: self.catalog.tables[table].name.clone(), id };
                self.set_lookup(children, other.1, column, reference)
            }
            Navigation::Links { intersect, from_first, .. } => {
                let pair = if from_first { (id, other.1) } else { (other.1, id) };
                self.link(intersect, pair)
            }
        }
    }

    /// `DELETE set(id)/collection(other)/$ref` or `DELETE set(id)/single/$ref`.
    pub(crate) fn disassociate(
        &mut self,
        table: usize,
        id: Uuid,
        navigation: &str,
        other: Option<(usize, Uuid)>,
    ) -> Result<(), Refusal> {
        self.existing(table, id)?;
        let found =
            self.catalog.navigation(table, navigation).ok_or_else(|| Refusal::no_resource(navigation))?;
        if let Navigation::Single { column, .. } = found {
            return self.set_lookup(table, id, column, Cell::Empty);
        }
        let (target, other) = other.ok_or_else(|| Refusal::odata("The row to disassociate is not named."))?;
        if target != found.target() {
            return Err(self.misfit(navigation, target));
        }
        let apart = || Refusal::no_row(&self.catalog.tables[target].name, other);
        match found {
            Navigation::Links { intersect, from_first, .. } => {
                let (first, second) = if from_first { (id, other) } else { (other, id) };
                let link = self.store.link(intersect, first, second).ok_or_else(apart)?;
                self.refuse_link(intersect, first, false)?;
                self.store.remove(intersect, link);
                Ok(())
            }
            // Whether the service minds a child of another row is not known: the stricter reading, as for links.
            Navigation::Children { column, .. } => {
                let child = self.store.get(target, other).filter(|row| row.cells[column].id() == Some(id));
                child.ok_or_else(apart)?;
                self.set_lookup(target, other, column, Cell::Empty)
            }
            Navigation::Single { .. } => Ok(()),
        }
    }

    fn misfit(&self, navigation: &str, target: usize) -> Refusal {
        let name = &self.catalog.tables[target].name;
        Refusal::odata(format!(
            "The reference to a row of '{name}' does not fit the navigation property '{navigation}'."
        ))
    }

    pub(super) fn link(&mut self, intersect: usize, pair: (Uuid, Uuid)) -> Result<(), Refusal> {
        if self.store.link(intersect, pair.0, pair.1).is_some() {
            return Err(Refusal::duplicate_key());
        }
        self.refuse_link(intersect, pair.0, true)?;
        self.add_link(intersect, pair);
        Ok(())
    }

    /// Adds a pair that is not there yet.
    pub(crate) fn add_link(&mut self, intersect: usize, pair: (Uuid, Uuid)) {
        let Some((first, second)) = self.store.pair_columns(intersect) else { return };
        let id = self.random.id();
        let mut row = self.blank_row(intersect, id);
        row.cells[first] = Cell::Id(pair.0);
        row.cells[second] = Cell::Id(pair.1);
        self.store.put(intersect, row);
    }

    pub(super) fn set_lookup(
        &mut self,
        table: usize,
        id: Uuid,
        column: usize,
        reference: Cell,
    ) -> Result<(), Refusal> {
        let mut changes = Changes::default();
        self.add(&mut changes, table, column, reference, Purpose::Update)?;
        self.update(table, id, &changes)
    }

    /// Refuses where there is no such row.
    pub(crate) fn existing(&self, table: usize, id: Uuid) -> Result<(), Refusal> {
        match self.store.get(table, id) {
            Some(_) => Ok(()),
            None => Err(Refusal::no_row(&self.catalog.tables[table].name, id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, CONTACT, get, id, page, portal, post, refused, send};
    use serde_json::{Value, json};

    /// A page and two tags.
    fn tagged() -> Environment {
        let mut environment = portal();
        post(&mut environment, "adx_webpages", &page(1, "Home"));
        for number in [2, 3] {
            post(&mut environment, "adx_pagetags", &json!({"adx_pagetagid": id(number), "adx_name": "t"}));
        }
        environment
    }

    fn tag(number: u8) -> Value {
        json!({"@odata.id": format!("https://contoso.crm.dynamics.com/api/data/v9.2/adx_pagetags({})", id(number))})
    }

    #[test]
    fn a_link_is_made_read_three_ways_and_taken_away() {
        let mut environment = tagged();
        let collection = format!("adx_webpages({})/adx_pagetag_webpage", id(1));
        for number in [2, 3] {
            assert_eq!(
                send(&mut environment, "POST", &format!("{collection}/$ref"), &[], &tag(number)).0,
                204
            );
        }
        let rows = get(&mut environment, &format!("{collection}?$select=adx_pagetagid"));
        assert_eq!(rows["value"].as_array().unwrap().len(), 2);
        let references = get(&mut environment, &format!("{collection}/$ref"));
        assert_eq!(references["value"][0], tag(2));
        let links = get(&mut environment, "adx_pagetag_webpageset?$select=adx_webpageid,adx_pagetagid");
        assert_eq!(links["value"][0]["adx_webpageid"], id(1).as_str());
        let from_tag = get(&mut environment, &format!("adx_pagetags({})/adx_pagetag_webpage", id(2)));
        assert_eq!(from_tag["value"][0]["adx_webpageid"], id(1).as_str());
        assert_eq!(
            send(&mut environment, "DELETE", &format!("{collection}({})/$ref", id(2)), &[], &Value::Null).0,
            204
        );
        let by_option = format!("{collection}/$ref?$id={}", tag(3)["@odata.id"].as_str().unwrap());
        assert_eq!(send(&mut environment, "DELETE", &by_option, &[], &Value::Null).0, 204);
        assert_eq!(environment.links("adx_pagetag_webpage"), []);
        assert_eq!(refused(&mut environment, "DELETE", &by_option, &Value::Null).0, 404);
    }

    #[test]
    fn the_same_link_twice_is_a_duplicate_key_from_both_sides() {
        let mut environment = tagged();
        let from_page = format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(1));
        assert_eq!(send(&mut environment, "POST", &from_page, &[], &tag(2)).0, 204);
        assert_eq!(refused(&mut environment, "POST", &from_page, &tag(2)).1, "0x80040237");
        let from_tag = format!("adx_pagetags({})/adx_pagetag_webpage/$ref", id(2));
        let target = json!({"@odata.id": format!("adx_webpages({})", id(1))});
        assert_eq!(refused(&mut environment, "POST", &from_tag, &target).1, "0x80040237");
    }

    #[test]
    fn links_to_nowhere_to_the_wrong_table_or_by_the_wrong_name_are_refused() {
        let mut environment = tagged();
        let collection = format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(1));
        assert_eq!(refused(&mut environment, "POST", &collection, &tag(9)).1, "0x80040217");
        let wrong = json!({"@odata.id": format!("/accounts({ACCOUNT})")});
        assert_eq!(refused(&mut environment, "POST", &collection, &wrong).0, 400);
        let missing = format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(9));
        assert_eq!(refused(&mut environment, "POST", &missing, &tag(2)).1, "0x80040217");
        let cased = format!("adx_webpages({})/Adx_pagetag_webpage/$ref", id(1));
        assert_eq!(refused(&mut environment, "POST", &cased, &tag(2)).1, "0x8006088a");
        assert_eq!(refused(&mut environment, "PUT", &collection, &tag(2)).0, 405);
    }

    #[test]
    fn a_lookup_is_set_and_cleared_by_reference() {
        let mut environment = portal();
        let single = format!("contacts({CONTACT})/parentcustomerid_account/$ref");
        let target = json!({"@odata.id": format!("/accounts({ACCOUNT})")});
        assert_eq!(send(&mut environment, "PUT", &single, &[], &target).0, 204);
        assert_eq!(
            get(&mut environment, &single)["@odata.id"],
            format!("https://contoso.crm.dynamics.com/api/data/v9.2/accounts({ACCOUNT})")
        );
        assert_eq!(get(&mut environment, &single.replace("/$ref", ""))["accountid"], ACCOUNT);
        assert_eq!(send(&mut environment, "DELETE", &single, &[], &Value::Null).0, 204);
        assert_eq!(send(&mut environment, "GET", &single, &[], &Value::Null).0, 204);
        let children = format!("accounts({ACCOUNT})/contact_customer_accounts");
        let child = json!({"@odata.id": format!("/contacts({CONTACT})")});
        assert_eq!(send(&mut environment, "POST", &format!("{children}/$ref"), &[], &child).0, 204);
        assert_eq!(get(&mut environment, &children)["value"][0]["contactid"], CONTACT);
    }

    #[test]
    fn links_go_with_their_rows() {
        let mut environment = tagged();
        send(
            &mut environment,
            "POST",
            &format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(1)),
            &[],
            &tag(2),
        );
        send(&mut environment, "DELETE", &format!("adx_pagetags({})", id(2)), &[], &Value::Null);
        assert_eq!(environment.links("adx_pagetag_webpage"), []);
    }
}
