//! A literal of a query as its column would keep it.

use crate::tables::{Column, Kind};
use crate::values::{Cell, Fixed, parse_day, parse_instant};
use uuid::Uuid;

/// The value; `None` where it is of another type than the column.
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
    moment(text).map(Cell::Instant)
}

/// Seconds since 1970 of a moment or of a day's midnight.
pub(crate) fn moment(text: &str) -> Option<i64> {
    parse_instant(text).or_else(|| parse_instant(&format!("{text}T00:00:00Z")))
}
