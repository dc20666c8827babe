//! XML escaping as .NET's `XmlWriter` does it.

use crate::xml::html_encoding::allowed_in_xml;

/// Appends an attribute value: markup characters by name and line ends by number, so that they survive the
/// normalisation that XML readers apply to attributes. Tabs stay raw, as the tool leaves them. A character that XML cannot carry becomes U+FFFD.
pub(crate) fn push_attribute_value(out: &mut Vec<u8>, value: &str) {
    attribute_pieces(value, &mut |piece| out.extend_from_slice(piece.as_bytes()));
}

/// The same, piece by piece.
pub(crate) fn attribute_pieces(value: &str, put: &mut dyn FnMut(&str)) {
    escaped_pieces(value, put, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        other => (!allowed_in_xml(other)).then_some("\u{FFFD}"),
    });
}

/// Appends element text: a line end is written as the file's own line ends are, CR LF.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    let mut put = |piece: &str| out.extend_from_slice(piece.as_bytes());
    escaped_pieces(text, &mut put, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\n' => Some("\r\n"),
        '\r' => Some("&#xD;"),
        other => (!allowed_in_xml(other)).then_some("\u{FFFD}"),
    });
}

/// Copies the runs between replaced characters whole: a note's body is megabytes of plain characters.
fn escaped_pieces(text: &str, put: &mut dyn FnMut(&str), replacement: impl Fn(char) -> Option<&'static str>) {
    let mut copied = 0;
    for (position, character) in text.char_indices() {
        if let Some(escaped) = replacement(character) {
            put(&text[copied..position]);
            put(escaped);
            copied = position + character.len_utf8();
        }
    }
    put(&text[copied..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_keeps_its_line_ends_and_quotes() {
        let mut out = Vec::new();
        push_attribute_value(&mut out, "a\r\n\tb <\"&'> ü\u{1}");
        assert_eq!(String::from_utf8(out).unwrap(), "a&#xD;&#xA;\tb &lt;&quot;&amp;'&gt; ü\u{FFFD}");
    }

    #[test]
    fn text_has_the_line_ends_of_the_file() {
        let mut out = Vec::new();
        push_text(&mut out, "<fetch>\n  \"&\"</fetch>");
        assert_eq!(String::from_utf8(out).unwrap(), "&lt;fetch&gt;\r\n  \"&amp;\"&lt;/fetch&gt;");
    }
}
