//! Links and rows of the environment that the package lacks.

use super::{listing, name_of};
use crate::linking::{Linking, present_pairs};
use crate::package_index::PackageIndex;
use crate::paging::all_pages;
use crate::planning::matching::{Match, Matches};
use crate::progress::Progress;
use crate::reading::row_id;
use crate::target_ids::TargetIds;
use crate::{EnvironmentTables, LinkRemoval, LoadedTable, Problem, ProblemKind, RowRef};
use dataverse::{Client, Clock, Query, Row, TableMetadata, Transport};
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// The table of a portal's websites: rows of other websites than the package's are not its business.
const WEBSITE: &str = "adx_website";

/// Links of these relationships between rows of the package that the package does not hold.
///
/// # Errors
/// Where the environment cannot be asked any more or refuses, or the run was stopped.
pub(in super::super) async fn lacking_links<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    ids: &TargetIds,
    wanted: &BTreeSet<String>,
    progress: &mut Progress<'_>,
) -> Result<Vec<LinkRemoval>, Problem> {
    let declared = declared(index, tables, wanted);
    let asked: Vec<(Linking<'_>, Vec<Uuid>)> = declared
        .iter()
        .map(|(table, linking)| (*linking, rows_of(index, ids, table).into_iter().collect()))
        .collect();
    let found = present_pairs(client, &asked, || progress.go_on()).await?;
    let mut removals = Vec::new();
    for (((table, linking), (_, sources)), pairs) in declared.iter().zip(&asked).zip(found) {
        let kept = kept_pairs(index, ids, linking);
        let sources: HashSet<&Uuid> = sources.iter().collect();
        let targets = rows_of(index, ids, &linking.target_table.name);
        let mut lacking: Vec<(Uuid, Uuid)> =
            pairs.difference(&kept).map(|&(a, b)| linking.pair(a, b)).collect();
        lacking.sort_unstable();
        let between = lacking
            .into_iter()
            .filter(|(source, target)| sources.contains(source) && targets.contains(target));
        removals.extend(between.map(|(source, target)| LinkRemoval {
            relationship: linking.intersect.name.clone(),
            table: (*table).to_owned(),
            target_table: linking.target_table.name.clone(),
            source,
            target,
        }));
    }
    Ok(removals)
}

/// The wanted relationships, each once, as the first table of the schema declares it.
fn declared<'a>(
    index: &'a PackageIndex<'_>,
    tables: &'a EnvironmentTables,
    wanted: &BTreeSet<String>,
) -> Vec<(&'a str, Linking<'a>)> {
    let mut seen = BTreeSet::new();
    let all = index.package.schema.tables.iter().flat_map(|t| t.relationships.iter().map(move |r| (t, r)));
    let found = all.filter_map(|(table, relationship)| {
        let linking = Linking::find(tables, &table.name, &relationship.name, &relationship.target_table)?;
        let name = &linking.intersect.name;
        (wanted.contains(name) && seen.insert(name.clone())).then_some((table.name.as_str(), linking))
    });
    found.collect()
}

/// The ids that the records of a table have in the environment.
fn rows_of(index: &PackageIndex<'_>, ids: &TargetIds, table: &str) -> HashSet<Uuid> {
    let records = index.package.table(table).into_iter().flat_map(|table: &LoadedTable| &table.records);
    records.map(|record| ids.of(&RowRef { table: table.to_owned(), id: record.id })).collect()
}

/// The links of the package in this relationship, by the environment's ids, whichever side declares them.
fn kept_pairs(index: &PackageIndex<'_>, ids: &TargetIds, linking: &Linking<'_>) -> HashSet<(Uuid, Uuid)> {
    let mut kept = HashSet::new();
    for table in &index.package.tables {
        for set in &table.links {
            let forward =
                table.name == linking.source_table.name && set.target_table == linking.target_table.name;
            let backward =
                table.name == linking.target_table.name && set.target_table == linking.source_table.name;
            if !linking.is_called(&set.relationship) || !(forward || backward) {
                continue;
            }
            let source = ids.of(&RowRef { table: table.name.clone(), id: set.source });
            for target in &set.targets {
                let target = ids.of(&RowRef { table: set.target_table.clone(), id: *target });
                kept.insert(if forward {
                    linking.pair(source, target)
                } else {
                    linking.pair(target, source)
                });
            }
        }
    }
    kept
}

/// Rows of these tables that no record of the package is; of a portal's tables only those of the package's websites.
///
/// # Errors
/// Where the environment cannot be asked any more or refuses, where a record's row is not known, or the run was stopped.
pub(in super::super) async fn lacking_rows<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    ids: &TargetIds,
    matches: &Matches,
    wanted: &BTreeSet<String>,
    progress: &mut Progress<'_>,
) -> Result<Vec<(RowRef, String)>, Problem> {
    unknown_rows(index, matches, wanted).map_or(Ok(()), Err)?;
    let asked: Vec<(&TableMetadata, Option<String>)> =
        wanted.iter().filter_map(|name| tables.get(name)).map(|table| (table, website_of(table))).collect();
    let queries: Vec<Query> = asked.iter().map(|(table, website)| listing(table, website.clone())).collect();
    let websites = websites(index, ids);
    let kept: Vec<HashSet<Uuid>> = asked.iter().map(|(table, _)| rows_of(index, ids, &table.name)).collect();
    let mut lacking = Vec::new();
    let take = |_: &mut &mut Progress<'_>, query: usize, rows: Result<Vec<Row>, Problem>| {
        let (table, website) = &asked[query];
        for row in rows.map_err(|refusal| refusal.in_table(&table.name))? {
            let Some(id) = row_id(&row, &table.primary_id).filter(|id| !kept[query].contains(id)) else {
                continue;
            };
            let of_website = website.as_ref().map(|website| row_id(&row, website));
            if of_website.is_none_or(|website| website.is_some_and(|website| websites.contains(&website))) {
                lacking.push((RowRef { table: table.name.clone(), id }, name_of(&row, table)));
            }
        }
        Ok(())
    };
    all_pages(client, &queries, &mut &mut *progress, |progress| progress.go_on(), take).await?;
    lacking.sort();
    Ok(lacking)
}

/// The property that names the website of a row, where the table has one.
fn website_of(table: &TableMetadata) -> Option<String> {
    let lookup = table.lookups.iter().find(|lookup| lookup.target == WEBSITE)?;
    Some(format!("_{}_value", lookup.column))
}

/// The environment's websites that the package speaks of.
fn websites(index: &PackageIndex<'_>, ids: &TargetIds) -> HashSet<Uuid> {
    let pointed = crate::planning::presence::pointed_to(index).filter(|row| row.table == WEBSITE);
    pointed.map(|row| ids.of(&row)).chain(rows_of(index, ids, WEBSITE)).collect()
}

/// Where it is not known which row a record is, no row of its table can be called lacking.
fn unknown_rows(index: &PackageIndex<'_>, matches: &Matches, wanted: &BTreeSet<String>) -> Option<Problem> {
    let tables = index.package.tables.iter().zip(matches).filter(|(table, _)| wanted.contains(&table.name));
    let unknown = |found: &Match| matches!(found, Match::Unknown(_));
    let (table, _) = tables.into_iter().find(|(_, matches)| matches.iter().any(unknown))?;
    let problem = Problem::new(
        ProblemKind::NotTried,
        format!(
            "Which rows of {} the package lacks cannot be told: for some of its records it is not known which row they are.",
            table.name
        ),
        "Settle the blocked records of this table first, or do not remove rows of it.",
    );
    Some(problem.in_table(&table.name))
}
