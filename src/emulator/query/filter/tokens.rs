//! The words of a `$filter`.

use crate::api::Options;
use crate::error::Refusal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name, path, number, date, GUID or keyword.
    Word(String),
    /// `'text'`
    Text(String),
    /// `["a","b"]`
    List(String),
    Open,
    Close,
    Comma,
    Equals,
}

/// The words of a filter. `@p1` becomes the words of the option `@p1`; inside `$expand` there are no such options.
pub(super) fn resolved(filter: &str, aliases: Option<&Options>) -> Result<Vec<Token>, Refusal> {
    let mut resolved = Vec::new();
    for token in tokens(filter)? {
        match &token {
            Token::Word(word) if word.starts_with('@') => resolved.extend(tokens(alias(word, aliases)?)?),
            _ => resolved.push(token),
        }
    }
    Ok(resolved)
}

/// What a parameter alias stands for.
pub(in crate::query) fn alias<'a>(name: &str, aliases: Option<&'a Options>) -> Result<&'a str, Refusal> {
    let refusal = |why: &str| Refusal::new(400, "0x80060888", format!("The parameter alias '{name}' {why}."));
    let aliases = aliases.ok_or_else(|| refusal("cannot be used in $expand"))?;
    aliases.get(name).ok_or_else(|| refusal("has no value"))
}

/// The words of a filter as they are written.
pub(crate) fn tokens(filter: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = filter.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '=' => (Token::Equals, 1),
            '\'' => text(rest).ok_or_else(|| unterminated(filter, rest))?,
            '[' => {
                let end = end_of_list(rest).ok_or_else(|| unterminated(filter, rest))?;
                (Token::List(rest[..=end].to_owned()), end + 1)
            }
            _ => {
                let end = rest.find([' ', '(', ')', ',', '=']).unwrap_or(rest.len());
                (Token::Word(rest[..end].to_owned()), end)
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A quoted text; a doubled quote stands for one.
fn text(rest: &str) -> Option<(Token, usize)> {
    let (mut value, mut at) = (String::new(), 1);
    loop {
        let quote = at + rest[at..].find('\'')?;
        value.push_str(&rest[at..quote]);
        if !rest[quote + 1..].starts_with('\'') {
            return Some((Token::Text(value), quote + 1));
        }
        value.push('\'');
        at = quote + 2;
    }
}

/// Where the bracket closes that is in no quotes.
fn end_of_list(rest: &str) -> Option<usize> {
    let mut quoted = false;
    for (at, character) in rest.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ']' if !quoted => return Some(at),
            _ => {}
        }
    }
    None
}

fn unterminated(filter: &str, rest: &str) -> Refusal {
    let position = filter.len() - rest.len();
    Refusal::odata(format!("There is an unterminated literal at position {position} in '{filter}'."))
}
