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
        let found = if cast.is_some() { found } else { found.into_iter().map(with_type).collect() };
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

/// A relationship that says of which type it is, as everything does that is found without a cast. The properties of
/// that type come along: Microsoft's client for Python reads them so. Selected are only those that all types share.
fn with_type(relationship: Object) -> Object {
    let kind = relationship.get("RelationshipType").and_then(Node::as_text).unwrap_or_default();
    let start = if kind == "ManyToManyRelationship" { "ManyToMany" } else { "OneToMany" };
    let mut found = Object::default().and("@odata.type", format!("#{NAMESPACE}{start}RelationshipMetadata"));
    found.append(relationship);
    found
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
