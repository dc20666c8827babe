//! Watches while a part is read, so that it can be written as it stood.

use super::{Attribute, Conventions, Deviation, EventForm, Shape, TagForm, matches_open};
use quick_xml::events::Event;
use std::ops::Range;

/// Keeps what is not understood, until the next tag that is: it stands in the gap before that tag.
#[derive(Debug, Default)]
pub(crate) struct Keeper {
    pub(crate) conventions: Conventions,
    gap: String,
    /// The last tag, as long as nobody took it.
    pending: Option<RawTag>,
    /// All that was read since an element was started that may have to be left out, the innermost last.
    captures: Vec<String>,
}

/// A tag without its brackets.
#[derive(Debug)]
struct RawTag {
    inner: Inner,
    kind: Kind,
}

#[derive(Debug)]
enum Inner {
    Text(String),
    /// In the reader's buffer. Only of an empty element: its end is told before the buffer is used again.
    Buffered(Range<usize>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Start,
    Empty,
    End,
}

/// A start tag that was taken out of the gap, with what stood before it.
#[derive(Debug, Default)]
pub(crate) struct Held {
    gap: String,
    tag: Option<RawTag>,
}

impl Held {
    /// What stood before the tag.
    pub(crate) fn gap(&self) -> &str {
        &self.gap
    }
}

impl RawTag {
    fn inner<'t>(&'t self, buffer: &'t [u8]) -> &'t str {
        match &self.inner {
            Inner::Text(text) => text,
            Inner::Buffered(range) => buffer
                .get(range.clone())
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .unwrap_or_default(),
        }
    }

    fn push_to(&self, text: &mut String, buffer: &[u8]) {
        text.push_str(if self.kind == Kind::End { "</" } else { "<" });
        text.push_str(self.inner(buffer));
        text.push_str(if self.kind == Kind::Empty { "/>" } else { ">" });
    }
}

impl Keeper {
    pub(crate) fn with(conventions: Conventions) -> Keeper {
        Keeper { conventions, ..Keeper::default() }
    }

    /// Before the buffer is used again: a tag that nobody took belongs to the gap.
    pub(crate) fn settle(&mut self, buffer: &[u8]) {
        if let Some(tag) = self.pending.take() {
            tag.push_to(&mut self.gap, buffer);
        }
    }

    /// Keeps what was read.
    pub(crate) fn note(&mut self, event: &Event<'_>) {
        let before = self.gap.len();
        let text = &mut self.gap;
        match event {
            Event::Start(tag) => self.pending = Some(RawTag::copied(tag, Kind::Start)),
            Event::Text(raw) => text.push_str(raw),
            Event::CData(raw) => push_all(text, ["<![CDATA[", raw, "]]>"]),
            Event::Comment(raw) => push_all(text, ["<!--", raw, "-->"]),
            Event::Decl(raw) => push_all(text, ["<?", raw, "?>"]),
            Event::PI(raw) => push_all(text, ["<?", raw, "?>"]),
            Event::GeneralRef(raw) => push_all(text, ["&", raw, ";"]),
            Event::Empty(_) | Event::End(_) | Event::DocType(_) | Event::Eof => {}
        }
        for capture in &mut self.captures {
            capture.push_str(&self.gap[before..]);
            if let Some(tag) = &self.pending {
                tag.push_to(capture, &[]);
            }
        }
    }

    /// Keeps an empty element, which lies in the buffer.
    pub(crate) fn note_empty(&mut self, inner: Range<usize>, buffer: &[u8]) {
        let tag = RawTag { inner: Inner::Buffered(inner), kind: Kind::Empty };
        for capture in &mut self.captures {
            tag.push_to(capture, buffer);
        }
        self.pending = Some(tag);
    }

    /// Keeps an end tag, which is all that the buffer holds: the event leaves out the white space in it.
    pub(crate) fn note_end(&mut self, buffer: &[u8]) {
        let text = std::str::from_utf8(buffer).unwrap_or_default();
        let inner = text.strip_prefix("</").and_then(|text| text.strip_suffix('>')).unwrap_or_default();
        let tag = RawTag::copied(inner, Kind::End);
        for capture in &mut self.captures {
            tag.push_to(capture, buffer);
        }
        self.pending = Some(tag);
    }

    /// Takes the start tag that was read last.
    pub(crate) fn hold(&mut self) -> Held {
        Held { gap: std::mem::take(&mut self.gap), tag: self.pending.take() }
    }

    /// The held tag was not understood after all: it goes back, before all that was read since.
    pub(crate) fn release(&mut self, held: Held, buffer: &[u8]) {
        let mut gap = held.gap;
        if let Some(tag) = held.tag {
            tag.push_to(&mut gap, buffer);
        }
        gap.push_str(&self.gap);
        self.gap = gap;
    }

    /// How the held tag differs from what we would write: the attributes `ours`, behind the gap `before`.
    pub(crate) fn form_of(
        &mut self,
        held: Held,
        before: &Before,
        (name, ours, empty): Ours<'_>,
        buffer: &[u8],
    ) -> Option<EventForm> {
        let tag = held.tag.as_ref()?;
        let inner = tag.inner(buffer);
        if let Before::Level(level) = before {
            self.conventions.learn_lines(&held.gap, *level);
        }
        if tag.kind == Kind::Empty {
            self.conventions.learn_empty_end(inner);
        }
        let end = if empty { self.conventions.empty_end.trim_end_matches("/>") } else { "" };
        let plain = empty == (tag.kind == Kind::Empty) && matches_open(inner, name, ours, end);
        let shape = if tag.kind == Kind::Empty { Shape::Empty } else { Shape::Paired };
        let tag = (!plain).then(|| TagForm::of(inner, shape, ours));
        let gap = before.unless_plain(held.gap, &self.conventions);
        EventForm { gap, tag, ..EventForm::default() }.unless_plain()
    }

    /// How the end tag that was read last differs; nothing of an element without one.
    pub(crate) fn form_of_end(&mut self, before: &Before, name: &str) -> Option<EventForm> {
        self.pending.as_ref().filter(|tag| tag.kind == Kind::End)?;
        let gap = std::mem::take(&mut self.gap);
        if let Before::Level(level) = before {
            self.conventions.learn_lines(&gap, *level);
        }
        let gap = before.unless_plain(gap, &self.conventions);
        let end_tag = self.take_end_tag(name);
        EventForm { gap, end_tag, ..EventForm::default() }.unless_plain()
    }

    /// The end tag, where it is not `</name>`.
    pub(crate) fn take_end_tag(&mut self, name: &str) -> Option<String> {
        let tag = self.pending.take()?;
        let mut written = String::new();
        tag.push_to(&mut written, &[]);
        (tag.inner(&[]) != name).then_some(written)
    }

    /// How an element that holds only a text differs, once its end was read. `ours`: the text as we would write it.
    pub(crate) fn form_of_text(
        &mut self,
        held: Held,
        before: &Before,
        (name, ours): (&str, &str),
        buffer: &[u8],
    ) -> Option<EventForm> {
        let written = std::mem::take(&mut self.gap);
        let end_tag = self.take_end_tag(name);
        let mut form = self.form_of(held, before, (name, &[], false), buffer).unwrap_or_default();
        form.end_tag = end_tag;
        form.text = (written != ours).then(|| Deviation::between(ours, &written));
        form.unless_plain()
    }

    /// All that was read since the last tag that was taken.
    pub(crate) fn take_gap(&mut self) -> String {
        std::mem::take(&mut self.gap)
    }

    /// From the held tag on, keeps everything a second time.
    pub(crate) fn start_capture(&mut self, held: &Held) {
        let mut capture = held.gap.clone();
        if let Some(tag) = &held.tag {
            tag.push_to(&mut capture, &[]);
        }
        self.captures.push(capture);
    }

    /// Ends the second keeping. If the element was left out, all of it is a gap.
    pub(crate) fn end_capture(&mut self, left_out: bool) {
        let captured = self.captures.pop();
        if let Some(captured) = captured.filter(|_| left_out) {
            self.gap = captured;
            self.pending = None;
        }
    }
}

/// A tag as we would write it: its name, its attributes, whether it is an empty element.
pub(crate) type Ours<'a> = (&'a str, &'a [Attribute<'a>], bool);

/// What we would write before a tag.
#[derive(Debug)]
pub(crate) enum Before {
    /// A line end and the indentation of a level.
    Level(usize),
    /// More than that.
    Text(String),
    /// Whatever stands there was kept elsewhere.
    Anything,
}

impl Before {
    /// The gap, where it is another.
    fn unless_plain(&self, gap: String, conventions: &Conventions) -> Option<String> {
        let plain = match self {
            Before::Level(level) => gap == conventions.gap(*level),
            Before::Text(text) => gap == *text,
            Before::Anything => true,
        };
        (!plain).then_some(gap)
    }
}

impl RawTag {
    fn copied(inner: &str, kind: Kind) -> RawTag {
        RawTag { inner: Inner::Text(inner.to_owned()), kind }
    }
}

fn push_all(text: &mut String, pieces: [&str; 3]) {
    pieces.iter().for_each(|piece| text.push_str(piece));
}
