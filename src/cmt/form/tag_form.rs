//! How one start tag was written.

use super::{Attribute, Deviation};
use crate::xml::escape::push_attribute_value;

/// A start tag that is written otherwise than by the conventions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TagForm {
    /// All its attributes, in the order written.
    pub(crate) attributes: Vec<AttributeForm>,
    pub(crate) shape: Shape,
    /// The white space before `>` or `/>`.
    pub(crate) end: Box<str>,
}

/// Whether an end tag follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Empty,
    Paired,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AttributeForm {
    pub(crate) name: Box<str>,
    /// From the attribute before to the opening quotation mark, where it is not ` name="`.
    pub(crate) lead: Option<Box<str>>,
    pub(crate) written: Written,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    /// A value of the model: how its literal and then its escaping differ from ours.
    Known { literal: Deviation, escaping: Deviation },
    /// An attribute that means nothing here, as it stands.
    Unknown(Box<str>),
}

impl TagForm {
    /// Reads the form off a well-formed tag without its brackets. `ours`: the attributes we would write.
    pub(crate) fn of(tag: &str, shape: Shape, ours: &[Attribute<'_>]) -> TagForm {
        let name_end = tag.find(char::is_whitespace).unwrap_or(tag.len());
        let mut rest = &tag[name_end..];
        let mut attributes = Vec::new();
        while let Some((attribute, behind)) = attribute(rest, ours) {
            attributes.push(attribute);
            rest = behind;
        }
        TagForm { attributes, shape, end: rest.into() }
    }

    pub(crate) fn forget_spelling(&mut self, name: &str) {
        for attribute in self.attributes.iter_mut().filter(|attribute| &*attribute.name == name) {
            attribute.written =
                Written::Known { literal: Deviation::default(), escaping: Deviation::default() };
        }
    }
}

/// Splits off the first attribute.
fn attribute<'t>(text: &'t str, ours: &[Attribute<'_>]) -> Option<(AttributeForm, &'t str)> {
    let quote = text.find(['"', '\''])?;
    let mark = text[quote..].chars().next()?;
    let lead = &text[..=quote];
    let (raw, behind) = text[quote + 1..].split_once(mark)?;
    let name = lead[..lead.find('=')?].trim();
    let known = ours.iter().find(|(known, _)| *known == name);
    let written = match known.and_then(|(_, literal)| spelled(literal, raw)) {
        Some(written) => written,
        None => Written::Unknown(raw.into()),
    };
    let plain = lead.strip_prefix(' ').and_then(|l| l.strip_suffix("=\"")) == Some(name);
    Some((AttributeForm { name: name.into(), lead: (!plain).then(|| lead.into()), written }, behind))
}

/// How a raw value spells our literal. `None`: it cannot be unescaped.
fn spelled(ours: &str, raw: &str) -> Option<Written> {
    let value = quick_xml::escape::unescape(raw).ok()?;
    let mut escaped = Vec::new();
    push_attribute_value(&mut escaped, &value);
    let escaped = String::from_utf8(escaped).ok()?;
    Some(Written::Known {
        literal: Deviation::between(ours, &value),
        escaping: Deviation::between(&escaped, raw),
    })
}
