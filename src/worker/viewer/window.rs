//! A window of a table's records, as lines of short texts.

use super::columns::FilledColumns;
use super::opened::Opened;
use super::values::short;
use browser::protocol::{RecordLine, RecordsQuery, ViewedColumn, ViewedRecords};
use cmt::{Error, Record, RecordAt, Spool};

/// The window. `filled` knows all columns of the table by now, and is kept.
pub(super) fn records<S: Spool>(
    opened: &Opened<S>,
    query: &RecordsQuery,
    filled: FilledColumns,
) -> Result<ViewedRecords, Error> {
    let columns = filled.in_order(opened);
    opened.keep_columns(&query.table, filled);
    let (total, places) = places(opened, query);
    let line = |at: &RecordAt| Ok(line(&opened.spooled.record(at)?, &query.table, &columns));
    let lines = places.iter().map(line).collect::<Result<_, Error>>()?;
    Ok(ViewedRecords { columns, total, lines })
}

/// How many records there are, and where those in the window lie.
fn places<S: Spool>(opened: &Opened<S>, query: &RecordsQuery) -> (u64, Vec<RecordAt>) {
    let window = |places: &mut dyn Iterator<Item = RecordAt>| {
        places.skip(number(query.start)).take(number(query.count)).collect()
    };
    if query.search.trim().is_empty() {
        let total = opened.places(&query.table).count() as u64;
        return (total, window(&mut opened.places(&query.table).copied()));
    }
    let found = opened.found_places(&query.table, &query.search);
    (found.len() as u64, window(&mut found.into_iter()))
}

fn line(record: &Record, table: &str, columns: &[ViewedColumn]) -> RecordLine {
    let cell = |column: &ViewedColumn| short(record, table, &column.name);
    RecordLine { id: record.id, cells: columns.iter().map(cell).collect() }
}

/// No table has more records than a place in memory can count.
fn number(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
