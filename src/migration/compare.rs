//! Whether a row of the environment already is as the package's record says.

use crate::package_index::pointed_row;
use crate::secrets::{HIDDEN, is_secret};
use crate::table_fit::{Fit, TableFit};
use crate::target_ids::TargetIds;
use crate::values::from_json;
use crate::{Change, Problem, RowRef, parties};
use cmt::{DateTime, Lookup, Record, Value};
use dataverse::{ColumnMetadata, DateBehavior, Row};
use rust_decimal::Decimal;

/// The columns in which `row` is not as `record`, in the record's order; lookups lead to the rows that `ids` names. A
/// column without a field in the record says nothing about the row: the format cannot tell an empty value from an
/// unknown one.
///
/// # Errors
/// Kind `Answer` where the row's JSON cannot be read.
pub(crate) fn differences(
    record: &Record,
    row: &Row,
    table: &TableFit<'_>,
    ids: &TargetIds,
) -> Result<Vec<Change>, Problem> {
    let mut changes = Vec::new();
    for field in &record.fields {
        let Some(fit) = table.column(&field.column) else { continue };
        let Some(column) = fit.metadata.filter(|_| fit.fit.is_compared()) else { continue };
        let present = from_json(row, column)?;
        let is_same = match (&field.value, &present) {
            (Value::Lookup(lookup), Some(Value::Lookup(present))) => {
                leads_to(present, &pointed_row(lookup, &field.column, table.metadata), ids)
            }
            (Value::Parties(parties), Some(Value::Parties(present))) => parties::same(parties, present, ids),
            (package, present) => same(package, present.as_ref(), column),
        };
        if !is_same {
            let secret = is_secret(&table.metadata.name, &field.column, record);
            let shown = |value: &Value| if secret { HIDDEN.to_owned() } else { shown(value) };
            changes.push(Change {
                column: field.column.clone(),
                before: present.map(|v| shown(&v)),
                after: Some(shown(&field.value)).filter(|text| !text.is_empty()),
            });
        }
    }
    Ok(changes)
}

/// Whether the row's lookup leads to the row that stands for the package's.
fn leads_to(present: &Lookup, package: &RowRef, ids: &TargetIds) -> bool {
    present.id == ids.of(package) && (present.table == package.table || package.table.is_empty())
}

/// Whether a change is of state or status, which are written after everything else.
pub(crate) fn is_state(change: &Change, table: &TableFit<'_>) -> bool {
    table.column(&change.column).is_some_and(|c| c.fit == Fit::State)
}

/// Whether both mean the same in this column.
fn same(package: &Value, present: Option<&Value>, column: &ColumnMetadata) -> bool {
    let Some(present) = present else { return is_empty(package) };
    match (package, present) {
        (Value::Decimal(a), Value::Decimal(b)) => same_number(a, b, column),
        (Value::DateTime(a), Value::DateTime(b)) => kept(*a, column) == kept(*b, column),
        (Value::Choices(a), Value::Choices(b)) => sorted(a) == sorted(b),
        // The same name: whether the contents are the same too, only the contents tell.
        (Value::File(a), Value::File(b)) => a.file_name == b.file_name,
        // What became of an image whose thumbnail alone is kept cannot be told apart from another's.
        (Value::Image(a), Value::Image(_)) if !column.stores_full_image() => !a.is_empty(),
        (a, b) => a == b,
    }
}

/// The service keeps no empty text and no empty choices: both are no value.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Text(text) | Value::Image(text) => text.is_empty(),
        Value::Choices(options) => options.is_empty(),
        Value::Parties(parties) => parties.is_empty(),
        Value::Empty => true,
        _ => false,
    }
}

/// A point in time as the column keeps it: whole days, or whole seconds.
fn kept(moment: DateTime, column: &ColumnMetadata) -> (time::Date, Option<(u8, u8, u8)>) {
    let is_day = column.date_behavior == Some(DateBehavior::DateOnly);
    (moment.at.date(), (!is_day).then(|| moment.at.time().as_hms()))
}

fn sorted(options: &[i32]) -> Vec<i32> {
    let mut options = options.to_vec();
    options.sort_unstable();
    options.dedup();
    options
}

/// Whether the service, given the package's number, would keep the present one: it rounds to the column's digits, and
/// which way it goes from the middle is not known. Numbers that nobody can read are compared by their text.
fn same_number(package: &str, present: &str, column: &ColumnMetadata) -> bool {
    let (Some(number), Some(kept)) = (number(package), number(present)) else { return package == present };
    let digits = column.precision.unwrap_or(Decimal::MAX_SCALE);
    let away = number.checked_sub(kept).map(|away| away.abs());
    away.is_some_and(|away| {
        away.is_zero() || away <= Decimal::new(5, digits.saturating_add(1).min(Decimal::MAX_SCALE))
    })
}

/// A number as a package or the service writes it. No column of the service holds more digits than fit.
fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    text.parse().or_else(|_| Decimal::from_scientific(text)).ok()
}

/// A file as it stands in a plan: with its size, where that tells more than its name.
pub(crate) fn file_shown(name: &str, size: usize) -> String {
    format!("{name} ({size} bytes)")
}

/// The longest text of a value in a plan, in characters.
const SHOWN: usize = 200;

fn shown(value: &Value) -> String {
    let text = value.display();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{leads_to, number, same};
    use crate::RowRef;
    use crate::target_ids::TargetIds;
    use crate::testing::column;
    use cmt::{DateTime, Lookup, Value};
    use dataverse::{ColumnKind, ColumnMetadata, DateBehavior};
    use time::macros::datetime;
    use uuid::Uuid;

    fn decimal(digits: &str) -> Value {
        Value::Decimal(digits.into())
    }

    fn row(id: u128, table: &str) -> RowRef {
        RowRef { table: table.into(), id: Uuid::from_u128(id) }
    }

    #[test]
    fn a_lookup_leads_to_the_row_that_stands_for_the_packages() {
        let present = Lookup { id: Uuid::from_u128(1), table: "contact".into(), name: None };
        let mut ids = TargetIds::default();
        assert!(leads_to(&present, &row(1, "contact"), &ids));
        assert!(!leads_to(&present, &row(1, "account"), &ids));
        assert!(!leads_to(&present, &row(2, "contact"), &ids));
        ids.set(row(2, "contact"), Uuid::from_u128(1));
        assert!(leads_to(&present, &row(2, "contact"), &ids));
    }

    #[test]
    fn values_are_equal_when_they_mean_the_same() {
        use ColumnKind::{Choices, Decimal, Money, Text};
        let text = |t: &str| Value::Text(t.into());
        let cases = [
            (Text, text(""), None, true),
            (Text, text("a"), None, false),
            (Text, text("a"), Some(text("A")), false),
            (Decimal, decimal("1.0000000000"), Some(decimal("1")), true),
            (Money, decimal("20.5"), Some(decimal("20.5000")), true),
            (Money, decimal("-0.00"), Some(decimal("0.0000")), true),
            (Money, decimal("2.05"), Some(decimal("20.5000")), false),
            (Choices, Value::Choices(vec![9, 1]), Some(Value::Choices(vec![1, 9])), true),
            (Choices, Value::Choices(vec![1]), Some(Value::Choices(vec![1, 9])), false),
        ];
        for (kind, package, present, expected) in cases {
            let found = same(&package, present.as_ref(), &column("x", kind));
            assert_eq!(found, expected, "{package:?} and {present:?}");
        }
    }

    #[test]
    fn dates_are_compared_as_their_column_keeps_them() {
        let at = |at, utc| Value::DateTime(DateTime { at, utc });
        let cases = [
            (
                DateBehavior::UserLocal,
                datetime!(2022-09-30 19:25:01.6429093),
                datetime!(2022-09-30 19:25:01),
                true,
            ),
            (DateBehavior::UserLocal, datetime!(2022-09-30 19:25:02), datetime!(2022-09-30 19:25:01), false),
            (DateBehavior::DateOnly, datetime!(2022-09-30 19:25:01), datetime!(2022-09-30 00:00), true),
            (
                DateBehavior::TimeZoneIndependent,
                datetime!(2022-09-30 08:00),
                datetime!(2022-09-30 09:00),
                false,
            ),
        ];
        for (behavior, package, present, expected) in cases {
            let column =
                ColumnMetadata { date_behavior: Some(behavior), ..column("x", ColumnKind::DateTime) };
            assert_eq!(
                same(&at(package, true), Some(&at(present, true)), &column),
                expected,
                "{behavior:?} {package}"
            );
        }
    }

    #[test]
    fn a_number_is_read_by_its_value() {
        let equal = [("0.10", "1e-1"), ("100", "1E+2"), ("+5", "5.000"), ("000", "-0"), ("12.5", "125e-1")];
        for (a, b) in equal {
            assert!(number(a).is_some() && number(a) == number(b), "{a} {b}");
        }
        for text in ["", "-", ".", "1.2.3", "one"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_number_finer_than_its_column_is_the_one_that_the_service_rounds_it_to() {
        let cases = [
            ("1.23456", "1.23", true),
            ("1.235", "1.24", true),
            ("1.235", "1.23", true),
            ("1.236", "1.23", false),
            ("1.25", "1.2", false),
            ("-0.004", "0.00", true),
        ];
        let column = ColumnMetadata { precision: Some(2), ..column("price", ColumnKind::Money) };
        for (package, present, expected) in cases {
            let found = same(&decimal(package), Some(&decimal(present)), &column);
            assert_eq!(found, expected, "{package} and {present}");
        }
    }
}
