//! Values as keys hold them against each other, and as a filter asks for them.

use super::key::is_empty;
use crate::RowRef;
use crate::values::{is_lookup, property, to_json};
use cmt::Value;
use dataverse::{ColumnKind, ColumnMetadata};
use serde_json::Value as Json;
use uuid::Uuid;

/// A value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cell {
    /// None.
    Empty,
    /// The row of the environment that a lookup leads to.
    Row(RowRef),
    /// Any other, in one spelling.
    Plain(String),
}

impl Cell {
    /// A value that is no lookup; lookups are the environment's rows already.
    pub(super) fn of(value: Option<&Value>, column: &ColumnMetadata) -> Cell {
        match value {
            None => Cell::Empty,
            Some(value) if is_empty(value) => Cell::Empty,
            Some(Value::Lookup(lookup)) => Cell::Row(RowRef { table: lookup.table.clone(), id: lookup.id }),
            // The service tells texts apart neither by case nor by blanks at the end.
            Some(Value::Text(text)) => Cell::Plain(text.trim_end().to_lowercase()),
            Some(Value::Decimal(digits)) => Cell::Plain(without_zeros(digits)),
            Some(Value::Choices(options)) => {
                let mut options = options.clone();
                options.sort_unstable();
                Cell::Plain(format!("{options:?}"))
            }
            Some(value) => {
                Cell::Plain(to_json(value, column).map_or_else(|| value.display(), |j| j.to_string()))
            }
        }
    }
}

fn without_zeros(digits: &str) -> String {
    match digits.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole.to_owned(),
        Some(_) => digits.trim_end_matches('0').to_owned(),
        None => digits.to_owned(),
    }
}

/// The condition that asks for rows with this value; `None` where a filter cannot ask for it.
pub(super) fn condition(value: &Value, column: &ColumnMetadata) -> Option<String> {
    let literal = match to_json(value, column)? {
        Json::String(text) if column.kind == ColumnKind::Text => quoted(text.trim_end()),
        Json::String(text) if matches!(column.kind, ColumnKind::Id | ColumnKind::DateTime) => text,
        Json::String(_) => return None,
        other => other.to_string(),
    };
    Some(format!("{} eq {literal}", property(column)))
}

/// The condition that asks for rows whose lookup leads to this row.
pub(super) fn leads_to(column: &ColumnMetadata, id: Uuid) -> Option<String> {
    is_lookup(column.kind).then(|| format!("{} eq {id}", property(column)))
}

/// A text in a filter.
pub(in crate::planning) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{Cell, condition, leads_to};
    use crate::testing::column;
    use cmt::{DateTime, Value};
    use dataverse::{ColumnKind, ColumnMetadata, DateBehavior};
    use time::macros::datetime;
    use uuid::Uuid;

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn keys_are_equal_as_the_service_holds_them_equal() {
        let name = column("x", ColumnKind::Text);
        let of = |value: Option<&Value>| Cell::of(value, &name);
        assert_eq!(of(Some(&text("Published "))), of(Some(&text("PUBLISHED"))));
        assert_ne!(of(Some(&text("Published"))), of(Some(&text("Draft"))));
        assert_eq!(of(Some(&text("  "))), of(None));
        let amount = column("x", ColumnKind::Decimal);
        let decimal = |digits: &str| Cell::of(Some(&Value::Decimal(digits.into())), &amount);
        assert_eq!(decimal("1.5000"), decimal("1.5"));
        assert_eq!(decimal("10.00"), decimal("10"));
        assert_ne!(decimal("100"), decimal("1"));
    }

    #[test]
    fn a_filter_names_a_value_as_its_column_is_asked_for() {
        let day = ColumnMetadata {
            date_behavior: Some(DateBehavior::DateOnly),
            ..column("x", ColumnKind::DateTime)
        };
        let moment = Value::DateTime(DateTime { at: datetime!(1990-01-31 0:00), utc: false });
        let cases = [
            (condition(&text("O'Neill"), &column("x", ColumnKind::Text)), Some("x eq 'O''Neill'")),
            (condition(&Value::Number(7), &column("x", ColumnKind::Integer)), Some("x eq 7")),
            (condition(&Value::Bool(true), &column("x", ColumnKind::Boolean)), Some("x eq true")),
            (condition(&moment, &day), Some("x eq 1990-01-31")),
            (condition(&Value::Choices(vec![1]), &column("x", ColumnKind::Choices)), None),
            (
                leads_to(&column("x", ColumnKind::Lookup), Uuid::nil()),
                Some("_x_value eq 00000000-0000-0000-0000-000000000000"),
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found.as_deref(), expected);
        }
    }
}
