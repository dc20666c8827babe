//! A table as an entity type: key, properties, navigation properties.

use super::annotations::{alternate_keys, description, of_column};
use super::element::Element;
use super::{NAMESPACE, type_name};
use crate::tables::{Catalog, Column, DateBehavior, Kind, ManyToMany, ManyToOne, Table};

/// Tables whose rows are principals: their key is inherited.
const PRINCIPALS: &[&str] = &["systemuser", "team"];

pub(super) fn entity_type(catalog: &Catalog, table: &Table, annotated: bool) -> Element {
    let principal = PRINCIPALS.contains(&table.name.as_str());
    let base = if principal { "mscrm.principal" } else { "mscrm.crmbaseentity" };
    let mut found = Element::new("EntityType").with("Name", type_name(&table.name)).with("BaseType", base);
    if !principal {
        let key = Element::new("PropertyRef").with("Name", table.primary_id.as_str());
        found = found.holding(Element::new("Key").holding(key));
    }
    let columns = table.columns.iter().filter(|column| column.has_property());
    // The key that principals inherit is a property of their base type alone.
    let columns = columns.filter(|column| !(principal && column.name == "ownerid"));
    found
        .holding_all(columns.map(|column| property(column, annotated)))
        .holding_all(navigation_properties(catalog, table))
        .holding_all(alternate_keys(table))
        .holding_all(annotated.then(|| description(&table.display_name)))
}

fn property(column: &Column, annotated: bool) -> Element {
    let edm = edm_type(&column.kind);
    let mut found = Element::new("Property").with("Name", column.property()).with("Type", edm);
    if edm == "Edm.String" {
        found = found.with("Unicode", "false");
    }
    if edm == "Edm.Decimal" {
        found = found.with("Scale", "Variable");
    }
    if annotated { found.holding_all(of_column(column)) } else { found }
}

fn edm_type(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::Choices { .. } | Kind::EntityName => "Edm.String",
        Kind::Integer | Kind::Choice { .. } | Kind::State | Kind::Status => "Edm.Int32",
        Kind::BigInt => "Edm.Int64",
        Kind::Decimal { .. } | Kind::Money { .. } => "Edm.Decimal",
        Kind::Double => "Edm.Double",
        Kind::Boolean => "Edm.Boolean",
        Kind::DateTime(DateBehavior::DateOnly) => "Edm.Date",
        Kind::DateTime(_) => "Edm.DateTimeOffset",
        Kind::Id | Kind::Lookup(_) | Kind::File => "Edm.Guid",
        Kind::Image => "Edm.Binary",
        Kind::ManagedProperty => "mscrm.BooleanManagedProperty",
        // Parties are rows of their own: no property is made of the column.
        Kind::PartyList => "Edm.Untyped",
    }
}

fn navigation_properties(catalog: &Catalog, table: &Table) -> Vec<Element> {
    let here = table.name.as_str();
    let lookups = catalog.many_to_one.iter().filter(|r| r.table == here).map(|r| single(catalog, r));
    let pointing = catalog.many_to_one.iter().filter(|r| r.target == here).map(children);
    let links = catalog.many_to_many.iter().flat_map(|r| linked(r, here));
    lookups.chain(pointing).chain(links).collect()
}

/// A lookup's property, tied to the column that holds the id.
fn single(catalog: &Catalog, relationship: &ManyToOne) -> Element {
    let target = catalog.table(&relationship.target);
    let key = target.map_or("ownerid", |table| referenced_key(table));
    let constraint = Element::new("ReferentialConstraint")
        .with("Property", format!("_{}_value", relationship.column))
        .with("ReferencedProperty", key);
    navigation(&relationship.navigation, format!("mscrm.{}", type_name(&relationship.target)))
        .with("Partner", relationship.collection.as_str())
        .holding(constraint)
}

/// Principals are known by the key they inherit.
fn referenced_key(table: &Table) -> &str {
    if PRINCIPALS.contains(&table.name.as_str()) { "ownerid" } else { &table.primary_id }
}

fn children(relationship: &ManyToOne) -> Element {
    let of = format!("Collection(mscrm.{})", type_name(&relationship.table));
    navigation(&relationship.collection, of).with("Partner", relationship.navigation.as_str())
}

/// A many-to-many relationship is a collection on both sides; each is the other's partner.
fn linked(relationship: &ManyToMany, here: &str) -> Vec<Element> {
    let (first, second) = (&relationship.first, &relationship.second);
    let sides = [(first, second), (second, first)].into_iter().filter(|(side, _)| side.table == here);
    sides
        .map(|(side, other)| {
            navigation(&side.navigation, format!("Collection(mscrm.{})", type_name(&other.table)))
                .with("Partner", other.navigation.as_str())
        })
        .collect()
}

fn navigation(name: &str, of: String) -> Element {
    Element::new("NavigationProperty").with("Name", name).with("Type", of)
}

/// `Microsoft.Dynamics.CRM.account`
pub(super) fn full_name(table: &str) -> String {
    format!("{NAMESPACE}.{}", type_name(table))
}
