//! Links that cannot be made as rows.

use super::Candidate;
use browser::protocol::{Row, RowState, RuleFilter};
use migration::{ImportReport, MatchRule, Plan, Problem};
use uuid::Uuid;

/// A link that is not made, and why.
pub(super) struct BrokenLink<'p> {
    relationship: &'p str,
    source: Uuid,
    target: Uuid,
    problem: &'p Problem,
}

pub(super) fn blocked_links(plan: &Plan) -> impl Iterator<Item = BrokenLink<'_>> {
    let blocked = plan.links.iter().flat_map(|links| &links.blocked);
    blocked.map(|(link, problem)| BrokenLink {
        relationship: &link.relationship,
        source: link.source,
        target: link.target,
        problem,
    })
}

pub(super) fn failed_links(report: &ImportReport) -> impl Iterator<Item = BrokenLink<'_>> {
    let failed =
        report.links.iter().flat_map(|l| l.failed.iter().map(|link| (l.relationship.as_str(), link)));
    failed.map(|(relationship, (source, target, problem))| BrokenLink {
        relationship,
        source: *source,
        target: *target,
        problem,
    })
}

impl Candidate for BrokenLink<'_> {
    fn table(&self) -> &str {
        self.relationship
    }

    fn state(&self) -> RowState {
        RowState::Failed
    }

    fn is_warned(&self) -> bool {
        false
    }

    fn rule(&self) -> Option<RuleFilter> {
        None
    }

    fn says(&self, text: &str) -> bool {
        self.source.to_string().contains(text) || self.target.to_string().contains(text)
    }

    fn row(&self) -> Row {
        Row {
            table: self.relationship.to_owned(),
            id: self.source,
            name: format!("{} → {}", self.source, self.target),
            state: RowState::Failed,
            matched_by: None::<MatchRule>,
            changes: Vec::new(),
            problems: vec![self.problem.clone()],
        }
    }
}
