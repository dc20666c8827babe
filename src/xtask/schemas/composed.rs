//! One schema: the tables and columns that a version of a portal has, in their order.

use super::description::{Descriptions, Part, Portal, Table, Version};
use std::collections::BTreeMap;

/// A schema before it is written.
#[derive(Debug)]
pub(crate) struct Composed<'a> {
    pub(crate) id: String,
    pub(crate) portal: &'a Portal,
    pub(crate) version: &'a Version,
    /// Parts of which it has a table.
    pub(crate) parts: Vec<(&'a str, &'a Part)>,
    /// In import order, with their names.
    pub(crate) tables: Vec<(&'a str, Table)>,
}

impl<'a> Composed<'a> {
    pub(crate) fn new(
        all: &'a Descriptions,
        portal_id: &str,
        portal: &'a Portal,
        version: &'a Version,
    ) -> anyhow::Result<Composed<'a>> {
        let is_there = |since: &Option<String>| is_there(since.as_deref(), &version.tables_of);
        let mut parts = all.parts_of(portal)?;
        parts.retain(|(_, part)| part.tables.values().any(|table| is_there(&table.since)));
        let of_parts = parts.iter().flat_map(|(_, part)| &part.tables);
        let mut tables: BTreeMap<&str, Table> = of_parts
            .filter(|(_, table)| is_there(&table.since))
            .map(|(name, table)| (name.as_str(), table.clone()))
            .collect();
        tables.values_mut().for_each(|table| table.columns.retain(|column| is_there(&column.since)));
        let in_order = all.every.order.iter().filter_map(|name| tables.remove_entry(name.as_str()));
        Ok(Composed { id: id(portal_id, version), portal, version, parts, tables: in_order.collect() })
    }

    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        format!("{}.xml", self.id)
    }

    /// What people call it.
    pub(crate) fn title(&self) -> String {
        let version = self.version.name.iter().map(|name| format!(", {name}"));
        version.fold(self.portal.title.clone(), |title, version| title + &version)
    }
}

fn id(portal: &str, version: &Version) -> String {
    version.id.as_ref().map_or_else(|| portal.to_owned(), |version| format!("{portal}-{version}"))
}

/// Whether what came with the version `since` is there in `version`.
fn is_there(since: Option<&str>, version: &str) -> bool {
    let numbers = |text: &str| text.split('.').map_while(|part| part.parse().ok()).collect::<Vec<u32>>();
    since.is_none_or(|since| numbers(since) <= numbers(version))
}

#[cfg(test)]
mod tests {
    use super::is_there;

    #[test]
    fn what_an_update_brought_is_there_from_its_version_on() {
        assert!(is_there(None, "8.4") && is_there(Some("9.2.2103"), "9.2.2103"));
        assert!(is_there(Some("9.2.2103"), "9.3.2201") && is_there(Some("9.2.2103"), "10.0"));
        assert!(!is_there(Some("9.3.2201"), "9.2.2103") && !is_there(Some("9.2.2103"), "8.4"));
    }
}
