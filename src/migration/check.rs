//! Does the environment have what the schema names? Tables, columns, relationships, types; all misses at once.

use crate::linking::Linking;
use crate::package::LoadedPackage;
use crate::package_index::pointed_row;
use crate::parties::{self, PARTY};
use crate::planning::NOTES;
use crate::preparing::WEB_FILE;
use crate::table_fit::{ColumnFit, Fit, TableFit};
use crate::{EnvironmentTables, Problem, ProblemKind};
use cmt::{Schema, Value};
use dataverse::{Client, Clock, Transport};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a schema finds in an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// One entry a table of the schema, in its order.
    pub tables: Vec<CheckedTable>,
    /// What is missing or different. Empty: everything fits.
    pub problems: Vec<Problem>,
}

/// A table of the schema and what the environment has of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedTable {
    /// Logical name.
    pub table: String,
    /// Label from the schema.
    pub display_name: String,
    /// Whether the environment has it.
    pub present: bool,
    /// Columns of the schema.
    pub columns: usize,
    /// Columns that are missing in the environment.
    pub missing_columns: Vec<String>,
    /// Columns that exist but cannot be written (audit columns and the like): read, never sent.
    pub not_writable: Vec<String>,
    /// Records of the package in this table; 0 for an export.
    pub records: usize,
}

/// Compares `schema` with what the environment has, for an import of `package` or, without one, for an
/// export. Also brings the metadata that the steps after it need.
///
/// # Errors
/// Where the environment did not answer. What it lacks is no error: it stands in the check.
pub async fn check<T: Transport, C: Clock>(
    client: &Client<T, C>,
    schema: &Schema,
    package: Option<&LoadedPackage>,
) -> Result<(Check, EnvironmentTables), Problem> {
    // Who checks again may have changed the environment meanwhile.
    client.forget_tables();
    let tables = read_tables(client, &touched_tables(schema, package)).await?;
    // Some names only the metadata knows.
    let more = read_tables(client, &unnamed_tables(schema, package, &tables)).await?;
    let tables = tables.and(more);
    Ok((compare(schema, package, &tables), tables))
}

async fn read_tables<T: Transport, C: Clock>(
    client: &Client<T, C>,
    names: &BTreeSet<String>,
) -> Result<EnvironmentTables, dataverse::Error> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    EnvironmentTables::read(client, &names).await
}

/// The schema's tables, both ends of its links, and the tables that the package's lookups point to.
fn touched_tables(schema: &Schema, package: Option<&LoadedPackage>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for table in &schema.tables {
        names.insert(table.name.clone());
        for relationship in &table.relationships {
            names.insert(relationship.intersect_table.clone());
            names.insert(relationship.target_table.clone());
        }
    }
    for table in package.iter().flat_map(|p| &p.tables) {
        // The content of its files may have to become notes.
        if table.name == WEB_FILE {
            names.insert(NOTES.to_owned());
        }
        names.extend(table.links.iter().flat_map(|l| [l.relationship.clone(), l.target_table.clone()]));
        for field in table.records.iter().flat_map(|r| &r.fields) {
            match &field.value {
                Value::Lookup(lookup) if !names.contains(&lookup.table) => {
                    names.insert(lookup.table.clone());
                }
                Value::Parties(_) if !names.contains(PARTY) => {
                    names.insert(PARTY.to_owned());
                }
                _ => {}
            }
        }
    }
    names.remove("");
    names
}

/// Intersect tables of relationships that the schema calls by their schema names, the targets of lookups whose table
/// the file leaves out, and the tables whose rows take part in activities.
fn unnamed_tables(
    schema: &Schema,
    package: Option<&LoadedPackage>,
    tables: &EnvironmentTables,
) -> BTreeSet<String> {
    let declared = schema.tables.iter().flat_map(|t| t.relationships.iter().map(move |r| (t, r)));
    let known = declared.filter_map(|(table, r)| Linking::metadata(tables, &table.name, &r.name));
    let mut names: BTreeSet<String> = known.map(|m| m.intersect_table.clone()).collect();
    for table in package.iter().flat_map(|p| &p.tables) {
        let Some(metadata) = tables.get(&table.name) else { continue };
        for field in table.records.iter().flat_map(|r| &r.fields) {
            if let Value::Lookup(lookup) = &field.value
                && lookup.table.is_empty()
            {
                names.insert(pointed_row(lookup, &field.column, metadata).table);
            }
        }
    }
    // Who takes part already may be a row of a table that the package does not name.
    names.extend(tables.get(PARTY).into_iter().flat_map(parties::taking_part).map(str::to_owned));
    names.retain(|name| !name.is_empty() && tables.get(name).is_none());
    names
}

/// What of `schema` an export cannot read.
pub(crate) fn schema_problems(schema: &Schema, tables: &EnvironmentTables) -> Vec<Problem> {
    compare(schema, None, tables).problems
}

fn compare(schema: &Schema, package: Option<&LoadedPackage>, tables: &EnvironmentTables) -> Check {
    let mut check = Check::default();
    let mut seen = BTreeSet::new();
    for table in schema.tables.iter().filter(|t| seen.insert(t.name.as_str())) {
        let checked = check_table(schema, table, package, tables, &mut check.problems);
        check.tables.push(checked);
        check_relationships(schema, table, tables, &mut check.problems);
    }
    if let Some(package) = package {
        check.problems.extend(undescribed_tables(package));
    }
    check
}

fn check_table(
    schema: &Schema,
    table: &cmt::Table,
    package: Option<&LoadedPackage>,
    tables: &EnvironmentTables,
    problems: &mut Vec<Problem>,
) -> CheckedTable {
    let loaded = package.and_then(|p| p.table(&table.name));
    let mut checked = CheckedTable {
        table: table.name.clone(),
        display_name: table.display_name.clone(),
        present: false,
        columns: table.columns.len(),
        missing_columns: Vec::new(),
        not_writable: Vec::new(),
        records: loaded.map_or(0, |l| l.records.len()),
    };
    let Some(fit) = tables.get(&table.name).and_then(|m| TableFit::new(schema, m)) else {
        problems.push(table_missing(&table.name, &table.display_name));
        return checked;
    };
    checked.present = true;
    checked.columns = fit.columns.len();
    checked.missing_columns = fit.names(Fit::Missing);
    if package.is_some() {
        checked.not_writable = fit.names(Fit::NotWritable);
    }
    let holds = |column: &str| {
        loaded.is_some_and(|l| l.records.iter().any(|r| r.value(column).is_some_and(holds_something)))
    };
    let matters = |c: &&ColumnFit<'_>| package.is_none() || c.fit == Fit::Missing || holds(&c.schema.name);
    let columns = fit.columns.iter().filter(matters);
    let found = columns.filter_map(column_problem);
    problems.extend(found.map(|p| p.in_table(&table.name)));
    checked
}

pub(crate) fn table_missing(name: &str, display_name: &str) -> Problem {
    Problem::new(
        ProblemKind::TableMissing,
        format!("The table {display_name} ({name}) is not in this environment."),
        format!("Import your solution first: the one that brings the table {name}. Then check again."),
    )
    .in_table(name)
}

/// The format writes empty party lists as a value; no other value is empty.
pub(crate) fn holds_something(value: &Value) -> bool {
    !matches!(value, Value::Empty) && !matches!(value, Value::Parties(parties) if parties.is_empty())
}

/// Why a column's values do not move; `None` where they do.
pub(crate) fn column_problem(column: &ColumnFit<'_>) -> Option<Problem> {
    let name = &column.schema.name;
    let problem = match column.fit {
        Fit::Missing => Problem::new(
            ProblemKind::ColumnMissing,
            format!("The column {name} is not in this environment; its values are left out."),
            "Import or update your solution first if the values matter, else go on without them.",
        ),
        Fit::TypeDiffers => Problem::new(
            ProblemKind::TypeDiffers,
            format!(
                "The column {name} is {:?} in the schema but {} in this environment; its values are left out.",
                column.schema.column_type,
                column.metadata.map(|m| format!("{:?}", m.kind)).unwrap_or_default(),
            ),
            "Make the column the same in both environments, then export again.",
        ),
        Fit::NotMoved => Problem::new(
            ProblemKind::NotMoved,
            format!(
                "The column {name} is {:?}, which is not moved yet; its values are left out.",
                column.schema.column_type
            ),
            "Bring these values over by hand, or with the Configuration Migration Tool.",
        ),
        _ => return None,
    };
    Some(problem.at_column(name))
}

/// Why a value does not move whose column the schema leaves out. The primary id needs no description.
pub(crate) fn column_undescribed(name: &str, table: &TableFit<'_>) -> Option<Problem> {
    let problem = Problem::new(
        ProblemKind::ColumnMissing,
        format!("The column {name} is not in the package's schema; its value is left out."),
        "Add the column to the schema if the value matters, and export again.",
    );
    (name != table.metadata.primary_id).then(|| problem.at_column(name))
}

fn check_relationships(
    schema: &Schema,
    table: &cmt::Table,
    tables: &EnvironmentTables,
    problems: &mut Vec<Problem>,
) {
    if tables.get(&table.name).is_none() {
        return;
    }
    let listed = schema.tables.iter().filter(|t| t.name == table.name).flat_map(|t| &t.relationships);
    for relationship in listed {
        if Linking::find(tables, &table.name, &relationship.name, &relationship.target_table).is_none() {
            problems.push(relationship_missing(&table.name, &relationship.name));
        }
    }
}

pub(crate) fn relationship_missing(table: &str, relationship: &str) -> Problem {
    Problem::new(
        ProblemKind::RelationshipMissing,
        format!(
            "The many-to-many relationship {relationship} is not in this environment; its links are left out."
        ),
        "Import or update your solution first if the links matter, else go on without them.",
    )
    .in_table(table)
}

fn undescribed_tables(package: &LoadedPackage) -> impl Iterator<Item = Problem> {
    let undescribed = package.tables.iter().filter(|t| package.schema.table(&t.name).is_none());
    undescribed.map(|t| table_undescribed(&t.name))
}

pub(crate) fn table_undescribed(name: &str) -> Problem {
    Problem::new(
        ProblemKind::File,
        format!("The package holds records of {name}, but its schema does not describe this table."),
        "Add the table to the schema and export again.",
    )
    .in_table(name)
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::testing::{schema_table, table};
    use crate::{LoadedPackage, LoadedTable, ProblemKind};
    use cmt::{ColumnType, Field, Record, Relationship, Schema, Value};
    use dataverse::ColumnKind;
    use uuid::Uuid;

    fn schema() -> Schema {
        let mut pages = schema_table("page", &[("name", ColumnType::Text), ("sort", ColumnType::Number)]);
        pages.relationships.push(Relationship {
            name: "page_role".into(),
            intersect_table: "page_role".into(),
            reflexive: None,
            target_table: "role".into(),
            target_primary_id: "roleid".into(),
        });
        Schema { tables: vec![pages, schema_table("form", &[])], ..Default::default() }
    }

    #[test]
    fn all_misses_are_named_at_once_each_with_its_remedy() {
        let environment = [table("page", &[("sort", ColumnKind::Text)])].into_iter().collect();
        let check = compare(&schema(), None, &environment);
        let found: Vec<_> = check.problems.iter().map(|p| (p.kind, p.place.column.as_deref())).collect();
        assert_eq!(
            found,
            [
                (ProblemKind::ColumnMissing, Some("name")),
                (ProblemKind::TypeDiffers, Some("sort")),
                (ProblemKind::RelationshipMissing, None),
                (ProblemKind::TableMissing, None),
            ]
        );
        assert!(check.problems[3].remedy.starts_with("Import your solution first"), "{}", check.problems[3]);
        assert_eq!(check.tables[0].missing_columns, ["name"]);
        assert!(check.tables[0].present && !check.tables[1].present);
    }

    #[test]
    fn a_column_of_another_type_matters_only_where_the_package_has_values_of_it() {
        let environment =
            [table("page", &[("name", ColumnKind::Text), ("sort", ColumnKind::Text)])].into_iter().collect();
        let kinds = |fields: Vec<Field>| {
            let records = vec![Record { id: Uuid::nil(), fields }];
            let tables = vec![LoadedTable { name: "page".into(), records, ..Default::default() }];
            let package = LoadedPackage { schema: schema(), tables, ..Default::default() };
            let check = compare(&schema(), Some(&package), &environment);
            assert_eq!(check.tables[0].records, 1);
            check.problems.iter().map(|p| p.kind).collect::<Vec<_>>()
        };
        assert!(!kinds(vec![]).contains(&ProblemKind::TypeDiffers));
        assert!(
            kinds(vec![Field { column: "sort".into(), value: Value::Number(1) }])
                .contains(&ProblemKind::TypeDiffers)
        );
    }
}
