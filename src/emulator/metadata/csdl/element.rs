//! An XML element before it is written.

use quick_xml::Writer;
use quick_xml::events::{BytesText, Event};
use std::io;

/// An element with its attributes and either children or text.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Element {
        Element { name, ..Element::default() }
    }

    /// With one more attribute.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Element {
        self.attributes.push((name, value.into()));
        self
    }

    /// With one more child.
    pub(super) fn holding(mut self, child: Element) -> Element {
        self.children.push(child);
        self
    }

    /// With more children.
    pub(super) fn holding_all(mut self, children: impl IntoIterator<Item = Element>) -> Element {
        self.children.extend(children);
        self
    }

    /// With text.
    pub(super) fn saying(mut self, text: &str) -> Element {
        text.clone_into(&mut self.text);
        self
    }

    pub(super) fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        let attributes = self.attributes.iter().map(|(name, value)| (*name, value.as_str()));
        let element = writer.create_element(self.name).with_attributes(attributes);
        if self.children.is_empty() && self.text.is_empty() {
            return element.write_empty().map(drop);
        }
        let inner = |writer: &mut Writer<Vec<u8>>| {
            if !self.text.is_empty() {
                writer.write_event(Event::Text(BytesText::new(&self.text)))?;
            }
            self.children.iter().try_for_each(|child| child.write(writer))
        };
        element.write_inner_content(inner).map(drop)
    }
}
