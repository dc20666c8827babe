//! `GET set?fetchXml=…`

use super::fetch_condition::attribute;
use super::fetch_join::{Joined, Scope, cell};
use super::fetch_xml::FetchXml;
use super::page::first_of;
use super::{Cookie, LARGEST_PAGE};
use crate::answer::{Answer, Object};
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::etag;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::HashSet;

const COOKIE: &str = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie";
const MORE: &str = "Microsoft.Dynamics.CRM.morerecords";

impl Environment {
    /// Runs FetchXML; the set must be the one of the root entity.
    pub(crate) fn fetch(&self, call: &Call, table: usize, xml: &str) -> Result<Answer, Refusal> {
        let fetch = FetchXml::parse(xml)?;
        let described = &self.catalog.tables[table];
        if fetch.entity.name != described.name {
            let message =
                format!("The entity '{}' of the FetchXML is not that of the entity set.", fetch.entity.name);
            return Err(Refusal::new(400, "0x80060888", message));
        }
        let (scopes, late) = self.scopes(&fetch.entity, table)?;
        let mut joined = self.join(&scopes, &late);
        self.sort(&scopes, &mut joined)?;
        if fetch.distinct {
            joined = self.distinct(&scopes, joined)?;
        }
        self.fetched(call, &fetch, &scopes, &joined)
    }

    fn sort(&self, scopes: &[Scope<'_>], joined: &mut [Joined<'_>]) -> Result<(), Refusal> {
        let mut orders = Vec::new();
        for (own, scope) in scopes.iter().enumerate() {
            for (name, descending, alias) in &scope.entity.orders {
                let scope = alias
                    .as_ref()
                    .and_then(|alias| scopes.iter().position(|s| s.alias == *alias))
                    .unwrap_or(own);
                orders.push((
                    scope,
                    attribute(&self.catalog.tables[scopes[scope].table], name)?,
                    *descending,
                ));
            }
        }
        joined.sort_by(|a, b| {
            orders.iter().fold(Ordering::Equal, |order, (scope, column, descending)| {
                order.then_with(|| {
                    let order = cell(a, *scope, *column).order(cell(b, *scope, *column));
                    if *descending { order.reverse() } else { order }
                })
            })
        });
        Ok(())
    }

    /// Rows that show the same in all columns asked for come once.
    fn distinct<'a>(
        &self,
        scopes: &[Scope<'_>],
        joined: Vec<Joined<'a>>,
    ) -> Result<Vec<Joined<'a>>, Refusal> {
        let columns = self.shown_columns(scopes)?;
        let mut seen = HashSet::new();
        Ok(joined
            .into_iter()
            .filter(|tuple| {
                let values: Vec<String> = columns
                    .iter()
                    .map(|(scope, column, _)| cell(tuple, *scope, *column).to_json().to_string())
                    .collect();
                seen.insert(values)
            })
            .collect())
    }

    /// (scope, column, name in the answer) of everything asked for.
    fn shown_columns(&self, scopes: &[Scope<'_>]) -> Result<Vec<(usize, usize, String)>, Refusal> {
        let mut columns = Vec::new();
        for (position, scope) in scopes.iter().enumerate() {
            let table = &self.catalog.tables[scope.table];
            let prefix = if position == 0 { String::new() } else { format!("{}.", scope.alias) };
            let name = |column: usize| {
                let column = &table.columns[column];
                if position == 0 { column.property() } else { format!("{prefix}{}", column.name) }
            };
            if scope.entity.all_attributes {
                let all = (0..table.columns.len()).filter(|column| table.columns[*column].has_property());
                columns.extend(all.map(|column| (position, column, name(column))));
            }
            for (attribute_name, alias) in &scope.entity.attributes {
                let column = attribute(table, attribute_name)?;
                columns.push((position, column, alias.clone().unwrap_or_else(|| name(column))));
            }
            let key = table.position(&table.primary_id).filter(|_| position == 0);
            if let Some(key) = key.filter(|key| columns.iter().all(|(p, c, _)| (*p, *c) != (0, *key))) {
                columns.push((0, key, name(key)));
            }
        }
        Ok(columns)
    }

    fn fetched(
        &self,
        call: &Call,
        fetch: &FetchXml,
        scopes: &[Scope<'_>],
        joined: &[Joined<'_>],
    ) -> Result<Answer, Refusal> {
        let size =
            fetch.top.or(fetch.count).or(call.prefer.page_size).unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
        let page = fetch.page.unwrap_or(1).max(1);
        let start = start_of(fetch, page, size, joined);
        let end = (start + size).min(joined.len());
        let columns = self.shown_columns(scopes)?;
        let mut values = Vec::new();
        for tuple in &joined[start..end] {
            values.push(self.fetched_row(call, scopes, &columns, tuple));
        }
        let described = &self.catalog.tables[scopes[0].table];
        let mut body = Object::default();
        body.push("@odata.context", call.context(&described.entity_set));
        let more = end < joined.len() && fetch.top.is_none();
        if call.prefer.wants(MORE) {
            body.push(format!("@{MORE}"), Value::Bool(more));
        }
        // Rows sorted by a linked entity have no cookie.
        let plain = scopes.iter().skip(1).all(|scope| scope.entity.orders.is_empty());
        let ends =
            joined[start..end].first().and_then(|t| t[0]).zip(joined[start..end].last().and_then(|t| t[0]));
        if let (true, true, true, Some((first, last))) = (more, plain, call.prefer.wants(COOKIE), ends) {
            let cookie = Cookie { page: page.saturating_add(1), last: Some(last.id) };
            body.push(format!("@{COOKIE}"), cookie.text(&described.primary_id, first.id));
        }
        body.push("value", values);
        Ok(Answer::json(200, &body))
    }

    /// Columns without a value are left out.
    fn fetched_row(
        &self,
        call: &Call,
        scopes: &[Scope<'_>],
        columns: &[(usize, usize, String)],
        tuple: &Joined<'_>,
    ) -> Object {
        let mut object = Object::default();
        if let Some(row) = tuple[0] {
            object.push("@odata.etag", etag(row));
        }
        for (scope, column, name) in columns {
            let Some(row) = tuple[*scope] else { continue };
            let table = scopes[*scope].table;
            let cell = row.cells[*column].clone();
            if !cell.is_empty() {
                self.push_cell(&mut object, &call.prefer, table, *column, name, cell);
            }
        }
        object
    }
}

/// After the cookie's row, or where the page's number says.
fn start_of(fetch: &FetchXml, page: usize, size: usize, joined: &[Joined<'_>]) -> usize {
    let last = fetch.cookie.as_ref().and_then(|inner| Cookie::of_fetch(page, inner).last);
    let after =
        last.and_then(|last| joined.iter().rposition(|tuple| tuple[0].is_some_and(|row| row.id == last)));
    after.map_or(first_of(page, size), |position| position + 1).min(joined.len())
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, id, portal, post, refused, send};
    use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
    use serde_json::{Value, json};

    fn fetch(environment: &mut Environment, set: &str, xml: &str) -> Value {
        get(environment, &path(set, xml))
    }

    fn path(set: &str, xml: &str) -> String {
        format!("{set}?fetchXml={}", utf8_percent_encode(xml, NON_ALPHANUMERIC))
    }

    /// A site with pages 1 and 2, and page 3 without a site; page 1 has two tags.
    fn site() -> Environment {
        let mut environment = portal();
        post(&mut environment, "adx_websites", &json!({"adx_websiteid": id(90), "adx_name": "S"}));
        for number in 1..=3 {
            let mut body = json!({"adx_webpageid": id(number), "adx_name": format!("p{number}"), "adx_displayorder": 9 - number});
            if number < 3 {
                body["adx_websiteid@odata.bind"] = format!("/adx_websites({})", id(90)).into();
            }
            post(&mut environment, "adx_webpages", &body);
        }
        for number in [80, 81] {
            post(&mut environment, "adx_pagetags", &json!({"adx_pagetagid": id(number)}));
            let body = json!({"@odata.id": format!("/adx_pagetags({})", id(number))});
            send(
                &mut environment,
                "POST",
                &format!("adx_webpages({})/adx_pagetag_webpage/$ref", id(1)),
                &[],
                &body,
            );
        }
        environment
    }

    fn names(answer: &Value) -> Vec<&str> {
        answer["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["adx_name"].as_str().unwrap_or("-"))
            .collect()
    }

    #[test]
    fn attributes_conditions_and_order_are_followed() {
        let mut environment = site();
        let entity = |inside: &str| {
            format!("<fetch><entity name='adx_webpage'><attribute name='adx_name'/>{inside}</entity></fetch>")
        };
        for (inside, expected) in [
            ("<order attribute='adx_displayorder'/>", vec!["p3", "p2", "p1"]),
            ("<order attribute='adx_name' descending='true'/>", vec!["p3", "p2", "p1"]),
            (
                "<filter><condition attribute='adx_name' operator='like' value='P%'/><condition attribute='adx_displayorder' operator='ge' value='7'/></filter>",
                vec!["p1", "p2"],
            ),
            (
                "<filter type='or'><condition attribute='adx_name' operator='eq' value='p1'/><condition attribute='adx_websiteid' operator='null'/></filter>",
                vec!["p1", "p3"],
            ),
            (
                "<filter><condition attribute='adx_webpageid' operator='in'><value>00000000-0000-0000-0000-000000000002</value><value>00000000-0000-0000-0000-000000000003</value></condition></filter>",
                vec!["p2", "p3"],
            ),
            (
                "<filter><condition attribute='adx_name' operator='not-in'><value>p1</value></condition></filter>",
                vec!["p2", "p3"],
            ),
            (
                "<filter><condition attribute='createdby' operator='eq-userid'/></filter>",
                vec!["p1", "p2", "p3"],
            ),
        ] {
            assert_eq!(
                names(&fetch(&mut environment, "adx_webpages", &entity(inside))),
                expected,
                "{inside}"
            );
        }
    }

    #[test]
    fn links_join_inner_and_outer() {
        let mut environment = site();
        let link = |kind: &str| {
            format!(
                "<fetch><entity name='adx_webpage'><attribute name='adx_name'/><link-entity name='adx_website' from='adx_websiteid' \
                 to='adx_websiteid' alias='s' link-type='{kind}'><attribute name='adx_name'/></link-entity></entity></fetch>"
            )
        };
        let inner = fetch(&mut environment, "adx_webpages", &link("inner"));
        assert_eq!((names(&inner), &inner["value"][0]["s.adx_name"]), (vec!["p1", "p2"], &json!("S")));
        let outer = fetch(&mut environment, "adx_webpages", &link("outer"));
        assert_eq!((names(&outer), outer["value"][2].get("s.adx_name")), (vec!["p1", "p2", "p3"], None));
    }

    #[test]
    fn links_through_the_intersect_table_repeat_rows_unless_distinct() {
        let mut environment = site();
        let xml = |distinct: &str| {
            format!(
                "<fetch {distinct}><entity name='adx_webpage'><attribute name='adx_name'/><link-entity name='adx_pagetag_webpage' \
                 from='adx_webpageid' to='adx_webpageid' intersect='true'><link-entity name='adx_pagetag' from='adx_pagetagid' \
                 to='adx_pagetagid'/></link-entity></entity></fetch>"
            )
        };
        assert_eq!(names(&fetch(&mut environment, "adx_webpages", &xml(""))), ["p1", "p1"]);
        assert_eq!(names(&fetch(&mut environment, "adx_webpages", &xml("distinct='true'"))), ["p1"]);
    }

    #[test]
    fn empty_columns_are_left_out() {
        let mut environment = site();
        let xml = "<fetch top='1'><entity name='adx_webpage'><all-attributes/></entity></fetch>";
        let row = fetch(&mut environment, "adx_webpages", xml)["value"][0].clone();
        assert!(row.as_object().unwrap().values().all(|value| !value.is_null()), "{row}");
        assert_eq!(row["_adx_websiteid_value"], id(90).as_str());
    }

    #[test]
    fn the_cookie_decoded_twice_leads_to_the_next_page() {
        let mut environment = site();
        let headers = [(
            "Prefer",
            "odata.include-annotations=\"Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords\"",
        )];
        let first = "<fetch count='2' page='1'><entity name='adx_webpage'><attribute name='adx_name'/></entity></fetch>";
        let (_, answer, _) =
            send(&mut environment, "GET", &path("adx_webpages", first), &headers, &Value::Null);
        assert_eq!(
            (names(&answer), &answer["@Microsoft.Dynamics.CRM.morerecords"]),
            (vec!["p1", "p2"], &json!(true))
        );
        let cookie = answer["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"].as_str().unwrap();
        let inner = cookie.split("pagingcookie=\"").nth(1).unwrap().split('"').next().unwrap();
        let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        let escaped = decode(&decode(inner))
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        let second = first.replace("page='1'", &format!("page='2' paging-cookie='{escaped}'"));
        // The row before the page is gone: the cookie still knows where to go on.
        send(&mut environment, "DELETE", &format!("adx_webpages({})", id(1)), &[], &Value::Null);
        let (_, answer, _) =
            send(&mut environment, "GET", &path("adx_webpages", &second), &headers, &Value::Null);
        assert_eq!(
            (names(&answer), &answer["@Microsoft.Dynamics.CRM.morerecords"]),
            (vec!["p3"], &json!(false))
        );
        let plain = fetch(&mut environment, "adx_webpages", first);
        assert_eq!(plain.get("@Microsoft.Dynamics.CRM.morerecords"), None, "only where it is asked for");
    }

    #[test]
    fn what_is_not_there_is_refused_by_the_recorded_code() {
        let mut environment = site();
        for (set, xml, status, code) in [
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><attribute name='Adx_name'/></entity></fetch>",
                400,
                "0x80041103",
            ),
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><filter><condition attribute='x' operator='null'/></filter></entity></fetch>",
                400,
                "0x80041103",
            ),
            ("adx_webpages", "<fetch><entity name='account'/></fetch>", 400, "0x80060888"),
            (
                "adx_webpages",
                "<fetch><entity name='adx_webpage'><link-entity name='nothing' from='a' to='b'/></entity></fetch>",
                400,
                "0x80041102",
            ),
            ("adx_webpages", "<fetch><entity name='adx_webpage'>", 400, "0x80041112"),
            (
                "adx_webpages",
                "<fetch aggregate='true'><entity name='adx_webpage'/></fetch>",
                501,
                "0x80040203",
            ),
        ] {
            let (found, found_code, message) =
                refused(&mut environment, "GET", &path(set, xml), &Value::Null);
            assert_eq!((found, found_code.as_str()), (status, code), "{message}");
        }
        let xml = "<fetch><entity name='adx_webpage'><attribute name='agentlifecycle'/></entity></fetch>";
        let message = refused(&mut environment, "GET", &path("adx_webpages", xml), &Value::Null).2;
        assert!(message.starts_with("'adx_webpage' entity doesn't contain attribute with Name = 'agentlifecycle' and NameMapping = 'Logical'"));
    }
}
