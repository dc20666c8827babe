//! Lookups and relationships that lead out of the schema. The tables are offered by
//! [`tables_outside`](crate::editing::tables_outside): what they hold only an environment can tell.

use super::Checked;
use crate::schema::editing::dependencies::targets_outside;
use crate::schema::editing::{Listing, ProblemKind, SchemaProblem};
use crate::{Column, ColumnType, Severity};

pub(super) fn check(checked: &Checked<'_>, found: &mut Vec<SchemaProblem>) {
    for (listing, column) in checked.columns() {
        if column.column_type == ColumnType::Lookup {
            found.extend(lookup(checked, listing, column));
        }
    }
    for relationship in &checked.table.relationships {
        let (name, target) = (&relationship.name, &relationship.target_table);
        if checked.schema.table(target).is_none() {
            let what = format!("The relationship {name} leads to {target}, which the schema does not list.");
            let then = "Only links to rows that the target environment has already can be made.".to_owned();
            let kind =
                ProblemKind::RelationshipOutside { relationship: name.clone(), target: target.clone() };
            found.push(checked.problem(Severity::Note, kind, what, then));
        }
    }
}

fn lookup(checked: &Checked<'_>, listing: Listing, column: &Column) -> Option<SchemaProblem> {
    let place = format!("{}.{}", checked.table.name, column.name);
    if column.lookup_targets.is_empty() {
        let what = format!("The lookup {place} names no target table.");
        let then = "Where a record does not name it either, the lookup cannot be set.".to_owned();
        let problem = checked.problem(Severity::Warning, ProblemKind::NoLookupTarget, what, then);
        return Some(problem.of_column(listing));
    }
    let targets: Vec<String> = targets_outside(checked.schema, &column.lookup_targets).cloned().collect();
    if targets.is_empty() {
        return None;
    }
    let what = format!("The lookup {place} leads to {}, which the schema does not list.", few(&targets));
    let then = "The rows that it points to must be in the target environment already; else it stays empty.";
    let kind = ProblemKind::TargetsOutside { targets };
    Some(checked.problem(Severity::Note, kind, what, then.into()).of_column(listing))
}

/// Up to 112 targets were seen.
fn few(names: &[String]) -> String {
    match names {
        [first, second, third, _, ..] => {
            format!("{first}, {second}, {third} and {} other tables", names.len() - 3)
        }
        few => few.join(", "),
    }
}
