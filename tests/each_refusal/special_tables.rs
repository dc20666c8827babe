//! Tables whose rows are not like others.

use crate::case::{Refused, URL, assert_refused, create, delete, environment, raw, update};
use dataverse::Operation;
use dataverse_emulator::Environment;
use http::Request;
use serde_json::{Value, json};
use uuid::Uuid;

/// The first row of a set.
fn first(environment: &Environment, set: &str, key: &str) -> Uuid {
    let answer = environment.clone().answer(&raw(&Operation::Get { path: set.to_owned() }));
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    Uuid::parse_str(body["value"][0][key].as_str().unwrap()).unwrap()
}

#[test]
fn a_second_root_business_unit() {
    let operation = create("businessunits", "businessunitid", 5, json!({"name": "Second"}));
    let text = "More than one root business unit found";
    let expected =
        Refused { status: 400, code: "0x8004a10c", text, remedy: "one root business unit of its own" };
    assert_refused(&environment(), &operation, &expected);
}

#[test]
fn the_root_business_unit_disabled() {
    let environment = environment();
    let root = first(&environment, "businessunits", "businessunitid");
    let text = "Root Business unit cannot be disabled.";
    let expected =
        Refused { status: 400, code: "0x80041d63", text, remedy: "one root business unit of its own" };
    assert_refused(&environment, &update("businessunits", root, json!({"isdisabled": true})), &expected);
}

#[test]
fn the_base_currency_changed_or_taken_away() {
    let environment = environment();
    let base = first(&environment, "transactioncurrencies", "transactioncurrencyid");
    let change = |body: Value| update("transactioncurrencies", base, body);
    for (operation, status, code, text) in [
        (
            change(json!({"exchangerate": 2})),
            400,
            "0x80048cf5",
            "The exchange rate of the base currency cannot be modified.",
        ),
        (change(json!({"statecode": 1})), 400, "0x80048cf4", "The base currency cannot be deactivated."),
        (
            delete("transactioncurrencies", base),
            405,
            "0x80048cff",
            "The base currency of an organization cannot be deleted.",
        ),
    ] {
        let remedy = "The base currency belongs to the environment";
        assert_refused(&environment, &operation, &Refused { status, code, text, remedy });
    }
}

#[test]
fn a_currency_that_is_there_with_another_id() {
    let body = json!({
        "currencyname": "Dollar", "isocurrencycode": "USD", "currencysymbol": "$", "currencyprecision": 2,
        "exchangerate": 1,
    });
    let operation = create("transactioncurrencies", "transactioncurrencyid", 5, body);
    let text = "Cannot insert duplicate currency record. Currency with the same currency code already exist in the system.";
    let expected =
        Refused { status: 400, code: "0x80048cf3", text, remedy: "has this currency with another id" };
    assert_refused(&environment(), &operation, &expected);
}

#[test]
fn the_default_team_changed_or_taken_away() {
    let environment = environment();
    let team = first(&environment, "teams", "teamid");
    for (operation, code, text) in [
        (
            update("teams", team, json!({"name": "other"})),
            "0x8004830a",
            "The default business unit team name can't be updated.",
        ),
        (delete("teams", team), "0x80048307", "The default business unit team can't be deleted."),
    ] {
        let remedy = "makes and names its default team itself";
        assert_refused(&environment, &operation, &Refused { status: 400, code, text, remedy });
    }
}

#[test]
fn a_member_of_the_default_team() {
    let environment = environment();
    let (team, user) =
        (first(&environment, "teams", "teamid"), first(&environment, "systemusers", "systemuserid"));
    let members = "teammembership_association";
    let path = format!("teams({team})/{members}({user})/$ref");
    let request =
        Request::delete(format!("{URL}/api/data/v9.2/{path}")).header("Authorization", "Bearer any");
    let answer = environment.clone().answer(&request.body(Vec::new()).unwrap());
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(body["error"]["code"], "0x8004830c");
    let text = "Can't remove members from the default business unit team.";
    assert_eq!(body["error"]["message"], text);
    // The client never takes links away; what it adds is there already.
    let again = Operation::Associate {
        set: "teams".to_owned(),
        id: team,
        navigation: members.to_owned(),
        target_set: "systemusers".to_owned(),
        target_id: user,
    };
    let text = "Cannot insert duplicate key.";
    let expected = Refused { status: 412, code: "0x80040237", text, remedy: "The row is there already" };
    assert_refused(&environment, &again, &expected);
}

#[test]
fn a_business_unit_that_is_not_disabled_taken_away() {
    let environment = environment();
    let root = first(&environment, "businessunits", "businessunitid");
    let text = "Not disabled business unit cannot be deleted.";
    let expected =
        Refused { status: 400, code: "0x80041d60", text, remedy: "remove its children and disable it" };
    assert_refused(&environment, &delete("businessunits", root), &expected);
}

#[test]
fn a_product_that_is_active_from_the_start() {
    let details = br#"{"tables": {"product": {}}}"#;
    let environment = Environment::builder("sales").details(details).build().unwrap();
    let body = json!({"name": "P", "statecode": 0, "statuscode": 1});
    let text = "1 is not a valid status code for state code ProductState.Draft on product with Id \
                00000000-0000-0000-0000-000000000005.";
    let expected = Refused { status: 400, code: "0x80048408", text, remedy: "Give the row a status" };
    assert_refused(&environment, &create("products", "productid", 5, body), &expected);
}

#[test]
fn a_blocked_or_too_large_attachment() {
    let environment = crate::case::builder().max_upload_size(8).build().unwrap();
    let text =
        "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded.";
    for body in [
        json!({"filename": "script.js", "documentbody": "aGVsbG8="}),
        json!({"filename": "large.txt", "documentbody": "aGVsbG8gd29ybGQ="}),
    ] {
        let operation = create("annotations", "annotationid", 5, body);
        let expected = Refused { status: 400, code: "0x80043e09", text, remedy: "Shorten the file" };
        assert_refused(&environment, &operation, &expected);
    }
}

#[test]
fn a_user_that_only_a_licence_makes() {
    let text = "The method being invoked does not support provided entity type.";
    let remedy = "Rows of this table are not written this way";
    for (set, key) in [("systemusers", "systemuserid"), ("activityparties", "activitypartyid")] {
        let operation = create(set, key, 5, json!({}));
        assert_refused(
            &environment(),
            &operation,
            &Refused { status: 405, code: "0x80040800", text, remedy },
        );
    }
}

/// The plug-in's words, as users of portals quote them.
#[test]
fn a_portal_page_without_parent_that_is_not_the_home_page() {
    let details = json!({"tables": {"adx_webpage": {"ownership": "organization", "primaryName": "adx_name", "columns": {
        "adx_name": {"type": "text"},
        "adx_partialurl": {"type": "text"},
        "adx_isroot": {"type": "boolean"},
        "adx_parentpageid": {"type": "lookup", "targets": {"adx_webpage": {}}},
        "adx_rootwebpageid": {"type": "lookup", "targets": {"adx_webpage": {}}},
        "adx_webpagelanguageid": {"type": "lookup", "targets": {"adx_websitelanguage": {}}},
        "adx_websiteid": {"type": "lookup", "targets": {"adx_website": {}}}
    }}}});
    let page = create("adx_webpages", "adx_webpageid", 5, json!({"adx_name": "P", "adx_partialurl": "p"}));
    let build = |plugins: bool| {
        let builder = Environment::builder("portal").details(details.to_string().as_bytes());
        builder.plugins(plugins).build().unwrap()
    };
    let text = "Value of Partial URL field of the Home Page of your website can only be /. Any other values will lead to \
                issues in your Portal.";
    let remedy = "A plug-in of the environment refuses this";
    assert_refused(&build(true), &page, &Refused { status: 400, code: "0x80040265", text, remedy });
    assert_eq!(build(false).answer(&raw(&page)).status(), 204, "without the plug-ins the page is saved");
}
