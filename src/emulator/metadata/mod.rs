//! `EntityDefinitions` and `RelationshipDefinitions`: what the environment says about its tables.

mod attribute;
mod entity;
mod relationship;
mod shape;

use crate::answer::Answer;
use crate::api::{Call, KeyText, Options, Segment};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Table;
use http::Method;
use serde_json::{Value, json};
use shape::{matching, shaped};
use uuid::Uuid;

impl Environment {
    /// Answers requests on metadata; `None` where the request is not on metadata.
    pub(crate) fn metadata(&self, call: &Call) -> Option<Result<Answer, Refusal>> {
        let first = call.segments.first()?;
        let answer = match first.name.as_str() {
            "EntityDefinitions" => self.entity_definitions(call, first),
            "RelationshipDefinitions" => self.relationship_definitions(call, first),
            _ => return None,
        };
        if call.method != Method::GET {
            return Some(Err(Refusal::not_implemented("changes to tables")));
        }
        Some(answer)
    }

    fn entity_definitions(&self, call: &Call, first: &Segment) -> Result<Answer, Refusal> {
        let Some(key) = first.key()? else {
            let entities =
                self.catalog.tables.iter().map(|t| entity::entity(&self.catalog, t, &call.options)).collect();
            return list(call, "EntityDefinitions", "EntityMetadata", entities, &call.options);
        };
        let table = self.table_of(&key)?;
        let Some(second) = call.segments.get(1) else {
            let entity =
                shaped(entity::entity(&self.catalog, table, &call.options), &call.options, "EntityMetadata")?;
            return Ok(single(
                call,
                &format!("EntityDefinitions{}/$entity", select_context(&call.options)),
                entity,
            ));
        };
        let of = format!("EntityDefinitions('{}')/{}", table.name, second.name);
        let cast = cast(call.segments.get(2));
        if second.name == "Attributes"
            && let Some(key) = second.key()?
        {
            return self.one_attribute(call, table, &key, cast);
        }
        match second.name.as_str() {
            "Attributes" => {
                let found = attribute::attributes(table, cast);
                list(call, &of, attribute::type_name(cast), found, &call.options)
            }
            "Keys" | "ManyToOneRelationships" | "OneToManyRelationships" | "ManyToManyRelationships" => {
                let found = relationship::collection(&self.catalog, table, &second.name);
                list(call, &of, "RelationshipMetadataBase", found, &call.options)
            }
            property => value_of(call, &entity::entity(&self.catalog, table, &call.options), property),
        }
    }

    fn one_attribute(
        &self,
        call: &Call,
        table: &Table,
        key: &KeyText,
        cast: Option<&str>,
    ) -> Result<Answer, Refusal> {
        let found = attribute::attributes(table, cast).into_iter().find(|attribute| match key {
            KeyText::Id(id) => attribute["MetadataId"] == json!(id),
            KeyText::Named(named) => {
                named.iter().all(|(name, value)| attribute[name.as_str()] == json!(value))
            }
        });
        let found = found.ok_or_else(|| missing("Attribute", key))?;
        let found = shaped(found, &call.options, attribute::type_name(cast))?;
        let of = format!(
            "EntityDefinitions('{}')/Attributes{}/$entity",
            table.name,
            select_context(&call.options)
        );
        Ok(single(call, &of, found))
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

    fn relationship_definitions(&self, call: &Call, first: &Segment) -> Result<Answer, Refusal> {
        let found = relationship::all(&self.catalog, cast(call.segments.get(1)));
        let Some(key) = first.key()? else {
            return list(call, "RelationshipDefinitions", "RelationshipMetadataBase", found, &call.options);
        };
        let found = found.into_iter().find(|relationship| match &key {
            KeyText::Id(id) => relationship["MetadataId"] == json!(id),
            KeyText::Named(named) => {
                named.iter().all(|(name, value)| relationship[name.as_str()] == json!(value))
            }
        });
        let found = found.ok_or_else(|| missing("Relationship", &key))?;
        let found = shaped(found, &call.options, "RelationshipMetadataBase")?;
        Ok(single(call, "RelationshipDefinitions/$entity", found))
    }
}

/// `Microsoft.Dynamics.CRM.LookupAttributeMetadata` -> `LookupAttributeMetadata`
fn cast(segment: Option<&Segment>) -> Option<&str> {
    segment.and_then(|segment| segment.name.strip_prefix("Microsoft.Dynamics.CRM."))
}

fn list(
    call: &Call,
    of: &str,
    type_name: &str,
    items: Vec<Value>,
    options: &Options,
) -> Result<Answer, Refusal> {
    let items = matching(items, options, type_name)?;
    let items: Result<Vec<Value>, Refusal> =
        items.into_iter().map(|item| shaped(item, options, type_name)).collect();
    let context = call.context(&format!("{of}{}", select_context(options)));
    Ok(Answer::json(200, &json!({"@odata.context": context, "value": items?})))
}

fn single(call: &Call, of: &str, mut item: Value) -> Answer {
    item["@odata.context"] = call.context(of).into();
    Answer::json(200, &item)
}

fn select_context(options: &Options) -> String {
    options.get("$select").map_or_else(String::new, |select| format!("({select})"))
}

/// `EntityDefinitions(…)/ObjectTypeCode` with or without `/$value`.
fn value_of(call: &Call, entity: &Value, property: &str) -> Result<Answer, Refusal> {
    let value = entity.get(property).ok_or_else(|| Refusal::no_resource(property))?;
    if call.segments.get(2).is_some_and(|segment| segment.name == "$value") {
        return Ok(Answer::text(value.as_str().map_or_else(|| value.to_string(), str::to_owned)));
    }
    Ok(Answer::json(200, &json!({"@odata.context": call.context(property), "value": value})))
}

fn missing(what: &str, key: &KeyText) -> Refusal {
    let name = match key {
        KeyText::Id(id) => id.to_string(),
        KeyText::Named(named) => named.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(","),
    };
    let message = format!("Could not find {} with the name: '{name}'.", what.to_lowercase());
    Refusal::new(404, "0x80060888", message)
}

/// An id that a name has in every environment.
fn named_id(kind: &str, name: &str) -> Uuid {
    let hash = |seed: u64| {
        let text = kind.bytes().chain([b'/']).chain(name.bytes());
        text.fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
    };
    Uuid::from_u64_pair(hash(0xcbf2_9ce4_8422_2325), hash(0x6c62_272e_07bb_0142))
}
