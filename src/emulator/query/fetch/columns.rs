//! The columns of a query's rows, and their names in the answer.

use super::plan::{Plan, Scope, attribute};
use super::query::{Fetch, Purpose};
use crate::environment::Environment;
use crate::error::Refusal;
use crate::tables::Kind;
use std::collections::HashSet;

/// A column of the answer.
pub(super) struct Shown {
    pub(super) scope: usize,
    pub(super) column: usize,
    pub(super) name: String,
    /// Whether the query named it.
    pub(super) is_aliased: bool,
}

impl Environment {
    /// Everything asked for, and what comes along: the currency of money, and the key unless rows are distinct.
    pub(super) fn shown(&self, fetch: &Fetch, plan: &Plan<'_>) -> Result<Vec<Shown>, Refusal> {
        let mut shown = Vec::new();
        for (position, scope) in plan.scopes.iter().enumerate() {
            let all = scope.entity.all
                || (position == 0 && scope.entity.attributes.is_empty() && !scope.entity.none);
            if all {
                let columns = &self.catalog.tables[scope.table].columns;
                let there = (0..columns.len()).filter(|column| columns[*column].has_property());
                shown.extend(there.map(|column| self.plainly(position, scope, column)));
            }
            self.add_attributes(&mut shown, position, scope)?;
        }
        let root = &plan.scopes[0];
        let key = self.catalog.tables[root.table].position(&self.catalog.tables[root.table].primary_id);
        let money = self.currency_of(&shown, root);
        for column in money.into_iter().chain(key.filter(|_| !fetch.distinct)) {
            if shown.iter().all(|shown| (shown.scope, shown.column) != (0, column)) {
                shown.push(self.plainly(0, root, column));
            }
        }
        check_names(&shown)?;
        Ok(shown)
    }

    fn add_attributes(
        &self,
        shown: &mut Vec<Shown>,
        position: usize,
        scope: &Scope<'_>,
    ) -> Result<(), Refusal> {
        for asked in &scope.entity.attributes {
            if asked.purpose != Purpose::Value {
                let message = "An error occurred while processing Aggregates in Query";
                return Err(Refusal::new(400, "0x8004111a", message));
            }
            let column = attribute(&self.catalog.tables[scope.table], &asked.name)?;
            let plainly = self.plainly(position, scope, column);
            let again = shown.iter().any(|other| other.name == plainly.name);
            match &asked.alias {
                Some(alias) => shown.push(Shown { name: alias.clone(), is_aliased: true, ..plainly }),
                None if !again => shown.push(plainly),
                None => {}
            }
        }
        Ok(())
    }

    /// A column under its own name: a link's has the link's alias before it.
    fn plainly(&self, position: usize, scope: &Scope<'_>, column: usize) -> Shown {
        let described = &self.catalog.tables[scope.table].columns[column];
        let name =
            if position == 0 { described.property() } else { format!("{}.{}", scope.alias, described.name) };
        Shown { scope: position, column, name, is_aliased: false }
    }

    fn currency_of(&self, shown: &[Shown], root: &Scope<'_>) -> Option<usize> {
        let table = &self.catalog.tables[root.table];
        let is_money = |shown: &Shown| {
            shown.scope == 0 && matches!(table.columns[shown.column].kind, Kind::Money { .. })
        };
        shown.iter().any(is_money).then(|| table.position("transactioncurrencyid")).flatten()
    }

    /// `(fullname,_ownerid_value,ownerid,contactid,ownerid())` of the context: the root's columns, lookups with their
    /// navigation properties, as Microsoft's page on paging shows it.
    pub(super) fn fetched_columns(&self, plan: &Plan<'_>, shown: &[Shown]) -> String {
        let root = &plan.scopes[0];
        if root.entity.all || (root.entity.attributes.is_empty() && !root.entity.none) {
            return String::new();
        }
        let table = &self.catalog.tables[root.table];
        let (mut names, mut ends) = (Vec::new(), Vec::new());
        for shown in shown.iter().filter(|shown| shown.scope == 0) {
            names.push(shown.name.clone());
            let column = &table.columns[shown.column];
            let lookups = self.catalog.lookups(root.table).filter(|lookup| lookup.column == column.name);
            for lookup in lookups.filter(|_| !shown.is_aliased) {
                names.push(lookup.navigation.clone());
                ends.push(format!("{}()", lookup.navigation));
            }
        }
        names.extend(ends);
        format!("({})", names.join(","))
    }
}

fn check_names(shown: &[Shown]) -> Result<(), Refusal> {
    let mut names = HashSet::new();
    if shown.iter().all(|shown| names.insert(&shown.name)) {
        return Ok(());
    }
    Err(Refusal::new(400, "0x80041130", "FetchXML should have unique aliases."))
}
