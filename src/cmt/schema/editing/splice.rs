//! Parts of a text that are replaced.

use std::ops::Range;

/// What stands at `at`, in bytes, becomes `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) at: Range<usize>,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn insert(at: usize, text: impl Into<String>) -> Splice {
        Splice { at: at..at, text: text.into() }
    }

    pub(super) fn remove(at: Range<usize>) -> Splice {
        Splice { at, text: String::new() }
    }

    pub(super) fn replace(at: Range<usize>, text: impl Into<String>) -> Splice {
        Splice { at, text: text.into() }
    }
}

/// The text with all of them made. Their places are those of the text before; removals may overlap.
pub(super) fn spliced(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.at.start);
    let mut out = String::with_capacity(text.len() + splices.iter().map(|s| s.text.len()).sum::<usize>());
    let mut copied = 0;
    for splice in splices {
        // Places lie between tags of the text: the slices are never cut out of a character.
        out.push_str(text.get(copied..splice.at.start).unwrap_or_default());
        out.push_str(&splice.text);
        copied = copied.max(splice.at.end);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

/// The one splice that turns a text into another.
pub(super) fn between(before: &str, after: &str) -> Splice {
    let same = |(one, other): &(char, char)| one == other;
    let length = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(same).map(|(one, _)| one.len_utf8()).sum()
    };
    let start = length(&mut before.chars().zip(after.chars()));
    let (rest_before, rest_after) = (&before[start..], &after[start..]);
    let end = length(&mut rest_before.chars().rev().zip(rest_after.chars().rev()));
    Splice::replace(start..before.len() - end, &rest_after[..rest_after.len() - end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splices_are_made_in_their_places_whatever_their_order() {
        let splices = vec![Splice::remove(4..6), Splice::insert(0, "x"), Splice::replace(2..4, "é")];
        assert_eq!(spliced("abcdefg", splices), "xabég");
        assert_eq!(spliced("abcdefg", vec![Splice::remove(1..4), Splice::remove(3..6)]), "ag");
    }

    #[test]
    fn one_splice_turns_a_text_into_another() {
        for (before, after) in
            [("", ""), ("aa", "aaa"), ("aaa", "aa"), ("é<x>", "è<x>"), ("", "new"), ("a b c", "a c")]
        {
            assert_eq!(spliced(before, vec![between(before, after)]), after);
        }
    }
}
