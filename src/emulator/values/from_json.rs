//! From the JSON of a body to a cell, refused where it does not fit.

use super::{Cell, EARLIEST, EARLIEST_DAY, Fixed, parse_day, parse_instant};
use crate::error::Refusal;
use crate::tables::{Column, DateBehavior, Kind, OptionValue, Table};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use uuid::Uuid;

/// The most values a column of several choices takes. Source: Microsoft's page on choices columns.
const MOST_CHOICES: usize = 150;

/// The length of an `Edm.Guid`, which has no other form than the one with hyphens.
const HYPHENATED: usize = 36;

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
        Kind::Integer => whole(column, integer(value).ok_or_else(wrong)?),
        Kind::State | Kind::Status => integer(value).map(Cell::Integer).ok_or_else(wrong),
        Kind::BigInt => value.as_i64().map(Cell::Integer).ok_or_else(wrong),
        Kind::Choice { options } => {
            let number = integer(value).ok_or_else(wrong)?;
            check_option(options.as_deref(), number)?;
            Ok(Cell::Integer(number))
        }
        Kind::Choices { options } => choices(options.as_deref(), value.as_str().ok_or_else(wrong)?),
        Kind::Decimal { digits } | Kind::Money { digits } => {
            let number = in_range(column, number(value).ok_or_else(wrong)?)?;
            number.rescale(*digits).map(Cell::Fixed).ok_or_else(outside)
        }
        Kind::Double => {
            in_range(column, number(value).ok_or_else(wrong)?)?;
            value.as_f64().map(Cell::Double).ok_or_else(wrong)
        }
        Kind::Boolean => value.as_bool().map(Cell::Boolean).ok_or_else(wrong),
        Kind::DateTime(behavior) => moment(value.as_str().ok_or_else(wrong)?, *behavior),
        Kind::Id => {
            let text = value.as_str().filter(|text| text.len() == HYPHENATED);
            text.and_then(|text| Uuid::try_parse(text).ok()).map(Cell::Id).ok_or_else(wrong)
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

fn check_option(options: Option<&[OptionValue]>, value: i64) -> Result<(), Refusal> {
    let known = options.is_none_or(|options| options.iter().any(|option| i64::from(option.value) == value));
    if known {
        return Ok(());
    }
    Err(Refusal::new(400, "0x8004431a", "The picklist value is out of the range."))
}

fn choices(options: Option<&[OptionValue]>, text: &str) -> Result<Cell, Refusal> {
    if text.trim().is_empty() {
        return Ok(Cell::Empty);
    }
    let mut chosen = Vec::new();
    for part in text.split(',') {
        let number: i32 = part.trim().parse().map_err(|_| Refusal::wrong_literal(text, "Edm.String"))?;
        check_option(options, i64::from(number))?;
        chosen.push(number);
    }
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.len() > MOST_CHOICES {
        let message = format!(
            "Number of selections for MultiSelectPicklist Attribute Type exceeded maximum limit: {MOST_CHOICES}."
        );
        return Err(Refusal::new(400, "0x80050222", message));
    }
    Ok(Cell::Choices(chosen))
}

fn whole(column: &Column, number: i64) -> Result<Cell, Refusal> {
    let within = column.range.is_none_or(|(least, most)| (least..=most).contains(&Fixed::whole(number)));
    if within {
        return Ok(Cell::Integer(number));
    }
    let message = "A validation error occurred. An integer provided is outside of the allowed values for this attribute.";
    Err(Refusal::new(400, "0x8004432f", message))
}

/// A JSON number with its digits.
fn number(value: &Value) -> Option<Fixed> {
    value.as_number().and_then(|number| Fixed::parse(&number.to_string()))
}

fn in_range(column: &Column, number: Fixed) -> Result<Fixed, Refusal> {
    let range = column.range.or_else(|| column.kind.limits());
    let within = range.is_none_or(|(least, most)| (least..=most).contains(&number));
    if within { Ok(number) } else { Err(outside()) }
}

fn outside() -> Refusal {
    let message = "A validation error occurred. A decimal value provided is outside of the allowed values for this attribute.";
    Refusal::new(400, "0x80044330", message)
}

/// An instant or a day, none earlier than the service keeps.
fn moment(text: &str, behavior: DateBehavior) -> Result<Cell, Refusal> {
    let wrong = || Refusal::wrong_literal(text, behavior.edm());
    let early = || {
        let message = "The date-time format is invalid, or value is outside the supported range.";
        Refusal::new(400, "0x80040239", message)
    };
    if behavior == DateBehavior::DateOnly {
        let day = parse_day(text).ok_or_else(wrong)?;
        return if day < EARLIEST_DAY { Err(early()) } else { Ok(Cell::Day(day)) };
    }
    let seconds = parse_instant(text).ok_or_else(wrong)?;
    if seconds < EARLIEST { Err(early()) } else { Ok(Cell::Instant(seconds)) }
}

fn image(value: &Value) -> Option<Cell> {
    let text = value.as_str()?;
    STANDARD.decode(text).ok()?;
    Some(Cell::text(text))
}

#[cfg(test)]
mod tests {
    use crate::Environment;
    use crate::testing::{get, post, refused};
    use serde_json::{Value, json};

    /// A table with a column of each kind of number, and choices.
    fn permits() -> Environment {
        let options: serde_json::Map<String, Value> =
            (1..=200).map(|n| (n.to_string(), json!("x"))).collect();
        let details = json!({"tables": {"contoso_permit": {"ownership": "user", "primaryName": "contoso_name", "columns": {
            "contoso_name": {"type": "text", "maxLength": 5},
            "contoso_count": {"type": "integer", "minimum": 1, "maximum": 9},
            "contoso_share": {"type": "decimal", "precision": 2, "minimum": 0, "maximum": 1},
            "contoso_fee": {"type": "money", "precision": 2, "maximum": 100},
            "contoso_speed": {"type": "double", "minimum": -1.5},
            "contoso_kind": {"type": "choice", "options": {"1": "House", "2": "Shop"}},
            "contoso_uses": {"type": "choices", "options": options},
            "contoso_from": {"type": "datetime", "behavior": "dateOnly"},
            "contoso_wall": {"type": "datetime", "behavior": "timeZoneIndependent"},
            "contoso_other": {"type": "id"}
        }}}});
        Environment::builder("permits").details(details.to_string().as_bytes()).build().unwrap()
    }

    #[test]
    fn values_outside_of_a_columns_range_are_refused() {
        let mut environment = permits();
        let many = (1..=151).map(|n: u8| n.to_string()).collect::<Vec<_>>().join(",");
        let integer = "A validation error occurred. An integer provided is outside of the allowed values for this attribute.";
        let decimal = "A validation error occurred. A decimal value provided is outside of the allowed values for this attribute.";
        let date = "The date-time format is invalid, or value is outside the supported range.";
        for (column, value, code, text) in [
            ("contoso_count", json!(10), "0x8004432f", integer),
            ("contoso_count", json!(0), "0x8004432f", integer),
            ("contoso_share", json!(1.01), "0x80044330", decimal),
            ("contoso_fee", json!(100.5), "0x80044330", decimal),
            ("contoso_fee", json!(-1e16), "0x80044330", decimal),
            ("contoso_speed", json!(-1.6), "0x80044330", decimal),
            ("contoso_kind", json!(3), "0x8004431a", "The picklist value is out of the range."),
            ("contoso_uses", json!("1,201"), "0x8004431a", "The picklist value is out of the range."),
            (
                "contoso_uses",
                json!(many),
                "0x80050222",
                "Number of selections for MultiSelectPicklist Attribute Type exceeded maximum limit: 150.",
            ),
            ("contoso_from", json!("1752-12-31"), "0x80040239", date),
            ("contoso_wall", json!("1752-12-31T00:00:00Z"), "0x80040239", date),
        ] {
            let refusal = refused(&mut environment, "POST", "contoso_permits", &json!({column: value}));
            assert_eq!(refusal, (400, code.to_owned(), text.to_owned()), "{column} {value}");
        }
    }

    #[test]
    fn values_of_another_type_are_refused_with_the_type_that_is_wanted() {
        let mut environment = permits();
        for (column, value, literal, edm) in [
            ("contoso_count", json!(""), "", "Edm.Int32"),
            ("contoso_count", json!(3_000_000_000_u32), "3000000000", "Edm.Int32"),
            ("contoso_share", json!("0.5"), "0.5", "Edm.Decimal"),
            ("contoso_kind", json!("1"), "1", "Edm.Int32"),
            ("contoso_name", json!(5), "5", "Edm.String"),
            ("contoso_from", json!("2021-04-04T00:00:00Z"), "2021-04-04T00:00:00Z", "Edm.Date"),
            ("contoso_wall", json!("2021-04-04"), "2021-04-04", "Edm.DateTimeOffset"),
            (
                "contoso_other",
                json!("{00000000-0000-0000-0000-0000000000a1}"),
                "{00000000-0000-0000-0000-0000000000a1}",
                "Edm.Guid",
            ),
        ] {
            let (status, code, text) =
                refused(&mut environment, "POST", "contoso_permits", &json!({column: value}));
            assert_eq!((status, code.as_str()), (400, "0x0"));
            let end = format!("Cannot convert the literal '{literal}' to the expected type '{edm}'.");
            assert!(text.ends_with(&end), "{text}");
        }
    }

    #[test]
    fn values_come_back_as_the_service_keeps_them() {
        let mut environment = permits();
        let made = post(
            &mut environment,
            "contoso_permits",
            &json!({
                "contoso_name": "", "contoso_share": 0.125, "contoso_fee": 9.995, "contoso_uses": " 9, 1,9",
                "contoso_from": "2021-04-04", "contoso_wall": "2021-04-04T10:30:00.987Z",
                "contoso_other": "ABCDEF00-0000-0000-0000-0000000000A1", "importsequencenumber": 7,
            }),
        );
        let row = get(&mut environment, &format!("contoso_permits({made})"));
        for (column, kept) in [
            ("contoso_name", "null"),
            ("contoso_share", "0.13"),
            ("contoso_fee", "10.00"),
            ("contoso_fee_base", "10.00"),
            ("contoso_uses", "\"1,9\""),
            ("contoso_from", "\"2021-04-04\""),
            ("contoso_wall", "\"2021-04-04T10:30:00Z\""),
            ("contoso_other", "\"abcdef00-0000-0000-0000-0000000000a1\""),
            ("importsequencenumber", "7"),
        ] {
            assert_eq!(row[column].to_string(), kept, "{column}");
        }
    }

    #[test]
    fn lengths_count_utf_16_units() {
        let mut environment = permits();
        post(&mut environment, "contoso_permits", &json!({"contoso_name": "\u{1f600}\u{1f600}a"}));
        let (_, code, text) = refused(
            &mut environment,
            "POST",
            "contoso_permits",
            &json!({"contoso_name": "\u{1f600}\u{1f600}ab"}),
        );
        assert_eq!(code, "0x80044331");
        assert_eq!(
            text,
            "A validation error occurred.  The length of the 'contoso_name' attribute of the 'contoso_permit' entity \
             exceeded the maximum allowed length of '5'."
        );
    }
}
