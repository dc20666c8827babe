//! Stretches of time that conditions name: today, last week, the last three months.
//!
//! Days begin at midnight UTC, which is the caller's time zone here, and weeks on Sunday, which is what a new
//! organization has. Where a stretch begins and ends is inferred from how the operators are described: those that
//! look back end now, those that look ahead begin now and take their last day whole.

use time::{Date, OffsetDateTime, Time};

/// From a second on, up to but without another; open where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    from: Option<i64>,
    until: Option<i64>,
}

const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

/// What a count of a period counts.
#[derive(Clone, Copy)]
enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

impl Period {
    /// `last-x-days` and the like, by their names in FetchXML. `count` is the x. `None` for other names.
    pub(crate) fn named(name: &str, count: i64, now: i64) -> Option<Period> {
        let words: Vec<&str> = name.split('-').collect();
        let today = now - now.rem_euclid(DAY);
        match words.as_slice() {
            ["today"] => Some(days(today, 0, 1)),
            ["yesterday"] => Some(days(today, -1, 0)),
            ["tomorrow"] => Some(days(today, 1, 2)),
            ["last", "seven", "days"] => Some(back(today - 7 * DAY, now)),
            ["next", "seven", "days"] => Some(ahead(now, today + 8 * DAY)),
            ["last", unit] => calendar(unit, today, -1),
            ["this", unit] => calendar(unit, today, 0),
            ["next", unit] => calendar(unit, today, 1),
            ["last", "x", unit] => Some(back(Unit::plural(unit)?.moved(now, -count)?, now)),
            ["next", "x", unit] => {
                let unit = Unit::plural(unit)?;
                Some(ahead(now, unit.moved(now, count)?.checked_add(unit.last_step())?))
            }
            ["olderthan", "x", unit] => {
                let until = Unit::plural(unit)?.moved(now, -count)?;
                Some(Period { from: None, until: Some(until) })
            }
            _ => None,
        }
    }

    /// Whether the name has an x.
    pub(crate) fn counts(name: &str) -> bool {
        name.contains("-x-")
    }

    /// The day that begins at `midnight`; with `before` or `after` also all that lies there.
    pub(crate) fn day(midnight: i64, before: bool, after: bool) -> Period {
        Period { from: (!before).then_some(midnight), until: (!after).then_some(midnight + DAY) }
    }

    pub(crate) fn holds(self, second: i64) -> bool {
        self.from.is_none_or(|from| second >= from) && self.until.is_none_or(|until| second < until)
    }
}

fn days(today: i64, from: i64, until: i64) -> Period {
    Period { from: Some(today + from * DAY), until: Some(today + until * DAY) }
}

fn back(from: i64, now: i64) -> Period {
    Period { from: Some(from), until: Some(now + 1) }
}

fn ahead(now: i64, until: i64) -> Period {
    Period { from: Some(now), until: Some(until) }
}

/// The whole week, month or year that lies `steps` from this one.
fn calendar(unit: &str, today: i64, steps: i64) -> Option<Period> {
    let date = date_of(today)?;
    let (start, unit) = match unit {
        "week" => (today - i64::from(date.weekday().number_days_from_sunday()) * DAY, Unit::Weeks),
        "month" => (midnight_of(date.replace_day(1).ok()?), Unit::Months),
        "year" => (midnight_of(Date::from_ordinal_date(date.year(), 1).ok()?), Unit::Years),
        _ => return None,
    };
    Some(Period { from: Some(unit.moved(start, steps)?), until: Some(unit.moved(start, steps + 1)?) })
}

impl Unit {
    fn plural(word: &str) -> Option<Unit> {
        Some(match word {
            "minutes" => Unit::Minutes,
            "hours" => Unit::Hours,
            "days" => Unit::Days,
            "weeks" => Unit::Weeks,
            "months" => Unit::Months,
            "years" => Unit::Years,
            _ => return None,
        })
    }

    /// The moment that many units away; whole minutes and hours, and midnights for everything longer.
    fn moved(self, now: i64, count: i64) -> Option<i64> {
        let today = now - now.rem_euclid(DAY);
        match self {
            Unit::Minutes => (now - now.rem_euclid(60)).checked_add(count.checked_mul(60)?),
            Unit::Hours => (now - now.rem_euclid(HOUR)).checked_add(count.checked_mul(HOUR)?),
            Unit::Days => today.checked_add(count.checked_mul(DAY)?),
            Unit::Weeks => today.checked_add(count.checked_mul(7 * DAY)?),
            Unit::Months => months_away(today, count),
            Unit::Years => months_away(today, count.checked_mul(12)?),
        }
    }

    /// The last hour or day of a stretch ahead belongs to it.
    fn last_step(self) -> i64 {
        match self {
            Unit::Minutes => 60,
            Unit::Hours => HOUR,
            _ => DAY,
        }
    }
}

/// The same day of another month, or that month's last.
fn months_away(today: i64, count: i64) -> Option<i64> {
    let date = date_of(today)?;
    let months = (i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1).checked_add(count)?;
    let year = i32::try_from(months.div_euclid(12)).ok()?;
    let month = time::Month::try_from(u8::try_from(months.rem_euclid(12)).ok()? + 1).ok()?;
    let day = date.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).ok().map(midnight_of)
}

fn date_of(second: i64) -> Option<Date> {
    OffsetDateTime::from_unix_timestamp(second).ok().map(OffsetDateTime::date)
}

fn midnight_of(date: Date) -> i64 {
    date.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{instant_text, parse_instant};

    /// A Wednesday in a leap year.
    const NOW: &str = "2024-01-31T14:25:36Z";

    fn named(name: &str, count: i64) -> [String; 2] {
        let period = Period::named(name, count, parse_instant(NOW).unwrap()).unwrap();
        [period.from, period.until].map(|end| end.map_or_else(String::new, instant_text))
    }

    #[test]
    fn named_stretches_begin_and_end_where_the_operators_say() {
        for (name, count, from, until) in [
            ("today", 0, "2024-01-31T00:00:00Z", "2024-02-01T00:00:00Z"),
            ("yesterday", 0, "2024-01-30T00:00:00Z", "2024-01-31T00:00:00Z"),
            ("tomorrow", 0, "2024-02-01T00:00:00Z", "2024-02-02T00:00:00Z"),
            ("last-seven-days", 0, "2024-01-24T00:00:00Z", "2024-01-31T14:25:37Z"),
            ("next-seven-days", 0, NOW, "2024-02-08T00:00:00Z"),
            ("this-week", 0, "2024-01-28T00:00:00Z", "2024-02-04T00:00:00Z"),
            ("last-week", 0, "2024-01-21T00:00:00Z", "2024-01-28T00:00:00Z"),
            ("next-month", 0, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("last-month", 0, "2023-12-01T00:00:00Z", "2024-01-01T00:00:00Z"),
            ("this-year", 0, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
            ("last-x-hours", 2, "2024-01-31T12:00:00Z", "2024-01-31T14:25:37Z"),
            ("last-x-days", 3, "2024-01-28T00:00:00Z", "2024-01-31T14:25:37Z"),
            ("last-x-months", 2, "2023-11-30T00:00:00Z", "2024-01-31T14:25:37Z"),
            ("next-x-months", 1, NOW, "2024-03-01T00:00:00Z"),
            ("next-x-hours", 1, NOW, "2024-01-31T16:00:00Z"),
            ("olderthan-x-years", 1, "", "2023-01-31T00:00:00Z"),
            ("olderthan-x-minutes", 5, "", "2024-01-31T14:20:00Z"),
        ] {
            assert_eq!(named(name, count), [from.to_owned(), until.to_owned()], "{name} {count}");
        }
    }

    #[test]
    fn names_that_are_none_and_counts_beyond_time_have_no_period() {
        for (name, count) in [
            ("last-century", 0),
            ("eq", 0),
            ("last-x-years", i64::MAX),
            ("next-x-months", i64::MAX),
            ("next-x-days", i64::MAX),
            ("this-x-days", 1),
        ] {
            assert_eq!(Period::named(name, count, 0), None, "{name}");
        }
    }
}
