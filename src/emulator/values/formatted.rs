//! `@OData.Community.Display.V1.FormattedValue`: a value as a person with the service's default settings sees it.

use super::{Cell, Fixed};
use crate::tables::{Kind, OptionValue, Table};
use time::OffsetDateTime;

/// The text beside the value; `None` where the service gives none. Lookups take the name of their row instead, money
/// needs its currency: see [`money`].
pub(crate) fn formatted(table: &Table, kind: &Kind, cell: &Cell) -> Option<String> {
    match (kind, cell) {
        (Kind::State, Cell::Integer(value)) => {
            table.states.iter().find(|s| i64::from(s.value) == *value).map(|s| s.label.clone())
        }
        (Kind::Status, Cell::Integer(value)) => {
            table.statuses.iter().find(|s| i64::from(s.value) == *value).map(|s| s.label.clone())
        }
        (Kind::Choice { options }, Cell::Integer(value)) => Some(label(options.as_deref(), *value)),
        (Kind::Choices { options }, Cell::Choices(values)) => {
            let labels = values.iter().map(|value| label(options.as_deref(), i64::from(*value)));
            Some(labels.collect::<Vec<_>>().join("; "))
        }
        (Kind::Integer | Kind::BigInt, Cell::Integer(value)) => Some(grouped(&value.to_string())),
        (Kind::Decimal { .. }, Cell::Fixed(number)) => Some(grouped(&number.to_string())),
        (Kind::Double, Cell::Double(number)) => Some(grouped(&format!("{number:.2}"))),
        (Kind::Boolean, Cell::Boolean(yes)) => Some(if *yes { "Yes" } else { "No" }.to_owned()),
        (Kind::DateTime(_), Cell::Instant(seconds)) => moment(*seconds),
        (Kind::DateTime(_), Cell::Day(day)) => {
            let date = time::Date::from_julian_day(*day).ok()?;
            Some(format!("{}/{}/{}", u8::from(date.month()), date.day(), date.year()))
        }
        _ => None,
    }
}

/// The option's label; the number where nobody named it.
fn label(options: Option<&[OptionValue]>, value: i64) -> String {
    let option = options.and_then(|options| options.iter().find(|option| i64::from(option.value) == value));
    option.map_or_else(|| value.to_string(), |option| option.label.clone())
}

/// `1,033`
pub(crate) fn grouped(number: &str) -> String {
    let (whole, fraction) =
        number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let groups: Vec<String> =
        digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    let fraction = fraction.map_or_else(String::new, |fraction| format!(".{fraction}"));
    format!("{sign}{}{fraction}", groups.join(","))
}

/// `$1,234.50`: an amount with its currency's symbol and digits.
pub(crate) fn money(amount: Fixed, symbol: &str, digits: u8) -> String {
    let rounded = amount.rescale(digits).unwrap_or(amount).to_string();
    let (sign, rest) = rounded.strip_prefix('-').map_or(("", rounded.as_str()), |rest| ("-", rest));
    format!("{sign}{symbol}{}", grouped(rest))
}

/// `6/12/2024 2:13 PM`
fn moment(seconds: i64) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
    let (hour, half) = match at.hour() {
        0 => (12, "AM"),
        hour @ 1..=11 => (hour, "AM"),
        12 => (12, "PM"),
        hour => (hour - 12, "PM"),
    };
    let (month, day, year) = (u8::from(at.month()), at.day(), at.year());
    Some(format!("{month}/{day}/{year} {hour}:{:02} {half}", at.minute()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_money_read_as_in_the_recorded_answers() {
        assert_eq!(grouped("123456"), "123,456");
        assert_eq!(grouped("-9999.5"), "-9,999.5");
        let amount = Fixed::parse("-5000000.0000000000").unwrap();
        assert_eq!(money(amount, "€", 2), "-€5,000,000.00");
        assert_eq!(moment(1_718_201_605).as_deref(), Some("6/12/2024 2:13 PM"));
    }
}
