//! Text inside `value` is HTML-encoded once, beneath the XML escaping.
//!
//! The encoding is .NET's `HttpUtility.HtmlEncode`: five characters by name or number, U+00A0 to U+00FF and
//! everything beyond U+FFFF by decimal number, all else as it is. Decoding is done exactly once: a text that
//! itself speaks of `&lt;` must come back as `&lt;`.

use std::borrow::Cow;
use std::fmt::Write;

/// Encodes a text. Characters that XML 1.0 cannot carry (most control characters) are written by number too,
/// so that no text is lost; the tool decodes them like any other.
pub(crate) fn encode(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(must_be_encoded) else { return Cow::Borrowed(text) };
    let (plain, rest) = text.split_at(first);
    let mut encoded = String::with_capacity(text.len() + text.len() / 4 + 8);
    encoded.push_str(plain);
    for character in rest.chars() {
        push_encoded(&mut encoded, character);
    }
    Cow::Owned(encoded)
}

fn push_encoded(encoded: &mut String, character: char) {
    match character {
        '&' => encoded.push_str("&amp;"),
        '<' => encoded.push_str("&lt;"),
        '>' => encoded.push_str("&gt;"),
        '"' => encoded.push_str("&quot;"),
        '\'' => encoded.push_str("&#39;"),
        other if must_be_encoded(other) => {
            // Writing into a string cannot fail.
            let _ = write!(encoded, "&#{};", u32::from(other));
        }
        other => encoded.push(other),
    }
}

fn must_be_encoded(character: char) -> bool {
    matches!(character, '&' | '<' | '>' | '"' | '\'' | '\u{A0}'..='\u{FF}' | '\u{10000}'..)
        || !allowed_in_xml(character)
}

/// The characters XML 1.0 allows in a document (production Char); surrogates cannot occur in a `char`.
pub(crate) fn allowed_in_xml(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether a value was surely not HTML-encoded by its writer: an encoded one holds none of these raw.
/// Apostrophes are left out, which some encoders leave alone.
pub(crate) fn is_plainly_unencoded(value: &str) -> bool {
    value.contains(['<', '>', '"'])
}

/// Decodes a text once. What is no entity stays as it is, as in .NET.
pub(crate) fn decode(encoded: &str) -> Cow<'_, str> {
    if !encoded.contains('&') {
        return Cow::Borrowed(encoded);
    }
    let mut text = String::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some(ampersand) = rest.find('&') {
        text.push_str(&rest[..ampersand]);
        rest = &rest[ampersand + 1..];
        match split_entity(rest) {
            Some((meaning, behind)) => {
                meaning.push_to(&mut text);
                rest = behind;
            }
            None => text.push('&'),
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// What an entity stands for. Some names stand for two characters.
enum Meaning {
    One(char),
    Named(&'static str),
}

impl Meaning {
    fn push_to(&self, text: &mut String) {
        match self {
            Meaning::One(character) => text.push(*character),
            Meaning::Named(characters) => text.push_str(characters),
        }
    }
}

/// Splits `lt;rest` into its meaning and the rest.
fn split_entity(text: &str) -> Option<(Meaning, &str)> {
    let end = text.find([';', '&'])?;
    let (name, behind) = (&text[..end], text[end..].strip_prefix(';')?);
    let meaning = match name.strip_prefix('#') {
        Some(number) => Meaning::One(numbered(number)?),
        None => Meaning::Named(named(name)?),
    };
    Some((meaning, behind))
}

/// `39`, `x27` or `X27`.
fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    // A sign would be parsed, but is no part of an entity.
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)
}

fn named(name: &str) -> Option<&'static str> {
    let table = &html_escape::NAMED_ENTITIES;
    let index = table.binary_search_by(|(known, _)| known.cmp(&name.as_bytes())).ok()?;
    Some(table[index].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_encoded_as_dotnet_does_and_decoded_to_itself() {
        let cases = [
            ("plain", "plain"),
            ("Children's books", "Children&#39;s books"),
            ("<div class=\"a\">&nbsp;</div>", "&lt;div class=&quot;a&quot;&gt;&amp;nbsp;&lt;/div&gt;"),
            ("caf\u{e9}\u{a0}\u{ff}", "caf&#233;&#160;&#255;"),
            ("\u{9f}\u{100}\u{2019}\u{200b}\u{20ac}", "\u{9f}\u{100}\u{2019}\u{200b}\u{20ac}"),
            ("\u{1F600}", "&#128512;"),
            ("line\r\n\tnext", "line\r\n\tnext"),
            ("bell\u{7}", "bell&#7;"),
            ("&lt; written out", "&amp;lt; written out"),
            ("", ""),
        ];
        for (text, encoded) in cases {
            assert_eq!(encode(text), encoded);
            assert_eq!(decode(encoded), text);
        }
    }

    #[test]
    fn decoding_happens_once_and_leaves_alone_what_is_no_entity() {
        let cases = [
            ("&amp;lt;", "&lt;"),
            ("&amp;amp;amp;", "&amp;amp;"),
            ("&#x27;&#X27;&#39;&apos;", "''''"),
            ("a & b && c;", "a & b && c;"),
            (
                "&nosuchname; &#; &#x; &#-5; &#+5; &#55296; &#99999999999;",
                "&nosuchname; &#; &#x; &#-5; &#+5; &#55296; &#99999999999;",
            ),
            ("&nbsp;&euro;", "\u{a0}\u{20ac}"),
            ("&lt", "&lt"),
            ("&&lt;", "&<"),
            ("a=1&b=2", "a=1&b=2"),
        ];
        for (encoded, text) in cases {
            assert_eq!(decode(encoded), text);
        }
    }
}
