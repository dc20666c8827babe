//! From the JSON of a body to a cell, refused where it does not fit.

use super::{Cell, EARLIEST, Fixed, parse_day, parse_instant};
use crate::error::Refusal;
use crate::tables::{Column, DateBehavior, Kind, OptionValue, Table};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use uuid::Uuid;

/// The service's limits: decimal and money columns hold these at most.
const MOST_DECIMAL: &str = "100000000000";
const MOST_MONEY: &str = "922337203685477";

/// The value as the column keeps it.
pub(crate) fn from_json(table: &Table, column: &Column, value: &Value) -> Result<Cell, Refusal> {
    let wrong = || Refusal::wrong_literal(&literal(value), column.kind.edm());
    if value.is_null() {
        return Ok(Cell::Empty);
    }
    match &column.kind {
        Kind::Text { max_length, .. } => {
            let text = value.as_str().ok_or_else(wrong)?;
            check_length(table, column, text, *max_length)?;
            Ok(Cell::text(text))
        }
        Kind::EntityName => value.as_str().map(Cell::text).ok_or_else(wrong),
        Kind::Integer | Kind::State | Kind::Status => integer(value).map(Cell::Integer).ok_or_else(wrong),
        Kind::BigInt => value.as_i64().map(Cell::Integer).ok_or_else(wrong),
        Kind::Choice { options } => {
            let number = integer(value).ok_or_else(wrong)?;
            check_option(table, column, options.as_deref(), number)?;
            Ok(Cell::Integer(number))
        }
        Kind::Choices { options } => {
            choices(table, column, options.as_deref(), value.as_str().ok_or_else(wrong)?)
        }
        Kind::Decimal { digits } => fixed(table, column, value, *digits, MOST_DECIMAL),
        Kind::Money { digits } => fixed(table, column, value, *digits, MOST_MONEY),
        Kind::Double => value.as_number().and_then(|n| n.as_f64()).map(Cell::Double).ok_or_else(wrong),
        Kind::Boolean => value.as_bool().map(Cell::Boolean).ok_or_else(wrong),
        Kind::DateTime(behavior) => moment(value.as_str().ok_or_else(wrong)?, *behavior),
        Kind::Id => {
            value.as_str().and_then(|text| Uuid::try_parse(text).ok()).map(Cell::Id).ok_or_else(wrong)
        }
        Kind::Image => image(value).ok_or_else(wrong),
        Kind::Lookup(_) | Kind::File | Kind::PartyList | Kind::ManagedProperty => Err(wrong()),
    }
}

/// What stands in a refusal: the text of a string, else the JSON.
fn literal(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn integer(value: &Value) -> Option<i64> {
    value.as_i64().filter(|number| i32::try_from(*number).is_ok())
}

fn check_length(table: &Table, column: &Column, text: &str, max_length: u32) -> Result<(), Refusal> {
    let length = text.encode_utf16().count();
    if u32::try_from(length).is_ok_and(|length| length <= max_length) {
        return Ok(());
    }
    let message = format!(
        "A validation error occurred.  The length of the '{}' attribute of the '{}' entity exceeded the maximum allowed \
         length of '{max_length}'.",
        column.name, table.name
    );
    Err(Refusal::new(400, "0x80044331", message))
}

fn check_option(
    table: &Table,
    column: &Column,
    options: Option<&[OptionValue]>,
    value: i64,
) -> Result<(), Refusal> {
    let known = options.is_none_or(|options| options.iter().any(|option| i64::from(option.value) == value));
    if known {
        return Ok(());
    }
    let message = format!(
        "A validation error occurred. The value {value} of '{}' on record of type '{}' is outside the valid range.",
        column.name, table.name
    );
    Err(Refusal::new(400, "0x8004431a", message))
}

fn choices(
    table: &Table,
    column: &Column,
    options: Option<&[OptionValue]>,
    text: &str,
) -> Result<Cell, Refusal> {
    if text.trim().is_empty() {
        return Ok(Cell::Empty);
    }
    let mut chosen = Vec::new();
    for part in text.split(',') {
        let number: i32 = part.trim().parse().map_err(|_| Refusal::wrong_literal(text, column.kind.edm()))?;
        check_option(table, column, options, i64::from(number))?;
        chosen.push(number);
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(Cell::Choices(chosen))
}

fn fixed(table: &Table, column: &Column, value: &Value, digits: u8, most: &str) -> Result<Cell, Refusal> {
    let number = value.as_number().and_then(|n| Fixed::parse(&n.to_string()));
    let number = number.ok_or_else(|| Refusal::wrong_literal(&literal(value), column.kind.edm()))?;
    let outside = Fixed::parse(most).is_some_and(|most| number > most)
        || Fixed::parse(&format!("-{most}")).is_some_and(|least| number < least);
    match number.rescale(digits).filter(|_| !outside) {
        Some(number) => Ok(Cell::Fixed(number)),
        None => Err(Refusal::new(
            400,
            "0x80044330",
            format!(
                "A validation error occurred. The value {number} of '{}' on record of type '{}' is outside the valid range.",
                column.name, table.name
            ),
        )),
    }
}

fn moment(text: &str, behavior: DateBehavior) -> Result<Cell, Refusal> {
    let wrong = || Refusal::wrong_literal(text, behavior.edm());
    if behavior == DateBehavior::DateOnly {
        return parse_day(text).map(Cell::Day).ok_or_else(wrong);
    }
    let seconds = parse_instant(text).ok_or_else(wrong)?;
    if seconds < EARLIEST {
        let message = "DateTime is less than minimum value supported by CrmDateTime. Minimum value supported: 01/01/1753";
        return Err(Refusal::new(400, "0x80040239", message));
    }
    Ok(Cell::Instant(seconds))
}

fn image(value: &Value) -> Option<Cell> {
    let text = value.as_str()?;
    STANDARD.decode(text).ok()?;
    Some(Cell::text(text))
}
