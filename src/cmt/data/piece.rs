//! `data.xml` tag by tag, as it is copied: its records and links, and the elements around them.

use crate::form::{Attribute, Conventions};
use crate::{LinkSet, Party, Record, Value};
use std::borrow::Cow;

/// A piece of `data.xml`. In its order the pieces make up the whole file: each of 521 real tables has its records, then
/// its links, and always both elements.
#[derive(Clone, Debug, PartialEq)]
pub enum DataPiece {
    /// The root's start, with its timestamp as written.
    Start {
        /// UTC in ISO 8601 with seven digits behind the second since 2021, culture text in files of 2017 to 2019,
        /// absent in one of 31 real packages.
        timestamp: Option<String>,
    },
    /// A table's start.
    Table {
        /// Logical name.
        name: String,
        /// Label.
        display_name: String,
    },
    /// The start of a table's records or links.
    SectionStart {
        /// Which.
        section: Section,
        /// It is one empty element: no end follows.
        empty: bool,
    },
    /// A record.
    Record(Record),
    /// Links of one row.
    Links(LinkSet),
    /// The end of a table's records or links.
    SectionEnd(Section),
    /// A table's end.
    TableEnd,
    /// The root's end.
    End,
}

/// The two parts of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// `<records>`
    Records,
    /// `<m2mrelationships>`
    Links,
}

impl Section {
    /// The element's name.
    #[must_use]
    pub fn element(self) -> &'static str {
        match self {
            Section::Records => "records",
            Section::Links => "m2mrelationships",
        }
    }
}

/// How deep each element is nested.
pub(crate) mod level {
    pub(crate) const TABLE: usize = 1;
    pub(crate) const SECTION: usize = 2;
    pub(crate) const RECORD: usize = 3;
    pub(crate) const FIELD: usize = 4;
    pub(crate) const TARGET: usize = 5;
}

pub(crate) fn root_attributes(timestamp: Option<&str>) -> Vec<Attribute<'_>> {
    let mut attributes: Vec<Attribute<'_>> = vec![
        ("xmlns:xsd", "http://www.w3.org/2001/XMLSchema".into()),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance".into()),
    ];
    attributes.extend(timestamp.map(|timestamp| ("timestamp", timestamp.into())));
    attributes
}

pub(crate) fn table_attributes<'a>(name: &'a str, display_name: &'a str) -> Vec<Attribute<'a>> {
    vec![("name", name.into()), ("displayname", display_name.into())]
}

pub(crate) fn id_attribute(id: uuid::Uuid) -> Vec<Attribute<'static>> {
    vec![("id", id.to_string().into())]
}

pub(crate) fn links_attributes(links: &LinkSet) -> Vec<Attribute<'_>> {
    vec![
        ("sourceid", links.source.to_string().into()),
        ("targetentityname", links.target_table.as_str().into()),
        ("targetentitynameidfield", links.target_primary_id.as_str().into()),
        ("m2mrelationshipname", links.relationship.as_str().into()),
    ]
}

pub(crate) fn field_attributes<'a>(
    column: &'a str,
    value: &'a Value,
    conventions: &Conventions,
) -> Vec<Attribute<'a>> {
    let literal: Cow<'a, str> = match value {
        // The long ones are not copied.
        Value::Text(text) => crate::xml::html_encoding::encode(text),
        Value::Image(base64) => base64.into(),
        Value::DateTime(at) => at.literal_in(conventions.dates).into(),
        other => other.literal().into(),
    };
    let mut attributes = vec![("name", column.into()), ("value", literal)];
    match value {
        Value::Lookup(lookup) => {
            attributes.push(("lookupentity", lookup.table.as_str().into()));
            attributes.extend(lookup.name.as_deref().map(|name| ("lookupentityname", name.into())));
        }
        Value::Parties(parties) if !parties.is_empty() => {
            attributes.extend([("lookupentity", "".into()), ("lookupentityname", "".into())]);
        }
        Value::File(file) => attributes.push(("filename", file.file_name.as_str().into())),
        _ => {}
    }
    attributes
}

/// The parties that stand inside a field.
pub(crate) fn parties_of(value: &Value) -> &[Party] {
    match value {
        Value::Parties(parties) => parties,
        _ => &[],
    }
}

/// What stands before the first target of a link set, and before the others.
pub(crate) fn gap_before_target(conventions: &Conventions, first: bool) -> String {
    let gap = conventions.gap(level::TARGET);
    if first { [&conventions.gap(level::FIELD), "<targetids>", &gap].concat() } else { gap }
}

/// What stands between the last target and the end of a link set.
pub(crate) fn gap_behind_targets(conventions: &Conventions, any: bool) -> String {
    let (inner, outer) = (conventions.gap(level::FIELD), conventions.gap(level::RECORD));
    let start = if any { String::new() } else { [&inner, "<targetids>"].concat() };
    [&start, &inner, "</targetids>", &outer].concat()
}
