//! XML as the parts of a package use it: nested tags with attributes, read one by one from a stream.

use crate::finding::{Findings, Place, Subject};
use crate::form::{Attribute, Before, Conventions, EventForm, Held, Keeper};
use crate::package::limits::size;
use crate::xml::markup_trouble::Trouble;
use crate::xml::position::Positioned;
use crate::{Error, Limits, Part, Severity};
use quick_xml::escape::{EscapeError, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::io::{BufRead, ErrorKind};
use std::ops::Range;

/// What a construct may have beside its longest attribute: names and the other attributes.
const CONSTRUCT_SLACK: u64 = 1 << 20;
/// A buffer that grew beyond this for one long attribute is given back.
const BUFFER_KEPT: usize = 1 << 20;

/// A start tag. An empty element is a start tag that is closed at once.
#[derive(Debug)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) place: Place,
    /// No end tag follows.
    pub(crate) empty: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// An attribute's value, XML-unescaped, moved out of the tag.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        let position = self.attributes.iter().position(|(known, _)| known == name)?;
        Some(self.attributes.swap_remove(position).1)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(known, _)| known == name)
    }

    /// Names of the attributes that were not taken.
    pub(crate) fn left_over(&self) -> impl Iterator<Item = &str> {
        self.attributes.iter().map(|(name, _)| name.as_str())
    }
}

/// What comes next in the file.
#[derive(Debug)]
pub(crate) enum Token {
    Open(Tag),
    Close,
    End,
}

/// An element that is open.
struct OpenElement {
    name: String,
    line: u64,
}

/// Reads a part tag by tag and keeps its findings.
pub(crate) struct Markup<R: BufRead> {
    xml: quick_xml::Reader<Positioned<R>>,
    buffer: Vec<u8>,
    part: Part,
    open: Vec<OpenElement>,
    started: bool,
    limits: Limits,
    /// Line ends that are not the tool's were told.
    told_line_ends: bool,
    /// An empty element was read, whose end is still to be told.
    owes_close: bool,
    /// Watches, where the part is to be written again as it stands.
    keeper: Option<Keeper>,
    pub(crate) findings: Findings,
}

impl<R: BufRead> Markup<R> {
    pub(crate) fn new(source: R, part: Part, limits: &Limits) -> Self {
        let longest = limits.attribute_size.saturating_add(CONSTRUCT_SLACK);
        let xml = quick_xml::Reader::from_reader(Positioned::new(source, longest));
        Markup {
            xml,
            buffer: Vec::new(),
            part,
            open: Vec::new(),
            started: false,
            limits: *limits,
            told_line_ends: false,
            owes_close: false,
            keeper: None,
            findings: Findings::of(part),
        }
    }

    /// From here on keeps how the part is written.
    pub(crate) fn keep(&mut self, conventions: Conventions) {
        self.keeper = Some(Keeper::with(conventions));
    }

    /// How the part is written, where that is kept.
    pub(crate) fn conventions(&self) -> Option<&Conventions> {
        self.keeper.as_ref().map(|keeper| &keeper.conventions)
    }

    /// The watcher, with the buffer in which an empty element read last lies.
    pub(crate) fn keeper(&mut self) -> Option<(&mut Keeper, &[u8])> {
        self.keeper.as_mut().map(|keeper| (keeper, self.buffer.as_slice()))
    }

    /// Where the tag read last lies, in bytes from the start of the part. An empty element closes where it opens.
    pub(crate) fn lies_at(&self) -> Range<u64> {
        self.xml.get_ref().construct()
    }

    /// Takes the start tag read last out of what is not understood.
    pub(crate) fn hold(&mut self) -> Held {
        self.keeper.as_mut().map(Keeper::hold).unwrap_or_default()
    }

    /// How the held tag was written, where that is kept and differs. `ours`: its name and attributes as we
    /// would write them, and whether it would be empty.
    pub(crate) fn form_of<'a>(
        &mut self,
        held: Held,
        before: &Before,
        ours: impl FnOnce(&Conventions) -> (&'a str, Vec<Attribute<'a>>, bool),
    ) -> Option<EventForm> {
        let keeper = self.keeper.as_mut()?;
        let (name, attributes, empty) = ours(&keeper.conventions);
        keeper.form_of(held, before, (name, &attributes, empty), &self.buffer)
    }

    /// The next tag. Text between tags has no meaning here and becomes a finding.
    ///
    /// # Errors
    /// [`Error::BrokenXml`] where the XML ends or nests wrongly, [`Error::DamagedZip`] where it cannot be inflated.
    pub(crate) fn next(&mut self) -> Result<Token, Error> {
        loop {
            match self.piece()? {
                Piece::Open(tag) => return Ok(Token::Open(tag)),
                Piece::Close => return Ok(Token::Close),
                Piece::End => return Ok(Token::End),
                Piece::Text(text, place) if !is_blank(&text) => {
                    let message = "Text between tags has no meaning here and was left out.".to_owned();
                    self.findings.add_once(Severity::Note, place, None, message);
                }
                Piece::Text(..) => {}
            }
        }
    }

    /// The text up to the end of the element opened last. Elements inside are kept as the markup they are.
    ///
    /// # Errors
    /// As [`Markup::next`].
    pub(crate) fn text(&mut self) -> Result<String, Error> {
        let mut text = String::new();
        let mut inner: Vec<String> = Vec::new();
        loop {
            match self.piece()? {
                Piece::Text(piece, place) => {
                    text.push_str(&piece);
                    self.check_length(&text, place)?;
                }
                Piece::Open(tag) => {
                    push_tag(&mut text, &tag);
                    inner.push(tag.name);
                }
                Piece::Close => match inner.pop() {
                    Some(name) => text.push_str(&format!("</{name}>")),
                    None => return Ok(text),
                },
                Piece::End => return Ok(text),
            }
        }
    }

    /// Reads past the end of the element opened last.
    ///
    /// # Errors
    /// As [`Markup::next`].
    pub(crate) fn skip(&mut self) -> Result<(), Error> {
        let mut inner = 0_usize;
        loop {
            match self.piece()? {
                Piece::Open(_) => inner += 1,
                Piece::Close if inner > 0 => inner -= 1,
                Piece::Close | Piece::End => return Ok(()),
                Piece::Text(..) => {}
            }
        }
    }

    /// A text made of many pieces must not outgrow what an attribute may hold.
    fn check_length(&self, text: &str, place: Place) -> Result<(), Error> {
        if text.len() as u64 <= self.limits.attribute_size {
            return Ok(());
        }
        Err(self.too_much(place, format!("a text is longer than {}", size(self.limits.attribute_size))))
    }

    /// More at a place of this part than the settings allow.
    fn too_much(&self, place: Place, what: impl std::fmt::Display) -> Error {
        let what = format!("at line {}, column {}, {what}", place.line, place.column);
        Error::TooMuch { part: self.part, what }
    }

    /// An error at a place of this part.
    pub(crate) fn broken(&self, place: Place, construct: impl Into<String>) -> Error {
        Error::BrokenXml {
            part: self.part,
            line: place.line,
            column: place.column,
            construct: construct.into(),
        }
    }

    fn piece(&mut self) -> Result<Piece, Error> {
        if !self.started {
            self.started = true;
            self.look_at_the_first_bytes()?;
        }
        if std::mem::take(&mut self.owes_close) {
            self.open.pop();
            return Ok(Piece::Close);
        }
        loop {
            let place = self.xml.get_mut().start_construct();
            if let Some(keeper) = &mut self.keeper {
                keeper.settle(&self.buffer);
            }
            self.buffer.clear();
            self.buffer.shrink_to(BUFFER_KEPT);
            let mut empty = None;
            let piece = match self.xml.read_event_into(&mut self.buffer) {
                Ok(event) => {
                    empty = empty_element(&event);
                    if !self.told_line_ends && has_bare_line_end(&event) {
                        self.told_line_ends = true;
                        tell_line_ends(&mut self.findings, place);
                    }
                    if let Some(keeper) = &mut self.keeper {
                        keeper.note(&event);
                    }
                    understand(event, place, &self.limits)
                }
                Err(error) => Err(Trouble::Xml(error)),
            };
            self.owes_close = empty.is_some();
            self.keep_empty(empty);
            if let (Some(keeper), Ok(Some(Piece::Close))) = (&mut self.keeper, &piece) {
                keeper.note_end(&self.buffer);
            }
            match piece {
                Ok(Some(piece)) => return self.nest(piece, place),
                Ok(None) => {}
                Err(Trouble::TooMuch(what)) => return Err(self.too_much(place, what)),
                Err(Trouble::Xml(quick_xml::Error::Io(error))) if error.kind() == ErrorKind::FileTooLarge => {
                    return Err(self.too_much(place, error));
                }
                Err(Trouble::Xml(quick_xml::Error::Io(error))) => {
                    return Err(Error::DamagedZip { reason: error.to_string() });
                }
                Err(trouble) => {
                    let line = self.open.last().map(|element| element.line);
                    return Err(self.broken(place, trouble.explain(line)));
                }
            }
        }
    }

    /// The keeper is told where in the buffer an empty element lies.
    fn keep_empty(&mut self, element: Option<(usize, usize)>) {
        if let (Some(keeper), Some((address, length))) = (&mut self.keeper, element) {
            let start = address.wrapping_sub(self.buffer.as_ptr().addr());
            keeper.note_empty(start..start.saturating_add(length), &self.buffer);
        }
    }

    /// A byte order mark is fine, another encoding is not.
    fn look_at_the_first_bytes(&mut self) -> Result<(), Error> {
        let source = self.xml.get_mut();
        let marked = source.skip_byte_order_mark();
        let start = source.fill_buf().unwrap_or_default();
        let wide =
            start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") || start.starts_with(b"<\0");
        let place = Place { line: 1, column: 1 };
        if wide {
            return Err(self.broken(place, "the text is encoded as UTF-16, not as UTF-8"));
        }
        match marked {
            Ok(true) => {
                if let Some(keeper) = &mut self.keeper {
                    keeper.conventions.byte_order_mark = true;
                }
                let text = "The file starts with a byte order mark.".to_owned();
                self.findings.add(Severity::Note, place, Default::default(), text);
                Ok(())
            }
            Ok(false) => Ok(()),
            Err(error) => Err(Error::DamagedZip { reason: error.to_string() }),
        }
    }

    /// Keeps the list of open elements.
    fn nest(&mut self, piece: Piece, place: Place) -> Result<Piece, Error> {
        match &piece {
            Piece::Open(_) if self.open.len() >= self.limits.depth => {
                let what = format!("tags are nested deeper than {} levels", self.limits.depth);
                return Err(self.too_much(place, what));
            }
            Piece::Open(tag) => self.open.push(OpenElement { name: tag.name.clone(), line: place.line }),
            Piece::Close => drop(self.open.pop()),
            Piece::End => {
                if let Some(unclosed) = self.unclosed() {
                    return Err(self.broken(place, unclosed));
                }
            }
            Piece::Text(..) => {}
        }
        Ok(piece)
    }

    /// Names the innermost open element.
    fn unclosed(&self) -> Option<String> {
        self.open.last().map(|e| {
            format!("the tag <{}> of line {} is never closed: the file ends too early", e.name, e.line)
        })
    }
}

/// What one event of the XML library means.
enum Piece {
    Open(Tag),
    Close,
    Text(String, Place),
    End,
}

/// Where in memory an empty element lies, and its length, without its brackets.
fn empty_element(event: &Event<'_>) -> Option<(usize, usize)> {
    match event {
        Event::Empty(element) => Some((element.as_ptr().addr(), element.len())),
        _ => None,
    }
}

/// Whether lines between tags end with LF alone. All 31 real packages end theirs with CR LF; copies that went
/// through version control or an editor do not.
fn has_bare_line_end(event: &Event<'_>) -> bool {
    let Event::Text(text) = event else { return false };
    let bytes = text.as_bytes();
    let bare = |at: usize| bytes[at] == b'\n' && (at == 0 || bytes[at - 1] != b'\r');
    (0..bytes.len()).any(bare) && is_blank(text)
}

fn tell_line_ends(findings: &mut Findings, place: Place) {
    let text = "Lines end with LF, not with CR LF as the tool writes them.".to_owned();
    findings.add(Severity::Note, place, Subject::default(), text);
}

/// Turns an event into a piece; comments, declarations and instructions are passed over.
fn understand(event: Event<'_>, place: Place, limits: &Limits) -> Result<Option<Piece>, Trouble> {
    Ok(Some(match event {
        Event::Start(start) => Piece::Open(tag(&start, place, limits)?),
        Event::Empty(start) => Piece::Open(Tag { empty: true, ..tag(&start, place, limits)? }),
        Event::End(_) => Piece::Close,
        Event::Text(text) => Piece::Text(text.xml10_content().into_owned(), place),
        Event::CData(text) => Piece::Text(text.xml10_content().into_owned(), place),
        Event::GeneralRef(reference) => Piece::Text(character(&reference)?.to_string(), place),
        Event::Eof => Piece::End,
        Event::DocType(_) => {
            return Err(Trouble::Other(
                "a document type declaration (DTD) stands here, which no data package has".into(),
            ));
        }
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) => return Ok(None),
    }))
}

fn tag(start: &BytesStart<'_>, place: Place, limits: &Limits) -> Result<Tag, Trouble> {
    let name = start.name().0.to_owned();
    let mut attributes = Vec::with_capacity(8);
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| Trouble::Attribute(name.clone(), error))?;
        let key = attribute.key.0;
        if attributes.len() >= limits.attributes {
            let what = format!("the tag <{name}> has more than {} attributes", limits.attributes);
            return Err(Trouble::TooMuch(what));
        }
        if attribute.value.len() as u64 > limits.attribute_size {
            let longest = size(limits.attribute_size);
            let what = format!("the attribute {key} of the tag <{name}> is longer than {longest}");
            return Err(Trouble::TooMuch(what));
        }
        if attribute.value.contains('<') {
            let words = format!(
                "in the tag <{name}>, the attribute {key} holds a raw <: its closing quotation mark is missing"
            );
            return Err(Trouble::Other(words));
        }
        let value = unescaped(&attribute.value).map_err(|_| {
            Trouble::Other(format!(
                "in the tag <{name}>, the attribute {key} holds an & that starts no known reference"
            ))
        })?;
        attributes.push((key.to_owned(), value));
    }
    Ok(Tag { name, place, empty: false, attributes })
}

/// An attribute's value. Unlike other readers this one does not turn raw white space into blanks: the tool
/// writes tabs raw, and whoever writes a raw line end means a line end.
fn unescaped(written: &str) -> Result<String, EscapeError> {
    if written.contains("\r\n") {
        return Ok(unescape(&written.replace("\r\n", "\n"))?.into_owned());
    }
    Ok(unescape(written)?.into_owned())
}

/// `&#39;` or one of the five names XML knows.
fn character(reference: &BytesRef<'_>) -> Result<char, Trouble> {
    if let Some(character) = reference.resolve_char_ref().map_err(Trouble::Xml)? {
        return Ok(character);
    }
    match reference.xml10_content().as_ref() {
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "amp" => Ok('&'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other => Err(Trouble::Other(format!("&{other}; is no reference that XML knows"))),
    }
}

/// Rebuilds a tag inside a text.
fn push_tag(text: &mut String, tag: &Tag) {
    text.push('<');
    text.push_str(&tag.name);
    for (name, value) in &tag.attributes {
        text.push_str(&format!(" {name}=\"{}\"", quick_xml::escape::escape(value.as_str())));
    }
    text.push('>');
}

/// White space only.
fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace())
}
