//! The environment's users, teams, business units, currencies and websites that may stand for those of the source: the
//! names of all in few requests.

use super::sources::{Source, Sources};
use super::tables::{MAPPED_TABLES, MappedTable};
use crate::package_index::PackageIndex;
use crate::paging::all_pages;
use crate::planning::matching::{joined, quoted};
use crate::progress::Progress;
use crate::reading::row_id;
use crate::values::property;
use crate::{EnvironmentTables, Problem, RowRef};
use dataverse::{Client, Clock, Query, Row, TableMetadata, Transport};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A row of the environment, with the columns that its table is recognised by.
#[derive(Clone, Debug)]
pub(super) struct TargetRow {
    pub(super) id: Uuid,
    pub(super) name: String,
    row: Row,
}

/// Rows by table.
pub(super) type TargetRows = BTreeMap<&'static str, Vec<TargetRow>>;

impl TargetRow {
    /// As the service compares texts: neither case nor blanks at the end count.
    pub(super) fn is(&self, column: &str, text: &str) -> bool {
        let own = self.row.get(column).and_then(|value| value.as_str());
        own.is_some_and(|own| folded(own) == folded(text))
    }

    pub(super) fn says_yes(&self, column: &str) -> bool {
        self.row.get(column).and_then(serde_json::Value::as_bool) == Some(true)
    }

    pub(super) fn number(&self, column: &str) -> Option<i64> {
        self.row.get(column).and_then(serde_json::Value::as_i64)
    }

    /// The id of the row that a lookup leads to.
    pub(super) fn lookup(&self, column: &str) -> Option<Uuid> {
        row_id(&self.row, &format!("_{column}_value"))
    }
}

fn folded(text: &str) -> String {
    text.trim_end().to_lowercase()
}

/// Asks for all rows that may stand for a source.
///
/// # Errors
/// Where the environment would not tell, cannot be asked any more, or the run was stopped.
pub(super) async fn target_rows<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    sources: &Sources,
    progress: &mut Progress<'_>,
) -> Result<TargetRows, Problem> {
    let asked = MAPPED_TABLES.iter().filter_map(|mapped| Some((mapped, tables.get(mapped.table)?)));
    let of_table = |(mapped, metadata): (&'static MappedTable, _)| {
        let queries = queries(index, mapped, metadata, sources);
        queries.into_iter().map(move |query| ((mapped, metadata), query)).collect::<Vec<_>>()
    };
    let (asked, queries): (Vec<(&MappedTable, &TableMetadata)>, Vec<Query>) =
        asked.flat_map(of_table).unzip();
    let mut found = TargetRows::new();
    let take = |_: &mut &mut Progress<'_>, query: usize, rows: Result<Vec<Row>, Problem>| {
        let (mapped, metadata) = asked[query];
        // A failed question is never "not there".
        let rows = rows.map_err(|refusal| refusal.in_table(mapped.table))?;
        let known = found.entry(mapped.table).or_default();
        for row in rows.into_iter().filter_map(|row| target_row(row, metadata)) {
            if known.iter().all(|other| other.id != row.id) {
                known.push(row);
            }
        }
        Ok(())
    };
    all_pages(client, &queries, &mut &mut *progress, |progress| progress.go_on(), take).await?;
    Ok(found)
}

fn target_row(row: Row, table: &TableMetadata) -> Option<TargetRow> {
    let name = table.primary_name.as_deref().and_then(|name| row.get(name)?.as_str());
    Some(TargetRow { id: row_id(&row, &table.primary_id)?, name: name.unwrap_or_default().to_owned(), row })
}

/// Nothing, where the package neither brings nor points to a row of the table.
fn queries(
    index: &PackageIndex<'_>,
    mapped: &MappedTable,
    table: &TableMetadata,
    sources: &Sources,
) -> Vec<Query> {
    let own: Vec<(&RowRef, &Source)> = sources.iter().filter(|(row, _)| row.table == mapped.table).collect();
    let wanted = mapped.ways.iter().map(|(_, column)| column).chain(mapped.also);
    let columns = wanted.filter_map(|column| table.column(column)).map(property);
    let names = std::iter::once(table.primary_id.clone()).chain(table.primary_name.clone());
    let select: BTreeSet<String> = names.chain(columns).collect();
    let query = |filter| Query { select: select.iter().cloned().collect(), filter, ..Query::of(&table.set) };
    if own.is_empty() {
        return Vec::new();
    }
    if mapped.few {
        return vec![query(None)];
    }
    let conditions: BTreeSet<String> =
        own.into_iter().flat_map(|(row, source)| conditions(index, mapped, table, row, source)).collect();
    joined(&conditions, " or ").into_iter().map(|filter| query(Some(filter))).collect()
}

/// What a row that may stand for this source has.
fn conditions(
    index: &PackageIndex<'_>,
    mapped: &MappedTable,
    table: &TableMetadata,
    row: &RowRef,
    source: &Source,
) -> Vec<String> {
    let is_name = |column: &str| table.primary_name.as_deref() == Some(column);
    let ways = mapped.ways.iter().filter(|(_, column)| table.column(column).is_some());
    let texts = ways.filter_map(|(_, column)| {
        let text = source.text(index, column, is_name(column))?;
        Some(format!("{column} eq {}", quoted(text.trim_end())))
    });
    // A default team may be called after another business unit: there is one each.
    let default = (mapped.table == "team").then(|| "isdefault eq true".to_owned());
    texts.chain([format!("{} eq {}", table.primary_id, row.id)]).chain(default).collect()
}
