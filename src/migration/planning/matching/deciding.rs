//! Decides which of the candidates a record is: one, none, or too many.

use super::candidates::Candidate;
use super::cells::Cell;
use super::key::Further;
use super::{Match, Matching, Pointing};
use crate::package_index::{RecordAt, pointed_row};
use crate::{MatchRule, Problem, ProblemKind};
use cmt::Value;
use dataverse::ColumnMetadata;
use std::collections::HashMap;
use uuid::Uuid;

/// Most candidates that a problem names.
const NAMED: usize = 10;

/// The values of a record in some columns, as far as they are known.
enum Told {
    Cells(Vec<Cell>),
    /// A lookup that is not settled yet.
    Open,
    Settled(Match),
}

/// Records with the same values of the same key, and the rows with these values that nobody has.
struct Group {
    table: usize,
    key: usize,
    records: Vec<usize>,
    rows: Vec<Candidate>,
    /// The record that has a row with these values already.
    earlier: Option<usize>,
}

impl Matching<'_, '_> {
    /// Decides all that can be decided by now; whether any was.
    pub(super) fn decide_all(&mut self) -> bool {
        let mut decided = false;
        while self.decide_once() {
            decided = true;
        }
        decided
    }

    fn decide_once(&mut self) -> bool {
        let mut told: HashMap<(usize, usize, Vec<Cell>), Vec<usize>> = HashMap::new();
        let mut settled = Vec::new();
        for at in self.waiting(true) {
            let Some(key) = self.key_number(at) else { continue };
            match self.told(at, &self.tables[at.table].keys[key].columns) {
                Told::Cells(cells) => told.entry((at.table, key, cells)).or_default().push(at.record),
                Told::Open => {}
                Told::Settled(found) => settled.push((at, found)),
            }
        }
        let groups = self.groups(told);
        let decided = !settled.is_empty() || !groups.is_empty();
        settled.into_iter().for_each(|(at, found)| self.settle(at, found));
        groups.into_iter().for_each(|group| self.decide(group));
        decided
    }

    fn key_number(&self, at: RecordAt) -> Option<usize> {
        match self.tables[at.table].standing[at.record] {
            super::Standing::Waiting { key, .. } => Some(key),
            super::Standing::Settled(_) => None,
        }
    }

    fn told(&self, at: RecordAt, columns: &[&ColumnMetadata]) -> Told {
        let Some(fit) = &self.index.fits[at.table] else { return Told::Settled(Match::New) };
        let mut cells = Vec::with_capacity(columns.len());
        for column in columns {
            cells.push(match self.index.record(at).value(&column.name) {
                Some(Value::Lookup(lookup)) => {
                    match self.pointing(&pointed_row(lookup, &column.name, fit.metadata)) {
                        Pointing::At(row) => Cell::Row(row),
                        Pointing::Nowhere => return Told::Settled(Match::New),
                        Pointing::Open => return Told::Open,
                        Pointing::Unknown(problem) => return Told::Settled(Match::Unknown(problem)),
                    }
                }
                value => Cell::of(value, column),
            });
        }
        Told::Cells(cells)
    }

    /// The records that are told alike, each with the rows that are told like them, in the order of the package.
    fn groups(&self, told: HashMap<(usize, usize, Vec<Cell>), Vec<usize>>) -> Vec<Group> {
        let mut rows: HashMap<(usize, usize, Vec<Cell>), Vec<&Candidate>> = HashMap::new();
        for (table, matching) in self.tables.iter().enumerate() {
            let wanted = |key: &usize| told.keys().any(|(t, k, _)| (*t, *k) == (table, *key));
            for key in (0..matching.keys.len()).filter(wanted) {
                for row in &matching.candidates.rows {
                    rows.entry((table, key, row.cells(&matching.keys[key].columns))).or_default().push(row);
                }
            }
        }
        let group = |(told, records): ((usize, usize, Vec<Cell>), Vec<usize>)| {
            let candidates = &self.tables[told.0].candidates;
            let found = rows.get(&told).map(Vec::as_slice).unwrap_or_default();
            let free = found.iter().filter(|row| candidates.taken_by(row.id).is_none());
            Group {
                table: told.0,
                key: told.1,
                records,
                rows: free.map(|&row| row.clone()).collect(),
                earlier: found.iter().find_map(|row| candidates.taken_by(row.id)),
            }
        };
        let mut groups: Vec<Group> = told.into_iter().map(group).collect();
        groups.sort_by_key(|group| (group.table, group.records[0]));
        groups
    }

    fn decide(&mut self, mut group: Group) {
        self.break_ties(&mut group);
        let key = &self.tables[group.table].keys[group.key];
        let (rule, further) = (key.rule.clone(), key.further);
        if let Some(column) = key.newest_by {
            group.rows.sort_by(|a, b| b.text(column).cmp(a.text(column)));
        }
        let at = |record| RecordAt { table: group.table, record };
        let mut rows = group.rows.into_iter();
        let row_of = |row: Candidate| Match::Row { id: row.id, rule: rule.clone(), changes: Vec::new() };
        if further == Further::AnyRow {
            let found =
                group.records.into_iter().map(|record| (record, rows.next().map_or(Match::New, row_of)));
            found.collect::<Vec<_>>().into_iter().for_each(|(record, found)| self.settle(at(record), found));
            return;
        }
        let mut first = group.earlier.filter(|_| further != Further::OtherRow);
        let found = match (rows.next(), rows.len()) {
            (Some(row), 0) => row_of(row),
            (None, _) => Match::New,
            (Some(row), _) => Match::Unknown(ambiguous(&rule, std::iter::once(row).chain(rows))),
        };
        let there = first.is_some() || matches!(found, Match::Row { .. });
        for record in group.records {
            let is_same = further == Further::SameRow || (further == Further::SameRowIfThere && there);
            let settled = match (&found, first) {
                (Match::Unknown(_), _) => found.clone(),
                (_, Some(first)) if is_same => Match::Repeats { first: at(first), rule: rule.clone() },
                (Match::Row { .. }, Some(_)) => Match::New,
                _ => found.clone(),
            };
            self.settle(at(record), settled);
            first = first.or(Some(record));
        }
    }

    /// Where more than one record or row is told alike, the columns that decide then.
    fn break_ties(&mut self, group: &mut Group) {
        let key = &self.tables[group.table].keys[group.key];
        if key.tie.is_empty() || group.rows.is_empty() || (group.records.len() == 1 && group.rows.len() == 1)
        {
            return;
        }
        let (tie, rule) = (key.tie.clone(), key.rule.clone());
        let records: Vec<(usize, Vec<Cell>)> = group
            .records
            .iter()
            .filter_map(|&record| match self.told(RecordAt { table: group.table, record }, &tie) {
                Told::Cells(cells) => Some((record, cells)),
                Told::Open | Told::Settled(_) => None,
            })
            .collect();
        for (record, cells) in &records {
            let mut rows = group.rows.iter().filter(|row| row.cells(&tie) == *cells);
            let alone = records.iter().filter(|(_, other)| other == cells).count() == 1;
            let (Some(row), None, true) = (rows.next(), rows.next(), alone) else { continue };
            let id = row.id;
            let found = Match::Row { id, rule: rule.clone(), changes: Vec::new() };
            self.settle(RecordAt { table: group.table, record: *record }, found);
            group.rows.retain(|row| row.id != id);
            group.records.retain(|other| other != record);
        }
    }
}

/// Several rows would do.
fn ambiguous(rule: &MatchRule, rows: impl Iterator<Item = Candidate>) -> Problem {
    let candidates: Vec<(Uuid, String)> = rows.map(|row| (row.id, row.name)).collect();
    let mut named: Vec<String> = candidates.iter().map(|(id, name)| format!("{name} ({id})")).collect();
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let same = match rule {
        MatchRule::Keys(columns) | MatchRule::Special(columns) => columns.join(", "),
        _ => "name".to_owned(),
    };
    Problem::new(
        ProblemKind::Ambiguous,
        format!(
            "Several rows of this environment have the record's {same}: {}{more}. Which one it is cannot be told.",
            named.join(", ")
        ),
        "Choose the row in the mapping, or remove or rename all but one of them in this environment.",
    )
    .with_candidates(candidates)
}
