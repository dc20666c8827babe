//! Days and times as the Web API writes them.

use time::{Date, OffsetDateTime, PrimitiveDateTime, format_description::well_known::Rfc3339};

/// 1753-01-01T00:00:00Z: the service keeps nothing earlier.
pub(crate) const EARLIEST: i64 = -6_847_804_800;

/// 1753-01-01 as a Julian day.
pub(crate) const EARLIEST_DAY: i32 = 2_361_331;

/// Seconds since 1970 of an `Edm.DateTimeOffset` literal; parts of a second are dropped as the service does.
pub(crate) fn parse_instant(text: &str) -> Option<i64> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    Some(moment.unix_timestamp())
}

/// Julian day of an `Edm.Date` literal (`2021-04-04`).
pub(crate) fn parse_day(text: &str) -> Option<i32> {
    let numbers: Vec<&str> = text.split('-').collect();
    let [year, month, day] = numbers[..] else { return None };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let month = time::Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    Some(date.to_julian_day())
}

/// `2024-06-12T14:13:25Z`
pub(crate) fn instant_text(seconds: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let at = PrimitiveDateTime::new(moment.date(), moment.time());
    let (hour, minute, second) = at.as_hms();
    format!("{}T{hour:02}:{minute:02}:{second:02}Z", date_text(at.date()))
}

/// `2021-04-04`
pub(crate) fn day_text(day: i32) -> String {
    date_text(Date::from_julian_day(day).unwrap_or(Date::MIN))
}

fn date_text(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_kept_in_whole_seconds_utc() {
        for (text, expected) in [
            ("2022-09-30T19:25:01.9990000Z", "2022-09-30T19:25:01Z"),
            ("2022-09-30T19:25:01+02:00", "2022-09-30T17:25:01Z"),
            ("1753-01-01T00:00:00Z", "1753-01-01T00:00:00Z"),
        ] {
            assert_eq!(instant_text(parse_instant(text).unwrap()), expected);
        }
        assert_eq!(parse_instant("1753-01-01T00:00:00Z"), Some(EARLIEST));
        assert_eq!(parse_day("1753-01-01"), Some(EARLIEST_DAY));
    }

    #[test]
    fn a_time_without_a_zone_is_no_time() {
        for text in ["2022-09-30T19:25:01", "2022-09-30", "", "yesterday"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_four_two_two_digits() {
        assert_eq!(parse_day("2021-04-04").map(day_text).as_deref(), Some("2021-04-04"));
        for text in ["2021-4-4", "2021-02-30", "2021-04-04T00:00:00Z", ""] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
