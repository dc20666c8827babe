//! Which rows are in the environment: those of the package, by the ids they have there, and those it points to.

use super::stand_ins::StandIns;
use crate::RowRef;
use crate::package_index::{PackageIndex, RecordAt};
use crate::progress::Progress;
use crate::reading::{Ask, Rows, Wanted, asks, read_all};
use crate::target_ids::TargetIds;
use crate::{EnvironmentTables, Problem};
use dataverse::{Client, Clock, Transport};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// An id on the wire, in bytes, with its annotations.
const ID: usize = 100;

/// What the environment says about rows, by the ids they have there.
#[derive(Debug, Default)]
pub(super) struct Presence {
    there: HashSet<RowRef>,
    /// Where it would not tell, and why.
    unknown: HashMap<RowRef, Problem>,
}

impl Presence {
    /// Whether the row is there.
    ///
    /// # Errors
    /// Where the environment would not tell: no sort of "not there".
    pub(super) fn of(&self, row: &RowRef) -> Result<bool, &Problem> {
        self.unknown.get(row).map_or_else(|| Ok(self.there.contains(row)), Err)
    }
}

/// Asks for nothing but the ids of those rows that are there.
///
/// # Errors
/// Where the environment cannot be asked any more, or the run was stopped.
pub(super) async fn presence<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    stand_ins: &StandIns,
    progress: &mut Progress<'_>,
) -> Result<Presence, Problem> {
    let wanted = wanted(index, &stand_ins.ids);
    let questions = wanted.iter().enumerate().flat_map(|(number, (table, rows))| {
        let wanted = rows.iter().enumerate().map(|(number, id)| Wanted { number, id: *id, bytes: ID });
        let metadata = tables.get(table);
        metadata.map(|m| asks(number, m, std::slice::from_ref(&m.primary_id), wanted)).unwrap_or_default()
    });
    let questions = questions.collect();
    let mut presence = Presence::default();
    let take = |_: &mut &mut Progress<'_>, ask: Ask, answer: Result<Rows, Problem>| {
        let (table, rows) = &wanted[ask.table];
        let row = |id: Uuid| RowRef { table: table.clone(), id };
        match answer.map_err(|refusal| refusal.in_table(table)) {
            Ok(found) => presence.there.extend(found.into_keys().map(row)),
            Err(refusal) if refusal.ends_the_run() => return Err(refusal),
            Err(refusal) => {
                let asked = ask.records.iter().map(|&number| (row(rows[number]), refusal.clone()));
                presence.unknown.extend(asked);
            }
        }
        Ok(())
    };
    read_all(client, &mut &mut *progress, questions, |progress| progress.go_on(), take).await?;
    presence.there.retain(|row| !stand_ins.gone.contains(row));
    Ok(presence)
}

/// Ids to be asked for, by table.
fn wanted(index: &PackageIndex<'_>, ids: &TargetIds) -> Vec<(String, Vec<Uuid>)> {
    let mut wanted: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
    let records = index.package.tables.iter().flat_map(|table| {
        table.records.iter().map(|record| RowRef { table: table.name.clone(), id: record.id })
    });
    for row in records.chain(pointed_to(index)) {
        let id = ids.of(&row);
        wanted.entry(row.table).or_default().insert(id);
    }
    wanted.into_iter().map(|(table, ids)| (table, ids.into_iter().collect())).collect()
}

/// Every row that a lookup or a link of the package points to.
pub(super) fn pointed_to<'a>(index: &'a PackageIndex<'a>) -> impl Iterator<Item = RowRef> {
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
