//! Reading rows through the front door.

use crate::Environment;
use crate::testing::{ACCOUNT, CONTACT, get, id, portal, post, refused, send};
use serde_json::{Value, json};

fn numbered(count: u8) -> Environment {
    let mut environment = portal();
    for number in 1..=count {
        let body = json!({"adx_webpageid": id(number), "adx_name": format!("p{number:03}"), "adx_displayorder": number % 3});
        post(&mut environment, "adx_webpages", &body);
    }
    environment
}

fn names(answer: &Value) -> Vec<&str> {
    answer["value"].as_array().unwrap().iter().map(|row| row["adx_name"].as_str().unwrap()).collect()
}

#[test]
fn the_key_always_comes_along_and_empty_columns_are_null() {
    let mut environment = numbered(1);
    let (_, _, answer) =
        send(&mut environment, "GET", "adx_webpages?$select=adx_name,adx_releasedate", &[], &Value::Null);
    let text = String::from_utf8(answer.body().clone()).unwrap();
    let expected =
        format!("\"adx_name\":\"p001\",\"adx_releasedate\":null,\"adx_webpageid\":\"{}\"}}]}}", id(1));
    assert!(text.ends_with(&expected), "{text}");
    assert!(text.contains("\"value\":[{\"@odata.etag\":\"W/\\\"1"), "{text}");
}

#[test]
fn selected_names_count_by_case() {
    for select in ["Adx_name", "name", "_adx_WebsiteId_value", "adx_websiteid", "adx_name,x"] {
        let (status, code, message) =
            refused(&mut portal(), "GET", &format!("adx_webpages?$select={select}"), &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x0"), "{select}");
        assert!(message.starts_with("Could not find a property named '"), "{message}");
    }
}

#[test]
fn annotations_come_before_their_value_and_only_when_wanted() {
    let mut environment = portal();
    post(&mut environment, "accounts", &json!({"accountid": id(1), "name": "A", "revenue": 1234.5}));
    let path = format!("accounts({})?$select=revenue,_ownerid_value,statecode,createdon", id(1));
    let plain = get(&mut environment, &path);
    assert!(plain.as_object().unwrap().keys().all(|key| !key.contains("Formatted")), "{plain}");
    let headers = [("Prefer", "odata.include-annotations=\"*\"")];
    let (_, row, answer) = send(&mut environment, "GET", &path, &headers, &Value::Null);
    let formatted = |name: &str| row[format!("{name}@OData.Community.Display.V1.FormattedValue")].clone();
    assert_eq!(
        (formatted("revenue"), formatted("_ownerid_value"), formatted("statecode")),
        (json!("$1,234.50"), json!("Avery Howard"), json!("Active"))
    );
    assert_eq!(row["_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty"], "ownerid");
    assert_eq!(row["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], "systemuser");
    assert_eq!(answer.headers()["preference-applied"], "odata.include-annotations=\"*\"");
    let text = String::from_utf8(answer.body().clone()).unwrap();
    assert!(text.find("revenue@OData").unwrap() < text.find("\"revenue\":").unwrap());
}

#[test]
fn pages_follow_their_links_to_the_last_row() {
    let mut environment = numbered(7);
    let headers = [("Prefer", "odata.maxpagesize=3")];
    let (mut path, mut seen) =
        ("adx_webpages?$select=adx_name&$orderby=adx_displayorder desc,adx_name".to_owned(), Vec::new());
    for size in [3, 3, 1] {
        let (_, answer, _) = send(&mut environment, "GET", &path, &headers, &Value::Null);
        assert_eq!(names(&answer).len(), size);
        seen.extend(names(&answer).into_iter().map(str::to_owned));
        let Some(link) = answer["@odata.nextLink"].as_str() else { break };
        assert!(link.contains("&$skiptoken=%3Ccookie%20pagenumber=%22"), "{link}");
        assert!(link.contains("pagingcookie=%22%253ccookie%2520page%253d%2522"), "{link}");
        path = link.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap().to_owned();
    }
    assert_eq!(seen, ["p002", "p005", "p001", "p004", "p007", "p003", "p006"]);
}

#[test]
fn no_page_has_more_than_5000_rows() {
    let mut environment = portal();
    let table = environment.catalog.position("adx_webpage").unwrap();
    for number in 0..5001_u128 {
        let row = environment.blank_row(table, uuid::Uuid::from_u128(number + 1));
        environment.store.put(table, row);
    }
    for headers in [&[][..], &[("Prefer", "odata.maxpagesize=9000")]] {
        let (_, answer, _) =
            send(&mut environment, "GET", "adx_webpages?$select=adx_name&$count=true", headers, &Value::Null);
        assert_eq!(answer["value"].as_array().unwrap().len(), 5000);
        assert_eq!(answer["@odata.count"], 5000);
        let next = answer["@odata.nextLink"].as_str().unwrap();
        let path = next.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap();
        let (_, rest, _) = send(&mut environment, "GET", path, headers, &Value::Null);
        assert_eq!((rest["value"].as_array().unwrap().len(), rest.get("@odata.nextLink")), (1, None));
    }
}

#[test]
fn top_ends_the_list_unless_a_page_size_is_given() {
    let mut environment = numbered(5);
    let top = get(&mut environment, "adx_webpages?$top=2&$select=adx_name");
    assert_eq!((names(&top).len(), top.get("@odata.nextLink")), (2, None));
    let headers = [("Prefer", "odata.maxpagesize=3")];
    let (_, paged, _) = send(&mut environment, "GET", "adx_webpages?$top=2", &headers, &Value::Null);
    assert_eq!(paged["value"].as_array().unwrap().len(), 3);
    assert!(paged["@odata.nextLink"].is_string());
}

#[test]
fn counts_start_with_a_byte_order_mark() {
    let (_, _, answer) = send(&mut numbered(4), "GET", "adx_webpages/$count", &[], &Value::Null);
    assert_eq!(answer.body(), b"\xef\xbb\xbf4");
}

#[test]
fn related_rows_are_expanded() {
    let mut environment = numbered(2);
    let body = json!({"adx_parentpageid@odata.bind": format!("/adx_webpages({})", id(1))});
    send(&mut environment, "PATCH", &format!("adx_webpages({})", id(2)), &[], &body);
    let path = "adx_webpages?$select=adx_name&$expand=adx_parentpageid($select=adx_name)&$orderby=adx_name";
    let answer = get(&mut environment, path);
    assert_eq!(answer["value"][0]["adx_parentpageid"], Value::Null);
    assert_eq!(answer["value"][1]["adx_parentpageid"]["adx_name"], "p001");
    let children = format!(
        "adx_webpages({})?$expand=adx_webpage_webpage($select=adx_name;$filter=adx_name eq 'p002')",
        id(1)
    );
    assert_eq!(get(&mut environment, &children)["adx_webpage_webpage"][0]["adx_name"], "p002");
    assert_eq!(
        refused(&mut environment, "GET", "adx_webpages?$expand=adx_ParentPageId", &Value::Null).0,
        400
    );
}

#[test]
fn the_service_answers_in_both_spellings_of_the_address() {
    let mut environment = portal();
    for path in [
        format!("accounts({ACCOUNT})"),
        format!("accounts(accountid={ACCOUNT})"),
        format!("accounts%28{ACCOUNT}%29"),
    ] {
        assert_eq!(get(&mut environment, &path)["accountid"], ACCOUNT);
    }
    let context =
        get(&mut environment, &format!("contacts({CONTACT})?$select=lastname"))["@odata.context"].clone();
    assert_eq!(
        context,
        "https://contoso.crm.dynamics.com/api/data/v9.2/$metadata#contacts(lastname)/$entity"
    );
}

#[test]
fn a_url_above_the_limit_is_refused() {
    let filter = "x".repeat(33_000);
    assert_eq!(
        refused(&mut portal(), "GET", &format!("accounts?$filter=name eq '{filter}'"), &Value::Null).0,
        414
    );
    post(&mut portal(), "annotations", &json!({"notetext": filter}));
}

#[test]
fn totals_are_told_where_they_are_asked_for() {
    let mut environment = numbered(4);
    let annotation = |answer: &Value, name: &str| answer[format!("@Microsoft.Dynamics.CRM.{name}")].clone();
    let headers = [("Prefer", "odata.include-annotations=\"Microsoft.Dynamics.CRM.*\",odata.maxpagesize=2")];
    for (query, count, total) in
        [("$count=true", json!(4), json!(4)), ("$count=false", Value::Null, json!(-1))]
    {
        let path = format!("adx_webpages?{query}");
        let (_, answer, _) = send(&mut environment, "GET", &path, &headers, &Value::Null);
        assert_eq!((&answer["@odata.count"], annotation(&answer, "totalrecordcount")), (&count, total));
        assert_eq!(annotation(&answer, "totalrecordcountlimitexceeded"), json!(false));
    }
    let plain = get(&mut environment, "adx_webpages?$count=true");
    assert_eq!((&plain["@odata.count"], annotation(&plain, "totalrecordcount")), (&json!(4), Value::Null));
    assert_eq!(refused(&mut environment, "GET", "adx_webpages?$count=yes", &Value::Null).0, 400);
}

#[test]
fn counts_take_a_filter_and_nothing_else() {
    let mut environment = numbered(4);
    let (_, _, answer) =
        send(&mut environment, "GET", "adx_webpages/$count?$filter=adx_displayorder eq 1", &[], &Value::Null);
    assert_eq!(answer.body(), b"\xef\xbb\xbf2");
    for path in ["adx_webpages/$count?$top=1", "adx_webpages/$count?$filter=nothing eq 1"] {
        assert_eq!(refused(&mut environment, "GET", path, &Value::Null).0, 400, "{path}");
    }
    assert_eq!(refused(&mut environment, "POST", "adx_webpages/$count", &json!({})).0, 405);
}

#[test]
fn money_is_written_with_its_own_currency_and_the_base_amount_with_the_base_one() {
    let mut environment = portal();
    let euro = json!({
        "transactioncurrencyid": id(70), "currencyname": "Euro", "isocurrencycode": "EUR", "currencysymbol": "€",
        "currencyprecision": 1, "exchangerate": 0.5,
    });
    post(&mut environment, "transactioncurrencies", &euro);
    let body = json!({
        "accountid": id(1), "revenue": 1234.25,
        "transactioncurrencyid@odata.bind": format!("/transactioncurrencies({})", id(70)),
    });
    post(&mut environment, "accounts", &body);
    let headers = [("Prefer", "odata.include-annotations=\"*\"")];
    let path = format!("accounts({})?$select=revenue,revenue_base", id(1));
    let (_, row, _) = send(&mut environment, "GET", &path, &headers, &Value::Null);
    let formatted = |name: &str| row[format!("{name}@OData.Community.Display.V1.FormattedValue")].clone();
    assert_eq!((formatted("revenue"), formatted("revenue_base")), (json!("€1,234.3"), json!("$2,468.50")));
    assert_eq!(formatted("_transactioncurrencyid_value"), "Euro");
}

#[test]
fn options_are_known_by_case_and_by_resource() {
    let mut environment = numbered(1);
    let one = format!("adx_webpages({})", id(1));
    for path in [
        "adx_webpages?$Select=adx_name",
        "adx_webpages?$skip=1",
        "adx_webpages?$search=a",
        "adx_webpages?$format=json",
        "adx_webpages?$top=-1",
        "adx_webpages?$top=1&$top=2",
        &format!("{one}?$filter=adx_name eq 'a'"),
        &format!("{one}?$orderby=adx_name"),
        &format!("{one}?$top=1"),
        &format!("{one}?$count=true"),
        &format!("{one}?fetchXml=<fetch/>").replace('<', "%3C").replace('>', "%3E"),
    ] {
        assert_eq!(refused(&mut environment, "GET", path, &Value::Null).0, 400, "{path}");
    }
    for kept in ["savedQuery", "userQuery"] {
        let path = format!("adx_webpages?{kept}={}", id(1));
        assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).0, 501, "{path}");
    }
    get(&mut environment, "adx_webpages?tag=anything");
}

#[test]
fn lookups_are_sorted_by_name_and_missing_values_come_first() {
    let mut environment = numbered(3);
    for (number, name) in [(91, "a site"), (92, "b site")] {
        post(&mut environment, "adx_websites", &json!({"adx_websiteid": id(number), "adx_name": name}));
    }
    for (number, site) in [(1, 92), (3, 91)] {
        let body = json!({"adx_websiteid@odata.bind": format!("/adx_websites({})", id(site))});
        send(&mut environment, "PATCH", &format!("adx_webpages({})", id(number)), &[], &body);
    }
    for (order, expected) in [
        ("_adx_websiteid_value", ["p002", "p003", "p001"]),
        ("_adx_websiteid_value desc", ["p001", "p003", "p002"]),
        ("adx_websiteid/adx_name desc,adx_name", ["p001", "p003", "p002"]),
    ] {
        let answer = get(&mut environment, &format!("adx_webpages?$select=adx_name&$orderby={order}"));
        assert_eq!(names(&answer), expected, "{order}");
    }
    assert_eq!(refused(&mut environment, "GET", "adx_webpages?$orderby=adx_name up", &Value::Null).0, 400);
}

#[test]
fn a_page_goes_on_after_its_last_row_though_that_is_gone() {
    let mut environment = numbered(5);
    let headers = [("Prefer", "odata.maxpagesize=2")];
    let (_, first, _) =
        send(&mut environment, "GET", "adx_webpages?$select=adx_name", &headers, &Value::Null);
    for number in [1, 2] {
        send(&mut environment, "DELETE", &format!("adx_webpages({})", id(number)), &[], &Value::Null);
    }
    let link = first["@odata.nextLink"].as_str().unwrap();
    let path = link.strip_prefix("https://contoso.crm.dynamics.com/api/data/v9.2/").unwrap();
    let (_, second, _) = send(&mut environment, "GET", path, &headers, &Value::Null);
    assert_eq!(names(&second), ["p003", "p004"]);
}

#[test]
fn expanding_ten_thousand_rows_is_no_square() {
    let mut environment = numbered(1);
    let table = environment.catalog.position("adx_webpage").unwrap();
    let column = environment.catalog.tables[table].position("adx_parentpageid").unwrap();
    for number in 100..10_100_u128 {
        let mut row = environment.blank_row(table, uuid::Uuid::from_u128(number));
        let parent = uuid::Uuid::from_u128(number - 1).max(uuid::Uuid::from_u128(100));
        row.cells[column] = crate::Cell::Lookup { table: "adx_webpage".to_owned(), id: parent };
        environment.store.put(table, row);
    }
    environment.store.keep();
    let start = std::time::Instant::now();
    let children = "adx_webpage_webpage";
    let path = format!(
        "adx_webpages?$select=adx_name&$expand={children}($select=adx_name)&$filter={children}/any()"
    );
    assert_eq!(get(&mut environment, &path)["value"].as_array().unwrap().len(), 5000);
    assert!(start.elapsed() < std::time::Duration::from_secs(20), "{:?}", start.elapsed());
}
