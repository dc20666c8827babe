//! `EntityQueryExpression` and its parts, as JSON has them.

use super::criteria::Criteria;
use crate::error::Refusal;
use crate::metadata::Definitions;
use crate::metadata::expand::Shape;
use serde::Deserialize;
use serde_json::Value;

/// What a query asks of one kind of definition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Part {
    #[serde(rename = "@odata.type", default)]
    _type: Option<String>,
    /// Without it nothing but the names.
    #[serde(default)]
    pub(super) properties: Properties,
    /// Without it everything.
    #[serde(default)]
    pub(super) criteria: Option<Criteria>,
}

/// `MetadataPropertiesExpression`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Properties {
    #[serde(rename = "@odata.type", default)]
    _type: Option<String>,
    #[serde(default)]
    all_properties: bool,
    #[serde(default)]
    property_names: Vec<String>,
}

/// `LabelQueryExpression`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct LabelQuery {
    #[serde(rename = "@odata.type", default)]
    _type: Option<String>,
    /// LCIDs; none means all.
    #[serde(default)]
    pub(super) filter_languages: Vec<i64>,
    /// 0 leaves a missing label out, 1 takes the nearest language: there is one language only.
    #[serde(default)]
    _missing_label_behavior: Option<i64>,
}

/// `EntityQueryExpression`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct EntityQuery {
    #[serde(rename = "@odata.type", default)]
    _type: Option<String>,
    #[serde(default)]
    pub(super) properties: Properties,
    #[serde(default)]
    pub(super) criteria: Option<Criteria>,
    #[serde(default)]
    pub(super) attribute_query: Option<Part>,
    #[serde(default)]
    pub(super) relationship_query: Option<Part>,
    #[serde(default)]
    pub(super) key_query: Option<Part>,
    #[serde(default)]
    pub(super) label_query: Option<LabelQuery>,
}

/// Properties of a table that a relationship query belongs to.
const RELATIONSHIPS: [&str; 3] =
    ["ManyToManyRelationships", "OneToManyRelationships", "ManyToOneRelationships"];

/// Collections of a table's definition.
const COLLECTIONS: [&str; 5] =
    ["Attributes", "Keys", "ManyToManyRelationships", "OneToManyRelationships", "ManyToOneRelationships"];

impl Properties {
    pub(super) fn want(&self, name: &str) -> bool {
        self.all_properties || self.property_names.iter().any(|asked| asked == name)
    }
}

impl EntityQuery {
    /// A query as the parameter holds it.
    pub(super) fn read(json: &Value) -> Result<EntityQuery, Refusal> {
        EntityQuery::deserialize(json).map_err(|error| {
            Refusal::odata(format!("The value of the parameter 'Query' cannot be read: {error}."))
        })
    }

    /// Refuses names that no definition has, and a relationship query that nothing would come of.
    pub(super) fn check(&self, definitions: &Definitions) -> Result<(), Refusal> {
        let asked = RELATIONSHIPS.iter().any(|name| self.properties.want(name));
        if self.relationship_query.is_some() && !asked {
            return Err(no_relationship_property());
        }
        let table = definitions.shape_of_table();
        let unknown = |name: &&String| !has(&table, name) && !COLLECTIONS.contains(&name.as_str());
        if let Some(name) = self.properties.property_names.iter().find(unknown) {
            return Err(Refusal::no_property(name, &table.type_name));
        }
        if let Some(criteria) = &self.criteria {
            criteria.check(&[&table])?;
        }
        let attributes = definitions.shapes_of_attributes();
        check(self.attribute_query.as_ref(), &attributes.iter().collect::<Vec<_>>())?;
        let (one, many) = (definitions.shape_of_one_to_many(), definitions.shape_of_many_to_many());
        check(self.relationship_query.as_ref(), &[&one, &many])?;
        check(self.key_query.as_ref(), &[&definitions.shape_of_key()])
    }
}

/// A name must belong to one of the types that the part brings.
fn check(part: Option<&Part>, shapes: &[&Shape]) -> Result<(), Refusal> {
    let Some(part) = part else { return Ok(()) };
    let unknown = |name: &&String| !shapes.iter().any(|shape| has(shape, name));
    if let Some(name) = part.properties.property_names.iter().find(unknown) {
        return Err(Refusal::no_property(name, &shapes[0].type_name));
    }
    part.criteria.as_ref().map_or(Ok(()), |criteria| criteria.check(shapes))
}

fn has(shape: &Shape, name: &str) -> bool {
    shape.sample.get(name).is_some()
}

/// Words of the service's table of error codes.
fn no_relationship_property() -> Refusal {
    let [many, one, to_one] = RELATIONSHIPS;
    let message = format!(
        "Atleast one of the relationship properties must be part of the requested EntityMetadata properties when a \
         RelationshipQuery is specified.Expect atleast one of property = {one}, {to_one} or {many} in requested \
         entity properties list."
    );
    Refusal::new(400, "0x80072528", message)
}
