//! One refusal: the operation, the service's words, and the client's advice.

use dataverse::{Operation, RetryClass, Row, ServiceError};
use dataverse_emulator::{Builder, Environment};
use http::Request;
use scenarios::under_weather::UnderWeather;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) const URL: &str = "https://contoso.crm.dynamics.com";

/// What is to be said.
pub(crate) struct Refused<'a> {
    pub(crate) status: u16,
    pub(crate) code: &'a str,
    pub(crate) text: &'a str,
    /// Words of the client's remedy.
    pub(crate) remedy: &'a str,
}

/// An environment with one account, one contact in it, and a table with a column of each kind of number.
pub(crate) fn builder() -> Builder {
    let details = json!({"tables": {"contoso_permit": {
        "label": "Permit", "ownership": "user", "primaryName": "contoso_name", "objectTypeCode": 10077, "columns": {
            "contoso_name": {"type": "text", "maxLength": 100},
            "contoso_count": {"type": "integer", "minimum": 0, "maximum": 10},
            "contoso_share": {"type": "decimal", "precision": 2, "minimum": 0, "maximum": 1},
            "contoso_kind": {"type": "choice", "options": {"1": "House", "2": "Shop"}},
            "contoso_kinds": {"type": "choices", "options": {"1": "House", "2": "Shop"}},
            "contoso_from": {"type": "datetime"},
            "contoso_accountid": {"type": "lookup", "targets": {
                "account": {"navigation": "contoso_AccountId", "onDelete": "restrict"}}}
        }
    }}});
    Environment::builder("refusals").details(details.to_string().as_bytes())
}

/// The environment, with an account of the id 1.
pub(crate) fn environment() -> Environment {
    with_account(builder().build().unwrap())
}

/// An account of the id 1 is there.
pub(crate) fn with_account(mut environment: Environment) -> Environment {
    let answer = environment.answer(&raw(&create("accounts", "accountid", 1, json!({"name": "A"}))));
    assert_eq!(answer.status(), 204);
    environment
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn create(set: &str, key: &str, number: u128, body: Value) -> Operation {
    Operation::Create {
        set: set.to_owned(),
        key: key.to_owned(),
        id: id(number),
        body: object(body),
        bypass_steps: Vec::new(),
    }
}

pub(crate) fn update(set: &str, id: Uuid, body: Value) -> Operation {
    Operation::Update { set: set.to_owned(), id, version: None, body: object(body), bypass_steps: Vec::new() }
}

pub(crate) fn delete(set: &str, id: Uuid) -> Operation {
    Operation::Delete { set: set.to_owned(), id }
}

fn object(body: Value) -> Row {
    let Value::Object(row) = body else { panic!("a body is an object") };
    row
}

/// The request as any client would send it.
pub(crate) fn raw(operation: &Operation) -> Request<Vec<u8>> {
    let (method, path, body) = match operation {
        Operation::Get { path } => ("GET", path.clone(), Value::Null),
        Operation::Create { set, key, id, body, .. } => {
            let mut body = body.clone();
            body.insert(key.clone(), json!(id));
            ("POST", set.clone(), Value::Object(body))
        }
        Operation::Update { set, id, body, .. } => {
            ("PATCH", format!("{set}({id})"), Value::Object(body.clone()))
        }
        Operation::Associate { set, id, navigation, target_set, target_id } => (
            "POST",
            format!("{set}({id})/{navigation}/$ref"),
            json!({"@odata.id": format!("{URL}/api/data/v9.2/{target_set}({target_id})")}),
        ),
        Operation::Disassociate { set, id, navigation, target_id } => {
            ("DELETE", format!("{set}({id})/{navigation}({target_id})/$ref"), Value::Null)
        }
        Operation::ReplaceCollection { set, id, collection, rows } => {
            ("PUT", format!("{set}({id})/{collection}"), json!({ "value": rows }))
        }
        Operation::Action { name, parameters } => ("POST", name.clone(), Value::Object(parameters.clone())),
        Operation::Delete { set, id } => ("DELETE", format!("{set}({id})"), Value::Null),
    };
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    Request::builder()
        .method(method)
        .uri(format!("{URL}/api/data/v9.2/{path}"))
        .header("Authorization", "Bearer any")
        .header("Content-Type", "application/json")
        .body(body)
        .unwrap()
}

/// The service refuses in these words, nothing changed, and the client passes the words on with its advice.
pub(crate) fn assert_refused(environment: &Environment, operation: &Operation, expected: &Refused<'_>) {
    assert_raw(environment, operation, expected);
    let way = UnderWeather::calm(environment.clone());
    let answers = way.clock().run(way.client().batch(vec![operation.clone()])).unwrap();
    let refusal = answers.into_iter().next().unwrap().unwrap_err();
    assert_advice(&refusal, expected);
    for table in environment.tables() {
        assert_eq!(environment.count(&table.name), way.environment().count(&table.name), "{}", table.name);
    }
}

fn assert_raw(environment: &Environment, operation: &Operation, expected: &Refused<'_>) {
    let answer = environment.clone().answer(&raw(operation));
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body, json!({"error": {"code": expected.code, "message": expected.text}}));
    assert_eq!(answer.status(), expected.status, "{body}");
}

/// The client shows the service's words as they came, says that nothing was done, and what to do next.
pub(crate) fn assert_advice(refusal: &ServiceError, expected: &Refused<'_>) {
    assert_eq!((refusal.status, refusal.code.as_str()), (expected.status, expected.code));
    assert_eq!(refusal.message, expected.text);
    let code = if expected.code.is_empty() { String::new() } else { format!(", {}", expected.code) };
    assert_eq!(refusal.to_string(), format!("{} (HTTP {}{code})", expected.text, expected.status));
    assert_eq!(refusal.retry_class(), RetryClass::Never, "{refusal}");
    assert!(refusal.remedy().contains(expected.remedy), "{refusal}: {}", refusal.remedy());
}
