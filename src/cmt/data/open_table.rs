//! A table of `data.xml` that is being read, with what the schema says of it.

use crate::data::nameless::Nameless;
use crate::finding::{Findings, Place, Subject};
use crate::form::{Attribute, Before, Conventions, Form, Held};
use crate::package::archive::Files;
use crate::value::date_time::DateOrder;
use crate::value::reader::{self as value_reader, Expectation, RawField};
use crate::xml::markup::{Markup, Tag};
use crate::{Column, ColumnType, Error, Relationship, Schema, Severity};
use std::collections::HashMap;
use std::io::BufRead;
use uuid::Uuid;

/// What is known of the table before its records are read.
#[derive(Debug)]
pub(crate) struct OpenTable<'s> {
    pub(crate) name: String,
    /// The id column, where the schema lists the table.
    pub(crate) primary_id: Option<&'s str>,
    columns: HashMap<&'s str, &'s Column>,
    schema: &'s Schema,
    files: &'s Files,
    /// How the writer's machine ordered day and month, where it did not write ISO dates.
    pub(crate) date_order: Option<DateOrder>,
}

impl<'s> OpenTable<'s> {
    pub(crate) fn new(
        name: String,
        schema: &'s Schema,
        files: &'s Files,
        date_order: Option<DateOrder>,
    ) -> Self {
        let mut columns = HashMap::new();
        // The schema may list a table twice: the columns of both count, the first of a name wins.
        for column in schema.tables.iter().filter(|table| table.name == name).flat_map(|table| &table.columns)
        {
            columns.entry(column.name.as_str()).or_insert(column);
        }
        let primary_id = schema.table(&name).map(|table| table.primary_id.as_str());
        OpenTable { name, primary_id, columns, schema, files, date_order }
    }

    /// The schema's column.
    pub(crate) fn column(&self, name: &str) -> Option<&'s Column> {
        self.columns.get(name).copied()
    }

    /// Whether the package holds the content of a file column.
    pub(crate) fn holds_file(&self, id: Uuid) -> bool {
        self.files.contains_key(&id)
    }

    /// The schema's declaration of a many-to-many relationship on this table.
    pub(crate) fn relationship(&self, name: &str) -> Option<&'s Relationship> {
        let tables = self.schema.tables.iter().filter(|table| table.name == self.name);
        tables.flat_map(|table| &table.relationships).find(|r| r.name == name || r.intersect_table == name)
    }

    /// What a column of this type expects.
    pub(crate) fn expects(&self, column_type: ColumnType, lookup_targets: &'s [String]) -> Expectation<'s> {
        Expectation { column_type, lookup_targets, date_order: self.date_order }
    }
}

/// Reads what stands inside one element of a table: its fields, parties, links.
pub(crate) struct ElementReader<'a, 's, R: BufRead> {
    pub(crate) table: &'a OpenTable<'s>,
    pub(crate) markup: &'a mut Markup<R>,
    /// The record it belongs to, as far as known.
    pub(crate) record: Option<Uuid>,
    /// How it was written, where that is kept.
    pub(crate) form: Form,
    /// How many of its tags were understood.
    pub(crate) position: usize,
    /// Its lookups that are written without a name.
    pub(crate) nameless: Nameless,
}

/// An element whose start tag was read and that may still turn out not to be understood.
pub(crate) struct Started {
    held: Held,
    position: usize,
    empty: bool,
    captured: bool,
}

impl<'a, 's, R: BufRead> ElementReader<'a, 's, R> {
    pub(crate) fn new(table: &'a OpenTable<'s>, markup: &'a mut Markup<R>) -> Self {
        ElementReader {
            table,
            markup,
            record: None,
            form: Form::default(),
            position: 0,
            nameless: Nameless::default(),
        }
    }

    /// Starts an element. `doubtful`: it may have to be left out with what is inside it.
    pub(crate) fn start(&mut self, tag: &Tag, doubtful: bool) -> Started {
        let captured = doubtful && !tag.empty;
        let held = self.markup.hold();
        if let Some((keeper, _)) = self.markup.keeper().filter(|_| captured) {
            keeper.start_capture(&held);
        }
        self.position += 1;
        Started { held, position: self.position - 1, empty: tag.empty, captured }
    }

    /// The element was understood; its end was just read.
    pub(crate) fn keep<'o>(
        &mut self,
        started: Started,
        level: usize,
        ours: impl FnOnce(&Conventions) -> (&'o str, Vec<Attribute<'o>>, bool),
    ) {
        self.keep_behind(started, level, |_| Before::Level(level), ours);
    }

    /// As [`ElementReader::keep`], with more than a line end before the end tag.
    pub(crate) fn keep_behind<'o>(
        &mut self,
        started: Started,
        level: usize,
        before_end: impl FnOnce(&Conventions) -> Before,
        ours: impl FnOnce(&Conventions) -> (&'o str, Vec<Attribute<'o>>, bool),
    ) {
        let Started { held, position, empty, captured } = started;
        let mut name = "";
        let form = self.markup.form_of(held, &Before::Level(level), |conventions| {
            let ours = ours(conventions);
            name = ours.0;
            ours
        });
        self.form.add(position, form);
        let Some((keeper, _)) = self.markup.keeper() else { return };
        if captured {
            keeper.end_capture(false);
        }
        if !empty {
            let before = before_end(&keeper.conventions);
            self.form.add(self.position, keeper.form_of_end(&before, name));
            self.position += 1;
        }
    }

    /// The element was not understood; its end was just read. It is kept as it stands.
    pub(crate) fn leave_out(&mut self, started: Started) {
        self.position = started.position;
        self.form.truncate(started.position);
        let Some((keeper, buffer)) = self.markup.keeper() else { return };
        match started.captured {
            true => keeper.end_capture(true),
            false => keeper.release(started.held, buffer),
        }
    }
}

impl<R: BufRead> ElementReader<'_, '_, R> {
    /// Tells of this element.
    pub(crate) fn tell(&mut self, severity: Severity, place: Place, text: impl Into<String>) {
        let subject = Subject { table: Some(&self.table.name), record: self.record };
        self.markup.findings.add(severity, place, subject, text.into());
    }

    /// Tells of a habit of the table's author, once.
    pub(crate) fn tell_once(&mut self, severity: Severity, place: Place, text: String) {
        self.markup.findings.add_once(severity, place, Some(&self.table.name), text);
    }

    /// Tells of attributes that nothing was taken from.
    pub(crate) fn ignore_rest(&mut self, tag: &Tag) {
        ignore_rest(&mut self.markup.findings, tag, &self.table.name);
    }

    /// The id in an attribute, where it is one.
    pub(crate) fn take_id(&mut self, tag: &mut Tag, attribute: &str) -> Option<Uuid> {
        let (id, habit) = value_reader::id(&tag.take(attribute)?).ok()?;
        if let Some(habit) = habit {
            let text = format!("In the attribute {attribute} of <{}>, {habit}.", tag.name);
            self.tell_once(Severity::Note, tag.place, text);
        }
        Some(id)
    }

    /// Passes over an element that is not known.
    pub(crate) fn pass_over(&mut self, tag: &Tag) -> Result<(), Error> {
        pass_over(self.markup, tag, Some(&self.table.name))
    }
}

/// The type that the attributes of a field show by themselves, where no schema tells it.
pub(crate) fn shown_type(raw: &RawField) -> ColumnType {
    match raw {
        RawField { parties, .. } if !parties.is_empty() => ColumnType::PartyList,
        RawField { table: Some(table), .. } if !table.is_empty() => ColumnType::Lookup,
        RawField { file_name: Some(_), .. } => ColumnType::File,
        _ => ColumnType::Text,
    }
}

/// Tells of attributes that nothing was taken from.
pub(crate) fn ignore_rest(findings: &mut Findings, tag: &Tag, table: &str) {
    for name in tag.left_over() {
        let text = format!("The attribute {name} of <{}> is not known here and was ignored.", tag.name);
        findings.add_once(Severity::Note, tag.place, Some(table), text);
    }
}

/// Passes over an element that is not known.
pub(crate) fn pass_over<R: BufRead>(
    markup: &mut Markup<R>,
    tag: &Tag,
    table: Option<&str>,
) -> Result<(), Error> {
    let text = format!("The element <{}> is not known here and was passed over.", tag.name);
    markup.findings.add_once(Severity::Warning, tag.place, table, text);
    markup.skip()
}
