//! The import order: the names that stay keep their lines.

use super::names;
use crate::schema::editing::hand::Hand;
use crate::schema::editing::layout::{insertion, removal};
use crate::schema::editing::splice::Splice;
use crate::schema::editing::{EditError, SchemaDocument};
use crate::schema::elements::Element;

pub(super) fn set(document: &SchemaDocument, wanted: &[String]) -> Result<Vec<Splice>, EditError> {
    let known = &document.schema.import_order;
    wanted.iter().filter(|name| !known.contains(name)).try_for_each(|name| names::check(name))?;
    if wanted.is_empty() {
        return Ok(remove(document));
    }
    let same_start = common(known.iter(), wanted.iter());
    let same_end = common(known[same_start..].iter().rev(), wanted[same_start..].iter().rev());
    let gone = &document.outline.import_names[same_start..known.len() - same_end];
    let new = &wanted[same_start..wanted.len() - same_end];
    let mut splices: Vec<Splice> =
        gone.iter().map(|name| Splice::remove(removal(&document.text, *name))).collect();
    if !new.is_empty() {
        let before = same_start.checked_sub(1).map(|last| document.outline.import_names[last]);
        splices.extend(add(document, new, before));
    }
    Ok(splices)
}

/// Puts names in behind another, or as the first.
fn add(document: &SchemaDocument, new: &[String], before: Option<Element>) -> Vec<Splice> {
    let (text, outline) = (&document.text, &document.outline);
    let hand = Hand::of(text, outline);
    match outline.import_orders.first() {
        Some(list) => insertion(text, &hand, *list, before, |gap| hand.import_names(new, gap)),
        None => {
            let last = outline.tables.last().map(|table| table.element);
            insertion(text, &hand, outline.root, last, |gap| hand.import_order(new, gap))
        }
    }
}

/// The element goes with its names, unless it holds more than them.
fn remove(document: &SchemaDocument) -> Vec<Splice> {
    let (text, outline) = (&document.text, &document.outline);
    let inside = |list: &Element, name: &Element| list.start < name.start && name.end <= list.content_end;
    let mut splices = Vec::new();
    for list in &outline.import_orders {
        let names: Vec<Element> =
            outline.import_names.iter().filter(|name| inside(list, name)).copied().collect();
        if holds_nothing_else(text, *list, &names) {
            splices.push(Splice::remove(removal(text, *list)));
        } else {
            splices.extend(names.iter().map(|name| Splice::remove(removal(text, *name))));
        }
    }
    splices
}

fn holds_nothing_else(text: &str, list: Element, names: &[Element]) -> bool {
    let starts = std::iter::once(list.tag_end).chain(names.iter().map(|name| name.end));
    let ends = names.iter().map(|name| name.start).chain([list.content_end]);
    starts.zip(ends).all(|(start, end)| text[start..end].trim().is_empty())
}

fn common<'n>(one: impl Iterator<Item = &'n String>, other: impl Iterator<Item = &'n String>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}
