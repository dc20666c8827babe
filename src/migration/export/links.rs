//! Reads the many-to-many links of the rows that are exported.

use super::{Exported, Run};
use crate::linking::Linking;
use crate::paging::all_pages;
use crate::{Pass, Problem};
use cmt::{LinkSet, Relationship, sql_server_order};
use dataverse::{Clock, Query, Row, Transport};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Links a page: the most the service gives.
const PAGE: u32 = 5000;

/// A relationship that an exported table declares.
struct Declared<'a> {
    /// The table's number among the exported.
    table: usize,
    relationship: &'a Relationship,
    linking: Linking<'a>,
}

impl<'a, T: Transport, C: Clock> Run<'a, T, C> {
    /// Gives every table the links that its schema declares, from its exported rows.
    pub(super) async fn read_links(&mut self, exported: &mut [Exported<'a>]) -> Result<(), Problem> {
        let declared = self.declared(exported);
        let mut links = self.all_links(&declared).await?;
        let mut totals = Vec::new();
        for (declared, links) in declared.iter().zip(&mut links) {
            let table = &mut exported[declared.table];
            let sources: HashSet<Uuid> = table.ids.iter().copied().collect();
            links.retain(|(source, _)| sources.contains(source));
            totals.push((declared.relationship.name.clone(), links.len() as u64));
            table.links.extend(declared.sets(links));
        }
        self.tell(totals);
        Ok(())
    }

    /// The relationships of the exported tables that the environment has. What it lacks is among the problems of
    /// the schema.
    fn declared(&self, exported: &[Exported<'a>]) -> Vec<Declared<'a>> {
        let mut declared = Vec::new();
        for (table, exported) in exported.iter().enumerate() {
            let name = &exported.table.name;
            for relationship in self.relationships(name) {
                let linking =
                    Linking::find(self.tables, name, &relationship.name, &relationship.target_table);
                declared.extend(linking.map(|linking| Declared { table, relationship, linking }));
            }
        }
        declared
    }

    /// Every link of each relationship, as source and target.
    async fn all_links(&mut self, declared: &[Declared<'_>]) -> Result<Vec<Vec<(Uuid, Uuid)>>, Problem> {
        let queries: Vec<Query> = declared.iter().map(Declared::query).collect();
        let mut links = vec![Vec::new(); declared.len()];
        let take = |run: &mut Self, number: usize, rows: Result<Vec<Row>, Problem>| {
            let linking = &declared[number].linking;
            match rows {
                Ok(rows) => {
                    links[number].extend(rows.iter().filter_map(|row| linking.ends(row)));
                    Ok(())
                }
                Err(refusal) => run.left_out(refusal, &linking.source.table),
            }
        };
        all_pages(self.client, &queries, self, |run| run.progress.go_on(), take).await?;
        Ok(links)
    }

    fn tell(&mut self, totals: Vec<(String, u64)>) {
        self.progress.start(Pass::ReadLinks, totals.clone());
        for (relationship, links) in &totals {
            let links = usize::try_from(*links).unwrap_or(usize::MAX);
            self.progress.advance(Pass::ReadLinks, relationship, links, 0);
        }
        self.progress.finish(Pass::ReadLinks);
    }

    /// The relationships that any listing of the table declares.
    fn relationships(&self, table: &str) -> impl Iterator<Item = &'a Relationship> + use<'a, T, C> {
        let mut seen = HashSet::new();
        let table = table.to_owned();
        let listed =
            self.schema.tables.iter().filter(move |t| t.name == table).flat_map(|t| &t.relationships);
        listed.filter(move |r| seen.insert((r.name.clone(), r.target_table.clone())))
    }
}

impl Declared<'_> {
    fn query(&self) -> Query {
        let (source, target) = (&self.linking.source.intersect_column, &self.linking.target.intersect_column);
        Query {
            select: vec![source.clone(), target.clone()],
            page_size: Some(PAGE),
            ..Query::of(&self.linking.intersect.set)
        }
    }

    /// One set a source, sources and targets in the format's order.
    fn sets(&self, links: &[(Uuid, Uuid)]) -> Vec<LinkSet> {
        let mut targets: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for (source, target) in links {
            targets.entry(*source).or_default().push(*target);
        }
        let set = |(source, targets)| link_set(self.relationship, &self.linking, source, targets);
        let mut sets: Vec<LinkSet> = targets.into_iter().map(set).collect();
        sets.sort_unstable_by(|a, b| sql_server_order(&a.source, &b.source));
        sets
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
