//! The entities of FetchXML, joined.

use super::comparison::Test;
use super::fetch_condition::{attribute, test};
use super::fetch_xml::{FetchEntity, FetchLink, Node};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;
use crate::values::Cell;
use std::collections::HashMap;
use uuid::Uuid;

/// An entity of the query: the root or a link.
pub(super) struct Scope<'a> {
    pub(super) entity: &'a FetchEntity,
    pub(super) table: usize,
    pub(super) alias: String,
    join: Option<Join>,
    /// Conditions on its own rows.
    own: Vec<Check>,
}

/// How a link finds its rows.
pub(super) struct Join {
    parent: usize,
    parent_column: usize,
    column: usize,
    outer: bool,
}

/// A condition with names resolved.
pub(super) enum Check {
    All(Vec<Check>),
    Any(Vec<Check>),
    Test { scope: usize, column: usize, test: Test },
}

/// One row of each scope; outer links may have none.
pub(super) type Joined<'a> = Vec<Option<&'a Row>>;

impl Environment {
    /// All entities in the order of the text, and the conditions that need several of them.
    pub(super) fn scopes<'a>(
        &self,
        root: &'a FetchEntity,
        table: usize,
    ) -> Result<(Vec<Scope<'a>>, Vec<Check>), Refusal> {
        let mut scopes =
            vec![Scope { entity: root, table, alias: root.name.clone(), join: None, own: Vec::new() }];
        self.add_links(&mut scopes, 0, &root.links)?;
        for position in 1..scopes.len() {
            let entity = scopes[position].entity;
            scopes[position].own = self.checks(&scopes, position, &entity.filters)?;
        }
        let late = self.checks(&scopes, 0, &root.filters)?;
        Ok((scopes, late))
    }

    fn add_links<'a>(
        &self,
        scopes: &mut Vec<Scope<'a>>,
        parent: usize,
        links: &'a [FetchLink],
    ) -> Result<(), Refusal> {
        for link in links {
            let name = &link.entity.name;
            let table = self.catalog.position(name).ok_or_else(|| {
                Refusal::new(400, "0x80041102", format!("The entity with a name = '{name}' was not found."))
            })?;
            let join = Join {
                parent,
                parent_column: attribute(&self.catalog.tables[scopes[parent].table], &link.to)?,
                column: attribute(&self.catalog.tables[table], &link.from)?,
                outer: link.outer,
            };
            let alias = link.alias.clone().unwrap_or_else(|| format!("{name}{}", scopes.len()));
            scopes.push(Scope { entity: &link.entity, table, alias, join: Some(join), own: Vec::new() });
            let position = scopes.len() - 1;
            self.add_links(scopes, position, &link.entity.links)?;
        }
        Ok(())
    }

    fn checks(&self, scopes: &[Scope<'_>], own: usize, nodes: &[Node]) -> Result<Vec<Check>, Refusal> {
        nodes
            .iter()
            .map(|node| match node {
                Node::All(nodes) => Ok(Check::All(self.checks(scopes, own, nodes)?)),
                Node::Any(nodes) => Ok(Check::Any(self.checks(scopes, own, nodes)?)),
                Node::Condition(condition) => {
                    let scope = match &condition.entity {
                        None => own,
                        Some(alias) => scopes.iter().position(|s| s.alias == *alias).ok_or_else(|| {
                            Refusal::new(
                                400,
                                "0x80041102",
                                format!("The alias '{alias}' of a condition was not found."),
                            )
                        })?,
                    };
                    let (column, test) = test(self, &self.catalog.tables[scopes[scope].table], condition)?;
                    Ok(Check::Test { scope, column, test })
                }
            })
            .collect()
    }

    /// Root rows joined with the rows of all links.
    pub(super) fn join<'a>(&'a self, scopes: &[Scope<'_>], late: &[Check]) -> Vec<Joined<'a>> {
        let root = scopes.first().map_or(0, |scope| scope.table);
        let mut joined: Vec<Joined<'a>> = self.store.rows(root).map(|row| vec![Some(row)]).collect();
        for (position, scope) in scopes.iter().enumerate().skip(1) {
            let Some(join) = &scope.join else { continue };
            let by_id = self.rows_by_id(scope.table, join.column);
            let mut longer = Vec::new();
            for tuple in joined {
                let id = tuple[join.parent].and_then(|row| row.cells[join.parent_column].id());
                let candidates = id.and_then(|id| by_id.get(&id)).map_or(&[][..], Vec::as_slice);
                let before = longer.len();
                for candidate in candidates {
                    let mut next = tuple.clone();
                    next.push(Some(*candidate));
                    if scope.own.iter().all(|check| passes(check, &next)) {
                        longer.push(next);
                    }
                }
                if longer.len() == before && join.outer {
                    let mut next = tuple;
                    next.push(None);
                    longer.push(next);
                }
            }
            debug_assert!(longer.iter().all(|tuple| tuple.len() == position + 1));
            joined = longer;
        }
        joined.retain(|tuple| late.iter().all(|check| passes(check, tuple)));
        joined
    }

    fn rows_by_id(&self, table: usize, column: usize) -> HashMap<Uuid, Vec<&Row>> {
        let mut by_id: HashMap<Uuid, Vec<&Row>> = HashMap::new();
        for row in self.store.rows(table) {
            if let Some(id) = row.cells[column].id() {
                by_id.entry(id).or_default().push(row);
            }
        }
        by_id
    }
}

/// A cell of one of the joined rows; empty where that row is missing.
pub(super) fn cell<'a>(tuple: &Joined<'a>, scope: usize, column: usize) -> &'a Cell {
    const EMPTY: &Cell = &Cell::Empty;
    tuple.get(scope).copied().flatten().map_or(EMPTY, |row| &row.cells[column])
}

fn passes(check: &Check, tuple: &Joined<'_>) -> bool {
    match check {
        Check::All(checks) => checks.iter().all(|check| passes(check, tuple)),
        Check::Any(checks) => checks.iter().any(|check| passes(check, tuple)),
        Check::Test { scope, column, test } => test.passes(cell(tuple, *scope, *column)),
    }
}
