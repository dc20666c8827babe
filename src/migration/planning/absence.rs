//! Which rows that lookups and links point to are not in the environment and will not be.

use super::matching::{Match, Matches};
use crate::RowRef;
use crate::package_index::{PackageIndex, RecordAt};
use crate::progress::Progress;
use crate::reading::{Ask, Rows, Wanted, asks, read_all};
use crate::{Action, EnvironmentTables, Problem};
use dataverse::{Client, Clock, TableMetadata, Transport};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

/// An id on the wire, in bytes, with its annotations.
const ID: usize = 100;

/// Records of the package that are not in the environment and will not be.
pub(super) fn absent_in_package(
    index: &PackageIndex<'_>,
    actions: &[Vec<Action>],
    matches: &Matches,
) -> HashSet<RowRef> {
    let mut absent = HashSet::new();
    for (table, loaded) in index.package.tables.iter().enumerate() {
        for (number, record) in loaded.records.iter().enumerate() {
            let left_out = matches!(actions[table][number], Action::Skip(_) | Action::Blocked(_));
            let repeated = index.is_repeated(RecordAt { table, record: number });
            if left_out && !repeated && !matches!(matches[table][number], Match::Row(_)) {
                absent.insert(RowRef { table: loaded.name.clone(), id: record.id });
            }
        }
    }
    absent
}

/// Rows that the package only points to, and that the environment does not have.
pub(super) async fn absent_elsewhere<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    progress: &mut Progress<'_>,
) -> Result<HashSet<RowRef>, Problem> {
    let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    for row in pointed_to(index).filter(|row| index.find(row).is_none()) {
        wanted.entry(row.table).or_default().insert(row.id);
    }
    let mut wanted: Vec<(String, BTreeSet<Uuid>)> = wanted.into_iter().collect();
    let asks = wanted.iter().enumerate().flat_map(|(number, (table, ids))| {
        let metadata = tables.get(table);
        metadata.map(|metadata| ids_of(number, metadata, ids)).unwrap_or_default()
    });
    let asks = asks.collect();
    let take = |_: &mut &mut Progress<'_>, ask: Ask, answer: Result<Rows, Problem>| {
        let (table, ids) = &mut wanted[ask.table];
        // A failed question is never "not there".
        answer.map_err(|refusal| refusal.in_table(table))?.keys().for_each(|id| {
            ids.remove(id);
        });
        Ok(())
    };
    read_all(client, &mut &mut *progress, asks, |progress| progress.go_on(), take).await?;
    let rows = |(table, ids): (String, BTreeSet<Uuid>)| {
        ids.into_iter().map(move |id| RowRef { table: table.clone(), id })
    };
    Ok(wanted.into_iter().flat_map(rows).collect())
}

/// Asks for nothing but the ids of those rows that are there.
fn ids_of(number: usize, table: &TableMetadata, ids: &BTreeSet<Uuid>) -> Vec<Ask> {
    let wanted = ids.iter().map(|id| Wanted { number, id: *id, bytes: ID });
    asks(number, table, std::slice::from_ref(&table.primary_id), wanted)
}

/// Every row that a lookup or a link of the package points to.
fn pointed_to<'a>(index: &'a PackageIndex<'a>) -> impl Iterator<Item = RowRef> {
    let tables = index.package.tables.iter().enumerate();
    tables.flat_map(move |(table, loaded)| {
        let records = 0..loaded.records.len();
        let lookups =
            records.flat_map(move |record| index.lookups(RecordAt { table, record })).map(|(_, row)| row);
        let links = loaded.links.iter().flat_map(|set| {
            let source = RowRef { table: loaded.name.clone(), id: set.source };
            let targets = set.targets.iter().map(|id| RowRef { table: set.target_table.clone(), id: *id });
            std::iter::once(source).chain(targets)
        });
        lookups.chain(links)
    })
}
