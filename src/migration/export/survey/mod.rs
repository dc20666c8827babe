//! What an export will find: how many rows each table has, and which websites there are.

mod counting;
mod row_count;

pub use row_count::RowCount;

use super::options::ExportOptions;
use super::selection::Selection;
use super::website::{WEBSITE, WayToWebsite};
use crate::reading::row_id;
use crate::table_fit::TableFit;
use crate::{EnvironmentTables, Problem};
use cmt::Schema;
pub(super) use counting::count_again;
use counting::{Question, counted};
use dataverse::{Client, Clock, Query, Transport};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::HashSet;
use uuid::Uuid;

/// Counts, before anything is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// The schema's tables that the environment has, each once, in the schema's order.
    pub tables: Vec<SurveyedTable>,
}

/// What an export will find in a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyedTable {
    /// Logical name.
    pub table: String,
    /// Label from the schema.
    pub display_name: String,
    /// The rows that will be exported.
    pub rows: RowCount,
    /// Rows that belong to no website although they should: they are not exported. Counted where a website is chosen.
    pub strays: Option<u64>,
    /// A website is chosen, and the rows of this table belong to none by their nature: all are exported.
    pub of_no_website: bool,
    /// About how many bytes of files and long texts a row holds.
    pub file_bytes: u64,
    /// Why the service would not count, and will hardly give the rows.
    pub refused: Option<Problem>,
}

/// A website of the environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Website {
    /// Its row.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its address, where it has one.
    pub domain: Option<String>,
}

/// Counts the rows that an export of `schema` will find, by the service's own counting: exact up to 50,000.
///
/// # Errors
/// Where the environment did not answer. A table whose rows it will not count is no error.
pub async fn survey<T: Transport, C: Clock>(
    client: &Client<T, C>,
    schema: &Schema,
    tables: &EnvironmentTables,
    options: &ExportOptions,
) -> Result<Survey, Problem> {
    let wanted = wanted(schema, tables);
    let questions: Vec<Question<'_>> =
        wanted.iter().map(|(table, fit)| Question::new(table, fit, options)).collect();
    Ok(Survey { tables: counted(client, &questions).await? })
}

/// The schema's tables that the environment has, each once.
pub(super) fn wanted<'a>(
    schema: &'a Schema,
    tables: &'a EnvironmentTables,
) -> Vec<(&'a cmt::Table, TableFit<'a>)> {
    let mut seen = HashSet::new();
    let listed = schema.tables.iter().filter(|table| seen.insert(table.name.as_str()));
    listed.filter_map(|table| Some((table, TableFit::new(schema, tables.get(&table.name)?)?))).collect()
}

/// The rows of a table that an export takes.
pub(super) fn selection(table: &cmt::Table, fit: &TableFit<'_>, options: &ExportOptions) -> Selection {
    let selection = Selection::of(table.filter.as_deref(), &table.name);
    match options.website.zip(WayToWebsite::of(fit.metadata)) {
        Some((website, way)) => selection.and(&way.leads_to(website)),
        None => selection,
    }
}

/// The environment's websites by name, where a table of the schema belongs to websites; none else.
///
/// # Errors
/// Where the environment did not answer.
pub async fn websites<T: Transport, C: Clock>(
    client: &Client<T, C>,
    schema: &Schema,
    tables: &EnvironmentTables,
) -> Result<Vec<Website>, Problem> {
    let belongs = |table: &cmt::Table| {
        tables.get(&table.name).is_some_and(|metadata| WayToWebsite::of(metadata).is_some())
    };
    if !schema.tables.iter().any(belongs) {
        return Ok(Vec::new());
    }
    let names: Vec<Option<dataverse::TableMetadata>> = client.tables(&[WEBSITE]).await?;
    let Some(table) = names.into_iter().flatten().next() else { return Ok(Vec::new()) };
    let (name, domain) = ("adx_name", "adx_primarydomainname");
    let columns = [name, domain].into_iter().filter(|column| table.column(column).is_some());
    let select = std::iter::once(table.primary_id.as_str()).chain(columns).map(str::to_owned).collect();
    let query = Query { select, order_by: vec![name.to_owned()], ..Query::of(&table.set) };
    let rows = client.page(&query).await?.rows;
    let text = |row: &dataverse::Row, column: &str| {
        row.get(column).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let website = |row: &dataverse::Row| {
        let id = row_id(row, &table.primary_id)?;
        Some(Website { id, name: text(row, name).unwrap_or_default(), domain: text(row, domain) })
    };
    Ok(rows.iter().filter_map(website).collect())
}
