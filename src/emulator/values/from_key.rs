//! From the literal of a key in a URL to a cell.

use super::{Cell, Fixed, parse_day, parse_instant};
use crate::tables::{Column, DateBehavior, Kind};
use uuid::Uuid;

/// The value as the column keeps it: text stands in quotes, all else does not. `None` for a literal of another type
/// and for columns that no key can have (Microsoft's page on defining keys lists those that can).
pub(crate) fn from_key_literal(column: &Column, literal: &str) -> Option<Cell> {
    match &column.kind {
        Kind::Text { .. } | Kind::EntityName => quoted(literal).map(|text| Cell::text(&text)),
        Kind::Integer | Kind::BigInt | Kind::Choice { .. } | Kind::State | Kind::Status => {
            literal.parse().ok().map(Cell::Integer)
        }
        Kind::Decimal { digits } => Fixed::parse(literal)?.rescale(*digits).map(Cell::Fixed),
        Kind::DateTime(DateBehavior::DateOnly) => parse_day(literal).map(Cell::Day),
        Kind::DateTime(_) => parse_instant(literal).map(Cell::Instant),
        Kind::Id | Kind::Lookup(_) => Uuid::try_parse(literal).ok().map(Cell::Id),
        _ => None,
    }
}

/// `'it''s'` -> `it's`; a quote inside stands twice.
fn quoted(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    let is_doubled = inner.split("''").all(|part| !part.contains('\''));
    is_doubled.then(|| inner.replace("''", "'"))
}
