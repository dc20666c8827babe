//! The way back to the application.

use crate::answer::Answer;
use form_urlencoded::Serializer;

/// Where the answer stands in the application's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sign_in) enum Mode {
    Fragment,
    Query,
}

impl Mode {
    /// A code comes in the query unless something else is asked for. `form_post` needs script on a page and is not
    /// here.
    pub(super) fn named(name: Option<&str>) -> Option<Mode> {
        match name {
            None | Some("query") => Some(Mode::Query),
            Some("fragment") => Some(Mode::Fragment),
            Some(_) => None,
        }
    }
}

/// Sends the browser there.
pub(in crate::sign_in) fn back(mode: Mode, redirect: &str, answer: &[(&str, &str)]) -> Answer {
    let mark = match mode {
        Mode::Fragment => '#',
        Mode::Query if redirect.contains('?') => '&',
        Mode::Query => '?',
    };
    let parameters = Serializer::new(String::new()).extend_pairs(answer).finish();
    Answer { status: 302, ..Answer::default() }.with("Location", format!("{redirect}{mark}{parameters}"))
}
