//! How URLs name rows: `set(id)`, `set(key='value')`, alone or at the end of a longer URL.

use crate::api::{Segment, segments, service_path};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::{Column, Kind, Table};
use crate::values::{Cell, from_key_literal};
use uuid::Uuid;

/// What stands in the parentheses after an entity set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowName {
    /// The primary key, with or without its name.
    Id(Uuid),
    /// An alternate key.
    Key {
        /// Which of the table's keys.
        number: usize,
        /// Column positions and values in the order of the key's columns.
        values: Vec<(usize, Cell)>,
    },
}

impl RowName {
    /// The values of an alternate key; none of a primary key.
    pub(crate) fn values(&self) -> &[(usize, Cell)] {
        match self {
            RowName::Id(_) => &[],
            RowName::Key { values, .. } => values,
        }
    }
}

impl Environment {
    /// Reads the parentheses of a segment; `None` where there are none.
    pub(crate) fn row_name(&self, table: usize, segment: &Segment) -> Result<Option<RowName>, Refusal> {
        let described = &self.catalog.tables[table];
        let Some(text) = segment.key.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
        if let Ok(id) = Uuid::try_parse(text.trim_matches('\'')) {
            return Ok(Some(RowName::Id(id)));
        }
        let literals = segment.literals()?;
        if let [(name, value)] = literals.as_slice()
            && *name == described.primary_id
        {
            let id = Uuid::try_parse(value).map_err(|_| Refusal::wrong_literal(value, "Edm.Guid"))?;
            return Ok(Some(RowName::Id(id)));
        }
        self.alternate_key(described, &literals).map(Some)
    }

    fn alternate_key(&self, table: &Table, literals: &[(&str, &str)]) -> Result<RowName, Refusal> {
        let mut found = Vec::new();
        for (name, literal) in literals {
            let position = table.position_of_property(name).ok_or_else(|| no_key(table))?;
            let column = &table.columns[position];
            refuse_unsupported(column, literal)?;
            let cell = from_key_literal(column, literal)
                .ok_or_else(|| Refusal::wrong_literal(literal, column.kind.edm()))?;
            found.push((position, self.with_target(column, cell)));
        }
        let is_whole = |columns: &[String]| {
            columns.len() == found.len()
                && columns
                    .iter()
                    .all(|c| found.iter().any(|(position, _)| table.columns[*position].name == *c))
        };
        let number = table.keys.iter().position(|key| is_whole(&key.columns)).ok_or_else(|| no_key(table))?;
        let place = |position: usize| {
            table.keys[number].columns.iter().position(|c| *c == table.columns[position].name)
        };
        found.sort_by_key(|(position, _)| place(*position));
        Ok(RowName::Key { number, values: found })
    }

    /// The id in a lookup's part of a key becomes a reference to the table that has such a row.
    fn with_target(&self, column: &Column, cell: Cell) -> Cell {
        let (Some(lookup), Some(id)) = (column.lookup(), cell.id()) else { return cell };
        let targets = lookup.targets();
        let has_row = |target: &&&str| {
            self.catalog.position(target).is_some_and(|table| self.store.get(table, id).is_some())
        };
        match targets.iter().find(has_row).or(targets.first()) {
            Some(table) => Cell::Lookup { table: (*table).to_owned(), id },
            None => cell,
        }
    }

    /// The row that a reference names; refused where it is not there.
    pub(crate) fn resolve(&self, reference: &str) -> Result<(usize, Uuid), Refusal> {
        let (table, name) = self.reference_name(reference)?;
        Ok((table, self.located(table, &name)?))
    }

    /// The table and row that a reference means: `/set(id)`, `set(key='value')`, or either as a full URL.
    pub(crate) fn reference_name(&self, reference: &str) -> Result<(usize, RowName), Refusal> {
        let malformed =
            || Refusal::odata(format!("The reference '{reference}' is not of the form /entityset(id)."));
        let segments = segments(self.below_service(reference)?)?;
        let [row] = segments.as_slice() else { return Err(malformed()) };
        if row.key.is_none() {
            return Err(malformed());
        }
        let table = self.catalog.position_of_set(&row.name).ok_or_else(|| Refusal::no_resource(&row.name))?;
        Ok((table, self.row_name(table, row)?.ok_or_else(malformed)?))
    }

    /// What follows the address of the service. Inferred, the stricter reading: a row of another environment, and a
    /// path beside the service, are no rows of this one.
    fn below_service<'a>(&self, reference: &'a str) -> Result<&'a str, Refusal> {
        let foreign = || {
            Refusal::odata(format!(
                "The URI '{reference}' is not valid because it is not based on '{}'.",
                self.origin
            ))
        };
        if !reference.contains("://") {
            return Ok(service_path(reference).map_or(reference, |(_, rest)| rest));
        }
        let start =
            reference.get(..self.origin.len()).filter(|start| start.eq_ignore_ascii_case(&self.origin));
        let path = start.map(|start| &reference[start.len()..]).and_then(service_path);
        path.map(|(_, rest)| rest).ok_or_else(foreign)
    }
}

/// Characters that Microsoft's page on alternate keys says values cannot have. Users report some of them to work: the
/// stricter reading. The text is the one reported for a slash.
fn refuse_unsupported(column: &Column, literal: &str) -> Result<(), Refusal> {
    const UNSUPPORTED: &[char] = &['/', '<', '>', '*', '%', '&', ':', '\\', '?', '+'];
    if matches!(column.kind, Kind::Text { .. }) && literal.contains(UNSUPPORTED) {
        return Err(Refusal::new(400, "0x8006088a", "Bad Request - Error in query syntax."));
    }
    Ok(())
}

/// Columns that are no key. The text is Microsoft's (page on alternate keys), the code recorded with it by users of
/// the Web API; `0x80060890` is what the organization service says to the same.
fn no_key(table: &Table) -> Refusal {
    let name = &table.name;
    let message = format!(
        "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.{name}'. Ensure that the names and \
         number of key properties match the declared or alternate key properties for the resource \
         'Microsoft.Dynamics.CRM.{name}'."
    );
    Refusal::new(400, "0x80060888", message)
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{ACCOUNT, get, id, keyed, post, refused, send};
    use serde_json::{Value, json};

    fn with_page(name: &str) -> Environment {
        let mut environment = keyed();
        let site = json!({"adx_websiteid": id(8), "adx_name": "S"});
        post(&mut environment, "adx_websites", &site);
        let page = json!({
            "adx_webpageid": id(1), "adx_name": name, "adx_displayorder": 1,
            "adx_websiteid@odata.bind": format!("/adx_websites({})", id(8)),
        });
        post(&mut environment, "adx_webpages", &page);
        environment
    }

    #[test]
    fn a_key_stands_wherever_an_id_can() {
        let mut environment = with_page("Home");
        let page = "adx_webpages(adx_name='Home')";
        assert_eq!(get(&mut environment, page)["adx_webpageid"], id(1).as_str());
        assert_eq!(get(&mut environment, &format!("{page}/adx_displayorder"))["value"], 1);
        assert_eq!(get(&mut environment, &format!("{page}/adx_websiteid"))["adx_name"], "S");
        let child = json!({"adx_name": "Child", "adx_parentpageid@odata.bind": format!("/{page}")});
        let child = post(&mut environment, "adx_webpages", &child);
        let row = get(&mut environment, &format!("adx_webpages({child})"));
        assert_eq!(row["_adx_parentpageid_value"], id(1).as_str());
        let parent = json!({"@odata.id": "https://contoso.crm.dynamics.com/api/data/v9.2/adx_webpages(adx_name='Child')"});
        let reference = format!("{page}/adx_parentpageid/$ref");
        assert_eq!(send(&mut environment, "PUT", &reference, &[], &parent).0, 204);
        let children = format!("{page}/adx_webpage_webpage(adx_name='Child')/$ref");
        assert_eq!(send(&mut environment, "DELETE", &children, &[], &Value::Null).0, 204);
        assert_eq!(send(&mut environment, "DELETE", page, &[], &Value::Null).0, 204);
        assert_eq!(environment.count("adx_webpage"), 1);
    }

    #[test]
    fn a_row_elsewhere_is_no_row_of_this_environment() {
        let mut environment = with_page("Home");
        let service = "https://contoso.crm.dynamics.com/api/data/v9.2";
        let site = format!("adx_websites({})", id(8));
        for (place, status) in [
            (format!("{service}/{site}"), 204),
            (format!("/api/data/v9.2/{site}"), 204),
            (format!("https://CONTOSO.crm.dynamics.com/api/data/v9.2/{site}"), 204),
            (format!("https://fabrikam.crm.dynamics.com/api/data/v9.2/{site}"), 400),
            (format!("https://contoso.crm.dynamics.com.example/api/data/v9.2/{site}"), 400),
            (format!("https://contoso.crm.dynamics.com/{site}"), 400),
            (format!("/accounts({ACCOUNT})/{site}"), 400),
        ] {
            let page = format!("adx_webpages({})", id(1));
            let body = json!({"adx_websiteid@odata.bind": place});
            assert_eq!(send(&mut environment, "PATCH", &page, &[], &body).0, status, "{place}");
            let reference = json!({"@odata.id": place});
            let path = format!("{page}/adx_websiteid/$ref");
            assert_eq!(send(&mut environment, "PUT", &path, &[], &reference).0, status, "{place}");
        }
    }

    #[test]
    fn keys_of_several_parts_come_in_any_order_and_lookups_by_their_value() {
        let mut environment = with_page("Home");
        for page in [
            format!("adx_webpages(_adx_websiteid_value={},adx_displayorder=1)", id(8)),
            format!("adx_webpages(adx_displayorder=1,_adx_websiteid_value={})", id(8)),
        ] {
            assert_eq!(get(&mut environment, &page)["adx_name"], "Home", "{page}");
        }
        let (status, code, _) =
            refused(&mut environment, "GET", "adx_webpages(adx_displayorder=1)", &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x80060888"));
    }

    #[test]
    fn key_values_are_encoded_and_double_their_quotes() {
        let mut environment = with_page("It's a (b), é");
        for page in [
            "adx_webpages(adx_name='It''s%20a%20(b),%20%C3%A9')",
            "adx_webpages(adx_name=%27It%27%27s%20a%20(b),%20%C3%A9%27)",
        ] {
            assert_eq!(get(&mut environment, page)["adx_webpageid"], id(1).as_str(), "{page}");
        }
        let lone = refused(&mut environment, "GET", "adx_webpages(adx_name='It's')", &Value::Null);
        assert_eq!(lone.0, 400);
    }

    #[test]
    fn some_characters_cannot_be_in_the_value_of_a_key() {
        let mut environment = with_page("a/b");
        for value in ["a/b", "a%2Fb", "50%25", "a:b", "a%5Cb", "a+b", "a%26b"] {
            let page = format!("adx_webpages(adx_name='{value}')");
            let (status, code, message) = refused(&mut environment, "GET", &page, &Value::Null);
            assert_eq!((status, code.as_str()), (400, "0x8006088a"), "{page}");
            assert_eq!(message, "Bad Request - Error in query syntax.");
        }
    }

    #[test]
    fn text_needs_its_quotes_and_numbers_have_none() {
        let mut environment = with_page("1");
        for page in [
            "adx_webpages(adx_name=1)".to_owned(),
            format!("adx_webpages(adx_displayorder='1',_adx_websiteid_value={})", id(8)),
        ] {
            let (status, _, message) = refused(&mut environment, "GET", &page, &Value::Null);
            assert!(status == 400 && message.contains("Cannot convert the literal"), "{page}: {message}");
        }
    }

    #[test]
    fn columns_that_are_no_key_find_nothing() {
        let mut environment = with_page("Home");
        for path in
            ["contacts(lastname='Ng')", "adx_webpages(adx_partialurl='x')", "adx_webpages(Adx_name='Home')"]
        {
            let (status, code, message) = refused(&mut environment, "GET", path, &Value::Null);
            assert_eq!((status, code.as_str()), (400, "0x80060888"), "{path}");
            assert!(message.starts_with(
                "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM."
            ));
        }
    }

    #[test]
    fn a_key_that_no_row_has_says_so() {
        let mut environment = with_page("Home");
        let (status, code, message) =
            refused(&mut environment, "GET", "adx_webpages(adx_name='x')", &Value::Null);
        assert_eq!((status, code.as_str()), (404, "0x80060891"));
        assert_eq!(message, "A record with the specified key values does not exist in adx_webpage entity");
        let bound = json!({"adx_parentpageid@odata.bind": "/adx_webpages(adx_name='x')"});
        assert_eq!(refused(&mut environment, "POST", "adx_webpages", &bound).1, "0x80060891");
    }

    #[test]
    fn rows_that_share_a_key_from_before_the_rules_are_too_many() {
        let mut environment = keyed();
        for number in [1, 2] {
            let id = uuid::Uuid::try_parse(&id(number)).unwrap();
            environment.add_row("adx_webpage", id, &[("adx_name", crate::Cell::text("Twin"))]);
        }
        let (status, code, message) =
            refused(&mut environment, "GET", "adx_webpages(adx_name='Twin')", &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x8006089d"));
        assert_eq!(
            message,
            "More than one record exists for entity adx_webpage with entity key involving attributes adx_name"
        );
    }

    #[test]
    fn the_name_of_the_primary_key_may_stand_before_its_value() {
        let mut environment = keyed();
        assert_eq!(get(&mut environment, &format!("accounts(accountid={ACCOUNT})"))["accountid"], ACCOUNT);
        assert_eq!(refused(&mut environment, "GET", "accounts(accountid=1)", &Value::Null).0, 400);
    }
}
