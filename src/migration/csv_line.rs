//! A line of a plan's or a report's CSV file: the same columns in both, so that one can be laid beside the other.

use crate::{MatchRule, Problem};

/// A line. What does not apply is empty.
#[derive(Default)]
pub(crate) struct Line {
    pub(crate) table: String,
    pub(crate) id: String,
    pub(crate) target: String,
    pub(crate) name: String,
    /// What will become, or became, of it.
    pub(crate) state: &'static str,
    pub(crate) matched_by: String,
    /// The columns that change, or changed.
    pub(crate) columns: String,
    pub(crate) what: String,
    pub(crate) remedy: String,
}

impl Line {
    /// The names of the columns; two are told otherwise in plan and report.
    pub(crate) fn head(state: &'static str, columns: &'static str) -> [&'static str; 9] {
        ["table", "id", "target id", "name", state, "matched by", columns, "what", "remedy"]
    }

    pub(crate) fn cells(self) -> [String; 9] {
        let Line { table, id, target, name, state, matched_by, columns, what, remedy } = self;
        [table, id, target, name, state.to_owned(), matched_by, columns, what, remedy]
    }

    /// The line with a reason and what to do.
    pub(crate) fn because(self, problem: &Problem) -> Line {
        Line { what: problem.what.clone(), remedy: problem.remedy.clone(), ..self }
    }
}

/// How a record found its row.
pub(crate) fn matched_by(rule: &MatchRule) -> String {
    match rule {
        MatchRule::Id => "id".to_owned(),
        MatchRule::Keys(columns) => format!("unique: {}", columns.join(" ")),
        MatchRule::Name => "name".to_owned(),
        MatchRule::Special(columns) => format!("rule: {}", columns.join(" ")),
        MatchRule::Mapped => "mapping".to_owned(),
        MatchRule::New => "new".to_owned(),
    }
}

/// One part of several problems.
pub(crate) fn joined(problems: &[&Problem], part: fn(&Problem) -> &str) -> String {
    problems.iter().map(|problem| part(problem)).collect::<Vec<_>>().join(" | ")
}
