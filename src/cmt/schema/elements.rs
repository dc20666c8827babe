//! Where the elements of a schema lie in its text.

use crate::schema::form::Step;
use std::ops::Range;

/// An element, in bytes of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Where its start tag starts.
    pub(crate) start: usize,
    /// Where its start tag ends.
    pub(crate) tag_end: usize,
    /// Where its end tag starts; where it has none, its end.
    pub(crate) content_end: usize,
    /// Where it ends.
    pub(crate) end: usize,
}

impl Element {
    /// The start tag with its brackets.
    pub(crate) fn tag(self) -> Range<usize> {
        self.start..self.tag_end
    }

    /// What stands between its tags.
    pub(crate) fn content(self) -> Range<usize> {
        self.tag_end..self.content_end
    }

    /// All of it.
    pub(crate) fn whole(self) -> Range<usize> {
        self.start..self.end
    }

    /// It has no end tag.
    pub(crate) fn is_empty_tag(self) -> bool {
        self.tag_end == self.end
    }
}

/// The elements that were understood, in the order of their start tags.
#[derive(Debug, Default)]
pub(crate) struct Elements {
    all: Vec<(Step, Element)>,
    /// Positions of those whose end was not read yet, the innermost last.
    open: Vec<usize>,
}

impl Elements {
    /// An element starts with this tag.
    pub(crate) fn open(&mut self, step: Step, tag: Range<u64>) {
        let (start, tag_end) = (bytes(tag.start), bytes(tag.end));
        self.open.push(self.all.len());
        self.all.push((step, Element { start, tag_end, content_end: tag_end, end: tag_end }));
    }

    /// The innermost element ends with this tag: an end tag, or that of an empty element itself.
    pub(crate) fn close(&mut self, tag: Range<u64>) {
        let innermost = self.open.pop().and_then(|position| self.all.get_mut(position));
        let Some((_, element)) = innermost else { return };
        element.end = bytes(tag.end);
        element.content_end = bytes(tag.start).max(element.tag_end);
    }

    pub(crate) fn into_all(self) -> Vec<(Step, Element)> {
        self.all
    }
}

/// Parts that are edited lie in memory: what does not fit is in no place.
fn bytes(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
