//! Reads a `<record>` with its fields.

use crate::data::nameless::is_never_named;
use crate::data::open_table::{ElementReader, shown_type};
use crate::data::piece::{field_attributes, id_attribute, level, parties_of};
use crate::finding::Place;
use crate::form::{Attribute, Conventions};
use crate::value::reader::{self as value_reader, Expectation, RawField};
use crate::xml::markup::{Tag, Token};
use crate::{ColumnType, Error, Field, Record, Severity, Value};
use std::io::BufRead;
use uuid::Uuid;

impl<'s, R: BufRead> ElementReader<'_, 's, R> {
    /// Reads the record whose start tag was just read. `None`: it has no id and was left out.
    ///
    /// # Errors
    /// [`Error::BrokenXml`], [`Error::DamagedZip`].
    pub(crate) fn record(&mut self, mut tag: Tag) -> Result<Option<Record>, Error> {
        let place = tag.place;
        self.record = self.take_id(&mut tag, "id");
        let started = self.start(&tag, self.record.is_none());
        if tag.take("newId").is_some() {
            let text = "The record's newId is not used: it keeps the id of its primary key.";
            self.tell(Severity::Warning, place, text);
        }
        self.ignore_rest(&tag);
        let fields = self.fields()?;
        let Some(id) = self.decide_id(place, &fields) else {
            self.leave_out(started);
            return Ok(None);
        };
        let record = Record { id, fields };
        self.keep(started, level::RECORD, |_| ("record", id_attribute(id), record.fields.is_empty()));
        Ok(Some(record))
    }

    /// The tool creates a row under the value of its primary key column, whatever the record's `id` says.
    fn decide_id(&mut self, place: Place, fields: &[Field]) -> Option<Uuid> {
        let key = self.table.primary_id.and_then(|column| id_in(fields, column));
        let written = self.record;
        self.record = key.or(written);
        match (written, key) {
            (Some(id), Some(key)) if id != key => {
                let text = format!("The record's id is {id}, its primary key {key}; the key counts.");
                self.tell(Severity::Warning, place, text);
            }
            (None, Some(_)) => {
                self.tell(
                    Severity::Warning,
                    place,
                    "The record has no readable id; its primary key is taken.",
                );
            }
            (None, None) => {
                self.tell(Severity::Error, place, "A record has no readable id and was left out.")
            }
            (Some(_), None) if !fields.is_empty() && self.lists_key() => {
                let text = "Records have no value in their primary key column; their id is taken.".to_owned();
                self.tell_once(Severity::Note, place, text);
            }
            (Some(_), _) => {}
        }
        self.record
    }

    /// Whether the schema lists the table's primary key column.
    fn lists_key(&self) -> bool {
        self.table.primary_id.is_some_and(|key| self.table.column(key).is_some())
    }

    /// The fields up to the end of the element opened last.
    fn fields(&mut self) -> Result<Vec<Field>, Error> {
        let mut fields: Vec<Field> = Vec::new();
        while let Token::Open(tag) = self.markup.next()? {
            if tag.name != "field" {
                self.pass_over(&tag)?;
                continue;
            }
            let place = tag.place;
            let started = self.start(&tag, true);
            let Some(field) = self.field(tag)? else {
                self.leave_out(started);
                continue;
            };
            if fields.iter().any(|known| known.column == field.column) {
                let text = format!("The column {} has two values; the first counts.", field.column);
                self.tell(Severity::Warning, place, text);
                self.leave_out(started);
            } else {
                self.keep(started, level::FIELD, |conventions| written_field(&field, conventions));
                fields.push(field);
            }
        }
        Ok(fields)
    }

    fn field(&mut self, mut tag: Tag) -> Result<Option<Field>, Error> {
        let place = tag.place;
        let (name, written) = (tag.take("name").filter(|name| !name.is_empty()), tag.take("value"));
        let mut raw = RawField {
            table: tag.take("lookupentity"),
            name: tag.take("lookupentityname"),
            file_name: tag.take("filename"),
            ..RawField::default()
        };
        self.ignore_rest(&tag);
        raw.parties = self.parties()?;
        let Some(name) = name else {
            self.tell(Severity::Error, place, "A field has no name and was left out.");
            return Ok(None);
        };
        let Some(value) = written else {
            let text = format!("The field {name} has no value attribute and was left out.");
            self.tell(Severity::Warning, place, text);
            return Ok(None);
        };
        raw.value = value;
        let unnamed = raw.name.is_none();
        let value = self.value(place, &name, raw);
        self.look_at(place, &name, value.as_ref(), unnamed);
        Ok(value.map(|value| Field { column: name, value }))
    }

    /// Tells of what a value refers to and the package does not hold.
    fn look_at(&mut self, place: Place, column: &str, value: Option<&Value>, unnamed: bool) {
        match value {
            Some(Value::Lookup(_)) if unnamed && !is_never_named(&self.table.name, column) => {
                self.nameless.count(place)
            }
            Some(Value::File(file)) if !self.table.holds_file(file.id) => {
                let text = format!(
                    "The file of the column {column} is missing: the zip holds no files/{}.bin, so only its id and name are read.",
                    file.id
                );
                self.tell(Severity::Warning, place, text);
            }
            _ => {}
        }
    }

    /// Reads a value by its column's type and tells what was unusual about it.
    fn value(&mut self, place: Place, name: &str, raw: RawField) -> Option<Value> {
        let mut expected = self.expectation(place, name, &raw);
        if !raw.parties.is_empty() && expected.column_type != ColumnType::PartyList {
            if !raw.value.is_empty() {
                let text = format!(
                    "The value of {name} was left out: parties stand in it, and it is no party list."
                );
                self.tell(Severity::Error, place, text);
                return None;
            }
            let text = format!("The column {name} holds parties and is read as a party list.");
            self.tell_once(Severity::Warning, place, text);
            expected.column_type = ColumnType::PartyList;
        }
        match value_reader::read(raw, expected) {
            Ok(reading) => {
                if let Some(habit) = reading.habit {
                    let severity = if reading.guessed { Severity::Warning } else { Severity::Note };
                    self.tell_once(severity, place, format!("In the column {name}, {habit}."));
                }
                reading.value
            }
            Err(misfit) => {
                let text = format!("The value of {name} was left out: {misfit} is expected.");
                self.tell(Severity::Error, place, text);
                None
            }
        }
    }

    /// What the schema says of a column; for one it does not list, what the field itself shows.
    fn expectation(&mut self, place: Place, name: &str, raw: &RawField) -> Expectation<'s> {
        if let Some(column) = self.table.column(name) {
            return self.table.expects(column.column_type, &column.lookup_targets);
        }
        let text =
            format!("The column {name} is not in the schema; Microsoft's tool would pass over its values.");
        self.tell_once(Severity::Warning, place, text);
        self.table.expects(shown_type(raw), &[])
    }
}

/// A field as we would write it.
pub(crate) fn written_field<'a>(
    field: &'a Field,
    conventions: &Conventions,
) -> (&'static str, Vec<Attribute<'a>>, bool) {
    ("field", field_attributes(&field.column, &field.value, conventions), parties_of(&field.value).is_empty())
}

fn id_in(fields: &[Field], column: &str) -> Option<Uuid> {
    fields.iter().find(|field| field.column == column).and_then(|field| match &field.value {
        Value::Id(id) => Some(*id),
        _ => None,
    })
}
