//! Lists the rows of every table: all of them, or those that the table's filter selects.

use super::{Exported, Run};
use crate::Problem;
use crate::export::fetch::fetch_ids;
use crate::reading::row_id;
use crate::table_fit::TableFit;
use cmt::sql_server_order;
use dataverse::{Clock, Page, Query, Transport};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows a page: the most the service gives.
const PAGE: u32 = 5000;
/// Tables a request.
const TABLES: usize = 20;

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// The schema's tables that the environment has, each once, with the ids of their rows.
    pub(super) async fn list_ids(&mut self) -> Result<Vec<Exported<'a>>, Problem> {
        let mut exported = Vec::new();
        let tables = self.present_tables();
        for tables in tables.chunks(TABLES) {
            self.progress.go_on()?;
            let queries: Vec<Query> = tables.iter().map(|(table, fit)| ids_query(table, fit)).collect();
            for ((table, _), answer) in tables.iter().zip(self.client.pages(&queries).await?) {
                match answer {
                    Ok(page) => exported.extend(self.listed(table, page).await?),
                    Err(refusal) => self.left_out(refusal.into(), &table.name)?,
                }
            }
        }
        Ok(exported)
    }

    fn present_tables(&self) -> Vec<(&'a cmt::Table, TableFit<'a>)> {
        let mut seen = HashSet::new();
        let (schema, tables) = (self.schema, self.tables);
        let listed = schema.tables.iter().filter(|t| seen.insert(t.name.as_str()));
        listed.filter_map(|t| Some((t, TableFit::new(schema, tables.get(&t.name)?)?))).collect()
    }

    /// The table with the ids of all its pages, in the format's order. A filter with joins may name a row
    /// more than once.
    async fn listed(&mut self, table: &'a cmt::Table, first: Page) -> Result<Option<Exported<'a>>, Problem> {
        let (schema, tables) = (self.schema, self.tables);
        let Some(fit) = tables.get(&table.name).and_then(|m| TableFit::new(schema, m)) else {
            return Ok(None);
        };
        let mut ids = HashSet::new();
        let mut page = first;
        loop {
            ids.extend(page.rows.iter().filter_map(|row| row_id(row, &fit.metadata.primary_id)));
            let Some(next) = page.next else { break };
            self.progress.go_on()?;
            page = self.client.next_page(&next).await.map_err(|e| Problem::from(e).in_table(&table.name))?;
        }
        let mut ids: Vec<Uuid> = ids.into_iter().collect();
        ids.sort_unstable_by(sql_server_order);
        Ok(Some(Exported { table, fit, ids, links: Vec::new() }))
    }
}

fn ids_query(table: &cmt::Table, fit: &TableFit<'_>) -> Query {
    let key = &fit.metadata.primary_id;
    let query = Query { page_size: Some(PAGE), ..Query::of(&fit.metadata.set) };
    match table.filter.as_deref().filter(|f| !f.trim().is_empty()) {
        Some(filter) => Query { fetch_xml: Some(fetch_ids(filter, &table.name, key)), ..query },
        None => Query { select: vec![key.clone()], ..query },
    }
}
