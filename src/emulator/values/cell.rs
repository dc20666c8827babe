//! One value of one row.

use super::{Fixed, LongText, day_text, instant_text};
use crate::tables::{DateBehavior, Kind};
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value, json};
use std::cmp::Ordering;
use uuid::Uuid;

/// A value as a row keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// No value; empty text is kept as this too.
    #[default]
    Empty,
    /// Text, base64 of notes and images, table names.
    Text(String),
    /// Text of a generated row that is written out when it is read.
    Long(LongText),
    /// Whole numbers, choices, states.
    Integer(i64),
    /// Money and decimal.
    Fixed(Fixed),
    /// Floating point.
    Double(f64),
    /// Yes or no.
    Boolean(bool),
    /// A point in time or a wall-clock time: seconds since 1970-01-01T00:00:00.
    Instant(i64),
    /// A day: Julian day number.
    Day(i32),
    /// A unique identifier.
    Id(Uuid),
    /// A reference to a row.
    Lookup {
        /// Its table.
        table: String,
        /// Its id.
        id: Uuid,
    },
    /// Several choices in ascending order.
    Choices(Vec<i32>),
    /// Whether a part of a solution may be changed.
    Managed(bool),
}

impl Cell {
    /// True where there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }

    /// Text, with no value for empty text, as the service keeps it.
    #[must_use]
    pub fn text(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// The whole number, if it is one.
    #[must_use]
    pub fn integer(&self) -> Option<i64> {
        if let Cell::Integer(number) = self { Some(*number) } else { None }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Cell::Text(text) = self { Some(text) } else { None }
    }

    /// Where the reference leads, if it is one.
    #[must_use]
    pub fn reference(&self) -> Option<(&str, Uuid)> {
        if let Cell::Lookup { table, id } = self { Some((table, *id)) } else { None }
    }

    /// The JSON the service gives for it.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Cell::Empty => Value::Null,
            Cell::Text(text) => Value::String(text.clone()),
            Cell::Long(text) => Value::String(text.text()),
            Cell::Integer(number) => Value::from(*number),
            Cell::Fixed(number) => digits(&number.to_string()),
            Cell::Double(number) => digits(&double_text(*number)),
            Cell::Boolean(yes) => Value::Bool(*yes),
            Cell::Instant(seconds) => Value::String(instant_text(*seconds)),
            Cell::Day(day) => Value::String(day_text(*day)),
            Cell::Id(id) | Cell::Lookup { id, .. } => Value::String(id.to_string()),
            Cell::Choices(choices) => Value::String(choices_text(choices)),
            Cell::Managed(yes) => managed(*yes),
        }
    }

    /// How two values of one column are ordered; rows without a value come first.
    pub(crate) fn order(&self, other: &Cell) -> Ordering {
        match (self, other) {
            (Cell::Empty, Cell::Empty) => Ordering::Equal,
            (Cell::Empty, _) => Ordering::Less,
            (_, Cell::Empty) => Ordering::Greater,
            (Cell::Text(a), Cell::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
            (Cell::Long(a), b) => Cell::Text(a.text()).order(b),
            (a, Cell::Long(b)) => a.order(&Cell::Text(b.text())),
            (Cell::Integer(a), Cell::Integer(b)) | (Cell::Instant(a), Cell::Instant(b)) => a.cmp(b),
            (Cell::Fixed(a), Cell::Fixed(b)) => a.cmp(b),
            (Cell::Double(a), Cell::Double(b)) => a.total_cmp(b),
            (Cell::Boolean(a), Cell::Boolean(b)) | (Cell::Managed(a), Cell::Managed(b)) => a.cmp(b),
            (Cell::Day(a), Cell::Day(b)) => a.cmp(b),
            (Cell::Choices(a), Cell::Choices(b)) => a.cmp(b),
            (a, b) => match (a.id(), b.id()) {
                (Some(a), Some(b)) => crate::rows::Key::of(a).cmp(&crate::rows::Key::of(b)),
                _ => Ordering::Equal,
            },
        }
    }

    /// The id of an id or a reference.
    pub(crate) fn id(&self) -> Option<Uuid> {
        match self {
            Cell::Id(id) | Cell::Lookup { id, .. } => Some(*id),
            _ => None,
        }
    }
}

/// A managed property as recorded in the rows of roles. The recorded rows carry the name of the one property that
/// stands for customizing, whatever the column is called.
fn managed(yes: bool) -> Value {
    json!({"Value": yes, "CanBeChanged": true, "ManagedPropertyLogicalName": "iscustomizableanddeletable"})
}

/// A JSON number with exactly these digits.
fn digits(text: &str) -> Value {
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

/// .NET writes a whole double with a point, as the recorded answers show (`47.63`, `5.0`).
fn double_text(number: f64) -> String {
    let text = number.to_string();
    if text.contains(['.', 'e', 'N', 'i']) { text } else { format!("{text}.0") }
}

fn choices_text(choices: &[i32]) -> String {
    choices.iter().map(i32::to_string).collect::<Vec<_>>().join(",")
}

impl DateBehavior {
    /// The Edm type of the column's JSON.
    pub(crate) fn edm(self) -> &'static str {
        if self == DateBehavior::DateOnly { "Edm.Date" } else { "Edm.DateTimeOffset" }
    }
}

impl Kind {
    /// The Edm type of the column's JSON, named in refusals.
    pub(crate) fn edm(&self) -> &'static str {
        match self {
            Kind::Text { .. } | Kind::Choices { .. } | Kind::EntityName => "Edm.String",
            Kind::Integer | Kind::Choice { .. } | Kind::State | Kind::Status => "Edm.Int32",
            Kind::BigInt => "Edm.Int64",
            Kind::Decimal { .. } | Kind::Money { .. } => "Edm.Decimal",
            Kind::Double => "Edm.Double",
            Kind::Boolean => "Edm.Boolean",
            Kind::DateTime(behavior) => behavior.edm(),
            Kind::Id | Kind::Lookup(_) | Kind::File => "Edm.Guid",
            Kind::Image => "Edm.Binary",
            Kind::PartyList => "Collection(mscrm.activityparty)",
            Kind::ManagedProperty => "mscrm.BooleanManagedProperty",
        }
    }
}
