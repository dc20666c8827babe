//! Dates that move with the time of the import, as a demonstration's appointments have to.

use super::Prepared;
use crate::{LoadedPackage, Problem, ProblemKind};
use cmt::{DateMode, DateTime, Schema, Value};
use time::{Duration, PrimitiveDateTime};

impl Prepared<'_> {
    /// Moves every date whose column the schema wants moved: by as many whole weeks (`relative`), so that a Monday
    /// stays a Monday, or whole days (`relativeDaily`), as went by since the package was made.
    pub(super) fn move_dates(&mut self, to: PrimitiveDateTime) {
        if !self.package.moves_dates() {
            return;
        }
        let made = self.package.timestamp.as_deref().and_then(DateTime::of_timestamp);
        let Some(made) = made else { return self.notes.push(no_time()) };
        let passed = to - made.at;
        let mut kept = 0;
        let schema = self.package.schema.clone();
        for table in &mut self.package.to_mut().tables {
            let moved = |column: &str| Some(distance(mode(&schema, &table.name, column)?, passed));
            for field in table.records.iter_mut().flat_map(|r| &mut r.fields) {
                let Value::DateTime(date) = &mut field.value else { continue };
                let Some(distance) = moved(&field.column) else { continue };
                match date.at.checked_add(distance) {
                    Some(at) => date.at = at,
                    None => kept += 1,
                }
            }
        }
        self.notes.extend((kept > 0).then(|| out_of_range(kept)));
    }
}

impl LoadedPackage {
    /// Whether the schema wants any dates moved to the time of the import.
    #[must_use]
    pub fn moves_dates(&self) -> bool {
        let mut tables = self.schema.tables.iter();
        tables.any(|t| t.columns.iter().any(|c| mode(&self.schema, &t.name, &c.name).is_some()))
    }
}

/// How a column's dates move; `None`: they stay. A column's own mode goes before that of the schema.
fn mode(schema: &Schema, table: &str, column: &str) -> Option<DateMode> {
    let listed = schema.tables.iter().filter(|t| t.name == table);
    let column = listed.flat_map(|t| &t.columns).find(|c| c.name == column)?;
    let dated = column.column_type == cmt::ColumnType::DateTime;
    column.date_mode.or(schema.date_mode).filter(|mode| dated && *mode != DateMode::Absolute)
}

/// Dates move forward only: a package that seems to come from the future stays as it is.
fn distance(mode: DateMode, passed: Duration) -> Duration {
    let passed = passed.max(Duration::ZERO);
    match mode {
        DateMode::Absolute => Duration::ZERO,
        DateMode::Relative => Duration::weeks(passed.whole_weeks()),
        DateMode::RelativeDaily => Duration::days(passed.whole_days()),
    }
}

fn no_time() -> Problem {
    Problem::new(
        ProblemKind::File,
        "The schema wants dates moved to the time of the import, but when the package was made cannot be read; dates \
         are imported as written.",
        "Correct the timestamp at the beginning of data.xml, or export again.",
    )
}

fn out_of_range(count: usize) -> Problem {
    Problem::new(
        ProblemKind::Value,
        format!("{count} dates lie so far ahead that they cannot be moved; they are imported as written."),
        "Look at dates of the year 9999 in the package: they stand for no end, as a rule.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Terms, prepare};
    use crate::testing::schema_table;
    use crate::{EnvironmentTables, ImportOptions, LoadedPackage, LoadedTable, ProblemKind};
    use cmt::{ColumnType, DateMode, DateTime, Field, Record, Schema, Value};
    use time::PrimitiveDateTime;
    use time::macros::datetime;
    use uuid::Uuid;

    fn package(timestamp: &str, root: Option<DateMode>, own: Option<DateMode>) -> LoadedPackage {
        let mut table = schema_table("visit", &[("day", ColumnType::DateTime)]);
        table.columns[0].date_mode = own;
        let at = |at| Field { column: "day".into(), value: Value::DateTime(DateTime { at, utc: true }) };
        let records = [datetime!(2024-07-29 08:30), datetime!(9999-12-31 00:00)];
        let records = records.map(|day| Record { id: Uuid::nil(), fields: vec![at(day)] }).to_vec();
        LoadedPackage {
            schema: Schema { tables: vec![table], date_mode: root, ..Default::default() },
            timestamp: Some(timestamp.into()),
            tables: vec![LoadedTable { name: "visit".into(), records, ..Default::default() }],
            ..Default::default()
        }
    }

    fn moved(package: &LoadedPackage) -> (PrimitiveDateTime, Vec<ProblemKind>) {
        let options =
            ImportOptions { move_dates_to: Some(datetime!(2024-08-18 09:00)), ..Default::default() };
        let terms = Terms { options, ..Default::default() };
        let prepared = prepare(package, &EnvironmentTables::default(), &terms);
        let Value::DateTime(day) = &prepared.package.tables[0].records[0].fields[0].value else { panic!() };
        (day.at, prepared.notes.iter().map(|n| n.kind).collect())
    }

    #[test]
    fn dates_move_by_whole_weeks_or_days_as_the_column_or_else_the_schema_says() {
        use DateMode::{Absolute, Relative, RelativeDaily};
        // 22 days and 17 hours before the import: a Friday.
        let made = "2024-07-26T15:51:30.5429904Z";
        let (written, weeks, days) =
            (datetime!(2024-07-29 08:30), datetime!(2024-08-19 08:30), datetime!(2024-08-20 08:30));
        for (root, own, expected) in [
            (None, None, written),
            (Some(Absolute), None, written),
            (Some(Relative), None, weeks),
            (Some(RelativeDaily), None, days),
            (Some(Relative), Some(RelativeDaily), days),
            (Some(Relative), Some(Absolute), written),
            (None, Some(Relative), weeks),
        ] {
            let (at, notes) = moved(&package(made, root, own));
            assert_eq!(at, expected, "{root:?} {own:?}");
            let told = if expected == written { vec![] } else { vec![ProblemKind::Value] };
            assert_eq!(notes, told, "the last day of all cannot be moved");
        }
    }

    #[test]
    fn without_a_readable_time_and_from_the_future_dates_stay_as_written() {
        let written = datetime!(2024-07-29 08:30);
        let unread = moved(&package("soon", Some(DateMode::Relative), None));
        assert_eq!(unread, (written, vec![ProblemKind::File]));
        assert_eq!(
            moved(&package("2031-01-01T00:00:00Z", Some(DateMode::Relative), None)),
            (written, vec![])
        );
        let culture = moved(&package("7/26/2024 3:51:30 PM", Some(DateMode::Relative), None));
        assert_eq!(culture.0, datetime!(2024-08-19 08:30));
    }
}
