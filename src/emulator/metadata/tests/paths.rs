//! Paths, contexts, casts and refusals of definitions.

use crate::Environment;
use crate::testing::{get, portal, refused, send};
use serde_json::{Value, json};

const ACCOUNT: &str = "EntityDefinitions(LogicalName='account')";

fn context(path: &str) -> String {
    let answer = get(&mut portal(), path);
    answer["@odata.context"].as_str().unwrap().rsplit("$metadata#").next().unwrap().to_owned()
}

#[test]
fn contexts_say_what_was_selected_and_expanded() {
    for (path, expected) in [
        ("EntityDefinitions?$select=LogicalName", "EntityDefinitions(LogicalName)"),
        (ACCOUNT, "EntityDefinitions/$entity"),
        (
            "EntityDefinitions(LogicalName='account')?$expand=OneToManyRelationships,Keys($select=SchemaName)",
            "EntityDefinitions(OneToManyRelationships(),Keys(SchemaName))/$entity",
        ),
        (
            "EntityDefinitions(LogicalName='account')/Attributes?$select=LogicalName",
            "EntityDefinitions('account')/Attributes(LogicalName)",
        ),
        (
            "EntityDefinitions(LogicalName='task')/Attributes(LogicalName='statecode')/Microsoft.Dynamics.CRM.StateAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)",
            "EntityDefinitions('task')/Attributes/Microsoft.Dynamics.CRM.StateAttributeMetadata(LogicalName,OptionSet(Options))/$entity",
        ),
    ] {
        assert_eq!(context(path), expected, "{path}");
    }
}

#[test]
fn each_cast_shows_its_type_with_its_own_properties() {
    for (cast, column, property, expected) in [
        ("Boolean", "donotemail", "DefaultValue", json!(false)),
        ("Picklist", "customertypecode", "DefaultFormValue", json!(-1)),
        ("MultiSelectPicklist", "contoso_interests", "ParentPicklistLogicalName", Value::Null),
        ("Image", "entityimage", "IsPrimaryImage", json!(true)),
        ("File", "contoso_contract", "MaxSizeInKB", json!(32_768)),
        ("Decimal", "exchangerate", "Precision", json!(12)),
        ("Double", "address1_latitude", "Precision", json!(5)),
        ("BigInt", "versionnumber", "MaxValue", json!(i64::MAX)),
        ("Integer", "importsequencenumber", "MinValue", json!(i32::MIN)),
        ("Status", "statuscode", "DefaultFormValue", json!(-1)),
        ("EntityName", "owneridtype", "IsEntityReferenceStored", json!(false)),
        ("Memo", "description", "Format", json!("TextArea")),
    ] {
        let details = r#"{"tables": {"account": {"primaryName": "name", "ownership": "user", "columns": {
            "name": {"type": "text"}, "donotemail": {"type": "boolean"}, "customertypecode": {"type": "choice"},
            "contoso_interests": {"type": "choices"}, "entityimage": {"type": "image"}, "revenue": {"type": "money"},
            "contoso_contract": {"type": "file"}, "address1_latitude": {"type": "double"}, "description": {"type": "memo"}
        }}}}"#;
        let mut environment = Environment::builder("casts").details(details.as_bytes()).build().unwrap();
        let path = format!(
            "{ACCOUNT}/Attributes/Microsoft.Dynamics.CRM.{cast}AttributeMetadata?$select=LogicalName,{property}"
        );
        let answer = get(&mut environment, &path);
        let items = answer["value"].as_array().unwrap();
        let found =
            items.iter().find(|a| a["LogicalName"] == column).unwrap_or_else(|| panic!("{column}: {answer}"));
        assert_eq!(found[property], expected, "{column}");
        let odata_type = format!("#Microsoft.Dynamics.CRM.{cast}AttributeMetadata");
        assert!(items.iter().all(|a| a["@odata.type"] == odata_type), "{answer}");
    }
}

#[test]
fn unique_identifiers_are_of_no_type_of_their_own() {
    let path = format!("{ACCOUNT}/Attributes/Microsoft.Dynamics.CRM.UniqueIdentifierAttributeMetadata");
    assert_eq!(get(&mut portal(), &path)["value"], json!([]));
}

#[test]
fn casts_to_the_type_above_all_enumerations_and_to_unknown_types_are_refused() {
    for (cast, status) in
        [("EnumAttributeMetadata", 400), ("ColorAttributeMetadata", 404), ("stringAttributeMetadata", 404)]
    {
        let path = format!("{ACCOUNT}/Attributes/Microsoft.Dynamics.CRM.{cast}");
        assert_eq!(refused(&mut portal(), "GET", &path, &Value::Null).0, status, "{cast}");
    }
    let other =
        format!("{ACCOUNT}/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata");
    assert_eq!(refused(&mut portal(), "GET", &other, &Value::Null).0, 404, "the column is of another type");
}

#[test]
fn a_path_goes_on_to_single_properties_and_their_plain_values() {
    let mut environment = portal();
    let attribute = format!(
        "{ACCOUNT}/Attributes(LogicalName='customertypecode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
    );
    let set = get(&mut environment, &format!("{attribute}/OptionSet"));
    assert_eq!((&set["Name"], &set["Options"][2]["Value"]), (&json!("account_customertypecode"), &json!(3)));
    let (_, _, code) =
        send(&mut environment, "GET", &format!("{ACCOUNT}/ObjectTypeCode/$value"), &[], &Value::Null);
    assert_eq!(code.body(), b"1");
    let (_, _, may) =
        send(&mut environment, "GET", &format!("{ACCOUNT}/CanCreateForms/Value/$value"), &[], &Value::Null);
    assert_eq!(may.body(), b"true");
    let label = get(&mut environment, &format!("{ACCOUNT}/DisplayName"));
    assert_eq!(label["UserLocalizedLabel"]["Label"], "Account");
    for path in ["Size", "LogicalName/$count", "LogicalName/Length", "DisplayName/$value"] {
        assert_eq!(
            refused(&mut environment, "GET", &format!("{ACCOUNT}/{path}"), &Value::Null).0,
            404,
            "{path}"
        );
    }
}

#[test]
fn keys_come_with_their_columns_and_the_state_of_their_index() {
    let builder =
        Environment::builder("keys").key("transactioncurrency", "contoso_Iso", &["isocurrencycode"]);
    let mut environment = builder.build().unwrap();
    let path = "EntityDefinitions(LogicalName='transactioncurrency')/Keys?$select=SchemaName,LogicalName,KeyAttributes,EntityKeyIndexStatus";
    let key = get(&mut environment, path)["value"][0].clone();
    assert_eq!(key["KeyAttributes"], json!(["isocurrencycode"]));
    assert_eq!(
        (&key["SchemaName"], &key["LogicalName"], &key["EntityKeyIndexStatus"]),
        (&json!("contoso_Iso"), &json!("contoso_iso"), &json!("Active"))
    );
    let unknown = "EntityDefinitions(LogicalName='account')/Keys?$select=Columns";
    assert_eq!(refused(&mut environment, "GET", unknown, &Value::Null).0, 400, "even where there are none");
}

#[test]
fn relationships_say_of_which_type_they_are_and_are_selected_from_by_a_cast() {
    let mut environment = portal();
    let name = "RelationshipDefinitions(SchemaName='adx_pagetag_webpage')";
    let found = get(&mut environment, name);
    assert_eq!(found["@odata.type"], "#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata");
    assert_eq!(found["IntersectEntityName"], "adx_pagetag_webpage");
    let own = format!("{name}?$select=IntersectEntityName");
    let (_, _, message) = refused(&mut environment, "GET", &own, &Value::Null);
    assert_eq!(
        message,
        "Could not find a property named 'IntersectEntityName' on type 'Microsoft.Dynamics.CRM.RelationshipMetadataBase'."
    );
    let cast = get(
        &mut environment,
        &format!("{name}/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=IntersectEntityName"),
    );
    assert_eq!(cast["IntersectEntityName"], "adx_pagetag_webpage");
    let filtered = "RelationshipDefinitions?$filter=RelationshipType eq Microsoft.Dynamics.CRM.RelationshipType'ManyToManyRelationship'&$select=SchemaName";
    let found = get(&mut environment, filtered);
    assert!(found["value"].as_array().unwrap().iter().any(|r| r["SchemaName"] == "adx_pagetag_webpage"));
    for path in [
        format!("{name}/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata"),
        "RelationshipDefinitions(SchemaName='x')".to_owned(),
    ] {
        assert_eq!(refused(&mut environment, "GET", &path, &Value::Null).0, 404, "{path}");
    }
}

#[test]
fn there_are_no_global_option_sets() {
    assert_eq!(get(&mut portal(), "GlobalOptionSetDefinitions")["value"], json!([]));
    let (status, _, message) =
        refused(&mut portal(), "GET", "GlobalOptionSetDefinitions(Name='metric_goaltype')", &Value::Null);
    assert_eq!(
        (status, message.as_str()),
        (404, "Could not find optionset with the name: 'metric_goaltype'.")
    );
}

#[test]
fn definitions_are_not_paged_sorted_or_counted() {
    for option in ["$top=1", "$orderby=LogicalName", "$count=true", "$skiptoken=1", "$apply=x"] {
        let path = format!("EntityDefinitions?$select=LogicalName&{option}");
        let (status, code, _) = refused(&mut portal(), "GET", &path, &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x80060888"), "{option}");
    }
}

#[test]
fn definitions_cannot_be_changed_here() {
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for path in [ACCOUNT, "RelationshipDefinitions", "GlobalOptionSetDefinitions", "$metadata"] {
            assert_eq!(refused(&mut portal(), method, path, &json!({})).0, 501, "{method} {path}");
        }
    }
}

#[test]
fn the_version_of_all_definitions_comes_where_it_is_asked_for() {
    let name = "@Microsoft.Dynamics.CRM.globalmetadataversion";
    let asked = [("Prefer", "odata.include-annotations=\"Microsoft.Dynamics.CRM.globalmetadataversion\"")];
    let (_, with, _) = send(&mut portal(), "GET", ACCOUNT, &asked, &Value::Null);
    assert!(with[name].is_string(), "{with}");
    assert_eq!(get(&mut portal(), ACCOUNT).get(name), None);
}
