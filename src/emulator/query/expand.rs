//! `$expand`.

use super::{Filter, Order, Select};
use crate::api::Options;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::privileges::Right;
use crate::tables::Navigation;

/// Navigation properties wanted with their rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expands {
    pub(crate) list: Vec<Expand>,
    /// Whether one of them has a `$expand` of its own: then collections come in pages.
    pub(crate) nested: bool,
}

/// A navigation property wanted with its rows.
#[derive(Clone, Debug)]
pub(crate) struct Expand {
    pub(crate) property: String,
    pub(crate) navigation: Navigation,
    /// The table of the rows; the abstract `owner` for users and teams.
    pub(crate) table: usize,
    /// `/$ref`: addresses instead of rows.
    pub(crate) is_reference: bool,
    pub(crate) select: Select,
    pub(crate) filter: Option<Filter>,
    pub(crate) order: Order,
    pub(crate) top: Option<usize>,
    pub(crate) inner: Expands,
    /// Its options as they were written, for the link to the collection.
    pub(crate) written: String,
}

/// More levels than any `$expand` needs.
const DEEPEST: usize = 30;
/// Microsoft's page on joining tables: that many in a query.
const MOST: usize = 15;
const OPTIONS: &[&str] = &["$select", "$filter", "$orderby", "$top", "$expand"];
const CODE: &str = "0x80060888";

impl Expands {
    /// `parentid($select=name),other`
    pub(crate) fn parse(
        environment: &Environment,
        table: usize,
        options: &Options,
    ) -> Result<Expands, Refusal> {
        let text = options.get("$expand").unwrap_or_default();
        if text.matches('(').count() > DEEPEST {
            return Err(Refusal::new(400, CODE, "The $expand is nested too deeply."));
        }
        let expands = Expands::read(environment, table, options)?;
        if expands.count() > MOST {
            return Err(Refusal::new(400, CODE, "The number of $expand items exceeds the limit of 15."));
        }
        expands.check_collections()?;
        Ok(expands)
    }

    fn read(environment: &Environment, table: usize, options: &Options) -> Result<Expands, Refusal> {
        let mut list = Vec::new();
        for part in options.list("$expand") {
            let expand = Expand::parse(environment, table, part)?;
            if list.iter().any(|other: &Expand| other.property == expand.property) {
                let message =
                    format!("The navigation property '{}' is expanded more than once.", expand.property);
                return Err(Refusal::new(400, CODE, message));
            }
            list.push(expand);
        }
        let nested = list.iter().any(|expand| !expand.inner.list.is_empty());
        Ok(Expands { list, nested })
    }

    /// The lookups of which addresses are wanted: their values come along.
    pub(crate) fn references(&self) -> Vec<usize> {
        let columns = self.list.iter().filter(|expand| expand.is_reference);
        columns
            .filter_map(|expand| match expand.navigation {
                Navigation::Single { column, .. } => Some(column),
                _ => None,
            })
            .collect()
    }

    fn count(&self) -> usize {
        self.list.iter().map(|expand| 1 + expand.inner.count()).sum()
    }

    /// Many-to-many collections stand alone; beside a nested `$expand` no collection is sorted or cut.
    fn check_collections(&self) -> Result<(), Refusal> {
        let links = self.links();
        if let Some(links) = links.first().filter(|_| self.nested || links.len() != self.list.len()) {
            let message = format!(
                "The navigation property '{links}' cannot be expanded. Only many-to-one relationships are supported for \
                 nested expansion."
            );
            return Err(Refusal::new(400, CODE, message));
        }
        if self.nested { self.refuse_order() } else { Ok(()) }
    }

    fn refuse_order(&self) -> Result<(), Refusal> {
        for expand in &self.list {
            expand.refuse_order()?;
            expand.inner.refuse_order()?;
        }
        Ok(())
    }

    /// The names of the many-to-many collections at any level.
    fn links(&self) -> Vec<&str> {
        let each = self.list.iter().flat_map(|expand| {
            let own =
                matches!(expand.navigation, Navigation::Links { .. }).then_some(expand.property.as_str());
            own.into_iter().chain(expand.inner.links())
        });
        each.collect()
    }
}

impl Expand {
    fn parse(environment: &Environment, table: usize, part: &str) -> Result<Expand, Refusal> {
        let (path, rest) = part.split_once('(').unwrap_or((part, ""));
        let written = rest.strip_suffix(')').unwrap_or(rest);
        let (property, is_reference) = path.strip_suffix("/$ref").map_or((path, false), |p| (p, true));
        let catalog = &environment.catalog;
        let navigation = catalog.navigation(table, property);
        let navigation =
            navigation.ok_or_else(|| Refusal::no_property(property, &catalog.tables[table].name))?;
        if is_reference && !navigation.is_single() {
            let message = "Expand with $ref is only supported on lookup type navigation property.";
            return Err(Refusal::new(400, CODE, message));
        }
        let options = Options::nested(written);
        options.allow(if is_reference { &[] } else { OPTIONS })?;
        let target = navigation.target();
        if catalog.tables[target].name == "owner" {
            check_owner(&options)?;
        }
        environment.require(target, Right::Read)?;
        let expand = Expand {
            property: property.to_owned(),
            navigation,
            table: target,
            is_reference,
            select: Select::parse(&catalog.tables[target], &options.list("$select"))?,
            filter: options
                .get("$filter")
                .map(|text| Filter::parse(environment, target, text, None))
                .transpose()?,
            order: Order::parse(environment, target, &options, None)?,
            top: options.top()?,
            inner: Expands::read(environment, target, &options)?,
            written: options.written(),
        };
        if navigation.is_single() {
            expand.refuse_order()?;
        }
        Ok(expand)
    }

    fn refuse_order(&self) -> Result<(), Refusal> {
        if self.order.is_empty() && self.top.is_none() {
            return Ok(());
        }
        let message = "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or \
                       nested one-to-many relationship.";
        Err(Refusal::new(400, CODE, message))
    }
}

/// An owner is a user or a team. Their common type has no columns but the key.
fn check_owner(options: &Options) -> Result<(), Refusal> {
    if let Some(column) = options.list("$select").iter().find(|column| **column != "ownerid") {
        return Err(Refusal::no_property(column, "principal"));
    }
    if options.get("$filter").or(options.get("$expand")).is_some() {
        return Err(Refusal::not_implemented("$filter and $expand on owners"));
    }
    Ok(())
}

impl Environment {
    /// `(name,primarycontactid(fullname))` of a context URL; nothing where all columns are asked for.
    pub(crate) fn context_columns(&self, table: usize, select: &Select, expands: &Expands) -> String {
        let columns = self.context_list(table, select, expands);
        if columns.is_empty() { columns } else { format!("({columns})") }
    }

    fn context_list(&self, table: usize, select: &Select, expands: &Expands) -> String {
        let mut columns = select.properties(&self.catalog.tables[table]);
        for expand in &expands.list {
            let property = &expand.property;
            columns.push(if expand.is_reference {
                format!("{property},{property}/$ref()")
            } else {
                format!("{property}({})", self.context_list(expand.table, &expand.select, &expand.inner))
            });
        }
        columns.join(",")
    }
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{CONTACT, get, id, page, portal, post, refused, send};
    use serde_json::{Value, json};

    const BASE: &str = "https://contoso.crm.dynamics.com/api/data/v9.2/";
    const CHILDREN: &str = "adx_webpage_webpage";
    const MESSAGE: &str = "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or \
                           nested one-to-many relationship.";

    /// Page 1 with the children 2, 3 and 4, and a tag.
    fn family() -> Environment {
        let mut environment = portal();
        for number in 1..=4 {
            let mut body = page(number, &format!("p{number}"));
            if number > 1 {
                body["adx_parentpageid@odata.bind"] = format!("/adx_webpages({})", id(1)).into();
            }
            post(&mut environment, "adx_webpages", &body);
        }
        post(&mut environment, "adx_pagetags", &json!({"adx_pagetagid": id(80), "adx_name": "tag"}));
        let tag = json!({"@odata.id": format!("/adx_pagetags({})", id(80))});
        let path = format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(1));
        send(&mut environment, "POST", &path, &[], &tag);
        environment
    }

    fn one(options: &str) -> String {
        format!("adx_webpages({})?$select=adx_name&$expand={options}", id(1))
    }

    fn names(rows: &Value) -> Vec<&str> {
        rows.as_array().unwrap().iter().map(|row| row["adx_name"].as_str().unwrap()).collect()
    }

    #[test]
    fn a_collection_is_filtered_sorted_and_cut_and_its_link_repeats_it() {
        let mut environment = family();
        let options = "$select=adx_name;$filter=adx_name ne 'p3';$orderby=adx_name desc;$top=1";
        let answer = get(&mut environment, &one(&format!("{CHILDREN}({options})")));
        assert_eq!(names(&answer[CHILDREN]), ["p4"]);
        let child = &answer[CHILDREN][0];
        assert!(child["@odata.etag"].is_string(), "{child}");
        assert_eq!(child["_adx_parentpageid_value"], id(1).as_str(), "the lookup comes along");
        let link = answer[format!("{CHILDREN}@odata.nextLink")].as_str().unwrap().to_owned();
        let start =
            format!("{BASE}adx_webpages({})/{CHILDREN}?$select=adx_name&$filter=adx_name%20ne", id(1));
        assert!(link.starts_with(&start) && !link.contains("skiptoken"), "{link}");
        assert_eq!(names(&get(&mut environment, &link[BASE.len()..])["value"]), ["p4"]);
        let context = format!("{BASE}$metadata#adx_webpages(adx_name,{CHILDREN}(adx_name))/$entity");
        assert_eq!(answer["@odata.context"], context);
    }

    #[test]
    fn without_nesting_only_the_outer_rows_come_in_pages() {
        let mut environment = family();
        let headers = [("Prefer", "odata.maxpagesize=1")];
        let path = format!("adx_webpages?$select=adx_name&$expand={CHILDREN}($select=adx_name)");
        let (_, answer, _) = send(&mut environment, "GET", &path, &headers, &Value::Null);
        assert_eq!(names(&answer["value"][0][CHILDREN]), ["p2", "p3", "p4"]);
        assert!(!answer["@odata.nextLink"].as_str().unwrap().contains("countOfRecords"));
        let second = answer["@odata.nextLink"].as_str().unwrap()[BASE.len()..].to_owned();
        let (_, answer, _) = send(&mut environment, "GET", &second, &headers, &Value::Null);
        let row = &answer["value"][0];
        assert_eq!((&row["adx_name"], &row[CHILDREN]), (&json!("p2"), &json!([])));
        assert!(row[format!("{CHILDREN}@odata.nextLink")].is_string(), "an empty one has its link too");
    }

    #[test]
    fn with_nesting_collections_come_in_pages_that_their_links_lead_on_from() {
        let mut environment = family();
        let headers = [("Prefer", "odata.maxpagesize=2")];
        let nested = format!("{CHILDREN}($select=adx_name;$expand=adx_parentpageid($select=adx_name))");
        let path = format!("adx_webpages?$select=adx_name&$expand={nested}");
        let (_, answer, _) = send(&mut environment, "GET", &path, &headers, &Value::Null);
        let row = &answer["value"][0];
        assert_eq!(names(&row[CHILDREN]), ["p2", "p3"]);
        let child = &row[CHILDREN][0];
        assert_eq!((child.get("@odata.etag"), child.get("_adx_parentpageid_value")), (None, None));
        assert_eq!(child["adx_parentpageid"], json!({"adx_name": "p1", "adx_webpageid": id(1)}));
        assert!(answer["@odata.nextLink"].as_str().unwrap().contains("countOfRecords%253d%25222"));
        let link = row[format!("{CHILDREN}@odata.nextLink")].as_str().unwrap().to_owned();
        assert!(link.contains("$skiptoken=%3Ccookie%20pagenumber=%222%22"), "{link}");
        let (_, rest, _) = send(&mut environment, "GET", &link[BASE.len()..], &headers, &Value::Null);
        assert_eq!(names(&rest["value"]), ["p4"]);
    }

    #[test]
    fn references_are_addresses_and_only_of_lookups() {
        let mut environment = family();
        let path = format!("adx_webpages({})?$select=adx_name&$expand=adx_parentpageid/$ref", id(2));
        let answer = get(&mut environment, &path);
        let address = format!("{BASE}adx_webpages({})", id(1));
        assert_eq!(answer["adx_parentpageid"], json!({"@odata.id": address}));
        assert_eq!(answer["_adx_parentpageid_value"], id(1).as_str());
        let context = format!(
            "{BASE}$metadata#adx_webpages(adx_name,adx_parentpageid,adx_parentpageid/$ref())/$entity"
        );
        assert_eq!(answer["@odata.context"], context);
        let (status, code, message) =
            refused(&mut environment, "GET", &one(&format!("{CHILDREN}/$ref")), &Value::Null);
        let expected = "Expand with $ref is only supported on lookup type navigation property.";
        assert_eq!((status, code.as_str(), message.as_str()), (400, "0x80060888", expected));
    }

    #[test]
    fn sorting_and_cutting_is_for_collections_without_nesting() {
        let mut environment = family();
        for options in [
            "adx_parentpageid($orderby=adx_name)".to_owned(),
            "adx_parentpageid($top=1)".to_owned(),
            format!("{CHILDREN}($top=1;$expand=adx_parentpageid)"),
            format!("{CHILDREN}($orderby=adx_name),adx_websiteid($expand=createdby)"),
        ] {
            let found = refused(&mut environment, "GET", &one(&options), &Value::Null);
            assert_eq!(
                (found.0, found.1.as_str(), found.2.as_str()),
                (400, "0x80060888", MESSAGE),
                "{options}"
            );
        }
    }

    #[test]
    fn many_to_many_collections_stand_alone() {
        let mut environment = family();
        let answer = get(&mut environment, &one("adx_pagetag_webpage($select=adx_name)"));
        assert_eq!(names(&answer["adx_pagetag_webpage"]), ["tag"]);
        for options in [
            "adx_pagetag_webpage($expand=createdby)",
            &format!("{CHILDREN}($expand=adx_pagetag_webpage)"),
            "adx_pagetag_webpage,adx_parentpageid",
        ] {
            let (status, code, message) = refused(&mut environment, "GET", &one(options), &Value::Null);
            let expected = "The navigation property 'adx_pagetag_webpage' cannot be expanded. Only many-to-one relationships \
                            are supported for nested expansion.";
            assert_eq!((status, code.as_str(), message.as_str()), (400, "0x80060888", expected), "{options}");
        }
    }

    #[test]
    fn at_most_15_properties_are_expanded_with_the_options_there_are() {
        let mut environment = family();
        let levels = |number: usize| {
            let open = "adx_parentpageid($expand=".repeat(number - 1);
            format!("{open}adx_parentpageid{}", ")".repeat(number - 1))
        };
        for options in [
            levels(16).as_str(),
            "adx_parentpageid,adx_parentpageid",
            "adx_parentpageid($levels=2)",
            "adx_parentpageid($count=true)",
            "adx_parentpageid($filter=adx_name eq @p1)&@p1='p1'",
            "adx_parentpageid($select=Adx_name)",
            "adx_ParentPageId",
        ] {
            assert_eq!(refused(&mut environment, "GET", &one(options), &Value::Null).0, 400, "{options}");
        }
        assert_eq!(get(&mut environment, &one(&levels(15)))["adx_parentpageid"], Value::Null);
    }

    #[test]
    fn an_owner_is_a_user_or_a_team_and_shows_its_key() {
        let mut environment = portal();
        let path = format!("contacts({CONTACT})?$select=lastname&$expand=ownerid($select=ownerid)");
        let owner = get(&mut environment, &path)["ownerid"].clone();
        let user = get(&mut environment, "WhoAmI")["UserId"].clone();
        assert_eq!(owner, json!({"@odata.type": "#Microsoft.Dynamics.CRM.systemuser", "ownerid": user}));
        let path = format!("contacts({CONTACT})?$select=lastname&$expand=createdby($select=fullname)");
        let creator = get(&mut environment, &path)["createdby"].clone();
        assert_eq!(creator, json!({"fullname": "Avery Howard", "systemuserid": user, "ownerid": user}));
        let wrong = path.replace("createdby", "ownerid");
        let message = refused(&mut environment, "GET", &wrong, &Value::Null).2;
        assert_eq!(
            message,
            "Could not find a property named 'fullname' on type 'Microsoft.Dynamics.CRM.principal'."
        );
    }
}
