//! What a query over definitions finds. The answer's types are called `Complex…`; properties nobody asked for are null.

use super::query::{EntityQuery, LabelQuery, Part, Properties};
use crate::answer::{Node, Object};
use crate::error::Refusal;
use crate::metadata::Definitions;
use crate::tables::Table;
use serde_json::Value;

/// Always told: they name the definition.
const NAMES: &[&str] = &["@odata.type", "MetadataId", "HasChanged", "LogicalName", "SchemaName", "Name"];

impl EntityQuery {
    pub(super) fn results(&self, definitions: &Definitions) -> Result<Vec<Object>, Refusal> {
        let mut found = Vec::new();
        for table in &definitions.catalog.tables {
            let entity = definitions.entity(table);
            if self.criteria.as_ref().map_or(Ok(true), |criteria| criteria.hold(&entity))? {
                found.push(self.result(definitions, table, entity)?);
            }
        }
        Ok(found)
    }

    fn result(&self, definitions: &Definitions, table: &Table, entity: Object) -> Result<Object, Refusal> {
        let mut found = asked(entity, &self.properties, self.label_query.as_ref(), definitions.language);
        let collections = [
            ("Attributes", &self.attribute_query),
            ("ManyToManyRelationships", &self.relationship_query),
            ("ManyToOneRelationships", &self.relationship_query),
            ("OneToManyRelationships", &self.relationship_query),
            ("Keys", &self.key_query),
        ];
        for (name, part) in collections {
            let items = if self.properties.want(name) {
                let items = match name {
                    "Attributes" => definitions.typed_attributes(table),
                    _ => definitions.collection(table, name),
                };
                self.items(items, part.as_ref(), definitions.language)?
            } else {
                Vec::new()
            };
            found.push(name, items);
        }
        Ok(found)
    }

    /// Without a part of its own a collection shows everything of its items.
    fn items(&self, items: Vec<Object>, part: Option<&Part>, language: i64) -> Result<Vec<Object>, Refusal> {
        let mut found = Vec::new();
        for item in items {
            let criteria = part.and_then(|part| part.criteria.as_ref());
            if !criteria.map_or(Ok(true), |criteria| criteria.hold(&item))? {
                continue;
            }
            let item = match part {
                Some(part) => asked(item, &part.properties, self.label_query.as_ref(), language),
                None => item,
            };
            found.push(complex(item));
        }
        Ok(found)
    }
}

/// `#Microsoft.Dynamics.CRM.StringAttributeMetadata` -> `#Microsoft.Dynamics.CRM.ComplexStringAttributeMetadata`
fn complex(mut item: Object) -> Object {
    let name = item.get("@odata.type").and_then(Node::as_text).and_then(|name| name.rsplit('.').next());
    if let Some(name) = name.map(str::to_owned) {
        item.replace("@odata.type", format!("#Microsoft.Dynamics.CRM.Complex{name}"));
    }
    item
}

/// The item with null, or an empty list, in the place of what was not asked for.
fn asked(item: Object, properties: &Properties, labels: Option<&LabelQuery>, language: i64) -> Object {
    let mut found = Object::default();
    for (name, node) in item.members() {
        let told = NAMES.contains(&name) || properties.want(name);
        match node {
            _ if !told && matches!(node, Node::List(_)) => found.push(name, Vec::new()),
            _ if !told => found.push(name, Value::Null),
            Node::Object(label) if label.get("LocalizedLabels").is_some() => {
                found.push(name, in_languages(label, labels, language));
            }
            _ => found.push(name, node.clone()),
        }
    }
    found
}

/// The label, emptied where its language is not among those asked for.
fn in_languages(label: &Object, query: Option<&LabelQuery>, language: i64) -> Object {
    let wanted = query.map(|query| &query.filter_languages).filter(|languages| !languages.is_empty());
    if wanted.is_none_or(|languages| languages.contains(&language)) {
        return label.clone();
    }
    let mut label = label.clone();
    label.replace("LocalizedLabels", Vec::new());
    label.replace("UserLocalizedLabel", Value::Null);
    label
}
