//! All tables of an environment and how they hang together.

use super::{ManyToMany, ManyToOne, Side, Table};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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
    pub(crate) fn new(
        tables: Vec<Table>,
        many_to_one: Vec<ManyToOne>,
        many_to_many: Vec<ManyToMany>,
    ) -> Catalog {
        let mut catalog = Catalog { tables, many_to_one, many_to_many, ..Catalog::default() };
        catalog.index();
        catalog
    }

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
