//! Values that do not fit their column.

use crate::case::{Refused, assert_refused, create, environment};
use serde_json::{Value, json};

fn permit(body: Value, code: &str, text: &str, remedy: &str) {
    let operation = create("contoso_permits", "contoso_permitid", 5, body);
    assert_refused(&environment(), &operation, &Refused { status: 400, code, text, remedy });
}

#[test]
fn a_value_of_the_wrong_type() {
    let text = "An error occurred while validating input parameters: Microsoft.OData.ODataException: Cannot convert the \
                literal '' to the expected type 'Edm.Int32'.";
    permit(json!({"contoso_count": ""}), "0x0", text, "Change what the service objects to");
}

#[test]
fn a_text_that_is_too_long() {
    let text = "A validation error occurred.  The length of the 'contoso_name' attribute of the 'contoso_permit' entity \
                exceeded the maximum allowed length of '100'.";
    permit(json!({"contoso_name": "x".repeat(101)}), "0x80044331", text, "Shorten the text");
}

#[test]
fn a_whole_number_out_of_range() {
    let text = "A validation error occurred. An integer provided is outside of the allowed values for this attribute.";
    for value in [-1, 11] {
        permit(json!({"contoso_count": value}), "0x8004432f", text, "widen the column's range");
    }
}

#[test]
fn a_decimal_number_out_of_range() {
    let text = "A validation error occurred. A decimal value provided is outside of the allowed values for this attribute.";
    permit(json!({"contoso_share": 1.5}), "0x80044330", text, "widen the column's range");
}

#[test]
fn an_option_that_the_choice_does_not_have() {
    let text = "The picklist value is out of the range.";
    permit(json!({"contoso_kind": 3}), "0x8004431a", text, "Add the missing option");
    permit(json!({"contoso_kinds": "1,3"}), "0x8004431a", text, "Add the missing option");
}

#[test]
fn a_date_before_1753() {
    let text = "The date-time format is invalid, or value is outside the supported range.";
    let body = json!({"contoso_from": "1752-12-31T23:59:59Z"});
    permit(body, "0x80040239", text, "dates from 1753 on");
}

#[test]
fn a_number_without_its_currency() {
    let environment = environment();
    let body = json!({"revenue": 5, "transactioncurrencyid": null});
    let operation = create("accounts", "accountid", 5, body);
    // A new row takes the base currency; only an amount that is there already can lose its own.
    let mut with_amount = environment.clone();
    assert_eq!(with_amount.answer(&crate::case::raw(&operation)).status(), 204);
    let emptied = crate::case::update("accounts", crate::case::id(5), json!({"transactioncurrencyid": null}));
    let text = "The currency cannot be null.";
    let expected = Refused { status: 400, code: "0x80048cfb", text, remedy: "Give the row a currency" };
    assert_refused(&with_amount, &emptied, &expected);
}

#[test]
fn a_column_that_the_system_requires_left_empty() {
    let body =
        json!({"isocurrencycode": "EUR", "currencysymbol": "E", "currencyprecision": 2, "exchangerate": 1});
    let operation = create("transactioncurrencies", "transactioncurrencyid", 5, body);
    let text = "One of the attributes passed cannot be NULL";
    let remedy = "Fill the column in the source";
    assert_refused(&environment(), &operation, &Refused { status: 400, code: "0x8004203e", text, remedy });
}
