//! FetchXML as elements within elements.

use crate::error::Refusal;
use crate::xml::{Element, Elements, Step};

/// More levels than any query needs.
const DEEPEST: usize = 100;

/// An element with what is inside it.
pub(super) struct Tree {
    pub(super) element: Element,
    pub(super) children: Vec<Tree>,
    pub(super) text: String,
}

impl Tree {
    /// The root of the text.
    pub(super) fn parse(text: &str) -> Result<Tree, Refusal> {
        let mut elements = Elements::new(text.as_bytes(), "FetchXML");
        let mut open: Vec<Tree> = Vec::new();
        let mut root = None;
        loop {
            match elements.next().map_err(|error| malformed(&error.to_string()))? {
                Step::Start(element) => {
                    open.push(Tree { element, children: Vec::new(), text: String::new() })
                }
                Step::Text(text) => {
                    if let Some(tree) = open.last_mut() {
                        tree.text.push_str(&text);
                    }
                }
                Step::End(_) => match (open.pop(), open.last_mut()) {
                    (Some(closed), Some(parent)) => parent.children.push(closed),
                    (closed, _) => root = root.or(closed),
                },
                Step::Done => return root.ok_or_else(|| malformed("There is no element.")),
            }
            if open.len() > DEEPEST {
                return Err(malformed("It is nested too deeply."));
            }
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.element.name
    }

    /// Refuses attributes that are not known here: what they ask for would be left out of the answer.
    pub(super) fn check_attributes(&self, known: &[&str]) -> Result<(), Refusal> {
        let unknown = self.element.names().find(|name| !known.contains(name) && !is_foreign(name));
        match unknown {
            None => Ok(()),
            Some(name) => {
                let what = format!("the attribute {name} of {} in FetchXML", self.name());
                Err(Refusal::not_implemented(what))
            }
        }
    }

    /// `true`, `false`, `1` or `0`; `code` is the service's for anything else.
    pub(super) fn boolean(&self, name: &str, code: &'static str) -> Result<bool, Refusal> {
        match self.element.get(name) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => {
                let message =
                    format!("The only valid values for {name} attribute are 'true', 'false', '1', and '0'.");
                Err(Refusal::new(400, code, message))
            }
        }
    }

    /// A whole number above zero.
    pub(super) fn number(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let number = |text: &str| text.trim().parse().ok().filter(|number: &usize| *number > 0);
        let zero = || Refusal::new(400, "0x8004110c", "A value greater than zero must be specified.");
        self.element.get(name).map(|text| number(text).ok_or_else(zero)).transpose()
    }

    pub(super) fn optional(&self, name: &str) -> Option<String> {
        self.element.get(name).map(str::to_owned)
    }

    /// An element where it must not be.
    pub(super) fn misplaced(&self) -> Refusal {
        let message =
            format!("The element node encountered is invalid. '{}' is not expected there.", self.name());
        Refusal::new(400, "0x8004111c", message)
    }
}

/// Namespaces, and what designers write for themselves.
fn is_foreign(name: &str) -> bool {
    name.starts_with("xmlns") || name.contains(':') || name.starts_with("ui") || name == "generator"
}

/// Not to be read as FetchXML.
pub(super) fn malformed(reason: &str) -> Refusal {
    Refusal::new(400, "0x80040303", format!("Malformed FetchXml. {reason}"))
}
