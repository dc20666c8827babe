//! What is asked for a table's rows: how many a page, and large tables in several ranges at once.

use super::Exported;
use super::options::ExportOptions;
use super::survey::selection;
use crate::Problem;
use crate::parties::is_collection;
use dataverse::{Client, Clock, ColumnKind, Query, RawPage, RowShape, Transport};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Rows a page: the most the service gives.
pub(super) const PAGE: u32 = 5000;
/// Rows a page where rows may be long: texts of many pages, small pictures.
const LONG_ROWS: u32 = 1000;
/// A text column of more characters makes long rows.
pub(super) const LONG_TEXT: u32 = 100_000;
/// Bytes of files a page, about.
const FILES_A_PAGE: u64 = 4_000_000;
/// A table of more rows is read in so many ranges.
const LARGE: u64 = 50_000;
const RANGES: i32 = 4;
/// Never over the id: the service compares ids for equality only.
const CREATED_ON: &str = "createdon";

/// How the rows of a table are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All at once, page by page.
    Rows(Vec<Query>),
    /// First their ids, then the rows: FetchXML knows no parties.
    Ids(Query),
}

/// The questions for a table. For a large one `bounds` has the first and the last moment at which a row was made.
pub(super) fn asked(
    exported: &Exported<'_>,
    options: &ExportOptions,
    bounds: Option<(OffsetDateTime, OffsetDateTime)>,
) -> Asked {
    let (table, fit) = (exported.table, &exported.fit);
    let key = &fit.metadata.primary_id;
    let columns = fit.properties_of(fit.columns.iter().filter_map(|column| column.readable()));
    let (expand, select): (Vec<String>, Vec<String>) = columns.into_iter().partition(|c| is_collection(c));
    let query = Query { page_size: Some(page_size(exported)), ..Query::of(&fit.metadata.set) };
    let selection = selection(table, fit, options);
    if !selection.is_whole_table() {
        let asked = if expand.is_empty() { attributes(exported) } else { vec![key.clone()] };
        let query = Query { fetch_xml: Some(selection.read(&asked, key)), ..query };
        return if expand.is_empty() { Asked::Rows(vec![query]) } else { Asked::Ids(query) };
    }
    let expand = (!expand.is_empty()).then(|| expand.join(","));
    let query = Query { select, expand, order_by: vec![key.clone()], ..query };
    let ranges = bounds.map_or_else(|| vec![None], |bounds| ranges(bounds).map(Some).collect());
    Asked::Rows(ranges.into_iter().map(|filter| Query { filter, ..query.clone() }).collect())
}

/// The columns as FetchXML names them: a lookup is its column, a file has a column for its name.
fn attributes(exported: &Exported<'_>) -> Vec<String> {
    let fit = &exported.fit;
    let key = &fit.metadata.primary_id;
    let mut attributes = vec![key.clone()];
    // Each once: whether the service takes a column that is named twice, no page of Microsoft's says.
    for column in fit.columns.iter().filter_map(|column| column.readable()).filter(|c| c.name != *key) {
        let name = (column.kind == ColumnKind::File).then(|| crate::values::file_name_property(column));
        attributes.extend(std::iter::once(column.name.clone()).chain(name));
    }
    attributes
}

/// Rows a page: few where they are long, and by their size where they carry files.
fn page_size(exported: &Exported<'_>) -> u32 {
    let columns = || exported.fit.columns.iter().filter_map(|column| column.readable());
    let is_long = |column: &dataverse::ColumnMetadata| {
        column.kind == ColumnKind::Image || column.max_length.is_some_and(|length| length > LONG_TEXT)
    };
    match exported.surveyed.map_or(0, |surveyed| surveyed.file_bytes) {
        0 if columns().any(is_long) => LONG_ROWS,
        0 => PAGE,
        // Base64 has a third more.
        bytes => (FILES_A_PAGE / (bytes + bytes / 3)).clamp(1, PAGE.into()) as u32,
    }
}

/// The first and the last moment at which a row of the table was made; `None`: the table is small, has a filter of its
/// own, or does not tell.
pub(super) async fn bounds<T: Transport, C: Clock>(
    client: &Client<T, C>,
    exported: &Exported<'_>,
    options: &ExportOptions,
) -> Result<Option<(OffsetDateTime, OffsetDateTime)>, Problem> {
    let is_large = exported.surveyed.is_some_and(|surveyed| surveyed.rows.rows() >= LARGE);
    let metadata = exported.fit.metadata;
    let is_whole = selection(exported.table, &exported.fit, options).is_whole_table();
    if !is_large || !is_whole || metadata.column(CREATED_ON).is_none() {
        return Ok(None);
    }
    let end = |order: &str| Query {
        select: vec![CREATED_ON.to_owned()],
        order_by: vec![format!("{CREATED_ON}{order}")],
        page_size: Some(1),
        ..Query::of(&metadata.set)
    };
    let found = client.raw_pages(&[end(""), end(" desc")]).await?;
    let mut found = found.into_iter().map(|page| moment(page.ok()?));
    Ok(found.next().flatten().zip(found.next().flatten()))
}

fn moment(page: RawPage) -> Option<OffsetDateTime> {
    let mut shape = RowShape::default();
    let place = shape.place(CREATED_ON);
    let row = shape.read(page.rows().next()?).ok()?;
    OffsetDateTime::parse(row.value(place)?, &Rfc3339).ok()
}

/// Conditions that share all rows out among themselves, the first and the last open to their sides.
fn ranges((first, last): (OffsetDateTime, OffsetDateTime)) -> impl Iterator<Item = String> {
    let step = (last - first) / RANGES;
    let border = move |number: i32| {
        let border = (first + step * number).replace_nanosecond(0).unwrap_or(first);
        border.format(&Rfc3339).unwrap_or_default()
    };
    (0..RANGES).map(move |number| {
        let (from, to) = (border(number), border(number + 1));
        match number {
            0 => format!("({CREATED_ON} lt {to} or {CREATED_ON} eq null)"),
            _ if number == RANGES - 1 => format!("{CREATED_ON} ge {from}"),
            _ => format!("{CREATED_ON} ge {from} and {CREATED_ON} lt {to}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::ranges;
    use time::macros::datetime;

    #[test]
    fn ranges_leave_no_row_out_and_take_none_twice() {
        let found: Vec<String> =
            ranges((datetime!(2024-01-01 0:00 UTC), datetime!(2024-01-05 0:00 UTC))).collect();
        assert_eq!(
            found,
            [
                "(createdon lt 2024-01-02T00:00:00Z or createdon eq null)",
                "createdon ge 2024-01-02T00:00:00Z and createdon lt 2024-01-03T00:00:00Z",
                "createdon ge 2024-01-03T00:00:00Z and createdon lt 2024-01-04T00:00:00Z",
                "createdon ge 2024-01-04T00:00:00Z",
            ]
        );
    }
}
