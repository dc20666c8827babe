//! Proposes which users, teams, business units, currencies and websites of the environment stand for the source's.

mod sources;
mod tables;
mod target_rows;

use super::stand_ins::StandIns;
use crate::package_index::PackageIndex;
use crate::progress::Progress;
use crate::{
    EnvironmentTables, ImportOptions, MatchRule, Owners, Problem, ProblemKind, Proposal, ProposalReason,
    RowRef,
};
use dataverse::{Client, Clock, Transport};
use sources::{Source, sources};
pub(crate) use tables::is_mapped;
use tables::{MAPPED_TABLES, MappedTable};
use target_rows::{TargetRow, TargetRows, target_rows};
use uuid::Uuid;

/// Most rows that a proposal offers to choose from.
const OFFERED: usize = 50;
/// Access modes of users that nobody signs in as: support and delegated administration.
const NOBODY: [i64; 2] = [3, 5];

/// Looks for rows that stand for the source's, and lets them, as far as it is plain which; the user's decisions win.
///
/// # Errors
/// Where the environment would not tell, cannot be asked any more, or the run was stopped.
pub(super) async fn propose<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    tables: &EnvironmentTables,
    options: &ImportOptions,
    stand_ins: &mut StandIns,
    progress: &mut Progress<'_>,
) -> Result<Vec<Proposal>, Problem> {
    let sources = sources(index);
    let mut rows = target_rows(client, index, tables, &sources, progress).await?;
    // What is removed before anything is written stands for nothing.
    for (table, rows) in &mut rows {
        let gone = |id| stand_ins.gone.contains(&RowRef { table: (*table).to_owned(), id });
        rows.retain(|row| !gone(row.id));
    }
    let mut proposing = Proposing { index, tables, options, rows: &rows, proposals: Vec::new() };
    for mapped in &MAPPED_TABLES {
        for (row, source) in sources.iter().filter(|(row, _)| row.table == mapped.table) {
            let proposal = proposing.proposal(mapped, row, source);
            stand_ins.take(&proposal, mapped);
            proposing.proposals.push(proposal);
        }
    }
    Ok(proposing.proposals)
}

/// What a proposal is made from, and those made so far.
struct Proposing<'a> {
    index: &'a PackageIndex<'a>,
    tables: &'a EnvironmentTables,
    options: &'a ImportOptions,
    rows: &'a TargetRows,
    proposals: Vec<Proposal>,
}

/// Which row, why, and what else it could be.
type Choice<'a> = (Option<&'a TargetRow>, ProposalReason, Vec<&'a TargetRow>);

impl<'a> Proposing<'a> {
    fn proposal(&self, mapped: &MappedTable, row: &RowRef, source: &Source) -> Proposal {
        let rows = self.rows.get(mapped.table).map(Vec::as_slice).unwrap_or_default();
        let named =
            |id: Uuid| rows.iter().find(|row| row.id == id).map(|row| row.name.clone()).unwrap_or_default();
        let primary_name = self.tables.get(mapped.table).and_then(|table| table.primary_name.clone());
        let name = primary_name.and_then(|name| source.text(self.index, &name, true)).unwrap_or_default();
        let (chosen, reason, others) = match self.options.mapping.decision(row) {
            Some(decision) => (decision.target, ProposalReason::Chosen, Vec::new()),
            None => {
                let (chosen, reason, others) = self.choose(mapped, row, source, rows);
                (chosen.map(|row| row.id), reason, others)
            }
        };
        let offered = others
            .into_iter()
            .chain(rows.iter().filter(|_| mapped.few && reason != ProposalReason::Ambiguous));
        let mut candidates: Vec<(Uuid, String)> = Vec::new();
        for offered in offered.filter(|offered| Some(offered.id) != chosen) {
            if candidates.len() < OFFERED && candidates.iter().all(|(id, _)| *id != offered.id) {
                candidates.push((offered.id, offered.name.clone()));
            }
        }
        Proposal {
            source: row.clone(),
            name,
            target: chosen,
            target_name: chosen.map(named).unwrap_or_default(),
            reason,
            candidates,
            uses: source.uses,
        }
    }

    fn choose(
        &self,
        mapped: &MappedTable,
        row: &RowRef,
        source: &Source,
        rows: &'a [TargetRow],
    ) -> Choice<'a> {
        if let Some(same) = rows.iter().find(|other| other.id == row.id) {
            return (Some(same), ProposalReason::SameId, Vec::new());
        }
        let is_person = matches!(mapped.table, "systemuser" | "team");
        if is_person && self.options.owners == Owners::Kept {
            return (None, ProposalReason::Nothing, Vec::new());
        }
        if let Some(root) = self.root(mapped, source, rows) {
            return (Some(root), ProposalReason::Root, Vec::new());
        }
        self.alike(mapped, source, rows).unwrap_or_else(|| self.last_resort(mapped, source, rows))
    }

    /// The root business unit for the root, and the default team of a business unit for that of its counterpart.
    fn root(&self, mapped: &MappedTable, source: &Source, rows: &'a [TargetRow]) -> Option<&'a TargetRow> {
        match mapped.table {
            "businessunit" => {
                source.record.filter(|_| source.lookup(self.index, "parentbusinessunitid").is_none())?;
                rows.iter().find(|row| row.lookup("parentbusinessunitid").is_none())
            }
            "team" => {
                let unit = if source.says_yes(self.index, "isdefault") {
                    self.stand_in(&source.lookup(self.index, "businessunitid")?)?
                } else {
                    self.unit_called(&source.name)?
                };
                rows.iter()
                    .find(|row| row.says_yes("isdefault") && row.lookup("businessunitid") == Some(unit))
            }
            _ => None,
        }
    }

    /// The environment's row for a row of the source that was looked at before.
    fn stand_in(&self, row: &RowRef) -> Option<Uuid> {
        self.proposals.iter().find(|proposal| proposal.source == *row)?.target
    }

    /// The environment's business unit for the source's of that name: its default team is called like it.
    fn unit_called(&self, name: &str) -> Option<Uuid> {
        let mut units = self.proposals.iter().filter(|p| p.source.table == "businessunit" && p.name == name);
        units.next().filter(|_| !name.is_empty())?.target
    }

    /// Rows that are alike in the surest column in which any are.
    fn alike(&self, mapped: &MappedTable, source: &Source, rows: &'a [TargetRow]) -> Option<Choice<'a>> {
        let primary_name = self.tables.get(mapped.table)?.primary_name.as_deref();
        mapped.ways.iter().find_map(|(reason, column)| {
            let text = source.text(self.index, column, primary_name == Some(*column))?;
            let found: Vec<&TargetRow> =
                rows.iter().filter(|row| can_stand_in(row) && row.is(column, &text)).collect();
            match found.as_slice() {
                [] => None,
                &[only] => Some((Some(only), *reason, Vec::new())),
                _ => Some((None, ProposalReason::Ambiguous, found)),
            }
        })
    }

    /// Where nothing is alike: the only business unit stands for one that the package does not bring. The only website
    /// is offered, but it may be quite another: it is for the user to say that it is the package's.
    fn last_resort(&self, mapped: &MappedTable, source: &Source, rows: &'a [TargetRow]) -> Choice<'a> {
        match (mapped.table, rows) {
            ("businessunit", [only]) if source.record.is_none() => {
                (Some(only), ProposalReason::OnlyOne, Vec::new())
            }
            ("adx_website", [only]) => (None, ProposalReason::OnlyOne, vec![only]),
            _ => (None, ProposalReason::Nothing, Vec::new()),
        }
    }
}

/// Nothing is proposed that nobody could work as.
fn can_stand_in(row: &TargetRow) -> bool {
    !row.says_yes("isdisabled") && row.number("accessmode").is_none_or(|mode| !NOBODY.contains(&mode))
}

impl StandIns {
    /// Lets the proposed row stand for the source's.
    fn take(&mut self, proposal: &Proposal, mapped: &MappedTable) {
        let row = proposal.source.clone();
        match (proposal.target, proposal.reason) {
            // The user's decisions stand already; a row of the same id needs no word.
            (_, ProposalReason::Chosen | ProposalReason::SameId) => {}
            (Some(id), reason) => {
                if reason == ProposalReason::Root {
                    self.roots.insert(row.clone());
                }
                self.ids.set(row.clone(), id);
                self.rules.insert(row, rule(reason, mapped));
            }
            (None, ProposalReason::Ambiguous) => {
                self.undecided.insert(row, ambiguous(proposal));
            }
            (None, _) => {}
        }
    }
}

/// The rule as the plan names it.
fn rule(reason: ProposalReason, mapped: &MappedTable) -> MatchRule {
    let columns = match reason {
        ProposalReason::Root | ProposalReason::OnlyOne => mapped.also,
        _ => &[],
    };
    let way = mapped.ways.iter().find(|(way, _)| *way == reason).map(|(_, column)| *column);
    MatchRule::Special(way.iter().chain(columns).map(|&column| column.to_owned()).collect())
}

fn ambiguous(proposal: &Proposal) -> Problem {
    let Proposal { source, name, candidates, .. } = proposal;
    let named: Vec<String> = candidates.iter().take(10).map(|(id, name)| format!("{name} ({id})")).collect();
    Problem::new(
        ProblemKind::Ambiguous,
        format!(
            "Several rows of {} in this environment may be {name} ({}): {}.",
            source.table,
            source.id,
            named.join(", ")
        ),
        "Choose the row in the mapping.",
    )
}
