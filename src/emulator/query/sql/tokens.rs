//! The words of a SELECT.

use super::parse::syntax;
use crate::error::Refusal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A keyword or a name, with the alias of its table before a point.
    Word(String),
    /// `'text'`
    Text(String),
    /// A number as it is written.
    Number(String),
    /// `=`, `<>`, `(`, …
    Sign(&'static str),
}

/// Longer signs come first.
const SIGNS: &[&str] = &["<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "*"];

pub(super) fn tokens(sql: &str) -> Result<Vec<Token>, Refusal> {
    let (mut tokens, mut rest) = (Vec::new(), sql.trim_start());
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' => text(rest).ok_or_else(|| syntax("There is an unterminated literal."))?,
            '0'..='9' | '-' => {
                let number = |c: char| !(c.is_ascii_digit() || c == '.');
                let end = rest[1..].find(number).map_or(rest.len(), |end| end + 1);
                (Token::Number(rest[..end].to_owned()), end)
            }
            _ if first.is_alphabetic() || first == '_' => {
                let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == '.');
                let end = rest.find(word).unwrap_or(rest.len());
                (Token::Word(rest[..end].to_owned()), end)
            }
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                let sign = sign.ok_or_else(|| syntax(&format!("'{first}' is not expected.")))?;
                (Token::Sign(sign), sign.len())
            }
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// A quoted text; a doubled quote stands for one.
fn text(rest: &str) -> Option<(Token, usize)> {
    let mut end = 1;
    loop {
        end += rest[end..].find('\'')?;
        if !rest[end + 1..].starts_with('\'') {
            return Some((Token::Text(rest[1..end].replace("''", "'")), end + 1));
        }
        end += 2;
    }
}
