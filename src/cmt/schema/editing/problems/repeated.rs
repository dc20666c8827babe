//! What is listed more than once.

use super::Checked;
use crate::schema::editing::{Edit, Listing, ProblemKind, SchemaProblem};
use crate::{Severity, Table};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    found.extend(table(checked));
    columns(checked, found);
    relationships(checked, found);
}

fn table(checked: &Checked<'_>) -> Option<SchemaProblem> {
    let Checked { schema, listing, table } = checked;
    let first = schema.table(&table.name).filter(|_| listing.number > 0)?;
    let problem = checked.problem(
        Severity::Warning,
        ProblemKind::RepeatedTable,
        format!("The table {} is listed more than once.", table.name),
        "Its rows are exported once for each listing.".into(),
    );
    Some(match first.filter == table.filter {
        true => problem.mended_by(merge(first, table, listing)),
        // Two filters select two sets of rows: which is meant has to be asked.
        false => problem,
    })
}

/// The first listing takes what the other has beside it.
fn merge(first: &Table, other: &Table, listing: &Listing) -> Edit {
    let table = Listing::from(&first.name);
    let mut columns = other.columns.clone();
    columns.retain(|column| first.column(&column.name).is_none());
    let mut seen = std::collections::HashSet::new();
    columns.retain(|column| seen.insert(column.name.clone()));
    let mut edits = Vec::new();
    if !columns.is_empty() {
        edits.push(Edit::AddColumns { table: table.clone(), columns });
    }
    let mut declared: Vec<&str> = first.relationships.iter().map(|known| known.name.as_str()).collect();
    for relationship in &other.relationships {
        if !declared.contains(&relationship.name.as_str()) {
            declared.push(&relationship.name);
            let (table, relationship) = (table.clone(), relationship.clone());
            edits.push(Edit::AddRelationship { table, relationship });
        }
    }
    edits.insert(0, Edit::RemoveTable(listing.clone()));
    Edit::Several(edits)
}

fn columns(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    for (column, _) in checked.columns().filter(|(column, _)| column.number > 0) {
        let what = format!("The column {}.{} is listed more than once.", checked.table.name, column.name);
        let then = "The first listing counts; other tools may take the last.".to_owned();
        let fix = Edit::RemoveColumns { table: checked.listing.clone(), columns: vec![column.clone()] };
        let problem = checked.problem(Severity::Warning, ProblemKind::RepeatedColumn, what, then);
        found.push(problem.of_column(column).mended_by(fix));
    }
}

fn relationships(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    for (relationship, declared) in super::listings(&checked.table.relationships, |known| &known.name) {
        let before = checked.schema.tables.iter().take_while(|table| !std::ptr::eq(*table, checked.table));
        let on_both_sides = before
            .filter(|table| table.name == declared.target_table)
            .flat_map(|table| &table.relationships)
            .any(|other| other.name == declared.name && other.target_table == checked.table.name);
        if relationship.number == 0 && !on_both_sides {
            continue;
        }
        let name = declared.name.clone();
        let what = format!("The relationship {name} is declared more than once.");
        let then =
            "Its links are written twice; in every real package one side alone declares them.".to_owned();
        let kind = ProblemKind::RepeatedRelationship { relationship: name };
        let fix = Edit::RemoveRelationship { table: checked.listing.clone(), relationship };
        found.push(checked.problem(Severity::Note, kind, what, then).mended_by(fix));
    }
}
