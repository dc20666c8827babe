//! Alternate keys: rows that share one, rows that no key names, columns that are none.

use crate::case::{Refused, assert_refused, builder, create, raw};
use dataverse::Operation;
use dataverse_emulator::Environment;
use serde_json::json;

/// Permits with a key of their name, and one of the name `A`.
fn keyed() -> Environment {
    let mut environment = builder().key("contoso_permit", "contoso_Name", &["contoso_name"]).build().unwrap();
    let permit = create("contoso_permits", "contoso_permitid", 1, json!({"contoso_name": "A"}));
    assert_eq!(environment.answer(&raw(&permit)).status(), 204);
    environment
}

fn get(path: &str) -> Operation {
    Operation::Get { path: path.to_owned() }
}

#[test]
fn the_key_of_another_row() {
    let operation = create("contoso_permits", "contoso_permitid", 2, json!({"contoso_name": "A"}));
    let text = "Entity Key contoso_Name violated. A record with the same value for contoso_name already exists. A \
                duplicate record cannot be created. Select one or more unique values and try again.";
    let expected = Refused { status: 412, code: "0x80060892", text, remedy: "alternate key" };
    assert_refused(&keyed(), &operation, &expected);
}

#[test]
fn a_key_that_no_row_has() {
    let text = "A record with the specified key values does not exist in contoso_permit entity";
    let expected = Refused { status: 404, code: "0x80060891", text, remedy: "these key values first" };
    assert_refused(&keyed(), &get("contoso_permits(contoso_name='B')"), &expected);
}

#[test]
fn a_column_that_is_no_key() {
    let text = "The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.contoso_permit'. Ensure \
                that the names and number of key properties match the declared or alternate key properties for the \
                resource 'Microsoft.Dynamics.CRM.contoso_permit'.";
    let expected =
        Refused { status: 400, code: "0x80060888", text, remedy: "Change what the service objects to" };
    assert_refused(&keyed(), &get("contoso_permits(contoso_count=1)"), &expected);
}
