//! Decides what will happen to each record.

use super::admission::objections;
use super::matching::{Match, Matches};
use crate::check::{table_missing, table_undescribed};
use crate::package_index::{PackageIndex, RecordAt};
use crate::table_fit::TableFit;
use crate::{Action, Problem, ProblemKind};
use cmt::Record;
use dataverse::Organization;

/// Tables that are never written, each with its reason and what to do instead.
const LEFT_ALONE: [(&str, &str, &str); 3] = [
    ("role", "Security roles come with solutions.", "Import the solution that holds the role."),
    (
        "systemuser",
        "Users come from Microsoft Entra ID.",
        "Add the user to the environment in the Power Platform admin center.",
    ),
    (
        "organization",
        "The environment's own row stays as it is.",
        "Change its settings in the Power Platform admin center.",
    ),
];

/// What the decision about each record is made from.
pub(super) struct Actions<'a> {
    pub(super) index: &'a PackageIndex<'a>,
    pub(super) organization: &'a Organization,
    pub(super) matches: &'a Matches,
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
        let record = self.index.record(at);
        if self.index.is_repeated(at) {
            return Action::Blocked(repeated());
        }
        if let Some(reason) = left_alone(&self.index.package.tables[at.table].name) {
            return Action::Skip(reason);
        }
        let Some(fit) = &self.index.fits[at.table] else { return Action::Blocked(self.no_table(at)) };
        match &self.matches[at.table][at.record] {
            Match::Unknown(problem) => Action::Blocked(problem.clone()),
            Match::Row(changes) if changes.is_empty() => Action::Unchanged,
            Match::Row(changes) => {
                let is_sent = |column: &str| changes.iter().any(|c| c.column == column);
                self.unless_objected(record, fit, is_sent, Action::Update(changes.clone()))
            }
            Match::New => {
                let is_sent = |column: &str| {
                    fit.column(column).is_some_and(|c| c.fit.is_sent_on_create() || c.fit.is_compared())
                };
                self.unless_objected(record, fit, is_sent, Action::Create)
            }
        }
    }

    fn unless_objected(
        &self,
        record: &Record,
        fit: &TableFit<'_>,
        is_sent: impl Fn(&str) -> bool,
        action: Action,
    ) -> Action {
        let objection = objections(record, fit, self.organization, is_sent).into_iter().next();
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

fn left_alone(table: &str) -> Option<Problem> {
    let (_, what, remedy) = LEFT_ALONE.into_iter().find(|(name, ..)| *name == table)?;
    Some(Problem::new(ProblemKind::NotMoved, what, remedy))
}

/// The schema wants matched rows left alone.
pub(super) fn skip_update() -> Problem {
    Problem::new(
        ProblemKind::NotMoved,
        "The row is there with other values, and the schema wants rows of this table left alone (skipupdate).",
        "Take skipupdate out of the schema if the row should be changed.",
    )
}

fn repeated() -> Problem {
    Problem::new(
        ProblemKind::Duplicate,
        "The package holds an earlier record with the same id; that one is imported.",
        "Remove one of the two from data.xml, or export again.",
    )
}
