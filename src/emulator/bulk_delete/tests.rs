//! Bulk deletion through the front door.

use crate::Environment;
use crate::testing::{get, id, page, portal, post, refused, send};
use serde_json::{Value, json};

fn guid(id: &str) -> Value {
    json!({"Value": id, "Type": "System.Guid"})
}

/// The rows of a table whose column has one of these values.
fn query(table: &str, column: &str, operator: &str, values: &[Value]) -> Value {
    json!({
        "@odata.type": "Microsoft.Dynamics.CRM.QueryExpression",
        "EntityName": table,
        "ColumnSet": {"@odata.type": "Microsoft.Dynamics.CRM.ColumnSet", "AllColumns": false, "Columns": []},
        "Criteria": {
            "@odata.type": "Microsoft.Dynamics.CRM.FilterExpression",
            "FilterOperator": "And",
            "Conditions": [{
                "@odata.type": "Microsoft.Dynamics.CRM.ConditionExpression",
                "AttributeName": column, "Operator": operator, "Values": values,
            }],
        },
    })
}

fn pages(numbers: &[u8]) -> Value {
    let ids: Vec<Value> = numbers.iter().map(|number| guid(&id(*number))).collect();
    query("adx_webpage", "adx_webpageid", "In", &ids)
}

fn body(query: Value) -> Value {
    json!({
        "JobName": "Old pages", "SendEmailNotification": false, "ToRecipients": [], "CCRecipients": [],
        "RecurrencePattern": "", "StartDateTime": "2020-01-01T00:00:00Z", "QuerySet": [query],
    })
}

fn begin(environment: &mut Environment, query: Value) -> String {
    let (status, answer, _) = send(environment, "POST", "BulkDelete", &[], &body(query));
    assert_eq!(status, 200, "{answer}");
    let context = answer["@odata.context"].as_str().unwrap();
    assert!(context.ends_with("/$metadata#Microsoft.Dynamics.CRM.BulkDeleteResponse"), "{context}");
    answer["JobId"].as_str().unwrap().to_owned()
}

fn job(environment: &mut Environment, id: &str) -> Value {
    get(environment, &format!("asyncoperations({id})"))
}

fn pass(environment: &mut Environment, seconds: i64) {
    environment.set_time(environment.now() + seconds);
}

fn with_pages() -> Environment {
    let mut environment = portal();
    for (number, name) in [(1, "a"), (2, "b"), (3, "b & c")] {
        post(&mut environment, "adx_webpages", &page(number, name));
    }
    environment
}

#[test]
fn rows_go_when_the_job_is_done_and_not_before() {
    let mut environment = with_pages();
    let id = begin(&mut environment, pages(&[1, 3]));
    let waiting = job(&mut environment, &id);
    assert_eq!((&waiting["name"], &waiting["operationtype"]), (&json!("Old pages"), &json!(13)));
    assert_eq!((&waiting["statecode"], &waiting["statuscode"]), (&json!(0), &json!(0)));
    pass(&mut environment, 3);
    assert_eq!(job(&mut environment, &id)["statuscode"], 20);
    assert_eq!(environment.count("adx_webpage"), 3);
    pass(&mut environment, 10);
    let done = job(&mut environment, &id);
    assert_eq!((&done["statecode"], &done["statuscode"]), (&json!(3), &json!(30)));
    let left = get(&mut environment, "adx_webpages?$select=adx_name")["value"].clone();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["adx_name"]), (1, &json!("b")));
}

#[test]
fn rows_are_found_by_one_value_too() {
    let mut environment = with_pages();
    let name = json!({"Value": "b & c", "Type": "System.String"});
    begin(&mut environment, query("adx_webpage", "adx_name", "Equal", &[name]));
    pass(&mut environment, 20);
    assert_eq!(get(&mut environment, "adx_webpages")["value"].as_array().unwrap().len(), 2);
    assert!(environment.row("adx_webpage", id(3).parse().unwrap()).is_none());
}

#[test]
fn a_row_that_must_stay_is_counted_and_the_others_go() {
    let details = json!({"tables": {
        "contoso_site": {"ownership": "user", "primaryName": "contoso_name",
            "columns": {"contoso_name": {"type": "text"}}},
        "contoso_permit": {"ownership": "user", "columns": {
            "contoso_siteid": {"type": "lookup", "targets": {"contoso_site": {"onDelete": "restrict"}}}}}
    }});
    let builder = Environment::builder("deletes").details(details.to_string().as_bytes());
    let mut environment = builder.build().unwrap();
    let mut site = |name: &str| post(&mut environment, "contoso_sites", &json!({"contoso_name": name}));
    let sites = [site("S"), site("T"), site("U")];
    let navigation = environment.catalog.many_to_one.iter().find(|r| r.column == "contoso_siteid");
    let navigation = format!("{}@odata.bind", navigation.unwrap().navigation);
    let held = format!("/contoso_sites({})", sites[1]);
    post(&mut environment, "contoso_permits", &json!({navigation: held}));
    let ids: Vec<Value> = sites.iter().map(|site| guid(site)).collect();
    let id = begin(&mut environment, query("contoso_site", "contoso_siteid", "In", &ids));
    pass(&mut environment, 20);
    let done = job(&mut environment, &id);
    assert_eq!((&done["statuscode"], &done["errorcode"]), (&json!(31), &json!(-2_147_187_623)));
    let message =
        "One of the Bulk Delete Child Jobs Failed. Rows deleted: 2. Rows that cannot be deleted: 1.";
    assert_eq!(done["message"], message);
    assert_eq!(get(&mut environment, "contoso_sites")["value"][0]["contoso_siteid"], *sites[1]);
    assert_eq!(environment.count("contoso_site"), 1);
}

#[test]
fn who_may_not_delete_begins_no_job() {
    for privilege in ["prvDeleteAccount", "prvReadAccount", "prvBulkDelete"] {
        let mut environment = Environment::builder("rights").without_privilege(privilege).build().unwrap();
        let body = body(query("account", "accountid", "In", &[guid(&id(1))]));
        let (status, code, message) = refused(&mut environment, "POST", "BulkDelete", &body);
        assert_eq!((status, code.as_str()), (403, "0x80040220"));
        assert!(message.contains(&format!("is missing {privilege} privilege")), "{message}");
        assert_eq!(environment.count("asyncoperation"), 0);
    }
}

#[test]
fn a_job_whose_row_is_gone_deletes_nothing() {
    let mut environment = with_pages();
    let id = begin(&mut environment, pages(&[1]));
    let path = format!("asyncoperations({id})");
    assert_eq!(send(&mut environment, "DELETE", &path, &[], &Value::Null).0, 204);
    pass(&mut environment, 20);
    get(&mut environment, "WhoAmI");
    assert_eq!(environment.count("adx_webpage"), 3);
}

#[test]
fn tables_and_columns_have_to_be_there() {
    for (table, column, code, words) in [
        ("nothing", "x", "0x80041102", "The entity with a name = 'nothing' was not found."),
        ("account", "x", "0x80041103", "'account' entity doesn't contain attribute with Name = 'x'"),
    ] {
        let body = body(query(table, column, "In", &[guid(&id(1))]));
        let (status, found, message) = refused(&mut portal(), "POST", "BulkDelete", &body);
        assert_eq!((status, found.as_str()), (400, code));
        assert!(message.starts_with(words), "{message}");
    }
}

#[test]
fn what_is_not_understood_is_refused_and_what_there_is_not_is_wrong() {
    for (pointer, name, value, status) in [
        ("", "SendEmailNotification", json!(true), 501),
        ("", "ToRecipients", json!([{}]), 501),
        ("", "RecurrencePattern", json!("FREQ=DAILY;"), 501),
        ("", "StartDateTime", json!("2999-01-01T00:00:00Z"), 501),
        ("", "StartDateTime", json!("soon"), 400),
        ("", "RunNow", json!(true), 501),
        ("", "Now", json!(true), 400),
        ("", "JobName", Value::Null, 400),
        ("", "QuerySet", json!([]), 400),
        ("/QuerySet/0", "EntityName", Value::Null, 400),
        ("/QuerySet/0", "TopCount", json!(1), 501),
        ("/QuerySet/0", "LinkEntities", json!([{}]), 501),
        ("/QuerySet/0", "Entity", json!("account"), 400),
        ("/QuerySet/0/Criteria", "FilterOperator", json!("Or"), 501),
        ("/QuerySet/0/Criteria", "Filters", json!([{}]), 501),
        ("/QuerySet/0/Criteria", "Conditions", json!({}), 400),
        ("/QuerySet/0/Criteria/Conditions/0", "Operator", json!("NotIn"), 501),
        ("/QuerySet/0/Criteria/Conditions/0", "Values", json!([]), 501),
        ("/QuerySet/0/Criteria/Conditions/0/Values/0", "Type", json!("System.Object"), 501),
    ] {
        let mut environment = with_pages();
        let mut body = body(pages(&[1]));
        body.pointer_mut(pointer).unwrap()[name] = value;
        let found = refused(&mut environment, "POST", "BulkDelete", &body);
        assert_eq!(found.0, status, "{pointer} {name}: {}", found.2);
        assert_eq!(environment.count("asyncoperation"), 0, "{pointer} {name}");
    }
}
