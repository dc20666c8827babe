//! What became of a question to the engine.

use migration::Problem;

/// The life of one command: asked, under way, answered or refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Answer<T> {
    /// Not asked, or what was asked no longer holds.
    #[default]
    NotAsked,
    /// The engine works on it.
    Waiting,
    /// Carried out.
    Got(T),
    /// Could not be carried out.
    Refused(Problem),
}

impl<T> Answer<T> {
    /// The answer, if there is one.
    pub(crate) fn got(&self) -> Option<&T> {
        match self {
            Answer::Got(value) => Some(value),
            _ => None,
        }
    }

    /// The problem, if it was refused.
    pub(crate) fn refused(&self) -> Option<&Problem> {
        match self {
            Answer::Refused(problem) => Some(problem),
            _ => None,
        }
    }

    /// Whether the engine works on it.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self, Answer::Waiting)
    }
}
