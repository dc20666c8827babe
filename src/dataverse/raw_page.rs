//! A page of rows as the service wrote it: for whoever takes many rows and no more of each than it needs.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use crate::NextPage;

/// Rows of one answer as JSON text. Nothing of them is built before it is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawPage {
    body: String,
    rows: Vec<Range<usize>>,
    /// The rows that follow; `None`: these were the last.
    pub next: Option<NextPage>,
}

/// The properties of a row that somebody wants, by their places.
#[derive(Clone, Debug, Default)]
pub struct RowShape {
    places: HashMap<String, usize>,
}

/// The wanted properties of one row, each as the JSON text of its value.
#[derive(Clone, Debug)]
pub struct RawRow<'a> {
    values: Vec<Option<&'a RawValue>>,
}

impl RawPage {
    /// The page whose rows lie at these places of the body.
    pub(crate) fn new(body: String, rows: Vec<Range<usize>>, next: Option<NextPage>) -> RawPage {
        RawPage { body, rows, next }
    }

    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The JSON text of each row.
    pub fn rows(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|row| &self.body[row.clone()])
    }
}

impl RowShape {
    /// The place of a property, the same each time it is asked for.
    pub fn place(&mut self, property: &str) -> usize {
        let next = self.places.len();
        *self.places.entry(property.to_owned()).or_insert(next)
    }

    /// The wanted properties of a row.
    ///
    /// # Errors
    /// Where `row` is no JSON object.
    pub fn read<'a>(&self, row: &'a str) -> Result<RawRow<'a>, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(row);
        Ok(RawRow { values: json.deserialize_map(Wanted(self))? })
    }
}

impl<'a> RawRow<'a> {
    /// The JSON of the property at this place; `None` where it is absent or `null`.
    #[must_use]
    pub fn json(&self, place: usize) -> Option<&'a str> {
        self.values.get(place).copied().flatten().map(RawValue::get).filter(|json| *json != "null")
    }

    /// The value of the property at this place, where it is an `A`.
    #[must_use]
    pub fn value<A: Deserialize<'a>>(&self, place: usize) -> Option<A> {
        serde_json::from_str(self.json(place)?).ok()
    }
}

/// Reads an object, and of it what the shape wants.
struct Wanted<'s>(&'s RowShape);

impl<'de> Visitor<'de> for Wanted<'_> {
    type Value = Vec<Option<&'de RawValue>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<Self::Value, A::Error> {
        let mut values = vec![None; self.0.places.len()];
        while let Some(place) = properties.next_key_seed(Name(self.0))? {
            match place {
                Some(place) => values[place] = Some(properties.next_value()?),
                None => {
                    properties.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(values)
    }
}

/// A property's name, as its place.
struct Name<'s>(&'s RowShape);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<Self::Value, D::Error> {
        name.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.places.get(name).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::RowShape;
    use std::borrow::Cow;

    #[test]
    fn of_a_row_only_what_is_wanted_is_read_and_digits_stay_as_written() {
        let mut shape = RowShape::default();
        let (name, revenue, none) = (shape.place("name"), shape.place("revenue"), shape.place("none"));
        assert_eq!(shape.place("name"), name, "a property has one place");
        let json = r#"{"@odata.etag":"W/\"1\"","na\u006de":"A \"B\"","other":{"deep":[1]},"revenue":20000.0000,"none":null}"#;
        let row = shape.read(json).unwrap();
        assert_eq!(row.value::<Cow<'_, str>>(name).as_deref(), Some("A \"B\""));
        assert_eq!(row.json(revenue), Some("20000.0000"));
        assert_eq!(row.json(none), None);
        assert_eq!(row.value::<i64>(name), None, "a text is no number");
    }

    #[test]
    fn what_is_no_object_is_no_row() {
        let shape = RowShape::default();
        for json in ["[]", "7", "{\"a\":", ""] {
            assert!(shape.read(json).is_err(), "{json}");
        }
    }
}
