//! In whose hand a schema is written: new elements look like their neighbours.

use super::layout::gap;
use super::outline::Outline;
use super::start_tag::{StartTag, escaped};
use crate::form::Attribute;
use crate::schema::elements::Element;
use crate::schema::writer::{column_attributes, relationship_attributes, table_attributes};
use crate::xml::escape::push_text;
use crate::{Column, Relationship, Table};

/// How lines, indentations and tags of a file are written; where it shows no example, as the tool writes them.
#[derive(Debug)]
pub(super) struct Hand {
    /// Where the root starts.
    root: usize,
    /// Empty where all stands in one line.
    line_end: String,
    indent: String,
    table: TagHand,
    column: TagHand,
    relationship: TagHand,
}

/// How one kind of tag is written.
#[derive(Debug)]
struct TagHand {
    /// The names of attributes, in their order.
    order: Vec<String>,
    quote: char,
    /// What stands before each attribute.
    lead: String,
    /// What an empty element ends with.
    end: String,
}

impl Default for TagHand {
    fn default() -> Self {
        TagHand { order: Vec::new(), quote: '"', lead: " ".into(), end: " />".into() }
    }
}

impl Hand {
    pub(super) fn of(text: &str, outline: &Outline) -> Hand {
        let (line_end, indent) = lines(text, outline);
        let columns = outline.tables.iter().map(|table| &table.columns.items);
        let relationships = outline.tables.iter().map(|table| &table.relationships.items);
        let like = |last: Option<&Element>| last.map(|last| TagHand::of(text, *last)).unwrap_or_default();
        Hand {
            root: outline.root.start,
            line_end: line_end.to_owned(),
            indent: indent.to_owned(),
            table: like(outline.tables.last().map(|table| &table.element)),
            column: like(columns.rev().find_map(|items| items.last())),
            relationship: like(relationships.rev().find_map(|items| items.last())),
        }
    }

    /// The same, with the columns of a table as examples.
    pub(super) fn in_table(mut self, text: &str, columns: &[Element]) -> Hand {
        if let Some(last) = columns.last() {
            self.column = TagHand::of(text, *last);
        }
        self
    }

    /// What stands before an element; before the root, as if it stood in a line of its own.
    pub(super) fn outer_gap(&self, text: &str, element: Element) -> String {
        let gap = gap(text, element.start);
        if element.start == self.root && !gap.contains('\n') { self.line_end.clone() } else { gap.to_owned() }
    }

    /// What stands before an element inside one that has this before it.
    pub(super) fn inner(&self, gap: &str) -> String {
        if gap.contains('\n') { [gap, &self.indent].concat() } else { gap.to_owned() }
    }

    /// An empty element without attributes.
    pub(super) fn empty(&self, name: &str) -> String {
        format!("<{name}{}", self.column.end)
    }

    /// A table with all that is in it; `gap` stands before it.
    pub(super) fn table(&self, table: &Table, gap: &str) -> String {
        let inner = self.inner(gap);
        let mut text = format!("{gap}{}>", self.table.tag("entity", &table_attributes(table)));
        text.push_str(&self.columns_list(&table.columns, &inner));
        if !table.relationships.is_empty() {
            text.push_str(&self.relationships_list(&table.relationships, &inner));
        } else if !table.spelling.leaves_out_relationships {
            text.push_str(&format!("{inner}{}", self.empty("relationships")));
        }
        text.extend(table.filter.as_deref().map(|filter| self.filter(filter, &inner)));
        text + gap + "</entity>"
    }

    pub(super) fn columns_list(&self, columns: &[Column], gap: &str) -> String {
        format!("{gap}<fields>{}{gap}</fields>", self.columns(columns, &self.inner(gap)))
    }

    pub(super) fn relationships_list(&self, relationships: &[Relationship], gap: &str) -> String {
        let inner = self.inner(gap);
        let lines: String = relationships.iter().map(|one| self.relationship(one, &inner)).collect();
        format!("{gap}<relationships>{lines}{gap}</relationships>")
    }

    pub(super) fn columns(&self, columns: &[Column], gap: &str) -> String {
        let line = |column: &Column| gap.to_owned() + &self.column.leaf("field", &column_attributes(column));
        columns.iter().map(line).collect()
    }

    pub(super) fn relationship(&self, relationship: &Relationship, gap: &str) -> String {
        gap.to_owned() + &self.relationship.leaf("relationship", &relationship_attributes(relationship))
    }

    pub(super) fn filter(&self, filter: &str, gap: &str) -> String {
        format!("{gap}<filter>{}</filter>", self.text(filter))
    }

    pub(super) fn import_order(&self, names: &[String], gap: &str) -> String {
        format!(
            "{gap}<entityImportOrder>{}{gap}</entityImportOrder>",
            self.import_names(names, &self.inner(gap))
        )
    }

    pub(super) fn import_names(&self, names: &[String], gap: &str) -> String {
        names.iter().map(|name| format!("{gap}<entityName>{}</entityName>", self.text(name))).collect()
    }

    /// A text between tags, whose lines end as those of the file do. Where all stands in one line, they end with LF.
    pub(super) fn text(&self, text: &str) -> String {
        let mut bytes = Vec::new();
        push_text(&mut bytes, &text.replace("\r\n", "\n"));
        let escaped = String::from_utf8_lossy(&bytes).into_owned();
        if self.line_end == "\r\n" { escaped } else { escaped.replace("\r\n", "\n") }
    }
}

/// How lines end and are indented. A file that holds nothing yet gets the tool's lines.
fn lines<'t>(text: &'t str, outline: &Outline) -> (&'t str, &'t str) {
    let root = gap(text, outline.root.start);
    let first = outline.tables.first().map(|table| table.element).or(outline.import_orders.first().copied());
    let around = first.map_or(&text[outline.root.content()], |first| gap(text, first.start));
    let line_end = match (around.contains("\r\n"), around.contains('\n')) {
        (true, _) => "\r\n",
        (false, true) => "\n",
        (false, false) if first.is_some() => "",
        (false, false) => "\r\n",
    };
    let indentation = |gap: &'t str| gap.rsplit('\n').next().unwrap_or_default();
    let indent = first.and_then(|_| indentation(around).strip_prefix(indentation(root)));
    (line_end, indent.unwrap_or("  "))
}

impl TagHand {
    fn of(text: &str, element: Element) -> TagHand {
        let tag = StartTag::at(text, element.tag());
        let usual = TagHand::default();
        // The attribute before says how they are parted: the first may stand beside the name alone.
        let lead = tag.attributes.get(1).map_or(usual.lead, |attribute| attribute.lead.to_owned());
        let last = tag.attributes.last().map_or(element.tag_end, |last| last.whole.end);
        TagHand {
            order: tag.attributes.iter().map(|attribute| attribute.name.to_owned()).collect(),
            quote: tag.attributes.first().map_or(usual.quote, |first| first.quote),
            lead,
            end: if element.is_empty_tag() { text[last..element.tag_end].to_owned() } else { usual.end },
        }
    }

    fn leaf(&self, name: &str, attributes: &[Attribute<'_>]) -> String {
        self.tag(name, attributes) + &self.end
    }

    /// A start tag without its closing bracket.
    fn tag(&self, name: &str, attributes: &[Attribute<'_>]) -> String {
        let mut tag = format!("<{name}");
        for (name, value) in self.ordered(attributes) {
            let quote = self.quote;
            tag.push_str(&format!("{}{name}={quote}{}{quote}", self.lead, escaped(value, quote)));
        }
        tag
    }

    /// The attributes in this hand's order; those it does not show stay behind the one they follow in the tool's.
    fn ordered<'a, 'b>(&self, attributes: &'a [Attribute<'b>]) -> Vec<&'a Attribute<'b>> {
        let place = |name: &str| self.order.iter().position(|known| known == name);
        let mut ordered: Vec<&Attribute<'_>> =
            attributes.iter().filter(|(name, _)| place(name).is_some()).collect();
        ordered.sort_by_key(|(name, _)| place(name));
        for (position, attribute) in attributes.iter().enumerate() {
            if place(attribute.0).is_none() {
                let follows = position.checked_sub(1).map(|before| attributes[before].0);
                let at = ordered.iter().position(|(name, _)| Some(*name) == follows).map_or(0, |at| at + 1);
                ordered.insert(at, attribute);
            }
        }
        ordered
    }
}
