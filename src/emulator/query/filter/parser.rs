//! From the words of a `$filter` to its conditions.

use super::tokens::{Token, resolved};
use super::{Filter, Path};
use crate::api::Options;
use crate::environment::Environment;
use crate::error::Refusal;
use crate::query::comparison::{Relation, Test};
use crate::query::literal::literal;
use crate::tables::Kind;
use crate::values::Cell;

/// More levels than any filter needs; each takes room on the stack.
const DEEPEST: usize = 100;

pub(super) struct Parser<'a> {
    pub(super) environment: &'a Environment,
    /// The table whose rows the words are about now.
    pub(super) table: usize,
    /// What stands for a row inside `any` and `all`.
    pub(super) variable: Option<String>,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    /// Open parentheses and negations.
    depth: usize,
    pub(super) text: &'a str,
}

impl<'a> Parser<'a> {
    pub(super) fn new(
        environment: &'a Environment,
        table: usize,
        text: &'a str,
        aliases: Option<&Options>,
    ) -> Result<Parser<'a>, Refusal> {
        let tokens = resolved(text, aliases)?;
        Ok(Parser { environment, table, variable: None, tokens, at: 0, depth: 0, text })
    }

    pub(super) fn whole(mut self) -> Result<Filter, Refusal> {
        let filter = self.any()?;
        if self.at < self.tokens.len() { Err(self.syntax()) } else { Ok(filter) }
    }

    pub(super) fn any(&mut self) -> Result<Filter, Refusal> {
        let mut filters = vec![self.all()?];
        while self.take_word("or") {
            filters.push(self.all()?);
        }
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::Any(filters) })
    }

    fn all(&mut self) -> Result<Filter, Refusal> {
        let mut filters = vec![self.one()?];
        while self.take_word("and") {
            filters.push(self.one()?);
        }
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::All(filters) })
    }

    fn one(&mut self) -> Result<Filter, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::new(400, "0x80060888", "The filter is nested too deeply."));
        }
        let filter = self.negation_group_or_test();
        self.depth -= 1;
        filter
    }

    fn negation_group_or_test(&mut self) -> Result<Filter, Refusal> {
        if self.take_word("not") {
            return self.negation();
        }
        match self.next() {
            Some(Token::Open) => {
                let inner = self.any()?;
                self.expect(&Token::Close)?;
                Ok(inner)
            }
            Some(Token::Word(word)) if self.peek() == Some(&Token::Open) => self.function(&word),
            Some(Token::Word(word)) => self.comparison(&word),
            _ => Err(self.syntax()),
        }
    }

    /// `not` binds stronger than any comparison: what follows is a group or a function.
    fn negation(&mut self) -> Result<Filter, Refusal> {
        let is_group = self.peek() == Some(&Token::Open);
        let is_function = self.tokens.get(self.at + 1) == Some(&Token::Open);
        if !is_group && !is_function {
            return Err(self.syntax());
        }
        let opposite = self.one()?.opposite();
        opposite.ok_or_else(|| Refusal::not_implemented("not before a function about dates"))
    }

    /// `path eq literal` or `path eq path`
    fn comparison(&mut self, path: &str) -> Result<Filter, Refusal> {
        let path = self.path(path)?;
        let Some(Token::Word(operator)) = self.next() else { return Err(self.syntax()) };
        let relation = Relation::named(&operator).ok_or_else(|| self.syntax())?;
        let value = self.next();
        if matches!(&value, Some(Token::Word(word)) if word == "null") {
            return match relation {
                Relation::Equal => Ok(Filter::Column(path, Test::Empty)),
                Relation::NotEqual => Ok(Filter::Column(path, Test::NotEmpty)),
                _ => Err(self.syntax()),
            };
        }
        match self.literal(&path, value.as_ref()) {
            Some(cell) => Ok(Filter::Column(path, relation.test(cell))),
            None => self.other_column(path, relation, value),
        }
    }

    /// Text is quoted, everything else is not.
    fn literal(&self, path: &Path, token: Option<&Token>) -> Option<Cell> {
        let column = path.described(&self.environment.catalog);
        let is_text = column.kind.edm() == "Edm.String";
        match token {
            Some(Token::Text(text)) if is_text => literal(column, text),
            Some(Token::Word(word)) if column.kind == Kind::Boolean => match word.as_str() {
                "true" | "false" => literal(column, word),
                _ => None,
            },
            Some(Token::Word(word)) if !is_text => literal(column, word),
            _ => None,
        }
    }

    /// The other column must be of the same row and type.
    fn other_column(&self, path: Path, relation: Relation, value: Option<Token>) -> Result<Filter, Refusal> {
        let value = value.ok_or_else(|| self.syntax())?;
        let catalog = &self.environment.catalog;
        let edm = path.described(catalog).kind.edm();
        let incompatible = || {
            let message = format!(
                "A binary operator with incompatible types was detected. Found operand types '{edm}' and another in '{}'.",
                self.text
            );
            Refusal::new(400, "0x80060888", message)
        };
        let Token::Word(word) = value else { return Err(incompatible()) };
        let other = self.path(&word).map_err(|_| incompatible())?;
        if other.described(catalog).kind.edm() != edm || path.is_far() || other.is_far() {
            return Err(incompatible());
        }
        Ok(Filter::Columns(path, relation, other))
    }

    /// A path from the row; inside `any` and `all` it starts with the variable.
    pub(super) fn path(&self, text: &str) -> Result<Path, Refusal> {
        let catalog = &self.environment.catalog;
        let own = match &self.variable {
            None => Some(text),
            Some(variable) => text.strip_prefix(variable.as_str()).and_then(|rest| rest.strip_prefix('/')),
        };
        let own = own.ok_or_else(|| Refusal::no_property(text, &catalog.tables[self.table].name))?;
        Path::parse(catalog, self.table, own)
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.take(&Token::Word(word.to_owned()))
    }

    pub(super) fn expect(&mut self, token: &Token) -> Result<(), Refusal> {
        if self.take(token) { Ok(()) } else { Err(self.syntax()) }
    }

    pub(super) fn syntax(&self) -> Refusal {
        Refusal::new(400, "0x80060888", format!("Syntax error at position {} in '{}'.", self.at, self.text))
    }
}
