//! Writes `data.xml` piece by piece: as the newest tool does, or as each piece was written before.

use crate::data::piece::{
    DataPiece, field_attributes, gap_before_target, gap_behind_targets, id_attribute, level,
    links_attributes, parties_of, root_attributes, table_attributes,
};
use crate::form::{Attribute, Conventions, Form, Pen};
use crate::{LinkSet, Party, Record, Value};

/// Appends pieces of `data.xml` to a buffer. Knows the form, not the order: that is the package writer's.
#[derive(Debug, Default)]
pub(crate) struct DataXml {
    pen: Pen,
    /// Whether the root and the table are still to be closed: an empty element closed itself.
    open: Vec<bool>,
}

impl DataXml {
    /// What was written since the buffer was emptied last.
    pub(crate) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.pen.out
    }

    pub(crate) fn learn(&mut self, conventions: &Conventions) {
        if self.pen.conventions != *conventions {
            self.pen.conventions = conventions.clone();
        }
    }

    pub(crate) fn record(&mut self, record: &Record, form: &Form) {
        ElementWriter { pen: &mut self.pen, form, position: 0 }.record(record);
    }

    /// A record that was written before.
    pub(crate) fn record_text(&mut self, text: &[u8]) {
        self.pen.out.extend_from_slice(text);
    }

    pub(crate) fn links(&mut self, links: &LinkSet, form: &Form) {
        ElementWriter { pen: &mut self.pen, form, position: 0 }.links(links);
    }

    pub(crate) fn piece(&mut self, piece: &DataPiece, form: &Form) {
        let mut element = ElementWriter { pen: &mut self.pen, form, position: 0 };
        match piece {
            DataPiece::Start { timestamp } => {
                element.pen.prologue();
                let paired = element.start("entities", &root_attributes(timestamp.as_deref()), false);
                self.open.push(paired);
            }
            DataPiece::Table { name, display_name } => {
                element.gap(level::TABLE);
                let paired = element.start("entity", &table_attributes(name, display_name), false);
                self.open.push(paired);
            }
            DataPiece::SectionStart { section, empty } => {
                element.gap(level::SECTION);
                element.start(section.element(), &[], *empty);
            }
            DataPiece::Record(record) => element.record(record),
            DataPiece::Links(links) => element.links(links),
            DataPiece::SectionEnd(section) => element.end(level::SECTION, section.element()),
            DataPiece::TableEnd if self.open.pop() == Some(true) => element.end(level::TABLE, "entity"),
            DataPiece::TableEnd => {}
            DataPiece::End => {
                if self.open.pop() == Some(true) {
                    element.end(0, "entities");
                }
                element.pen.epilogue();
            }
        }
    }
}

/// Writes one piece, and knows the position of each tag in it.
pub(crate) struct ElementWriter<'a> {
    pub(crate) pen: &'a mut Pen,
    pub(crate) form: &'a Form,
    pub(crate) position: usize,
}

impl ElementWriter<'_> {
    fn record(&mut self, record: &Record) {
        let mut fields = record.fields.iter().filter(|field| field.value != Value::Empty).peekable();
        let empty = fields.peek().is_none();
        self.element(level::RECORD, "record", &id_attribute(record.id), empty, |writer| {
            fields.for_each(|field| writer.field(level::FIELD, &field.column, &field.value));
        });
    }

    pub(crate) fn field(&mut self, level: usize, column: &str, value: &Value) {
        let attributes = field_attributes(column, value, &self.pen.conventions);
        let parties = parties_of(value);
        self.element(level, "field", &attributes, parties.is_empty(), |writer| {
            parties.iter().for_each(|party| writer.party(level + 1, party));
        });
    }

    fn party(&mut self, level: usize, party: &Party) {
        let empty = party.fields.is_empty();
        self.element(level, "activitypointerrecords", &id_attribute(party.id), empty, |writer| {
            party.fields.iter().for_each(|field| writer.field(level + 1, &field.column, &field.value));
        });
    }

    fn links(&mut self, links: &LinkSet) {
        self.gap(level::RECORD);
        if !self.start("m2mrelationship", &links_attributes(links), false) {
            return;
        }
        for (number, target) in links.targets.iter().enumerate() {
            let gap = gap_before_target(&self.pen.conventions, number == 0);
            self.special_gap(&gap);
            let form = self.form.at(self.position);
            self.pen.open(form, "targetid", &[], false);
            self.pen.text(form, &target.to_string());
            self.pen.close(form, "targetid");
            self.position += 1;
        }
        let gap = gap_behind_targets(&self.pen.conventions, !links.targets.is_empty());
        self.special_gap(&gap);
        self.pen.close(self.form.at(self.position), "m2mrelationship");
    }

    /// An element with what is inside it.
    pub(crate) fn element(
        &mut self,
        level: usize,
        name: &str,
        attributes: &[Attribute<'_>],
        empty: bool,
        inside: impl FnOnce(&mut Self),
    ) {
        self.gap(level);
        if self.start(name, attributes, empty) {
            inside(self);
            self.end(level, name);
        }
    }

    /// A start tag. Whether an end tag must follow.
    pub(crate) fn start(&mut self, name: &str, attributes: &[Attribute<'_>], empty: bool) -> bool {
        let form = self.form.at(self.position);
        self.position += 1;
        self.pen.open(form, name, attributes, empty)
    }

    pub(crate) fn end(&mut self, level: usize, name: &str) {
        self.gap(level);
        self.pen.close(self.form.at(self.position), name);
        self.position += 1;
    }

    pub(crate) fn gap(&mut self, level: usize) {
        self.pen.gap(self.form.at(self.position), level);
    }

    /// What stands before a tag, where it is more than a line end.
    fn special_gap(&mut self, ours: &str) {
        let form = self.form.at(self.position);
        self.pen.put(form.and_then(|form| form.gap.as_deref()).unwrap_or(ours));
    }
}
