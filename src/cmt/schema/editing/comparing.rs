//! What two schemas say differently.

use super::dependencies::names;
use crate::form::Attribute;
use crate::schema::writer::{column_attributes, relationship_attributes, root_attributes, table_attributes};
use crate::{Relationship, Schema, Table, TableSpelling};

/// What one schema says and another does not. Empty where both say the same.
///
/// Compared is what is written: attributes by their names in the file. How they are spelled, where columns stand, and
/// what is not known here make no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaDifference {
    /// Of the whole schema: `dateMode`, and `entityImportOrder` with its names, parted by commas.
    pub settings: Vec<SettingDifference>,
    /// The tables that differ: in the order of the older schema, then those that only the newer one lists.
    pub tables: Vec<SchemaTableDifference>,
    /// The tables that both list stand in another order.
    pub tables_moved: bool,
}

impl SchemaDifference {
    /// Both say the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == SchemaDifference::default()
    }
}

/// Which of two schemas lists something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The newer one alone.
    Added,
    /// The older one alone.
    Removed,
    /// Both, and they say something different of it.
    Changed,
}

/// A property that two schemas set differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingDifference {
    /// The attribute's name in the file; `filter`, `entityImportOrder`.
    pub name: String,
    /// Its value in the older schema; `None`: it is not there.
    pub before: Option<String>,
    /// Its value in the newer schema.
    pub after: Option<String>,
}

/// What two schemas say differently of a table. Of a table that a file lists more than once the first listing is
/// compared, and that there are others is told by [`super::problems`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaTableDifference {
    /// Logical name.
    pub name: String,
    /// Which of the two list it.
    pub change: Change,
    /// Its properties; empty unless both list it.
    pub settings: Vec<SettingDifference>,
    /// Its columns; empty unless both list it.
    pub columns: Vec<ItemDifference>,
    /// Its many-to-many relationships; empty unless both list it.
    pub relationships: Vec<ItemDifference>,
}

/// What two schemas say differently of a column or relationship.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemDifference {
    /// Logical name.
    pub name: String,
    /// Which of the two list it.
    pub change: Change,
    /// Its properties; empty unless both list it.
    pub settings: Vec<SettingDifference>,
}

/// Compares two schemas by table, column, relationship and attribute.
#[must_use]
pub fn compare(older: &Schema, newer: &Schema) -> SchemaDifference {
    let mut tables: Vec<SchemaTableDifference> = Vec::new();
    for name in names(older) {
        tables.extend(table_difference(name, older.table(name), newer.table(name)));
    }
    for name in names(newer).into_iter().filter(|name| older.table(name).is_none()) {
        tables.extend(table_difference(name, None, newer.table(name)));
    }
    SchemaDifference { settings: root_settings(older, newer), tables, tables_moved: moved(older, newer) }
}

fn root_settings(older: &Schema, newer: &Schema) -> Vec<SettingDifference> {
    // The namespace means nothing.
    let plain = |schema: &Schema| Schema { date_mode: schema.date_mode, ..Schema::default() };
    let (before, after) = (plain(older), plain(newer));
    let mut found = settings(&root_attributes(&before), &root_attributes(&after));
    let order = |schema: &Schema| (!schema.import_order.is_empty()).then(|| schema.import_order.join(", "));
    found.extend(setting("entityImportOrder", order(older), order(newer)));
    found
}

fn moved(older: &Schema, newer: &Schema) -> bool {
    let before = names(older).into_iter().filter(|name| newer.table(name).is_some());
    before.ne(names(newer).into_iter().filter(|name| older.table(name).is_some()))
}

fn table_difference(
    name: &str,
    older: Option<&Table>,
    newer: Option<&Table>,
) -> Option<SchemaTableDifference> {
    let found = |change| SchemaTableDifference {
        name: name.to_owned(),
        change,
        settings: Vec::new(),
        columns: Vec::new(),
        relationships: Vec::new(),
    };
    let (older, newer) = match (older, newer) {
        (Some(older), Some(newer)) => (older, newer),
        (older, newer) => return only_one(older, newer).map(found),
    };
    let difference = SchemaTableDifference {
        settings: table_settings(older, newer),
        columns: items(&older.columns, &newer.columns, |column| &column.name, column_attributes),
        relationships: items(
            &meant(&older.relationships),
            &meant(&newer.relationships),
            |relationship| &relationship.name,
            relationship_attributes,
        ),
        ..found(Change::Changed)
    };
    (difference != found(Change::Changed)).then_some(difference)
}

fn table_settings(older: &Table, newer: &Table) -> Vec<SettingDifference> {
    let plain = |table: &Table| Table {
        spelling: TableSpelling::default(),
        columns: Vec::new(),
        relationships: Vec::new(),
        ..table.clone()
    };
    let (before, after) = (plain(older), plain(newer));
    let mut found = settings(&table_attributes(&before), &table_attributes(&after));
    found.extend(setting("filter", before.filter, after.filter));
    found
}

/// Older tools leave `isreflexive="false"` out.
fn meant(relationships: &[Relationship]) -> Vec<Relationship> {
    let plain =
        |one: &Relationship| Relationship { reflexive: one.reflexive.filter(|set| *set), ..one.clone() };
    relationships.iter().map(plain).collect()
}

/// The first listing of each name is compared.
fn items<T>(
    older: &[T],
    newer: &[T],
    name: impl Fn(&T) -> &String,
    attributes: for<'a> fn(&'a T) -> Vec<Attribute<'a>>,
) -> Vec<ItemDifference> {
    let mut names: Vec<&String> = Vec::new();
    for item in older.iter().chain(newer) {
        if !names.contains(&name(item)) {
            names.push(name(item));
        }
    }
    let find = |items: &'_ [T], wanted: &String| items.iter().position(|item| name(item) == wanted);
    let differs = names.into_iter().filter_map(|wanted| {
        let before = find(older, wanted).map(|at| &older[at]);
        let after = find(newer, wanted).map(|at| &newer[at]);
        let (change, settings) = match (before, after) {
            (Some(before), Some(after)) => {
                (Change::Changed, settings(&attributes(before), &attributes(after)))
            }
            (before, after) => (only_one(before, after)?, Vec::new()),
        };
        let differs = change != Change::Changed || !settings.is_empty();
        differs.then(|| ItemDifference { name: wanted.clone(), change, settings })
    });
    differs.collect()
}

fn only_one<T>(before: Option<T>, after: Option<T>) -> Option<Change> {
    match (before, after) {
        (Some(_), None) => Some(Change::Removed),
        (None, Some(_)) => Some(Change::Added),
        _ => None,
    }
}

fn settings(before: &[Attribute<'_>], after: &[Attribute<'_>]) -> Vec<SettingDifference> {
    let value = |of: &[Attribute<'_>], name: &str| {
        of.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
    };
    let added = after.iter().filter(|(name, _)| !before.iter().any(|(known, _)| known == name));
    let names = before.iter().chain(added).map(|(name, _)| *name);
    names.filter_map(|name| setting(name, value(before, name), value(after, name))).collect()
}

fn setting(name: &str, before: Option<String>, after: Option<String>) -> Option<SettingDifference> {
    (before != after).then(|| SettingDifference { name: name.to_owned(), before, after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DateMode;
    use crate::proof::testing::sample_schema;

    #[test]
    fn what_differs_is_told_by_table_column_relationship_and_attribute() {
        let (older, _) = Schema::parse(sample_schema().as_bytes()).unwrap();
        assert!(compare(&older, &older).is_empty());
        let mut newer = older.clone();
        newer.date_mode = Some(DateMode::Relative);
        let table = &mut newer.tables[0];
        table.disable_plugins = true;
        table.filter = Some("<fetch />".into());
        table.columns.remove(1);
        table.columns[1].lookup_targets.push("lead".into());
        table.relationships[0].name = "other".into();
        newer.tables.push(Table { name: "new".into(), ..Table::default() });

        let found = compare(&older, &newer);
        let set = |name: &str, before: Option<&str>, after: Option<&str>| SettingDifference {
            name: name.into(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        assert_eq!(found.settings, [set("dateMode", None, Some("relative"))]);
        let [changed, added] = found.tables.as_slice() else { panic!("{found:?}") };
        assert_eq!((added.name.as_str(), added.change), ("new", Change::Added));
        assert_eq!(
            changed.settings,
            [set("disableplugins", Some("false"), Some("true")), set("filter", None, Some("<fetch />"))]
        );
        let columns: Vec<_> = changed.columns.iter().map(|one| (one.name.as_str(), one.change)).collect();
        assert_eq!(columns, [("subject", Change::Removed), ("regardingobjectid", Change::Changed)]);
        assert_eq!(
            changed.columns[1].settings,
            [set("lookupType", Some("account|contact"), Some("account|contact|lead"))]
        );
        let relationships: Vec<_> = changed.relationships.iter().map(|one| one.change).collect();
        assert_eq!(relationships, [Change::Removed, Change::Added]);
        assert!(!found.tables_moved);
    }

    #[test]
    fn spelling_makes_no_difference_and_order_of_tables_does() {
        let (mut older, _) = Schema::parse(sample_schema().as_bytes()).unwrap();
        older.tables.push(Table { name: "second".into(), ..Table::default() });
        let mut newer = older.clone();
        newer.declares_xsi = !newer.declares_xsi;
        newer.tables[0].spelling = TableSpelling { leaves_out_relationships: true, writes_skip_update: true };
        newer.tables[0].relationships[0].reflexive = Some(false);
        older.tables[0].relationships[0].reflexive = None;
        newer.tables[0].columns.reverse();
        assert!(compare(&older, &newer).is_empty());
        newer.tables.reverse();
        assert!(compare(&older, &newer).tables_moved);
    }
}
