//! Which rows of the environment stand for rows of the source, before any record is matched: those of the user's
//! mapping, and the organization.

use crate::target_ids::TargetIds;
use crate::{ImportOptions, MatchRule, Problem, RowRef};
use dataverse::Organization;
use std::collections::{HashMap, HashSet};

/// What stands for rows of the source.
#[derive(Debug, Default)]
pub(super) struct StandIns {
    /// Where rows have other ids. Grows as records are matched.
    pub(super) ids: TargetIds,
    /// Why a row stands for another, where that is not its id.
    pub(super) rules: HashMap<RowRef, MatchRule>,
    /// Rows of which several would do: the user has to choose.
    pub(super) undecided: HashMap<RowRef, Problem>,
    /// Rows that are removed before anything is written: as good as not there.
    pub(super) gone: HashSet<RowRef>,
    /// Root business units and their teams, for which the environment's own stand and stay as they are.
    pub(super) roots: HashSet<RowRef>,
    /// Rows that the user wants left out: lookups to them stay empty.
    pub(super) left_empty: HashSet<RowRef>,
}

impl StandIns {
    /// The user's decisions.
    pub(super) fn of(options: &ImportOptions) -> StandIns {
        let mut stand_ins = StandIns::default();
        for (row, target) in options.mapping.by_source() {
            match target {
                Some(id) => {
                    stand_ins.ids.set(row.clone(), id);
                    stand_ins.rules.insert(row.clone(), MatchRule::Mapped);
                }
                None => {
                    stand_ins.left_empty.insert(row.clone());
                }
            }
        }
        stand_ins
    }

    /// There is one organization.
    pub(super) fn take_organization(
        &mut self,
        rows: impl Iterator<Item = RowRef>,
        organization: &Organization,
    ) {
        for row in rows.filter(|row| row.table == "organization") {
            if row.id != organization.id {
                self.rules.insert(row.clone(), MatchRule::Special(vec!["organizationid".to_owned()]));
            }
            self.ids.set(row, organization.id);
        }
    }
}
