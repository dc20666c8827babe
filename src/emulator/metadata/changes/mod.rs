//! `RetrieveMetadataChanges`: one query over tables, attributes, relationships and keys, all in their own types.
//! Shapes: the answers printed on Microsoft's pages about it. Nothing changes a table here, so a client that names the
//! version it knows is told of nothing.

mod criteria;
mod query;
mod results;

use crate::answer::Object;
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::functions::{Arguments, Kind, Message};
use query::EntityQuery;
use serde_json::{Value, json};

/// `RetrieveMetadataChanges(Query=@p1)?@p1={…}`
pub(crate) const CHANGES: Message = Message {
    name: "RetrieveMetadataChanges",
    kind: Kind::Function,
    parameters: &[
        ("Query", true),
        ("DeletedMetadataFilters", false),
        ("ClientVersionStamp", false),
        ("AppModuleId", false),
        ("RetrieveAllSettings", false),
    ],
    run: changes,
};

/// What `DeletedMetadataFilters` can name.
const DELETED: &[&str] = &["Entity", "Default", "Attribute", "Relationship", "Label", "OptionSet", "All"];

fn changes(
    environment: &mut Environment,
    _: &Call,
    arguments: &Arguments,
) -> Result<Option<Object>, Refusal> {
    for name in ["AppModuleId", "RetrieveAllSettings"] {
        if arguments.get(name).is_some() {
            return Err(Refusal::not_implemented(format_args!("{name} of RetrieveMetadataChanges")));
        }
    }
    if arguments.get("DeletedMetadataFilters").is_some() {
        arguments.member("DeletedMetadataFilters", "DeletedMetadataFilters", DELETED)?;
    }
    let definitions = environment.definitions();
    let query = EntityQuery::read(arguments.get("Query").unwrap_or(&Value::Null))?;
    query.check(&definitions)?;
    let stamp = version_stamp(environment);
    let known =
        arguments.get("ClientVersionStamp").map(|_| arguments.text("ClientVersionStamp")).transpose()?;
    let found = match known {
        Some(known) if known != stamp => return Err(expired()),
        Some(_) => Vec::new(),
        None => query.results(&definitions)?,
    };
    let answer = Object::default()
        .and("ServerVersionStamp", stamp)
        .and("DeletedMetadata", nothing_deleted())
        .and("EntityMetadata", found);
    Ok(Some(answer))
}

/// `74812162!10/09/2022 22:10:22`: a number and the time of the newest change, which is that of the environment.
fn version_stamp(environment: &Environment) -> String {
    let tables = &environment.catalog.tables;
    let columns: usize = tables.iter().map(|table| table.columns.len()).sum();
    format!("{}!01/05/2026 08:00:00", 1_000_000 + tables.len() * 1000 + columns)
}

fn nothing_deleted() -> Object {
    Object::default()
        .and("Count", 0)
        .and("IsReadOnly", false)
        .and("Keys", json!([]))
        .and("Values", Value::Array(Vec::new()))
}

fn expired() -> Refusal {
    let message = "Version stamp associated with the client has expired. Please perform a full sync.";
    Refusal::new(400, "0x80044352", message)
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, portal, refused};
    use serde_json::{Value, json};

    fn path(query: &Value, more: &str) -> String {
        let query: String = query
            .to_string()
            .bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect();
        let names = if more.is_empty() { "" } else { ",ClientVersionStamp=@p2" };
        format!("RetrieveMetadataChanges(Query=@p1{names})?@p1={query}{more}")
    }

    fn condition(property: &str, operator: &str, kind: &str, value: &str) -> Value {
        let value = json!({"Type": kind, "Value": value});
        json!({"PropertyName": property, "ConditionOperator": operator, "Value": value})
    }

    fn named(tables: &[&str]) -> Value {
        let names = json!(tables).to_string();
        json!({"Conditions": [condition("LogicalName", "In", "System.String[]", &names)], "FilterOperator": "And"})
    }

    fn asked(environment: &mut Environment, query: &Value) -> Value {
        get(environment, &path(query, ""))
    }

    #[test]
    fn one_request_brings_attributes_of_all_types_with_their_own_properties() {
        let query = json!({
            "Properties": {"AllProperties": false, "PropertyNames": ["EntitySetName", "Attributes"]},
            "Criteria": named(&["account", "contact"]),
            "AttributeQuery": {
                "Properties": {"AllProperties": false, "PropertyNames": ["MaxLength", "Targets", "OptionSet"]},
                "Criteria": {
                    "FilterOperator": "Or",
                    "Conditions": [condition("LogicalName", "Equals", "System.String", "lastname")],
                    "Filters": [{"Conditions": [condition("AttributeType", "Equals", "Microsoft.Xrm.Sdk.Metadata.AttributeTypeCode", "Customer")]}]
                }
            }
        });
        let answer = asked(&mut portal(), &query);
        assert!(
            answer["@odata.context"]
                .as_str()
                .unwrap()
                .ends_with("#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse")
        );
        assert_eq!(
            answer["DeletedMetadata"],
            json!({"Count": 0, "IsReadOnly": false, "Keys": [], "Values": []})
        );
        let tables = answer["EntityMetadata"].as_array().unwrap();
        assert_eq!(tables.iter().map(|t| &t["EntitySetName"]).collect::<Vec<_>>(), ["accounts", "contacts"]);
        assert_eq!(tables[0]["IsManaged"], Value::Null, "nobody asked");
        assert_eq!(tables[0]["Attributes"], json!([]));
        let [last, company] = &tables[1]["Attributes"].as_array().unwrap()[..] else { panic!("{answer}") };
        assert_eq!(last["@odata.type"], "#Microsoft.Dynamics.CRM.ComplexStringAttributeMetadata");
        assert_eq!((&last["LogicalName"], &last["MaxLength"]), (&json!("lastname"), &json!(50)));
        assert_eq!(company["Targets"], json!(["account", "contact"]));
        assert_eq!(company["SourceType"], Value::Null);
    }

    #[test]
    fn operators_compare_as_their_names_say() {
        let count = |conditions: Value| {
            let query = json!({
                "Properties": {"PropertyNames": ["LogicalName"]},
                "Criteria": {"FilterOperator": "And", "Conditions": conditions}
            });
            asked(&mut portal(), &query)["EntityMetadata"].as_array().unwrap().len()
        };
        let code = |operator: &str, value: &str| condition("ObjectTypeCode", operator, "System.Int32", value);
        assert_eq!(count(json!([code("LessThan", "3")])), 2);
        assert_eq!(count(json!([code("LessThan", "3"), code("NotEquals", "1")])), 1);
        assert_eq!(count(json!([code("GreaterThan", "0"), code("LessThan", "3")])), 2);
        let not_in = condition("ObjectTypeCode", "NotIn", "System.Int32[]", "[1,5]");
        assert_eq!(count(json!([code("LessThan", "3"), not_in])), 1);
        let all = count(json!([]));
        assert_eq!(
            count(json!([condition("IsIntersect", "Equals", "System.Boolean", "true")]))
                + count(json!([condition("IsIntersect", "Equals", "System.Boolean", "false")])),
            all
        );
    }

    #[test]
    fn a_relationship_query_needs_a_property_of_relationships() {
        let query = |names: &[&str]| {
            json!({
                "Properties": {"PropertyNames": names},
                "Criteria": named(&["contact"]),
                "RelationshipQuery": {
                    "Properties": {"PropertyNames": ["ReferencingEntityNavigationPropertyName"]},
                    "Criteria": {"Conditions": [condition("ReferencingAttribute", "Equals", "System.String", "parentcustomerid")]}
                }
            })
        };
        let (status, code, message) =
            refused(&mut portal(), "GET", &path(&query(&["LogicalName"]), ""), &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x80072528"));
        assert!(
            message.starts_with("Atleast one of the relationship properties must be part of"),
            "{message}"
        );
        let answer = asked(&mut portal(), &query(&["ManyToOneRelationships"]));
        let found = answer["EntityMetadata"][0]["ManyToOneRelationships"].as_array().unwrap();
        let names: Vec<&Value> =
            found.iter().map(|r| &r["ReferencingEntityNavigationPropertyName"]).collect();
        assert_eq!(names, ["parentcustomerid_account", "parentcustomerid_contact"]);
    }

    #[test]
    fn keys_and_labels_can_be_asked_for_too() {
        let mut environment = Environment::builder("keys")
            .key("transactioncurrency", "contoso_Iso", &["isocurrencycode"])
            .build()
            .unwrap();
        let query = |language: i32| {
            json!({
                "Properties": {"PropertyNames": ["Keys", "DisplayName"]},
                "Criteria": named(&["transactioncurrency"]),
                "KeyQuery": {"Properties": {"PropertyNames": ["KeyAttributes"]}},
                "LabelQuery": {"FilterLanguages": [language], "MissingLabelBehavior": 0}
            })
        };
        let table = asked(&mut environment, &query(1033))["EntityMetadata"][0].clone();
        assert_eq!(table["Keys"][0]["KeyAttributes"], json!(["isocurrencycode"]));
        assert_eq!(table["DisplayName"]["UserLocalizedLabel"]["Label"], "Currency");
        let table = asked(&mut environment, &query(1031))["EntityMetadata"][0].clone();
        assert_eq!(table["DisplayName"], json!({"LocalizedLabels": [], "UserLocalizedLabel": null}));
    }

    #[test]
    fn who_knows_the_version_is_told_of_nothing_and_an_unknown_version_has_expired() {
        let mut environment = portal();
        let query =
            json!({"Properties": {"PropertyNames": ["LogicalName"]}, "Criteria": named(&["account"])});
        let stamp = asked(&mut environment, &query)["ServerVersionStamp"].as_str().unwrap().to_owned();
        let again = get(&mut environment, &path(&query, &format!("&@p2='{}'", stamp.replace('/', "%2F"))));
        assert_eq!(again["EntityMetadata"], json!([]));
        assert_eq!(again["ServerVersionStamp"], stamp);
        let (status, code, _) = refused(&mut environment, "GET", &path(&query, "&@p2='1!old'"), &Value::Null);
        assert_eq!((status, code.as_str()), (400, "0x80044352"));
    }

    #[test]
    fn what_no_definition_has_is_refused() {
        let with = |part: &str, value: Value| json!({"Properties": {"PropertyNames": ["Attributes", "Keys"]}, part: value});
        for query in [
            json!({"Properties": {"PropertyNames": ["Logicalname"]}}),
            json!({"properties": {}}),
            json!("text"),
            with("Criteria", json!({"Conditions": [condition("Size", "Equals", "System.String", "1")]})),
            with(
                "Criteria",
                json!({"Conditions": [condition("DisplayName", "Equals", "System.String", "1")]}),
            ),
            with("Criteria", json!({"Conditions": [condition("LogicalName", "Like", "System.String", "1")]})),
            with(
                "Criteria",
                json!({"Conditions": [condition("ObjectTypeCode", "Equals", "System.Int32", "one")]}),
            ),
            with("Criteria", json!({"Conditions": [condition("LogicalName", "In", "System.String", "a")]})),
            with("AttributeQuery", json!({"Properties": {"PropertyNames": ["ReferencedEntity"]}})),
            with("KeyQuery", json!({"Properties": {"PropertyNames": ["MaxLength"]}})),
        ] {
            assert_eq!(refused(&mut portal(), "GET", &path(&query, ""), &Value::Null).0, 400, "{query}");
        }
        assert_eq!(refused(&mut portal(), "GET", "RetrieveMetadataChanges", &Value::Null).0, 404);
    }
}
