//! Which rows that lookups and links point to are not in the environment and will not be.

use super::matching::{Match, Matches};
use super::presence::{Presence, pointed_to};
use super::stand_ins::StandIns;
use crate::package_index::{PackageIndex, RecordAt};
use crate::{Action, EnvironmentTables, Problem, RowRef};
use std::collections::HashSet;

/// Records of the package that are not in the environment and will not be.
pub(super) fn absent_in_package(
    index: &PackageIndex<'_>,
    actions: &[Vec<Action>],
    matches: &Matches,
) -> HashSet<RowRef> {
    let mut absent = HashSet::new();
    for (table, loaded) in index.package.tables.iter().enumerate() {
        for record in 0..loaded.records.len() {
            let at = RecordAt { table, record };
            if !index.is_repeated(at) && !is_there(actions, matches, at) {
                absent.insert(index.row(at));
            }
        }
    }
    absent
}

/// Whether the record's row is in the environment or will be.
fn is_there(actions: &[Vec<Action>], matches: &Matches, at: RecordAt) -> bool {
    match &matches[at.table][at.record] {
        Match::Row { .. } => true,
        Match::Repeats { first, .. } => is_there(actions, matches, *first),
        Match::New | Match::Unknown(_) => {
            !matches!(actions[at.table][at.record], Action::Skip(_) | Action::Blocked(_))
        }
    }
}

/// Rows that the package only points to, and that the environment does not have, or that the user wants left out.
///
/// # Errors
/// Where the environment would not tell: a failed question is never "not there".
pub(super) fn absent_elsewhere(
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    presence: &Presence,
    stand_ins: &StandIns,
) -> Result<HashSet<RowRef>, Problem> {
    let mut absent = stand_ins.left_empty.clone();
    for row in pointed_to(index).filter(|row| index.find(row).is_none()) {
        let target = RowRef { table: row.table.clone(), id: stand_ins.ids.of(&row) };
        let is_there =
            tables.get(&row.table).is_some() && *presence.of(&target).as_ref().map_err(|&p| p.clone())?;
        if !is_there {
            absent.insert(row);
        }
    }
    Ok(absent)
}
