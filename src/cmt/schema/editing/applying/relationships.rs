//! Many-to-many relationships: added, removed.

use super::{names, table};
use crate::Relationship;
use crate::schema::editing::hand::Hand;
use crate::schema::editing::layout::{insertion, removal};
use crate::schema::editing::outline::{Outline, TableOutline};
use crate::schema::editing::splice::Splice;
use crate::schema::editing::{EditError, Listing, SchemaDocument};
use crate::schema::elements::Element;

pub(super) fn add(
    document: &SchemaDocument,
    listing: &Listing,
    relationship: &Relationship,
) -> Result<Vec<Splice>, EditError> {
    names::check_relationship(relationship)?;
    let (_, known, outline) = table(document, listing)?;
    if known.relationships.iter().any(|other| other.name == relationship.name) {
        return Err(EditError::AlreadyThere(format!("The relationship {}", relationship.name)));
    }
    let text = &document.text;
    let hand = Hand::of(text, &document.outline);
    let list = &outline.relationships;
    let last = list.items.last().copied();
    Ok(match list.holders.last() {
        Some(holder) => insertion(text, &hand, *holder, last, |gap| hand.relationship(relationship, gap)),
        None => {
            let columns = outline.columns.holders.last().copied();
            let alone = std::slice::from_ref(relationship);
            insertion(text, &hand, outline.element, columns, |gap| hand.relationships_list(alone, gap))
        }
    })
}

pub(super) fn remove(
    document: &SchemaDocument,
    listing: &Listing,
    relationship: &Listing,
) -> Result<Vec<Splice>, EditError> {
    let (_, known, outline) = table(document, listing)?;
    let place = relationship.position(known.relationships.iter().map(|known| known.name.as_str()));
    let found = place.and_then(|place| outline.relationships.items.get(place)).copied();
    let Some(element) = found else {
        let (table, relationship) = (listing.clone(), relationship.clone());
        return Err(EditError::NoSuchRelationship { table, relationship });
    };
    let text = &document.text;
    Ok(vec![match emptied(text, outline, element) {
        Some(list) if leaves_out_empty_lists(&document.outline, text) => Splice::remove(removal(text, list)),
        Some(list) => Splice::replace(list.whole(), Hand::of(text, &document.outline).empty("relationships")),
        None => Splice::remove(removal(text, element)),
    }])
}

/// The list that holds nothing but this element.
fn emptied(text: &str, outline: &TableOutline, element: Element) -> Option<Element> {
    let holds = |list: &&Element| list.start < element.start && element.end <= list.content_end;
    let list = outline.relationships.holders.iter().find(holds)?;
    let around = [&text[list.tag_end..element.start], &text[element.end..list.content_end]].concat();
    around.trim().is_empty().then_some(*list)
}

/// Some writers leave the list out where it is empty: those that do it everywhere.
fn leaves_out_empty_lists(outline: &Outline, text: &str) -> bool {
    let lists = || outline.tables.iter().map(|table| &table.relationships.holders);
    let writes_one = lists().flatten().any(|list| text[list.content()].trim().is_empty());
    !writes_one && lists().any(Vec::is_empty)
}
