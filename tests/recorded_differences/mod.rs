//! Where the emulator's answers may differ from the recorded ones, and why.

use super::Found;

/// An expected difference: a part of the recorded answer's name, where in it, how it differs, and why. A star at the end
/// of a place stands for anything.
#[derive(Debug)]
pub(crate) struct Expected {
    body: &'static str,
    place: &'static str,
    how: &'static str,
    reason: &'static str,
}

impl Expected {
    pub(crate) fn covers(&self, (body, place, how): &Found) -> bool {
        let same_place = match self.place.strip_suffix('*') {
            Some(start) => place.starts_with(start),
            None => place == self.place,
        };
        !self.reason.is_empty() && body.contains(self.body) && same_place && how.starts_with(self.how)
    }
}

const fn expected(
    body: &'static str,
    place: &'static str,
    how: &'static str,
    reason: &'static str,
) -> Expected {
    Expected { body, place, how, reason }
}

/// All of them.
pub(crate) const EXPECTED: &[Expected] = &[];
