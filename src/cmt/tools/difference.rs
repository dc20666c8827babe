//! What changed between two packages.

use crate::spool::{Spool, SpooledPackage};
use crate::{Error, Link, LinkSet, Record, sql_server_order};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What changed from one package to another. Empty where both say the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// One entry a table that differs: in the order of the older schema, then of the newer one, then those
    /// that only the data lists.
    pub tables: Vec<TableDifference>,
}

/// What changed in a table, over all its listings.
///
/// Records stand in SQL Server's order of their ids, as seen in real files ([`sql_server_order`]); columns by
/// name; links by relationship, source and target. Only ids and names are told, no values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableDifference {
    /// Logical name, compared letter by letter: upper case is another name (TALXIS).
    pub name: String,
    /// Logical names of the columns that only the newer schema lists.
    pub columns_added: Vec<String>,
    /// Logical names of the columns that only the older schema lists.
    pub columns_removed: Vec<String>,
    /// Ids of the records that only the newer package holds.
    pub added: Vec<Uuid>,
    /// Ids of the records that only the older package holds.
    pub removed: Vec<Uuid>,
    /// Records that both hold, with unequal values.
    pub changed: Vec<RecordChange>,
    /// Links that only the newer package holds: one entry a linked pair, told at the table that declares
    /// them.
    pub links_added: Vec<Link>,
    /// Links that only the older package holds.
    pub links_removed: Vec<Link>,
}

/// A record that both packages hold, with unequal values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// The record's id, the same in both.
    pub id: Uuid,
    /// Logical names of the columns whose values differ, or that only one of the two has a value for; sorted,
    /// at least one.
    pub columns: Vec<String>,
}

/// Compares two packages record by record. The order in the files, and how values are spelled, make no difference;
/// a row that a file holds twice is one record ([`RecordIndex`](crate::RecordIndex)).
///
/// In: two packages, each in a spool of its own. Out: what the newer one has more, less and otherwise. Two
/// records are the same when table and id are: the id is the primary key, as in all 29,347 records seen that
/// also carry their id column. Compared are typed values, so `4/5/2019 8:59:23 AM` and the ISO form of that
/// time are equal. Labels, and what the schema says beside the names of columns, are not compared; neither is
/// the content of files. In memory are two records, and the ids and links of one table.
///
/// # Errors
/// [`Error::Spool`] when a spool cannot be read any more.
pub fn difference<A: Spool, B: Spool>(
    older: &SpooledPackage<A>,
    newer: &SpooledPackage<B>,
) -> Result<Difference, Error> {
    let mut names: Vec<&str> = Vec::new();
    let schemas = older.schema().tables.iter().chain(&newer.schema().tables).map(|table| &table.name);
    let listed = older.tables().iter().chain(newer.tables()).map(|table| &table.name);
    for name in schemas.chain(listed) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let mut tables = Vec::new();
    for name in names {
        let table = table_difference(older, newer, name)?;
        if table != (TableDifference { name: name.to_owned(), ..TableDifference::default() }) {
            tables.push(table);
        }
    }
    Ok(Difference { tables })
}

fn table_difference<A: Spool, B: Spool>(
    older: &SpooledPackage<A>,
    newer: &SpooledPackage<B>,
    name: &str,
) -> Result<TableDifference, Error> {
    let (columns_before, columns_after) = (columns(older, name), columns(newer, name));
    let (links_before, links_after) = (links(older, name)?, links(newer, name)?);
    let mut table = TableDifference {
        name: name.to_owned(),
        columns_added: columns_after.difference(&columns_before).map(|c| (*c).to_owned()).collect(),
        columns_removed: columns_before.difference(&columns_after).map(|c| (*c).to_owned()).collect(),
        links_added: links_after.difference(&links_before).cloned().collect(),
        links_removed: links_before.difference(&links_after).cloned().collect(),
        ..TableDifference::default()
    };
    let (before, after) = (older.by_id(name), newer.by_id(name));
    for id in before.ids() {
        let (Some(was), Some(is)) = (before.record(&id)?, after.record(&id)?) else {
            table.removed.push(id);
            continue;
        };
        let columns = changed_columns(&was, &is);
        if !columns.is_empty() {
            table.changed.push(RecordChange { id, columns });
        }
    }
    table.added = after.ids().filter(|id| !before.contains(id)).collect();
    table.added.sort_by(sql_server_order);
    table.removed.sort_by(sql_server_order);
    table.changed.sort_by(|a, b| sql_server_order(&a.id, &b.id));
    Ok(table)
}

/// The columns whose values differ, sorted.
fn changed_columns(before: &Record, after: &Record) -> Vec<String> {
    let columns: BTreeSet<&str> =
        before.fields.iter().chain(&after.fields).map(|field| field.column.as_str()).collect();
    let differs = |column: &&str| before.value(column) != after.value(column);
    columns.into_iter().filter(differs).map(str::to_owned).collect()
}

fn columns<'a, S: Spool>(package: &'a SpooledPackage<S>, table: &str) -> BTreeSet<&'a str> {
    let listings = package.schema().tables.iter().filter(|listing| listing.name == table);
    listings.flat_map(|listing| &listing.columns).map(|column| column.name.as_str()).collect()
}

/// The linked pairs of a table.
fn links<S: Spool>(package: &SpooledPackage<S>, table: &str) -> Result<BTreeSet<Link>, Error> {
    let mut found = BTreeSet::new();
    for listing in package.listings(table) {
        for set in package.links(listing) {
            found.extend(pairs(set?));
        }
    }
    Ok(found)
}

fn pairs(set: LinkSet) -> impl Iterator<Item = Link> {
    let LinkSet { relationship, source, targets, .. } = set;
    targets.into_iter().map(move |target| Link { relationship: relationship.clone(), source, target })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proof::testing::{sample_data, sample_schema, spooled, zip_of};

    const SECOND: &str = "2d59d62c-584b-4f11-a317-0022480bd0f5";

    fn package(schema: &str, data: &str) -> SpooledPackage<Vec<u8>> {
        spooled(zip_of(&[("data.xml", data.as_bytes()), ("data_schema.xml", schema.as_bytes())]))
    }

    #[test]
    fn records_columns_and_links_that_changed_are_named() {
        let schema = sample_schema();
        let data = sample_data();
        let changed = data
            .replace("value=\"-30\"", "value=\"45\"")
            .replace("<field name=\"prioritycode\" value=\"1\" />", "")
            .replace(SECOND, "aa59d62c-584b-4f11-a317-0022480bd0f5")
            .replace("7a59d62c-584b-4f11-a317-0022480bd0f7", "8a59d62c-584b-4f11-a317-0022480bd0f7");
        let wider = schema.replace("name=\"new_day\"", "name=\"new_date\"");
        let difference = difference(&package(&schema, &data), &package(&wider, &changed)).unwrap();
        let [table] = difference.tables.as_slice() else { panic!("{difference:?}") };
        let id = |text: &str| -> Uuid { text.parse().unwrap() };
        assert_eq!(table.added, [id("aa59d62c-584b-4f11-a317-0022480bd0f5")]);
        assert_eq!(table.removed, [id(SECOND)]);
        assert_eq!(
            (&table.columns_added[..], &table.columns_removed[..]),
            (&["new_date".to_owned()][..], &["new_day".to_owned()][..])
        );
        let [change] = table.changed.as_slice() else { panic!("{table:?}") };
        // The column that the wider schema does not know is still a date that was written.
        assert_eq!(change.columns, ["actualdurationminutes", "new_day", "prioritycode"]);
        let ends = |links: &[Link]| links.iter().map(|link| link.target.to_string()).collect::<Vec<_>>();
        assert_eq!(ends(&table.links_added), ["8a59d62c-584b-4f11-a317-0022480bd0f7"]);
        assert_eq!(ends(&table.links_removed), ["7a59d62c-584b-4f11-a317-0022480bd0f7"]);
    }

    #[test]
    fn order_and_spelling_make_no_difference() {
        let (schema, data) = (sample_schema(), sample_data());
        let record = data.find("      <record id=\"2d59d62c-584b-4f11-a317-0022480bd0f5\"").unwrap();
        let end = data.find("    </records>").unwrap();
        let last = data[record..end].to_owned();
        let shuffled = data
            .replace(&last, "")
            .replace("<records>\r\n", &format!("<records>\r\n{last}"))
            .replace("value=\"True\"", "value=\"true\"")
            .replace("\r\n", "\n");
        let found = difference(&package(&schema, &data), &package(&schema, &shuffled)).unwrap();
        assert_eq!(found, Difference::default());
    }

    #[test]
    fn a_table_that_only_one_package_has_is_added_as_a_whole() {
        let empty = package("<entities />", "<entities />");
        let full = package(&sample_schema(), &sample_data());
        let found = difference(&empty, &full).unwrap();
        assert_eq!((found.tables[0].added.len(), found.tables[0].links_added.len()), (2, 2));
        assert_eq!(difference(&full, &empty).unwrap().tables[0].removed, found.tables[0].added);
    }
}
