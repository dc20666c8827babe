//! Generated rows through the front door.

use crate::testing::{get, refused, send};
use crate::{Environment, LoadError};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const DETAILS: &str = r#"{
  "tables": {
    "contoso_reading": {"primaryName": "contoso_name", "ownership": "user", "columns": {
      "contoso_name": {"type": "text", "maxLength": 100},
      "contoso_value": {"type": "integer"},
      "contoso_price": {"type": "money", "precision": 2}
    }},
    "contoso_letter": {"primaryName": "contoso_name", "ownership": "user", "columns": {
      "contoso_name": {"type": "text"},
      "contoso_body": {"type": "memo", "maxLength": 1048576}
    }}
  },
  "generated": {"contoso_reading": 1000000, "contoso_letter": {"rows": 2000, "text": 100000}}
}"#;

fn readings() -> Environment {
    Environment::builder("readings").details(DETAILS.as_bytes()).build().unwrap()
}

const ANNOTATIONS: &[(&str, &str)] = &[("Prefer", "odata.include-annotations=\"*\"")];

fn fetch(environment: &mut Environment, set: &str, xml: &str) -> Value {
    let path = format!("{set}?fetchXml={}", utf8_percent_encode(xml, NON_ALPHANUMERIC));
    let (status, json, _) = send(environment, "GET", &path, ANNOTATIONS, &Value::Null);
    assert_eq!(status, 200, "{xml}: {json}");
    json
}

fn names(answer: &Value) -> Vec<String> {
    let rows = answer["value"].as_array().unwrap().iter();
    rows.map(|row| row["contoso_name"].as_str().unwrap().to_owned()).collect()
}

/// The inner cookie, as a client puts it into its next request.
fn next_cookie(answer: &Value) -> String {
    let cookie = answer["@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"].as_str().unwrap();
    let twice = cookie.split("pagingcookie=\"").nth(1).unwrap().split('"').next().unwrap();
    let once = percent_decode_str(twice).decode_utf8().unwrap().into_owned();
    let inner = percent_decode_str(&once).decode_utf8().unwrap().into_owned();
    inner.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// 2026-01-05T08:00:00Z is the time of the last row; a row is a minute.
fn created(minutes_before: i64) -> String {
    crate::values::instant_text(1_767_600_000 - minutes_before * 60)
}

#[test]
fn a_page_anywhere_in_a_million_rows_takes_the_same_time() {
    let mut environment = readings();
    let page = |number: usize, cookie: &str| {
        format!(
            "<fetch count='5' page='{number}' paging-cookie='{cookie}'><entity name='contoso_reading'>\
             <attribute name='contoso_name'/><order attribute='contoso_readingid'/></entity></fetch>"
        )
    };
    let first = fetch(&mut environment, "contoso_readings", &page(1, ""));
    assert_eq!(names(&first)[..2], ["contoso_name 1", "contoso_name 2"]);
    let last_id =
        get(&mut environment, "contoso_readings?$top=1&$orderby=createdon desc")["value"][0].clone();
    let last_id = last_id["contoso_readingid"].as_str().unwrap().to_owned();
    let first_id = first["value"][4]["contoso_readingid"].as_str().unwrap().to_uppercase();
    let near_the_end =
        next_cookie(&first).replace(&first_id, &last_id.to_uppercase().replace("F4240", "F423D"));
    let started = Instant::now();
    let last = fetch(&mut environment, "contoso_readings", &page(200_000, &near_the_end));
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(names(&last), ["contoso_name 999998", "contoso_name 999999", "contoso_name 1000000"]);
    assert_eq!(last["@Microsoft.Dynamics.CRM.morerecords"], false);
}

#[test]
fn cookies_lead_through_a_range_of_creation_without_gap_or_repetition() {
    let mut environment = readings();
    let (from, to) = (created(12_000), created(0));
    let (mut seen, mut cookie) = (Vec::new(), String::new());
    for page in 1..=3 {
        let xml = format!(
            "<fetch count='5000' page='{page}' paging-cookie='{cookie}'><entity name='contoso_reading'>\
             <attribute name='contoso_name'/><attribute name='ownerid'/><order attribute='contoso_readingid'/><filter>\
             <condition attribute='createdon' operator='ge' value='{from}'/>\
             <condition attribute='createdon' operator='lt' value='{to}'/></filter></entity></fetch>"
        );
        let answer = fetch(&mut environment, "contoso_readings", &xml);
        seen.extend(names(&answer));
        assert_eq!(answer["@Microsoft.Dynamics.CRM.morerecords"], page < 3);
        if page < 3 {
            cookie = next_cookie(&answer);
        }
    }
    let expected: Vec<String> = (988_000..1_000_000).map(|n| format!("contoso_name {n}")).collect();
    assert!(seen == expected, "{} rows, from {:?}", seen.len(), seen.first());
}

#[test]
fn links_to_rows_that_are_kept_are_followed_from_generated_ones() {
    let mut environment = readings();
    let xml = "<fetch count='3'><entity name='contoso_reading'><attribute name='contoso_name'/>\
               <order attribute='contoso_readingid'/><link-entity name='systemuser' from='systemuserid' to='ownerid' \
               alias='owner'><attribute name='fullname'/></link-entity></entity></fetch>";
    let answer = fetch(&mut environment, "contoso_readings", xml);
    assert_eq!((names(&answer).len(), &answer["value"][2]["owner.fullname"]), (3, &json!("Avery Howard")));
    assert_eq!(answer["value"][0]["_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"], Value::Null);
}

#[test]
fn ranges_are_counted_to_the_limit_of_aggregates() {
    let mut environment = readings();
    let count = |filter: &str| {
        format!(
            "<fetch aggregate='true'><entity name='contoso_reading'><attribute name='contoso_readingid' alias='n' \
             aggregate='count'/><filter>{filter}</filter></entity></fetch>"
        )
    };
    let within =
        |minutes| format!("<condition attribute='createdon' operator='gt' value='{}'/>", created(minutes));
    for minutes in [0, 1, 50_000] {
        let answer = fetch(&mut environment, "contoso_readings", &count(&within(minutes)));
        assert_eq!(
            answer["value"],
            json!([{"n": minutes, "n@OData.Community.Display.V1.FormattedValue":
            if minutes == 50_000 { "50,000".to_owned() } else { minutes.to_string() }}])
        );
    }
    for filter in [within(50_001), String::new()] {
        let path = utf8_percent_encode(&count(&filter), NON_ALPHANUMERIC).to_string();
        let path = format!("contoso_readings?fetchXml={path}");
        assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).1, "0x8004e023");
    }
    let path = "contoso_readings?$apply=aggregate($count as n)";
    assert_eq!(refused(&mut environment, "GET", path, &Value::Null).1, "0x8004e023");
    let ends = format!(
        "<fetch aggregate='true'><entity name='contoso_reading'><attribute name='createdon' alias='first' aggregate='min'/>\
         <attribute name='createdon' alias='last' aggregate='max'/><attribute name='contoso_value' alias='sum' \
         aggregate='sum'/><filter>{}</filter></entity></fetch>",
        within(3)
    );
    let ends = fetch(&mut environment, "contoso_readings", &ends)["value"][0].clone();
    let expected = (json!(created(2)), json!(created(0)), json!(997 + 998 + 999));
    assert_eq!((&ends["first"], &ends["last"], &ends["sum"]), (&expected.0, &expected.1, &expected.2));
    let total = "RetrieveTotalRecordCount(EntityNames=@p1)?@p1=[\"contoso_reading\"]";
    assert_eq!(get(&mut environment, total)["EntityRecordCountCollection"]["Values"], json!([1_000_000]));
    let (_, _, answer) = send(&mut environment, "GET", "contoso_readings/$count", &[], &Value::Null);
    assert_eq!(answer.body(), b"\xef\xbb\xbf5000");
}

#[test]
fn odata_reads_pages_single_rows_and_the_latest_version() {
    let mut environment = readings();
    let maxpagesize = [("Prefer", "odata.maxpagesize=2")];
    let path = format!(
        "contoso_readings?$select=contoso_name,contoso_price&$count=true&$filter=createdon gt {}",
        created(5)
    );
    let (_, first, _) = send(&mut environment, "GET", &path, &maxpagesize, &Value::Null);
    assert_eq!((first["@odata.count"].as_u64(), names(&first)[0].as_str()), (Some(5), "contoso_name 999996"));
    let link = first["@odata.nextLink"]
        .as_str()
        .unwrap()
        .replace("https://contoso.crm.dynamics.com/api/data/v9.2/", "");
    let (_, second, _) = send(&mut environment, "GET", &link, &maxpagesize, &Value::Null);
    assert_eq!(names(&second), ["contoso_name 999998", "contoso_name 999999"]);
    let id = second["value"][1]["contoso_readingid"].as_str().unwrap();
    let row = get(&mut environment, &format!("contoso_readings({id})"));
    assert_eq!((&row["contoso_name"], &row["contoso_value"]), (&json!("contoso_name 999999"), &json!(998)));
    assert_eq!(row["contoso_price"].to_string(), "4998.98");
    let latest = "<fetch top='1'><entity name='contoso_reading'><attribute name='versionnumber'/>\
                  <order attribute='versionnumber' descending='true'/></entity></fetch>";
    let version =
        fetch(&mut environment, "contoso_readings", latest)["value"][0]["versionnumber"].as_i64().unwrap();
    let newer = format!("contoso_readings?$filter=versionnumber gt {}&$orderby=versionnumber", version - 2);
    assert_eq!(names(&get(&mut environment, &newer)), ["contoso_name 999999", "contoso_name 1000000"]);
}

#[test]
fn an_alternative_that_no_row_passes_makes_a_range_no_wider() {
    let mut environment = readings();
    let filter = format!("createdon lt {} or createdon eq null", created(999_990));
    let filter = utf8_percent_encode(&filter, NON_ALPHANUMERIC);
    let path = format!("contoso_readings?$select=contoso_name&$filter={filter}");
    assert_eq!(names(&get(&mut environment, &path)).len(), 9);
}

#[test]
fn letters_have_their_long_text_in_no_memory_until_they_are_read() {
    let mut environment = readings();
    let path = "contoso_letters?$select=contoso_body&$top=2&$filter=contoso_body ne null";
    let answer = get(&mut environment, path);
    let body = |row: usize| answer["value"][row]["contoso_body"].as_str().unwrap();
    assert_eq!((body(0).len(), body(1).len()), (100_000, 100_000));
    assert_ne!(body(0)[..100], body(1)[..100]);
    let begins = format!(
        "contoso_letters/$count?$filter=startswith(contoso_body,'{}')",
        &body(1)[..12].replace('+', "%2B")
    );
    let (_, _, answer) = send(&mut environment, "GET", &begins, &[], &Value::Null);
    assert_eq!(answer.body(), b"\xef\xbb\xbf1");
}

#[test]
fn what_would_look_at_too_many_rows_and_every_write_is_refused() {
    let mut environment = readings();
    let id = get(&mut environment, "contoso_readings?$top=1")["value"][0]["contoso_readingid"].clone();
    let row = format!("contoso_readings({})", id.as_str().unwrap());
    let name = json!({"contoso_name": "x"});
    for (method, path, body) in [
        ("POST", "contoso_readings", &name),
        ("PATCH", &row, &name),
        ("DELETE", &row, &Value::Null),
        ("PUT", &format!("{row}/contoso_name"), &json!({"value": "x"})),
        ("GET", "contoso_readings?$orderby=contoso_value", &Value::Null),
        ("GET", "contoso_readings?$filter=contoso_name eq 'none'", &Value::Null),
    ] {
        let (status, _, message) = refused(&mut environment, method, path, body);
        assert_eq!(status, 501, "{method} {path}: {message}");
    }
    assert_eq!(
        get(&mut environment, &row)["contoso_name"],
        "contoso_name 1",
        "other requests are answered again"
    );
    let note = json!({"subject": "s", "objectid_contoso_reading@odata.bind": format!("/{row}")});
    crate::testing::post(&mut environment, "annotations", &note);
}

#[test]
fn a_restored_environment_generates_the_same_rows() {
    let mut environment = readings();
    let mut restored = Environment::restore(&environment.save()).unwrap();
    let path = "contoso_readings?$orderby=contoso_readingid desc&$top=3";
    assert_eq!(get(&mut environment, path), get(&mut restored, path));
}

#[test]
fn what_cannot_be_generated_is_said() {
    for (generated, reason) in [
        ("{\"contoso_reading\": {\"rows\": 1, \"text\": 5}}", "no memo"),
        ("{\"contoso_letter\": {\"rows\": 1, \"text\": 1048577}}", "takes 1048576"),
        ("{\"contoso_letter\": {\"rows\": 1, \"texts\": 1}}", "cannot be read"),
        ("{\"systemuser\": 5}", "rows already"),
        ("{\"contoso_reading\": 1099511627776}", "too many"),
    ] {
        let tables = DETAILS.split("\"generated\"").next().unwrap();
        let details = format!("{tables}\"generated\": {generated}}}");
        let built = Environment::builder("readings").details(details.as_bytes()).build();
        let Err(LoadError::Details(found)) = built else { panic!("{generated} was taken") };
        let told = LoadError::Details(found).to_string();
        assert!(told.contains(reason), "{told}");
    }
}
