//! Details through the front door: what an environment is told about its tables, and what it refuses to be told.

use crate::testing::{get, post, refused, send};
use crate::{Environment, LoadError};
use serde_json::{Value, json};

const DETAILS: &str = r#"{"tables": {
  "contoso_site": {"label": "Site", "collection": "contoso_places", "ownership": "organization",
    "primaryName": "contoso_name", "objectTypeCode": 10078, "notes": false,
    "columns": {"contoso_name": {"type": "text", "label": "Name", "maxLength": 40, "required": "application"}}},
  "contoso_permit": {"label": "Permit", "ownership": "user", "primaryName": "contoso_name",
    "columns": {
      "contoso_name": {"type": "text"},
      "contoso_number": {"type": "text", "maxLength": 20},
      "contoso_total": {"type": "decimal", "precision": 3, "create": false, "update": false},
      "contoso_kind": {"type": "choice", "options": {"2": "Shop", "1": "House"}},
      "contoso_uses": {"type": "choices", "options": {"1": "Living", "2": "Selling"}},
      "contoso_plan": {"type": "file", "maxSizeInKB": 64},
      "contoso_siteid": {"type": "lookup", "targets": {"contoso_site": {
        "navigation": "contoso_SiteId", "collection": "contoso_site_permits", "relationship": "contoso_Site_Permits",
        "onDelete": "cascade"}}}},
    "keys": {"contoso_Number": ["contoso_number"]},
    "states": [
      {"value": 0, "label": "Open", "statuses": {"1": "New", "3": "Waiting"}},
      {"value": 1, "label": "Closed", "statuses": {"2": "Done"}}]},
  "account": {"columns": {"name": {"maxLength": 10}}}},
 "links": {"contoso_permit_contact": ["contoso_permit", "contact"]}}"#;

fn told() -> Environment {
    Environment::builder("told").details(DETAILS.as_bytes()).build().unwrap()
}

#[test]
fn tables_have_the_names_that_they_are_given() {
    let mut environment = told();
    let site = post(&mut environment, "contoso_places", &json!({"contoso_name": "S"}));
    let bound =
        json!({"contoso_SiteId@odata.bind": format!("/contoso_places({site})"), "contoso_number": "7"});
    let permit = post(&mut environment, "contoso_permits", &bound);
    let children = get(&mut environment, &format!("contoso_places({site})/contoso_site_permits"));
    assert_eq!(children["value"][0]["contoso_permitid"], permit.as_str());
    assert_eq!(
        get(&mut environment, "contoso_permits(contoso_number='7')")["contoso_permitid"],
        permit.as_str()
    );
    let code = get(&mut environment, "EntityDefinitions(LogicalName='contoso_site')?$select=ObjectTypeCode");
    assert_eq!(code["ObjectTypeCode"], 10078);
    let link = format!("contoso_permits({permit})/contoso_permit_contact");
    let names: Vec<String> = environment.catalog.many_to_many.iter().map(|r| r.intersect.clone()).collect();
    assert!(names.contains(&"contoso_permit_contact".to_owned()), "{link}");
    send(&mut environment, "DELETE", &format!("contoso_places({site})"), &[], &Value::Null);
    assert_eq!(environment.count("contoso_permit"), 0, "permits go with their site");
}

#[test]
fn options_states_and_lengths_are_those_that_are_told() {
    let mut environment = told();
    let body = json!({"contoso_kind": 1, "contoso_uses": "2,1"});
    let permit = post(&mut environment, "contoso_permits", &body);
    let path = format!("contoso_permits({permit})");
    let every = [("Prefer", "odata.include-annotations=\"*\"")];
    let (_, row, _) = send(&mut environment, "GET", &path, &every, &Value::Null);
    let formatted = |column: &str| row[format!("{column}@OData.Community.Display.V1.FormattedValue")].clone();
    assert_eq!(formatted("contoso_kind"), "House");
    assert_eq!(formatted("contoso_uses"), "Living; Selling");
    assert_eq!((formatted("statecode"), formatted("statuscode")), (json!("Open"), json!("New")));
    assert_eq!(send(&mut environment, "PATCH", &path, &[], &json!({"statecode": 1})).0, 204);
    assert_eq!(get(&mut environment, &path)["statuscode"], 2);
    let (_, code, text) = refused(&mut environment, "POST", "accounts", &json!({"name": "x".repeat(11)}));
    assert_eq!(code, "0x80044331", "details have the last word: {text}");
    assert_eq!(refused(&mut environment, "POST", "contoso_permits", &json!({"contoso_total": 1})).0, 400);
    let note = json!({"objectid_contoso_site@odata.bind": format!("/contoso_places({permit})")});
    assert_eq!(refused(&mut environment, "POST", "annotations", &note).1, "0x80048d19", "it has no notes");
}

#[test]
fn what_cannot_be_told_is_refused_with_its_place() {
    for (details, expected) in [
        (r#"{"tables": {"a_b": {"colour": 1}}}"#, "unknown field `colour`, expected one of"),
        (
            r#"{"tables": {"a_b": {"columns": {"a_c": {"type": "text", "length": 5}}}}}"#,
            "unknown field `length`",
        ),
        (r#"{"tables": {"a_b": {"columns": {"a_c": {"type": "string"}}}}}"#, "unknown variant `string`"),
        (r#"{"tables": {"a_b": {}, "a_b": {}}}"#, "`a_b` is given twice at line 1 column 28"),
        (
            r#"{"tables": {"a_b": {"columns": {"a_c": {"maxLength": 5}}}}}"#,
            "a_b.a_c is not there, and no type",
        ),
        (
            r#"{"tables": {"account": {"columns": {"name": {"type": "money"}}}}}"#,
            "account.name has another type",
        ),
        (
            r#"{"tables": {"account": {"columns": {"name": {"precision": 2}}}}}"#,
            "account.name has no precision",
        ),
        (r#"{"tables": {"account": {"columns": {"name": {"minimum": 2}}}}}"#, "account.name has no minimum"),
        (
            r#"{"tables": {"a_b": {"columns": {"a_c": {"type": "choice", "options": {"one": "x"}}}}}}"#,
            "a_b.a_c: the value `one` is no whole number",
        ),
        (r#"{"tables": {"a_b": {"states": [{"value": 0, "label": "x", "statuses": {}}]}}}"#, "has no status"),
    ] {
        let built = Environment::builder("told").details(details.as_bytes()).build();
        let Err(LoadError::Details(reason)) = built else { panic!("{details} was taken") };
        assert!(reason.contains(expected), "{reason}");
    }
}

#[test]
fn data_that_a_told_column_cannot_hold_is_an_error_that_names_the_record() {
    const SCHEMA: &str = r#"<entities><entity name="contoso_site" displayname="Site" primaryidfield="contoso_siteid" primarynamefield="contoso_name"><fields>
 <field displayname="Site" name="contoso_siteid" type="guid" primaryKey="true" />
 <field displayname="Name" name="contoso_name" type="string" />
 <field displayname="Kind" name="contoso_kind" type="optionsetvalue" />
</fields></entity></entities>"#;
    const DATA: &str = r#"<entities><entity name="contoso_site" displayname="Site"><records>
 <record id="00000000-0000-0000-0000-0000000000a1"><field name="contoso_name" value="too long" /><field name="contoso_kind" value="9" /></record>
</records></entity></entities>"#;
    let build = |details: &str| {
        let builder = Environment::builder("told").tables_xml(SCHEMA.as_bytes()).data_xml(DATA.as_bytes());
        builder.details(details.as_bytes()).build()
    };
    for (column, expected) in [
        (
            r#""contoso_name": {"maxLength": 5}"#,
            "contoso_name cannot hold the value (8 characters, and it takes 5).",
        ),
        (
            r#""contoso_kind": {"options": {"1": "x"}}"#,
            "contoso_kind cannot hold the value (it has no option 9).",
        ),
    ] {
        let error =
            build(&format!(r#"{{"tables": {{"contoso_site": {{"columns": {{{column}}}}}}}}}"#)).unwrap_err();
        assert!(error.to_string().contains("00000000-0000-0000-0000-0000000000a1"), "{error}");
        assert!(error.to_string().ends_with(expected), "{error}");
    }
    let mut known = build("{}").unwrap();
    let row = get(&mut known, "contoso_sites(00000000-0000-0000-0000-0000000000a1)");
    assert_eq!(row["contoso_kind"], 9, "without details the data tells what its columns hold");
}
