//! Which links are to be made: the package's, less those that the intersect tables already hold.

use super::matching::{Match, Matches};
use crate::RowRef;
use crate::check::relationship_missing;
use crate::linking::{Linking, Pairs, present_pairs};
use crate::missing_rows::end_missing;
use crate::package_index::PackageIndex;
use crate::progress::Progress;
use crate::target_ids::TargetIds;
use crate::{EnvironmentTables, LinkPlan, LoadedTable, Problem};
use cmt::{Link, LinkSet};
use dataverse::{Client, Clock, Transport};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// One plan for each relationship of each table that declares links of it.
///
/// # Errors
/// Where the environment cannot be asked any more, or the run was stopped.
pub(super) async fn plan_links<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    absent: &HashSet<RowRef>,
    matches: &Matches,
    ids: &TargetIds,
    progress: &mut Progress<'_>,
) -> Result<Vec<LinkPlan>, Problem> {
    let declared: Vec<Declared<'_>> = index.package.tables.iter().flat_map(|t| declared(t, tables)).collect();
    let asked: Vec<(Linking<'_>, Vec<Uuid>)> = declared
        .iter()
        .filter_map(|d| Some((d.linking?, d.sources(ids, |id| !is_new(index, matches, d.table, id)))))
        .collect();
    // The same link may be declared from both sides: what one plan makes, another need not.
    let mut known: HashMap<&str, Pairs> = HashMap::new();
    let found = present_pairs(client, &asked, || progress.go_on()).await?;
    for ((linking, _), pairs) in asked.iter().zip(found) {
        known.entry(&linking.intersect.name).or_default().extend(pairs);
    }
    let mut placing = Placing { known, absent, ids };
    Ok(declared.iter().map(|declared| declared.plan(&mut placing)).collect())
}

/// The links of a table in one relationship.
struct Declared<'a> {
    relationship: &'a str,
    table: &'a str,
    target_table: &'a str,
    sets: Vec<&'a LinkSet>,
    /// `None` where the environment lacks the relationship.
    linking: Option<Linking<'a>>,
}

fn declared<'a>(table: &'a LoadedTable, tables: &'a EnvironmentTables) -> Vec<Declared<'a>> {
    let groups = by_relationship(&table.links).into_iter();
    let declared = groups.map(|(relationship, target_table, sets)| {
        let linking = Linking::find(tables, &table.name, relationship, target_table);
        Declared { relationship, table: &table.name, target_table, sets, linking }
    });
    declared.collect()
}

impl<'a> Declared<'a> {
    /// The ids that the wanted sources have in the environment.
    fn sources(&self, ids: &TargetIds, wanted: impl Fn(Uuid) -> bool) -> Vec<Uuid> {
        let wanted = self.sets.iter().map(|set| set.source).filter(|id| wanted(*id));
        wanted.map(|id| ids.of(&RowRef { table: self.table.to_owned(), id })).collect()
    }

    fn plan(&self, placing: &mut Placing<'a, '_>) -> LinkPlan {
        let mut plan = empty_plan(self.relationship, self.table, self.target_table);
        for set in &self.sets {
            for target in &set.targets {
                let relationship = self.relationship.to_owned();
                let link = Link { relationship, source: set.source, target: *target };
                placing.place(&mut plan, link, self.linking.as_ref());
            }
        }
        plan
    }
}

fn empty_plan(relationship: &str, table: &str, target_table: &str) -> LinkPlan {
    LinkPlan {
        relationship: relationship.to_owned(),
        table: table.to_owned(),
        target_table: target_table.to_owned(),
        create: Vec::new(),
        unchanged: Vec::new(),
        blocked: Vec::new(),
    }
}

/// What decides where a link belongs.
struct Placing<'a, 'p> {
    /// Pairs that are linked, or will be, by the ids of the environment.
    known: HashMap<&'a str, Pairs>,
    absent: &'p HashSet<RowRef>,
    ids: &'p TargetIds,
}

impl<'a> Placing<'a, '_> {
    /// Puts one link where it belongs.
    fn place(&mut self, plan: &mut LinkPlan, link: Link, linking: Option<&Linking<'a>>) {
        let Some(linking) = linking else {
            plan.blocked.push((link, relationship_missing(&plan.table, &plan.relationship)));
            return;
        };
        let ends = [(&plan.table, link.source), (&plan.target_table, link.target)];
        let ends = ends.map(|(table, id)| RowRef { table: table.clone(), id });
        if let Some(missing) = ends.iter().find(|end| self.absent.contains(end)) {
            plan.blocked.push((link, end_missing(missing).in_table(&plan.table)));
            return;
        }
        let [source, target] = ends.map(|end| self.ids.of(&end));
        let known = self.known.entry(&linking.intersect.name).or_default();
        let is_new = known.insert(linking.pair(source, target));
        if is_new { &mut plan.create } else { &mut plan.unchanged }.push(link);
    }
}

/// The link sets of one table by relationship and other table, in the order of their first appearance.
fn by_relationship(sets: &[LinkSet]) -> Vec<(&str, &str, Vec<&LinkSet>)> {
    let mut groups: Vec<(&str, &str, Vec<&LinkSet>)> = Vec::new();
    for set in sets {
        match groups.iter_mut().find(|(r, t, _)| *r == set.relationship && *t == set.target_table) {
            Some((_, _, group)) => group.push(set),
            None => groups.push((&set.relationship, &set.target_table, vec![set])),
        }
    }
    groups
}

/// A row that does not exist yet has no links to be read.
fn is_new(index: &PackageIndex<'_>, matches: &Matches, table: &str, id: Uuid) -> bool {
    let at = index.find(&RowRef { table: table.to_owned(), id });
    at.is_some_and(|at| matches[at.table][at.record] == Match::New)
}
