//! Tables, columns, option sets and relationships as clients find them.

use crate::testing::{get, loaded, portal, refused};
use serde_json::{Value, json};

#[test]
fn a_table_is_found_by_name_by_id_and_by_filter() {
    let mut environment = portal();
    let by_name = get(&mut environment, "EntityDefinitions(LogicalName='adx_webpage')");
    assert_eq!(by_name["EntitySetName"], "adx_webpages");
    assert_eq!(by_name.get("Attributes"), None, "only where it is expanded");
    let id = by_name["MetadataId"].as_str().unwrap().to_owned();
    assert_eq!(get(&mut environment, &format!("EntityDefinitions({id})"))["LogicalName"], "adx_webpage");
    let filtered =
        get(&mut environment, "EntityDefinitions?$filter=LogicalName eq 'adx_webpage'&$select=EntitySetName");
    let expected = json!([{"EntitySetName": "adx_webpages", "MetadataId": id}]);
    assert_eq!(filtered["value"], expected);
    assert_eq!(
        get(&mut environment, "EntityDefinitions(LogicalName=%27account%27)/ObjectTypeCode")["value"],
        1
    );
    let owned = get(
        &mut environment,
        "EntityDefinitions?$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned' and IsIntersect eq false&$select=LogicalName",
    );
    let names: Vec<&str> =
        owned["value"].as_array().unwrap().iter().map(|t| t["LogicalName"].as_str().unwrap()).collect();
    assert!(names.contains(&"account") && !names.contains(&"adx_webpage"), "{names:?}");
}

#[test]
fn a_table_that_is_not_there_is_404() {
    for path in ["EntityDefinitions(LogicalName='adx_missing')", "EntityDefinitions(LogicalName='Account')"] {
        assert_eq!(refused(&mut portal(), "GET", path, &Value::Null).0, 404, "{path}");
    }
}

#[test]
fn everything_an_import_needs_comes_with_one_request() {
    let path = "EntityDefinitions(LogicalName='adx_webpage')?$select=LogicalName,EntitySetName,PrimaryIdAttribute&$expand=\
                Attributes($select=LogicalName,AttributeType,IsValidForCreate,IsValidForUpdate),\
                ManyToOneRelationships($select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName),\
                ManyToManyRelationships($select=IntersectEntityName,Entity1NavigationPropertyName),Keys";
    let table = get(&mut portal(), path);
    let column = |name: &str| {
        let found = table["Attributes"].as_array().unwrap().iter().find(|a| a["LogicalName"] == name);
        found.unwrap_or_else(|| panic!("{name}")).clone()
    };
    let flags =
        |name: &str| (column(name)["IsValidForCreate"].as_bool(), column(name)["IsValidForUpdate"].as_bool());
    assert_eq!(flags("adx_name"), (Some(true), Some(true)));
    assert_eq!(flags("adx_webpageid"), (Some(true), Some(false)));
    assert_eq!(flags("overriddencreatedon"), (Some(true), Some(false)));
    assert_eq!(flags("modifiedon"), (Some(false), Some(false)));
    assert_eq!(column("adx_webpageid").get("@odata.type"), None, "unique identifiers carry no type");
    assert_eq!(column("statecodename").get("@odata.type"), None, "neither do virtual columns");
    assert_eq!(column("adx_name")["@odata.type"], "#Microsoft.Dynamics.CRM.MemoAttributeMetadata");
    let lookups = table["ManyToOneRelationships"].as_array().unwrap();
    let site = lookups.iter().find(|r| r["ReferencingAttribute"] == "adx_websiteid").unwrap();
    assert_eq!(site["ReferencingEntityNavigationPropertyName"], "adx_websiteid");
    assert_eq!(table["ManyToManyRelationships"][0]["IntersectEntityName"], "adx_pagetag_webpage");
    assert_eq!(table["Keys"], json!([]));
}

#[test]
fn navigation_names_are_not_the_columns_names() {
    let mut environment = portal();
    let names = |environment: &mut crate::Environment, table: &str, column: &str| {
        let answer = get(
            environment,
            &format!(
                "EntityDefinitions(LogicalName='{table}')/ManyToOneRelationships?$filter=ReferencingAttribute eq '{column}'"
            ),
        );
        let rows = answer["value"].as_array().unwrap().clone();
        rows.iter()
            .map(|r| r["ReferencingEntityNavigationPropertyName"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&mut environment, "adx_website", "adx_defaultlanguage"), ["adx_DefaultLanguage"]);
    assert_eq!(
        names(&mut environment, "task", "regardingobjectid"),
        ["regardingobjectid_account_task", "regardingobjectid_contact_task"]
    );
    assert_eq!(
        names(&mut environment, "contact", "parentcustomerid"),
        ["parentcustomerid_account", "parentcustomerid_contact"]
    );
    assert_eq!(names(&mut environment, "account", "ownerid"), ["ownerid"]);
}

#[test]
fn typed_properties_need_a_cast() {
    let mut environment = portal();
    let attributes = |table: &str| format!("EntityDefinitions(LogicalName='{table}')/Attributes");
    let (status, _, message) = refused(
        &mut environment,
        "GET",
        &format!("{}?$select=MaxLength", attributes("contact")),
        &Value::Null,
    );
    assert_eq!(status, 400);
    assert!(message.contains("'MaxLength' on type 'Microsoft.Dynamics.CRM.AttributeMetadata'"), "{message}");
    for (table, cast, column, property, expected) in [
        ("contact", "String", "lastname", "MaxLength", json!(50)),
        ("contact", "DateTime", "birthdate", "DateTimeBehavior", json!({"Value": "DateOnly"})),
        ("adx_webpage", "DateTime", "adx_releasedate", "DateTimeBehavior", json!({"Value": "UserLocal"})),
        ("contact", "Lookup", "parentcustomerid", "Targets", json!(["account", "contact"])),
        ("account", "Money", "revenue", "Precision", json!(4)),
    ] {
        let path = format!(
            "{}/Microsoft.Dynamics.CRM.{cast}AttributeMetadata?$select=LogicalName,{property}",
            attributes(table)
        );
        let answer = get(&mut environment, &path);
        let found = answer["value"].as_array().unwrap().iter().find(|a| a["LogicalName"] == column);
        assert_eq!(found.unwrap_or_else(|| panic!("{column} in {answer}"))[property], expected);
    }
}

#[test]
fn options_come_with_their_set() {
    let mut environment = portal();
    let set = |cast: &str, column: &str| {
        format!(
            "EntityDefinitions(LogicalName='task')/Attributes(LogicalName='{column}')/Microsoft.Dynamics.CRM.{cast}AttributeMetadata?$select=LogicalName&$expand=OptionSet"
        )
    };
    let states = get(&mut environment, &set("State", "statecode"));
    let open = &states["OptionSet"]["Options"][0];
    assert_eq!((open["Value"].as_i64(), open["DefaultStatus"].as_i64()), (Some(0), Some(2)));
    assert_eq!(open["Label"]["UserLocalizedLabel"]["Label"], "Open");
    let statuses = get(&mut environment, &set("Status", "statuscode"));
    let done = statuses["OptionSet"]["Options"].as_array().unwrap().iter().find(|o| o["Value"] == 5).unwrap();
    assert_eq!(done["State"], 1);
}

#[test]
fn an_unknown_property_of_metadata_is_refused() {
    for path in
        ["EntityDefinitions?$select=Logicalname", "EntityDefinitions(LogicalName='account')?$expand=Columns"]
    {
        assert_eq!(refused(&mut portal(), "GET", path, &Value::Null).0, 400, "{path}");
    }
}

#[test]
fn relationships_are_found_by_their_schema_name() {
    let mut environment = portal();
    let path = "RelationshipDefinitions(SchemaName='adx_pagetag_webpage')/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata";
    assert_eq!(get(&mut environment, path)["Entity2LogicalName"], "adx_pagetag");
    let all = get(
        &mut environment,
        "RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
    );
    let custom = |r: &&Value| r["IntersectEntityName"].as_str().unwrap().starts_with("adx_");
    assert_eq!(all["value"].as_array().unwrap().iter().filter(custom).count(), 1);
}

#[test]
fn every_navigation_property_of_the_k12_portal_names_one_lookup_or_collection() {
    let Some(environment) = loaded("education-k12-portal") else { return };
    for table in environment.tables() {
        let mut names: Vec<&str> = environment
            .catalog
            .many_to_one
            .iter()
            .filter(|r| r.table == table.name)
            .map(|r| r.navigation.as_str())
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{}", table.name);
    }
}
