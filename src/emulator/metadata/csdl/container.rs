//! The sets of the model, and where their navigation properties lead.

use super::annotations::change_tracking;
use super::element::Element;
use super::entity_type::full_name;
use super::operations::imports;
use crate::tables::{Catalog, Table};

pub(super) fn container(catalog: &Catalog, annotated: bool) -> Element {
    Element::new("EntityContainer")
        .with("Name", "System")
        .holding_all(catalog.tables.iter().map(|table| set(catalog, table, annotated)))
        .holding_all(imports())
}

fn set(catalog: &Catalog, table: &Table, annotated: bool) -> Element {
    Element::new("EntitySet")
        .with("Name", table.entity_set.as_str())
        .with("EntityType", full_name(&table.name))
        .holding_all(bindings(catalog, table))
        .holding_all(annotated.then(|| change_tracking(table)))
}

fn bindings(catalog: &Catalog, table: &Table) -> Vec<Element> {
    let here = table.name.as_str();
    let lookups = catalog.many_to_one.iter().filter(|r| r.table == here).map(|r| (&r.navigation, &r.target));
    let pointing = catalog.many_to_one.iter().filter(|r| r.target == here).map(|r| (&r.collection, &r.table));
    let links = catalog.many_to_many.iter().flat_map(|r| [(&r.first, &r.second), (&r.second, &r.first)]);
    let links =
        links.filter(|(side, _)| side.table == here).map(|(side, other)| (&side.navigation, &other.table));
    let ends = lookups.chain(pointing).chain(links);
    ends.filter_map(|(path, target)| {
        let target = catalog.table(target)?;
        let binding = Element::new("NavigationPropertyBinding").with("Path", path.as_str());
        Some(binding.with("Target", target.entity_set.as_str()))
    })
    .collect()
}
