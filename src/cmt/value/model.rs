//! The values of a record, one variant a kind of column.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A value as it stands in a field. A column without a value has no field at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Text, decoded: neither XML-escaped nor HTML-encoded.
    Text(String),
    /// Whole number (`number`, `bigint`).
    Number(i64),
    /// `decimal` and `money`: the digits as written, trailing zeros kept, e.g. `1.0000000000`.
    Decimal(String),
    /// `float`
    Float(f64),
    /// `bool`
    Bool(bool),
    /// `datetime`
    DateTime(DateTime),
    /// `optionsetvalue`, `state`, `status`
    Choice(i32),
    /// `optionsetvaluecollection`, without the sentinels.
    Choices(Vec<i32>),
    /// `guid`
    Id(Uuid),
    /// `entityreference`, `owner`
    Lookup(Lookup),
    /// `partylist`
    Parties(Vec<Party>),
    /// `imagedata`: base64 text.
    Image(String),
    /// `filedata`: a reference to `files/ID.bin`.
    File(FileRef),
}

/// A point in time, or a date without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateTime {
    /// Date and time of day as written.
    pub at: time::PrimitiveDateTime,
    /// Written with `Z` (user-local columns). Without it: date-only and time-zone-independent columns.
    pub utc: bool,
}

/// A reference to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// The row.
    pub id: Uuid,
    /// Its table (`lookupentity`).
    pub table: String,
    /// Its name (`lookupentityname`): XML-escaped only, never HTML-encoded.
    pub name: Option<String>,
}

/// One party of an activity: an `<activitypointerrecords>` element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Party {
    /// The party row's own id.
    pub id: Uuid,
    /// Its fields in file order.
    pub fields: Vec<crate::Field>,
}

/// A file column's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Names the member `files/ID.bin`.
    pub id: Uuid,
    /// The file's own name.
    pub file_name: String,
}
