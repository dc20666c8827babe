//! A command that came before the step it builds on.

use migration::{Place, Problem, ProblemKind};

/// What is missing for the command, and what to do first. The page offers a command only when it can be done.
pub(crate) fn too_early(what: &str, remedy: &str) -> Problem {
    Problem { kind: ProblemKind::NotTried, place: Place::default(), what: what.into(), remedy: remedy.into() }
}
