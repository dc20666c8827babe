//! Which links are to be made: the package's, less those that the intersect tables already hold.

use super::matching::{Match, Matches};
use crate::check::relationship_missing;
use crate::linking::{Linking, Pairs, present_pairs};
use crate::missing_rows::end_missing;
use crate::package_index::{PackageIndex, RowRef};
use crate::progress::Progress;
use crate::{EnvironmentTables, LinkPlan, Problem};
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
    progress: &mut Progress<'_>,
) -> Result<Vec<LinkPlan>, Problem> {
    let mut plans = Vec::new();
    // The same link may be declared from both sides: what one plan makes, another need not.
    let mut known: HashMap<&str, Pairs> = HashMap::new();
    for loaded in &index.package.tables {
        let new = |id: Uuid| is_new(index, matches, &loaded.name, id);
        for (relationship, target_table, sets) in by_relationship(&loaded.links) {
            let mut plan = empty_plan(relationship, &loaded.name, target_table);
            let linking = Linking::find(tables, &loaded.name, relationship, target_table);
            if let Some(linking) = &linking {
                progress.go_on()?;
                let sources: Vec<Uuid> = sets.iter().map(|s| s.source).filter(|id| !new(*id)).collect();
                let pairs = present_pairs(client, linking, &sources).await?;
                known.entry(&linking.intersect.name).or_default().extend(pairs);
            }
            for set in sets {
                for target in &set.targets {
                    let link =
                        Link { relationship: relationship.to_owned(), source: set.source, target: *target };
                    place(&mut plan, link, linking.as_ref(), &mut known, absent);
                }
            }
            plans.push(plan);
        }
    }
    Ok(plans)
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

/// Puts one link where it belongs.
fn place<'a>(
    plan: &mut LinkPlan,
    link: Link,
    linking: Option<&Linking<'a>>,
    known: &mut HashMap<&'a str, Pairs>,
    absent: &HashSet<RowRef>,
) {
    let Some(linking) = linking else {
        plan.blocked.push((link, relationship_missing(&plan.table, &plan.relationship)));
        return;
    };
    let ends = [(&plan.table, link.source), (&plan.target_table, link.target)];
    let ends = ends.map(|(table, id)| RowRef { table: table.clone(), id });
    if let Some(missing) = ends.iter().find(|end| absent.contains(end)) {
        plan.blocked.push((link, end_missing(missing).in_table(&plan.table)));
    } else if known.entry(&linking.intersect.name).or_default().insert(linking.pair(link.source, link.target))
    {
        plan.create.push(link);
    } else {
        plan.unchanged.push(link);
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
