//! FetchXML through the front door.

use crate::Environment;
use crate::testing::{get, id, portal, post, send};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

pub(super) fn fetch(environment: &mut Environment, set: &str, xml: &str) -> Value {
    get(environment, &path(set, xml))
}

pub(super) fn path(set: &str, xml: &str) -> String {
    format!("{set}?fetchXml={}", utf8_percent_encode(xml, NON_ALPHANUMERIC))
}

/// A site with pages 1 and 2, and page 3 without a site; page 1 has two tags.
pub(super) fn site() -> Environment {
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

pub(super) fn names(answer: &Value) -> Vec<&str> {
    answer["value"].as_array().unwrap().iter().map(|row| row["adx_name"].as_str().unwrap_or("-")).collect()
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
        ("<filter><condition attribute='createdby' operator='eq-userid'/></filter>", vec!["p1", "p2", "p3"]),
    ] {
        assert_eq!(names(&fetch(&mut environment, "adx_webpages", &entity(inside))), expected, "{inside}");
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
    let first =
        "<fetch count='2' page='1'><entity name='adx_webpage'><attribute name='adx_name'/></entity></fetch>";
    let (_, answer, _) = send(&mut environment, "GET", &path("adx_webpages", first), &headers, &Value::Null);
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
    assert_eq!((names(&answer), &answer["@Microsoft.Dynamics.CRM.morerecords"]), (vec!["p3"], &json!(false)));
    let plain = fetch(&mut environment, "adx_webpages", first);
    assert_eq!(plain.get("@Microsoft.Dynamics.CRM.morerecords"), None, "only where it is asked for");
}

#[test]
fn the_context_lists_columns_with_their_lookups() {
    let mut environment = site();
    let xml = "<fetch top='1'><entity name='adx_webpage'><attribute name='adx_name' alias='n'/>\
               <attribute name='adx_websiteid'/></entity></fetch>";
    let headers = [("Prefer", "odata.include-annotations=\"*\"")];
    let (_, answer, _) = send(&mut environment, "GET", &path("adx_webpages", xml), &headers, &Value::Null);
    assert_eq!(
        answer["@odata.context"],
        "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#adx_webpages(n,_adx_websiteid_value,adx_websiteid,adx_webpageid,adx_websiteid())"
    );
    let row = &answer["value"][0];
    assert_eq!(row["n@OData.Community.Display.V1.AttributeName"], "adx_name");
    assert_eq!(row["_adx_websiteid_value@OData.Community.Display.V1.FormattedValue"], "S");
    assert_eq!(answer["@Microsoft.Dynamics.CRM.totalrecordcount"], -1);
    assert_eq!(answer["@Microsoft.Dynamics.CRM.morerecords"], false);
}

#[test]
fn an_entity_without_attributes_shows_all_but_no_attrs_shows_the_key() {
    let mut environment = site();
    let all = fetch(&mut environment, "adx_webpages", "<fetch><entity name='adx_webpage'/></fetch>");
    assert_eq!(all["value"][0]["adx_name"], "p1");
    let xml = "<fetch><entity name='adx_webpage'><no-attrs/></entity></fetch>";
    let row = fetch(&mut environment, "adx_webpages", xml)["value"][0].clone();
    assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), ["@odata.etag", "adx_webpageid"]);
    let xml = "<fetch distinct='true'><entity name='adx_webpage'><attribute name='adx_websiteid'/></entity></fetch>";
    let rows = fetch(&mut environment, "adx_webpages", xml)["value"].as_array().unwrap().clone();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.get("adx_webpageid").is_none()), "distinct rows have no key");
}

#[test]
fn rows_are_sorted_by_names_and_labels_and_the_cookie_says_so() {
    let mut environment = site();
    let xml = "<fetch count='1'><entity name='adx_webpage'><attribute name='adx_name'/>\
               <order attribute='adx_websiteid' descending='true'/><order attribute='adx_displayorder'/></entity></fetch>";
    let headers = [("Prefer", "odata.include-annotations=\"*\"")];
    let (_, answer, _) = send(&mut environment, "GET", &path("adx_webpages", xml), &headers, &Value::Null);
    assert_eq!(names(&answer), ["p2"]);
    let cookie = answer["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"].as_str().unwrap();
    let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let inner = decode(&decode(cookie));
    assert!(inner.contains("<adx_displayorder last=\"7\" first=\"7\" /><adx_webpageid last=\"{"), "{inner}");
    let linked = "<fetch count='1'><entity name='adx_webpage'><attribute name='adx_name'/><link-entity name='adx_website' \
                  from='adx_websiteid' to='adx_websiteid' alias='s'><order attribute='adx_name'/></link-entity></entity></fetch>";
    let (_, answer, _) = send(&mut environment, "GET", &path("adx_webpages", linked), &headers, &Value::Null);
    assert_eq!(answer["@Microsoft.Dynamics.CRM.morerecords"], true);
    assert_eq!(answer.get("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"), None, "sorted by a link");
}

#[test]
fn totals_come_where_they_are_asked_for() {
    let mut environment = site();
    let xml = "<fetch count='1' returntotalrecordcount='true'><entity name='adx_webpage'/></fetch>";
    assert_eq!(fetch(&mut environment, "adx_webpages", xml)["@odata.count"], 3);
    let plain = "<fetch count='1'><entity name='adx_webpage'/></fetch>";
    let counted = format!("{}&$count=true", path("adx_webpages", plain));
    assert_eq!(get(&mut environment, &counted)["@odata.count"], 3);
    assert_eq!(fetch(&mut environment, "adx_webpages", plain).get("@odata.count"), None);
}

#[test]
fn rows_that_a_link_repeats_are_lost_between_no_pages() {
    let mut environment = site();
    let headers = [("Prefer", "odata.include-annotations=\"*\"")];
    let entity = "<entity name='adx_webpage'><attribute name='adx_name'/><link-entity name='adx_pagetag_webpage' \
                  from='adx_webpageid' to='adx_webpageid' alias='t'><attribute name='adx_pagetagid'/></link-entity></entity>";
    let first = format!("<fetch count='1'>{entity}</fetch>");
    let (_, answer, _) = send(&mut environment, "GET", &path("adx_webpages", &first), &headers, &Value::Null);
    let inner =
        format!("&lt;cookie page=\"1\"&gt;&lt;adx_webpageid last=\"{{{}}}\" /&gt;&lt;/cookie&gt;", id(1));
    let second = format!("<fetch count='1' page='2' paging-cookie='{inner}'>{entity}</fetch>");
    let next = fetch(&mut environment, "adx_webpages", &second);
    let tag = |answer: &Value| answer["value"][0]["t.adx_pagetagid"].clone();
    assert_eq!((names(&next), tag(&answer) != tag(&next)), (vec!["p1"], true));
}

/// The pages of two rows of a query that is told by what stands inside its entity; between them somebody else acts.
fn in_pages(
    environment: &mut Environment,
    inside: &str,
    mut between: impl FnMut(&mut Environment, usize),
) -> Vec<String> {
    let headers = [("Prefer", "odata.include-annotations=\"*\"")];
    let (mut seen, mut cookie) = (Vec::new(), String::new());
    for page in 1.. {
        let xml = format!(
            "<fetch count='2' page='{page}' paging-cookie='{cookie}'><entity name='adx_webpage'>\
             <attribute name='adx_name'/>{inside}</entity></fetch>"
        );
        let (status, answer, _) =
            send(environment, "GET", &path("adx_webpages", &xml), &headers, &Value::Null);
        assert_eq!(status, 200, "{answer}");
        seen.extend(names(&answer).into_iter().map(str::to_owned));
        if answer["@Microsoft.Dynamics.CRM.morerecords"] == false {
            break;
        }
        let text = answer["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"].as_str().unwrap();
        let twice = text.split("pagingcookie=\"").nth(1).unwrap().split('"').next().unwrap();
        let once = percent_decode_str(twice).decode_utf8().unwrap().into_owned();
        let inner = percent_decode_str(&once).decode_utf8().unwrap().into_owned();
        cookie = inner.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        between(environment, page);
    }
    seen
}

#[test]
fn rows_that_come_and_go_between_pages_change_nothing_for_the_others() {
    let site_link = "<link-entity name='adx_website' from='adx_websiteid' to='adx_websiteid' alias='s' link-type='outer'/>";
    let tag_link = "<link-entity name='adx_pagetag_webpage' from='adx_webpageid' to='adx_webpageid' intersect='true' \
                    link-type='outer' alias='t'/>";
    for (order, links) in [
        ("", ""),
        ("<order attribute='adx_webpageid'/>", ""),
        ("<order attribute='adx_webpageid'/>", site_link),
        ("<order attribute='adx_webpageid'/>", tag_link),
    ] {
        let mut environment = site();
        for number in [11, 12, 13, 14] {
            let body = json!({"adx_webpageid": id(number), "adx_name": format!("p{number}")});
            post(&mut environment, "adx_webpages", &body);
        }
        let inside =
            format!("{order}<filter><condition attribute='adx_websiteid' operator='null'/></filter>{links}");
        let seen = in_pages(&mut environment, &inside, |environment, page| {
            if page == 1 {
                // The last row of the page, and one that comes before all others.
                assert!(environment.remove_row("adx_webpage", id(11).parse().unwrap()));
                post(environment, "adx_webpages", &json!({"adx_webpageid": id(4), "adx_name": "new"}));
            }
        });
        assert_eq!(seen, ["p3", "p11", "p12", "p13", "p14"], "{inside}");
    }
}

#[test]
fn a_page_of_many_rows_is_found_without_sorting_them() {
    let mut environment = portal();
    let table = environment.catalog.position("adx_webpage").unwrap();
    let width = environment.catalog.tables[table].columns.len();
    let key = environment.catalog.tables[table].position("adx_webpageid").unwrap();
    let name = environment.catalog.tables[table].position("adx_name").unwrap();
    for number in 1..=100_000_u128 {
        let mut cells = vec![crate::Cell::Empty; width];
        let id = uuid::Uuid::from_u128(number);
        (cells[key], cells[name]) = (crate::Cell::Id(id), crate::Cell::Text(number.to_string()));
        environment.store.put(table, crate::rows::Row { id, version: 0, cells });
    }
    environment.store.keep();
    let inner = format!(
        "<cookie page=\"1\"><adx_webpageid last=\"{{{}}}\" first=\"\" /></cookie>",
        uuid::Uuid::from_u128(99_990)
    );
    let cookie = inner.replace('<', "&lt;").replace('"', "&quot;");
    let xml = format!(
        "<fetch count='5' page='2' paging-cookie='{cookie}'><entity name='adx_webpage'><attribute name='adx_name'/>\
         <order attribute='adx_webpageid'/><link-entity name='systemuser' from='systemuserid' to='createdby' \
         link-type='outer' alias='u'/></entity></fetch>"
    );
    let path = path("adx_webpages", &xml);
    for _ in 0..100 {
        assert_eq!(names(&get(&mut environment, &path)), ["99991", "99992", "99993", "99994", "99995"]);
    }
}

#[test]
fn rows_that_lack_a_linked_one_are_counted_from_the_outside() {
    let mut environment = site();
    let xml = "<fetch aggregate='true'><entity name='adx_webpage'><attribute name='adx_webpageid' alias='rows' \
               aggregate='count'/><filter><condition entityname='s' attribute='adx_websiteid' operator='null'/>\
               <condition attribute='createdon' operator='ge' value='2000-01-01T00:00:00Z'/></filter><link-entity \
               name='adx_website' from='adx_websiteid' to='adx_websiteid' alias='s' link-type='outer'/></entity></fetch>";
    assert_eq!(fetch(&mut environment, "adx_webpages", xml)["value"], json!([{"rows": 1}]));
    let newest = "<fetch top='1'><entity name='adx_webpage'><attribute name='adx_name'/><attribute name='versionnumber'/>\
                  <order attribute='versionnumber' descending='true'/></entity></fetch>";
    let newest = fetch(&mut environment, "adx_webpages", newest)["value"][0].clone();
    assert_eq!(newest["adx_name"], "p3");
    let before = newest["versionnumber"].as_i64().unwrap();
    let change = json!({"adx_name": "changed"});
    send(&mut environment, "PATCH", &format!("adx_webpages({})", id(1)), &[], &change);
    let later = format!(
        "<fetch><entity name='adx_webpage'><attribute name='adx_name'/><filter><condition attribute='versionnumber' \
         operator='gt' value='{before}'/></filter></entity></fetch>"
    );
    assert_eq!(names(&fetch(&mut environment, "adx_webpages", &later)), ["changed"]);
}
