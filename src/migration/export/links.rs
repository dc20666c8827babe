//! The many-to-many links of the rows that are exported.

use super::queries::PAGE;
use super::{ExportOrder, Exported, Run};
use crate::Pass;
use crate::linking::Linking;
use crate::outcome::LinksLeftOut;
use cmt::{LinkSet, Relationship, Spool, sql_server_order};
use dataverse::{Clock, Query, RawPage, RowShape, Transport};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// Whoever these are, they are others in another environment.
const NOT_MOVED: [&str; 2] = ["systemuser", "team"];

/// A relationship that an exported table declares.
pub(super) struct Declared<'a> {
    /// The table's number among the exported.
    pub(super) table: usize,
    relationship: &'a Relationship,
    linking: Linking<'a>,
    /// Source and target.
    links: Vec<(Uuid, Uuid)>,
}

impl<'a> Declared<'a> {
    /// The relationships of the exported tables that the environment has. What it lacks is among the problems of
    /// the schema.
    pub(super) fn by(order: &ExportOrder<'a>, tables: &[Exported<'a>]) -> Vec<Declared<'a>> {
        let mut declared = Vec::new();
        for (table, exported) in tables.iter().enumerate() {
            let name = &exported.table.name;
            let mut seen = HashSet::new();
            let listings = order.schema.tables.iter().filter(|listing| listing.name == *name);
            for relationship in listings.flat_map(|listing| &listing.relationships) {
                if !seen.insert((&relationship.name, &relationship.target_table)) {
                    continue;
                }
                let linking =
                    Linking::find(order.tables, name, &relationship.name, &relationship.target_table);
                declared.extend(linking.map(|linking| Declared {
                    table,
                    relationship,
                    linking,
                    links: Vec::new(),
                }));
            }
        }
        declared
    }

    /// All links, page by page.
    pub(super) fn query(&self) -> Query {
        let linking = &self.linking;
        Query {
            select: vec![linking.source.intersect_column.clone(), linking.target.intersect_column.clone()],
            order_by: vec![linking.intersect.primary_id.clone()],
            page_size: Some(PAGE),
            ..Query::of(&linking.intersect.set)
        }
    }

    /// The relationship and the table that declares it.
    pub(super) fn names(&self) -> (String, String) {
        (self.relationship.name.clone(), self.linking.source.table.clone())
    }

    pub(super) fn take(&mut self, page: &RawPage) {
        let mut shape = RowShape::default();
        let source = shape.place(&self.linking.source.intersect_column);
        let target = shape.place(&self.linking.target.intersect_column);
        self.links.extend(page.rows().filter_map(|row| {
            let row = shape.read(row).ok()?;
            Some((row.value(source)?, row.value(target)?))
        }));
    }

    /// The links from these rows, which stand in the format's order: one set a source, sources and targets in the same
    /// order.
    pub(super) fn sets(&mut self, sources: &[Uuid]) -> Vec<LinkSet> {
        let mut targets: BTreeMap<usize, Vec<Uuid>> = BTreeMap::new();
        for (source, target) in self.from(sources) {
            targets.entry(source).or_default().push(target);
        }
        targets.into_iter().map(|(source, targets)| self.set(sources[source], targets)).collect()
    }

    /// Links that are not moved: from exported rows to users and teams.
    pub(super) fn left_out(&self, sources: &[Uuid]) -> Option<LinksLeftOut> {
        let links = self.from(sources).count() as u64;
        (links > 0 && self.is_left_out()).then(|| LinksLeftOut {
            relationship: self.relationship.name.clone(),
            table: self.linking.source.table.clone(),
            target_table: self.relationship.target_table.clone(),
            links,
        })
    }

    pub(super) fn is_left_out(&self) -> bool {
        NOT_MOVED.contains(&self.relationship.target_table.as_str())
    }

    /// The number of the source among these, and the target.
    fn from<'s>(&'s self, sources: &'s [Uuid]) -> impl Iterator<Item = (usize, Uuid)> + 's {
        self.links.iter().filter_map(|(source, target)| {
            let at = sources.binary_search_by(|other| sql_server_order(other, source)).ok()?;
            Some((at, *target))
        })
    }

    fn set(&self, source: Uuid, mut targets: Vec<Uuid>) -> LinkSet {
        targets.sort_unstable_by(sql_server_order);
        // Read while links came and went, a link may have been met twice.
        targets.dedup();
        LinkSet {
            relationship: self.relationship.name.clone(),
            source,
            target_table: self.relationship.target_table.clone(),
            target_primary_id: self.linking.target_table.primary_id.clone(),
            targets,
        }
    }
}

impl<T: Transport, C: Clock, S: Spool> Run<'_, T, C, S> {
    /// Their number is known only now.
    pub(super) fn tell_links(&mut self) {
        let totals: Vec<(String, u64)> = self
            .links
            .iter()
            .map(|declared| (declared.relationship.name.clone(), declared.links.len() as u64))
            .collect();
        self.progress.start(Pass::ReadLinks, totals.clone());
        for (relationship, links) in &totals {
            let links = usize::try_from(*links).unwrap_or(usize::MAX);
            self.progress.advance(Pass::ReadLinks, relationship, links, 0);
        }
        self.progress.finish(Pass::ReadLinks);
    }
}
