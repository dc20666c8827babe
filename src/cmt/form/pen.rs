//! Writes tags: by the conventions, or as a form says.

use super::{Conventions, EventForm, Shape, TagForm, Written};
use crate::xml::escape::{attribute_pieces, push_attribute_value, push_text};
use std::borrow::Cow;

/// A name and its value before escaping.
pub(crate) type Attribute<'a> = (&'a str, Cow<'a, str>);

/// Appends tags to a buffer.
#[derive(Debug, Default)]
pub(crate) struct Pen {
    pub(crate) out: Vec<u8>,
    pub(crate) conventions: Conventions,
}

impl Pen {
    pub(crate) fn with(conventions: Conventions) -> Pen {
        Pen { out: Vec::new(), conventions }
    }

    /// The start of a file.
    pub(crate) fn prologue(&mut self) {
        if self.conventions.byte_order_mark {
            self.out.extend_from_slice("\u{feff}".as_bytes());
        }
        self.out.extend_from_slice(self.conventions.prologue.as_bytes());
    }

    /// The end of a file.
    pub(crate) fn epilogue(&mut self) {
        self.out.extend_from_slice(self.conventions.epilogue.as_bytes());
    }

    /// What stands before a tag: a line end and the indentation of its level.
    pub(crate) fn gap(&mut self, form: Option<&EventForm>, level: usize) {
        let gap = form.and_then(|form| form.gap.as_deref());
        match gap {
            Some(gap) => self.out.extend_from_slice(gap.as_bytes()),
            None => {
                self.out.extend_from_slice(self.conventions.line_end.as_bytes());
                if !self.conventions.line_end.is_empty() {
                    for _ in 0..level {
                        self.out.extend_from_slice(self.conventions.indent.as_bytes());
                    }
                }
            }
        }
    }

    /// A start tag without what stands before it. Whether an end tag must follow.
    pub(crate) fn open(
        &mut self,
        form: Option<&EventForm>,
        name: &str,
        attributes: &[Attribute<'_>],
        empty: bool,
    ) -> bool {
        if let Some(tag) = form.and_then(|form| form.tag.as_ref()) {
            self.open_as(tag, name, attributes);
            return tag.shape == Shape::Paired;
        }
        let end = if empty { self.conventions.empty_end.as_str() } else { ">" };
        let out = &mut self.out;
        out.push(b'<');
        open_pieces(name, attributes, end, &mut |piece| out.extend_from_slice(piece.as_bytes()));
        !empty
    }

    fn open_as(&mut self, tag: &TagForm, name: &str, attributes: &[Attribute<'_>]) {
        self.put("<");
        self.put(name.trim_end());
        for attribute in &tag.attributes {
            let known = attributes.iter().find(|(known, _)| *known == &*attribute.name);
            let plain = format!(" {}=\"", attribute.name);
            let lead = attribute.lead.as_deref().unwrap_or(&plain);
            match (&attribute.written, known) {
                (Written::Unknown(raw), _) => self.put(&[lead, raw].concat()),
                (Written::Known { literal, escaping }, Some((_, value))) => {
                    let mut escaped = Vec::new();
                    push_attribute_value(&mut escaped, &literal.apply(value));
                    let escaped = String::from_utf8_lossy(&escaped);
                    self.put(&[lead, &escaping.apply(&escaped)].concat());
                }
                (Written::Known { .. }, None) => continue,
            }
            self.put(if lead.ends_with('\'') { "'" } else { "\"" });
        }
        self.put(&tag.end);
        self.put(if tag.shape == Shape::Empty { "/>" } else { ">" });
    }

    /// An end tag without what stands before it.
    pub(crate) fn close(&mut self, form: Option<&EventForm>, name: &str) {
        match form.and_then(|form| form.end_tag.as_deref()) {
            Some(end_tag) => self.put(end_tag),
            None => self.put(&format!("</{name}>")),
        }
    }

    /// A text before its element's end tag.
    pub(crate) fn text(&mut self, form: Option<&EventForm>, text: &str) {
        match form.and_then(|form| form.text.as_ref()) {
            Some(deviation) => {
                let written = deviation.apply(&escaped_text(text));
                self.put(&written);
            }
            None => push_text(&mut self.out, text),
        }
    }

    pub(crate) fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
}

/// The text as we would write it.
pub(crate) fn escaped_text(text: &str) -> String {
    let mut escaped = Vec::new();
    push_text(&mut escaped, text);
    String::from_utf8_lossy(&escaped).into_owned()
}

/// Whether a tag without its brackets is what we would write, up to the white space at its end. Nothing is built for the comparison: a value may
/// have 30 MB.
pub(crate) fn matches_open(tag: &str, name: &str, attributes: &[Attribute<'_>], end: &str) -> bool {
    let mut rest = Some(tag);
    open_pieces(name, attributes, end, &mut |piece| {
        rest = rest.and_then(|rest| rest.strip_prefix(piece));
    });
    rest == Some("")
}

fn open_pieces(name: &str, attributes: &[Attribute<'_>], end: &str, put: &mut dyn FnMut(&str)) {
    put(name);
    for (name, value) in attributes {
        put(" ");
        put(name);
        put("=\"");
        attribute_pieces(value, put);
        put("\"");
    }
    put(end);
}
