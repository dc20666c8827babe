//! The values of a record, one variant a kind of column.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A value as it stands in a field. A column without a value has no field at all.
///
/// Literals and counts: 578,814 fields of 31 real packages, unless another source is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `string`: text, decoded; neither XML-escaped nor HTML-encoded. In the file it is HTML-encoded as .NET does and
    /// then XML-escaped: `caf&amp;#233;`.
    Text(String),
    /// Whole number (`number`, `bigint`): decimal digits with `-` in front of a negative one. `bigint` was seen in
    /// schemas only, never with a value.
    Number(i64),
    /// `decimal` and `money`: the digits as written, trailing zeros kept, e.g. `1.0000000000`.
    Decimal(String),
    /// `float`: the shortest digits that give the number, with a point: `1789.4`.
    Float(f64),
    /// `bool`: `True` or `False`.
    Bool(bool),
    /// `datetime`: `2022-09-30T19:25:01.0000000Z`, or without `Z`; culture text in packages of 2017 to 2019.
    DateTime(DateTime),
    /// `optionsetvalue`, `state`, `status`: the number of the option, not its label.
    Choice(i32),
    /// `optionsetvaluecollection`: the numbers of the options, without the -1 that stands at both ends in the file:
    /// `[-1,100000000,100000001,-1]`.
    Choices(Vec<i32>),
    /// `guid`: lower case with hyphens, no braces.
    Id(Uuid),
    /// `entityreference`, `owner`: the id in `value`, the table and name in attributes of their own.
    Lookup(Lookup),
    /// `partylist`: `value` is empty, and each party is an element inside. An empty list is written too.
    Parties(Vec<Party>),
    /// `imagedata`: base64 text of the picture's bytes, without a `data:` prefix; 117 values seen.
    Image(String),
    /// `filedata`: a reference to `files/ID.bin`. Source: TALXIS, from Microsoft's own engine; in no package seen.
    File(FileRef),
    /// No value, said on purpose: whoever writes a row empties the column. The file has no way to say that: no reader
    /// gives it, and a writer leaves the field out.
    Empty,
}

/// A point in time, or a date without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateTime {
    /// Date and time of day as written.
    pub at: time::PrimitiveDateTime,
    /// Written with `Z`: UTC, for user-local columns (116,037 seen). Without it: date-only and time-zone-independent
    /// columns (5,161 seen; which behaviour gives which was observed in a lab by TALXIS).
    pub utc: bool,
}

/// A reference to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// The row.
    pub id: Uuid,
    /// Its table (`lookupentity`).
    pub table: String,
    /// Its name (`lookupentityname`): XML-escaped only, never HTML-encoded (226 seen with characters that would be).
    /// `None` where the service gave none: owners, parents of notes.
    pub name: Option<String>,
}

/// One party of an activity: an `<activitypointerrecords>` element (20 seen, in three packages).
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
