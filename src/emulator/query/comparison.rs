//! Comparing a cell with a literal, as the database does.

use crate::tables::{Column, Kind};
use crate::values::{Cell, Fixed, parse_day, parse_instant};
use std::cmp::Ordering;
use uuid::Uuid;

/// What a value must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Empty,
    NotEmpty,
    Equal(Cell),
    /// Rows without a value count as different.
    NotEqual(Cell),
    Less(Cell),
    LessOrEqual(Cell),
    Greater(Cell),
    GreaterOrEqual(Cell),
    /// Text with `%` for anything.
    Like(String),
    NotLike(String),
    In(Vec<Cell>),
    NotIn(Vec<Cell>),
    /// A multi-select column holds one of these.
    Contains(Vec<i32>),
}

impl Test {
    pub(crate) fn passes(&self, cell: &Cell) -> bool {
        let against = |other: &Cell| (!cell.is_empty()).then(|| cell.order(other));
        match self {
            Test::Empty => cell.is_empty(),
            Test::NotEmpty => !cell.is_empty(),
            Test::Equal(other) => against(other) == Some(Ordering::Equal),
            Test::NotEqual(other) => against(other) != Some(Ordering::Equal),
            Test::Less(other) => against(other) == Some(Ordering::Less),
            Test::LessOrEqual(other) => against(other).is_some_and(Ordering::is_le),
            Test::Greater(other) => against(other) == Some(Ordering::Greater),
            Test::GreaterOrEqual(other) => against(other).is_some_and(Ordering::is_ge),
            Test::Like(pattern) => cell.as_text().is_some_and(|text| like(text, pattern)),
            Test::NotLike(pattern) => cell.as_text().is_none_or(|text| !like(text, pattern)),
            Test::In(others) => others.iter().any(|other| against(other) == Some(Ordering::Equal)),
            Test::NotIn(others) => others.iter().all(|other| against(other) != Some(Ordering::Equal)),
            Test::Contains(wanted) => {
                matches!(cell, Cell::Choices(chosen) if chosen.iter().any(|c| wanted.contains(c)))
            }
        }
    }
}

/// A literal as the column would keep it; `None` where it is of another type.
pub(crate) fn literal(column: &Column, text: &str) -> Option<Cell> {
    match &column.kind {
        Kind::Text { .. } | Kind::EntityName | Kind::Image => Some(Cell::Text(text.to_owned())),
        Kind::Integer | Kind::BigInt | Kind::Choice { .. } | Kind::State | Kind::Status => {
            text.parse().ok().map(Cell::Integer)
        }
        Kind::Decimal { .. } | Kind::Money { .. } => Fixed::parse(text).map(Cell::Fixed),
        Kind::Double => text.parse().ok().map(Cell::Double),
        Kind::Boolean => match text {
            "true" | "1" => Some(Cell::Boolean(true)),
            "false" | "0" => Some(Cell::Boolean(false)),
            _ => None,
        },
        Kind::DateTime(_) => date(text, column),
        Kind::Choices { .. } => {
            let numbers: Option<Vec<i32>> = text.split(',').map(|n| n.trim().parse().ok()).collect();
            numbers.map(Cell::Choices)
        }
        Kind::Id | Kind::File | Kind::Lookup(_) => Uuid::try_parse(text).ok().map(Cell::Id),
        Kind::PartyList | Kind::ManagedProperty => None,
    }
}

/// A day where the column holds days, else a moment; a day stands for its midnight.
fn date(text: &str, column: &Column) -> Option<Cell> {
    if column.kind.edm() == "Edm.Date" {
        return parse_day(text.get(..10).unwrap_or(text)).map(Cell::Day);
    }
    let midnight = || parse_instant(&format!("{text}T00:00:00Z"));
    parse_instant(text).or_else(midnight).map(Cell::Instant)
}

/// SQL's LIKE with `%` and `_`, not looking at case.
fn like(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let pattern: Vec<char> = pattern.to_lowercase().chars().collect();
    let (mut t, mut p, mut star) = (0, 0, None);
    while t < text.len() {
        if p < pattern.len() && pattern[p] == '%' {
            star = Some((p, t));
            p += 1;
        } else if p < pattern.len() && (pattern[p] == '_' || pattern[p] == text[t]) {
            (t, p) = (t + 1, p + 1);
        } else if let Some((star_p, star_t)) = star {
            star = Some((star_p, star_t + 1));
            (t, p) = (star_t + 1, star_p + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|character| *character == '%')
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
        ] {
            assert_eq!(like(text, pattern), expected, "{text} like {pattern}");
        }
    }

    #[test]
    fn rows_without_a_value_are_different_but_not_less() {
        assert!(Test::NotEqual(Cell::Integer(1)).passes(&Cell::Empty));
        assert!(!Test::Less(Cell::Integer(1)).passes(&Cell::Empty));
        assert!(!Test::Equal(Cell::Text(String::new())).passes(&Cell::Empty));
    }
}
