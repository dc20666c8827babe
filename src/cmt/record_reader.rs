//! Reads the records and links of one table of `data.xml`.

use crate::date_time::DateOrder;
use crate::findings::{Findings, Place, Subject};
use crate::markup::{Markup, Tag, Token};
use crate::value_reader::{self, Expectation, RawField};
use crate::{Column, ColumnType, Error, Field, LinkSet, Party, Record, Schema, Severity, Value};
use std::collections::HashMap;
use std::io::BufRead;
use uuid::Uuid;

/// A table of the data that is being read, with what the schema says of it.
#[derive(Debug)]
pub(crate) struct OpenTable<'s> {
    pub(crate) name: String,
    primary_id: Option<&'s str>,
    columns: HashMap<&'s str, &'s Column>,
    schema: &'s Schema,
    pub(crate) date_order: Option<DateOrder>,
}

impl<'s> OpenTable<'s> {
    pub(crate) fn new(name: String, schema: &'s Schema, date_order: Option<DateOrder>) -> Self {
        let mut columns = HashMap::new();
        // The schema may list a table twice: the columns of both count, the first of a name wins.
        for table in schema.tables.iter().filter(|table| table.name == name) {
            for column in &table.columns {
                columns.entry(column.name.as_str()).or_insert(column);
            }
        }
        let primary_id = schema.table(&name).map(|table| table.primary_id.as_str());
        OpenTable { name, primary_id, columns, schema, date_order }
    }

    /// Reads the record whose start tag was just read. `None`: it has no id and was left out.
    ///
    /// # Errors
    /// [`Error::BrokenXml`], [`Error::DamagedZip`].
    pub(crate) fn record<R: BufRead>(
        &self,
        markup: &mut Markup<R>,
        mut tag: Tag,
    ) -> Result<Option<Record>, Error> {
        let place = tag.place;
        let mut id = tag.take("id").and_then(|text| value_reader::id(&text).ok()).map(|(id, _)| id);
        let subject = Subject { table: Some(&self.name), record: id };
        if tag.take("newId").is_some() {
            let text = "The record's newId is not used: it keeps the id of its primary key.".to_owned();
            markup.findings.add(Severity::Warning, place, subject, text);
        }
        ignore_rest(&mut markup.findings, &tag, &self.name);
        let fields = self.fields(markup, id)?;
        let key = self.primary_id.and_then(|column| id_in(&fields, column));
        self.compare_ids(&mut markup.findings, place, id, key);
        id = key.or(id);
        if id.is_none() {
            let text = "A record has no readable id and was left out.".to_owned();
            markup.findings.add(Severity::Error, place, subject, text);
        }
        Ok(id.map(|id| Record { id, fields }))
    }

    /// The tool creates a row under the value of its primary key column, whatever the record's `id` says.
    fn compare_ids(&self, findings: &mut Findings, place: Place, id: Option<Uuid>, key: Option<Uuid>) {
        let subject = Subject { table: Some(&self.name), record: key };
        match (id, key) {
            (Some(id), Some(key)) if id != key => {
                let text = format!("The record's id is {id}, its primary key {key}; the key counts.");
                findings.add(Severity::Warning, place, subject, text);
            }
            (None, Some(_)) => {
                let text = "The record has no readable id; its primary key is taken.".to_owned();
                findings.add(Severity::Warning, place, subject, text);
            }
            _ => {}
        }
    }

    /// The fields up to the end of the element opened last (a record or a party).
    fn fields<R: BufRead>(&self, markup: &mut Markup<R>, record: Option<Uuid>) -> Result<Vec<Field>, Error> {
        let mut fields: Vec<Field> = Vec::new();
        while let Token::Open(tag) = markup.next()? {
            if tag.name != "field" {
                skip_unknown(markup, &tag, &self.name)?;
                continue;
            }
            let place = tag.place;
            let Some(field) = self.field(markup, tag, record)? else { continue };
            if fields.iter().any(|known| known.column == field.column) {
                let text = format!("The column {} has two values; the first counts.", field.column);
                let subject = Subject { table: Some(&self.name), record };
                markup.findings.add(Severity::Warning, place, subject, text);
            } else {
                fields.push(field);
            }
        }
        Ok(fields)
    }

    fn field<R: BufRead>(
        &self,
        markup: &mut Markup<R>,
        mut tag: Tag,
        record: Option<Uuid>,
    ) -> Result<Option<Field>, Error> {
        let place = tag.place;
        let name = tag.take("name").filter(|name| !name.is_empty());
        let written = tag.take("value");
        let (table, label, file_name) =
            (tag.take("lookupentity"), tag.take("lookupentityname"), tag.take("filename"));
        ignore_rest(&mut markup.findings, &tag, &self.name);
        let parties = self.parties(markup, record)?;
        let subject = Subject { table: Some(&self.name), record };
        let Some(name) = name else {
            let text = "A field has no name and was left out.".to_owned();
            markup.findings.add(Severity::Error, place, subject, text);
            return Ok(None);
        };
        let Some(value) = written else {
            let text = format!("The field {name} has no value attribute and was left out.");
            markup.findings.add(Severity::Warning, place, subject, text);
            return Ok(None);
        };
        let raw = RawField { value, table, name: label, file_name, parties };
        let value = self.value(&mut markup.findings, place, record, &name, raw);
        Ok(value.map(|value| Field { column: name, value }))
    }

    /// Reads a value by its column's type and tells what was unusual about it.
    fn value(
        &self,
        findings: &mut Findings,
        place: Place,
        record: Option<Uuid>,
        name: &str,
        raw: RawField,
    ) -> Option<Value> {
        let expected = self.expectation(findings, place, name, &raw);
        match value_reader::read(raw, expected) {
            Ok(reading) => {
                if let Some(habit) = reading.habit {
                    findings.add_once(
                        Severity::Note,
                        place,
                        Some(&self.name),
                        format!("In the column {name}, {habit}."),
                    );
                }
                reading.value
            }
            Err(misfit) => {
                let text = format!("The value of {name} was left out: {misfit} is expected.");
                findings.add(Severity::Error, place, Subject { table: Some(&self.name), record }, text);
                None
            }
        }
    }

    /// What the schema says of a column; for one it does not list, what the field itself shows.
    fn expectation(
        &self,
        findings: &mut Findings,
        place: Place,
        name: &str,
        raw: &RawField,
    ) -> Expectation<'s> {
        let date_order = self.date_order;
        if let Some(column) = self.columns.get(name) {
            return Expectation {
                column_type: column.column_type,
                lookup_targets: &column.lookup_targets,
                date_order,
            };
        }
        let text =
            format!("The column {name} is not in the schema; Microsoft's tool would pass over its values.");
        findings.add_once(Severity::Warning, place, Some(&self.name), text);
        Expectation { column_type: shown_type(raw), lookup_targets: &[], date_order }
    }

    /// The parties up to the end of the field opened last.
    fn parties<R: BufRead>(&self, markup: &mut Markup<R>, record: Option<Uuid>) -> Result<Vec<Party>, Error> {
        let mut parties = Vec::new();
        while let Token::Open(mut tag) = markup.next()? {
            if tag.name != "activitypointerrecords" {
                skip_unknown(markup, &tag, &self.name)?;
                continue;
            }
            let place = tag.place;
            let id = tag.take("id").and_then(|text| value_reader::id(&text).ok());
            let fields = party_fields(markup, self, record)?;
            match id {
                Some((id, _)) => parties.push(Party { id, fields }),
                None => {
                    let text = "A party of an activity has no readable id and was left out.".to_owned();
                    markup.findings.add(
                        Severity::Error,
                        place,
                        Subject { table: Some(&self.name), record },
                        text,
                    );
                }
            }
        }
        Ok(parties)
    }

    /// Reads the `<m2mrelationship>` whose start tag was just read.
    ///
    /// # Errors
    /// [`Error::BrokenXml`], [`Error::DamagedZip`].
    pub(crate) fn links<R: BufRead>(
        &self,
        markup: &mut Markup<R>,
        mut tag: Tag,
    ) -> Result<Option<LinkSet>, Error> {
        let place = tag.place;
        let source = tag.take("sourceid").and_then(|text| value_reader::id(&text).ok());
        let (relationship, table) = (tag.take("m2mrelationshipname"), tag.take("targetentityname"));
        let (target_id, _schema_name) =
            (tag.take("targetentitynameidfield"), tag.take("m2mrelationshipschemaname"));
        ignore_rest(&mut markup.findings, &tag, &self.name);
        let targets = self.targets(markup)?;
        let (Some((source, _)), Some(relationship)) = (source, relationship) else {
            let text =
                "A many-to-many element has no readable sourceid or no m2mrelationshipname and was left out."
                    .to_owned();
            markup.findings.add(
                Severity::Error,
                place,
                Subject { table: Some(&self.name), record: None },
                text,
            );
            return Ok(None);
        };
        let declared = self.declared(markup, place, &relationship);
        let target_table = table.or(declared.map(|d| d.target_table.clone())).unwrap_or_default();
        let target_primary_id =
            target_id.or(declared.map(|d| d.target_primary_id.clone())).unwrap_or_default();
        Ok(Some(LinkSet { relationship, source, target_table, target_primary_id, targets }))
    }

    /// The schema's declaration of a relationship on this table.
    fn declared<R: BufRead>(
        &self,
        markup: &mut Markup<R>,
        place: Place,
        name: &str,
    ) -> Option<&'s crate::Relationship> {
        let tables = self.schema.tables.iter().filter(|table| table.name == self.name);
        let found = tables
            .flat_map(|table| &table.relationships)
            .find(|r| r.name == name || r.intersect_table == name);
        if found.is_none() {
            let text = format!(
                "The relationship {name} is not in the schema; Microsoft's tool fails on such a package."
            );
            markup.findings.add_once(Severity::Warning, place, Some(&self.name), text);
        }
        found
    }

    /// The ids up to the end of the element opened last, whatever wraps them.
    fn targets<R: BufRead>(&self, markup: &mut Markup<R>) -> Result<Vec<Uuid>, Error> {
        let mut targets = Vec::new();
        while let Token::Open(tag) = markup.next()? {
            match tag.name.as_str() {
                "targetids" => targets.extend(self.targets(markup)?),
                "targetid" => match value_reader::id(&markup.text()?) {
                    Ok((id, _)) => targets.push(id),
                    Err(misfit) => {
                        let text = format!("A targetid was left out: {misfit} is expected.");
                        let subject = Subject { table: Some(&self.name), record: None };
                        markup.findings.add(Severity::Error, tag.place, subject, text);
                    }
                },
                _ => skip_unknown(markup, &tag, &self.name)?,
            }
        }
        Ok(targets)
    }
}

/// The fields of a party, by the fixed columns of the activity party table, which no schema lists.
fn party_fields<R: BufRead>(
    markup: &mut Markup<R>,
    table: &OpenTable<'_>,
    record: Option<Uuid>,
) -> Result<Vec<Field>, Error> {
    let mut fields = Vec::new();
    while let Token::Open(mut tag) = markup.next()? {
        let place = tag.place;
        let name = tag.take("name").unwrap_or_default();
        let raw = RawField {
            value: tag.take("value").unwrap_or_default(),
            table: tag.take("lookupentity"),
            name: tag.take("lookupentityname"),
            ..RawField::default()
        };
        markup.skip()?;
        let column_type = party_column_type(&name, &raw);
        let expected = Expectation { column_type, lookup_targets: &[], date_order: table.date_order };
        match value_reader::read(raw, expected) {
            Ok(reading) => fields.extend(reading.value.map(|value| Field { column: name, value })),
            Err(misfit) => {
                let text = format!("The value of {name} of a party was left out: {misfit} is expected.");
                let subject = Subject { table: Some(&table.name), record };
                markup.findings.add(Severity::Error, place, subject, text);
            }
        }
    }
    Ok(fields)
}

/// Types of the activity party's columns, as the tool's files show them.
fn party_column_type(name: &str, raw: &RawField) -> ColumnType {
    match name {
        "participationtypemask" | "instancetypecode" => ColumnType::Choice,
        "activitypartyid" => ColumnType::Id,
        "ispartydeleted" | "donotemail" | "donotfax" | "donotpostalmail" | "donotphone" => ColumnType::Bool,
        _ => shown_type(raw),
    }
}

/// The type that the attributes of a field show by themselves.
fn shown_type(raw: &RawField) -> ColumnType {
    match raw {
        RawField { parties, .. } if !parties.is_empty() => ColumnType::PartyList,
        RawField { table: Some(table), .. } if !table.is_empty() => ColumnType::Lookup,
        RawField { file_name: Some(_), .. } => ColumnType::File,
        _ => ColumnType::Text,
    }
}

fn id_in(fields: &[Field], column: &str) -> Option<Uuid> {
    fields.iter().find(|field| field.column == column).and_then(|field| match &field.value {
        Value::Id(id) => Some(*id),
        _ => None,
    })
}

pub(crate) fn skip_unknown<R: BufRead>(markup: &mut Markup<R>, tag: &Tag, table: &str) -> Result<(), Error> {
    let text = format!("The element <{}> is not known here and was passed over.", tag.name);
    markup.findings.add_once(Severity::Warning, tag.place, Some(table), text);
    markup.skip()
}

/// Tells of attributes that nothing was taken from.
pub(crate) fn ignore_rest(findings: &mut Findings, tag: &Tag, table: &str) {
    for name in tag.left_over() {
        let text = format!("The attribute {name} of <{}> is not known here and was ignored.", tag.name);
        findings.add_once(Severity::Note, tag.place, Some(table), text);
    }
}
