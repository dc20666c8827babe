//! Which tables the lookups of a schema lead to.

use crate::{Schema, TableGraph};

/// The tables of a schema so that each comes behind those its lookups lead to, as far as circles allow; in a circle
/// the most wanted first; else in the order of the schema. Each once. Links need no order: they are made when all
/// rows are there.
#[must_use]
pub fn order_by_dependencies(schema: &Schema) -> Vec<String> {
    let names = names(schema);
    graph(schema, &names).order().into_iter().map(|table| names[table].to_owned()).collect()
}

/// The names of the tables, each once.
pub(super) fn names(schema: &Schema) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::with_capacity(schema.tables.len());
    for table in &schema.tables {
        if !names.contains(&table.name.as_str()) {
            names.push(&table.name);
        }
    }
    names
}

/// A table points to another as often as it has lookups that may lead there.
pub(super) fn graph(schema: &Schema, names: &[&str]) -> TableGraph {
    let number = |name: &str| names.iter().position(|known| *known == name);
    let lookups = schema.tables.iter().flat_map(|table| {
        let targets = table.columns.iter().flat_map(|column| &column.lookup_targets);
        targets.map(|target| (table.name.as_str(), target.as_str()))
    });
    TableGraph::new(names.len(), lookups.filter_map(|(from, to)| Some((number(from)?, number(to)?))))
}

/// A table that the schema does not list, and from where lookups and relationships lead to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideTable {
    /// Logical name.
    pub name: String,
    /// Table and lookup column, in file order.
    pub lookups: Vec<(String, String)>,
    /// Table and many-to-many relationship, in file order.
    pub relationships: Vec<(String, String)>,
}

/// The tables that lookups and relationships of the schema lead to and that it does not list, the most wanted first;
/// else in file order. What is offered to be added.
#[must_use]
pub fn tables_outside(schema: &Schema) -> Vec<OutsideTable> {
    let mut outside: Vec<OutsideTable> = Vec::new();
    for table in &schema.tables {
        for column in &table.columns {
            for target in targets_outside(schema, &column.lookup_targets) {
                entry(&mut outside, target).lookups.push((table.name.clone(), column.name.clone()));
            }
        }
        for relationship in &table.relationships {
            if schema.table(&relationship.target_table).is_none() {
                let found = entry(&mut outside, &relationship.target_table);
                found.relationships.push((table.name.clone(), relationship.name.clone()));
            }
        }
    }
    outside.sort_by_key(|table| std::cmp::Reverse(table.lookups.len() + table.relationships.len()));
    outside
}

/// The targets that the schema does not list. `*` stands for any table (TALXIS; seen in no file).
pub(super) fn targets_outside<'t>(
    schema: &Schema,
    targets: &'t [String],
) -> impl Iterator<Item = &'t String> {
    targets.iter().filter(|target| *target != "*" && schema.table(target).is_none())
}

fn entry<'o>(outside: &'o mut Vec<OutsideTable>, name: &str) -> &'o mut OutsideTable {
    let known = outside.iter().position(|table| table.name == name);
    let position = known.unwrap_or_else(|| {
        let (lookups, relationships) = (Vec::new(), Vec::new());
        outside.push(OutsideTable { name: name.to_owned(), lookups, relationships });
        outside.len() - 1
    });
    &mut outside[position]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTAL: &[u8] = include_bytes!("../../../../schemas/dataverse-blank.xml");

    #[test]
    fn each_table_of_the_portal_comes_behind_what_it_needs() {
        let (schema, _) = Schema::parse(PORTAL).unwrap();
        let order = order_by_dependencies(&schema);
        assert_eq!(order.len(), schema.tables.len());
        let place = |name: &str| order.iter().position(|known| known == name).unwrap();
        assert!(place("adx_portallanguage") < place("adx_websitelanguage"));
        assert!(place("adx_website") < place("adx_webpage"));
        assert!(place("adx_webpage") < place("adx_webpageaccesscontrolrule"));
        assert_eq!(order, order_by_dependencies(&schema), "the order is the same each time");
    }

    #[test]
    fn what_lies_outside_is_told_with_who_needs_it() {
        let (mut schema, _) = Schema::parse(PORTAL).unwrap();
        assert_eq!(tables_outside(&schema), []);
        schema.tables.retain(|table| table.name != "adx_website" && table.name != "adx_webrole");
        let outside = tables_outside(&schema);
        assert_eq!(outside[0].name, "adx_website");
        assert!(outside[0].lookups.contains(&("adx_webpage".into(), "adx_websiteid".into())));
        assert!(outside.iter().any(|table| table.name == "adx_webrole"));
    }
}
