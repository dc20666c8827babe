//! Paths and query options.

use crate::error::Refusal;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use uuid::Uuid;

/// What a key's value cannot have in a URL; letters outside ASCII never can.
const IN_ADDRESSES: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'/').add(b'<').add(b'>').add(b'?');

/// One step of a path: `contacts(…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) name: String,
    /// What stands in the parentheses, if there are any.
    pub(crate) key: Option<String>,
}

/// A key as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyText {
    /// `(00000000-…)`
    Id(Uuid),
    /// `(name='value',other=1)`: decoded, without quotes.
    Named(Vec<(String, String)>),
}

impl Segment {
    fn parse(text: &str) -> Result<Segment, Refusal> {
        let decoded = decode(text);
        let Some((name, rest)) = decoded.split_once('(') else {
            return Ok(Segment { name: decoded, key: None });
        };
        let key = rest.strip_suffix(')').ok_or_else(|| Refusal::no_resource(&decoded))?;
        Ok(Segment { name: name.to_owned(), key: Some(key.to_owned()) })
    }

    /// The key, read.
    pub(crate) fn key(&self) -> Result<Option<KeyText>, Refusal> {
        let Some(text) = self.key.as_deref().filter(|text| !text.is_empty()) else { return Ok(None) };
        if let Ok(id) = Uuid::try_parse(text.trim_matches('\'')) {
            return Ok(Some(KeyText::Id(id)));
        }
        let named = self.literals()?.into_iter().map(|(name, value)| (name.to_owned(), unquote(value)));
        Ok(Some(KeyText::Named(named.collect())))
    }

    /// The parts of the key as they stand: names, and values with their quotes.
    pub(crate) fn literals(&self) -> Result<Vec<(&str, &str)>, Refusal> {
        let text = self.key.as_deref().unwrap_or_default();
        let part = |pair| {
            let (name, value) =
                str::split_once(pair, '=').ok_or_else(|| Refusal::odata(format!("Invalid key '{text}'.")))?;
            Ok((name.trim(), value.trim()))
        };
        split_outside_quotes(text, ',').into_iter().map(part).collect()
    }

    /// `set(key)`, fit for a header.
    pub(crate) fn address(&self) -> String {
        let key = self.key.as_deref().unwrap_or_default();
        format!("{}({})", self.name, utf8_percent_encode(key, IN_ADDRESSES))
    }
}

/// The steps of a path below `/api/data/v9.2/`.
pub(crate) fn segments(path: &str) -> Result<Vec<Segment>, Refusal> {
    let parts = split_outside_quotes(path, '/');
    parts.into_iter().filter(|part| !part.is_empty()).map(Segment::parse).collect()
}

/// Splits where the separator stands neither in quotes nor in parentheses.
pub(crate) fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut depth) = (Vec::new(), 0, false, 0_i32);
    for (at, character) in text.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            _ if character == separator && !quoted && depth == 0 => {
                parts.push(&text[start..at]);
                start = at + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// `'it''s'` -> `it's`
pub(crate) fn unquote(text: &str) -> String {
    match text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => text.to_owned(),
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Query options in their order, decoded; blanks come as `%20` or `+`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options(Vec<(String, String)>);

impl Options {
    pub(crate) fn parse(query: &str) -> Options {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Options(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
                })
                .collect(),
        )
    }

    /// Options as they stand inside `$expand=x(…)`: parted by semicolons, decoded already.
    pub(crate) fn nested(text: &str) -> Options {
        let pairs = split_outside_quotes(text, ';').into_iter().filter(|pair| !pair.trim().is_empty());
        Options(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (name.trim().to_owned(), value.to_owned())
                })
                .collect(),
        )
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The names that are there.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// `a,b` of `$select=a,b`.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let text = self.get(name).unwrap_or_default();
        split_outside_quotes(text, ',').into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
    }

    /// The options of `$expand=x(…)` as a query of their own.
    pub(crate) fn written(&self) -> String {
        let pairs: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }

    /// `$top`
    pub(crate) fn top(&self) -> Result<Option<usize>, Refusal> {
        let number = |top: &str| {
            let invalid = || Refusal::new(400, "0x80060888", format!("Invalid value '{top}' for $top."));
            top.parse().map_err(|_| invalid())
        };
        self.get("$top").map(number).transpose()
    }

    /// `$count`
    pub(crate) fn counts(&self) -> Result<bool, Refusal> {
        match self.get("$count") {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => {
                Err(Refusal::new(400, "0x80060888", format!("Invalid value '{other}' for $count.")))
            }
        }
    }

    /// Refuses options that the resource does not take, and those given twice. Options of a client's own, without
    /// a `$`, are no matter, but those that ask for other rows are, in whatever case.
    pub(crate) fn allow(&self, allowed: &[&str]) -> Result<(), Refusal> {
        const QUERIES: &[&str] = &["fetchXml", "sql", "savedQuery", "userQuery"];
        for (position, (name, _)) in self.0.iter().enumerate() {
            if ["savedQuery", "userQuery"].contains(&name.as_str()) {
                return Err(Refusal::not_implemented("queries kept as rows"));
            }
            let matters =
                name.starts_with('$') || QUERIES.iter().any(|query| query.eq_ignore_ascii_case(name));
            if matters && !allowed.contains(&name.as_str()) {
                let message = format!("The query parameter {name} is not supported.");
                return Err(Refusal::new(400, "0x80060888", message));
            }
            if matters && self.0[..position].iter().any(|(other, _)| other == name) {
                let message = format!(
                    "Query option '{name}' was specified more than once, but it must be specified at most once."
                );
                return Err(Refusal::new(400, "0x80060888", message));
            }
        }
        Ok(())
    }
}

/// Text as it may stand in a query, with its punctuation as it is.
pub(crate) fn for_url(text: &str) -> String {
    const ESCAPED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'#').add(b'+');
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_keep_slashes_inside_quotes() {
        let found = segments("EntityDefinitions(LogicalName=%27a%2Fb%27)/Attributes").unwrap();
        assert_eq!(found[0].key().unwrap(), Some(KeyText::Named(vec![("LogicalName".into(), "a/b".into())])));
        assert_eq!(found[1], Segment { name: "Attributes".into(), key: None });
    }

    #[test]
    fn options_take_blanks_in_both_forms_and_encoded_names() {
        let options = Options::parse("%24select=a,b&$filter=a+eq%20'x%2By'");
        assert_eq!(options.list("$select"), ["a", "b"]);
        assert_eq!(options.get("$filter"), Some("a eq 'x+y'"));
    }

    #[test]
    fn unsupported_options_are_refused() {
        for query in [
            "$skip=1",
            "$search=a",
            "$format=json",
            "$Select=a",
            "$top=1&$top=1",
            "savedQuery=a",
            "fetchxml=a",
        ] {
            assert!(Options::parse(query).allow(&["$select", "$top"]).is_err(), "{query}");
        }
        assert_eq!(Options::parse("$select=a&tag=b&@p1=c").allow(&["$select"]), Ok(()));
    }
}
