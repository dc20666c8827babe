//! All tables of an environment and how they hang together.

use super::{ManyToMany, ManyToOne, Table};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What an environment has. Only a removed column or table changes it once it is built.
///
/// Tables and columns are known by their positions: a name is looked up once, where a request is read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Catalog {
    pub(crate) tables: Vec<Table>,
    pub(crate) many_to_one: Vec<ManyToOne>,
    pub(crate) many_to_many: Vec<ManyToMany>,
    #[serde(skip)]
    index: Index,
}

/// Names to positions.
#[derive(Clone, Debug, Default)]
struct Index {
    tables: HashMap<String, usize>,
    sets: HashMap<String, usize>,
    /// By table; the positions are those of `many_to_one`.
    lookups: Vec<Vec<usize>>,
    /// By table.
    navigations: Vec<HashMap<String, Navigation>>,
}

/// What a navigation property of a table leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Navigation {
    /// To the one row that the lookup `column` of this table points to, in the table `target`.
    Single { column: usize, target: usize },
    /// To the rows of `table` whose lookup `column` points here.
    Children { table: usize, column: usize },
    /// To the rows of `target` that are linked to this one.
    Links { intersect: usize, target: usize, from_first: bool },
}

impl Navigation {
    pub(crate) fn is_single(self) -> bool {
        matches!(self, Navigation::Single { .. })
    }

    /// The table it leads to.
    pub(crate) fn target(self) -> usize {
        match self {
            Navigation::Single { target, .. } | Navigation::Links { target, .. } => target,
            Navigation::Children { table, .. } => table,
        }
    }
}

impl Catalog {
    pub(crate) fn new(
        tables: Vec<Table>,
        many_to_one: Vec<ManyToOne>,
        many_to_many: Vec<ManyToMany>,
    ) -> Catalog {
        let mut catalog = Catalog { tables, many_to_one, many_to_many, index: Index::default() };
        catalog.index();
        catalog
    }

    pub(crate) fn table(&self, name: &str) -> Option<&Table> {
        self.position(name).map(|position| &self.tables[position])
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.index.tables.get(name).copied()
    }

    /// The table of an entity set; case counts.
    pub(crate) fn position_of_set(&self, set: &str) -> Option<usize> {
        self.index.sets.get(set).copied()
    }

    /// The lookups of a table.
    pub(crate) fn lookups(&self, table: usize) -> impl Iterator<Item = &ManyToOne> {
        self.index.lookups[table].iter().map(|position| &self.many_to_one[*position])
    }

    /// The navigation property of that exact name.
    pub(crate) fn navigation(&self, table: usize, name: &str) -> Option<Navigation> {
        self.index.navigations[table].get(name).copied()
    }

    /// Builds the index anew, after assembling or reading a saved state.
    pub(crate) fn index(&mut self) {
        self.tables.iter_mut().for_each(Table::index);
        self.index = Index {
            tables: self.tables.iter().enumerate().map(|(i, t)| (t.name.clone(), i)).collect(),
            sets: self.tables.iter().enumerate().map(|(i, t)| (t.entity_set.clone(), i)).collect(),
            lookups: vec![Vec::new(); self.tables.len()],
            navigations: vec![HashMap::new(); self.tables.len()],
        };
        for position in 0..self.many_to_one.len() {
            self.index_lookup(position);
        }
        for position in 0..self.many_to_many.len() {
            self.index_links(position);
        }
    }

    fn index_lookup(&mut self, position: usize) {
        let relationship = &self.many_to_one[position];
        let ends = self.position(&relationship.table).zip(self.position(&relationship.target));
        let Some((table, target)) = ends else { return };
        let Some(column) = self.tables[table].position(&relationship.column) else { return };
        let (navigation, collection) = (relationship.navigation.clone(), relationship.collection.clone());
        self.index.lookups[table].push(position);
        self.index.navigations[table].insert(navigation, Navigation::Single { column, target });
        self.index.navigations[target].insert(collection, Navigation::Children { table, column });
    }

    fn index_links(&mut self, position: usize) {
        let ManyToMany { intersect, first, second, .. } = self.many_to_many[position].clone();
        let ends = self.position(&first.table).zip(self.position(&second.table));
        let Some((intersect, (here, there))) = self.position(&intersect).zip(ends) else { return };
        let to_second = Navigation::Links { intersect, target: there, from_first: true };
        let to_first = Navigation::Links { intersect, target: here, from_first: false };
        self.index.navigations[there].insert(second.navigation, to_first);
        self.index.navigations[here].insert(first.navigation, to_second);
    }
}
