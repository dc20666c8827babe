//! What has to hold of descriptions and schemas, whatever they say: a site moves whole, in an order that can be kept.

use super::{
    composed::Composed,
    description::{Descriptions, LeftOut, Table},
};
use anyhow::ensure;
use std::collections::{BTreeMap, BTreeSet};

/// Refuses descriptions that contradict themselves.
pub(crate) fn hold(all: &Descriptions, schemas: &[Composed<'_>]) -> anyhow::Result<()> {
    ordered(all)?;
    schemas.iter().try_for_each(|schema| {
        closed(schema)?;
        leads_later(all, schema)?;
        named(schema)?;
        all.left_out_of(schema.portal)?.into_iter().try_for_each(|left_out| is_left_out(schema, left_out))
    })
}

/// The order names every table, once, and nothing else.
fn ordered(all: &Descriptions) -> anyhow::Result<()> {
    let described = all.parts.values().flat_map(|part| part.tables.keys());
    let (described, ordered): (BTreeSet<_>, BTreeSet<_>) =
        (described.collect(), all.every.order.iter().collect());
    ensure!(ordered.len() == all.every.order.len(), "a table stands twice in the order");
    let not_both: Vec<_> = described.symmetric_difference(&ordered).collect();
    ensure!(not_both.is_empty(), "not both described and in the order: {not_both:?}");
    Ok(())
}

/// What a lookup or link points to is in the schema too.
fn closed(schema: &Composed<'_>) -> anyhow::Result<()> {
    let names: BTreeSet<&str> = schema.tables.iter().map(|(name, _)| *name).collect();
    for (name, table) in &schema.tables {
        let lookups = table.columns.iter().filter_map(|column| column.target());
        for target in lookups.chain(table.relationships().map(|(_, target)| target)) {
            ensure!(names.contains(target), "{}: {name} points to {target}, which it lacks", schema.id);
        }
    }
    Ok(())
}

/// No lookup leads to a later table but those that are known to.
fn leads_later(all: &Descriptions, schema: &Composed<'_>) -> anyhow::Result<()> {
    let place: BTreeMap<&str, usize> =
        schema.tables.iter().enumerate().map(|(place, (name, _))| (*name, place)).collect();
    for (name, table) in &schema.tables {
        for column in table.columns.iter().filter(|column| column.target().is_some()) {
            let later = column.target().and_then(|target| place.get(target)) > place.get(name);
            let known = all.every.later.contains(&format!("{name}.{}", column.name));
            ensure!(
                later == known,
                "{}: {name}.{} does not lead where its order says",
                schema.id,
                column.name
            );
        }
    }
    Ok(())
}

/// Every table has the column that names its rows, and no column twice.
fn named(schema: &Composed<'_>) -> anyhow::Result<()> {
    for (name, table) in &schema.tables {
        let columns: BTreeSet<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        ensure!(columns.contains(table.name.as_str()), "{name} has no column {}", table.name);
        ensure!(columns.len() == table.columns.len(), "{name} has a column twice");
    }
    Ok(())
}

/// Nothing is there that is said to be left out.
fn is_left_out(schema: &Composed<'_>, left_out: &LeftOut) -> anyhow::Result<()> {
    let LeftOut { what, tables, columns, links, .. } = left_out;
    for (name, table) in &schema.tables {
        ensure!(!tables.iter().any(|left| left == name), "{}: {name} is there: {what}", schema.id);
        let has = |table: &Table, left: &str| {
            table
                .columns
                .iter()
                .any(|column| left == column.name || left == format!("{name}.{}", column.name))
        };
        let column = columns.iter().find(|left| has(table, left));
        ensure!(column.is_none(), "{}: {column:?} is there: {what}", schema.id);
        let mut linked = table.relationships().map(|(link, _)| link);
        ensure!(!linked.any(|link| links.iter().any(|left| left == link)), "{}: {name}: {what}", schema.id);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace;

    /// Why the descriptions are refused after this change; nothing where they are not.
    fn refused(change: impl Fn(&mut Descriptions)) -> String {
        let mut all = Descriptions::read(&workspace::at("schemas/descriptions")).unwrap();
        change(&mut all);
        let schemas = all.portals.iter().flat_map(|(id, portal)| {
            portal.versions.iter().map(|version| Composed::new(&all, id, portal, version).unwrap())
        });
        let schemas: Vec<_> = schemas.collect();
        hold(&all, &schemas).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_descriptions_as_they_are_contradict_nothing() {
        assert_eq!(refused(|_| ()), "");
    }

    #[test]
    fn a_table_without_a_place_in_the_order_is_refused() {
        let why = refused(|all| drop(all.every.order.pop()));
        assert!(why.contains("in the order") && why.contains("adx_badgetype"), "{why}");
    }

    #[test]
    fn a_lookup_to_what_the_schema_lacks_is_refused() {
        let why = refused(|all| all.every.parts.retain(|part| part != "basic_forms"));
        assert!(why.contains("points to adx_entityform, which it lacks"), "{why}");
    }

    #[test]
    fn an_order_in_which_a_table_comes_before_what_it_hangs_on_is_refused() {
        let why = refused(|all| all.every.order.swap(0, 3));
        assert!(why.contains("does not lead where its order says"), "{why}");
    }

    #[test]
    fn a_column_that_is_said_to_be_left_out_is_refused() {
        let leave = |all: &mut Descriptions, column: &str| {
            all.left_out.values_mut().for_each(|left| left.columns.push(column.to_owned()));
        };
        assert!(refused(|all| leave(all, "adx_webpage.adx_copy")).contains("is there"));
        assert_eq!(refused(|all| leave(all, "adx_website.adx_copy")), "", "of another table");
    }
}
