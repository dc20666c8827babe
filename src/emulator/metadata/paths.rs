//! The paths below `EntityDefinitions`, `RelationshipDefinitions` and `GlobalOptionSetDefinitions`.

use super::answers::{list, single, value};
use super::attribute::is_attribute_type;
use super::{Definitions, named_id};
use crate::answer::{Answer, Node, Object};
use crate::api::{Call, KeyText, Segment};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Table;

const NAMESPACE: &str = "Microsoft.Dynamics.CRM.";

impl Environment {
    pub(super) fn entity_definitions(&self, call: &Call) -> Result<Answer, Refusal> {
        let definitions = self.definitions();
        let shape = definitions.shape_of_table();
        let Some(key) = call.segments[0].key()? else {
            no_more(&call.segments[1..])?;
            let tables = self.catalog.tables.iter();
            let found: Result<_, _> = tables.map(|t| definitions.expanded_entity(t, &call.options)).collect();
            return list(call, "EntityDefinitions", &shape, found?);
        };
        let table = self.table_of(&key)?;
        match &call.segments[1..] {
            [] => {
                let entity = definitions.expanded_entity(table, &call.options)?;
                single(call, "EntityDefinitions", &shape, entity)
            }
            [next, rest @ ..] if next.name == "Attributes" => {
                definitions.attribute_path(call, table, next, rest)
            }
            [next, rest @ ..] if definitions.shape_of(&next.name).is_some() => {
                definitions.collection_path(call, table, next, rest)
            }
            rest => {
                let of = format!("EntityDefinitions('{}')", table.name);
                value(call, &of, &definitions.entity(table), rest)
            }
        }
    }

    fn table_of(&self, key: &KeyText) -> Result<&Table, Refusal> {
        let found = match key {
            KeyText::Id(id) => self.catalog.tables.iter().find(|t| named_id("table", &t.name) == *id),
            KeyText::Named(named) => match named.as_slice() {
                [(name, value)] if name == "LogicalName" => self.catalog.table(value),
                _ => {
                    return Err(Refusal::odata(
                        "The key of an entity definition is its MetadataId or LogicalName.",
                    ));
                }
            },
        };
        found.ok_or_else(|| missing("Entity", key))
    }

    pub(super) fn relationship_definitions(&self, call: &Call) -> Result<Answer, Refusal> {
        let definitions = self.definitions();
        let (cast, rest) = cast(&call.segments[1..]);
        let shape = match cast {
            None => definitions.shape_of_relationship(),
            Some("OneToManyRelationshipMetadata") => definitions.shape_of_one_to_many(),
            Some("ManyToManyRelationshipMetadata") => definitions.shape_of_many_to_many(),
            Some(other) => return Err(Refusal::no_resource(&format!("{NAMESPACE}{other}"))),
        };
        let found = definitions.relationships(cast);
        let found = if cast.is_some() { found } else { found.into_iter().map(without_own).collect() };
        let of = with_cast("RelationshipDefinitions", cast);
        let Some(key) = call.segments[0].key()? else {
            no_more(rest)?;
            return list(call, &of, &shape, found);
        };
        let found = one(found, "Relationship", &key)?;
        if rest.is_empty() { single(call, &of, &shape, found) } else { value(call, &of, &found, rest) }
    }

    /// Schema files name no global option sets, so there are none.
    pub(super) fn option_set_definitions(&self, call: &Call) -> Result<Answer, Refusal> {
        let (cast, rest) = cast(&call.segments[1..]);
        if let Some(other) =
            cast.filter(|cast| !["OptionSetMetadata", "BooleanOptionSetMetadata"].contains(cast))
        {
            return Err(Refusal::no_resource(&format!("{NAMESPACE}{other}")));
        }
        match call.segments[0].key()? {
            Some(key) => Err(missing("OptionSet", &key)),
            None => {
                no_more(rest)?;
                let shape = self.definitions().shape_of_option_set();
                list(call, &with_cast("GlobalOptionSetDefinitions", cast), &shape, Vec::new())
            }
        }
    }
}

impl Definitions<'_> {
    /// `Attributes`, `Attributes(…)` and what follows: a cast, a property of the attribute.
    fn attribute_path(
        &self,
        call: &Call,
        table: &Table,
        segment: &Segment,
        rest: &[Segment],
    ) -> Result<Answer, Refusal> {
        let (cast, rest) = cast(rest);
        if let Some(cast) = cast {
            check_cast(cast)?;
        }
        let shape = self.shape_of_attribute(cast);
        let of = with_cast(&format!("EntityDefinitions('{}')/Attributes", table.name), cast);
        let found = self.attributes(table, cast);
        let Some(key) = segment.key()? else {
            no_more(rest)?;
            let found: Result<_, _> =
                found.into_iter().map(|a| self.expanded_attribute(a, &call.options)).collect();
            return list(call, &of, &shape, found?);
        };
        let found = one(found, "Attribute", &key)?;
        if rest.is_empty() {
            return single(call, &of, &shape, self.expanded_attribute(found, &call.options)?);
        }
        value(call, &of, &found, rest)
    }

    /// `Keys`, `ManyToOneRelationships` …, with or without a key.
    fn collection_path(
        &self,
        call: &Call,
        table: &Table,
        segment: &Segment,
        rest: &[Segment],
    ) -> Result<Answer, Refusal> {
        let shape = self.shape_of(&segment.name).ok_or_else(|| Refusal::no_resource(&segment.name))?;
        let of = format!("EntityDefinitions('{}')/{}", table.name, segment.name);
        let found = self.collection(table, &segment.name);
        let Some(key) = segment.key()? else {
            no_more(rest)?;
            return list(call, &of, &shape, found);
        };
        let found = one(found, &shape.type_name, &key)?;
        if rest.is_empty() { single(call, &of, &shape, found) } else { value(call, &of, &found, rest) }
    }
}

/// A relationship without the properties of its own type: without a cast only the shared ones are shown.
fn without_own(relationship: Object) -> Object {
    let kind = relationship.get("RelationshipType").and_then(Node::as_text).unwrap_or_default();
    let start = if kind == "ManyToManyRelationship" { "ManyToMany" } else { "OneToMany" };
    let odata_type = format!("#{NAMESPACE}{start}RelationshipMetadata");
    let own = |name: &str| {
        name.starts_with("Referenc")
            || name.starts_with("Entity")
            || ["IntersectEntityName", "CascadeConfiguration", "AssociatedMenuConfiguration"].contains(&name)
            || ["IsHierarchical", "IsRelationshipAttributeDenormalized", "RelationshipBehavior"]
                .contains(&name)
            || ["IsDenormalizedLookup", "DenormalizedAttributeName", "RelationshipAttributes"].contains(&name)
    };
    let shared = relationship.members().filter(|(name, _)| !own(name));
    let head = Object::default().and("@odata.type", odata_type);
    shared.fold(head, |found, (name, node)| found.and(name, node.clone()))
}

/// `Microsoft.Dynamics.CRM.LookupAttributeMetadata/…` -> (`LookupAttributeMetadata`, …)
fn cast(segments: &[Segment]) -> (Option<&str>, &[Segment]) {
    match segments {
        [first, rest @ ..] if first.name.starts_with(NAMESPACE) => (first.name.strip_prefix(NAMESPACE), rest),
        other => (None, other),
    }
}

fn with_cast(of: &str, cast: Option<&str>) -> String {
    cast.map_or_else(|| of.to_owned(), |cast| format!("{of}/{NAMESPACE}{cast}"))
}

/// Microsoft's page on querying definitions: enumeration attributes are reached by the types of their own only.
fn check_cast(cast: &str) -> Result<(), Refusal> {
    if cast == "EnumAttributeMetadata" {
        let message = format!("Casting to the type '{NAMESPACE}{cast}' is not supported.");
        return Err(Refusal::new(400, "0x80060888", message));
    }
    if is_attribute_type(cast) { Ok(()) } else { Err(Refusal::no_resource(&format!("{NAMESPACE}{cast}"))) }
}

/// The item that a key names: its id, or properties that it has.
fn one(items: Vec<Object>, what: &str, key: &KeyText) -> Result<Object, Refusal> {
    let text = |item: &Object, name: &str| item.get(name).and_then(Node::as_text).map(str::to_owned);
    let found = items.into_iter().find(|item| match key {
        KeyText::Id(id) => text(item, "MetadataId") == Some(id.to_string()),
        KeyText::Named(named) => named.iter().all(|(name, value)| {
            ["LogicalName", "SchemaName", "Name"].contains(&name.as_str())
                && text(item, name).as_ref() == Some(value)
        }),
    });
    found.ok_or_else(|| missing(what, key))
}

fn no_more(segments: &[Segment]) -> Result<(), Refusal> {
    segments.first().map_or(Ok(()), |segment| Err(Refusal::no_resource(&segment.name)))
}

fn missing(what: &str, key: &KeyText) -> Refusal {
    let name = match key {
        KeyText::Id(id) => id.to_string(),
        KeyText::Named(named) => named.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(","),
    };
    let message = format!("Could not find {} with the name: '{name}'.", what.to_lowercase());
    Refusal::new(404, "0x80060888", message)
}

#[cfg(test)]
mod tests {
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
            let found = items
                .iter()
                .find(|a| a["LogicalName"] == column)
                .unwrap_or_else(|| panic!("{column}: {answer}"));
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
        for (cast, status) in [
            ("EnumAttributeMetadata", 400),
            ("ColorAttributeMetadata", 404),
            ("stringAttributeMetadata", 404),
        ] {
            let path = format!("{ACCOUNT}/Attributes/Microsoft.Dynamics.CRM.{cast}");
            assert_eq!(refused(&mut portal(), "GET", &path, &Value::Null).0, status, "{cast}");
        }
        let other = format!(
            "{ACCOUNT}/Attributes(LogicalName='name')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
        );
        assert_eq!(
            refused(&mut portal(), "GET", &other, &Value::Null).0,
            404,
            "the column is of another type"
        );
    }

    #[test]
    fn a_path_goes_on_to_single_properties_and_their_plain_values() {
        let mut environment = portal();
        let attribute = format!(
            "{ACCOUNT}/Attributes(LogicalName='customertypecode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"
        );
        let set = get(&mut environment, &format!("{attribute}/OptionSet"));
        assert_eq!(
            (&set["Name"], &set["Options"][0]["Value"]),
            (&json!("account_customertypecode"), &json!(3))
        );
        let (_, _, code) =
            send(&mut environment, "GET", &format!("{ACCOUNT}/ObjectTypeCode/$value"), &[], &Value::Null);
        assert_eq!(code.body(), b"1");
        let (_, _, may) = send(
            &mut environment,
            "GET",
            &format!("{ACCOUNT}/CanCreateForms/Value/$value"),
            &[],
            &Value::Null,
        );
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
        assert_eq!(
            refused(&mut environment, "GET", unknown, &Value::Null).0,
            400,
            "even where there are none"
        );
    }

    #[test]
    fn relationships_show_what_both_kinds_share_until_they_are_cast() {
        let mut environment = portal();
        let name = "RelationshipDefinitions(SchemaName='adx_pagetag_webpage')";
        let shared = get(&mut environment, name);
        assert_eq!(shared["@odata.type"], "#Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata");
        assert_eq!(shared.get("IntersectEntityName"), None);
        let cast = get(
            &mut environment,
            &format!(
                "{name}/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata?$select=IntersectEntityName"
            ),
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
        let asked =
            [("Prefer", "odata.include-annotations=\"Microsoft.Dynamics.CRM.globalmetadataversion\"")];
        let (_, with, _) = send(&mut portal(), "GET", ACCOUNT, &asked, &Value::Null);
        assert!(with[name].is_string(), "{with}");
        assert_eq!(get(&mut portal(), ACCOUNT).get(name), None);
    }
}
