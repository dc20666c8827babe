//! Dates and times: as the tool writes them today, and as its versions of 2017 to 2019 did, in the culture
//! of the machine they ran on.

use crate::DateTime;
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Iso8601;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// Which of `4/5/2019`'s numbers is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateOrder {
    /// As in the United States.
    MonthFirst,
    /// As nearly everywhere else.
    DayFirst,
}

const MONTH_FIRST: &[&[BorrowedFormatItem<'static>]] = &[
    format_description!(
        "[month padding:none]/[day padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period]"
    ),
    format_description!(
        "[month padding:none]/[day padding:none]/[year] [hour padding:none]:[minute]:[second]"
    ),
];
const DAY_FIRST: &[&[BorrowedFormatItem<'static>]] = &[
    format_description!(
        "[day padding:none]/[month padding:none]/[year] [hour padding:none]:[minute]:[second]"
    ),
    format_description!(
        "[day padding:none]/[month padding:none]/[year] [hour repr:12 padding:none]:[minute]:[second] [period]"
    ),
    format_description!(
        "[day padding:none].[month padding:none].[year] [hour padding:none]:[minute]:[second]"
    ),
    format_description!(
        "[day padding:none]-[month padding:none]-[year] [hour padding:none]:[minute]:[second]"
    ),
];

impl DateOrder {
    /// The order that a culture text such as the package's timestamp shows. Where both fit, a clock of twelve
    /// hours speaks for the United States.
    pub(crate) fn shown_by(text: &str) -> Option<DateOrder> {
        let fits = |order: DateOrder| order.read(text).is_some();
        match (fits(DateOrder::MonthFirst), fits(DateOrder::DayFirst)) {
            (true, true) if text.ends_with(['M', 'm']) => Some(DateOrder::MonthFirst),
            (_, true) => Some(DateOrder::DayFirst),
            (true, false) => Some(DateOrder::MonthFirst),
            (false, false) => None,
        }
    }

    /// Reads a culture text in this order.
    pub(crate) fn read(self, text: &str) -> Option<PrimitiveDateTime> {
        let formats = match self {
            DateOrder::MonthFirst => MONTH_FIRST,
            DateOrder::DayFirst => DAY_FIRST,
        };
        formats.iter().find_map(|format| PrimitiveDateTime::parse(text, format).ok()).filter(is_writable)
    }

    /// For people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            DateOrder::MonthFirst => "month/day/year",
            DateOrder::DayFirst => "day/month/year",
        }
    }
}

/// How a writer wrote dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DateStyle {
    /// As today's tool.
    #[default]
    Iso,
    /// In the culture of the writer's machine.
    Culture(Culture),
}

/// A short date and a long time as .NET writes them in a culture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Culture {
    order: DateOrder,
    separator: char,
    /// Day and month have two digits.
    pads_date: bool,
    pads_hour: bool,
    /// The clock has twelve hours, with AM and PM.
    twelve_hours: bool,
}

impl DateStyle {
    /// The style that a date such as the package's timestamp is written in. What its digits do not show is
    /// taken as in the United States or the United Kingdom, whichever order it has.
    pub(crate) fn shown_by(text: &str) -> DateStyle {
        let Some(order) = DateOrder::shown_by(text) else { return DateStyle::Iso };
        let mut words = text.split(' ');
        let (date, clock) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let separator = date.chars().find(|c| !c.is_ascii_digit()).unwrap_or('/');
        let short = |text: &str| text.split([separator, ':']).take(2).any(|part| part.len() == 1);
        let padded = |text: &str| text.split([separator, ':']).take(2).any(|part| part.starts_with('0'));
        let day_first = order == DateOrder::DayFirst;
        let hour = clock.split(':').next().unwrap_or_default();
        DateStyle::Culture(Culture {
            order,
            separator,
            pads_date: padded(date) || (day_first && !short(date)),
            pads_hour: hour.starts_with('0') || (day_first && hour.len() == 2),
            twelve_hours: words.next().is_some(),
        })
    }
}

impl Culture {
    fn literal(self, at: &PrimitiveDateTime) -> String {
        let (day, month) = (at.day(), u8::from(at.month()));
        let (first, second) = if self.order == DateOrder::DayFirst { (day, month) } else { (month, day) };
        let number = |pads: bool, number: u8| if pads { format!("{number:02}") } else { number.to_string() };
        let (hour, half) = match (self.twelve_hours, at.hour()) {
            (false, hour) => (hour, ""),
            (true, hour) => ((hour + 11) % 12 + 1, if hour < 12 { " AM" } else { " PM" }),
        };
        let separator = self.separator;
        format!(
            "{}{separator}{}{separator}{} {}:{:02}:{:02}{half}",
            number(self.pads_date, first),
            number(self.pads_date, second),
            at.year(),
            number(self.pads_hour, hour),
            at.minute(),
            at.second(),
        )
    }
}

impl DateTime {
    /// Reads the time at which a package was made ([`crate::DataReader::timestamp`]): ISO, or the culture text of the
    /// tool's versions of 2017 to 2019, whose zone it does not say and which is taken as UTC.
    #[must_use]
    pub fn of_timestamp(text: &str) -> Option<DateTime> {
        DateTime::parse(text).or_else(|| DateTime::of_culture(text))
    }

    /// Reads a culture text in the order of day and month that it shows, as UTC.
    pub(crate) fn of_culture(text: &str) -> Option<DateTime> {
        let at = DateOrder::shown_by(text)?.read(text)?;
        Some(DateTime { at, utc: true })
    }

    /// The text in a writer's style.
    pub(crate) fn literal_in(&self, style: DateStyle) -> String {
        match style {
            DateStyle::Iso => self.literal(),
            DateStyle::Culture(culture) => culture.literal(&self.at),
        }
    }

    /// Reads the ISO form: `2022-09-30T19:25:01.0000000Z`, the same without `Z`, any number of digits behind
    /// the second, an offset instead of `Z`, or a date alone.
    ///
    /// In: the text of an attribute, unescaped. Out: with `Z` or an offset the time in UTC, without them date
    /// and time of day as written; a date alone is its midnight. `None` for all else: culture text such as
    /// `4/4/2019 7:22:50 PM` (seen in files of 2017 to 2019), and years outside of 1 to 9999.
    ///
    /// Source: the first two are the tool's own, seen 116,037 and 5,161 times. The others are leniency
    /// towards other tools.
    #[must_use]
    pub fn parse(text: &str) -> Option<DateTime> {
        if let Ok(at) = OffsetDateTime::parse(text, &Iso8601::PARSING) {
            let utc = at.to_offset(UtcOffset::UTC);
            return Some(PrimitiveDateTime::new(utc.date(), utc.time()))
                .filter(is_writable)
                .map(|at| DateTime { at, utc: true });
        }
        let at = PrimitiveDateTime::parse(text, &Iso8601::PARSING)
            .ok()
            .or_else(|| time::Date::parse(text, &Iso8601::PARSING).ok().map(time::Date::midnight))?;
        Some(at).filter(is_writable).map(|at| DateTime { at, utc: false })
    }

    /// The form the tool writes: seven digits behind the second, `Z` for a point in time (121,198 seen).
    ///
    /// Out: 28 characters with `Z`, 27 without. The unit is 100 nanoseconds; what is finer is cut off.
    #[must_use]
    pub fn literal(&self) -> String {
        let (date, time) = (self.at.date(), self.at.time());
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:07}{}",
            date.year(),
            u8::from(date.month()),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.nanosecond() / 100,
            if self.utc { "Z" } else { "" }
        )
    }

    /// For people: `2022-09-30 19:25:01 UTC`, or without `UTC` where there is no zone; a date alone where
    /// there is no time of day either.
    ///
    /// Whole seconds: what is finer is cut off. Not for files and not to be read back. The form is this
    /// project's own.
    #[must_use]
    pub fn display(&self) -> String {
        let literal = self.literal();
        let (date, clock) = (&literal[..10], &literal[11..19]);
        match (self.utc, clock) {
            (false, "00:00:00") => date.to_owned(),
            (false, _) => format!("{date} {clock}"),
            (true, _) => format!("{date} {clock} UTC"),
        }
    }
}

/// Years of four digits: what the format can write and Dataverse can hold.
fn is_writable(at: &PrimitiveDateTime) -> bool {
    (1..=9999).contains(&at.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_tool_writes_comes_back_digit_by_digit() {
        for literal in
            ["2022-09-30T19:25:01.0000000Z", "2026-04-01T00:00:00.0000000", "2024-07-26T15:51:30.5429904Z"]
        {
            assert_eq!(DateTime::parse(literal).unwrap().literal(), literal);
        }
    }

    #[test]
    fn other_iso_forms_are_read_as_the_same_point_in_time() {
        let cases = [
            ("2019-04-04T19:22:50Z", "2019-04-04T19:22:50.0000000Z"),
            ("2019-04-04T21:22:50+02:00", "2019-04-04T19:22:50.0000000Z"),
            ("2019-04-04T19:22:50.123", "2019-04-04T19:22:50.1230000"),
            ("2019-04-04", "2019-04-04T00:00:00.0000000"),
        ];
        for (written, literal) in cases {
            assert_eq!(DateTime::parse(written).map(|d| d.literal()).as_deref(), Some(literal), "{written}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for written in [
            "",
            "today",
            "2019-13-01T00:00:00Z",
            "2019-02-30",
            "4/5/2019 8:59:23 AM",
            "T10:00:00",
            "-0001-01-01",
        ] {
            assert_eq!(DateTime::parse(written), None, "{written}");
        }
    }

    #[test]
    fn the_timestamp_shows_the_order_of_day_and_month() {
        let cases = [
            ("4/5/2019 8:59:23 AM", Some(DateOrder::MonthFirst)),
            ("3/26/2019 1:18:44 PM", Some(DateOrder::MonthFirst)),
            ("17/08/2019 12:09:05", Some(DateOrder::DayFirst)),
            ("05/04/2019 12:09:05", Some(DateOrder::DayFirst)),
            ("17.08.2019 12:09:05", Some(DateOrder::DayFirst)),
            ("2022-09-30T19:25:01.0000000Z", None),
            ("gestern", None),
        ];
        for (text, order) in cases {
            assert_eq!(DateOrder::shown_by(text), order, "{text}");
        }
    }

    #[test]
    fn a_culture_text_is_written_in_the_style_it_shows() {
        for text in
            ["4/5/2019 8:59:23 AM", "12/25/2019 12:00:05 PM", "17/08/2019 12:09:05", "7.8.2019 9:09:05"]
        {
            let at = DateOrder::shown_by(text).unwrap().read(text).unwrap();
            assert_eq!(DateTime { at, utc: true }.literal_in(DateStyle::shown_by(text)), text);
        }
    }

    #[test]
    fn a_packages_time_is_read_in_either_form() {
        let literal = |text| DateTime::of_timestamp(text).map(|at| at.literal());
        assert_eq!(literal("4/5/2019 8:59:23 AM").unwrap(), "2019-04-05T08:59:23.0000000Z");
        assert_eq!(literal("2024-07-26T15:51:30.5429904Z").unwrap(), "2024-07-26T15:51:30.5429904Z");
        assert_eq!(literal("gestern"), None);
    }

    #[test]
    fn a_culture_text_is_read_in_its_order() {
        let literal =
            |order: DateOrder, text| order.read(text).map(|at| DateTime { at, utc: true }.literal());
        assert_eq!(
            literal(DateOrder::MonthFirst, "4/5/2019 12:59:23 AM").unwrap(),
            "2019-04-05T00:59:23.0000000Z"
        );
        assert_eq!(
            literal(DateOrder::DayFirst, "04/05/2019 00:59:23").unwrap(),
            "2019-05-04T00:59:23.0000000Z"
        );
        assert_eq!(literal(DateOrder::MonthFirst, "17/08/2019 12:09:05"), None);
    }
}
