//! All tables of an environment and how they hang together.

use super::{
    Column, Kind, Lookup, ManyToMany, ManyToOne, Ownership, Side, Table, entity_sets, navigation, system,
};
use crate::loader::{Hints, Schema, SchemaColumn, SchemaTable};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// What an environment has. It does not change once it is built.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Catalog {
    pub(crate) tables: Vec<Table>,
    pub(crate) many_to_one: Vec<ManyToOne>,
    pub(crate) many_to_many: Vec<ManyToMany>,
    #[serde(skip)]
    by_name: HashMap<String, usize>,
    #[serde(skip)]
    by_set: HashMap<String, usize>,
    #[serde(skip)]
    navigations: HashMap<(String, String), NavigationIndex>,
}

#[derive(Clone, Copy, Debug)]
enum NavigationIndex {
    Single(usize),
    Children(usize),
    Links(usize, bool),
}

/// What a navigation property of a table leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Navigation<'a> {
    /// To the one row a lookup points to.
    Single(&'a ManyToOne),
    /// To the rows whose lookup points here.
    Children(&'a ManyToOne),
    /// To the rows linked to this one.
    Links { relationship: &'a ManyToMany, here: &'a Side, there: &'a Side },
}

impl Catalog {
    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.position(name).map(|position| &self.tables[position])
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The table of an entity set; case counts.
    pub(crate) fn position_of_set(&self, set: &str) -> Option<usize> {
        self.by_set.get(set).copied()
    }

    /// The lookups of a table.
    pub(crate) fn lookups<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a ManyToOne> {
        self.many_to_one.iter().filter(move |r| r.table == table)
    }

    /// The navigation property of that exact name.
    pub(crate) fn navigation(&self, table: &str, name: &str) -> Option<Navigation<'_>> {
        let found = self.navigations.get(&(table.to_owned(), name.to_owned()))?;
        Some(match *found {
            NavigationIndex::Single(i) => Navigation::Single(&self.many_to_one[i]),
            NavigationIndex::Children(i) => Navigation::Children(&self.many_to_one[i]),
            NavigationIndex::Links(i, from_first) => {
                let relationship = &self.many_to_many[i];
                let (here, there) = if from_first {
                    (&relationship.first, &relationship.second)
                } else {
                    (&relationship.second, &relationship.first)
                };
                Navigation::Links { relationship, here, there }
            }
        })
    }

    /// Builds the indexes anew, after assembling or reading a saved state.
    pub(crate) fn index(&mut self) {
        self.tables.iter_mut().for_each(Table::index);
        self.by_name = self.tables.iter().enumerate().map(|(i, t)| (t.name.clone(), i)).collect();
        self.by_set = self.tables.iter().enumerate().map(|(i, t)| (t.entity_set.clone(), i)).collect();
        self.navigations.clear();
        for (i, r) in self.many_to_one.iter().enumerate() {
            self.navigations.insert((r.table.clone(), r.navigation.clone()), NavigationIndex::Single(i));
            self.navigations.insert((r.target.clone(), r.collection.clone()), NavigationIndex::Children(i));
        }
        for (i, r) in self.many_to_many.iter().enumerate() {
            for (side, from_first) in [(&r.second, false), (&r.first, true)] {
                let key = (side.table.clone(), side.navigation.clone());
                self.navigations.insert(key, NavigationIndex::Links(i, from_first));
            }
        }
    }
}

/// Collects tables until all are known, then ties them together.
pub(crate) struct Assembly {
    tables: Vec<Table>,
    /// (declaring table, intersect table, other table)
    links: Vec<(String, String, String)>,
    hints: Hints,
    notes_described: bool,
}

impl Assembly {
    /// Starts with the system tables.
    pub(crate) fn new() -> Assembly {
        Assembly {
            tables: system::always(),
            links: Vec::new(),
            hints: Hints::default(),
            notes_described: false,
        }
    }

    /// Adds the tables of a schema. A table that is known already gains the columns it lacks.
    pub(crate) fn add_schema(&mut self, schema: &Schema) {
        for described in &schema.tables {
            self.add_table(described);
            for link in &described.links {
                self.links.push((described.name.clone(), link.intersect.clone(), link.target.clone()));
            }
        }
    }

    /// Adds what the data showed about the columns.
    pub(crate) fn add_hints(&mut self, hints: Hints) {
        self.hints.merge(hints);
    }

    fn add_table(&mut self, described: &SchemaTable) {
        let position = self.tables.iter().position(|t| t.name == described.name).unwrap_or_else(|| {
            self.tables.push(Table::new(&described.name, &described.display_name));
            self.tables.len() - 1
        });
        self.notes_described |= described.name == "annotation";
        let table = &mut self.tables[position];
        if !described.primary_id.is_empty() {
            table.primary_id.clone_from(&described.primary_id);
        }
        table.is_activity |= table.primary_id == "activityid";
        if table.primary_name.is_none() && !described.primary_name.is_empty() {
            table.primary_name = Some(described.primary_name.clone());
        }
        let primary_id = table.primary_id.clone();
        table.add(&primary_id, &described.display_name, Kind::Id);
        for column in &described.columns {
            let kind = self.hints.kind(&described.name, column);
            add_or_widen(table, column, kind);
        }
        if table.ownership == Ownership::None && !system::always().iter().any(|t| t.name == described.name) {
            table.ownership = ownership(described);
        }
    }

    /// Ties everything together.
    pub(crate) fn finish(mut self) -> Catalog {
        self.add_targets();
        // Service columns point to tables, which have service columns.
        loop {
            self.tables.iter_mut().for_each(add_service_columns);
            if !self.add_named_tables() {
                break;
            }
        }
        let many_to_many = self.add_intersects();
        for (position, table) in self.tables.iter_mut().enumerate() {
            if table.column("statecode").is_some() {
                table.learn_states(self.hints.states(&table.name));
            }
            let own_code = i32::try_from(10_000 + position).unwrap_or_default();
            table.object_type_code = system::object_type_code(&table.name).unwrap_or(own_code);
            table.settle_validity();
        }
        let many_to_one = many_to_one(&self.tables);
        let mut catalog = Catalog { tables: self.tables, many_to_one, many_to_many, ..Catalog::default() };
        catalog.index();
        catalog
    }

    /// Lookups gain the targets that the data showed; notes without a description go to every table.
    fn add_targets(&mut self) {
        let everything: Vec<String> = self
            .tables
            .iter()
            .map(|t| t.name.clone())
            .filter(|t| t != "annotation" && t != "owner")
            .collect();
        for table in &mut self.tables {
            let name = table.name.clone();
            for column in &mut table.columns {
                let Kind::Lookup(Lookup::Tables(targets)) = &mut column.kind else { continue };
                if name == "annotation" && column.name == "objectid" && !self.notes_described {
                    targets.clone_from(&everything);
                }
                for seen in self.hints.targets(&name, &column.name) {
                    if !targets.contains(seen) {
                        targets.push(seen.clone());
                    }
                }
            }
        }
    }

    /// Adds tables that are only pointed to; says whether there were any.
    fn add_named_tables(&mut self) -> bool {
        let pointed_to = self.tables.iter().flat_map(|t| &t.columns).filter_map(Column::lookup);
        let mut named: BTreeSet<String> = pointed_to
            .flat_map(|lookup| lookup.targets().into_iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        named.extend(self.links.iter().flat_map(|(declaring, _, other)| [declaring.clone(), other.clone()]));
        named.retain(|name| self.tables.iter().all(|t| t.name != *name));
        self.tables.extend(named.iter().map(|name| system::when_named(name)));
        !named.is_empty()
    }

    fn add_intersects(&mut self) -> Vec<ManyToMany> {
        let mut relationships: Vec<ManyToMany> = Vec::new();
        for (declaring, intersect, other) in std::mem::take(&mut self.links) {
            if relationships.iter().any(|r| r.intersect == intersect) {
                continue;
            }
            let relationship = many_to_many(&self.tables, &declaring, &intersect, &other);
            self.tables.retain(|t| t.name != intersect);
            self.tables.push(intersect_table(&relationship));
            relationships.push(relationship);
        }
        relationships
    }
}

/// A schema's column joins the table; where a system column is known already, that stays.
fn add_or_widen(table: &mut Table, column: &SchemaColumn, kind: Kind) {
    match table.position(&column.name) {
        None => table.add(&column.name, &column.display_name, kind),
        Some(position) => {
            let known = &mut table.columns[position];
            known.display_name.clone_from(&column.display_name);
            if let (Kind::Lookup(Lookup::Tables(known)), Kind::Lookup(described)) = (&mut known.kind, &kind) {
                for target in described.targets() {
                    if !known.iter().any(|k| k == target) {
                        known.push(target.to_owned());
                    }
                }
            }
        }
    }
}

/// Owned by users unless the schema shows an organization, or it is a portal table.
fn ownership(described: &SchemaTable) -> Ownership {
    let has = |name: &str| described.columns.iter().any(|c| c.name == name);
    let by_user = has("ownerid") || has("owninguser");
    let by_organization = has("organizationid") || described.name.starts_with("adx_");
    if by_organization && !by_user { Ownership::Organization } else { Ownership::User }
}

/// Columns the service gives every table of that ownership.
fn add_service_columns(table: &mut Table) {
    let user = || Kind::Lookup(Lookup::Tables(vec!["systemuser".to_owned()]));
    let moment = || Kind::DateTime(super::DateBehavior::UserLocal);
    table.add("versionnumber", "Version Number", Kind::BigInt);
    if table.is_intersect || table.name == "activityparty" || table.name == "owner" {
        return;
    }
    table.add("createdon", "Created On", moment());
    table.add("modifiedon", "Modified On", moment());
    for (name, label) in [
        ("createdby", "Created By"),
        ("modifiedby", "Modified By"),
        ("createdonbehalfby", "Created By (Delegate)"),
        ("modifiedonbehalfby", "Modified By (Delegate)"),
    ] {
        table.add(name, label, user());
    }
    table.add("overriddencreatedon", "Record Created On", moment());
    table.add("importsequencenumber", "Import Sequence Number", Kind::Integer);
    add_ownership_columns(table);
    add_money_columns(table);
    add_image_columns(table);
}

fn add_ownership_columns(table: &mut Table) {
    let to = |target: &str| Kind::Lookup(Lookup::Tables(vec![target.to_owned()]));
    match table.ownership {
        Ownership::User => {
            table.add("ownerid", "Owner", Kind::Lookup(Lookup::Owner));
            table.add("owningbusinessunit", "Owning Business Unit", to("businessunit"));
            table.add("owninguser", "Owning User", to("systemuser"));
            table.add("owningteam", "Owning Team", to("team"));
        }
        Ownership::Organization => table.add("organizationid", "Organization Id", to("organization")),
        Ownership::None => return,
    }
    if !["annotation", "businessunit"].contains(&table.name.as_str()) {
        table.add("statecode", "Status", Kind::State);
        table.add("statuscode", "Status Reason", Kind::Status);
    }
}

/// Money brings its currency, the rate and the amount in the base currency.
fn add_money_columns(table: &mut Table) {
    let amounts: Vec<(String, u8)> = table
        .columns
        .iter()
        .filter_map(
            |c| if let Kind::Money { digits } = c.kind { Some((c.name.clone(), digits)) } else { None },
        )
        .filter(|(name, _)| !name.ends_with("_base"))
        .collect();
    for (name, digits) in &amounts {
        table.add(&format!("{name}_base"), &format!("{name} (Base)"), Kind::Money { digits: *digits });
    }
    if !amounts.is_empty() {
        let currency = Kind::Lookup(Lookup::Tables(vec!["transactioncurrency".to_owned()]));
        table.add("transactioncurrencyid", "Currency", currency);
        table.add("exchangerate", "Exchange Rate", Kind::Decimal { digits: 12 });
    }
}

fn add_image_columns(table: &mut Table) {
    let images: Vec<String> =
        table.columns.iter().filter(|c| c.kind == Kind::Image).map(|c| c.name.clone()).collect();
    for image in images {
        table.add(&format!("{image}id"), &format!("{image} Id"), Kind::Id);
        table.add(&format!("{image}_timestamp"), &format!("{image} Timestamp"), Kind::BigInt);
        let url = Kind::Text { max_length: 200, memo: false };
        table.add(&format!("{image}_url"), &format!("{image} URL"), url);
    }
}

fn many_to_one(tables: &[Table]) -> Vec<ManyToOne> {
    let mut relationships = Vec::new();
    for table in tables {
        for column in &table.columns {
            let Some(lookup) = column.lookup() else { continue };
            if *lookup == Lookup::Owner {
                relationships.push(owner_relationship(table, column));
                continue;
            }
            let targets = lookup.targets();
            for target in &targets {
                relationships.push(relationship(table, column, target, targets.len() == 1));
            }
        }
    }
    relationships
}

fn relationship(table: &Table, column: &Column, target: &str, alone: bool) -> ManyToOne {
    let schema_name = format!("{target}_{}_{}", table.name, column.name);
    ManyToOne {
        collection: schema_name.clone(),
        schema_name,
        table: table.name.clone(),
        column: column.name.clone(),
        target: target.to_owned(),
        navigation: navigation::navigation(&table.name, table.is_activity, &column.name, target, alone),
    }
}

/// The owner is a row of the abstract table `owner`; users and teams both fit.
fn owner_relationship(table: &Table, column: &Column) -> ManyToOne {
    let schema_name = format!("owner_{}", table.entity_set);
    ManyToOne {
        collection: schema_name.clone(),
        schema_name,
        table: table.name.clone(),
        column: column.name.clone(),
        target: "owner".to_owned(),
        navigation: column.name.clone(),
    }
}

fn many_to_many(tables: &[Table], declaring: &str, intersect: &str, other: &str) -> ManyToMany {
    let key = |name: &str| {
        tables.iter().find(|t| t.name == name).map_or_else(|| format!("{name}id"), |t| t.primary_id.clone())
    };
    let schema_name = navigation::many_to_many(intersect);
    let reflexive = declaring == other;
    let (first_column, second_column) = if reflexive {
        (format!("{}one", key(declaring)), format!("{}two", key(other)))
    } else {
        (key(declaring), key(other))
    };
    let second_navigation = if reflexive { format!("{schema_name}_referenced") } else { schema_name.clone() };
    ManyToMany {
        intersect: intersect.to_owned(),
        first: Side { table: declaring.to_owned(), column: first_column, navigation: schema_name.clone() },
        second: Side { table: other.to_owned(), column: second_column, navigation: second_navigation },
        schema_name,
    }
}

fn intersect_table(relationship: &ManyToMany) -> Table {
    let name = &relationship.intersect;
    let mut table = Table::new(name, name);
    table.is_intersect = true;
    table.is_activity = false;
    table.entity_set = entity_sets::intersect_set(name);
    table.primary_id = format!("{name}id");
    let primary_id = table.primary_id.clone();
    table.add(&primary_id, &primary_id, Kind::Id);
    table.add(&relationship.first.column, &relationship.first.column, Kind::Id);
    table.add(&relationship.second.column, &relationship.second.column, Kind::Id);
    table.add("versionnumber", "Version Number", Kind::BigInt);
    table
}
