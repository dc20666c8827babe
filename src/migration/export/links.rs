//! Reads the many-to-many links of the rows that are exported.

use super::{Exported, Run};
use crate::linking::Linking;
use crate::reading::row_id;
use crate::{Pass, Problem};
use cmt::{LinkSet, Relationship, sql_server_order};
use dataverse::{Clock, Query, Transport};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Links a page: the most the service gives.
const PAGE: u32 = 5000;

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Gives every table the links that its schema declares, from its exported rows.
    pub(super) async fn read_links(&mut self, exported: &mut [Exported<'a>]) -> Result<(), Problem> {
        let mut totals = Vec::new();
        for table in exported.iter_mut() {
            let sources: HashSet<Uuid> = table.ids.iter().copied().collect();
            for relationship in self.relationships(&table.table.name) {
                let (tables, target) = (self.tables, &relationship.target_table);
                // What is not found is among the problems of the schema.
                let Some(linking) = Linking::find(tables, &table.table.name, &relationship.name, target)
                else {
                    continue;
                };
                let sets = self.link_sets(relationship, &linking, &sources).await?;
                totals.push((relationship.name.clone(), sets.iter().map(|s| s.targets.len() as u64).sum()));
                table.links.extend(sets);
            }
        }
        self.progress.start(Pass::ReadLinks, totals.clone());
        for (relationship, links) in &totals {
            self.progress.advance(
                Pass::ReadLinks,
                relationship,
                usize::try_from(*links).unwrap_or(usize::MAX),
                0,
            );
        }
        self.progress.finish(Pass::ReadLinks);
        Ok(())
    }

    /// The relationships that any listing of the table declares.
    fn relationships(&self, table: &str) -> impl Iterator<Item = &'a Relationship> + use<'a, T, C> {
        let mut seen = HashSet::new();
        let table = table.to_owned();
        let listed =
            self.schema.tables.iter().filter(move |t| t.name == table).flat_map(|t| &t.relationships);
        listed.filter(move |r| seen.insert((r.name.clone(), r.target_table.clone())))
    }

    /// One set a source, sources and targets in the format's order.
    async fn link_sets(
        &mut self,
        relationship: &Relationship,
        linking: &Linking<'_>,
        sources: &HashSet<Uuid>,
    ) -> Result<Vec<LinkSet>, Problem> {
        let mut targets: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for (source, target) in self.all_links(linking).await? {
            if sources.contains(&source) {
                targets.entry(source).or_default().push(target);
            }
        }
        let mut sets: Vec<LinkSet> = targets
            .into_iter()
            .map(|(source, targets)| link_set(relationship, linking, source, targets))
            .collect();
        sets.sort_unstable_by(|a, b| sql_server_order(&a.source, &b.source));
        Ok(sets)
    }

    /// Every link of a relationship, as source and target.
    async fn all_links(&mut self, linking: &Linking<'_>) -> Result<Vec<(Uuid, Uuid)>, Problem> {
        let (source, target) = (&linking.source.intersect_column, &linking.target.intersect_column);
        let query = Query {
            select: vec![source.clone(), target.clone()],
            page_size: Some(PAGE),
            ..Query::of(&linking.intersect.set)
        };
        self.progress.go_on()?;
        let mut links = Vec::new();
        let mut page = match self.client.page(&query).await {
            Ok(page) => page,
            Err(error) => {
                self.left_out(error.into(), &linking.source.table)?;
                return Ok(links);
            }
        };
        loop {
            links.extend(
                page.rows.iter().filter_map(|row| Some((row_id(row, source)?, row_id(row, target)?))),
            );
            let Some(next) = page.next else { return Ok(links) };
            self.progress.go_on()?;
            page = self.client.next_page(&next).await?;
        }
    }
}

fn link_set(
    relationship: &Relationship,
    linking: &Linking<'_>,
    source: Uuid,
    mut targets: Vec<Uuid>,
) -> LinkSet {
    targets.sort_unstable_by(sql_server_order);
    LinkSet {
        relationship: relationship.name.clone(),
        source,
        target_table: relationship.target_table.clone(),
        target_primary_id: linking.target_table.primary_id.clone(),
        targets,
    }
}
