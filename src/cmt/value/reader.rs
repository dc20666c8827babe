//! Reads the value of a field by the type of its column.

use crate::value::date_time::DateOrder;
use crate::xml::html_encoding;
use crate::{ColumnType, DateTime, FileRef, Lookup, Party, Value};
use std::borrow::Cow;
use uuid::Uuid;

/// A `<field>` as its attributes say, XML-unescaped and not yet HTML-decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawField {
    pub(crate) value: String,
    /// `lookupentity`
    pub(crate) table: Option<String>,
    /// `lookupentityname`
    pub(crate) name: Option<String>,
    /// `filename`
    pub(crate) file_name: Option<String>,
    /// The `<activitypointerrecords>` inside.
    pub(crate) parties: Vec<Party>,
}

/// What a field turned out to hold.
#[derive(Debug, PartialEq)]
pub(crate) struct Reading {
    /// `None`: the field is written, but empty, where its type knows no empty value.
    pub(crate) value: Option<Value>,
    /// How the value differs from what the tool writes today. Holds no part of the value.
    pub(crate) habit: Option<Cow<'static, str>>,
    /// What was read is a guess: somebody must look.
    pub(crate) guessed: bool,
}

/// A value that does not fit the type: what was expected instead. Holds no part of the value.
pub(crate) type Misfit = &'static str;

impl Reading {
    fn plain(value: Value) -> Reading {
        Reading { value: Some(value), habit: None, guessed: false }
    }

    fn with_habit(value: Value, habit: &'static str) -> Reading {
        Reading { value: Some(value), habit: Some(Cow::Borrowed(habit)), guessed: false }
    }
}

/// What a column expects, and what the file as a whole shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Expectation<'s> {
    pub(crate) column_type: ColumnType,
    pub(crate) lookup_targets: &'s [String],
    pub(crate) date_order: Option<DateOrder>,
}

/// Reads a field.
///
/// # Errors
/// What was expected, where the value does not fit.
pub(crate) fn read(raw: RawField, expected: Expectation<'_>) -> Result<Reading, Misfit> {
    let text_like = matches!(expected.column_type, ColumnType::Text | ColumnType::Unknown);
    if raw.value.trim().is_empty() && !text_like && expected.column_type != ColumnType::PartyList {
        let habit = Some(Cow::Borrowed("an empty value is read as no value"));
        return Ok(Reading { value: None, habit, guessed: false });
    }
    match expected.column_type {
        ColumnType::Text | ColumnType::Unknown => Ok(text(raw.value)),
        ColumnType::Lookup | ColumnType::Owner => lookup(raw, expected.lookup_targets),
        ColumnType::PartyList => Ok(Reading::plain(Value::Parties(raw.parties))),
        ColumnType::Number | ColumnType::BigInt => number(&raw.value),
        ColumnType::Decimal | ColumnType::Money => decimal(&raw.value),
        ColumnType::Float => float(&raw.value),
        ColumnType::Bool => boolean(&raw.value),
        ColumnType::DateTime => date_time(&raw.value, expected.date_order),
        ColumnType::Choice | ColumnType::State | ColumnType::Status => choice(&raw.value),
        ColumnType::Choices => choices(&raw.value),
        ColumnType::Id => {
            id(&raw.value).map(|(id, habit)| Reading { value: Some(Value::Id(id)), habit, guessed: false })
        }
        ColumnType::Image => image(raw.value),
        ColumnType::File => file(raw),
    }
}

/// Reads an id; braces and capitals are a habit of other tools.
pub(crate) fn id(text: &str) -> Result<(Uuid, Option<Cow<'static, str>>), Misfit> {
    let id = Uuid::try_parse(text.trim()).map_err(|_| "an id of 32 hexadecimal digits")?;
    let mut canonical = [0; uuid::fmt::Hyphenated::LENGTH];
    let habit = (&*id.hyphenated().encode_lower(&mut canonical) != text)
        .then_some(Cow::Borrowed("ids are not written in lower case with hyphens"));
    Ok((id, habit))
}

fn text(written: String) -> Reading {
    if html_encoding::is_plainly_unencoded(&written) {
        let decoded = html_encoding::decode(&written).into_owned();
        return Reading::with_habit(
            Value::Text(decoded),
            "text is not HTML-encoded, as some other tools write it",
        );
    }
    let decoded = match html_encoding::decode(&written) {
        Cow::Borrowed(_) => None,
        Cow::Owned(decoded) => Some(decoded),
    };
    Reading::plain(Value::Text(decoded.unwrap_or(written)))
}

fn lookup(raw: RawField, targets: &[String]) -> Result<Reading, Misfit> {
    let (id, id_habit) = id(&raw.value)?;
    let (table, table_habit) = match (raw.table.filter(|table| !table.is_empty()), targets) {
        (Some(table), _) => (table, None),
        (None, [only]) => (
            only.clone(),
            Some(Cow::Borrowed("the table of lookups is not written; the column's only target is taken")),
        ),
        (None, _) => return Err("the table of the row it points to (lookupentity)"),
    };
    let value = Value::Lookup(Lookup { id, table, name: raw.name });
    Ok(Reading { value: Some(value), habit: id_habit.or(table_habit), guessed: false })
}

fn number(text: &str) -> Result<Reading, Misfit> {
    text.trim().parse().map(|number| Reading::plain(Value::Number(number))).map_err(|_| "a whole number")
}

/// Keeps the digits as written. Currency signs and thousands commas, which the tool reads too, are left out.
fn decimal(text: &str) -> Result<Reading, Misfit> {
    const EXPECTED: Misfit = "a decimal number with a point";
    if is_decimal(text) {
        return Ok(Reading::plain(Value::Decimal(text.to_owned())));
    }
    // 1.234,56 must not become 1.23456: commas only separate thousands before the point.
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.contains(',') || !thousands_are_grouped(whole) {
        return Err(EXPECTED);
    }
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
    let only_signs = text.chars().all(|c| !c.is_alphabetic());
    if only_signs && is_decimal(&digits) {
        return Ok(Reading::with_habit(
            Value::Decimal(digits),
            "currency signs or thousands commas were left out",
        ));
    }
    Err(EXPECTED)
}

/// Every comma is followed by exactly three digits.
fn thousands_are_grouped(whole: &str) -> bool {
    whole.split(',').skip(1).all(|group| group.trim_end().len() == 3)
}

/// `-12.50`: digits, at most one point, a sign in front.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}

fn float(text: &str) -> Result<Reading, Misfit> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Reading::plain(Value::Float(number))),
        _ => Err("a number"),
    }
}

fn boolean(text: &str) -> Result<Reading, Misfit> {
    match text {
        "True" => Ok(Reading::plain(Value::Bool(true))),
        "False" => Ok(Reading::plain(Value::Bool(false))),
        other => match other.trim().to_lowercase().as_str() {
            "true" => {
                Ok(Reading::with_habit(Value::Bool(true), "True and False are written in another case"))
            }
            "false" => {
                Ok(Reading::with_habit(Value::Bool(false), "True and False are written in another case"))
            }
            // The tool itself takes 1 for False; the tools that write it mean True.
            "1" => Ok(Reading::with_habit(Value::Bool(true), "1 and 0 are read as True and False")),
            "0" => Ok(Reading::with_habit(Value::Bool(false), "1 and 0 are read as True and False")),
            _ => Err("True or False"),
        },
    }
}

fn date_time(text: &str, file_order: Option<DateOrder>) -> Result<Reading, Misfit> {
    let text = text.trim();
    if let Some(date_time) = DateTime::parse(text) {
        return Ok(Reading::plain(Value::DateTime(date_time)));
    }
    let shown = file_order.or_else(|| DateOrder::shown_by(text));
    let at = shown
        .and_then(|order| order.read(text))
        .ok_or("a date and time such as 2024-07-26T15:51:30.0000000Z")?;
    let order = shown.map_or("", DateOrder::name);
    let by = if file_order.is_some() {
        "as the package's timestamp is written"
    } else {
        "a guess from their form; please check it, the timestamp does not show it"
    };
    Ok(Reading {
        value: Some(Value::DateTime(DateTime { at, utc: true })),
        habit: Some(Cow::Owned(format!("dates are written as {order} ({by}) and are taken as UTC"))),
        guessed: file_order.is_none(),
    })
}

fn choice(text: &str) -> Result<Reading, Misfit> {
    text.trim()
        .parse()
        .map(|option| Reading::plain(Value::Choice(option)))
        .map_err(|_| "the number of an option")
}

/// `[-1,100000000,100000001,-1]`; newer tools also read a plain list and a JSON array.
fn choices(text: &str) -> Result<Reading, Misfit> {
    const EXPECTED: Misfit = "option numbers such as [-1,100000000,-1]";
    let list = text.trim();
    let inner = list.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let mut options: Vec<i32> = Vec::new();
    for option in inner.unwrap_or(list).split(',').map(str::trim).filter(|option| !option.is_empty()) {
        options.push(option.trim_matches('"').parse().map_err(|_| EXPECTED)?);
    }
    let framed =
        inner.is_some() && options.len() >= 2 && options.first() == Some(&-1) && options.last() == Some(&-1);
    if framed {
        options.remove(0);
        options.pop();
        return Ok(Reading::plain(Value::Choices(options)));
    }
    Ok(Reading::with_habit(
        Value::Choices(options),
        "lists of options are written without the -1 at both ends",
    ))
}

fn image(text: String) -> Result<Reading, Misfit> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if text.bytes().all(is_base64) {
        return Ok(Reading::plain(Value::Image(text)));
    }
    let packed: String = text.split_ascii_whitespace().collect();
    if packed.bytes().all(is_base64) {
        return Ok(Reading::with_habit(Value::Image(packed), "images are broken into lines"));
    }
    Err("an image as base64 text")
}

fn file(raw: RawField) -> Result<Reading, Misfit> {
    let (id, habit) = id(&raw.value)?;
    let value = Value::File(FileRef { id, file_name: raw.file_name.unwrap_or_default() });
    Ok(Reading { value: Some(value), habit, guessed: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(column_type: ColumnType, value: &str) -> Result<Reading, Misfit> {
        let raw = RawField { value: value.to_owned(), ..RawField::default() };
        read(raw, Expectation { column_type, lookup_targets: &[], date_order: None })
    }

    /// Literals as the tool writes them, each read without remark and written back the same.
    #[test]
    fn every_literal_of_the_tool_comes_back_the_same() {
        let cases = [
            (ColumnType::Text, "Children&#39;s books &amp;lt; caf&#233;"),
            (ColumnType::Text, ""),
            (ColumnType::Number, "-42"),
            (ColumnType::BigInt, "9223372036854775807"),
            (ColumnType::Decimal, "1.0000000000"),
            (ColumnType::Money, "-1234.5000"),
            (ColumnType::Float, "1789.4"),
            (ColumnType::Float, "1000"),
            (ColumnType::Bool, "True"),
            (ColumnType::Bool, "False"),
            (ColumnType::DateTime, "2022-09-30T19:25:01.0000000Z"),
            (ColumnType::DateTime, "2026-04-01T00:00:00.0000000"),
            (ColumnType::Choice, "100000001"),
            (ColumnType::State, "0"),
            (ColumnType::Status, "1"),
            (ColumnType::Choices, "[-1,494280011,-1]"),
            (ColumnType::Choices, "[-1,71000010,71000012,-1]"),
            (ColumnType::Id, "8dcb8e99-bb2a-ed11-9db1-000d3a53a6df"),
            (ColumnType::Image, "iVBORw0KGgo="),
            (ColumnType::File, "40ae271b-1111-4222-8333-444455556666"),
            (ColumnType::PartyList, ""),
        ];
        for (column_type, literal) in cases {
            let reading = read_as(column_type, literal).unwrap();
            assert_eq!(reading.habit, None, "{column_type:?} {literal}");
            assert_eq!(reading.value.unwrap().literal(), literal, "{column_type:?}");
        }
    }

    #[test]
    fn other_tools_habits_are_read_with_a_remark() {
        let cases = [
            (ColumnType::Text, "<b>\"x\"</b>", "&lt;b&gt;&quot;x&quot;&lt;/b&gt;"),
            (ColumnType::Money, "$1,234.50", "1234.50"),
            (ColumnType::Money, "-€ 7", "-7"),
            (ColumnType::Bool, "true", "True"),
            (ColumnType::Bool, "1", "True"),
            (ColumnType::Bool, "0", "False"),
            (ColumnType::Choices, "1,2", "[-1,1,2,-1]"),
            (ColumnType::Choices, "[\"1\", \"2\"]", "[-1,1,2,-1]"),
            (
                ColumnType::Id,
                "{8DCB8E99-BB2A-ED11-9DB1-000D3A53A6DF}",
                "8dcb8e99-bb2a-ed11-9db1-000d3a53a6df",
            ),
            (ColumnType::DateTime, "4/5/2019 8:59:23 AM", "2019-04-05T08:59:23.0000000Z"),
        ];
        for (column_type, written, literal) in cases {
            let reading = read_as(column_type, written).unwrap();
            assert!(reading.habit.is_some(), "{column_type:?} {written}");
            assert_eq!(reading.value.unwrap().literal(), literal, "{column_type:?}");
        }
    }

    #[test]
    fn what_does_not_fit_its_type_is_refused() {
        let cases = [
            (ColumnType::Number, "12.5"),
            (ColumnType::Number, "99999999999999999999"),
            (ColumnType::Decimal, "1.234,56"),
            (ColumnType::Decimal, "1,5"),
            (ColumnType::Decimal, "1E5"),
            (ColumnType::Decimal, "--1"),
            (ColumnType::Decimal, "1."),
            (ColumnType::Money, "EUR"),
            (ColumnType::Float, "NaN"),
            (ColumnType::Float, "inf"),
            (ColumnType::Bool, "yes"),
            (ColumnType::DateTime, "tomorrow"),
            (ColumnType::Choice, "Active"),
            (ColumnType::Choice, "4294967296"),
            (ColumnType::Choices, "[red]"),
            (ColumnType::Id, "8dcb8e99"),
            (ColumnType::Lookup, "8dcb8e99-bb2a-ed11-9db1-000d3a53a6df"),
            (ColumnType::Image, "data:image/png;base64,iVBORw0KGgo="),
            (ColumnType::File, "sample.txt"),
        ];
        for (column_type, written) in cases {
            assert!(read_as(column_type, written).is_err(), "{column_type:?} {written}");
        }
    }

    #[test]
    fn an_empty_value_is_no_value_where_the_type_knows_none() {
        for column_type in
            [ColumnType::Number, ColumnType::Lookup, ColumnType::DateTime, ColumnType::Id, ColumnType::Money]
        {
            assert_eq!(read_as(column_type, "").unwrap().value, None, "{column_type:?}");
        }
    }

    #[test]
    fn a_lookup_without_its_table_takes_the_only_target() {
        let raw = RawField { value: "8dcb8e99-bb2a-ed11-9db1-000d3a53a6df".into(), ..RawField::default() };
        let targets = ["account".to_owned()];
        let expected =
            Expectation { column_type: ColumnType::Lookup, lookup_targets: &targets, date_order: None };
        let Ok(Reading { value: Some(Value::Lookup(lookup)), habit: Some(_), .. }) = read(raw, expected)
        else {
            panic!("the lookup was not read")
        };
        assert_eq!((lookup.table.as_str(), lookup.name), ("account", None));
    }

    #[test]
    fn the_files_date_order_decides_and_is_never_bent_to_fit() {
        let raw = |value: &str| RawField { value: value.to_owned(), ..RawField::default() };
        let expected = |order| Expectation {
            column_type: ColumnType::DateTime,
            lookup_targets: &[],
            date_order: Some(order),
        };
        let literal =
            |order, text| read(raw(text), expected(order)).map(|reading| reading.value.unwrap().literal());
        assert_eq!(
            literal(DateOrder::DayFirst, "04/05/2019 08:59:23").unwrap(),
            "2019-05-04T08:59:23.0000000Z"
        );
        assert_eq!(
            literal(DateOrder::MonthFirst, "4/5/2019 8:59:23 AM").unwrap(),
            "2019-04-05T08:59:23.0000000Z"
        );
        assert!(literal(DateOrder::MonthFirst, "17/08/2019 12:09:05").is_err());
    }
}
