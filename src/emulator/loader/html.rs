//! The HTML encoding inside text values.

/// Undoes what .NET's `HtmlEncode` does: five named entities and numbers.
pub(crate) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        decoded.push_str(&rest[..start]);
        rest = &rest[start..];
        match entity(rest) {
            Some((character, length)) => {
                decoded.push(character);
                rest = &rest[length..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

/// The entity that `text` starts with, and its length.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => char::from_u32(number(name.strip_prefix('#')?)?)?,
    };
    Some((character, end + 1))
}

fn number(digits: &str) -> Option<u32> {
    match digits.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => digits.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_decoded_once_and_the_rest_stays() {
        for (encoded, decoded) in [
            ("Children&#39;s books", "Children's books"),
            ("&lt;div class=&quot;a&quot;&gt;", "<div class=\"a\">"),
            ("caf&#233; &#128512;", "caf\u{e9} \u{1f600}"),
            ("&amp;amp;", "&amp;"),
            ("a & b &unknown; &#xZZ; &", "a & b &unknown; &#xZZ; &"),
            ("\u{4e16}\u{754c}&#x41;", "\u{4e16}\u{754c}A"),
        ] {
            assert_eq!(decode(encoded), decoded);
        }
    }
}
