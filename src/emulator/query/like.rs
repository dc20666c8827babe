//! SQL's LIKE.

/// A pattern: `%` for anything, `_` for one character, `[a-f]` and `[^a-f]` for one of some. Case does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Anything,
    One,
    Character(char),
    /// Ranges, and whether the character must be in none of them.
    Set(Vec<(char, char)>, bool),
}

impl Pattern {
    pub(crate) fn new(pattern: &str) -> Pattern {
        let characters: Vec<char> = pattern.to_lowercase().chars().collect();
        let (mut pieces, mut rest) = (Vec::new(), characters.as_slice());
        while let Some((first, after)) = rest.split_first() {
            let (piece, length) = match first {
                '%' => (Piece::Anything, 1),
                '_' => (Piece::One, 1),
                '[' => set(after).unwrap_or((Piece::Character('['), 1)),
                other => (Piece::Character(*other), 1),
            };
            pieces.push(piece);
            rest = &rest[length..];
        }
        Pattern(pieces)
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        let text: Vec<char> = text.to_lowercase().chars().collect();
        let pieces = &self.0;
        let (mut t, mut p, mut star) = (0, 0, None);
        while t < text.len() {
            if pieces.get(p) == Some(&Piece::Anything) {
                star = Some((p, t));
                p += 1;
            } else if pieces.get(p).is_some_and(|piece| piece.takes(text[t])) {
                (t, p) = (t + 1, p + 1);
            } else if let Some((star_p, star_t)) = star {
                star = Some((star_p, star_t + 1));
                (t, p) = (star_t + 1, star_p + 1);
            } else {
                return false;
            }
        }
        pieces[p..].iter().all(|piece| *piece == Piece::Anything)
    }
}

impl Piece {
    fn takes(&self, character: char) -> bool {
        match self {
            Piece::Anything | Piece::One => true,
            Piece::Character(wanted) => *wanted == character,
            Piece::Set(ranges, negated) => {
                ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *negated
            }
        }
    }
}

/// `abc-f]` after the bracket, and how many characters it takes with the bracket; `None` where it is not closed.
fn set(after: &[char]) -> Option<(Piece, usize)> {
    let negated = after.first() == Some(&'^');
    let start = usize::from(negated);
    let end = after.iter().position(|character| *character == ']').filter(|end| *end > start)?;
    let (mut ranges, mut inside) = (Vec::new(), &after[start..end]);
    while let Some((first, rest)) = inside.split_first() {
        if let ['-', last, ..] = rest {
            ranges.push((*first, *last));
            inside = &inside[3..];
        } else {
            ranges.push((*first, *first));
            inside = rest;
        }
    }
    Some((Piece::Set(ranges, negated), end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_knows_wildcards_and_no_case() {
        for (text, pattern, expected) in [
            ("Home Page", "home%", true),
            ("Home Page", "%PAGE", true),
            ("Home Page", "%me pa%", true),
            ("Home", "H_me", true),
            ("Home", "H_e", false),
            ("aXbXc", "a%X%c", true),
            ("", "%", true),
            ("x", "", false),
            ("50%off", "50[%]off", true),
            ("500off", "50[%]off", false),
            ("Home", "[f-h]ome", true),
            ("Home", "[^f-h]ome", false),
            ("[x", "[x", true),
            ("-", "[a-]", true),
        ] {
            assert_eq!(Pattern::new(pattern).fits(text), expected, "{text} like {pattern}");
        }
    }
}
