//! The entities of a query with their names resolved.

use super::criteria::{Check, cells_of};
use super::query::{Entity, Link, LinkKind};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::metadata::named_id;
use crate::tables::Table;

/// An entity of the query: the root or a link.
pub(super) struct Scope<'a> {
    pub(super) entity: &'a Entity,
    pub(super) table: usize,
    pub(super) alias: String,
    /// Whether the query named the alias.
    pub(super) is_named: bool,
    pub(super) join: Option<Join>,
    /// Conditions on its own rows.
    pub(super) own: Vec<Check>,
}

/// How a link finds its rows.
pub(super) struct Join {
    pub(super) parent: usize,
    pub(super) parent_column: usize,
    pub(super) column: usize,
    /// The column is the key: there is one row at most.
    pub(super) by_id: bool,
    pub(super) kind: LinkKind,
}

/// All entities in the order of the text, and the conditions that need several of them.
pub(super) struct Plan<'a> {
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) late: Vec<Check>,
}

impl Environment {
    pub(super) fn plan<'a>(&self, root: &'a Entity, table: usize) -> Result<Plan<'a>, Refusal> {
        let scope = Scope {
            entity: root,
            table,
            alias: root.name.clone(),
            is_named: false,
            join: None,
            own: Vec::new(),
        };
        let mut scopes = vec![scope];
        self.add_links(&mut scopes, 0, &root.links)?;
        check_aliases(&scopes)?;
        for position in 0..scopes.len() {
            let mut own = self.checks(&scopes, position, &scopes[position].entity.criteria)?;
            for link in semi_links(&scopes[position].entity.links) {
                own.push(self.link_check(&scopes, position, link)?);
            }
            scopes[position].own = own;
        }
        // What the root asks of linked rows can be known after all joins only.
        let (own, late) = std::mem::take(&mut scopes[0].own).into_iter().partition(|c| c.reach() == 0);
        scopes[0].own = own;
        if scopes.iter().enumerate().skip(1).any(|(i, scope)| scope.own.iter().any(|c| c.reach() > i)) {
            return Err(Refusal::not_implemented("conditions of a link on entities that come later"));
        }
        Ok(Plan { scopes, late })
    }

    fn add_links<'a>(
        &self,
        scopes: &mut Vec<Scope<'a>>,
        parent: usize,
        links: &'a [Link],
    ) -> Result<(), Refusal> {
        for link in links.iter().filter(|link| link.kind != LinkKind::Exists) {
            if link.kind.is_criterion() {
                return Err(unsupported_join());
            }
            let table = self.table_of_entity(&link.entity.name)?;
            let (parent_column, column) = self.link_columns(scopes[parent].table, table, link)?;
            let alias = link.alias.clone().unwrap_or_else(|| format!("{}{}", link.entity.name, scopes.len()));
            let described = &self.catalog.tables[table];
            let by_id = described.position(&described.primary_id) == Some(column);
            scopes.push(Scope {
                entity: &link.entity,
                table,
                alias,
                is_named: link.alias.is_some(),
                join: Some(Join { parent, parent_column, column, by_id, kind: link.kind }),
                own: Vec::new(),
            });
            let position = scopes.len() - 1;
            self.add_links(scopes, position, &link.entity.links)?;
        }
        Ok(())
    }

    /// The table of an entity's name.
    pub(super) fn table_of_entity(&self, name: &str) -> Result<usize, Refusal> {
        self.catalog.position(name).ok_or_else(|| {
            let message = format!("The entity with a name = '{name}' was not found.");
            Refusal::new(400, "0x80041102", message)
        })
    }

    /// The columns by which two tables are joined; their values must be of a kind.
    pub(super) fn link_columns(
        &self,
        parent: usize,
        table: usize,
        link: &Link,
    ) -> Result<(usize, usize), Refusal> {
        let (parent, table) = (&self.catalog.tables[parent], &self.catalog.tables[table]);
        let (to, from) = (attribute(parent, &link.to)?, attribute(table, &link.from)?);
        if cells_of(&parent.columns[to]) == cells_of(&table.columns[from]) {
            return Ok((to, from));
        }
        Err(Refusal::not_implemented("joins of columns of different types"))
    }
}

/// Links that only say whether there are rows.
fn semi_links(links: &[Link]) -> impl Iterator<Item = &Link> {
    links.iter().filter(|link| link.kind == LinkKind::Exists)
}

fn check_aliases(scopes: &[Scope<'_>]) -> Result<(), Refusal> {
    for (position, scope) in scopes.iter().enumerate() {
        if scopes[..position].iter().any(|other| other.alias == scope.alias) {
            return Err(Refusal::new(400, "0x80041130", "FetchXML should have unique aliases."));
        }
    }
    Ok(())
}

/// A link of a type that does not go there, or one that asks for columns and cannot give them.
pub(super) fn unsupported_join() -> Refusal {
    Refusal::new(400, "0x80041121", "Unsupported join operator.")
}

/// The entity of an alias; one without an alias goes by its name.
pub(super) fn scope_of(scopes: &[Scope<'_>], alias: &str) -> Result<usize, Refusal> {
    let named = scopes.iter().position(|scope| scope.alias == alias);
    let found = named.or_else(|| scopes.iter().position(|s| !s.is_named && s.entity.name == alias));
    found.ok_or_else(|| {
        let message = "The specified alias for the given entity in the condition does not exist.";
        Refusal::new(400, "0x8004110a", format!("{message} ('{alias}')"))
    })
}

/// The column of a logical name; the service's words where there is none.
pub(super) fn attribute(table: &Table, name: &str) -> Result<usize, Refusal> {
    table.position(name).ok_or_else(|| {
        let (table, id) = (&table.name, named_id("table", &table.name));
        let message = format!(
            "'{table}' entity doesn't contain attribute with Name = '{name}' and NameMapping = 'Logical' (look up attribute by \
             name is case-sensitive).orgIndex: 0, id: {id}, logicalName: {table}"
        );
        Refusal::new(400, "0x80041103", message)
    })
}
