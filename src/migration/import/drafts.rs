//! The request body that writes a record, made from what is known at the moment of sending.

use super::Run;
use super::ledger::{Entry, Standing};
use crate::RowRef;
use crate::missing_rows::lookup_target_missing;
use crate::package_index::pointed_row;
use crate::table_fit::{ColumnFit, Fit};
use crate::values::{is_lookup, to_json};
use crate::{Action, Problem, ProblemKind};
use cmt::{Field, Lookup, Value};
use dataverse::{ColumnKind, Operation, Row, TableMetadata};
use serde_json::Value as Json;

/// What is to be sent for one record, and what is not.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a> {
    /// Columns and `@odata.bind`s.
    pub(crate) body: Row,
    /// Columns that must wait, because their row is not written yet or is written by updates only.
    pub(crate) later: Vec<&'a str>,
    /// Entries of this run whose rows the body points to.
    pub(crate) points_to: Vec<usize>,
    /// Lookups that are left out for good.
    pub(crate) warnings: Vec<Problem>,
}

/// What a lookup can be set to right now.
enum Pointing {
    /// The row is there, or stands before this one in the same request.
    Ready(Option<usize>),
    /// The row will be written later.
    Later,
    /// The row could not be written.
    Never,
}

impl<'a, T, C> Run<'a, T, C> {
    /// The draft of an entry's main write: everything but state.
    pub(super) fn main_draft(&self, number: usize) -> Draft<'a> {
        let entry = &self.ledger.entries[number];
        let is_sent = |column: &ColumnFit<'_>| match &entry.plan.action {
            Action::Create => column.fit.is_sent_on_create() || column.fit == Fit::UpdateOnly,
            Action::Update(changes) => {
                matches!(column.fit, Fit::Full | Fit::UpdateOnly)
                    && changes.iter().any(|c| c.column == column.schema.name)
            }
            _ => false,
        };
        self.draft(number, |column| is_sent(column), entry.is_create())
    }

    /// The draft of the columns that had to wait.
    pub(super) fn later_draft(&self, number: usize) -> Draft<'a> {
        let entry = &self.ledger.entries[number];
        self.draft(number, |column| entry.later.contains(&column.schema.name.as_str()), false)
    }

    fn draft(&self, number: usize, is_sent: impl Fn(&ColumnFit<'a>) -> bool, creates: bool) -> Draft<'a> {
        let mut draft = Draft::default();
        let entry = &self.ledger.entries[number];
        let Some(fit) = entry.fit else { return draft };
        for field in &entry.record.fields {
            let Some(column) = fit.column(&field.column) else { continue };
            if !is_sent(column) || entry.is_left_out(&field.column) {
                continue;
            }
            match (&field.value, column.metadata) {
                _ if creates && column.fit == Fit::UpdateOnly => draft.later.push(&field.column),
                (Value::Lookup(lookup), _) => self.draft_lookup(number, field, lookup, &mut draft),
                (Value::Empty, Some(metadata)) if is_lookup(metadata.kind) => {
                    draft.body.extend(unbound(&field.column, fit.metadata));
                }
                (value, Some(metadata)) => {
                    draft.body.extend(to_json(value, metadata).map(|json| (field.column.clone(), json)));
                }
                _ => {}
            }
        }
        draft
    }

    fn draft_lookup(&self, number: usize, field: &'a Field, lookup: &Lookup, draft: &mut Draft<'a>) {
        let entry = &self.ledger.entries[number];
        let Some(fit) = entry.fit else { return };
        let row = pointed_row(lookup, &field.column, fit.metadata);
        match self.pointing(number, &row) {
            Pointing::Later => draft.later.push(&field.column),
            Pointing::Never => draft.warnings.push(lookup_target_missing(&field.column, &row)),
            Pointing::Ready(target) => match self.bind(entry, field, &row) {
                Some((name, value)) => {
                    draft.body.insert(name, value);
                    draft.points_to.extend(target);
                }
                None => draft.warnings.push(lookup_target_missing(&field.column, &row)),
            },
        }
    }

    fn pointing(&self, number: usize, row: &RowRef) -> Pointing {
        if self.plan.absent.contains(row) {
            return Pointing::Never;
        }
        let Some(target) = self.index.find(row).and_then(|at| self.ledger.number(at)) else {
            return Pointing::Ready(None);
        };
        let entry = &self.ledger.entries[target];
        match &entry.standing {
            _ if entry.exists => Pointing::Ready(None),
            Standing::Failed(_) => Pointing::Never,
            _ if target < number => Pointing::Ready(Some(target)),
            _ => Pointing::Later,
        }
    }

    /// The property that sets the lookup, and its value.
    fn bind(&self, entry: &Entry<'_>, field: &Field, row: &RowRef) -> Option<(String, Json)> {
        let table = entry.fit?.metadata;
        let set = &self.tables.get(&row.table)?.set;
        let is_owner = table.column(&field.column).is_some_and(|c| c.kind == ColumnKind::Owner);
        // Owner columns have no relationship of their own to users and teams: they are named by the column.
        let own_name = is_owner.then_some(field.column.as_str());
        let navigation = table.navigation(&field.column, &row.table).or(own_name)?;
        Some((format!("{navigation}@odata.bind"), Json::from(format!("/{set}({})", self.plan.ids.of(row)))))
    }

    /// The operation that carries a draft of an entry's main write.
    pub(super) fn main_operation(&self, number: usize, body: Row) -> Option<Operation> {
        let entry = &self.ledger.entries[number];
        let table = entry.fit?.metadata;
        if !entry.is_create() {
            return self.update(number, body);
        }
        let (set, key) = (table.set.clone(), table.primary_id.clone());
        let bypass_steps = self.plan.page_steps.on_create(entry.table);
        Some(Operation::Create { set, key, id: entry.plan.target_id, body, bypass_steps })
    }

    /// The operation that updates an entry's row; `None` where there is nothing to send.
    pub(super) fn update(&self, number: usize, body: Row) -> Option<Operation> {
        let entry = &self.ledger.entries[number];
        let set = entry.fit?.metadata.set.clone();
        let bypass_steps = self.plan.page_steps.on_update(entry.table);
        (!body.is_empty()).then_some(Operation::Update { set, id: entry.plan.target_id, body, bypass_steps })
    }
}

/// The property that empties a lookup: any of its column's, since a row points to one row at most.
fn unbound(column: &str, table: &TableMetadata) -> Option<(String, Json)> {
    let lookup = table.lookups.iter().find(|lookup| lookup.column == column)?;
    Some((format!("{}@odata.bind", lookup.navigation), Json::Null))
}

/// A refusal that speaks of a row which is there already although the plan found none.
pub(super) fn row_appeared(refusal: &dataverse::ServiceError) -> Problem {
    Problem::new(
        ProblemKind::Refused,
        format!("A row of this id came into the environment after the plan was made: {refusal}."),
        "Make the plan again: it will then show the differences.",
    )
}
