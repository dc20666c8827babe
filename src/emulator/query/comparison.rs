//! What a value must be, as the database compares.

use super::like::Pattern;
use super::period::Period;
use crate::values::Cell;
use serde_json::Value;
use std::borrow::Cow;
use std::cmp::Ordering;

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
    Like(Pattern),
    /// Rows without a value count as different.
    NotLike(Pattern),
    In(Vec<Cell>),
    /// Rows without a value count as different.
    NotIn(Vec<Cell>),
    /// Both ends belong to it.
    Between(Cell, Cell),
    NotBetween(Cell, Cell),
    /// A multi-select column holds one of these.
    Contains(Vec<i32>),
    /// A multi-select column holds none of these.
    ContainsNone(Vec<i32>),
    Within(Period),
}

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Julian day of 1970-01-01.
const EPOCH: i64 = 2_440_588;

impl Test {
    pub(crate) fn passes(&self, cell: &Cell) -> bool {
        let against = |other: &Cell| (!cell.is_empty()).then(|| cell.order(other));
        let is_one_of = |others: &[Cell]| others.iter().any(|o| against(o) == Some(Ordering::Equal));
        let between = |from: &Cell, to: &Cell| {
            against(from).is_some_and(Ordering::is_ge) && against(to).is_some_and(Ordering::is_le)
        };
        match self {
            Test::Empty => cell.is_empty(),
            Test::NotEmpty => !cell.is_empty(),
            Test::Equal(other) => against(other) == Some(Ordering::Equal),
            Test::NotEqual(other) => against(other) != Some(Ordering::Equal),
            Test::Less(other) => against(other) == Some(Ordering::Less),
            Test::LessOrEqual(other) => against(other).is_some_and(Ordering::is_le),
            Test::Greater(other) => against(other) == Some(Ordering::Greater),
            Test::GreaterOrEqual(other) => against(other).is_some_and(Ordering::is_ge),
            Test::Like(pattern) => text_of(cell).is_some_and(|text| pattern.fits(&text)),
            Test::NotLike(pattern) => text_of(cell).is_none_or(|text| !pattern.fits(&text)),
            Test::In(others) => is_one_of(others),
            Test::NotIn(others) => !is_one_of(others),
            Test::Between(from, to) => between(from, to),
            Test::NotBetween(from, to) => !cell.is_empty() && !between(from, to),
            Test::Contains(wanted) => holds_one(cell, wanted),
            Test::ContainsNone(wanted) => !holds_one(cell, wanted),
            Test::Within(period) => second_of(cell).is_some_and(|second| period.holds(second)),
        }
    }

    /// What `not` makes of it: the service negates the operator, not its outcome, so that rows without a value pass
    /// `not (a eq 1)` but not `not (a gt 1)` (inferred). `None` where there is no opposite operator.
    pub(crate) fn opposite(self) -> Option<Test> {
        Some(match self {
            Test::Empty => Test::NotEmpty,
            Test::NotEmpty => Test::Empty,
            Test::Equal(cell) => Test::NotEqual(cell),
            Test::NotEqual(cell) => Test::Equal(cell),
            Test::Less(cell) => Test::GreaterOrEqual(cell),
            Test::LessOrEqual(cell) => Test::Greater(cell),
            Test::Greater(cell) => Test::LessOrEqual(cell),
            Test::GreaterOrEqual(cell) => Test::Less(cell),
            Test::Like(pattern) => Test::NotLike(pattern),
            Test::NotLike(pattern) => Test::Like(pattern),
            Test::In(cells) => Test::NotIn(cells),
            Test::NotIn(cells) => Test::In(cells),
            Test::Between(from, to) => Test::NotBetween(from, to),
            Test::NotBetween(from, to) => Test::Between(from, to),
            Test::Contains(values) => Test::ContainsNone(values),
            Test::ContainsNone(values) => Test::Contains(values),
            Test::Within(_) => return None,
        })
    }
}

fn text_of(cell: &Cell) -> Option<Cow<'_, str>> {
    match cell {
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::Long(text) => Some(Cow::Owned(text.text())),
        _ => None,
    }
}

fn holds_one(cell: &Cell, wanted: &[i32]) -> bool {
    matches!(cell, Cell::Choices(chosen) if chosen.iter().any(|choice| wanted.contains(choice)))
}

/// Seconds since 1970; a day stands for its midnight.
fn second_of(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Instant(second) => Some(*second),
        Cell::Day(day) => Some((i64::from(*day) - EPOCH) * DAY),
        _ => None,
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Relation {
    /// `eq`, `ne`, `lt`, `le`, `gt`, `ge`
    pub(crate) fn named(name: &str) -> Option<Relation> {
        Some(match name {
            "eq" => Relation::Equal,
            "ne" => Relation::NotEqual,
            "lt" => Relation::Less,
            "le" => Relation::LessOrEqual,
            "gt" => Relation::Greater,
            "ge" => Relation::GreaterOrEqual,
            _ => return None,
        })
    }

    /// The test against a value.
    pub(crate) fn test(self, cell: Cell) -> Test {
        match self {
            Relation::Equal => Test::Equal(cell),
            Relation::NotEqual => Test::NotEqual(cell),
            Relation::Less => Test::Less(cell),
            Relation::LessOrEqual => Test::LessOrEqual(cell),
            Relation::Greater => Test::Greater(cell),
            Relation::GreaterOrEqual => Test::GreaterOrEqual(cell),
        }
    }

    pub(crate) fn opposite(self) -> Relation {
        match self {
            Relation::Equal => Relation::NotEqual,
            Relation::NotEqual => Relation::Equal,
            Relation::Less => Relation::GreaterOrEqual,
            Relation::LessOrEqual => Relation::Greater,
            Relation::Greater => Relation::LessOrEqual,
            Relation::GreaterOrEqual => Relation::Less,
        }
    }

    /// Whether it holds; a missing value stands in no relation.
    pub(crate) fn holds(self, left: &Cell, right: &Cell) -> bool {
        !right.is_empty() && !left.is_empty() && self.test(right.clone()).passes(left)
    }

    /// Whether it holds between values as JSON has them: texts heed case, null is equal to null and neither more nor
    /// less than anything.
    pub(crate) fn holds_in_json(self, left: &Value, right: &Value) -> bool {
        let order = match (left, right) {
            (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
            _ => left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right)),
        };
        let equal = left == right || order == Some(Ordering::Equal);
        match self {
            Relation::Equal => equal,
            Relation::NotEqual => !equal,
            Relation::Less => order == Some(Ordering::Less),
            Relation::LessOrEqual => order.is_some_and(Ordering::is_le),
            Relation::Greater => order == Some(Ordering::Greater),
            Relation::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_value_are_different_but_not_less() {
        assert!(Test::NotEqual(Cell::Integer(1)).passes(&Cell::Empty));
        assert!(!Test::Less(Cell::Integer(1)).passes(&Cell::Empty));
        assert!(!Test::Equal(Cell::Text(String::new())).passes(&Cell::Empty));
        assert!(!Test::NotBetween(Cell::Integer(1), Cell::Integer(2)).passes(&Cell::Empty));
        assert!(!Relation::NotEqual.holds(&Cell::Empty, &Cell::Integer(1)));
    }
}
