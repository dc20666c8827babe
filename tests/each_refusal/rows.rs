//! Names that are not there, rows that are or are not, states, and columns that nobody writes.

use crate::case::{
    Refused, assert_refused, builder, create, delete, environment, id, raw, update, with_account,
};
use dataverse::Operation;
use dataverse_emulator::Environment;
use serde_json::json;

const OTHERWISE: &str = "Change what the service objects to";
const FORM: &str = "The table has another form here";

fn account(body: serde_json::Value) -> Operation {
    create("accounts", "accountid", 5, body)
}

#[test]
fn a_set_in_the_wrong_case() {
    let operation = create("Accounts", "accountid", 5, json!({"name": "x"}));
    let text = "Resource not found for the segment 'Accounts'.";
    let expected = Refused { status: 404, code: "0x8006088a", text, remedy: "Import the solution" };
    assert_refused(&environment(), &operation, &expected);
}

#[test]
fn a_selected_column_in_the_wrong_case() {
    let operation = Operation::Get { path: "accounts?$select=Name".to_owned() };
    let text = "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.";
    assert_refused(
        &environment(),
        &operation,
        &Refused { status: 400, code: "0x0", text, remedy: OTHERWISE },
    );
}

#[test]
fn a_column_of_fetchxml_that_the_table_does_not_have() {
    let environment = environment();
    let table =
        Operation::Get { path: "EntityDefinitions(LogicalName='account')?$select=MetadataId".to_owned() };
    let answer = environment.clone().answer(&raw(&table));
    let table: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    let text = format!(
        "'account' entity doesn't contain attribute with Name = 'x' and NameMapping = 'Logical' (look up attribute by \
         name is case-sensitive).orgIndex: 0, id: {}, logicalName: account",
        table["MetadataId"].as_str().unwrap()
    );
    let fetch =
        "%3Cfetch%3E%3Centity%20name='account'%3E%3Cattribute%20name='x'/%3E%3C/entity%3E%3C/fetch%3E";
    let operation = Operation::Get { path: format!("accounts?fetchXml={fetch}") };
    let expected =
        Refused { status: 400, code: "0x80041103", text: &text, remedy: "column out of the schema" };
    assert_refused(&environment, &operation, &expected);
}

#[test]
fn a_property_that_the_table_does_not_have() {
    let text = "An error occurred while validating input parameters: Microsoft.Crm.CrmException: Invalid property 'Name' \
                was found in entity 'Microsoft.Dynamics.CRM.account'. ---> Microsoft.OData.ODataException: Does not \
                support untyped value in non-open type.";
    let expected = Refused { status: 400, code: "0x0", text, remedy: OTHERWISE };
    assert_refused(&environment(), &account(json!({"Name": "x"})), &expected);
}

#[test]
fn a_wrong_navigation_name() {
    let operation = create(
        "contoso_permits",
        "contoso_permitid",
        5,
        json!({"contoso_accountid@odata.bind": format!("/accounts({})", id(1))}),
    );
    let text = "Error identified in Payload provided by the user for Entity :'contoso_permits', For more information on \
                this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ----> \
                InnerException : Microsoft.OData.ODataException: An undeclared property 'contoso_accountid' which only \
                has property annotations in the payload but no property value was found in the payload. In OData, only \
                declared navigation properties and declared named streams can be represented as properties without \
                values.";
    let expected = Refused { status: 400, code: "0x80048d19", text, remedy: FORM };
    assert_refused(&environment(), &operation, &expected);
}

#[test]
fn a_row_pointed_to_that_is_not_there() {
    let bound = json!({"primarycontactid@odata.bind": format!("/contacts({})", id(9))});
    let text = format!("Entity 'contact' With Id = {} Does Not Exist", id(9));
    let expected = Refused { status: 404, code: "0x80040217", text: &text, remedy: "Bring the row" };
    assert_refused(&environment(), &account(bound), &expected);
}

#[test]
fn a_key_that_is_there_already() {
    let text = "Cannot insert duplicate key.";
    let expected = Refused { status: 412, code: "0x80040237", text, remedy: "The row is there already" };
    assert_refused(&environment(), &create("accounts", "accountid", 1, json!({"name": "x"})), &expected);
}

#[test]
fn a_state_on_create() {
    let text = format!(
        "2 is not a valid status code for state code AccountState.Active on account with Id {}.",
        id(5)
    );
    let expected = Refused { status: 400, code: "0x80048408", text: &text, remedy: "Give the row a status" };
    assert_refused(&environment(), &account(json!({"statecode": 1, "statuscode": 2})), &expected);
}

#[test]
fn a_completed_activity_on_create() {
    let operation =
        create("tasks", "activityid", 5, json!({"subject": "T", "statecode": 1, "statuscode": 5}));
    let text =
        format!("5 is not a valid status code for state code TaskState.Open on task with Id {}.", id(5));
    let expected = Refused { status: 400, code: "0x80048408", text: &text, remedy: "Give the row a status" };
    assert_refused(&environment(), &operation, &expected);
}

#[test]
fn a_status_that_does_not_fit_its_state() {
    let operation = update("accounts", id(1), json!({"statecode": 0, "statuscode": 2}));
    let text = format!(
        "2 is not a valid status code for state code AccountState.Active on account with Id {}.",
        id(1)
    );
    let expected = Refused { status: 400, code: "0x80048408", text: &text, remedy: "Give the row a status" };
    assert_refused(&environment(), &operation, &expected);
}

/// The words are not known: an online environment may also pass over such a value.
#[test]
fn a_column_that_the_service_writes_itself() {
    for (operation, text) in [
        (
            account(json!({"createdon": "2020-01-01T00:00:00Z"})),
            "The property 'createdon' of entity 'account' is not valid for create.",
        ),
        (
            update("accounts", id(1), json!({"overriddencreatedon": "2020-01-01T00:00:00Z"})),
            "The property 'overriddencreatedon' of entity 'account' is not valid for update.",
        ),
    ] {
        let expected =
            Refused { status: 400, code: "0x8004022e", text, remedy: "leave it out of the schema" };
        assert_refused(&environment(), &operation, &expected);
    }
}

#[test]
fn a_row_that_others_need() {
    let mut environment = environment();
    let body = json!({"contoso_AccountId@odata.bind": format!("/accounts({})", id(1))});
    let permit = create("contoso_permits", "contoso_permitid", 7, body);
    assert_eq!(environment.answer(&raw(&permit)).status(), 204);
    let text = "The object you tried to delete is associated with another object and cannot be deleted.";
    let expected =
        Refused { status: 405, code: "0x80040227", text, remedy: "Remove what points to the row first" };
    assert_refused(&environment, &delete("accounts", id(1)), &expected);
}

#[test]
fn a_missing_privilege() {
    let environment = builder().without_privilege("prvCreatecontoso_permit").build().unwrap();
    let environment = with_account(environment);
    let who = |set: &str, filter: &str, key: &str| find(&environment, set, filter, key);
    let user = who("systemusers", "fullname eq 'Avery Howard'", "systemuserid");
    let privilege = who("privileges", "name eq 'prvCreatecontoso_permit'", "privilegeid");
    let count = environment.count("privilege") - 1;
    let text = format!(
        "Principal user (Id={user}, type=8, roleCount=1, privilegeCount={count}, accessMode=0), is missing \
         prvCreatecontoso_permit privilege (Id={privilege}) on OTC=10077 for entity 'contoso_permit' \
         (LocalizedName='Permit'). context.Caller={user}"
    );
    let expected = Refused { status: 403, code: "0x80040220", text: &text, remedy: "Ask an administrator" };
    let operation = create("contoso_permits", "contoso_permitid", 5, json!({"contoso_name": "x"}));
    assert_refused(&environment, &operation, &expected);
}

fn find(environment: &Environment, set: &str, filter: &str, key: &str) -> String {
    let path = format!("{set}?$filter={}", filter.replace(' ', "%20"));
    let answer = environment.clone().answer(&raw(&Operation::Get { path }));
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    body["value"][0][key].as_str().unwrap().to_owned()
}
