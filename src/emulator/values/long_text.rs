//! Text that is too long to be kept for many rows: it is written out when it is read.

use crate::random::Random;
use serde::{Deserialize, Serialize};

/// A text that follows from a number. It looks random, so that it hardly gets smaller when it is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongText {
    pub(crate) seed: u64,
    /// In characters, all of them ASCII.
    pub(crate) length: u32,
}

/// Six bits a character, as base64 has them.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl LongText {
    /// All of it.
    #[must_use]
    pub fn text(self) -> String {
        let mut random = Random::new(self.seed);
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let bits = random.bits();
            let some =
                (0..10).map(|place| char::from(ALPHABET[usize::from((bits >> (place * 6)) as u8 & 63)]));
            text.extend(some.take(length - text.len()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_always_the_same_and_no_other_ones() {
        let text = |seed| LongText { seed, length: 1003 }.text();
        assert_eq!((text(1).len(), text(1)), (1003, text(1)));
        assert_ne!(text(1), text(2));
    }
}
