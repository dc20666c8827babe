//! `$select` and `$expand` on definitions.

use super::Definitions;
use super::attribute::attribute_types;
use super::filter::Condition;
use crate::answer::{Node, Object};
use crate::api::Options;
use crate::error::Refusal;
use crate::tables::{AlternateKey, ManyToMany, ManyToOne, OnDelete, Side, Table};

/// What a type of definition can be asked for: its name, its properties and its collections.
pub(super) struct Shape {
    pub(super) type_name: String,
    /// A definition of that type, to know its properties by.
    pub(super) sample: Object,
    collections: &'static [&'static str],
}

/// Collections of a table's definition: only `$expand` brings them.
const OF_TABLE: &[&str] =
    &["Attributes", "Keys", "ManyToManyRelationships", "ManyToOneRelationships", "OneToManyRelationships"];
/// The same of attributes with options.
const OF_ATTRIBUTE: &[&str] = &["OptionSet", "GlobalOptionSet"];

/// Options that stand in `$expand`'s parentheses or beside it; others the service does not take on definitions.
const OPTIONS: &[&str] = &["$select", "$filter", "$expand"];

impl Definitions<'_> {
    pub(super) fn shape_of_table(&self) -> Shape {
        shape("EntityMetadata", self.entity(&Table::new("sample", "")), OF_TABLE)
    }

    pub(super) fn shape_of_attribute(&self, cast: Option<&str>) -> Shape {
        shape(cast.unwrap_or("AttributeMetadata"), self.sample_attribute(cast), OF_ATTRIBUTE)
    }

    /// The shapes of all derived types of attributes.
    pub(super) fn shapes_of_attributes(&self) -> Vec<Shape> {
        attribute_types().map(|cast| self.shape_of_attribute(Some(cast))).collect()
    }

    pub(super) fn shape_of_key(&self) -> Shape {
        let key = AlternateKey { schema_name: String::new(), columns: Vec::new() };
        shape("EntityKeyMetadata", self.key("", &key), &[])
    }

    pub(super) fn shape_of_one_to_many(&self) -> Shape {
        let nothing = String::new;
        let relationship = ManyToOne {
            schema_name: nothing(),
            table: nothing(),
            column: nothing(),
            target: nothing(),
            navigation: nothing(),
            collection: nothing(),
            on_delete: OnDelete::RemoveLink,
        };
        shape("OneToManyRelationshipMetadata", self.one_to_many(&relationship), &[])
    }

    pub(super) fn shape_of_many_to_many(&self) -> Shape {
        let side = || Side { table: String::new(), column: String::new(), navigation: String::new() };
        let relationship = ManyToMany {
            schema_name: String::new(),
            intersect: String::new(),
            first: side(),
            second: side(),
        };
        shape("ManyToManyRelationshipMetadata", self.many_to_many(&relationship), &[])
    }

    /// What relationships of both kinds share.
    pub(super) fn shape_of_relationship(&self) -> Shape {
        let (one, many) = (self.shape_of_one_to_many().sample, self.shape_of_many_to_many().sample);
        let shared = one.members().filter(|(name, _)| many.get(name).is_some());
        let sample = shared.fold(Object::default(), |found, (name, node)| found.and(name, node.clone()));
        shape("RelationshipMetadataBase", sample, &[])
    }

    pub(super) fn shape_of_option_set(&self) -> Shape {
        let sample = self.sample_attribute(Some("PicklistAttributeMetadata")).take("OptionSet");
        let sample = sample.and_then(|node| node.as_object().cloned()).unwrap_or_default();
        shape("OptionSetMetadata", sample, &[])
    }

    /// The shape of a collection's items.
    pub(super) fn shape_of(&self, collection: &str) -> Option<Shape> {
        Some(match collection {
            "Attributes" => self.shape_of_attribute(None),
            "Keys" => self.shape_of_key(),
            "ManyToOneRelationships" | "OneToManyRelationships" => self.shape_of_one_to_many(),
            "ManyToManyRelationships" => self.shape_of_many_to_many(),
            "OptionSet" | "GlobalOptionSet" => self.shape_of_option_set(),
            _ => return None,
        })
    }

    /// A collection of a table's definition.
    pub(super) fn collection(&self, table: &Table, name: &str) -> Vec<Object> {
        match name {
            "Attributes" => self.attributes(table, None),
            "Keys" => self.keys(table),
            "ManyToOneRelationships" => self.many_to_one(table),
            "OneToManyRelationships" => self.pointing_to(table),
            "ManyToManyRelationships" => self.links_of(table),
            _ => Vec::new(),
        }
    }

    /// The table's definition with the collections that `$expand` names, already selected and filtered.
    pub(super) fn expanded_entity(&self, table: &Table, options: &Options) -> Result<Object, Refusal> {
        let mut entity = self.entity(table);
        for (name, nested) in expands(options)? {
            let items = self.collection(table, &name);
            entity.push(name.as_str(), self.expanded_items(&name, items, &nested)?);
        }
        Ok(entity)
    }

    fn expanded_items(
        &self,
        name: &str,
        items: Vec<Object>,
        nested: &Options,
    ) -> Result<Vec<Object>, Refusal> {
        let Some(shape) = self.shape_of(name) else { return Ok(items) };
        shape.check(nested)?;
        let condition = Condition::parse(nested, &shape)?;
        let kept = items.into_iter().filter(|item| condition.as_ref().is_none_or(|found| found.holds(item)));
        kept.map(|item| shape.shaped(item, nested)).collect()
    }

    /// The attribute with its option sets selected as `$expand` says.
    pub(super) fn expanded_attribute(
        &self,
        mut attribute: Object,
        options: &Options,
    ) -> Result<Object, Refusal> {
        for (name, nested) in expands(options)? {
            let Some(Node::Object(set)) = attribute.get(&name).cloned() else { continue };
            let shape = self.shape_of_option_set();
            shape.check(&nested)?;
            attribute.replace(&name, shape.shaped(set, &nested)?);
        }
        Ok(attribute)
    }
}

fn shape(type_name: &str, sample: Object, collections: &'static [&'static str]) -> Shape {
    Shape { type_name: type_name.to_owned(), sample, collections }
}

impl Shape {
    /// Refuses options and names that the type does not have.
    pub(super) fn check(&self, options: &Options) -> Result<(), Refusal> {
        options.allow(OPTIONS)?;
        let unknown = |name: &&str| self.sample.get(name).is_none() || self.collections.contains(name);
        if let Some(name) = options.list("$select").into_iter().find(unknown) {
            return Err(Refusal::no_property(name, &self.type_name));
        }
        let expanded = expands(options)?.into_iter().map(|(name, _)| name);
        let mut missing = expanded.filter(|name| !self.expands(name));
        missing.next().map_or(Ok(()), |name| Err(Refusal::no_property(&name, &self.type_name)))
    }

    fn expands(&self, name: &str) -> bool {
        let is_set = OF_ATTRIBUTE.contains(&name);
        self.collections.contains(&name) && (!is_set || self.sample.get(name).is_some())
    }

    /// The item with the properties and collections asked for. `MetadataId` always comes along.
    pub(super) fn shaped(&self, mut item: Object, options: &Options) -> Result<Object, Refusal> {
        let expanded = expands(options)?;
        let mut tail = Object::default();
        for (name, _) in &expanded {
            if let Some(node) = item.take(name) {
                tail.push(name.as_str(), node);
            }
        }
        self.collections.iter().for_each(|name| drop(item.take(name)));
        let mut shaped = selected(item, &options.list("$select"));
        shaped.append(tail);
        Ok(shaped)
    }
}

/// The properties asked for in the order asked, after the type; all of them where nothing is asked.
fn selected(mut item: Object, names: &[&str]) -> Object {
    if names.is_empty() {
        return item;
    }
    let wanted = ["@odata.type"].into_iter().chain(names.iter().copied()).chain(["MetadataId"]);
    let mut found = Object::default();
    for name in wanted {
        if let Some(node) = item.take(name) {
            found.push(name, node);
        }
    }
    found
}

/// `Attributes($select=LogicalName),Keys`
pub(super) fn expands(options: &Options) -> Result<Vec<(String, Options)>, Refusal> {
    let mut found = Vec::new();
    for part in options.list("$expand") {
        let (name, nested) = part.split_once('(').unwrap_or((part, ")"));
        let nested = nested.strip_suffix(')').ok_or_else(|| syntax(part))?;
        found.push((name.trim().to_owned(), Options::nested(nested)));
    }
    Ok(found)
}

fn syntax(part: &str) -> Refusal {
    Refusal::odata(format!("Term '{part}' is not valid in a $select or $expand expression."))
}

/// `(LogicalName,Attributes(LogicalName))`; nothing where nothing is asked. An expanded collection always shows its
/// parentheses, as recorded.
pub(super) fn context(options: &Options) -> String {
    let mut names: Vec<String> = options.list("$select").into_iter().map(str::to_owned).collect();
    for (name, nested) in expands(options).unwrap_or_default() {
        let inner = context(&nested);
        names.push(if inner.is_empty() { format!("{name}()") } else { format!("{name}{inner}") });
    }
    if names.is_empty() { String::new() } else { format!("({})", names.join(",")) }
}
