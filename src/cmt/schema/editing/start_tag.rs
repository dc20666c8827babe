//! The attributes of one start tag, and how to change one without touching the others.

use super::splice::Splice;
use crate::xml::escape::push_attribute_value;
use std::ops::Range;

/// The tool's order of attributes (seen in 31 real packages).
pub(super) const TABLE: &[&str] = &[
    "name",
    "displayname",
    "etc",
    "primaryidfield",
    "primarynamefield",
    "disableplugins",
    "skipupdate",
    "forcecreate",
];
pub(super) const COLUMN: &[&str] =
    &["updateCompare", "displayname", "name", "type", "primaryKey", "lookupType", "customfield", "dateMode"];
/// Of the root. Its start tag has a stray space before the bracket, and attributes stand behind it.
pub(super) const ROOT: &[&str] = &[];

/// A start tag in its text.
#[derive(Clone, Debug)]
pub(super) struct StartTag<'t> {
    pub(super) attributes: Vec<AttributeAt<'t>>,
    /// Where the element's name ends.
    name_end: usize,
    /// Where `>` or `/>` stands, without the white space before it.
    bracket: usize,
}

/// An attribute in its text.
#[derive(Clone, Debug)]
pub(super) struct AttributeAt<'t> {
    pub(super) name: &'t str,
    /// The white space before it.
    pub(super) lead: &'t str,
    pub(super) quote: char,
    /// As it is written, escaped.
    pub(super) value: Range<usize>,
    /// With the white space before it and its quotation marks.
    pub(super) whole: Range<usize>,
}

impl<'t> StartTag<'t> {
    /// The tag at this place of a text that was read without error.
    pub(super) fn at(text: &'t str, tag: Range<usize>) -> StartTag<'t> {
        let inner = text[tag.clone()].trim_end_matches('>').trim_end_matches('/');
        let bracket = tag.start + inner.len();
        let name_end = tag.start + inner.find(char::is_whitespace).unwrap_or(inner.len());
        let mut attributes = Vec::new();
        let mut at = name_end;
        while let Some(attribute) = attribute(text, at..bracket) {
            at = attribute.whole.end;
            attributes.push(attribute);
        }
        StartTag { attributes, name_end, bracket }
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&AttributeAt<'t>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// What gives the attribute this value, or takes it away. `order`: in which order attributes stand.
    pub(super) fn set(&self, name: &str, value: Option<&str>, order: &[&str]) -> Option<Splice> {
        match (self.attribute(name), value) {
            (Some(known), Some(value)) => {
                Some(Splice::replace(known.value.clone(), escaped(value, known.quote)))
            }
            (Some(known), None) => Some(Splice::remove(self.removal(known, order))),
            (None, Some(value)) => Some(self.addition(name, value, order)),
            (None, None) => None,
        }
    }

    fn removal(&self, known: &AttributeAt<'_>, order: &[&str]) -> Range<usize> {
        // The stray space of the tool's root stays.
        let stray = usize::from(order == ROOT && known.lead.starts_with("  "));
        known.whole.start + stray..known.whole.end
    }

    /// Behind the attribute that it follows in the tool's order, or before all others.
    fn addition(&self, name: &str, value: &str, order: &[&str]) -> Splice {
        let place = |name: &str| order.iter().position(|known| *known == name);
        let before = self.attributes.iter().filter(|known| place(known.name) < place(name));
        let follows =
            before.filter(|known| place(known.name).is_some()).max_by_key(|known| place(known.name));
        let quote = self.attributes.first().map_or('"', |first| first.quote);
        let (at, lead) = match (follows, self.attributes.first()) {
            (Some(known), _) => (known.whole.end, known.lead),
            _ if order == ROOT => (self.bracket, " "),
            (None, Some(first)) => (first.whole.start, first.lead),
            (None, None) => (self.name_end, " "),
        };
        Splice::insert(at, format!("{lead}{name}={quote}{}{quote}", escaped(value, quote)))
    }
}

fn attribute(text: &str, rest: Range<usize>) -> Option<AttributeAt<'_>> {
    let written = &text[rest.clone()];
    let name_at = written.len() - written.trim_start().len();
    let opening = written.find(['"', '\''])?;
    let quote = written[opening..].chars().next()?;
    let length = written[opening + 1..].find(quote)?;
    let name = written[name_at..opening].trim_end().trim_end_matches('=').trim_end();
    let value = rest.start + opening + 1..rest.start + opening + 1 + length;
    let whole = rest.start..value.end + 1;
    Some(AttributeAt { name, lead: &written[..name_at], quote, value, whole })
}

/// A value as it is written between such quotation marks.
pub(super) fn escaped(value: &str, quote: char) -> String {
    let mut bytes = Vec::new();
    push_attribute_value(&mut bytes, value);
    let escaped = String::from_utf8_lossy(&bytes).into_owned();
    if quote == '\'' { escaped.replace('\'', "&apos;") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::super::splice::spliced;
    use super::*;

    fn set(tag: &str, name: &str, value: Option<&str>, order: &[&str]) -> String {
        let splice = StartTag::at(tag, 0..tag.len()).set(name, value, order);
        spliced(tag, splice.into_iter().collect())
    }

    #[test]
    fn one_attribute_changes_and_the_others_stay() {
        let tag = "<field displayname=\"It's > &amp;\"  name='n'\n\ttype=\"string\" x=\"1\"/>";
        let cases = [
            ("name", Some("m'\""), tag.replace("'n'", "'m&apos;&quot;'")),
            ("displayname", Some("A<"), tag.replace("It's > &amp;", "A&lt;")),
            ("updateCompare", Some("true"), tag.replace("<field", "<field updateCompare=\"true\"")),
            ("lookupType", Some("a|b"), tag.replace("\"string\"", "\"string\"\n\tlookupType=\"a|b\"")),
            ("x", None, tag.replace(" x=\"1\"", "")),
            ("dateMode", None, tag.to_owned()),
        ];
        for (name, value, expected) in cases {
            assert_eq!(set(tag, name, value, COLUMN), expected, "{name}");
        }
        assert_eq!(set("<field/>", "name", Some("a"), COLUMN), "<field name=\"a\"/>");
    }

    #[test]
    fn the_root_keeps_its_stray_space() {
        let with = "<entities  dateMode=\"relative\">";
        assert_eq!(set("<entities >", "dateMode", Some("relative"), ROOT), with);
        assert_eq!(set(with, "dateMode", None, ROOT), "<entities >");
        assert_eq!(set("<entities dateMode=\"a\">", "dateMode", None, ROOT), "<entities>");
        assert_eq!(
            set("<entities x=\"1\">", "dateMode", Some("b"), ROOT),
            "<entities x=\"1\" dateMode=\"b\">"
        );
    }
}
