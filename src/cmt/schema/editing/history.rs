//! The way from one document to the next, and back.

use super::splice::{Splice, between, spliced};
use super::{Edit, EditError, SchemaDocument};
use std::collections::VecDeque;

/// How many steps can be taken back.
const MOST: usize = 1_000;

/// A document with what was done to it. A step is kept as the part of the text it changed: memory stays small however
/// large the schema is.
#[derive(Clone, Debug)]
pub struct History {
    document: SchemaDocument,
    /// The last one at the end.
    done: VecDeque<Step>,
    /// The next one at the end.
    undone: Vec<Step>,
}

/// From a text to the next and back.
#[derive(Clone, Debug)]
struct Step {
    words: String,
    forth: Splice,
    back: Splice,
}

impl Step {
    fn between(before: &str, after: &str, words: String) -> Step {
        Step { words, forth: between(before, after), back: between(after, before) }
    }
}

impl History {
    /// A document to which nothing was done yet.
    #[must_use]
    pub fn new(document: SchemaDocument) -> History {
        History { document, done: VecDeque::new(), undone: Vec::new() }
    }

    /// The document as it is now.
    #[must_use]
    pub fn document(&self) -> &SchemaDocument {
        &self.document
    }

    /// Makes an edit. An edit that changes nothing is no step; any other ends what could be redone. The last 1,000
    /// steps are kept.
    ///
    /// # Errors
    /// As [`SchemaDocument::apply`]; nothing changes then.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), EditError> {
        let next = self.document.apply(edit)?;
        if next == self.document {
            return Ok(());
        }
        self.done.push_back(Step::between(self.document.text(), next.text(), edit.to_string()));
        if self.done.len() > MOST {
            self.done.pop_front();
        }
        self.undone.clear();
        self.document = next;
        Ok(())
    }

    /// The words of the edit that [`History::undo`] takes back.
    #[must_use]
    pub fn undoable(&self) -> Option<&str> {
        self.done.back().map(|step| step.words.as_str())
    }

    /// The words of the edit that [`History::redo`] makes again.
    #[must_use]
    pub fn redoable(&self) -> Option<&str> {
        self.undone.last().map(|step| step.words.as_str())
    }

    /// Takes the last edit back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(step) = self.done.pop_back() else { return false };
        self.go(&step.back);
        self.undone.push(step);
        true
    }

    /// Makes the edit taken back last again; whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(step) = self.undone.pop() else { return false };
        self.go(&step.forth);
        self.done.push_back(step);
        true
    }

    fn go(&mut self, way: &Splice) {
        // The text at the other end was read before and is read again without error.
        if let Ok(document) = SchemaDocument::read(spliced(self.document.text(), vec![way.clone()])) {
            self.document = document;
        }
    }
}
