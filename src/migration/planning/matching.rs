//! Which records already have a row in the environment, and in what it differs. Writes nothing.

use crate::compare::differences;
use crate::package_index::{PackageIndex, RecordAt};
use crate::progress::Progress;
use crate::reading::{Ask, Rows, Wanted, asks, expected_bytes, read_all};
use crate::table_fit::{Fit, TableFit};
use crate::{Change, LoadedTable, Pass, Problem};
use dataverse::{Client, Clock, Transport};

/// What the environment has for a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// No row of that id.
    New,
    /// The row of that id, and the columns in which it is not as the record.
    Row(Vec<Change>),
    /// The environment would not tell: no sort of "not there".
    Unknown(Problem),
}

/// The match of every record, by table and record of the package.
pub(crate) type Matches = Vec<Vec<Match>>;

/// Looks up every record by its id and compares it with the row found.
///
/// # Errors
/// Where the environment cannot be asked any more, or the run was stopped.
pub(crate) async fn match_records<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    progress: &mut Progress<'_>,
) -> Result<Matches, Problem> {
    let tables = &index.package.tables;
    let mut matches: Matches = tables.iter().map(|t| vec![Match::New; t.records.len()]).collect();
    progress.start(Pass::Compare, tables.iter().map(|t| (t.name.clone(), t.records.len() as u64)).collect());
    // What cannot be looked up is through: the plan says why.
    for table in index.fits.iter().zip(tables).filter(|(fit, _)| fit.is_none()).map(|(_, table)| table) {
        progress.advance(Pass::Compare, &table.name, table.records.len(), table.records.len());
    }
    let take = |progress: &mut &mut Progress<'_>, ask: Ask, answer: Result<Rows, Problem>| {
        let (done, failed) = (ask.records.len(), answer.is_err());
        settle(index, &ask, answer, &mut matches[ask.table])?;
        progress.advance(Pass::Compare, &tables[ask.table].name, done, if failed { done } else { 0 });
        Ok(())
    };
    read_all(client, &mut &mut *progress, all_asks(index), |progress| progress.go_on(), take).await?;
    progress.finish(Pass::Compare);
    Ok(matches)
}

fn all_asks(index: &PackageIndex<'_>) -> Vec<Ask> {
    let tables = index.fits.iter().zip(&index.package.tables).enumerate();
    let fitting = tables.filter_map(|(table, (fit, loaded))| Some((table, fit.as_ref()?, loaded)));
    let of_table = |(table, fit, loaded): (usize, &TableFit<'_>, &LoadedTable)| {
        let records = loaded.records.iter().enumerate();
        let wanted = records.map(|(number, r)| Wanted { number, id: r.id, bytes: expected_bytes(r) });
        asks(table, fit.metadata, &fit.properties(Fit::is_compared), wanted)
    };
    fitting.flat_map(of_table).collect()
}

/// Writes down what one answer says about its records.
fn settle(
    index: &PackageIndex<'_>,
    ask: &Ask,
    answer: Result<Rows, Problem>,
    matches: &mut [Match],
) -> Result<(), Problem> {
    let Some(fit) = &index.fits[ask.table] else { return Ok(()) };
    let problem = |problem: Problem| problem.in_table(&fit.metadata.name);
    match answer {
        Err(refusal) if refusal.ends_the_run() => return Err(problem(refusal)),
        Err(refusal) => {
            for &record in &ask.records {
                matches[record] = Match::Unknown(problem(refusal.clone()));
            }
        }
        Ok(rows) => {
            for &number in &ask.records {
                let record = index.record(RecordAt { table: ask.table, record: number });
                let Some(row) = rows.get(&record.id) else { continue };
                matches[number] = match differences(record, row, fit) {
                    Ok(changes) => Match::Row(changes),
                    Err(unreadable) => Match::Unknown(problem(unreadable)),
                };
            }
        }
    }
    Ok(())
}
