//! The request body that writes a record, made from what is known at the moment of sending.

use super::Run;
use super::ledger::{Doing, Entry, Standing};
use super::parties::bring_along;
use crate::Problem;
use crate::RowRef;
use crate::missing_rows::lookup_target_missing;
use crate::package_index::pointed_row;
use crate::parties;
use crate::table_fit::{ColumnFit, Fit};
use crate::values::{is_lookup, to_json};
use cmt::{Field, Lookup, Party, Value};
use dataverse::{ColumnKind, Operation, Row, TableMetadata};
use serde_json::Value as Json;
use std::collections::HashSet;

/// What is to be sent for one record, and what is not.
#[derive(Debug, Default)]
pub(crate) struct Draft<'a> {
    /// Columns and `@odata.bind`s.
    pub(crate) body: Row,
    /// The columns of the body.
    pub(crate) columns: Vec<&'a str>,
    /// Columns that must wait, because their row is not written yet or is written by updates only.
    pub(crate) later: Vec<&'a str>,
    /// Of those the entries whose rows are not written yet.
    pub(crate) awaits: Vec<usize>,
    /// Entries of the same request whose rows the body points to.
    pub(crate) points_to: Vec<usize>,
    /// Lookups that are left out for good.
    pub(crate) warnings: Vec<Problem>,
}

/// What a lookup can be set to right now.
enum Pointing {
    /// The row is there, or stands before this one in the same request.
    Ready(Option<usize>),
    /// The row of this entry will be written later.
    Later(usize),
    /// The row could not be written.
    Never,
}

impl<'a, T, C> Run<'a, T, C> {
    /// The draft of an entry's main write: everything but state. Rows of the entries `aboard` will be there: they go
    /// before it in the same request.
    pub(super) fn main_draft(&self, number: usize, aboard: &HashSet<usize>) -> Draft<'a> {
        let entry = &self.ledger.entries[number];
        let is_sent = |column: &ColumnFit<'_>| match &entry.doing {
            Doing::Create => column.fit.is_sent_on_create() || column.fit == Fit::UpdateOnly,
            Doing::Change(changes) => {
                matches!(column.fit, Fit::Full | Fit::UpdateOnly)
                    && changes.iter().any(|c| c.column == column.schema.name)
            }
            Doing::Nothing | Doing::Find => false,
        };
        self.draft(number, aboard, |column| is_sent(column), entry.is_create())
    }

    /// The draft of the columns that had to wait.
    pub(super) fn later_draft(&self, number: usize) -> Draft<'a> {
        let entry = &self.ledger.entries[number];
        let waited = |column: &ColumnFit<'_>| entry.later.contains(&column.schema.name.as_str());
        self.draft(number, &HashSet::new(), waited, false)
    }

    fn draft(
        &self,
        number: usize,
        aboard: &HashSet<usize>,
        is_sent: impl Fn(&ColumnFit<'a>) -> bool,
        creates: bool,
    ) -> Draft<'a> {
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
                (Value::Lookup(lookup), _) => self.draft_lookup(number, aboard, field, lookup, &mut draft),
                (Value::Parties(list), _) if creates => {
                    self.draft_parties(number, aboard, field, list, &mut draft);
                }
                (Value::Parties(_), _) => draft.later.push(&field.column),
                (Value::Empty, Some(metadata)) if is_lookup(metadata.kind) => {
                    draft.body.extend(unbound(&field.column, fit.metadata));
                    draft.columns.push(&field.column);
                }
                (value, Some(metadata)) => {
                    if let Some(json) = to_json(value, metadata) {
                        draft.body.insert(field.column.clone(), json);
                        draft.columns.push(&field.column);
                    }
                }
                _ => {}
            }
        }
        draft
    }

    fn draft_lookup(
        &self,
        number: usize,
        aboard: &HashSet<usize>,
        field: &'a Field,
        lookup: &Lookup,
        draft: &mut Draft<'a>,
    ) {
        let entry = &self.ledger.entries[number];
        let Some(fit) = entry.fit else { return };
        let row = pointed_row(lookup, &field.column, fit.metadata);
        match self.pointing(&row, aboard) {
            Pointing::Later(target) => {
                draft.later.push(&field.column);
                draft.awaits.push(target);
            }
            Pointing::Never => draft.warnings.push(lookup_target_missing(&field.column, &row)),
            Pointing::Ready(target) => match self.bind(entry, field, &row) {
                Some((name, value)) => {
                    draft.body.insert(name, value);
                    draft.columns.push(&field.column);
                    draft.points_to.extend(target);
                }
                None => draft.warnings.push(lookup_target_missing(&field.column, &row)),
            },
        }
    }

    /// The parties of a new activity. Where one of them is not written yet, the list waits for it.
    fn draft_parties(
        &self,
        number: usize,
        aboard: &HashSet<usize>,
        field: &'a Field,
        list: &[Party],
        draft: &mut Draft<'a>,
    ) {
        let entry = &self.ledger.entries[number];
        let Some(role) = parties::role(&field.column) else { return };
        for row in list.iter().filter_map(parties::who) {
            match self.pointing(&row, aboard) {
                Pointing::Ready(target) => draft.points_to.extend(target),
                Pointing::Later(target) => {
                    draft.later.push(&field.column);
                    draft.awaits.push(target);
                    return;
                }
                Pointing::Never => {
                    draft.warnings.push(lookup_target_missing(&field.column, &row));
                    return;
                }
            }
        }
        let target_id = |row: &RowRef| self.ledger.target_id(row);
        let sent = list.iter().filter_map(|party| parties::to_json(party, role, self.tables, target_id));
        bring_along(&mut draft.body, entry.table, sent.collect());
        draft.columns.push(&field.column);
    }

    fn pointing(&self, row: &RowRef, aboard: &HashSet<usize>) -> Pointing {
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
            _ if aboard.contains(&target) => Pointing::Ready(Some(target)),
            Standing::Settled => Pointing::Never,
            _ => Pointing::Later(target),
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
        Some((
            format!("{navigation}@odata.bind"),
            Json::from(format!("/{set}({})", self.ledger.target_id(row))),
        ))
    }

    /// The operation that carries a draft of an entry's main write.
    pub(super) fn main_operation(&self, number: usize, body: Row) -> Option<Operation> {
        let entry = &self.ledger.entries[number];
        let table = entry.fit?.metadata;
        if !entry.is_create() {
            let version = entry.present.as_ref().and_then(|present| present.version.clone());
            return self.update(number, body, version);
        }
        let (set, key) = (table.set.clone(), table.primary_id.clone());
        let bypass_steps = self.plan.page_steps.on_create(entry.table);
        Some(Operation::Create { set, key, id: entry.target_id, body, bypass_steps })
    }

    /// The operation that updates an entry's row of that version, or of any; `None` where there is nothing to send.
    pub(super) fn update(&self, number: usize, body: Row, version: Option<String>) -> Option<Operation> {
        let entry = &self.ledger.entries[number];
        let set = entry.fit?.metadata.set.clone();
        let bypass_steps = self.plan.page_steps.on_update(entry.table);
        let id = entry.target_id;
        (!body.is_empty()).then_some(Operation::Update { set, id, version, body, bypass_steps })
    }
}

/// The property that empties a lookup: any of its column's, since a row points to one row at most.
fn unbound(column: &str, table: &TableMetadata) -> Option<(String, Json)> {
    let lookup = table.lookups.iter().find(|lookup| lookup.column == column)?;
    Some((format!("{}@odata.bind", lookup.navigation), Json::Null))
}
