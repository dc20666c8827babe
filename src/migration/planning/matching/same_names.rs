//! How many new records have a row of the same name and another id: what matching by name would find.

use super::candidates::joined;
use super::cells::{Cell, condition};
use super::key::{Key, by_name};
use super::{Match, Matches};
use crate::package_index::{PackageIndex, RecordAt};
use crate::paging::all_pages;
use crate::progress::Progress;
use crate::reading::row_id;
use crate::values::from_json;
use crate::{ImportOptions, Problem};
use dataverse::{Client, Clock, Query, Row, Transport};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// So many names are not asked for one by one.
const MANY: usize = 5_000;

/// New records of one table that nothing but their name could tell, by that name.
struct Unnamed<'a> {
    table: usize,
    key: Key<'a>,
    names: HashMap<Cell, Vec<usize>>,
    /// Rows that are records of the package already.
    taken: HashSet<Uuid>,
    queries: Vec<Query>,
}

/// The number of such records, by table of the package.
///
/// # Errors
/// Where the environment cannot be asked any more, or the run was stopped. A table whose names cannot be asked for
/// counts none: the records are new by their ids.
pub(in crate::planning) async fn same_names<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    matches: &Matches,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
) -> Result<Vec<u64>, Problem> {
    let tables = (0..index.package.tables.len()).filter_map(|table| unnamed(index, matches, options, table));
    let tables: Vec<Unnamed<'_>> = tables.collect();
    let numbered = tables.iter().enumerate();
    let queries = numbered.flat_map(|(number, table)| table.queries.iter().map(move |q| (number, q.clone())));
    let (numbers, queries): (Vec<usize>, Vec<Query>) = queries.unzip();
    let mut found: Vec<HashSet<usize>> = vec![HashSet::new(); index.package.tables.len()];
    let take = |_: &mut &mut Progress<'_>, query: usize, rows: Result<Vec<Row>, Problem>| {
        let table = &tables[numbers[query]];
        match rows {
            Err(refusal) if refusal.ends_the_run() => return Err(refusal),
            Err(_) => {}
            Ok(rows) => rows.iter().for_each(|row| found[table.table].extend(table.named_like(index, row))),
        }
        Ok(())
    };
    all_pages(client, &queries, &mut &mut *progress, |progress| progress.go_on(), take).await?;
    Ok(found.into_iter().map(|records| records.len() as u64).collect())
}

fn unnamed<'a>(
    index: &PackageIndex<'a>,
    matches: &Matches,
    options: &ImportOptions,
    table: usize,
) -> Option<Unnamed<'a>> {
    let fit = index.fits[table].as_ref()?;
    let others = Key::of(&index.package.schema, fit, options);
    let key = by_name(fit).filter(|_| !options.matches_by_name(&fit.metadata.name))?;
    let records = (0..index.package.tables[table].records.len()).map(|record| RecordAt { table, record });
    let (mut names, mut conditions) = (HashMap::<Cell, Vec<usize>>::new(), BTreeSet::new());
    for at in records.filter(|at| !index.is_repeated(*at) && matches[table][at.record] == Match::New) {
        let record = index.record(at);
        if !key.applies(record) || others.iter().any(|other| other.applies(record)) {
            continue;
        }
        let name = record.value(&key.asked_by.name);
        conditions.extend(name.and_then(|name| condition(name, key.asked_by)));
        names.entry(Cell::of(name, key.asked_by)).or_default().push(at.record);
    }
    let select = vec![fit.metadata.primary_id.clone(), key.asked_by.name.clone()];
    let query = |filter| Query { select: select.clone(), filter, ..Query::of(&fit.metadata.set) };
    let queries = match conditions.len() {
        // Then it is less to read the names of the whole table.
        MANY.. => vec![query(None)],
        _ => joined(&conditions, " or ").into_iter().map(|filter| query(Some(filter))).collect(),
    };
    let taken = matches[table].iter().filter_map(Match::row).collect();
    Some(Unnamed { table, key, names, taken, queries })
}

impl Unnamed<'_> {
    /// The records of that row's name, unless it is one of the package's own.
    fn named_like(&self, index: &PackageIndex<'_>, row: &Row) -> Vec<usize> {
        let Some(fit) = &index.fits[self.table] else { return Vec::new() };
        let id = row_id(row, &fit.metadata.primary_id).filter(|id| !self.taken.contains(id));
        let name = from_json(row, self.key.asked_by).ok().flatten();
        let named = self.names.get(&Cell::of(name.as_ref(), self.key.asked_by));
        id.and(named).cloned().unwrap_or_default()
    }
}
