//! What has become of every record so far. Each record of the plan has one entry from the start.

use super::files::planned;
use crate::package_index::{PackageIndex, RecordAt};
use crate::table_fit::TableFit;
use crate::target_ids::TargetIds;
use crate::{
    Action, Change, MatchRule, Plan, Problem, ProblemKind, RecordPlan, RowRef, TablePlan, WriteMode,
};
use cmt::Record;
use dataverse::Row;
use std::collections::HashMap;
use uuid::Uuid;

/// The entries in the order of writing.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    pub(crate) entries: Vec<Entry<'a>>,
    /// Where the package's rows are in the target: as planned, and as found during the run.
    ids: TargetIds,
    by_record: HashMap<RecordAt, usize>,
}

/// One record on its way.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) at: RecordAt,
    pub(crate) table: &'a str,
    /// What may be done to rows of its table.
    pub(crate) mode: WriteMode,
    /// `None` only where the plan blocks the record.
    pub(crate) fit: Option<&'a TableFit<'a>>,
    pub(crate) record: &'a Record,
    pub(crate) plan: &'a RecordPlan,
    /// Its row in the target.
    pub(crate) target_id: Uuid,
    /// What is to be done: as planned, unless the row changed since.
    pub(crate) doing: Doing,
    pub(crate) standing: Standing,
    /// A row of its id is in the environment, as far as is known.
    pub(crate) exists: bool,
    /// It was sent before, by an earlier run of the same plan or without an answer: what is found of it is its own.
    pub(crate) sent_before: bool,
    /// The row as it was read before it is changed; `None`: not read, or made by this import.
    pub(crate) present: Option<Present>,
    /// Columns that are to be set after every row was written.
    pub(crate) later: Vec<&'a str>,
    /// Columns whose files are still to be written.
    pub(crate) files: Vec<&'a str>,
    /// What the run found beyond the plan's own warnings.
    pub(crate) warnings: Vec<Problem>,
}

/// What is to be done with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    /// Nothing.
    Nothing,
    /// A row is created.
    Create,
    /// The row that the service made by itself is looked for, and becomes the record's.
    Find,
    /// These columns are changed.
    Change(Vec<Change>),
}

/// A row that is there, before it is changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Present {
    /// Its version, as the service names it.
    pub(crate) version: Option<String>,
    /// Its values, as the service gave them.
    pub(crate) values: Row,
}

/// How far an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nothing is to be written.
    Settled,
    /// To be written.
    Waiting,
    /// Sent, but no answer came.
    InDoubt,
    /// Every write so far was accepted.
    Written,
    /// Read back, and it is as the package says.
    Confirmed,
    /// Ended with a problem.
    Failed(Problem),
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(index: &'a PackageIndex<'a>, plan: &'a Plan) -> Ledger<'a> {
        let mut ledger = Ledger { entries: Vec::new(), ids: plan.ids.clone(), by_record: HashMap::new() };
        for table in &plan.tables {
            for record in &table.records {
                // A plan is made from the package it is run with: a record that is not found is none of it.
                let Some(at) = index.find(&RowRef { table: table.table.clone(), id: record.id }) else {
                    continue;
                };
                let is_repeated =
                    matches!(&record.action, Action::Blocked(p) if p.kind == ProblemKind::Duplicate);
                if !is_repeated {
                    ledger.by_record.insert(at, ledger.entries.len());
                }
                let mut entry = Entry::new(index, at, table, record);
                entry.files = planned(&entry);
                ledger.entries.push(entry);
            }
        }
        ledger
    }

    /// The entry of a record of the package.
    pub(crate) fn number(&self, at: RecordAt) -> Option<usize> {
        self.by_record.get(&at).copied()
    }

    /// The target's id of a row of the package.
    pub(crate) fn target_id(&self, row: &RowRef) -> Uuid {
        self.ids.of(row)
    }

    pub(crate) fn ids(&self) -> &TargetIds {
        &self.ids
    }

    /// From now on the record is this row of the target.
    pub(crate) fn moves(&mut self, number: usize, id: Uuid) {
        let row = self.entries[number].row();
        self.entries[number].target_id = id;
        self.ids.set(row, id);
    }

    /// Numbers of the entries that `wanted` picks, in the order of writing.
    pub(crate) fn select(&self, wanted: impl Fn(&Entry<'a>) -> bool) -> Vec<usize> {
        (0..self.entries.len()).filter(|&number| wanted(&self.entries[number])).collect()
    }

    /// How many of these entries each table has.
    pub(crate) fn totals(&self, numbers: &[usize]) -> Vec<(String, u64)> {
        let tables = numbers.chunk_by(|&a, &b| self.entries[a].table == self.entries[b].table);
        tables.map(|numbers| (self.entries[numbers[0]].table.to_owned(), numbers.len() as u64)).collect()
    }

    pub(crate) fn fail(&mut self, number: usize, problem: Problem) {
        let entry = &mut self.entries[number];
        entry.standing = Standing::Failed(entry.placed(problem));
    }
}

impl<'a> Entry<'a> {
    fn new(
        index: &'a PackageIndex<'a>,
        at: RecordAt,
        table: &'a TablePlan,
        plan: &'a RecordPlan,
    ) -> Entry<'a> {
        let doing = Doing::of(&plan.action);
        Entry {
            at,
            table: &table.table,
            mode: table.mode,
            fit: index.fits[at.table].as_ref(),
            record: index.record(at),
            plan,
            target_id: plan.target_id,
            standing: if doing == Doing::Nothing { Standing::Settled } else { Standing::Waiting },
            doing,
            exists: plan.matched_by != MatchRule::New,
            sent_before: false,
            present: None,
            later: Vec::new(),
            files: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The record of the package.
    pub(crate) fn row(&self) -> RowRef {
        RowRef { table: self.table.to_owned(), id: self.plan.id }
    }

    /// The problem with this record as its place.
    pub(crate) fn placed(&self, problem: Problem) -> Problem {
        problem.in_table(self.table).at_record(self.plan.id, &self.plan.name)
    }

    pub(crate) fn warn(&mut self, problem: Problem) {
        let problem = self.placed(problem);
        if !self.warnings.contains(&problem) {
            self.warnings.push(problem);
        }
    }

    /// Whether a warning says that this column will not be as in the package.
    pub(crate) fn is_left_out(&self, column: &str) -> bool {
        let mut all = self.plan.warnings.iter().chain(&self.warnings);
        all.any(|w| w.place.column.as_deref() == Some(column))
    }

    pub(crate) fn is_create(&self) -> bool {
        self.doing == Doing::Create
    }

    /// Whether this import makes the row, by itself or through what the service does for it.
    pub(crate) fn is_new(&self) -> bool {
        self.is_create() || self.plan.action == Action::Adopt
    }

    /// The columns that are to be changed; of a new row none.
    pub(crate) fn changes(&self) -> &[Change] {
        match &self.doing {
            Doing::Change(changes) => changes,
            _ => &[],
        }
    }

    /// The values that the row has in these columns before they are changed, null where one is empty; nothing of a row
    /// that this import makes.
    pub(crate) fn before(&self, columns: &[&str]) -> Row {
        let mut before = Row::new();
        let (Some(present), Some(fit), false) = (&self.present, self.fit, self.is_new()) else {
            return before;
        };
        let metadata = columns.iter().filter_map(|column| fit.column(column)?.metadata);
        // The first is the key, which nothing changes.
        for property in fit.properties_of(metadata).split_off(1) {
            let annotations = present.values.iter().filter(|(name, _)| is_annotation(name, &property));
            before.extend(annotations.map(|(name, value)| (name.clone(), value.clone())));
            let value = present.values.get(&property).cloned().unwrap_or_default();
            before.insert(property, value);
        }
        before
    }
}

/// Whether this is what a row says about that property: `property@…`.
fn is_annotation(name: &str, property: &str) -> bool {
    name.strip_prefix(property).is_some_and(|rest| rest.starts_with('@'))
}

impl Doing {
    fn of(action: &Action) -> Doing {
        match action {
            Action::Create => Doing::Create,
            Action::Adopt => Doing::Find,
            Action::Update(changes) => Doing::Change(changes.clone()),
            Action::Unchanged | Action::Skip(_) | Action::Blocked(_) => Doing::Nothing,
        }
    }
}
