//! Lists the rows of every table: all of them, or those that the table's filter selects.

use super::{Exported, Run};
use crate::Problem;
use crate::export::fetch::fetch_ids;
use crate::paging::all_pages;
use crate::reading::row_id;
use crate::table_fit::TableFit;
use cmt::sql_server_order;
use dataverse::{Clock, Query, Row, Transport};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows a page: the most the service gives.
const PAGE: u32 = 5000;

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// The schema's tables that the environment has, each once, with the ids of their rows.
    pub(super) async fn list_ids(&mut self) -> Result<Vec<Exported<'a>>, Problem> {
        let mut exported = self.present_tables();
        let queries: Vec<Query> = exported.iter().map(ids_query).collect();
        // A filter with joins may name a row more than once.
        let mut ids: Vec<HashSet<Uuid>> = exported.iter().map(|_| HashSet::new()).collect();
        let take = |run: &mut Self, number: usize, rows: Result<Vec<Row>, Problem>| {
            let Exported { table, fit, .. } = &exported[number];
            match rows {
                Ok(rows) => {
                    ids[number].extend(rows.iter().filter_map(|row| row_id(row, &fit.metadata.primary_id)));
                    Ok(())
                }
                Err(refusal) => run.left_out(refusal, &table.name),
            }
        };
        all_pages(self.client, &queries, self, |run| run.progress.go_on(), take).await?;
        for (exported, ids) in exported.iter_mut().zip(ids) {
            exported.ids = ids.into_iter().collect();
            exported.ids.sort_unstable_by(sql_server_order);
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
