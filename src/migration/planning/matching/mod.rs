//! Finds out which row of the environment each record is, by the first rule that tells: the id, or the user's mapping;
//! the columns that the schema calls unique; the rule for the table; the name, where the user asks for it.
//!
//! Rows that may be meant are asked for by a column of the key, those of all tables side by side. Where that column is
//! a lookup, it is known when the record that it points to is settled: so it goes in rounds, of which a portal needs
//! two or three. What a row is compared with is decided here, without asking again.

mod candidates;
mod cells;
mod deciding;
mod key;
mod same_names;
mod special_rules;

use super::presence::Presence;
use super::stand_ins::StandIns;
use crate::package_index::{PackageIndex, RecordAt};
use crate::progress::Progress;
use crate::target_ids::TargetIds;
use crate::{Change, ImportOptions, MatchRule, Problem, ProblemKind, RowRef};
use candidates::Candidates;
pub(super) use candidates::joined;
pub(super) use cells::quoted;
use dataverse::{Client, Clock, Transport};
use key::Key;
pub(super) use same_names::same_names;
pub(super) use special_rules::{Only, SpecialRule};
use uuid::Uuid;

/// What the environment has for a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Match {
    /// No row.
    New,
    /// This row, found by this rule, and the columns in which it is not as the record.
    Row { id: Uuid, rule: MatchRule, changes: Vec<Change> },
    /// The environment would not tell, or several rows would do: no sort of "not there".
    Unknown(Problem),
    /// An earlier record of the package is the same row, by these columns.
    Repeats { first: RecordAt, rule: MatchRule },
}

/// The match of every record, by table and record of the package.
pub(super) type Matches = Vec<Vec<Match>>;

/// How far a record is.
#[derive(Clone, Debug)]
enum Standing {
    /// A key of its table is to tell; the environment was asked for its rows or not.
    Waiting {
        key: usize,
        asked: bool,
    },
    Settled(Match),
}

/// A table of the package while its records are matched.
struct TableMatching<'a> {
    keys: Vec<Key<'a>>,
    standing: Vec<Standing>,
    candidates: Candidates<'a>,
}

/// All records while they are matched.
struct Matching<'r, 'a> {
    index: &'a PackageIndex<'a>,
    ids: &'r mut TargetIds,
    tables: Vec<TableMatching<'a>>,
}

/// Where a lookup of a key leads, as far as that is settled.
enum Pointing {
    At(RowRef),
    /// Its row is not there yet: no row of the environment can point to it.
    Nowhere,
    /// Not settled yet.
    Open,
    Unknown(Problem),
}

/// Settles every record, and fills in where records have other ids.
///
/// # Errors
/// Where the environment cannot be asked any more, or the run was stopped.
pub(super) async fn match_records<T: Transport, C: Clock>(
    client: &Client<T, C>,
    index: &PackageIndex<'_>,
    presence: &Presence,
    stand_ins: &mut StandIns,
    options: &ImportOptions,
    progress: &mut Progress<'_>,
) -> Result<Matches, Problem> {
    let tables = (0..index.package.tables.len())
        .map(|table| TableMatching::begin(index, table, presence, stand_ins, options))
        .collect();
    let mut matching = Matching { index, ids: &mut stand_ins.ids, tables };
    loop {
        let asked = matching.ask(client, progress).await?;
        if !matching.decide_all() && !asked {
            break;
        }
    }
    Ok(matching.tables.into_iter().map(TableMatching::end).collect())
}

impl<'a> TableMatching<'a> {
    /// What the ids tell, and which key is to tell the rest.
    fn begin(
        index: &'a PackageIndex<'a>,
        table: usize,
        presence: &Presence,
        stand_ins: &StandIns,
        options: &ImportOptions,
    ) -> TableMatching<'a> {
        let fit = index.fits[table].as_ref();
        let keys = fit.map(|fit| Key::of(&index.package.schema, fit, options)).unwrap_or_default();
        let (mut standing, mut taken) = (Vec::new(), Vec::new());
        for record in 0..index.package.tables[table].records.len() {
            let at = RecordAt { table, record };
            let settled = if fit.is_some() && !index.is_repeated(at) {
                by_id(index, at, presence, stand_ins)
            } else {
                Some(Match::New)
            };
            taken.extend(settled.as_ref().and_then(|found| found.row()).map(|id| (id, record)));
            let key = || keys.iter().position(|key| key.applies(index.record(at)));
            standing.push(match (settled, key) {
                (Some(found), _) => Standing::Settled(found),
                (None, key) => {
                    key().map_or(Standing::Settled(Match::New), |key| Standing::Waiting { key, asked: false })
                }
            });
        }
        let gone = stand_ins.gone.iter().filter(|row| row.table == index.package.tables[table].name);
        let gone = gone.map(|row| row.id).collect();
        TableMatching { candidates: Candidates::new(fit, &keys, taken, gone), keys, standing }
    }

    fn end(self) -> Vec<Match> {
        let settled = self.standing.into_iter().map(|standing| match standing {
            Standing::Settled(found) => found,
            // Records whose keys point to each other in a circle: no row can be theirs before one of them is.
            Standing::Waiting { .. } => Match::New,
        });
        settled.collect()
    }
}

/// What ids and the mapping tell of a record; `None`: nothing.
fn by_id(index: &PackageIndex<'_>, at: RecordAt, presence: &Presence, stand_ins: &StandIns) -> Option<Match> {
    let row = index.row(at);
    if let Some(problem) = stand_ins.undecided.get(&row) {
        return Some(Match::Unknown(problem.clone()));
    }
    let target = RowRef { table: row.table.clone(), id: stand_ins.ids.of(&row) };
    let rule = stand_ins.rules.get(&row);
    match (presence.of(&target), rule) {
        (Err(problem), _) => Some(Match::Unknown(problem.clone())),
        (Ok(true), rule) => Some(Match::Row {
            id: target.id,
            rule: rule.cloned().unwrap_or(MatchRule::Id),
            changes: Vec::new(),
        }),
        (Ok(false), Some(_)) => Some(Match::Unknown(mapped_row_missing(&target))),
        (Ok(false), None) => None,
    }
}

impl Match {
    fn row(&self) -> Option<Uuid> {
        match self {
            Match::Row { id, .. } => Some(*id),
            _ => None,
        }
    }
}

impl Matching<'_, '_> {
    /// Where a lookup of the package leads in the environment.
    fn pointing(&self, row: &RowRef) -> Pointing {
        let at_target = || Pointing::At(RowRef { table: row.table.clone(), id: self.ids.of(row) });
        let Some(at) = self.index.find(row) else { return at_target() };
        match &self.tables[at.table].standing[at.record] {
            Standing::Settled(Match::Row { .. }) => at_target(),
            Standing::Settled(Match::New) => Pointing::Nowhere,
            Standing::Settled(Match::Unknown(problem)) => Pointing::Unknown(undecided_with(row, problem)),
            Standing::Settled(Match::Repeats { first, .. }) => self.pointing(&self.index.row(*first)),
            Standing::Waiting { .. } => Pointing::Open,
        }
    }

    fn settle(&mut self, at: RecordAt, found: Match) {
        if let Match::Row { id, .. } = &found {
            self.tables[at.table].candidates.take(*id, at.record);
            self.ids.set(self.index.row(at), *id);
        }
        if let Match::Repeats { first, .. } = &found {
            let id = self.ids.of(&self.index.row(*first));
            self.ids.set(self.index.row(at), id);
        }
        self.tables[at.table].standing[at.record] = Standing::Settled(found);
    }
}

fn mapped_row_missing(row: &RowRef) -> Problem {
    Problem::new(
        ProblemKind::LookupTargetMissing,
        format!("The mapping names the row {} for it, which is not in this environment.", row.id),
        "Choose another row in the mapping, or none.",
    )
}

fn undecided_with(row: &RowRef, problem: &Problem) -> Problem {
    Problem::new(
        problem.kind,
        format!(
            "Which row it is cannot be told before it is known which row {} {} is: {}",
            row.table, row.id, problem.what
        ),
        problem.remedy.clone(),
    )
}
