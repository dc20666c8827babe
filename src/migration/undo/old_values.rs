//! What a run changed, and how it was before: a journal, folded by row.

use crate::RowRef;
use crate::duplicate_rules::{PUBLISHED, RULE, STATUS};
use crate::journal::{LinkEnds, OldFile, Outcome, Replay, Write};
use dataverse::Row;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// How the target was before a run, as far as the run changed it.
#[derive(Debug, Default)]
pub(crate) struct OldValues {
    /// Rows that were there: the first value of each property that was changed.
    pub(crate) changed: BTreeMap<RowRef, Row>,
    /// Rows that were removed, with all their values.
    pub(crate) removed: BTreeMap<RowRef, Row>,
    /// Rows that were created, in the order of their creation.
    pub(crate) created: Vec<RowRef>,
    /// Files of rows that were there.
    pub(crate) files: BTreeMap<(RowRef, String), OldFile>,
    /// Links that were made.
    pub(crate) linked: Vec<LinkEnds>,
    /// Links that were removed.
    pub(crate) unlinked: Vec<LinkEnds>,
    made: HashSet<RowRef>,
}

impl OldValues {
    /// What is known to be done, and what may have been: an outcome that nobody heard of counts as done.
    pub(crate) fn of(replay: &Replay) -> OldValues {
        let mut old = OldValues::default();
        for (write, outcome) in &replay.writes {
            if matches!(outcome, None | Some(Outcome::Done)) {
                old.take(write);
            }
        }
        // A row that was not as it was read may have been changed by an earlier sending of the same request, whose
        // answer was lost. What the run read after it, and wrote over, counts before.
        for (write, outcome) in &replay.writes {
            if matches!((write, outcome), (Write::Update { .. }, Some(Outcome::NotYet))) {
                old.take(write);
            }
        }
        for (record, id) in &replay.adopted {
            old.create(RowRef { table: record.table.clone(), id: *id });
        }
        old
    }

    fn take(&mut self, write: &Write) {
        match write {
            Write::Create { record, id, .. } => self.create(RowRef { table: record.table.clone(), id: *id }),
            Write::Update { record, id, before, .. } => {
                let row = RowRef { table: record.table.clone(), id: *id };
                if !self.made.contains(&row) {
                    let known = self.changed.entry(row).or_default();
                    for (property, value) in before {
                        known.entry(property.clone()).or_insert_with(|| value.clone());
                    }
                }
            }
            Write::File { record, id, column, before } => {
                let row = RowRef { table: record.table.clone(), id: *id };
                if !self.made.contains(&row) {
                    self.files.entry((row, column.clone())).or_insert_with(|| before.clone());
                }
            }
            Write::Link(ends) => self.linked.push(ends.clone()),
            Write::Unlink(ends) => self.unlinked.push(ends.clone()),
            Write::Delete { row, before, .. } => {
                self.removed.entry(row.clone()).or_insert_with(|| before.clone());
            }
            // Put to its work again by the run itself, unless that died.
            Write::DuplicateRule { id, published: false, .. } => self.was_published(*id),
            // Put back by the run itself.
            Write::Step { .. } | Write::BlockedAttachments { .. } | Write::DuplicateRule { .. } => {}
        }
    }

    fn was_published(&mut self, rule: Uuid) {
        let row = RowRef { table: RULE.to_owned(), id: rule };
        if !self.made.contains(&row) {
            let known = self.changed.entry(row).or_default();
            known.entry(STATUS).or_insert_with(|| PUBLISHED.into());
        }
    }

    fn create(&mut self, row: RowRef) {
        if self.made.insert(row.clone()) {
            self.created.push(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OldValues;
    use crate::journal::{Journal, Outcome, Replay, Write, entries};
    use crate::{Pass, RowRef};
    use dataverse::Row;
    use serde_json::json;
    use uuid::Uuid;

    fn row(id: u128) -> RowRef {
        RowRef { table: "page".into(), id: Uuid::from_u128(id) }
    }

    fn update(id: u128, before: serde_json::Value) -> Write {
        let before: Row = before.as_object().cloned().unwrap();
        Write::Update { record: row(id), id: row(id).id, pass: Pass::Write, before }
    }

    fn old(requests: Vec<(Vec<Write>, Option<Vec<Outcome>>)>) -> OldValues {
        let mut kept = Vec::new();
        let mut journal = Journal::begin(&mut kept);
        for (writes, outcomes) in requests {
            let request = journal.intend(writes).unwrap();
            if let Some(outcomes) = outcomes {
                journal.answered(request, outcomes).unwrap();
            }
        }
        OldValues::of(&Replay::of(entries(&kept).unwrap()))
    }

    #[test]
    fn a_change_that_was_refused_after_its_answer_was_lost_may_have_been_made() {
        let first = vec![update(1, json!({"name": "old"})), update(2, json!({"name": "older"}))];
        let again = vec![update(2, json!({"name": "somebody else's"}))];
        let old = old(vec![
            (first, Some(vec![Outcome::NotYet, Outcome::NotYet])),
            (again, Some(vec![Outcome::Done])),
        ]);
        assert_eq!(old.changed[&row(1)]["name"], "old");
        assert_eq!(old.changed[&row(2)]["name"], "somebody else's");
    }

    #[test]
    fn the_first_value_counts_and_rows_of_the_run_have_none() {
        let create = Write::Create { record: row(2), id: row(2).id, pass: Pass::Write };
        let old = old(vec![
            (vec![update(1, json!({"name": "old"})), create], Some(vec![Outcome::Done, Outcome::Done])),
            (vec![update(1, json!({"name": "new", "sort": 7})), update(2, json!({"name": null}))], None),
        ]);
        assert_eq!(old.changed[&row(1)], *json!({"name": "old", "sort": 7}).as_object().unwrap());
        assert_eq!((old.changed.len(), old.created), (1, vec![row(2)]));
    }

    #[test]
    fn what_was_refused_or_there_before_is_not_undone() {
        let problem = crate::Problem::stopped();
        let create = |id| Write::Create { record: row(id), id: row(id).id, pass: Pass::Write };
        let old =
            old(vec![(vec![create(1), create(2)], Some(vec![Outcome::Refused(problem), Outcome::There]))]);
        assert!(old.created.is_empty());
    }
}
