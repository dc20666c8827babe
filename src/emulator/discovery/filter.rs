//! `$filter` as the discovery service has it: comparisons that heed case, three functions, `and`, `or`, `not`.

use super::Instance;
use super::instance::PROPERTIES;
use crate::error::Refusal;
use crate::query::{Relation, Token, tokens};
use serde_json::{Value, json};
use uuid::Uuid;

/// What has to hold for an instance.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(String, Relation, Value),
    Text(TextTest, String, String),
}

/// `contains`, …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextTest {
    Contains,
    StartsWith,
    EndsWith,
}

impl Filter {
    pub(super) fn parse(text: &str) -> Result<Filter, Refusal> {
        let mut reader = Reader { words: tokens(text)?, at: 0, depth: 0, text };
        let filter = reader.any()?;
        if reader.at < reader.words.len() { Err(reader.broken()) } else { Ok(filter) }
    }

    /// One property with one value.
    pub(super) fn equal(property: &str, value: Value) -> Result<Filter, Refusal> {
        Ok(Filter::Compare(property.to_owned(), Relation::Equal, fitting(property, value)?))
    }

    pub(super) fn holds(&self, instance: &Instance) -> bool {
        match self {
            Filter::And(first, second) => first.holds(instance) && second.holds(instance),
            Filter::Or(first, second) => first.holds(instance) || second.holds(instance),
            Filter::Not(inner) => !inner.holds(instance),
            Filter::Compare(property, relation, value) => {
                instance.get(property).is_some_and(|found| relation.holds_in_json(found, value))
            }
            Filter::Text(test, property, part) => {
                instance.get(property).and_then(Value::as_str).is_some_and(|found| test.holds(found, part))
            }
        }
    }
}

impl TextTest {
    fn of(word: &str) -> Option<TextTest> {
        Some(match word {
            "contains" => TextTest::Contains,
            "startswith" => TextTest::StartsWith,
            "endswith" => TextTest::EndsWith,
            _ => return None,
        })
    }

    fn holds(self, found: &str, part: &str) -> bool {
        match self {
            TextTest::Contains => found.contains(part),
            TextTest::StartsWith => found.starts_with(part),
            TextTest::EndsWith => found.ends_with(part),
        }
    }
}

/// More levels than any filter needs.
const DEEPEST: usize = 100;

/// Reads from left to right: `or` binds least, then `and`, then `not`.
struct Reader<'a> {
    words: Vec<Token>,
    at: usize,
    depth: usize,
    text: &'a str,
}

impl Reader<'_> {
    fn any(&mut self) -> Result<Filter, Refusal> {
        let mut filter = self.all()?;
        while self.takes("or") {
            filter = Filter::Or(Box::new(filter), Box::new(self.all()?));
        }
        Ok(filter)
    }

    fn all(&mut self) -> Result<Filter, Refusal> {
        let mut filter = self.one()?;
        while self.takes("and") {
            filter = Filter::And(Box::new(filter), Box::new(self.one()?));
        }
        Ok(filter)
    }

    fn one(&mut self) -> Result<Filter, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::odata("The filter is nested too deeply."));
        }
        let found = self.negation_group_or_comparison();
        self.depth -= 1;
        found
    }

    fn negation_group_or_comparison(&mut self) -> Result<Filter, Refusal> {
        match self.next()? {
            Token::Open => {
                let inner = self.any()?;
                self.expect(&Token::Close)?;
                Ok(inner)
            }
            Token::Word(word) if word == "not" => Ok(Filter::Not(Box::new(self.one()?))),
            Token::Word(word) => match TextTest::of(&word) {
                Some(test) => self.text_test(test),
                None => self.comparison(&word),
            },
            _ => Err(self.broken()),
        }
    }

    fn text_test(&mut self, test: TextTest) -> Result<Filter, Refusal> {
        self.expect(&Token::Open)?;
        let Token::Word(property) = self.next()? else { return Err(self.broken()) };
        self.expect(&Token::Comma)?;
        let Token::Text(part) = self.next()? else { return Err(self.broken()) };
        self.expect(&Token::Close)?;
        fitting(&property, json!(part))?;
        Ok(Filter::Text(test, property, part))
    }

    fn comparison(&mut self, property: &str) -> Result<Filter, Refusal> {
        let Token::Word(word) = self.next()? else { return Err(self.broken()) };
        let relation = Relation::named(&word).ok_or_else(|| self.broken())?;
        let value = match self.next()? {
            Token::Text(text) => json!(text),
            Token::Word(word) => literal(word),
            _ => return Err(self.broken()),
        };
        Ok(Filter::Compare(property.to_owned(), relation, fitting(property, value)?))
    }

    fn next(&mut self) -> Result<Token, Refusal> {
        let token = self.words.get(self.at).cloned().ok_or_else(|| self.broken())?;
        self.at += 1;
        Ok(token)
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let found = matches!(self.words.get(self.at), Some(Token::Word(word)) if word == keyword);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, token: &Token) -> Result<(), Refusal> {
        if self.next()? == *token { Ok(()) } else { Err(self.broken()) }
    }

    fn broken(&self) -> Refusal {
        Refusal::odata(format!("Syntax error in '{}'.", self.text))
    }
}

/// `null`, `true`, a number; an id or a date stays text, as the properties hold them.
fn literal(word: String) -> Value {
    match serde_json::from_str(&word) {
        Ok(value @ (Value::Null | Value::Bool(_) | Value::Number(_))) => value,
        _ => Value::String(word),
    }
}

/// Refuses a property there is not, and a value that it cannot have.
fn fitting(property: &str, value: Value) -> Result<Value, Refusal> {
    let known = PROPERTIES.iter().find(|(name, _)| *name == property);
    let (_, edm) = known.ok_or_else(|| Refusal::no_property(property, "Instance"))?;
    let fits = match (*edm, &value) {
        (_, Value::Null) => true,
        ("Edm.Boolean", value) => value.is_boolean(),
        ("Edm.Int32", value) => value.is_number(),
        ("Edm.Guid", value) => value.as_str().is_some_and(|text| Uuid::try_parse(text).is_ok()),
        (_, value) => value.is_string(),
    };
    if fits { Ok(value) } else { Err(Refusal::wrong_literal(&value.to_string(), edm)) }
}
