//! What an environment tells of its portals.

use super::ReadyMadeSchema;
use crate::Problem;
use dataverse::{Client, Clock, Query, Solution, TableMetadata, Transport};
use std::collections::BTreeSet;

/// The websites of the two data models, each with a table of its own.
pub(super) const WEBSITES: &str = "adx_website";
pub(super) const ENHANCED_WEBSITES: &str = "powerpagesite";

/// What of portals is in an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundPortal {
    /// The portal's solutions; `None`: the user may not read them.
    pub solutions: Option<Vec<Solution>>,
    /// Of the tables that tell one portal from another those that are there.
    pub tables: BTreeSet<String>,
    /// Websites of the standard data model; `None`: the user may not read them.
    pub websites: Option<usize>,
    /// Websites of the enhanced data model; `None`: the user may not read them.
    pub enhanced_websites: Option<usize>,
}

/// Asks an environment whose solutions are known already for what else tells which of the schemas fits.
///
/// # Errors
/// Where the environment did not answer.
pub async fn find_portal<T: Transport, C: Clock>(
    client: &Client<T, C>,
    catalogue: &[ReadyMadeSchema],
    solutions: Option<Vec<Solution>>,
) -> Result<FoundPortal, Problem> {
    // Who asks again may have changed the environment meanwhile.
    client.forget_tables();
    let marks = catalogue.iter().flat_map(|schema| &schema.fits.tables).map(String::as_str);
    let names: BTreeSet<&str> = marks.chain([WEBSITES, ENHANCED_WEBSITES]).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let tables: Vec<TableMetadata> = client.tables(&names).await?.into_iter().flatten().collect();
    let found = |name: &str| tables.iter().find(|table| table.name == name);
    Ok(FoundPortal {
        websites: rows(client, found(WEBSITES)).await?,
        enhanced_websites: rows(client, found(ENHANCED_WEBSITES)).await?,
        tables: tables.into_iter().map(|table| table.name).collect(),
        solutions,
    })
}

/// How many rows a table has, at most a page of them; none where it is not there. `None`: they may not be read.
async fn rows<T: Transport, C: Clock>(
    client: &Client<T, C>,
    table: Option<&TableMetadata>,
) -> Result<Option<usize>, Problem> {
    let Some(table) = table else { return Ok(Some(0)) };
    let query = Query { select: vec![table.primary_id.clone()], ..Query::of(&table.set) };
    match client.page(&query).await {
        Ok(page) => Ok(Some(page.rows.len())),
        Err(dataverse::Error::Service(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
