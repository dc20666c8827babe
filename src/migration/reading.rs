//! Reading rows of the environment by id: many ids a query, many queries a request, never too much at once.

use crate::Problem;
use crate::full_images::{FullImage, put_full_images};
use crate::parties::is_collection;
use crate::side_by_side::side_by_side;
use cmt::{Record, Value};
use dataverse::{Client, Clock, Query, Row, TableMetadata, Transport, ids_filter};
use serde_json::Value as Json;
use std::collections::HashMap;
use uuid::Uuid;

/// Most ids a query: about 4,000 characters of address.
const IDS: usize = 100;
/// Most queries a request.
const QUERIES: usize = 20;
/// Expected bytes of an answer: notes carry their files.
const BYTES: usize = 4_000_000;

/// Rows of one table to be read with one query.
#[derive(Debug)]
pub(crate) struct Ask {
    /// The caller's number of the table.
    pub(crate) table: usize,
    /// The caller's numbers of the records whose rows these are.
    pub(crate) records: Vec<usize>,
    query: Query,
    key: String,
    bytes: usize,
    /// Images that are read in full size where the row has them.
    images: Vec<FullImage>,
}

impl Ask {
    /// Of the images only those that this names, by the caller's number of the record and the column.
    pub(crate) fn with_images(mut self, is_wanted: impl Fn(usize, &str) -> bool) -> Ask {
        self.images.retain(|image| is_wanted(image.number, &image.column));
        self
    }
}

/// Rows by their id.
pub(crate) type Rows = HashMap<Uuid, Row>;

/// A row to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// The caller's number.
    pub(crate) number: usize,
    pub(crate) id: Uuid,
    /// About how large it is on the wire.
    pub(crate) bytes: usize,
}

/// The questions for these rows of a table.
pub(crate) fn asks(
    table: usize,
    metadata: &TableMetadata,
    select: &[String],
    wanted: impl Iterator<Item = Wanted>,
) -> Vec<Ask> {
    let ask = |chunk: Vec<(usize, Wanted)>| {
        let ids: Vec<Uuid> = chunk.iter().map(|(_, wanted)| wanted.id).collect();
        Ask {
            table,
            records: chunk.iter().map(|(_, wanted)| wanted.number).collect(),
            query: query_by_id(&metadata.set, &metadata.primary_id, select.to_vec(), &ids),
            key: metadata.primary_id.clone(),
            bytes: chunk.iter().map(|(bytes, _)| bytes).sum(),
            images: FullImage::of(metadata, select, chunk.iter().map(|(_, wanted)| *wanted)),
        }
    };
    chunks(wanted.map(|w| (w.bytes, w)), IDS, BYTES).into_iter().map(ask).collect()
}

/// The asks, as many together as one request should carry.
pub(crate) fn requests(asks: Vec<Ask>) -> Vec<Vec<Ask>> {
    let requests = chunks(asks.into_iter().map(|a| (a.bytes, a)), QUERIES, BYTES);
    requests.into_iter().map(|request| request.into_iter().map(|(_, ask)| ask).collect()).collect()
}

/// Each ask with its rows, or with why its table could not be read.
pub(crate) type Read = Vec<(Ask, Result<Rows, Problem>)>;

/// Sends one request, and after it those for the images in full size.
///
/// # Errors
/// Where the whole request failed.
pub(crate) async fn read<T: Transport, C: Clock>(
    client: &Client<T, C>,
    request: Vec<Ask>,
) -> Result<Read, Problem> {
    let queries: Vec<Query> = request.iter().map(|a| a.query.clone()).collect();
    let answers = client.pages(&queries).await?;
    let rows = |(ask, answer): (Ask, Result<dataverse::Page, dataverse::ServiceError>)| {
        let rows = match answer {
            Ok(page) => Ok(by_id(page.rows, &ask.key)),
            Err(refusal) => Err(Problem::from(refusal)),
        };
        (ask, rows)
    };
    let mut read: Read = request.into_iter().zip(answers).map(rows).collect();
    for (ask, answer) in &mut read {
        let refused = match answer {
            Ok(rows) => put_full_images(client, &ask.query.set, &ask.images, rows).await?,
            Err(_) => None,
        };
        if let Some(refused) = refused {
            *answer = Err(refused);
        }
    }
    Ok(read)
}

/// Sends requests side by side. `go` is asked before each, `take` has each answer as it comes.
///
/// # Errors
/// What `go` or `take` met, or where a whole request failed.
pub(crate) async fn read_all<T: Transport, C: Clock, H>(
    client: &Client<T, C>,
    host: &mut H,
    asks: Vec<Ask>,
    mut go: impl FnMut(&mut H) -> Result<(), Problem>,
    mut take: impl FnMut(&mut H, Ask, Result<Rows, Problem>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut waiting = requests(asks).into_iter();
    let start = |host: &mut H| {
        if waiting.len() > 0 {
            go(host)?;
        }
        Ok(waiting.next().map(|request| read(client, request)))
    };
    let take = |host: &mut H, answers: Result<Read, Problem>| {
        answers?.into_iter().try_for_each(|(ask, rows)| take(host, ask, rows))
    };
    side_by_side(host, || client.requests_at_once(), start, take).await
}

fn query_by_id(set: &str, key: &str, select: Vec<String>, ids: &[Uuid]) -> Query {
    let (expand, select): (Vec<String>, Vec<String>) = select.into_iter().partition(|p| is_collection(p));
    let expand = (!expand.is_empty()).then(|| expand.join(","));
    Query { select, expand, filter: Some(ids_filter(key, ids)), ..Query::of(set) }
}

fn by_id(rows: Vec<Row>, key: &str) -> Rows {
    rows.into_iter().filter_map(|row| Some((row_id(&row, key)?, row))).collect()
}

/// The questions for rows of a table by their ids, for whoever wants them as the service wrote them.
pub(crate) fn queries_by_id<'q>(
    metadata: &'q TableMetadata,
    select: &'q [String],
    ids: &'q [Uuid],
) -> impl Iterator<Item = Query> + 'q {
    ids.chunks(IDS).map(|ids| query_by_id(&metadata.set, &metadata.primary_id, select.to_vec(), ids))
}

/// The id in a column of a row.
pub(crate) fn row_id(row: &Row, column: &str) -> Option<Uuid> {
    row.get(column).and_then(Json::as_str).and_then(|id| Uuid::parse_str(id).ok())
}

/// About how many bytes the record is on the wire.
pub(crate) fn expected_bytes(record: &Record) -> usize {
    let bytes = |value: &Value| match value {
        Value::Text(text) | Value::Image(text) => text.len(),
        _ => 20,
    };
    record.fields.iter().map(|f| f.column.len() + 10 + bytes(&f.value)).sum()
}

/// Splits weighed items into runs of at most `count` items and `weight`; a heavier item stands alone.
pub(crate) fn chunks<I>(
    items: impl Iterator<Item = (usize, I)>,
    count: usize,
    weight: usize,
) -> Vec<Vec<(usize, I)>> {
    let mut chunks: Vec<Vec<(usize, I)>> = Vec::new();
    let mut sum = 0;
    for (own, item) in items {
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < count && sum + own <= weight => {
                sum += own;
                chunk.push((own, item));
            }
            _ => {
                sum = own;
                chunks.push(vec![(own, item)]);
            }
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::chunks;

    #[test]
    fn chunks_keep_order_and_limits_and_a_heavy_item_stands_alone() {
        let weights = [1, 1, 1, 9, 50, 2, 2];
        let found = chunks(weights.into_iter().map(|w| (w, ())), 3, 10);
        let found: Vec<Vec<usize>> =
            found.into_iter().map(|c| c.into_iter().map(|(w, ())| w).collect()).collect();
        assert_eq!(found, vec![vec![1, 1, 1], vec![9], vec![50], vec![2, 2]]);
        assert!(chunks(std::iter::empty::<(usize, ())>(), 3, 10).is_empty());
    }
}
