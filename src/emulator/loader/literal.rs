//! From a data package's literal to a cell.

use super::{Data, DataField, Schema, html};
use crate::tables::{Column, DateBehavior, Kind};
use crate::values::{Cell, Fixed, parse_instant};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// How dates without the ISO form are written (the tools of 2017 to 2019 wrote them as their machine did).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dates {
    /// `4/5/2019 8:59:23 AM`
    #[default]
    MonthFirst,
    /// `17/08/2019 12:09:05`
    DayFirst,
}

impl Dates {
    /// How a package writes its dates.
    pub(super) fn of_package(schema: &Schema, data: &Data) -> Dates {
        let is_date = |table: &str, column: &str| {
            let table = schema.tables.iter().find(|t| t.name == table);
            table.is_some_and(|t| t.columns.iter().any(|c| c.name == column && c.cmt_type == "datetime"))
        };
        let mut literals: Vec<&str> = data.timestamp.as_deref().into_iter().collect();
        for table in &data.tables {
            for field in table.records.iter().flat_map(|r| &r.fields) {
                if field.text.contains('/') && field.text.len() < 24 && is_date(&table.name, &field.column) {
                    literals.push(&field.text);
                }
            }
        }
        Dates::of(literals.into_iter())
    }

    /// Day first when some literal can be nothing else.
    fn of<'a>(literals: impl Iterator<Item = &'a str>) -> Dates {
        let mut first_numbers = literals.filter_map(|text| text.split_once('/')?.0.parse::<u8>().ok());
        if first_numbers.any(|number| number > 12) { Dates::DayFirst } else { Dates::MonthFirst }
    }
}

/// The value, or what the column would hold instead.
pub(crate) fn read_literal(column: &Column, field: &DataField, dates: Dates) -> Result<Cell, String> {
    let text = field.text.as_str();
    let refuse = || format!("{} expected", column.kind.edm());
    if text.is_empty() {
        return Ok(Cell::Empty);
    }
    let cell = match &column.kind {
        Kind::Text { .. } | Kind::EntityName => Some(Cell::text(&html::decode(text))),
        Kind::Image => Some(Cell::text(text)),
        Kind::Integer | Kind::BigInt | Kind::Choice { .. } | Kind::State | Kind::Status => {
            text.parse().ok().map(Cell::Integer)
        }
        Kind::Decimal { digits } | Kind::Money { digits } => {
            Fixed::parse(text).and_then(|number| number.rescale(*digits)).map(Cell::Fixed)
        }
        Kind::Double => text.parse().ok().map(Cell::Double),
        Kind::Boolean => text.to_ascii_lowercase().parse().ok().map(Cell::Boolean),
        Kind::DateTime(behavior) => date(text, *behavior, dates),
        Kind::Choices { .. } => choices(text).map(Cell::Choices),
        Kind::Id | Kind::File => uuid::Uuid::try_parse(text).ok().map(Cell::Id),
        Kind::Lookup(_) => uuid::Uuid::try_parse(text)
            .ok()
            .zip(field.target.clone())
            .map(|(id, table)| Cell::Lookup { table, id }),
        Kind::PartyList | Kind::ManagedProperty => Some(Cell::Empty),
    };
    cell.ok_or_else(refuse)
}

fn date(text: &str, behavior: DateBehavior, dates: Dates) -> Option<Cell> {
    let seconds = parse_instant(text)
        .or_else(|| parse_instant(&format!("{text}Z")))
        .or_else(|| by_culture(text, dates))?;
    if behavior == DateBehavior::DateOnly {
        let moment = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
        return Some(Cell::Day(moment.date().to_julian_day()));
    }
    Some(Cell::Instant(seconds))
}

const MONTH_FIRST: &[BorrowedFormatItem<'_>] = format_description!(
    "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period]"
);
const DAY_FIRST: &[BorrowedFormatItem<'_>] = format_description!(
    "[day padding:none]/[month padding:none]/[year] [hour padding:none]:[minute]:[second]"
);

fn by_culture(text: &str, dates: Dates) -> Option<i64> {
    let format = if dates == Dates::DayFirst { DAY_FIRST } else { MONTH_FIRST };
    let at = PrimitiveDateTime::parse(text, &format).ok()?;
    Some(at.assume_utc().unix_timestamp())
}

/// `[-1,494280011,-1]`: the sentinels at both ends are no choices.
fn choices(text: &str) -> Option<Vec<i32>> {
    let list = text.trim_start_matches('[').trim_end_matches(']');
    let mut numbers = list.split(',').map(|n| n.trim().parse::<i32>()).collect::<Result<Vec<_>, _>>().ok()?;
    numbers.retain(|number| *number != -1);
    numbers.sort_unstable();
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{day_text, instant_text};

    fn read(kind: Kind, text: &str, dates: Dates) -> Result<Cell, String> {
        let column = Column::new("c", "C", kind);
        read_literal(&column, &DataField { text: text.into(), ..DataField::default() }, dates)
    }

    #[test]
    fn dates_of_all_writers_are_read() {
        let moment = Kind::DateTime(DateBehavior::UserLocal);
        for (text, dates, expected) in [
            ("2022-09-30T19:25:01.0000000Z", Dates::MonthFirst, "2022-09-30T19:25:01Z"),
            ("2026-04-01T08:30:00.0000000", Dates::MonthFirst, "2026-04-01T08:30:00Z"),
            ("4/4/2019 7:22:50 PM", Dates::MonthFirst, "2019-04-04T19:22:50Z"),
            ("17/08/2019 12:09:05", Dates::DayFirst, "2019-08-17T12:09:05Z"),
        ] {
            let Ok(Cell::Instant(seconds)) = read(moment.clone(), text, dates) else { panic!("{text}") };
            assert_eq!(instant_text(seconds), expected);
        }
        let Ok(Cell::Day(day)) =
            read(Kind::DateTime(DateBehavior::DateOnly), "2026-04-01T00:00:00.0000000", Dates::MonthFirst)
        else {
            panic!("a day")
        };
        assert_eq!(day_text(day), "2026-04-01");
    }

    #[test]
    fn a_day_above_twelve_tells_the_culture() {
        assert_eq!(Dates::of(["4/5/2019 8:59:23 AM", "17/08/2019 12:09:05"].into_iter()), Dates::DayFirst);
        assert_eq!(Dates::of(["4/5/2019 8:59:23 AM"].into_iter()), Dates::MonthFirst);
    }

    #[test]
    fn a_literal_that_does_not_fit_is_refused() {
        for (kind, text) in [
            (Kind::Integer, "1.5"),
            (Kind::Boolean, "yes"),
            (Kind::DateTime(DateBehavior::UserLocal), "soon"),
            (Kind::Choices { options: None }, "[a]"),
            (Kind::Id, "42"),
        ] {
            assert!(read(kind, text, Dates::MonthFirst).is_err(), "{text}");
        }
    }

    #[test]
    fn choices_lose_their_sentinels() {
        let cell = read(Kind::Choices { options: None }, "[-1,71000012,71000010,-1]", Dates::MonthFirst);
        assert_eq!(cell, Ok(Cell::Choices(vec![71_000_010, 71_000_012])));
    }
}
