//! In what the rows that records were matched with differ from them. Writes nothing.

use super::matching::{Match, Matches};
use crate::compare::differences;
use crate::package_index::{PackageIndex, RecordAt};
use crate::progress::Progress;
use crate::reading::{Ask, Rows, Wanted, asks, expected_bytes, read_all};
use crate::table_fit::{Fit, TableFit};
use crate::target_ids::TargetIds;
use crate::{Pass, Problem, ProblemKind};
use cmt::Value;
use dataverse::{Client, Clock, Transport};

/// Reads the row of every matched record whose table `is_compared`, and writes the differences into its match.
///
/// # Errors
/// Where the environment cannot be asked any more, or the run was stopped.
pub(super) async fn compare_records<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    ids: &TargetIds,
    matches: &mut Matches,
    is_compared: impl Fn(usize) -> bool,
    progress: &mut Progress<'_>,
) -> Result<(), Problem> {
    let tables = &index.package.tables;
    let mut questions = Vec::new();
    for (table, loaded) in tables.iter().enumerate() {
        let fit = index.fits[table].as_ref().filter(|_| is_compared(table));
        let asked = fit.map(|fit| table_asks(index, table, fit, &matches[table])).unwrap_or_default();
        let compared: usize = asked.iter().map(|ask| ask.records.len()).sum();
        let unknown =
            |found: &&Match| fit.is_none() && is_compared(table) || matches!(found, Match::Unknown(_));
        // What is not read is through: the plan says why.
        let failed = matches[table].iter().filter(unknown).count();
        progress.advance(Pass::Compare, &loaded.name, loaded.records.len() - compared, failed);
        questions.extend(asked);
    }
    let take = |progress: &mut &mut Progress<'_>, ask: Ask, answer: Result<Rows, Problem>| {
        let (done, failed) = (ask.records.len(), answer.is_err());
        settle(index, ids, &ask, answer, &mut matches[ask.table])?;
        progress.advance(Pass::Compare, &tables[ask.table].name, done, if failed { done } else { 0 });
        Ok(())
    };
    read_all(client, &mut &mut *progress, questions, |progress| progress.go_on(), take).await
}

fn table_asks(index: &PackageIndex<'_>, table: usize, fit: &TableFit<'_>, matches: &[Match]) -> Vec<Ask> {
    let matched = matches.iter().enumerate().filter_map(|(record, found)| match found {
        Match::Row { id, .. } => Some((record, *id)),
        _ => None,
    });
    let wanted = matched.map(|(record, id)| Wanted {
        number: record,
        id,
        bytes: expected_bytes(index.record(RecordAt { table, record })),
    });
    let has_image = |record: usize, column: &str| {
        matches!(index.record(RecordAt { table, record }).value(column), Some(Value::Image(_)))
    };
    let asks = asks(table, fit.metadata, &fit.properties(Fit::is_compared), wanted);
    asks.into_iter().map(|ask| ask.with_images(has_image)).collect()
}

/// Writes down what one answer says about its records.
fn settle(
    index: &PackageIndex<'_>,
    ids: &TargetIds,
    ask: &Ask,
    answer: Result<Rows, Problem>,
    matches: &mut [Match],
) -> Result<(), Problem> {
    let Some(fit) = &index.fits[ask.table] else { return Ok(()) };
    let problem = |problem: Problem| problem.in_table(&fit.metadata.name);
    let rows = match answer {
        Err(refusal) if refusal.ends_the_run() => return Err(problem(refusal)),
        other => other.map_err(problem),
    };
    for &number in &ask.records {
        let record = index.record(RecordAt { table: ask.table, record: number });
        let Match::Row { id, changes, .. } = &mut matches[number] else { continue };
        let found = rows.as_ref().map_err(Clone::clone).and_then(|rows| {
            let row = rows.get(id).ok_or_else(|| problem(vanished()))?;
            differences(record, row, fit, ids).map_err(problem)
        });
        match found {
            Ok(found) => *changes = found,
            Err(unknown) => matches[number] = Match::Unknown(unknown),
        }
    }
    Ok(())
}

fn vanished() -> Problem {
    Problem::new(
        ProblemKind::NotTried,
        "The row was there and is gone: somebody removed it while the plan was made.",
        "Make the plan again.",
    )
}
