//! What differs from the conventions at one tag.

use super::{Deviation, Shape, TagForm};

/// How one tag was written, where it differs from the conventions. The default differs in nothing.
///
/// Holds spellings and what was not understood, no value that was. Opaque: it is read by a reader that keeps
/// the form, and given to the writer of the same piece. What readers must bear was seen in real packages and
/// in the files of other tools: any order of attributes, unknown ones, other white space, other character
/// references.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventForm {
    /// What stands before it, where that is not a line end and an indentation: unknown elements, comments, values
    /// that could not be read, other white space.
    pub(crate) gap: Option<String>,
    /// Attributes in another order, unknown ones, other spellings.
    pub(crate) tag: Option<TagForm>,
    /// The text inside, spelled otherwise.
    pub(crate) text: Option<Deviation>,
    /// The end tag, spelled otherwise; empty where there is none.
    pub(crate) end_tag: Option<String>,
}

impl EventForm {
    /// `None` where nothing differs.
    pub(crate) fn unless_plain(self) -> Option<EventForm> {
        (self != EventForm::default()).then_some(self)
    }
}

/// How one piece of a file was written: the tags of it that differ from the conventions, by their position in it.
///
/// Positions count the tags of the piece that were understood, from 0. Comes with each
/// [`DataPiece`](crate::DataPiece) and fits that piece alone. Empty for nearly all pieces of a file that
/// Microsoft's tool wrote, so that it costs no memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// In rising order of the position.
    events: Vec<(usize, EventForm)>,
}

impl Form {
    /// Nothing differs.
    pub(crate) const PLAIN: &Form = &Form { events: Vec::new() };

    /// Whether nothing differs from the conventions, so that they alone give the bytes of the piece.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.events.is_empty()
    }

    pub(crate) fn add(&mut self, position: usize, form: Option<EventForm>) {
        let Some(form) = form else { return };
        let at = self.events.partition_point(|(known, _)| *known < position);
        self.events.insert(at, (position, form));
    }

    pub(crate) fn at(&self, position: usize) -> Option<&EventForm> {
        let at = self.events.binary_search_by_key(&position, |(known, _)| *known).ok()?;
        Some(&self.events[at].1)
    }

    /// Whether an end tag follows the tag at this position. `empty`: we would write none.
    pub(crate) fn is_paired(&self, position: usize, empty: bool) -> bool {
        let shape = self.at(position).and_then(|form| form.tag.as_ref()).map(|tag| tag.shape);
        shape.map_or(!empty, |shape| shape == Shape::Paired)
    }

    /// Forgets all from this position on.
    pub(crate) fn truncate(&mut self, position: usize) {
        self.events.retain(|(known, _)| *known < position);
    }

    /// A tag was put in before this position.
    pub(crate) fn make_room(&mut self, position: usize) {
        for (known, _) in self.events.iter_mut().filter(|(known, _)| *known >= position) {
            *known += 1;
        }
    }

    /// The value at this position is a new one: how the old one was spelled says nothing any more.
    pub(crate) fn forget_spelling(&mut self, position: usize, attribute: &str) {
        let found = self.events.iter_mut().find(|(known, _)| *known == position);
        if let Some(tag) = found.and_then(|(_, form)| form.tag.as_mut()) {
            tag.forget_spelling(attribute);
        }
    }
}
