//! Rows of the target by their name, for people who choose one.

use crate::{Problem, ProblemKind};
use dataverse::{Client, Clock, Query, Transport};
use uuid::Uuid;

/// Most rows that are worth being chosen from.
const MOST: u32 = 50;

/// Ids and names of a table's rows whose name holds `text`, by name; at most 50.
///
/// # Errors
/// Where the environment did not answer or refuses, or has no such table or no names in it.
pub async fn find_rows<T: Transport, C: Clock>(
    client: &Client<T, C>,
    table: &str,
    text: &str,
) -> Result<Vec<(Uuid, String)>, Problem> {
    let found = client.tables(&[table]).await?.into_iter().next().flatten();
    let named = found.and_then(|table| Some((table.set, table.primary_id, table.primary_name?)));
    let (set, key, name) = named.ok_or_else(|| nameless(table))?;
    let quoted = text.trim().replace('\'', "''");
    let filter = (!quoted.is_empty()).then(|| format!("contains({name},'{quoted}')"));
    let select = vec![key.clone(), name.clone()];
    let order_by = vec![name.clone()];
    let query = Query { select, filter, order_by, page_size: Some(MOST), ..Query::of(&set) };
    let rows = client.page(&query).await?.rows;
    let read = |row: &dataverse::Row| {
        let id = Uuid::parse_str(row.get(&key)?.as_str()?).ok()?;
        Some((id, row.get(&name).and_then(|name| name.as_str()).unwrap_or_default().to_owned()))
    };
    Ok(rows.iter().filter_map(read).collect())
}

fn nameless(table: &str) -> Problem {
    Problem::new(
        ProblemKind::TableMissing,
        format!("The rows of {table} cannot be looked for by name: the environment has no such table, or no names in it."),
        "Type the id of the row instead.",
    )
    .in_table(table)
}
