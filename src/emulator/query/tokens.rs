//! The words of a `$filter`.

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

pub(crate) fn tokens(filter: &str) -> Result<Vec<Token>, Refusal> {
    let mut tokens = Vec::new();
    let mut rest = filter.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '=' => (Token::Equals, 1),
            '\'' => text(rest).ok_or_else(|| unterminated(filter))?,
            '[' => {
                let end = rest.find(']').ok_or_else(|| unterminated(filter))?;
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

fn unterminated(filter: &str) -> Refusal {
    Refusal::odata(format!("There is an unterminated literal in '{filter}'."))
}
