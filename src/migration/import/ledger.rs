//! What has become of every record so far. Each record of the plan has one entry from the start.

use crate::RowRef;
use crate::package_index::{PackageIndex, RecordAt};
use crate::table_fit::TableFit;
use crate::{Action, MatchRule, Plan, Problem, ProblemKind, RecordPlan};
use cmt::Record;
use std::collections::HashMap;

/// The entries in the order of writing.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    pub(crate) entries: Vec<Entry<'a>>,
    by_record: HashMap<RecordAt, usize>,
}

/// One record on its way.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) at: RecordAt,
    pub(crate) table: &'a str,
    /// `None` only where the plan blocks the record.
    pub(crate) fit: Option<&'a TableFit<'a>>,
    pub(crate) record: &'a Record,
    pub(crate) plan: &'a RecordPlan,
    pub(crate) standing: Standing,
    /// A row of its id is in the environment, as far as is known.
    pub(crate) exists: bool,
    /// Columns that are to be set after every row was written.
    pub(crate) later: Vec<&'a str>,
    /// What the run found beyond the plan's own warnings.
    pub(crate) warnings: Vec<Problem>,
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
        let mut ledger = Ledger { entries: Vec::new(), by_record: HashMap::new() };
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
                ledger.entries.push(Entry::new(index, at, &table.table, record));
            }
        }
        ledger
    }

    /// The entry of a record of the package.
    pub(crate) fn number(&self, at: RecordAt) -> Option<usize> {
        self.by_record.get(&at).copied()
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
    fn new(index: &'a PackageIndex<'a>, at: RecordAt, table: &'a str, plan: &'a RecordPlan) -> Entry<'a> {
        let writes = matches!(plan.action, Action::Create | Action::Adopt | Action::Update(_));
        Entry {
            at,
            table,
            fit: index.fits[at.table].as_ref(),
            record: index.record(at),
            plan,
            standing: if writes { Standing::Waiting } else { Standing::Settled },
            exists: plan.matched_by != MatchRule::New,
            later: Vec::new(),
            warnings: Vec::new(),
        }
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
        self.plan.action == Action::Create
    }
}
