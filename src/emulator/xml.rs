//! The little of XML that is needed here: elements with attributes, and text.

use crate::LoadError;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A reader that knows the name of its file.
pub(crate) struct Elements<'a> {
    reader: Reader<&'a [u8]>,
    file: &'static str,
    depth: usize,
    /// An empty element was opened and is to be closed.
    pending_end: Option<String>,
}

/// One step through the elements.
pub(crate) enum Step {
    /// `<name …>`
    Start(Element),
    /// `</name>`; comes after empty elements too.
    End(String),
    /// Text between elements.
    Text(String),
    /// The end of the file.
    Done,
}

/// An element's name and attributes.
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The names of its attributes, as written.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }

    /// The attribute, or nothing where it is missing.
    pub(crate) fn text(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

impl<'a> Elements<'a> {
    pub(crate) fn new(bytes: &'a [u8], file: &'static str) -> Elements<'a> {
        let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Elements { reader: Reader::from_reader(without_mark), file, depth: 0, pending_end: None }
    }

    /// The next start, end or text.
    pub(crate) fn next(&mut self) -> Result<Step, LoadError> {
        if let Some(name) = self.pending_end.take() {
            return Ok(Step::End(name));
        }
        loop {
            let event = self.reader.read_event().map_err(|reason| self.broken(&reason))?;
            return Ok(match event {
                Event::Start(start) => {
                    self.depth += 1;
                    Step::Start(self.element(&start)?)
                }
                Event::Empty(start) => {
                    let element = self.element(&start)?;
                    self.pending_end = Some(element.name.clone());
                    Step::Start(element)
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    Step::End(end.name().as_ref().to_owned())
                }
                Event::Text(text) => Step::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(entity) => Step::Text(resolve(&entity.xml10_content())),
                Event::Eof if self.depth > 0 => return Err(self.broken(&"the file ends too early")),
                Event::Eof => Step::Done,
                _ => continue,
            });
        }
    }

    fn element(&self, start: &BytesStart<'_>) -> Result<Element, LoadError> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|reason| self.broken(&reason))?;
            // Not normalised: the tool writes tabs raw, and they are part of the text (education-k12-portal).
            let value =
                quick_xml::escape::unescape(&attribute.value).map_err(|reason| self.broken(&reason))?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Element { name: start.name().as_ref().to_owned(), attributes })
    }

    fn broken(&self, reason: &dyn std::fmt::Display) -> LoadError {
        LoadError::Xml {
            file: self.file,
            position: self.reader.buffer_position(),
            reason: reason.to_string(),
        }
    }
}

/// An entity between elements, e.g. in an escaped FetchXML filter.
fn resolve(entity: &str) -> String {
    crate::loader::decode_html(&format!("&{entity};"))
}
