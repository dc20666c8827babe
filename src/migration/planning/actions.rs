//! Decides what will happen to each record.

use super::admission::objections;
use super::attachments::AttachmentRules;
use super::matching::{Match, Matches};
use super::modes::{left_out_record, left_out_table, mode, never_written, not_created};
use crate::check::{table_missing, table_undescribed};
use crate::package_index::{PackageIndex, RecordAt};
use crate::table_fit::TableFit;
use crate::{Action, Change, ImportOptions, MatchRule, Problem, ProblemKind, RowRef, WriteMode};
use cmt::Record;
use std::collections::{HashMap, HashSet};

/// What the decision about each record is made from.
pub(super) struct Actions<'a> {
    pub(super) index: &'a PackageIndex<'a>,
    pub(super) attachments: AttachmentRules<'a>,
    pub(super) matches: &'a Matches,
    pub(super) options: &'a ImportOptions,
    /// What preparing left out.
    pub(super) skipped: &'a HashMap<RowRef, Problem>,
    /// Root business units and their teams.
    pub(super) roots: &'a HashSet<RowRef>,
}

impl Actions<'_> {
    /// The action of every record, by table and record of the package.
    pub(super) fn all(&self) -> Vec<Vec<Action>> {
        let tables = self.index.package.tables.iter().enumerate();
        let of = |table: usize, records: usize| {
            (0..records).map(move |record| self.of(RecordAt { table, record }))
        };
        tables.map(|(table, t)| of(table, t.records.len()).collect()).collect()
    }

    /// The first rule that applies decides.
    fn of(&self, at: RecordAt) -> Action {
        let table = &self.index.package.tables[at.table].name;
        if self.index.is_repeated(at) {
            return Action::Blocked(repeated());
        }
        if let Some(reason) = never_written(table).or_else(|| self.left_out(at)) {
            return Action::Skip(reason);
        }
        let Some(fit) = &self.index.fits[at.table] else { return Action::Blocked(self.no_table(at)) };
        let mode = mode(table, &self.index.package.schema, self.options);
        match &self.matches[at.table][at.record] {
            Match::Unknown(problem) => Action::Blocked(problem.clone()),
            Match::Repeats { first, rule } => Action::Blocked(self.same_row(*first, rule)),
            Match::Row { changes, .. } => self.update(self.index.record(at), fit, changes),
            Match::New if mode == WriteMode::UpdateOnly => Action::Skip(not_created()),
            Match::New => self.create(self.index.record(at), fit),
        }
    }

    /// Why the user does not want this record.
    fn left_out(&self, at: RecordAt) -> Option<Problem> {
        let row = self.index.row(at);
        if self.options.left_out.contains(&row) {
            return Some(left_out_record());
        }
        if let Some(reason) = self.skipped.get(&row) {
            return Some(reason.clone());
        }
        if self.roots.contains(&row) {
            return Some(stays());
        }
        if self.options.mapping.decision(&row).is_some_and(|decision| decision.target.is_none()) {
            return Some(left_empty());
        }
        let mode = mode(&row.table, &self.index.package.schema, self.options);
        (mode == WriteMode::LeaveOut).then(|| left_out_table(&row.table, self.options))
    }

    fn update(&self, record: &Record, fit: &TableFit<'_>, changes: &[Change]) -> Action {
        if changes.is_empty() {
            return Action::Unchanged;
        }
        let is_sent = |column: &str| changes.iter().any(|c| c.column == column);
        self.unless_objected(record, fit, is_sent, Action::Update(changes.to_vec()))
    }

    fn create(&self, record: &Record, fit: &TableFit<'_>) -> Action {
        let is_sent = |column: &str| {
            fit.column(column).is_some_and(|c| c.fit.is_sent_on_create() || c.fit.is_compared())
        };
        self.unless_objected(record, fit, is_sent, Action::Create)
    }

    /// An earlier record of the package is the same row.
    fn same_row(&self, first: RecordAt, rule: &MatchRule) -> Problem {
        let same = match rule {
            MatchRule::Keys(columns) | MatchRule::Special(columns) => columns.join(", "),
            _ => "name".to_owned(),
        };
        let first = self.index.record(first).id;
        Problem::new(
            ProblemKind::Duplicate,
            format!(
                "An earlier record of the package, {first}, has the same {same}: both are one row. That one is imported."
            ),
            "Remove one of the two from data.xml. What points to this record is pointed to the other.",
        )
    }

    fn unless_objected(
        &self,
        record: &Record,
        fit: &TableFit<'_>,
        is_sent: impl Fn(&str) -> bool,
        action: Action,
    ) -> Action {
        let objection = objections(record, fit, &self.attachments, is_sent).into_iter().next();
        objection.map_or(action, Action::Blocked)
    }

    fn no_table(&self, at: RecordAt) -> Problem {
        let table = &self.index.package.tables[at.table];
        match self.index.package.schema.table(&table.name) {
            Some(described) => table_missing(&table.name, &described.display_name),
            None => table_undescribed(&table.name),
        }
    }
}

fn stays() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        "The environment's own root business unit or default team stands for it and stays as it is.",
        "Nothing is to be done: what points to the record points to that one.",
    )
}

fn left_empty() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        "The mapping says that no row stands for this record.",
        "Choose a row in the mapping, or take the decision back, if the record should be imported.",
    )
}

fn repeated() -> Problem {
    Problem::new(
        ProblemKind::Duplicate,
        "The package holds an earlier record with the same id; that one is imported.",
        "Remove one of the two from data.xml, or export again.",
    )
}
