//! Whether the import order fits the tables. A schema without one has nothing to be checked.

use crate::schema::editing::dependencies::{graph, names};
use crate::schema::editing::{Edit, ProblemKind, SchemaProblem, order_by_dependencies};
use crate::{Schema, Severity};
use std::collections::HashSet;

pub(super) fn check(schema: &Schema, found: &mut Vec<SchemaProblem>) {
    if schema.import_order.is_empty() {
        return;
    }
    found.extend(others(schema));
    found.extend(incomplete(schema));
    found.extend(against_lookups(schema));
}

fn others(schema: &Schema) -> Option<SchemaProblem> {
    let mut seen = HashSet::new();
    let (kept, names): (Vec<String>, Vec<String>) = schema
        .import_order
        .iter()
        .cloned()
        .partition(|name| seen.insert(name.clone()) && schema.table(name).is_some());
    let what = format!("The import order names {} for nothing.", names.join(", "));
    let then = "Names of tables that are not in the schema, and names given again, are skipped.";
    let fix = Edit::SetImportOrder(kept);
    (!names.is_empty())
        .then(|| problem(Severity::Note, ProblemKind::OrderOfOthers { names }, what, then, fix))
}

fn incomplete(schema: &Schema) -> Option<SchemaProblem> {
    let ordered = &schema.import_order;
    let lacking = order_by_dependencies(schema).into_iter().filter(|name| !ordered.contains(name));
    let complete: Vec<String> = ordered.iter().cloned().chain(lacking).collect();
    let tables: Vec<String> = complete[ordered.len()..].to_vec();
    let what = format!("The import order lacks {}.", tables.join(", "));
    let then = "Where these tables come in is left to the tool.";
    let fix = Edit::SetImportOrder(complete);
    (!tables.is_empty())
        .then(|| problem(Severity::Warning, ProblemKind::OrderIncomplete { tables }, what, then, fix))
}

fn against_lookups(schema: &Schema) -> Option<SchemaProblem> {
    let pairs = contradictions(schema);
    let (table, needed) = pairs.first()?;
    let what = match pairs.len() {
        1 => format!("The import order puts {table} before {needed}, which its lookups lead to."),
        more => format!(
            "The import order puts {table} before {needed}, which its lookups lead to, and {} more tables so.",
            more - 1
        ),
    };
    let then = "These lookups are set in a later pass, after all rows are there.";
    let fix = Edit::SetImportOrder(order_by_dependencies(schema));
    Some(problem(Severity::Note, ProblemKind::OrderAgainstLookups { pairs }, what, then, fix))
}

/// Tables that come before one that they need. In a circle one has to.
fn contradictions(schema: &Schema) -> Vec<(String, String)> {
    let names = names(schema);
    let place = |name: &str| schema.import_order.iter().position(|known| known == name);
    let components = graph(schema, &names).components();
    let component = |name: &str| components.iter().position(|c| c.iter().any(|&table| names[table] == name));
    let mut pairs = Vec::new();
    for table in &schema.tables {
        for target in table.columns.iter().flat_map(|column| &column.lookup_targets) {
            let (Some(own), Some(needed)) = (place(&table.name), place(target)) else { continue };
            let pair = (table.name.clone(), target.clone());
            if own < needed && component(&table.name) != component(target) && !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

fn problem(severity: Severity, kind: ProblemKind, what: String, then: &str, fix: Edit) -> SchemaProblem {
    let (table, column, consequence, fix) = (None, None, then.to_owned(), Some(fix));
    SchemaProblem { severity, kind, table, column, what, consequence, fix }
}
