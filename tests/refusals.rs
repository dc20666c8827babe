//! What the service refuses, as a user of the client meets it: the service's own words, and what to do next.

#![cfg(test)]

use dataverse::{Client, EnvironmentUrl, Operation, Query, RetryClass, Row, ServiceError};
use dataverse_emulator::Environment;
use futures::executor::block_on;
use scenarios::in_process::{InProcess, NoWait};
use serde_json::{Value, json};
use uuid::Uuid;

type Service = Client<InProcess, NoWait>;

const SCHEMA: &str = r#"<entities>
<entity name="adx_website" displayname="Website" primaryidfield="adx_websiteid" primarynamefield="adx_name"><fields>
 <field displayname="Website" name="adx_websiteid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
</fields></entity>
<entity name="adx_websitelanguage" displayname="Website Language" primaryidfield="adx_websitelanguageid" primarynamefield="adx_name"><fields>
 <field displayname="Language" name="adx_websitelanguageid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
</fields></entity>
<entity name="adx_webpage" displayname="Web Page" primaryidfield="adx_webpageid" primarynamefield="adx_name"><fields>
 <field displayname="Web Page" name="adx_webpageid" type="guid" primaryKey="true" />
 <field displayname="Name" name="adx_name" type="string" />
 <field displayname="Partial URL" name="adx_partialurl" type="string" />
 <field displayname="Is Root" name="adx_isroot" type="bool" />
 <field displayname="Root" name="adx_rootwebpageid" type="entityreference" lookupType="adx_webpage" />
 <field displayname="Parent" name="adx_parentpageid" type="entityreference" lookupType="adx_webpage" />
 <field displayname="Language" name="adx_webpagelanguageid" type="entityreference" lookupType="adx_websitelanguage" />
 <field displayname="Website" name="adx_websiteid" type="entityreference" lookupType="adx_website" />
 <field displayname="State" name="statecode" type="state" />
 <field displayname="Status" name="statuscode" type="status" />
</fields></entity>
</entities>"#;

/// Status, code, some of the service's words and some of the remedy.
type Expected = (u16, &'static str, &'static str, &'static str);

fn service() -> Service {
    let environment = Environment::builder("Target")
        .tables_xml(SCHEMA.as_bytes())
        .key("account", "contoso_number", &["accountnumber"])
        .plugins(true)
        .build()
        .unwrap();
    client(environment)
}

fn client(environment: Environment) -> Service {
    let url = EnvironmentUrl::parse("https://target.crm.dynamics.com").unwrap();
    Client::new(url, InProcess::new(environment), NoWait::default())
}

fn carried_out(service: &Service, operation: Operation) -> Result<(), ServiceError> {
    let answers = block_on(service.batch(vec![operation])).unwrap();
    answers.into_iter().next().unwrap().map(|_| ())
}

/// The one row of a set, as the environment came with it.
fn own_row(service: &Service, set: &str, key: &str) -> Uuid {
    let page = block_on(service.page(&Query { select: vec![key.into()], ..Query::of(set) })).unwrap();
    Uuid::parse_str(page.rows[0][key].as_str().unwrap()).unwrap()
}

fn row(body: Value) -> Row {
    body.as_object().unwrap().clone()
}

fn create(set: &str, key: &str, body: Value) -> Operation {
    let (set, key, id) = (set.into(), key.into(), Uuid::from_u128(1));
    Operation::Create { set, key, id, body: row(body), bypass_steps: Vec::new() }
}

fn account(body: Value) -> Operation {
    create("accounts", "accountid", body)
}

fn update(set: &str, id: Uuid, body: Value) -> Operation {
    Operation::Update { set: set.into(), id, body: row(body), bypass_steps: Vec::new() }
}

fn get(path: &str) -> Operation {
    Operation::Get { path: path.into() }
}

/// The service's words reach the user as they came, and with them what to do.
fn meets(service: &Service, operation: Operation, (status, code, words, remedy): Expected) {
    let case = format!("{operation:?}");
    let refusal = carried_out(service, operation).expect_err(&case);
    assert_eq!((refusal.status, refusal.code.as_str()), (status, code), "{refusal} {case}");
    assert!(refusal.message.contains(words), "{refusal} {case}");
    assert!(refusal.to_string().starts_with(&refusal.message), "{refusal}");
    assert!(refusal.remedy().contains(remedy), "{refusal}: {} {case}", refusal.remedy());
    assert_eq!(refusal.retry_class(), RetryClass::Never, "{refusal} {case}");
}

#[test]
fn names_that_are_not_there() {
    let service = service();
    let cases: [(Operation, Expected); 5] = [
        (get("Accounts"), (404, "0x8006088a", "Resource not found for the segment 'Accounts'.", "solution")),
        (get("accounts?$select=Name"), (400, "0x0", "Could not find a property named 'Name'", "objects to")),
        (account(json!({"Name": "A"})), (400, "0x0", "Invalid property 'Name' was found", "objects to")),
        (
            account(json!({"parentaccount@odata.bind": "/accounts(00000000-0000-0000-0000-000000000009)"})),
            (400, "0x80048d19", "An undeclared property 'parentaccount'", "same solution version"),
        ),
        (
            get(
                "accounts?fetchXml=%3Cfetch%3E%3Centity%20name='account'%3E%3Cattribute%20name='x'/%3E%3C/entity%3E%3C/fetch%3E",
            ),
            (400, "0x80041103", "doesn't contain attribute", "out of the schema"),
        ),
    ];
    cases.into_iter().for_each(|(operation, expected)| meets(&service, operation, expected));
}

#[test]
fn values_that_do_not_fit() {
    let service = service();
    let long = "x".repeat(161);
    let cases: [(Operation, Expected); 6] = [
        (
            account(json!({"name": long})),
            (400, "0x80044331", "exceeded the maximum allowed length of '160'", "Shorten"),
        ),
        (account(json!({"numberofemployees": -5})), (400, "0x8004432f", "", "range")),
        (account(json!({"exchangerate": "x"})), (400, "0x0", "Cannot convert the literal", "objects to")),
        (account(json!({"industrycode": 999})), (400, "0x8004431a", "", "missing option")),
        (account(json!({"revenue": 1e15})), (400, "0x80044330", "", "range")),
        (account(json!({"statecode": 1, "statuscode": 1})), (400, "0x80048408", "", "belongs to its state")),
    ];
    cases.into_iter().for_each(|(operation, expected)| meets(&service, operation, expected));
}

#[test]
fn rows_that_are_not_there_or_are_there_already() {
    let service = service();
    let missing = Uuid::from_u128(9);
    let gone = "Does Not Exist";
    meets(
        &service,
        update("accounts", missing, json!({"name": "A"})),
        (404, "0x80040217", gone, "Bring the row"),
    );
    meets(
        &service,
        account(json!({"parentaccountid@odata.bind": format!("/accounts({missing})")})),
        (404, "0x80040217", gone, "Bring the row"),
    );
    carried_out(&service, account(json!({"accountnumber": "1"}))).unwrap();
    meets(&service, account(json!({})), (412, "0x80040237", "duplicate key", "plan again"));
    let other = Operation::Create {
        set: "accounts".into(),
        key: "accountid".into(),
        id: Uuid::from_u128(2),
        body: row(json!({"accountnumber": "1"})),
        bypass_steps: Vec::new(),
    };
    meets(&service, other, (412, "0x80060892", "violated", "alternate key"));
    let by_no_key = get("accounts(name='A')");
    meets(&service, by_no_key, (400, "0x80060888", "The key in the request URI is not valid", "objects to"));
    let by_key = get("accounts(accountnumber='2')");
    meets(&service, by_key, (404, "0x80060891", "does not exist", "these key values first"));
}

#[test]
fn rows_that_each_environment_has_of_its_own() {
    let service = service();
    let (unit, team) =
        (own_row(&service, "businessunits", "businessunitid"), own_row(&service, "teams", "teamid"));
    let currency = own_row(&service, "transactioncurrencies", "transactioncurrencyid");
    let root = create("businessunits", "businessunitid", json!({"name": "Second root"}));
    meets(
        &service,
        root,
        (400, "0x8004a10c", "More than one root business unit found", "point to the environment's root"),
    );
    let disabled = update("businessunits", unit, json!({"isdisabled": true}));
    meets(
        &service,
        disabled,
        (400, "0x80041d63", "Root Business unit cannot be disabled", "root business unit"),
    );
    let renamed = update("teams", team, json!({"name": "Other"}));
    meets(&service, renamed, (400, "0x8004830a", "default business unit team name", "leave this row out"));
    let rated = update("transactioncurrencies", currency, json!({"exchangerate": 2}));
    meets(
        &service,
        rated,
        (400, "0x80048cf5", "exchange rate of the base currency", "belongs to the environment"),
    );
    let base = block_on(service.page(&Query::of("transactioncurrencies"))).unwrap().rows.remove(0);
    let again = json!({"isocurrencycode": base["isocurrencycode"], "currencyname": "Again", "currencysymbol": "$",
        "exchangerate": 1, "currencyprecision": 2});
    let again = create("transactioncurrencies", "transactioncurrencyid", again);
    meets(&service, again, (400, "0x80048cf3", "same currency code", "another id"));
    let removed = Operation::Delete { set: "transactioncurrencies".into(), id: currency };
    meets(&service, removed, (405, "0x80048cff", "base currency", "belongs to the environment"));
}

#[test]
fn files_plug_ins_and_privileges() {
    let note = |filename: &str| {
        let body = json!({"subject": "A", "filename": filename, "documentbody": "QQ==", "isdocument": true});
        create("annotations", "annotationid", body)
    };
    let service = service();
    meets(
        &service,
        note("a.js"),
        (400, "0x80043e09", "not a valid type or is too large", "blocked extensions"),
    );
    let page = create("adx_webpages", "adx_webpageid", json!({"adx_name": "No parent"}));
    meets(&service, page, (400, "0x80040265", "", "plug-in"));

    let environment = Environment::builder("Target").without_privilege("prvCreateAccount").build().unwrap();
    let refused = (403, "0x80040220", "is missing prvCreateAccount privilege", "administrator");
    meets(&client(environment), account(json!({})), refused);
}
