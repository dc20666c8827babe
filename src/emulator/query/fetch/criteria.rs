//! The conditions of a query on the rows it joins.

use super::join::{JoinKey, Joined, cell};
use super::plan::{Scope, attribute, scope_of, unsupported_join};
use super::query::{Condition, Criterion, Link, LinkKind, Purpose};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::comparison::{Relation, Test};
use crate::query::operators::relation;
use crate::tables::{Column, Kind};
use std::collections::HashSet;

/// A condition with names resolved.
pub(super) enum Check {
    All(Vec<Check>),
    Any(Vec<Check>),
    Test {
        scope: usize,
        column: usize,
        test: Test,
    },
    /// Two columns against each other.
    Columns {
        left: (usize, usize),
        relation: Relation,
        right: (usize, usize),
    },
    /// The value is one of these, or none of them: what became of a link.
    Among {
        scope: usize,
        column: usize,
        keys: HashSet<JoinKey>,
        among: bool,
    },
}

impl Check {
    pub(super) fn passes(&self, joined: &Joined<'_>) -> bool {
        match self {
            Check::All(checks) => checks.iter().all(|check| check.passes(joined)),
            Check::Any(checks) => checks.iter().any(|check| check.passes(joined)),
            Check::Test { scope, column, test } => test.passes(cell(joined, *scope, *column)),
            Check::Columns { left, relation, right } => {
                relation.holds(cell(joined, left.0, left.1), cell(joined, right.0, right.1))
            }
            Check::Among { scope, column, keys, among } => {
                let key = JoinKey::of(cell(joined, *scope, *column));
                key.is_some_and(|key| keys.contains(&key)) == *among
            }
        }
    }

    /// Whether it is made of tests of the root's columns that must all be passed.
    pub(super) fn is_conjunction(&self) -> bool {
        match self {
            Check::All(checks) => checks.iter().all(Check::is_conjunction),
            Check::Test { scope, .. } => *scope == 0,
            _ => false,
        }
    }

    /// The last entity it needs.
    pub(super) fn reach(&self) -> usize {
        match self {
            Check::All(checks) | Check::Any(checks) => checks.iter().map(Check::reach).max().unwrap_or(0),
            Check::Test { scope, .. } | Check::Among { scope, .. } => *scope,
            Check::Columns { left, right, .. } => left.0.max(right.0),
        }
    }
}

impl Environment {
    pub(super) fn checks(
        &self,
        scopes: &[Scope<'_>],
        own: usize,
        criteria: &[Criterion],
    ) -> Result<Vec<Check>, Refusal> {
        criteria.iter().map(|criterion| self.check(scopes, own, criterion)).collect()
    }

    fn check(&self, scopes: &[Scope<'_>], own: usize, criterion: &Criterion) -> Result<Check, Refusal> {
        match criterion {
            Criterion::All(criteria) => Ok(Check::All(self.checks(scopes, own, criteria)?)),
            Criterion::Any(criteria) => Ok(Check::Any(self.checks(scopes, own, criteria)?)),
            Criterion::Condition(condition) => self.condition_check(scopes, own, condition),
            Criterion::Link(link) if link.kind.is_criterion() => self.link_check(scopes, own, link),
            Criterion::Link(_) => Err(unsupported_join()),
        }
    }

    fn condition_check(
        &self,
        scopes: &[Scope<'_>],
        own: usize,
        condition: &Condition,
    ) -> Result<Check, Refusal> {
        let scope = condition.entity.as_deref().map_or(Ok(own), |alias| scope_of(scopes, alias))?;
        let table = &self.catalog.tables[scopes[scope].table];
        let column = attribute(table, &condition.attribute)?;
        if let Some(other) = &condition.other {
            return self.columns_check(scopes, (scope, column), condition, other);
        }
        let test = self.condition(&table.columns[column], &condition.operator, &condition.values)?;
        Ok(Check::Test { scope, column, test })
    }

    /// `valueof`: columns of one type, of this entity or of the one whose alias stands before a point.
    fn columns_check(
        &self,
        scopes: &[Scope<'_>],
        left: (usize, usize),
        condition: &Condition,
        other: &str,
    ) -> Result<Check, Refusal> {
        let incorrect = || Refusal::new(400, "0x80041106", "Incorrect filter condition or conditions.");
        let relation = relation(&condition.operator).filter(|_| condition.values.is_empty());
        let relation = relation.ok_or_else(incorrect)?;
        let (scope, name) = match other.split_once('.') {
            Some((alias, name)) => (scope_of(scopes, alias)?, name),
            None => (left.0, other),
        };
        let table = &self.catalog.tables[scopes[scope].table];
        let right = attribute(table, name)?;
        let left_column = &self.catalog.tables[scopes[left.0].table].columns[left.1];
        if left_column.kind.edm() != table.columns[right].kind.edm() {
            return Err(incorrect());
        }
        Ok(Check::Columns { left, relation, right: (scope, right) })
    }

    /// A link that only says whether there are rows: it is answered once, for all rows around it.
    pub(super) fn link_check(&self, scopes: &[Scope<'_>], own: usize, link: &Link) -> Result<Check, Refusal> {
        if link.entity.all || link.entity.attributes.iter().any(|a| a.purpose == Purpose::Value) {
            return Err(unsupported_join());
        }
        let table = self.table_of_entity(&link.entity.name)?;
        let (column, from) = self.link_columns(scopes[own].table, table, link)?;
        let plan = self.plan(&link.entity, table)?;
        let found = self.join(&plan);
        let key = |joined: &Joined<'_>| JoinKey::of(cell(joined, 0, from));
        let mut keys: HashSet<JoinKey> = found.iter().filter_map(key).collect();
        if link.kind == LinkKind::All {
            let rows = self.store.rows(table).filter_map(|row| JoinKey::of(&row.cells[from]));
            keys = rows.filter(|key| !keys.contains(key)).collect();
        }
        Ok(Check::Among { scope: own, column, keys, among: link.kind != LinkKind::NotAny })
    }
}

/// What a column's cells are to a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cells {
    Ids,
    Texts,
    Numbers,
    Others,
}

pub(super) fn cells_of(column: &Column) -> Cells {
    match column.kind {
        Kind::Id | Kind::Lookup(_) => Cells::Ids,
        Kind::Text { .. } | Kind::EntityName => Cells::Texts,
        Kind::Integer | Kind::BigInt | Kind::Choice { .. } | Kind::State | Kind::Status => Cells::Numbers,
        _ => Cells::Others,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{fetch, names, path, site};
    use crate::Environment;
    use crate::testing::{id, post, refused, send};
    use serde_json::{Value, json};

    /// The rows of a query below the page entity, by their names.
    fn pages(environment: &mut Environment, inside: &str) -> Vec<String> {
        let xml = format!(
            "<fetch><entity name='adx_webpage'><attribute name='adx_name'/>{inside}</entity></fetch>"
        );
        names(&fetch(environment, "adx_webpages", &xml)).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn conditions_take_the_operators_in_use() {
        let mut environment = site();
        let body = json!({"adx_webpageid": id(4), "adx_releasedate": "2020-02-29T12:00:00Z"});
        post(&mut environment, "adx_webpages", &body);
        let recent = json!({"adx_releasedate": crate::values::instant_text(environment.now())});
        send(&mut environment, "PATCH", &format!("adx_webpages({})", id(1)), &[], &recent);
        let condition = |attribute: &str, operator: &str, values: &[&str]| {
            let values: String = values.iter().map(|value| format!("<value>{value}</value>")).collect();
            format!(
                "<filter><condition attribute='{attribute}' operator='{operator}'>{values}</condition></filter>"
            )
        };
        for (attribute, operator, values, expected) in [
            ("adx_name", "ne", &["p1"][..], vec!["p2", "p3", "-"]),
            ("adx_name", "not-begin-with", &["p1"], vec!["p2", "p3", "-"]),
            ("adx_name", "ends-with", &["2"], vec!["p2"]),
            ("adx_name", "like", &["[pq][^12]"], vec!["p3"]),
            ("adx_displayorder", "between", &["7", "8"], vec!["p1", "p2"]),
            ("adx_displayorder", "not-between", &["7", "8"], vec!["p3"]),
            ("adx_releasedate", "today", &[], vec!["p1"]),
            ("adx_releasedate", "last-x-hours", &["1"], vec!["p1"]),
            ("adx_releasedate", "this-year", &[], vec!["p1"]),
            ("adx_releasedate", "olderthan-x-years", &["1"], vec!["-"]),
            ("adx_releasedate", "on", &["2020-02-29"], vec!["-"]),
            ("adx_releasedate", "on-or-before", &["2020-02-29"], vec!["-"]),
            ("adx_releasedate", "on-or-after", &["2020-03-01"], vec!["p1"]),
            ("createdby", "ne-userid", &[], vec![]),
        ] {
            let found = pages(&mut environment, &condition(attribute, operator, values));
            assert_eq!(found, expected, "{attribute} {operator}");
        }
        for (attribute, operator, values, status, code) in [
            ("adx_name", "today", &[][..], 400, "0x80041106"),
            ("adx_displayorder", "like", &["1%"], 400, "0x80041106"),
            ("adx_displayorder", "eq", &[], 400, "0x80041106"),
            ("adx_displayorder", "eq", &["x"], 400, "0x80040203"),
            ("adx_displayorder", "between", &["1"], 400, "0x80041106"),
            ("adx_releasedate", "last-x-days", &["0"], 400, "0x8004110c"),
            ("adx_webpageid", "under", &["00000000-0000-0000-0000-000000000001"], 501, "0x80040203"),
            ("adx_releasedate", "this-fiscal-year", &[], 501, "0x80040203"),
            ("adx_name", "nonsense", &[], 501, "0x80040203"),
        ] {
            let xml = format!(
                "<fetch><entity name='adx_webpage'>{}</entity></fetch>",
                condition(attribute, operator, values)
            );
            let found = refused(&mut environment, "GET", &path("adx_webpages", &xml), &Value::Null);
            assert_eq!((found.0, found.1.as_str()), (status, code), "{attribute} {operator}: {}", found.2);
        }
    }

    #[test]
    fn filters_nest_and_ask_for_columns_of_the_row_and_of_links() {
        let mut environment = site();
        let filter = "<filter type='or'><filter><condition attribute='adx_name' operator='eq' value='p3'/></filter>\
                      <condition attribute='adx_name' operator='eq' valueof='s.adx_name'/>\
                      <condition entityname='s' attribute='adx_name' operator='eq' value='S'/></filter>\
                      <link-entity name='adx_website' from='adx_websiteid' to='adx_websiteid' alias='s' link-type='outer'/>";
        assert_eq!(pages(&mut environment, filter), ["p1", "p2", "p3"]);
        let same = "<filter><condition attribute='adx_name' operator='eq' valueof='adx_name'/></filter>";
        assert_eq!(pages(&mut environment, same), ["p1", "p2", "p3"]);
        let mixed =
            "<filter><condition attribute='adx_name' operator='eq' valueof='adx_displayorder'/></filter>";
        let xml = format!("<fetch><entity name='adx_webpage'>{mixed}</entity></fetch>");
        let found = refused(&mut environment, "GET", &path("adx_webpages", &xml), &Value::Null);
        assert_eq!(found.1, "0x80041106");
    }

    #[test]
    fn links_may_only_ask_whether_there_are_rows() {
        let mut environment = site();
        let tags = "name='adx_pagetag_webpage' from='adx_webpageid' to='adx_webpageid'";
        let second = format!(
            "<filter><condition attribute='adx_pagetagid' operator='eq' value='{}'/></filter>",
            id(81)
        );
        let none = "<filter><condition attribute='adx_pagetagid' operator='null'/></filter>";
        for kind in ["exists", "in"] {
            let link = format!("<link-entity {tags} link-type='{kind}'>{second}</link-entity>");
            assert_eq!(pages(&mut environment, &link), ["p1"], "{kind}");
        }
        for (kind, inside, expected) in [
            ("any", second.as_str(), vec!["p1"]),
            ("any", none, vec![]),
            ("not any", second.as_str(), vec!["p2", "p3"]),
            ("all", none, vec!["p1"]),
            ("all", second.as_str(), vec![]),
            ("not all", second.as_str(), vec!["p1"]),
        ] {
            let link =
                format!("<filter><link-entity {tags} link-type='{kind}'>{inside}</link-entity></filter>");
            assert_eq!(pages(&mut environment, &link), expected, "{kind} {inside}");
        }
        let first = format!(
            "<link-entity {tags} link-type='matchfirstrowusingcrossapply' alias='t'><attribute name='adx_pagetagid'/></link-entity>"
        );
        assert_eq!(pages(&mut environment, &first), ["p1", "p2", "p3"]);
        for inside in [
            format!("<link-entity {tags} link-type='exists'><attribute name='adx_pagetagid'/></link-entity>"),
            format!("<link-entity {tags} link-type='any'/>"),
            format!("<filter><link-entity {tags} link-type='inner'/></filter>"),
        ] {
            let xml = format!("<fetch><entity name='adx_webpage'>{inside}</entity></fetch>");
            let found = refused(&mut environment, "GET", &path("adx_webpages", &xml), &Value::Null);
            assert_eq!(found.1, "0x80041121", "{inside}");
        }
    }
}
