//! A row as a request carries it, written without a second copy of its values: notes hold their files.

use crate::Row;
use serde::ser::{Serialize, SerializeMap, Serializer};
use uuid::Uuid;

/// The values of a row together with what names it.
pub(crate) struct RowBody<'a> {
    /// The `@odata.type`, where the request does not say the table.
    pub(crate) kind: Option<&'a str>,
    /// The primary id's column.
    pub(crate) key: &'a str,
    pub(crate) id: Uuid,
    pub(crate) values: &'a Row,
}

impl Serialize for RowBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(kind) = self.kind {
            map.serialize_entry("@odata.type", kind)?;
        }
        map.serialize_entry(self.key, &self.id)?;
        for (name, value) in self.values.iter().filter(|(name, _)| *name != self.key) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The JSON of a body.
#[expect(
    clippy::expect_used,
    reason = "keys are text and values are JSON already: nothing in a row can fail to serialise"
)]
pub(crate) fn json_of(body: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(body).expect("a row is JSON")
}
