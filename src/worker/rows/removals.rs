//! What the plan removes as rows.

use super::Candidate;
use browser::protocol::{Row, RowState, RuleFilter};
use migration::Plan;
use uuid::Uuid;

/// A row or link that is removed.
pub(super) struct Removal<'p> {
    table: &'p str,
    id: Uuid,
    name: String,
}

pub(super) fn removals(plan: &Plan) -> impl Iterator<Item = Removal<'_>> {
    let rows = plan.removals.first.iter().chain(&plan.removals.rows);
    let rows = rows.map(|(row, name)| Removal { table: &row.table, id: row.id, name: name.clone() });
    let links = plan.removals.links.iter().map(|link| Removal {
        table: &link.relationship,
        id: link.source,
        name: format!("{} → {}", link.source, link.target),
    });
    rows.chain(links)
}

impl Candidate for Removal<'_> {
    fn table(&self) -> &str {
        self.table
    }

    fn state(&self) -> RowState {
        RowState::Remove
    }

    fn is_warned(&self) -> bool {
        false
    }

    fn rule(&self) -> Option<RuleFilter> {
        None
    }

    fn says(&self, text: &str) -> bool {
        self.name.to_lowercase().contains(text) || self.id.to_string().contains(text)
    }

    fn row(&self) -> Row {
        Row {
            table: self.table.to_owned(),
            id: self.id,
            name: self.name.clone(),
            state: RowState::Remove,
            matched_by: None,
            changes: Vec::new(),
            problems: Vec::new(),
        }
    }
}
