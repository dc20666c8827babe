//! `GET set?fetchXml=…`

use super::comparison::Test;
use super::fetch_condition::{attribute, test};
use super::fetch_xml::{FetchEntity, FetchLink, FetchXml, Node};
use super::{Cookie, LARGEST_PAGE};
use crate::answer::{Answer, Object};
use crate::api::Call;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::{Row, etag};
use crate::values::Cell;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

const COOKIE: &str = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie";
const MORE: &str = "Microsoft.Dynamics.CRM.morerecords";

/// An entity of the query: the root or a link.
struct Scope<'a> {
    entity: &'a FetchEntity,
    table: usize,
    alias: String,
    join: Option<Join>,
    /// Conditions on its own rows.
    own: Vec<Check>,
}

/// How a link finds its rows.
struct Join {
    parent: usize,
    parent_column: usize,
    column: usize,
    outer: bool,
}

/// A condition with names resolved.
enum Check {
    All(Vec<Check>),
    Any(Vec<Check>),
    Test { scope: usize, column: usize, test: Test },
}

/// One row of each scope; outer links may have none.
type Joined<'a> = Vec<Option<&'a Row>>;

impl Environment {
    /// Runs FetchXML; the set must be the one of the root entity.
    pub(crate) fn fetch(&self, call: &Call, table: usize, xml: &str) -> Result<Answer, Refusal> {
        let fetch = FetchXml::parse(xml)?;
        let described = &self.catalog.tables[table];
        if fetch.entity.name != described.name {
            let message =
                format!("The entity '{}' of the FetchXML is not that of the entity set.", fetch.entity.name);
            return Err(Refusal::new(400, "0x80060888", message));
        }
        let (scopes, late) = self.scopes(&fetch.entity, table)?;
        let mut joined = self.join(&scopes, &late);
        self.sort(&scopes, &mut joined)?;
        if fetch.distinct {
            joined = self.distinct(&scopes, joined)?;
        }
        self.fetched(call, &fetch, &scopes, &joined)
    }

    /// All entities in the order of the text, and the conditions that need several of them.
    fn scopes<'a>(
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
    fn join<'a>(&'a self, scopes: &[Scope<'_>], late: &[Check]) -> Vec<Joined<'a>> {
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

    fn sort(&self, scopes: &[Scope<'_>], joined: &mut [Joined<'_>]) -> Result<(), Refusal> {
        let mut orders = Vec::new();
        for (own, scope) in scopes.iter().enumerate() {
            for (name, descending, alias) in &scope.entity.orders {
                let scope = alias
                    .as_ref()
                    .and_then(|alias| scopes.iter().position(|s| s.alias == *alias))
                    .unwrap_or(own);
                orders.push((
                    scope,
                    attribute(&self.catalog.tables[scopes[scope].table], name)?,
                    *descending,
                ));
            }
        }
        joined.sort_by(|a, b| {
            orders.iter().fold(Ordering::Equal, |order, (scope, column, descending)| {
                order.then_with(|| {
                    let order = cell(a, *scope, *column).order(cell(b, *scope, *column));
                    if *descending { order.reverse() } else { order }
                })
            })
        });
        Ok(())
    }

    /// Rows that show the same in all columns asked for come once.
    fn distinct<'a>(
        &self,
        scopes: &[Scope<'_>],
        joined: Vec<Joined<'a>>,
    ) -> Result<Vec<Joined<'a>>, Refusal> {
        let columns = self.shown_columns(scopes)?;
        let mut seen = HashSet::new();
        Ok(joined
            .into_iter()
            .filter(|tuple| {
                let values: Vec<String> = columns
                    .iter()
                    .map(|(scope, column, _)| cell(tuple, *scope, *column).to_json().to_string())
                    .collect();
                seen.insert(values)
            })
            .collect())
    }

    /// (scope, column, name in the answer) of everything asked for.
    fn shown_columns(&self, scopes: &[Scope<'_>]) -> Result<Vec<(usize, usize, String)>, Refusal> {
        let mut columns = Vec::new();
        for (position, scope) in scopes.iter().enumerate() {
            let table = &self.catalog.tables[scope.table];
            let prefix = if position == 0 { String::new() } else { format!("{}.", scope.alias) };
            let name = |column: usize| {
                let column = &table.columns[column];
                if position == 0 { column.property() } else { format!("{prefix}{}", column.name) }
            };
            if scope.entity.all_attributes {
                let all = (0..table.columns.len()).filter(|column| table.columns[*column].has_property());
                columns.extend(all.map(|column| (position, column, name(column))));
            }
            for (attribute_name, alias) in &scope.entity.attributes {
                let column = attribute(table, attribute_name)?;
                columns.push((position, column, alias.clone().unwrap_or_else(|| name(column))));
            }
            let key = table.position(&table.primary_id).filter(|_| position == 0);
            if let Some(key) = key.filter(|key| columns.iter().all(|(p, c, _)| (*p, *c) != (0, *key))) {
                columns.push((0, key, name(key)));
            }
        }
        Ok(columns)
    }

    fn fetched(
        &self,
        call: &Call,
        fetch: &FetchXml,
        scopes: &[Scope<'_>],
        joined: &[Joined<'_>],
    ) -> Result<Answer, Refusal> {
        let size =
            fetch.top.or(fetch.count).or(call.prefer.page_size).unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
        let page = fetch.page.unwrap_or(1).max(1);
        let start = start_of(fetch, page, size, joined);
        let end = (start + size).min(joined.len());
        let columns = self.shown_columns(scopes)?;
        let mut values = Vec::new();
        for tuple in &joined[start..end] {
            values.push(self.fetched_row(call, scopes, &columns, tuple));
        }
        let described = &self.catalog.tables[scopes[0].table];
        let mut body = Object::default();
        body.push("@odata.context", call.context(&described.entity_set));
        let more = end < joined.len() && fetch.top.is_none();
        if call.prefer.wants(MORE) {
            body.push(format!("@{MORE}"), Value::Bool(more));
        }
        // Rows sorted by a linked entity have no cookie.
        let plain = scopes.iter().skip(1).all(|scope| scope.entity.orders.is_empty());
        let ends =
            joined[start..end].first().and_then(|t| t[0]).zip(joined[start..end].last().and_then(|t| t[0]));
        if let (true, true, true, Some((first, last))) = (more, plain, call.prefer.wants(COOKIE), ends) {
            let cookie = Cookie { page: page + 1, last: Some(last.id) };
            body.push(format!("@{COOKIE}"), cookie.text(&described.primary_id, first.id));
        }
        body.push("value", values);
        Ok(Answer::json(200, &body))
    }

    /// Columns without a value are left out.
    fn fetched_row(
        &self,
        call: &Call,
        scopes: &[Scope<'_>],
        columns: &[(usize, usize, String)],
        tuple: &Joined<'_>,
    ) -> Object {
        let mut object = Object::default();
        if let Some(row) = tuple[0] {
            object.push("@odata.etag", etag(row));
        }
        for (scope, column, name) in columns {
            let Some(row) = tuple[*scope] else { continue };
            let table = scopes[*scope].table;
            let cell = self.shown(table, row, *column);
            if !cell.is_empty() {
                self.push_cell(&mut object, &call.prefer, table, *column, name, cell);
            }
        }
        object
    }
}

/// After the cookie's row, or where the page's number says.
fn start_of(fetch: &FetchXml, page: usize, size: usize, joined: &[Joined<'_>]) -> usize {
    let last = fetch.cookie.as_ref().and_then(|inner| Cookie::of_fetch(page, inner).last);
    let after =
        last.and_then(|last| joined.iter().rposition(|tuple| tuple[0].is_some_and(|row| row.id == last)));
    after.map_or((page - 1) * size, |position| position + 1).min(joined.len())
}

fn cell<'a>(tuple: &Joined<'a>, scope: usize, column: usize) -> &'a Cell {
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
