//! Writes `data.xml` as the newest tool does: two spaces a level, CR LF, an empty first line in place of a
//! declaration, no line end at the end.

use crate::xml::escape::{push_attribute, push_attribute_value};
use crate::xml::html_encoding;
use crate::{Field, LinkSet, Party, Record, Value};

/// Appends pieces of `data.xml` to a buffer. Knows the form, not the order: that is the package writer's.
#[derive(Debug, Default)]
pub(crate) struct DataXml {
    pub(crate) out: Vec<u8>,
}

impl DataXml {
    pub(crate) fn start(&mut self, timestamp: &str) {
        self.out.extend_from_slice(
            b"\r\n<entities xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"",
        );
        push_attribute(&mut self.out, "timestamp", timestamp);
        self.end_tag(false);
    }

    pub(crate) fn end(&mut self) {
        self.out.extend_from_slice(b"</entities>");
    }

    pub(crate) fn start_table(&mut self, name: &str, display_name: &str) {
        self.open(1, "entity", &[("name", name), ("displayname", display_name)], false);
    }

    pub(crate) fn end_table(&mut self) {
        self.line(1, "</entity>");
    }

    pub(crate) fn line(&mut self, level: usize, markup: &str) {
        self.indent(level);
        self.out.extend_from_slice(markup.as_bytes());
        self.out.extend_from_slice(b"\r\n");
    }

    pub(crate) fn record(&mut self, record: &Record) {
        self.open(3, "record", &[("id", &record.id.to_string())], record.fields.is_empty());
        for field in &record.fields {
            self.field(4, field);
        }
        if !record.fields.is_empty() {
            self.line(3, "</record>");
        }
    }

    pub(crate) fn links(&mut self, links: &LinkSet) {
        let source = links.source.to_string();
        let attributes = [
            ("sourceid", source.as_str()),
            ("targetentityname", &links.target_table),
            ("targetentitynameidfield", &links.target_primary_id),
            ("m2mrelationshipname", &links.relationship),
        ];
        self.open(3, "m2mrelationship", &attributes, false);
        self.line(4, "<targetids>");
        for target in &links.targets {
            self.line(5, &format!("<targetid>{target}</targetid>"));
        }
        self.line(4, "</targetids>");
        self.line(3, "</m2mrelationship>");
    }

    fn field(&mut self, level: usize, field: &Field) {
        self.indent(level);
        self.out.extend_from_slice(b"<field");
        push_attribute(&mut self.out, "name", &field.column);
        self.value(&field.value);
        match &field.value {
            Value::Parties(parties) if !parties.is_empty() => self.parties(level, parties),
            _ => self.end_tag(true),
        }
    }

    /// The attributes that say the value.
    fn value(&mut self, value: &Value) {
        self.out.extend_from_slice(b" value=\"");
        match value {
            // The long ones are not copied first.
            Value::Text(text) => push_attribute_value(&mut self.out, &html_encoding::encode(text)),
            Value::Image(base64) => push_attribute_value(&mut self.out, base64),
            other => push_attribute_value(&mut self.out, &other.literal()),
        }
        self.out.push(b'"');
        match value {
            Value::Lookup(lookup) => {
                push_attribute(&mut self.out, "lookupentity", &lookup.table);
                if let Some(name) = &lookup.name {
                    push_attribute(&mut self.out, "lookupentityname", name);
                }
            }
            Value::Parties(parties) if !parties.is_empty() => {
                push_attribute(&mut self.out, "lookupentity", "");
                push_attribute(&mut self.out, "lookupentityname", "");
            }
            Value::File(file) => push_attribute(&mut self.out, "filename", &file.file_name),
            _ => {}
        }
    }

    fn parties(&mut self, level: usize, parties: &[Party]) {
        self.end_tag(false);
        for party in parties {
            self.open(
                level + 1,
                "activitypointerrecords",
                &[("id", &party.id.to_string())],
                party.fields.is_empty(),
            );
            for field in &party.fields {
                self.field(level + 2, field);
            }
            if !party.fields.is_empty() {
                self.line(level + 1, "</activitypointerrecords>");
            }
        }
        self.line(level, "</field>");
    }

    fn open(&mut self, level: usize, name: &str, attributes: &[(&str, &str)], empty: bool) {
        self.indent(level);
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        for (name, value) in attributes {
            push_attribute(&mut self.out, name, value);
        }
        self.end_tag(empty);
    }

    fn end_tag(&mut self, empty: bool) {
        self.out.extend_from_slice(if empty { b" />\r\n" } else { b">\r\n" });
    }

    fn indent(&mut self, level: usize) {
        self.out.extend(std::iter::repeat_n(b' ', 2 * level));
    }
}
