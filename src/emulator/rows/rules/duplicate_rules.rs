//! Duplicate detection rules at work: neither they nor their conditions change.
//!
//! The code is Microsoft's CannotDeleteUpdateInUseRule. That a published rule is in use is the stricter reading: the
//! service's own form warns that a change of its conditions unpublishes it. It may be deleted: the refusal of too many
//! published rules advises that.

use crate::duplicate_rules::RULE;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::rows::Row;

/// `duplicaterule.statuscode` while its job runs.
const PUBLISHING: i64 = 1;

impl Environment {
    pub(super) fn refuse_rule(&self, table: usize, row: &Row, before: Option<&Row>) -> Result<(), Refusal> {
        let at_work = before.filter(|before| self.is_at_work(table, before));
        match at_work {
            Some(before) if self.changed_beyond_state(table, row, before) => Err(in_use()),
            _ => Ok(()),
        }
    }

    /// A condition comes, changes or goes: both the rule that it belonged to and the one it will belong to must be idle.
    pub(super) fn refuse_condition(
        &self,
        table: usize,
        row: &Row,
        before: Option<&Row>,
    ) -> Result<(), Refusal> {
        let Some(rules) = self.catalog.position(RULE) else { return Ok(()) };
        let of = [Some(row), before].into_iter().flatten();
        let mut of = of.filter_map(|row| self.cell(table, row, "regardingobjectid").id());
        let is_at_work = |rule| self.store.get(rules, rule).is_some_and(|rule| self.is_at_work(rules, rule));
        if of.any(is_at_work) { Err(in_use()) } else { Ok(()) }
    }

    pub(super) fn refuse_delete_of_rule(&self, table: usize, row: &Row) -> Result<(), Refusal> {
        let publishing = self.cell(table, row, "statuscode").integer() == Some(PUBLISHING);
        if publishing { Err(in_use()) } else { Ok(()) }
    }
}

fn in_use() -> Refusal {
    let message = "The duplicate detection rule is currently in use and cannot be updated or deleted. Please try again later.";
    Refusal::new(400, "0x80048428", message)
}
