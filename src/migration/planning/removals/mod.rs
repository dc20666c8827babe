//! What is removed from the environment, by the user's consent: rows before anything is written, links and rows that
//! the package lacks. Nothing is removed that is not named here.

mod hanging;
mod lacking;
mod taken_back;

pub(super) use hanging::rows_first;
pub(super) use lacking::{lacking_links, lacking_rows};
pub(super) use taken_back::{created_rows, made_links};

use dataverse::{Query, Row, TableMetadata};

/// Asks for the ids and names of a table's rows, with these columns.
fn listing(table: &TableMetadata, columns: impl IntoIterator<Item = String>) -> Query {
    let own = std::iter::once(table.primary_id.clone()).chain(table.primary_name.clone());
    let mut select: Vec<String> = own.collect();
    for column in columns {
        if !select.contains(&column) {
            select.push(column);
        }
    }
    Query { select, ..Query::of(&table.set) }
}

/// What people call the row.
fn name_of(row: &Row, table: &TableMetadata) -> String {
    let name = table.primary_name.as_deref().and_then(|name| row.get(name)?.as_str());
    name.unwrap_or_default().to_owned()
}
