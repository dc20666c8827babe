//! Reads the `<activitypointerrecords>` inside a party list: who takes part in an activity, and as what.

use crate::data::open_table::{ElementReader, shown_type};
use crate::data::piece::{id_attribute, level};
use crate::data::record_reader::written_field;
use crate::value::reader::{self as value_reader, RawField};
use crate::xml::markup::{Tag, Token};
use crate::{ColumnType, Error, Field, Party, Severity};
use std::io::BufRead;

impl<R: BufRead> ElementReader<'_, '_, R> {
    /// The parties up to the end of the field opened last.
    ///
    /// # Errors
    /// [`Error::BrokenXml`], [`Error::DamagedZip`].
    pub(crate) fn parties(&mut self) -> Result<Vec<Party>, Error> {
        let mut parties = Vec::new();
        while let Token::Open(mut tag) = self.markup.next()? {
            if tag.name != "activitypointerrecords" {
                self.pass_over(&tag)?;
                continue;
            }
            let id = self.take_id(&mut tag, "id");
            let started = self.start(&tag, id.is_none());
            self.ignore_rest(&tag);
            let fields = self.party_fields()?;
            match id {
                Some(id) => {
                    let empty = fields.is_empty();
                    let ours = |_: &_| ("activitypointerrecords", id_attribute(id), empty);
                    self.keep(started, level::FIELD + 1, ours);
                    parties.push(Party { id, fields });
                }
                None => {
                    self.tell(Severity::Error, tag.place, "A party has no readable id and was left out.");
                    self.leave_out(started);
                }
            }
        }
        Ok(parties)
    }

    fn party_fields(&mut self) -> Result<Vec<Field>, Error> {
        let mut fields = Vec::new();
        while let Token::Open(tag) = self.markup.next()? {
            if tag.name != "field" {
                self.pass_over(&tag)?;
                continue;
            }
            let started = self.start(&tag, false);
            match self.party_field(tag)? {
                Some(field) => {
                    self.keep(started, level::FIELD + 2, |conventions| written_field(&field, conventions));
                    fields.push(field);
                }
                None => self.leave_out(started),
            }
        }
        Ok(fields)
    }

    fn party_field(&mut self, mut tag: Tag) -> Result<Option<Field>, Error> {
        let place = tag.place;
        let column = tag.take("name").unwrap_or_default();
        let raw = RawField {
            value: tag.take("value").unwrap_or_default(),
            table: tag.take("lookupentity"),
            name: tag.take("lookupentityname"),
            ..RawField::default()
        };
        self.ignore_rest(&tag);
        self.markup.skip()?;
        let expected = self.table.expects(party_column_type(&column, &raw), &[]);
        match value_reader::read(raw, expected) {
            Ok(reading) => Ok(reading.value.map(|value| Field { column, value })),
            Err(misfit) => {
                let text = format!("The value of {column} of a party was left out: {misfit} is expected.");
                self.tell(Severity::Error, place, text);
                Ok(None)
            }
        }
    }
}

/// Types of the activity party's columns, as the tool's files show them; no schema lists them.
fn party_column_type(name: &str, raw: &RawField) -> ColumnType {
    match name {
        "participationtypemask" | "instancetypecode" => ColumnType::Choice,
        "activitypartyid" => ColumnType::Id,
        "ispartydeleted" | "donotemail" | "donotfax" | "donotpostalmail" | "donotphone" => ColumnType::Bool,
        _ => shown_type(raw),
    }
}
