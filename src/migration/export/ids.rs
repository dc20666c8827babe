//! Lists the rows of every table: all of them, or those that the table's filter selects.

use super::{Exported, Run};
use crate::Problem;
use crate::export::fetch::fetch_ids;
use crate::reading::row_id;
use crate::table_fit::TableFit;
use cmt::sql_server_order;
use dataverse::{Clock, Page, Query, TableMetadata, Transport};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows a page: the most the service gives.
const PAGE: u32 = 5000;
/// Tables a request.
const TABLES: usize = 20;

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// The schema's tables that the environment has, each once, with the ids of their rows.
    pub(super) async fn list_ids(&mut self) -> Result<Vec<Exported<'a>>, Problem> {
        let mut exported = self.present_tables();
        for tables in exported.chunks_mut(TABLES) {
            self.progress.go_on()?;
            let queries: Vec<Query> = tables.iter().map(ids_query).collect();
            for (exported, answer) in tables.iter_mut().zip(self.client.pages(&queries).await?) {
                match answer {
                    Ok(page) => exported.ids = self.all_ids(exported.fit.metadata, page).await?,
                    Err(refusal) => self.left_out(refusal.into(), &exported.table.name)?,
                }
            }
        }
        Ok(exported)
    }

    fn present_tables(&self) -> Vec<Exported<'a>> {
        let mut seen = HashSet::new();
        let listed = self.schema.tables.iter().filter(|t| seen.insert(t.name.as_str()));
        let present = listed.filter_map(|table| {
            let fit = TableFit::new(self.schema, self.tables.get(&table.name)?)?;
            Some(Exported { table, fit, ids: Vec::new(), links: Vec::new() })
        });
        present.collect()
    }

    /// The ids of all pages, in the format's order. A filter with joins may name a row more than once.
    async fn all_ids(&mut self, table: &TableMetadata, first: Page) -> Result<Vec<Uuid>, Problem> {
        let mut ids = HashSet::new();
        let mut page = first;
        loop {
            ids.extend(page.rows.iter().filter_map(|row| row_id(row, &table.primary_id)));
            let Some(next) = page.next else { break };
            self.progress.go_on()?;
            page = self.client.next_page(&next).await.map_err(|e| Problem::from(e).in_table(&table.name))?;
        }
        let mut ids: Vec<Uuid> = ids.into_iter().collect();
        ids.sort_unstable_by(sql_server_order);
        Ok(ids)
    }
}

fn ids_query(exported: &Exported<'_>) -> Query {
    let Exported { table, fit, .. } = exported;
    let key = &fit.metadata.primary_id;
    let query = Query { page_size: Some(PAGE), ..Query::of(&fit.metadata.set) };
    match table.filter.as_deref().filter(|f| !f.trim().is_empty()) {
        Some(filter) => Query { fetch_xml: Some(fetch_ids(filter, &table.name, key)), ..query },
        None => Query { select: vec![key.clone()], ..query },
    }
}
