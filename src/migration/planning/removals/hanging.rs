//! Rows that are removed before anything is written, with the rows of a portal that hang on them.

use super::{listing, name_of};
use crate::package_index::PackageIndex;
use crate::paging::all_pages;
use crate::planning::NOTES;
use crate::progress::Progress;
use crate::reading::row_id;
use crate::{EnvironmentTables, Problem, RowRef};
use dataverse::{Client, Clock, Query, Row, TableMetadata, Transport};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The tables of a portal begin so. Of others only notes hang on a row that is removed: an account that names a website
/// stays.
const PORTAL: &str = "adx_";

/// A row of the portal, and where its lookups lead.
struct Listed {
    row: RowRef,
    name: String,
    points_to: Vec<RowRef>,
}

/// These rows and, where they are a portal's, all rows of the package's tables that hang on them, the hanging ones
/// first. A page hangs on its website, a link on its set, and so on.
///
/// # Errors
/// Where the environment cannot be asked any more or refuses, or the run was stopped.
pub(in super::super) async fn rows_first<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    wanted: &BTreeSet<RowRef>,
    progress: &mut Progress<'_>,
) -> Result<Vec<(RowRef, String)>, Problem> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let asked = asked_tables(index, tables, wanted);
    let listed = list(client, &asked, progress).await?;
    Ok(hanging_first(listed, wanted))
}

/// The tables of the wanted rows, and the portal's tables of the package.
fn asked_tables<'a>(
    index: &'a PackageIndex<'_>,
    tables: &'a EnvironmentTables,
    wanted: &'a BTreeSet<RowRef>,
) -> Vec<&'a TableMetadata> {
    let of_schema = index.package.schema.tables.iter().map(|table| table.name.as_str());
    let of_portal = of_schema.filter(|name| name.starts_with(PORTAL) || *name == NOTES);
    let names: BTreeSet<&str> = wanted.iter().map(|row| row.table.as_str()).chain(of_portal).collect();
    names.into_iter().filter_map(|name| tables.get(name)).filter(|table| !table.is_intersect).collect()
}

async fn list<T: Transport, C: Clock>(
    client: &Client<T, C>,
    tables: &[&TableMetadata],
    progress: &mut Progress<'_>,
) -> Result<Vec<Listed>, Problem> {
    let queries: Vec<Query> =
        tables.iter().map(|table| listing(table, lookups(table).map(|(property, _)| property))).collect();
    let mut listed = Vec::new();
    let take = |_: &mut &mut Progress<'_>, query: usize, rows: Result<Vec<Row>, Problem>| {
        let table = tables[query];
        let rows = rows.map_err(|refusal| refusal.in_table(&table.name))?;
        listed.extend(rows.iter().filter_map(|row| read(row, table)));
        Ok(())
    };
    all_pages(client, &queries, &mut &mut *progress, |progress| progress.go_on(), take).await?;
    Ok(listed)
}

/// The portal's rows that the table points to: property and table, one entry a table.
fn lookups(table: &TableMetadata) -> impl Iterator<Item = (String, &str)> {
    let of_portal = table.lookups.iter().filter(|lookup| lookup.target.starts_with(PORTAL));
    of_portal.map(|lookup| (format!("_{}_value", lookup.column), lookup.target.as_str()))
}

fn read(row: &Row, table: &TableMetadata) -> Option<Listed> {
    let points = lookups(table).filter_map(|(property, target)| {
        Some(RowRef { table: target.to_owned(), id: row_id(row, &property)? })
    });
    Some(Listed {
        row: RowRef { table: table.name.clone(), id: row_id(row, &table.primary_id)? },
        name: name_of(row, table),
        points_to: points.collect(),
    })
}

/// Walks from the wanted rows to what hangs on them; what is found later is removed earlier.
fn hanging_first(listed: Vec<Listed>, wanted: &BTreeSet<RowRef>) -> Vec<(RowRef, String)> {
    let mut hanging: HashMap<&RowRef, Vec<&RowRef>> = HashMap::new();
    for row in &listed {
        for target in &row.points_to {
            hanging.entry(target).or_default().push(&row.row);
        }
    }
    let names: HashMap<&RowRef, &str> = listed.iter().map(|row| (&row.row, row.name.as_str())).collect();
    let mut found: Vec<&RowRef> = wanted.iter().filter(|row| names.contains_key(row)).collect();
    let mut seen: BTreeSet<(&str, Uuid)> = found.iter().map(|row| (row.table.as_str(), row.id)).collect();
    let mut next = 0;
    while let Some(&row) = found.get(next) {
        next += 1;
        for &other in hanging.get(row).into_iter().flatten() {
            if seen.insert((other.table.as_str(), other.id)) {
                found.push(other);
            }
        }
    }
    found
        .iter()
        .rev()
        .map(|&row| (row.clone(), names.get(row).copied().unwrap_or_default().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Listed, hanging_first};
    use crate::RowRef;
    use uuid::Uuid;

    fn row(table: &str, id: u128) -> RowRef {
        RowRef { table: table.into(), id: Uuid::from_u128(id) }
    }

    fn listed(row: RowRef, points_to: Vec<RowRef>) -> Listed {
        Listed { name: row.table.clone(), row, points_to }
    }

    #[test]
    fn what_hangs_on_a_wanted_row_goes_before_it_and_nothing_else_goes() {
        let (site, other_site) = (row("adx_website", 1), row("adx_website", 2));
        let (set, link) = (row("adx_weblinkset", 3), row("adx_weblink", 4));
        let language = row("adx_websitelanguage", 5);
        let rows = vec![
            // A circle: the website names its language.
            listed(site.clone(), vec![language.clone()]),
            listed(language.clone(), vec![site.clone()]),
            listed(other_site.clone(), vec![]),
            listed(set.clone(), vec![site.clone()]),
            listed(link.clone(), vec![set.clone(), link.clone()]),
            listed(row("adx_weblinkset", 6), vec![other_site]),
        ];
        let found: Vec<RowRef> = hanging_first(rows, &[site.clone(), row("adx_website", 9)].into())
            .into_iter()
            .map(|(row, _)| row)
            .collect();
        assert_eq!(found, [link, set, language, site]);
    }
}
